/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWITCH_PORTS_H
#define MTLINK_SWITCH_PORTS_H

#include "engine/event-channel.h"
#include "engine/pending-look.h"
#include "link/links.h"
#include "link/vc-layout.h"
#include "switch/arbiter.h"
#include "switch/crossbar.h"
#include "switch/output-classes.h"
#include "switch/queue-monitor.h"

#include "ns3/mtlink-switch-profile.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink What many chips have in common: kinds are few, and stay in the cache. */
struct alignas(64) ChipKind
{
    uint32_t vcs{1};        //!< VCs per port
    VcLayout layout;        //!< VCs of each traffic class and class
    Tick latency{0};        //!< Pipeline
    uint64_t packetRate{0}; //!< Of an input's pipeline, a second; 0: any
    bool voq{false};        //!< A queue per output and VC; else one per VC
    bool selects{false};    //!< Chooses paths by more than the flow's hash

    bool operator==(const ChipKind&) const = default;
};

/**
 * @ingroup mtlink
 * An input port: the far end of a link. What a hop touches is in its first cache line.
 */
struct alignas(64) InputPort
{
    static constexpr uint32_t NO_OUTPUT = UINT32_MAX;     //!< See keptFor
    static constexpr uint32_t KIND_BITS = 14;             //!< Of the index of a kind
    static constexpr uint32_t PORT_BITS = 32 - KIND_BITS; //!< Of the number of a port
    /** Most links into a switch: one port more is that of packets it makes itself. */
    static constexpr uint32_t MOST_LINKS = (1U << PORT_BITS) - 1;

    uint32_t node{0};             //!< Its switch in the topology
    uint32_t chip{0};             //!< Its switch
    uint32_t keptFor{NO_OUTPUT};  //!< Output whose request has waited too long, or none
    uint32_t port : PORT_BITS{0}; //!< Its number there
    uint32_t kind : KIND_BITS{0}; //!< Its switch's, index into the kinds
    PendingLook look;             //!< Its pending event
    CrossbarLanes lanes{1};       //!< Packets that it reads at once
    std::vector<uint32_t> losers; //!< Outputs that wait for a lane, first come first served
};

/** @ingroup mtlink What only some outputs have: nothing that others touch. */
struct OutputParts
{
    uint32_t queueFlits{0};                 //!< Room behind the crossbar; 0: none
    CrossbarLanes lanes{1};                 //!< Packets that it accepts at once, into that
    std::unique_ptr<OutputClasses> classes; //!< Traffic classes, where there are several
    std::unique_ptr<uint16_t[]> stoodBack;  //!< By request, once one had to: see RoundRobinChip
};

/** @ingroup mtlink An output port: the near end of a link. What a hop touches is in one line. */
struct alignas(64) OutputPort
{
    RoundRobinArbiter requests{0};      //!< Queues whose first packet wants it
    std::unique_ptr<OutputParts> parts; //!< What only some have, or nothing
    PendingLook look;                   //!< Its pending event
    uint32_t chip{0};                   //!< Its switch
    uint32_t port : 31 {0};             //!< Its number there
    uint32_t hasMemory : 1 {0};         //!< Requests are its chip's own queues, not input queues
    uint32_t firstQueue{0}; //!< The input queue of request 0; those of the others follow
    uint32_t keptRequest{RoundRobinArbiter::NONE_WAITING}; //!< Asked first: see RoundRobinChip

    /** @return what only some outputs have; made if need be. */
    OutputParts& MakeParts()
    {
        if (!parts)
        {
            parts = std::make_unique<OutputParts>();
        }
        return *parts;
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

static_assert(sizeof(OutputPort) == 64);

/**
 * @ingroup mtlink
 * What all chips work on: the ports of all switches, numbered by their links, and the queues of
 * packets at their inputs, in arrays over all of them.
 *
 * An input queue whose first packet wants an output makes a *request* there. The requests of an
 * output are numbered port by port of the inputs, VC by VC: by the VC on which a packet will leave
 * where there is a queue for each output and VC, by that on which it came where there is one for
 * each VC. The inputs of a switch may be one more than its links: at that wait packets that the
 * switch itself has made.
 */
class SwitchPorts
{
  public:
    /**
     * @param [in] clock The clock; must outlive this, as the others.
     * @param [in] pool The packets.
     * @param [in] links The links.
     * @param [in] handler Gets the events of ports and chips: see GetOutputWord() and those behind.
     */
    SwitchPorts(EventClock& clock, PacketPool& pool, Links& links, EventHandler& handler)
        : m_clock(clock),
          m_pool(pool),
          m_links(links),
          m_inputLooks(clock, handler, EventPhase::INPUT),
          m_outputLooks(clock, handler, EventPhase::OUTPUT),
          m_decisions(clock, handler, EventPhase::DECIDE)
    {
    }

    /** Make room for the ports at all links that there are. */
    void Resize();

    /** @return the index of a kind, added if it is a new one. @param [in] kind The kind. */
    uint32_t FindKind(const ChipKind& kind);

    /** @return the index of a new input that no link leads to. */
    uint32_t AddInput();

    /** @return the index of the first of some new input queues. @param [in] queues How many. */
    uint32_t AddQueues(std::size_t queues);

    /** From now on it is counted what waits for each ledger: see GetQueued(). */
    void CountAll();

    /** @param [in] monitor Is shown what joins and leaves outputs' queues; must outlive this. */
    void Show(QueueMonitor* monitor)
    {
        m_monitor = monitor;
    }

    /** @return whether somebody is shown what joins and leaves outputs' queues. */
    bool IsShown() const
    {
        return m_monitor != nullptr;
    }

    /** @return the clock. */
    EventClock& GetClock() const
    {
        return m_clock;
    }

    /** @return the packets. */
    PacketPool& GetPool() const
    {
        return m_pool;
    }

    /** @return the links. */
    Links& GetLinks() const
    {
        return m_links;
    }

    /** @return an input. @param [in] link Its link, or its index. */
    InputPort& GetInput(uint32_t link)
    {
        return m_inputs[link];
    }

    /** @copydoc GetInput() */
    const InputPort& GetInput(uint32_t link) const
    {
        return m_inputs[link];
    }

    /** @return an output. @param [in] link Its link. */
    OutputPort& GetOutput(uint32_t link)
    {
        return m_outputs[link];
    }

    /** @copydoc GetOutput() */
    const OutputPort& GetOutput(uint32_t link) const
    {
        return m_outputs[link];
    }

    /** @return how many links may have an output. */
    uint32_t GetSize() const
    {
        return static_cast<uint32_t>(m_outputs.size());
    }

    /** @return what a chip has in common with others. @param [in] kind Index of its kind. */
    const ChipKind& GetKind(uint32_t kind) const
    {
        return m_kinds[kind];
    }

    /** @return an input queue. @param [in] queue Its index. */
    PacketQueue& GetQueue(uint32_t queue)
    {
        return m_queues[queue];
    }

    /** @copydoc GetQueue() */
    const PacketQueue& GetQueue(uint32_t queue) const
    {
        return m_queues[queue];
    }

    /**
     * @param [in] input Its port.
     * @param [in] packet A packet there, routed.
     * @return the number of its queue's request at its output.
     */
    uint32_t GetRequest(const InputPort& input, const Packet& packet) const
    {
        const ChipKind& kind = m_kinds[input.kind];
        return input.port * kind.vcs + (kind.voq ? packet.outVc : packet.vc);
    }

    /**
     * @param [in] input Its port.
     * @param [in] packet A packet there, routed.
     * @return the queue in which it waits.
     */
    PacketQueue& GetQueueOf(const InputPort& input, const Packet& packet)
    {
        return m_queues[m_outputs[packet.out].firstQueue + GetRequest(input, packet)];
    }

    /**
     * @param [in] output An output.
     * @param [in] request A request that was raised there.
     * @return the queue that made it.
     */
    PacketQueue& GetRequestingQueue(const OutputPort& output, uint32_t request)
    {
        return m_queues[output.firstQueue + request];
    }

    /** @copydoc GetRequestingQueue() */
    const PacketQueue& GetRequestingQueue(const OutputPort& output, uint32_t request) const
    {
        return m_queues[output.firstQueue + request];
    }

    /**
     * A packet, routed, joins what waits for its output.
     * @param [in] index The packet.
     */
    void Join(uint32_t index)
    {
        if (m_monitor) [[unlikely]]
        {
            m_monitor->Enqueued(index);
        }
        if (m_counts)
        {
            CountQueued(m_pool[index]) += m_pool[index].flits;
        }
    }

    /**
     * It waits no more, and will be on the link: vc and vcClass are those there from now on.
     * @param [in] index The packet.
     */
    void Leave(uint32_t index)
    {
        if (m_monitor) [[unlikely]]
        {
            m_monitor->Leaves(index);
        }
        Packet& packet = m_pool[index];
        if (m_counts)
        {
            CountQueued(packet) -= packet.flits;
        }
        packet.vc = packet.outVc;
        packet.vcClass = packet.outVcClass;
    }

    /**
     * A packet that waits is to choose its way again: it is not counted for its output any more.
     * @param [in] packet The packet.
     */
    void Withdraw(const Packet& packet)
    {
        if (m_counts)
        {
            CountQueued(packet) -= packet.flits;
        }
    }

    /**
     * @param [in] link A link out of a switch.
     * @return flits that wait for it, by VC; if they are counted.
     */
    const uint32_t* GetQueued(uint32_t link) const
    {
        return m_queued.data() + m_links.GetLedger(link, 0);
    }

    /** Look at an output again at a time. @param [in] link Its link. @param [in] at The time. */
    void LookAtOutput(uint32_t link, Tick at)
    {
        if (!m_outputs[link].look.Ask(at))
        {
            return;
        }
        if (at > m_clock.Now())
        {
            m_outputLooks.Schedule(at, static_cast<uint64_t>(link) * 2);
            return;
        }
        if (m_lookNow.empty())
        {
            m_outputLooks.Schedule(at, LOOK_NOW_WORD);
        }
        m_lookNow.push_back(link);
    }

    /**
     * The outputs that are to be looked at in this instant, whose wires were free: all that comes
     * in now is there.
     * @param [out] links Their links, in order.
     */
    void TakeLooksNow(std::vector<uint32_t>& links)
    {
        links.clear();
        links.swap(m_lookNow);
        std::sort(links.begin(), links.end());
    }

    /** Look at an input again at a time. @param [in] link Its link. @param [in] at The time. */
    void LookAtInput(uint32_t link, Tick at)
    {
        if (m_inputs[link].look.Ask(at))
        {
            m_inputLooks.Schedule(at, static_cast<uint64_t>(link) * 2 + 1);
        }
    }

    /**
     * An event of a chip.
     * @param [in] chip The chip.
     * @param [in] event Which of its two, 0 or 1: its own matter.
     * @param [in] at When.
     */
    void ScheduleChip(uint32_t chip, uint32_t event, Tick at)
    {
        m_decisions.Schedule(at, CHIP_WORD + static_cast<uint64_t>(chip) * 2 + event);
    }

    // Words of events: an output's link times two, an input's and one; from here on chips' number
    // times two and their event; and what the handler has beside.
    static constexpr uint64_t CHIP_WORD = 1ULL << 40;     //!< See ScheduleChip()
    static constexpr uint64_t PACE_WORD = 1ULL << 41;     //!< An input's pipeline
    static constexpr uint64_t LOOK_NOW_WORD = 1ULL << 42; //!< See TakeLooksNow()

  private:
    /** @return the count of what waits as a packet does. */
    uint32_t& CountQueued(const Packet& packet)
    {
        return m_queued[m_links.GetLedger(packet.out, packet.outVc)];
    }

    EventClock& m_clock;               //!< The clock
    PacketPool& m_pool;                //!< The packets
    Links& m_links;                    //!< The links
    EventChannel m_inputLooks;         //!< See LookAtInput()
    EventChannel m_outputLooks;        //!< See LookAtOutput()
    EventChannel m_decisions;          //!< See ScheduleChip()
    std::vector<ChipKind> m_kinds;     //!< What chips share: few
    std::vector<InputPort> m_inputs;   //!< By link
    std::vector<OutputPort> m_outputs; //!< By link
    std::vector<PacketQueue> m_queues; //!< At inputs
    std::vector<uint32_t> m_lookNow;   //!< Outputs
    QueueMonitor* m_monitor{nullptr};  //!< Hears of queues, or nullptr
    bool m_counts{false};              //!< What waits is counted
    std::vector<uint32_t> m_queued;    //!< By ledger, if it is counted: flits that wait for it
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWITCH_PORTS_H
