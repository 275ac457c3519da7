/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DELIVERIES_H
#define MTLINK_DELIVERIES_H

#include "endpoint/messages.h"
#include "endpoint/reorder-buffers.h"
#include "endpoint/send-windows.h"
#include "engine/event-clock.h"
#include "link/packet.h"
#include "measure/histogram.h"

#include "ns3/traced-callback.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Who hears of packets of groups.
 */
class GroupReceiver
{
  public:
    virtual ~GroupReceiver() = default;

    /**
     * @param [in] packet A packet of a group, come in.
     * @return the endpoint where it is.
     */
    virtual uint32_t GetEndpoint(const Packet& packet) const = 0;

    /**
     * A packet of a group is in whole.
     * @param [in] cookie The word for the message of one who sent it.
     * @param [in] packet The packet.
     */
    virtual void ArriveFromGroup(uint64_t cookie, const Packet& packet) = 0;
};

/**
 * @ingroup mtlink
 * Counters of one traffic class, over all endpoints.
 */
struct ClassCounters
{
    uint64_t messages{0};      //!< Messages delivered whole; those of groups not counted
    uint64_t packets{0};       //!< Packets at their destination
    uint64_t bytes{0};         //!< Payload at its destination
    uint64_t bytesMeasured{0}; //!< ... that came in the measured window
    Histogram packetLatency;   //!< Creation to tail delivered, measured window
};

/**
 * @ingroup mtlink
 * Counters of all endpoints.
 */
struct EndpointCounters
{
    uint64_t packetsDelivered{0}; //!< Packets at their destination
    uint64_t bytesDelivered{0};   //!< Payload at its destination
    uint64_t packetsLost{0};      //!< Packets that faults took
    uint64_t messagesLost{0};     //!< Messages that faults took a part of, and that are over
    Histogram packetLatency;      //!< Creation to tail delivered, measured window
    Histogram networkLatency;     //!< First bit on the source's wire to tail delivered, likewise
};

/**
 * @ingroup mtlink
 * Packets that were delivered in a while, all of them in the measured window.
 */
struct DeliveryRecord
{
    uint64_t bytes{0};        //!< Their payload
    Histogram packetLatency;  //!< As of EndpointCounters
    Histogram networkLatency; //!< As of EndpointCounters
};

/**
 * @ingroup mtlink
 * What becomes of packets at their destination: they are put in order, if that is wanted,
 * acknowledged and counted; with the last of them their message is done, and its client hears.
 */
class Deliveries
{
  public:
    /** The trace PacketDelivered; see MtlinkFabric. */
    using DeliveredTrace = TracedCallback<Time, Time, uint32_t, uint32_t, uint32_t>;

    /**
     * @param [in] clock The clock; must outlive this, as the others.
     * @param [in] pool The packets.
     * @param [in] messages The messages.
     * @param [in] windows Acknowledged to.
     * @param [in] reorders Whether packets wait for those that they have overtaken.
     */
    Deliveries(EventClock& clock,
               PacketPool& pool,
               Messages& messages,
               SendWindows& windows,
               bool reorders);

    /**
     * Only packets created in a window count in the latencies.
     * @param [in] from Its start.
     * @param [in] to Its end.
     */
    void SetMeasuredWindow(Tick from, Tick to)
    {
        m_measureFrom = from;
        m_measureTo = to;
    }

    /** Show each delivered packet to a trace. @param [in] trace The trace. */
    void Show(const DeliveredTrace* trace)
    {
        m_trace = trace;
    }

    /** @param [in] receiver Who hears of packets of groups; must outlive this. */
    void SetGroupReceiver(GroupReceiver* receiver)
    {
        m_groupReceiver = receiver;
    }

    /** Count by traffic class. @param [in] classes How many there are. */
    void CountClasses(uint32_t classes)
    {
        m_classCounters.resize(classes);
    }

    /** A packet is in whole at its destination. @param [in] packet The packet. */
    void Arrive(uint32_t packet);

    /**
     * To be asked from inside MessageDelivered().
     * @return whether a packet of that message was marked on its way (ECN).
     */
    bool WasMarked() const
    {
        return m_wasMarked;
    }

    /** @return whether each packet is shown to somebody. */
    bool IsTraced() const
    {
        return m_trace && !m_trace->IsEmpty();
    }

    /** @return whether a packet's delivery changes nothing but counters and its message. */
    bool IsPlain() const
    {
        return !m_reorder && m_classCounters.empty();
    }

    /**
     * A packet came by express.
     * @param [in] packet The packet, not in the pool.
     * @param [in] at When it was in whole.
     */
    void CountExpress(const Packet& packet, Tick at)
    {
        m_windows.AcknowledgeAt(packet, at);
        Count(packet, m_messages[packet.message].dst, at);
    }

    /**
     * Equal packets came by express, one after the other, and were acknowledged.
     * @param [in] packet The first, not in the pool.
     * @param [in] at When it was in whole.
     * @param [in] count How many.
     * @param [in] lag From one to the next, as they were sent and as they came.
     */
    void CountRun(const Packet& packet, Tick at, uint32_t count, Tick lag);

    /**
     * Packets of a message came by express, and were counted.
     * @param [in] message The message.
     * @param [in] bytes Their payload; with the last of the message it is done.
     */
    void SettleExpress(uint32_t message, uint64_t bytes)
    {
        Settle(message, bytes, 0);
    }

    /** A packet of a group is in whole at a member. @param [in] packet The packet. */
    void ArriveFromGroup(uint32_t packet);

    /** A fault took a packet. @param [in] packet The packet. */
    void Lose(uint32_t packet);

    /** @return the reorder buffers, or nullptr if packets are delivered as they come. */
    const ReorderBuffers* GetReorderBuffers() const
    {
        return m_reorder.get();
    }

    /** @return the counters. */
    const EndpointCounters& GetCounters() const
    {
        return m_counters;
    }

    /** @return the counters by traffic class; none if there is one class. */
    const std::vector<ClassCounters>& GetClassCounters() const
    {
        return m_classCounters;
    }

    /**
     * Count packets that were delivered once more; for a memo.
     * @param [in] record The packets.
     * @param [in] times How often.
     */
    void Repeat(const DeliveryRecord& record, uint64_t times);

  private:
    /** A packet goes to its client. */
    void Deliver(uint32_t packet);

    /** Count a packet that came to its destination at some time. */
    void Count(const Packet& packet, uint32_t destination, Tick now);

    /** Bytes of a message have been delivered, or lost; with the last of them it is done. */
    void Settle(uint32_t message, uint64_t bytes, uint32_t trafficClass);

    EventClock& m_clock;                        //!< The clock
    PacketPool& m_pool;                         //!< The packets
    Messages& m_messages;                       //!< The messages
    SendWindows& m_windows;                     //!< Acknowledged to
    std::unique_ptr<ReorderBuffers> m_reorder;  //!< Or none: delivered as they come
    GroupReceiver* m_groupReceiver{nullptr};    //!< Hears of packets of groups
    const DeliveredTrace* m_trace{nullptr};     //!< PacketDelivered
    Tick m_measureFrom{0};                      //!< Measured window
    Tick m_measureTo{NEVER};                    //!< Measured window
    EndpointCounters m_counters;                //!< Counters
    std::vector<ClassCounters> m_classCounters; //!< By traffic class; empty: there is one
    bool m_wasMarked{false};                    //!< A packet of the message delivered last
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DELIVERIES_H
