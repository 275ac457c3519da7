/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWITCHES_H
#define MTLINK_SWITCHES_H

#include "link/links.h"
#include "switch/chip.h"
#include "switch/multicast.h"
#include "switch/packet-pacer.h"
#include "switch/packet-router.h"
#include "switch/queue-monitor.h"
#include "switch/reduction-unit.h"
#include "switch/switch-ports.h"

#include "ns3/mtlink-routing.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * All switches: what arrives at one is routed, and handed to its Chip, which sends it on. Links and
 * events speak to this, by the number of a link; the chips work on SwitchPorts.
 */
class Switches : public EventHandler,
                 public PacketReceiver,
                 public PacketSender,
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
        m_ports.Show(monitor);
    }

    void Arrive(uint32_t link, uint32_t packet) override;
    void PrefetchArrival(uint32_t link, uint32_t packet, uint32_t step) override;
    PacketExit FindExit(uint32_t link, uint32_t vc) const override;
    void CreditComes(uint32_t link, Tick at) override;
    uint32_t FindWaiting(uint32_t link, uint32_t vc) const override;
    void LinkFails(uint32_t link) override;
    void EnqueueCopy(uint32_t chip, uint32_t packet) override;

    // For express messages.

    /** @return whether some switch chooses ways by load, chance or turn, or shows its queues. */
    bool ChoosesOrShows() const
    {
        return m_ports.IsShown() || m_router.HasSelectors();
    }

    /**
     * @param [in] in A link into a switch.
     * @param [in,out] packet A packet that comes by it, not in the pool; gets its way out.
     * @return whether that way is open: see Chip::IsOpen().
     */
    bool FindOpenWay(uint32_t in, Packet& packet);

    /** As Chip::Pass(). */
    void Pass(uint32_t in, const Packet& packet, Tick through)
    {
        m_chips[m_ports.GetInput(in).chip]->Pass(in, packet, through);
    }

    /** As Chip::Hold(). */
    void Hold(uint32_t in, uint32_t packet, Tick at)
    {
        m_chips[m_ports.GetInput(in).chip]->Hold(in, packet, at);
    }

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

    /** @copydoc EventHandler::OnEvent(). By the words of SwitchPorts. */
    void OnEvent(uint64_t word) override;
    void Prefetch(uint64_t word, uint32_t step) override;

    /** An output with packets that wait for it. */
    struct Waiting
    {
        uint32_t link;   //!< The output
        uint32_t vc;     //!< VC that the first waiting packet wants
        uint32_t queues; //!< Queues whose first packet wants this output
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
    /** A packet of a group has arrived. */
    void ArriveForGroup(uint32_t link, uint32_t packet);

    /** A packet has been through its input's pipeline. */
    void Process(uint32_t inLink, uint32_t packet);

    /** Let what waits at an input for a link that failed choose again. */
    void ChooseAgain(uint32_t in, uint32_t outLink);

    /** It is time to look at an output, if an earlier look did not take that place. */
    void LookAt(uint32_t outLink);

    /** Look at all outputs that are to be looked at in this instant. */
    void LookNow();

    /** An event of a chip or a pipeline, by its word. */
    void OnRareEvent(uint64_t word);

    /** Bring an output and its link into the cache. */
    void PrefetchOutput(uint32_t outLink) const
    {
        __builtin_prefetch(&m_ports.GetOutput(outLink), 1);
        m_links.PrefetchLink(outLink);
    }

    EventClock& m_clock;                        //!< The clock
    EventChannel m_paced;                       //!< Packets through pipelines
    PacketPool& m_pool;                         //!< The packets
    Links& m_links;                             //!< The links
    SwitchPorts m_ports;                        //!< Their ports and queues
    PacketRouter m_router;                      //!< Chooses packets' ways
    Multicast m_multicast;                      //!< Copies packets
    ReductionUnits m_units;                     //!< Combine packets
    std::vector<std::unique_ptr<Chip>> m_chips; //!< The chips
    std::vector<uint32_t> m_unitOf;             //!< By chip: its reduction unit, if it has one
    std::vector<PacketPacer> m_pacers;          //!< By link, if some chip has a packet rate
    std::vector<uint32_t> m_looking;            //!< Room for outputs that are looked at
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWITCHES_H
