/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CONGESTION_FEEDBACK_H
#define MTLINK_CONGESTION_FEEDBACK_H

#include "endpoint/congestion-control.h"
#include "endpoint/endpoint-event.h"
#include "endpoint/send-queues.h"
#include "link/links.h"
#include "link/telemetry.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink Gives what the congestion control is to know of the way between two endpoints.
 */
using PathFunction = std::function<ControlledPath(uint32_t, uint32_t)>;

/**
 * @ingroup mtlink
 * What the congestion control is told of packets, and what it says: which controlled packets are
 * under way, their acknowledgements on the way back, and when a queue that is paced may go on. Does
 * nothing before Control().
 */
class CongestionFeedback
{
  public:
    /** A flow of the congestion control. */
    struct ControlledFlow
    {
        uint32_t src;                             //!< Endpoint where it begins
        uint32_t dst;                             //!< Endpoint where its leg ends
        uint32_t trafficClass;                    //!< Its traffic class
        CongestionControl::FlowCounters counters; //!< Counters
        double rate;                              //!< Allowed now, bytes on the wire per ps
        double most;                              //!< Of its ports
    };

    /**
     * @param [in] events Acknowledgements and paces; must outlive this, as the others.
     * @param [in] pool The packets.
     * @param [in] links The links.
     * @param [in] queues The queues.
     */
    CongestionFeedback(EndpointEvents& events,
                       PacketPool& pool,
                       const Links& links,
                       SendQueues& queues)
        : m_events(events),
          m_pool(pool),
          m_links(links),
          m_queues(queues)
    {
    }

    /**
     * Control congestion.
     * @param [in] control The algorithm.
     * @param [in] path Describes a flow.
     * @param [in] telemetry What switches write; must outlive this.
     */
    void Control(std::unique_ptr<CongestionControl> control,
                 PathFunction path,
                 Telemetry& telemetry)
    {
        m_control = std::move(control);
        m_path = std::move(path);
        m_telemetry = &telemetry;
    }

    /** @return whether congestion is controlled. */
    bool IsOn() const
    {
        return m_control != nullptr;
    }

    /**
     * @param [in] endpoint Where a new flow begins.
     * @param [in] target Where its leg ends.
     * @return its number.
     */
    uint32_t AddFlow(uint32_t endpoint, uint32_t target)
    {
        return m_control->AddFlow(m_path(endpoint, target));
    }

    /**
     * @param [in] index A queue that is a flow.
     * @param [in] payload Of its next packet.
     * @return whether the control allows that; if not, an event, or an acknowledgement, will tell.
     */
    bool MaySend(uint32_t index, uint32_t payload);

    /**
     * A queue's pace was to be looked at: take that look as done.
     * @param [in] index The queue.
     * @return whether it was to be now; else an earlier look took its place.
     */
    bool TakeLook(uint32_t index);

    /**
     * A packet goes from an endpoint, controlled or not.
     * @param [in] index Its queue.
     * @param [in] packet The packet.
     */
    void NoteSent(uint32_t index, uint32_t packet);

    /**
     * A packet is at the end of a leg, or lost: if it is controlled, its source will hear.
     * @param [in] packet The packet.
     * @param [in] isLoss Whether it is lost.
     */
    void NoteEnd(uint32_t packet, bool isLoss);

    /**
     * The next acknowledgement of a controlled packet is in, or word of its loss.
     * @param [in] queue The queue that sent the packet.
     */
    void Hear(uint32_t queue);

    /** @return all flows. */
    std::vector<ControlledFlow> GetFlows() const;

  private:
    /** What a controlled packet is remembered by until it is in. */
    struct SentPacket
    {
        uint32_t queue{NO_QUEUE}; //!< That sent it; NO_QUEUE: not controlled
        uint64_t number{0};       //!< Among the packets of its flow
        Tick sent{0};             //!< First bit out
    };

    /** An acknowledgement on its way. */
    struct AckInFlight
    {
        Tick sent;           //!< First bit of the packet out
        bool isLoss;         //!< It tells of a loss
        Acknowledgement ack; //!< What it tells
    };

    /** @return a free place in m_acks. */
    uint32_t AllocateAck();

    EndpointEvents& m_events;                     //!< Acknowledgements and paces
    PacketPool& m_pool;                           //!< The packets
    const Links& m_links;                         //!< The links
    SendQueues& m_queues;                         //!< The queues
    std::unique_ptr<CongestionControl> m_control; //!< The algorithm, or none
    PathFunction m_path;                          //!< Describes flows
    Telemetry* m_telemetry{nullptr};              //!< What switches write
    std::vector<SentPacket> m_sent;               //!< By packet
    std::vector<AckInFlight> m_acks;              //!< On their way, and free ones
    std::vector<uint32_t> m_freeAcks;             //!< Free ones
    std::vector<std::deque<uint32_t>> m_acksOf;   //!< By queue: on their way to it, in order
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CONGESTION_FEEDBACK_H
