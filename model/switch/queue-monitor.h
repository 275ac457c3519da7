/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_QUEUE_MONITOR_H
#define MTLINK_QUEUE_MONITOR_H

#include "link/links.h"
#include "link/telemetry.h"

#include "ns3/mtlink-switch-profile.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Counts what waits in a switch for each of its outputs, marks packets (ECN), and writes telemetry
 * into them. There is none unless somebody reads marks or telemetry.
 *
 * The queue of an output is all packets in the switch, whatever their input and VC, whose way
 * leads over it and whose first bit has not gone through the crossbar yet, in bytes on the wire;
 * with an output queue, what that has still to send counts too.
 *
 * A packet is marked when it joins a queue of q bytes, itself not counted, with probability 0 for
 * q <= ecn_min, ecn_probability x (q - ecn_min) / (ecn_max - ecn_min) for q up to ecn_max, and 1
 * beyond (RED, Floyd and Jacobson 1993, on the instantaneous queue, as DCQCN has it).
 */
class QueueMonitor
{
  public:
    /**
     * @param [in] clock The clock; must outlive this, as the others.
     * @param [in] pool The packets.
     * @param [in] links The links.
     * @param [in] telemetry Where to write.
     * @param [in] seed Of the marks.
     */
    QueueMonitor(const EventClock& clock,
                 PacketPool& pool,
                 const Links& links,
                 Telemetry& telemetry,
                 uint32_t seed);

    /**
     * Watch an output.
     * @param [in] link Its link.
     * @param [in] profile Of its switch.
     */
    void Watch(uint32_t link, const SwitchProfile& profile);

    /**
     * A packet joins the queue of its output, Packet::out.
     * @param [in] packet The packet.
     */
    void Enqueued(uint32_t packet)
    {
        if (m_pool[packet].out < m_outputs.size() && m_outputs[m_pool[packet].out].flit != 0)
        {
            Join(m_outputs[m_pool[packet].out], m_pool[packet]);
        }
    }

    /**
     * A packet leaves the queue of its output, and will be on the link.
     * @param [in] packet The packet.
     */
    void Leaves(uint32_t packet)
    {
        if (m_pool[packet].out < m_outputs.size() && m_outputs[m_pool[packet].out].flit != 0)
        {
            Leave(m_outputs[m_pool[packet].out], packet);
        }
    }

    /**
     * @param [in] link An output's link.
     * @return packets marked there.
     */
    uint64_t GetMarks(uint32_t link) const
    {
        return link < m_outputs.size() ? m_outputs[link].marks : 0;
    }

    /**
     * @param [in] link An output's link.
     * @return the most bytes that were in its queue.
     */
    uint64_t GetMaxQueue(uint32_t link) const
    {
        return link < m_outputs.size() ? m_outputs[link].most : 0;
    }

  private:
    /** An output. */
    struct Output
    {
        uint32_t flit{0};      //!< Bytes of a flit; 0: not watched
        bool isMarking{false}; //!< It marks packets
        bool hasQueue{false};  //!< It has a queue behind the crossbar
        double min{0};         //!< ecn_min
        double max{0};         //!< ecn_max
        double probability{0}; //!< ecn_probability
        uint64_t queued{0};    //!< Bytes that wait
        uint64_t most{0};      //!< Most of them at once
        uint64_t draws{0};     //!< Random numbers drawn
        uint64_t marks{0};     //!< Packets marked
        double rate{0};        //!< Of its link, bytes per ps
    };

    /** See Enqueued(). */
    void Join(Output& output, Packet& packet);

    /** See Leaves(). */
    void Leave(Output& output, uint32_t packet);

    /** @return bytes that wait for an output. */
    uint64_t GetQueue(const Output& output, uint32_t link) const;

    const EventClock& m_clock;     //!< The clock
    PacketPool& m_pool;            //!< The packets
    const Links& m_links;          //!< The links
    Telemetry& m_telemetry;        //!< Where to write
    uint64_t m_seed;               //!< Of the marks
    std::vector<Output> m_outputs; //!< By link
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_QUEUE_MONITOR_H
