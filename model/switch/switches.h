/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWITCHES_H
#define MTLINK_SWITCHES_H

#include "link/links.h"
#include "routing/path-selector.h"
#include "switch/arbiter.h"
#include "switch/crossbar.h"
#include "switch/multicast.h"
#include "switch/output-classes.h"
#include "switch/packet-pacer.h"
#include "switch/queue-monitor.h"
#include "switch/reduction-unit.h"

#include "ns3/mtlink-routing.h"
#include "ns3/mtlink-switch-profile.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What one switch chip is made of.
 */
struct SwitchSpec
{
    uint32_t node{0};                  //!< Its node in the topology
    Ptr<const SwitchProfile> profile;  //!< Parameters
    std::vector<uint32_t> inLinks;     //!< Links into it, by port
    std::vector<uint32_t> outLinks;    //!< Links out of it, by port
    VcLayout layout;                   //!< VCs of traffic classes and of its routing's classes
    Ptr<const RoutingProfile> routing; //!< How it chooses among equal links; none: by hash
    uint32_t seed{1};                  //!< Of its random numbers
};

/**
 * @ingroup mtlink
 * All switch chips: input buffers, routing, arbitration and the crossbar.
 *
 * A packet Arrives when its head is through the pipeline, gets its output link and VC from the
 * routing, and is Enqueued at its input. An output Grants the crossbar to a waiting packet when
 * its wire (or its output queue) can take it, a read lane of the packet's input is free, and the
 * far end has credit for the whole packet; then the packet is committed: all times of this hop are
 * known, its buffer's credit is on the way back, and the link carries it. So an uncontended hop
 * costs one event, and a contended one one more.
 *
 * Inputs and outputs are numbered by their link, in arrays over all switches.
 *
 * So it is with `arbiter: round_robin`: each output for itself, at once. The other arbiters decide
 * for a whole chip at the end of an instant: see MatchedChip.
 */
class Switches : public EventHandler,
                 public PacketReceiver,
                 public PacketSender,
                 public CongestionView,
                 public MulticastQueues
{
  public:
    /**
     * @param [in] clock The clock; must outlive this, as the others.
     * @param [in] pool The packets.
     * @param [in] links The links.
     * @param [in] routing The routes.
     */
    Switches(EventClock& clock, PacketPool& pool, Links& links, const Routing& routing);
    ~Switches() override;

    /**
     * Add a switch; all links must have been added to Links.
     * @param [in] spec What it is made of.
     */
    void Add(const SwitchSpec& spec);

    /**
     * Show each packet that joins or leaves the queue of an output.
     * @param [in] monitor To whom; must outlive this.
     */
    void Show(QueueMonitor* monitor)
    {
        m_monitor = monitor;
    }

    void Arrive(uint32_t link, uint32_t packet) override;
    void PrefetchArrival(uint32_t link, uint32_t packet, uint32_t step) override;
    PacketExit FindExit(uint32_t link, uint32_t vc) const override;
    void CreditComes(uint32_t link, Tick at) override;
    uint32_t FindWaiting(uint32_t link, uint32_t vc) const override;
    void LinkFails(uint32_t link) override;
    void EnqueueCopy(uint32_t chip, uint32_t packet) override;

    /** @return the units that combine packets. */
    ReductionUnits& GetReductionUnits()
    {
        return m_units;
    }

    /** @return what copies packets. */
    Multicast& GetMulticast()
    {
        return m_multicast;
    }

    /** @return the units that combine packets. */
    const ReductionUnits& GetReductionUnits() const
    {
        return m_units;
    }

    /** A chip's parts that work for groups. */
    struct GroupParts
    {
        uint32_t chip{0}; //!< Its number, for Multicast
        uint32_t unit{0}; //!< Its reduction unit, if it has one
    };

    /**
     * @param [in] node A switch in the topology.
     * @return its parts that work for groups.
     */
    GroupParts GetGroupParts(uint32_t node) const;

    /** @copydoc EventHandler::OnEvent(). Link `word / 2` as an output (0) or input (1) looks again;
     * or, see GetWord(), a chip does.
     */
    void OnEvent(uint64_t word) override;
    void Prefetch(uint64_t word, uint32_t step) override;

    uint32_t GetQueued(uint32_t link, uint8_t vcClass) const override;
    uint32_t GetInUse(uint32_t link, uint8_t vcClass) override;
    bool HasCredit(uint32_t link, uint8_t vcClass, uint32_t flits) override;
    bool IsAvoided(uint32_t link) const override;

    /** An output with packets that wait for it. */
    struct Waiting
    {
        uint32_t link;   //!< The output
        uint32_t vc;     //!< VC that the first waiting packet wants
        uint32_t queues; //!< Input queues whose first packet wants this output
        bool noCredit;   //!< The first has no credit
    };

    /**
     * @param [in] most How many at most.
     * @return outputs with packets that wait, for a stalled run.
     */
    std::vector<Waiting> GetWaiting(std::size_t most);

    /** @return whether all shared memories add up. */
    bool AreMemoriesConserved() const;

  private:
    class MatchedChip;      //!< A chip that is matched as a whole
    class OutputQueuedChip; //!< A chip whose packets wait in a shared memory

    static constexpr uint32_t NO_OUTPUT = UINT32_MAX; //!< Kept for no output

    /** What many chips have in common: kinds are few, and stay in the cache. */
    struct alignas(64) Kind
    {
        uint32_t vcs{1};        //!< VCs per port
        VcLayout layout;        //!< VCs of each traffic class and class
        Tick latency{0};        //!< Pipeline
        uint64_t packetRate{0}; //!< Of an input's pipeline, a second; 0: any
        bool voq{false};        //!< A queue per output and VC; else one per VC
        bool hasMemory{false};  //!< Packets wait in a shared memory
        bool selects{false};    //!< Chooses paths by more than the flow's hash

        bool operator==(const Kind&) const = default;
    };

    /** An input port: the far end of a link. What a hop touches is in its first cache line. */
    struct alignas(64) Input
    {
        uint32_t node{0};             //!< Its switch in the topology
        uint32_t kind{0};             //!< Its switch's, index into m_kinds
        uint32_t port{0};             //!< Its number there
        uint32_t keptFor{NO_OUTPUT};  //!< Output whose request has waited too long, or none
        Tick nextLook{NEVER};         //!< Its pending event
        CrossbarLanes lanes{1};       //!< Packets that it reads at once
        std::vector<uint32_t> losers; //!< Outputs that wait for a lane, first come first served
        uint32_t chip{0};             //!< Its switch
    };

    /** What only some outputs have: nothing that others touch. */
    struct OutputParts
    {
        uint32_t queueFlits{0};                 //!< Room behind the crossbar; 0: none
        CrossbarLanes lanes{1};                 //!< Packets that it accepts at once, into that
        MatchedChip* matched{nullptr};          //!< Its switch, if that is matched as a whole
        std::unique_ptr<OutputClasses> classes; //!< Traffic classes, where there are several
        std::unique_ptr<uint16_t[]> stoodBack;  //!< By request, once one had to: see StandBack()
        OutputQueuedChip* memory{nullptr};      //!< Its switch, if that has a shared memory
    };

    /** An output port: the near end of a link. What a hop touches is in one cache line. */
    struct alignas(64) Output
    {
        RoundRobinArbiter requests{0};      //!< Input queues whose first packet wants it
        std::unique_ptr<OutputParts> parts; //!< What only some have, or nothing
        Tick nextLook{NEVER};               //!< Its pending event
        uint32_t chip{0};                   //!< Its switch
        uint32_t port{0};                   //!< Its number there
        uint32_t firstQueue{0}; //!< The queue of request 0 in m_queues; the others follow
        uint32_t keptRequest{RoundRobinArbiter::NONE_WAITING}; //!< Asked first: StandBack()

        /** @return what only some outputs have; made if need be. */
        OutputParts& MakeParts()
        {
            if (!parts)
            {
                parts = std::make_unique<OutputParts>();
            }
            return *parts;
        }

        /** @return its switch, if that is matched as a whole; or nullptr. */
        MatchedChip* GetMatched() const
        {
            return parts ? parts->matched : nullptr;
        }

        /** @return its switch, if that has a shared memory; or nullptr. */
        OutputQueuedChip* GetMemory() const
        {
            return parts ? parts->memory : nullptr;
        }

        /** @return its traffic classes, where there are several; or nullptr. */
        OutputClasses* GetClasses() const
        {
            return parts ? parts->classes.get() : nullptr;
        }

        /** @return flits that fit between crossbar and wire; 0: straight to the wire. */
        uint32_t GetQueueFlits() const
        {
            return parts ? parts->queueFlits : 0;
        }
    };

    static_assert(sizeof(Output) == 64);

    static constexpr uint32_t NO_SELECTOR = UINT32_MAX; //!< Paths by the flow's hash

    /** A switch: what a packet that just goes through does not touch. */
    struct Chip
    {
        uint32_t node{0};                 //!< Its node in the topology
        uint32_t kind{0};                 //!< Index into m_kinds
        uint32_t selector{NO_SELECTOR};   //!< Chooses paths by more than the flow's hash; or none
        uint32_t unit{0};                 //!< Its reduction unit, if it has one
        uint32_t firstQueue{0};           //!< Its queues in m_queues
        uint32_t outputs{0};              //!< Links out
        std::vector<uint32_t> requesters; //!< By request at any of its outputs: the input's link
        std::vector<uint32_t> in;         //!< Links in, by port; and one more, see AddGroupParts()
    };

    static constexpr uint32_t NO_INPUT = UINT32_MAX;  //!< Not on behalf of an input
    static constexpr uint64_t CHIP_WORD = 1ULL << 40; //!< Words from here on concern chips
    static constexpr uint64_t PACE_WORD = 1ULL << 41; //!< ... and from here on pipelines

    /**
     * @param [in] chip A chip that is matched as a whole.
     * @param [in] isDecision Whether it decides, at the end of an instant; else it looks.
     * @return the word of its event.
     */
    static uint64_t GetWord(uint32_t chip, bool isDecision)
    {
        return CHIP_WORD + static_cast<uint64_t>(chip) * 2 + (isDecision ? 1 : 0);
    }

    /**
     * @param [in] holder A chip, or a port of one.
     * @return what the chip has in common with others.
     */
    template <typename Holder>
    const Kind& GetKind(const Holder& holder) const
    {
        return m_kinds[holder.kind];
    }

    /** @return the kind of a new switch, added if it is a new one. */
    uint32_t FindKind(const SwitchSpec& spec);

    /**
     * @param [in] input Its port.
     * @param [in] packet A packet there, routed.
     * @return the queue in which it waits.
     */
    PacketQueue& GetQueue(const Input& input, const Packet& packet)
    {
        return m_queues[m_outputs[packet.out].firstQueue + GetRequest(input, packet)];
    }

    /**
     * @param [in] input A port of a chip without a queue per output.
     * @param [in] vc A VC.
     * @return its queue.
     */
    PacketQueue& GetFifo(const Input& input, uint32_t vc)
    {
        return m_queues[m_chips[input.chip].firstQueue + input.port * GetKind(input).vcs + vc];
    }

    /**
     * @param [in] input Its port.
     * @param [in] packet A packet there, routed.
     * @return the number of its queue's request at its output.
     */
    uint32_t GetRequest(const Input& input, const Packet& packet) const
    {
        const Kind& kind = GetKind(input);
        return input.port * kind.vcs + (kind.voq ? packet.outVc : packet.vc);
    }

    /**
     * @param [in] output An output.
     * @param [in] request A request that was raised there.
     * @return the link by which the packet came that leads its queue.
     */
    uint32_t GetRequester(const Output& output, uint32_t request) const
    {
        return m_chips[output.chip].requesters[request];
    }

    /**
     * @param [in] output An output.
     * @param [in] request A request that was raised there.
     * @return the queue that made it.
     */
    PacketQueue& GetRequestingQueue(const Output& output, uint32_t request)
    {
        return m_queues[output.firstQueue + request];
    }

    /** @copydoc GetRequestingQueue() */
    const PacketQueue& GetRequestingQueue(const Output& output, uint32_t request) const
    {
        return m_queues[output.firstQueue + request];
    }

    /** Choose output link and VC of a packet that has arrived at an input. */
    void Route(const Input& input, Packet& packet);

    /** @return whether a switch's routing chooses paths by load, chance or turn. */
    bool NeedsSelector(const SwitchSpec& spec) const;

    /** Let the last switch added choose paths so. */
    void AddSelector(const SwitchSpec& spec);

    /** Route() where there is more to choose by than the flow's hash. */
    void ChoosePath(const Chip& chip, Packet& packet);

    /**
     * @param [in] choice A packet's way.
     * @param [in] packet The packet.
     * @return the least loaded VC of its class, ties by the packet's hash; for an adaptive choice
     *         of those with credit.
     */
    uint32_t ChooseVc(const PathChoice& choice, const Packet& packet);

    /** @return first VC of a class on a link out of a switch, and the one behind its last. */
    std::pair<uint32_t, uint32_t> GetVcs(uint32_t link, uint8_t vcClass) const;

    /** The last switch added has all its inputs: make their queues. */
    void AddQueues(const SwitchSpec& spec);

    /** A chip combines or copies packets: add the input at which results and copies wait. */
    void AddGroupParts(const SwitchSpec& spec);

    /** A packet of a group has arrived. */
    void ArriveForGroup(uint32_t link, uint32_t packet);

    /** A packet has been through its input's pipeline. */
    void Process(uint32_t inLink, uint32_t packet);

    /** Put a packet into its input queue, and ask for its output if it leads. */
    void Enqueue(uint32_t inLink, uint32_t packet);

    /**
     * @param [in] outLink An output.
     * @param [in] flits Length of a packet.
     * @return when the output can accept it; it can now if that is not later than now.
     */
    Tick GetAcceptTime(uint32_t outLink, uint32_t flits) const;

    /**
     * @param [in] outLink An output that somebody asks for.
     * @return whether its wire is busy for all; if so, it will be looked at when that is free.
     */
    bool WaitsForWire(uint32_t outLink)
    {
        const Tick wireFree = m_links.GetFreeAt(outLink);
        if (m_outputs[outLink].GetQueueFlits() != 0 || wireFree <= m_clock.Now())
        {
            return false;
        }
        m_links.EndStall(outLink, 0); // a link that retries may be busy again after a stall
        LookAtOutput(outLink, wireFree);
        return true;
    }

    /**
     * Grant an output to as many waiting packets as it can accept now.
     * @param [in] outLink The output.
     * @param [in] onBehalfOf Input whose turn it is to serve this output, or NO_INPUT.
     */
    void Arbitrate(uint32_t outLink, uint32_t onBehalfOf);

    /**
     * Pass a packet through the crossbar to its link.
     * @return when its last bit is through the crossbar.
     */
    Tick Grant(uint32_t outLink, uint32_t inLink, uint32_t request);

    /** A lane of an input may be free: serve those who wait for one. */
    void ServeLosers(uint32_t inLink);

    /**
     * Somebody passed a request, because its input had no lane free or its VC too little credit.
     * That can happen again and again: an input and an output may fall free at different times, and
     * small packets take the credit for which a large one waits. After as many times as
     * GetPatience() says, the output asks that request first, until it has gone: keeps its input
     * for it, or the credit of its VC.
     * @param [in] output The output.
     * @param [in] request The request, the first that was passed.
     */
    void StandBack(Output& output, uint32_t request);

    /** The input that was kept for an output's request is free for all. */
    void FreeInput(uint32_t outLink);

    /**
     * Arbitrate() by rounds of one kind.
     * @tparam Round RequestRound, or ClassRound where there are several traffic classes.
     */
    template <typename Round>
    void ArbitrateBy(uint32_t outLink, uint32_t onBehalfOf);

    /** The last switch added has several traffic classes: set up their turns. */
    void AddClasses(const SwitchSpec& spec);

    /**
     * @param [in] output An output of a chip with several traffic classes.
     * @param [in] request A request there.
     * @param [in] other Another, there or at another output of the same chip.
     * @return whether strict priority puts the first before the second.
     */
    bool GoesBefore(const Output& output, uint32_t request, uint32_t other) const;

    /**
     * A request was passed by one of a lower class, as its input had no lane free: it is not to
     * miss its output again and again. Its input is kept for it, unless for another already.
     */
    void KeepFor(uint32_t outLink, uint32_t request);

    /** Put the outputs that wait for an input in the order of their classes, if that is strict. */
    void SortLosers(const Input& input, std::vector<uint32_t>& losers) const;

    /** @return the first request in a round, of those that want a VC; there is one. */
    uint32_t FindShort(Output& output, uint32_t first, uint32_t vc);

    /**
     * @param [in] ports Ports of a chip.
     * @param [in] vcs Its VCs.
     * @return how often a request is passed over before its input is kept for it: more often than
     *         a round of any arbiter takes.
     */
    static uint32_t GetPatience(uint32_t ports, uint32_t vcs)
    {
        return std::clamp(std::max(16U, ports) * ports * vcs, 256U, 60000U);
    }

    /** An event of a chip or a pipeline, by its word. */
    void OnRareEvent(uint64_t word);

    /** Bring an output and its link into the cache. */
    void PrefetchOutput(uint32_t outLink) const
    {
        __builtin_prefetch(&m_outputs[outLink], 1);
        m_links.PrefetchLink(outLink);
    }

    /** Look at an output again at a time. */
    void LookAtOutput(uint32_t outLink, Tick at);

    /** Look at an input's losers again at a time. */
    void LookAtInput(uint32_t inLink, Tick at);

    EventClock& m_clock;                   //!< The clock
    PacketPool& m_pool;                    //!< The packets
    Links& m_links;                        //!< The links
    const Routing& m_routing;              //!< The routes
    Multicast m_multicast;                 //!< Copies packets
    ReductionUnits m_units;                //!< Combine packets
    std::vector<Kind> m_kinds;             //!< What switches share: few
    std::vector<Chip> m_chips;             //!< Switches
    std::vector<Input> m_inputs;           //!< By link
    std::vector<Output> m_outputs;         //!< By link
    std::vector<PacketQueue> m_queues;     //!< Input queues
    QueueMonitor* m_monitor{nullptr};      //!< Hears of queues, or nullptr
    std::vector<PathSelector> m_selectors; //!< Of the switches that have one
    std::vector<uint32_t> m_queued; //!< By ledger, if there is a selector: flits that wait for it
    std::vector<std::unique_ptr<MatchedChip>> m_matched;       //!< By chip, or nothing
    std::vector<std::unique_ptr<OutputQueuedChip>> m_memories; //!< By chip, or nothing
    std::vector<std::unique_ptr<ChipClasses>> m_classes; //!< Of chips with several traffic classes
    uint32_t m_viewedClass{0};         //!< Traffic class on whose behalf the routing looks at loads
    std::vector<PacketPacer> m_pacers; //!< By link, if some chip has a packet rate
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWITCHES_H
