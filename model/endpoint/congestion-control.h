/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CONGESTION_CONTROL_H
#define MTLINK_CONGESTION_CONTROL_H

#include "link/telemetry.h"

#include "ns3/mtlink-tick.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What an algorithm knows of a flow from the start.
 */
struct ControlledPath
{
    double rate;       //!< Of all ports that it may use, bytes on the wire per ps
    Tick roundTrip;    //!< Idle: first bit out to acknowledgement in, of a whole packet
    uint32_t switches; //!< On its way
    uint32_t packet;   //!< Largest payload, bytes
};

/**
 * @ingroup mtlink
 * What an acknowledgement tells.
 */
struct Acknowledgement
{
    uint32_t payload{0};            //!< Of the packet
    uint64_t number{0};             //!< Of the packet, among those of the flow
    bool congested{false};          //!< It was marked
    Tick delay{0};                  //!< Its first bit out to now
    std::vector<HopTelemetry> hops; //!< What the switches wrote
};

/**
 * @ingroup mtlink
 * Congestion control of all flows of a fabric: when the next packet of a flow may go, and how much
 * of it may be in flight. A flow is what one endpoint sends to the end of one leg.
 *
 * An acknowledgement comes one idle latency after a packet is in whole, and takes no bandwidth.
 * Timers are looked at when a flow sends or hears, so that they take no events.
 */
class CongestionControl
{
  public:
    /** What is known of a flow at any time. */
    struct FlowCounters
    {
        uint64_t packets{0};       //!< Acknowledged
        uint64_t lost{0};          //!< Known to be lost
        uint64_t marks{0};         //!< Of them marked
        uint64_t notifications{0}; //!< Marks that told the source to slow down (DCQCN)
        double delaySum{0};        //!< Of the acknowledged, ps
        Tick maxDelay{0};          //!< Longest
    };

    virtual ~CongestionControl() = default;

    /**
     * @param [in] path What is known of a new flow.
     * @return its number, from 0.
     */
    uint32_t AddFlow(const ControlledPath& path);

    /**
     * @param [in] flow A flow.
     * @param [in] payload Of its next packet.
     * @param [in] now The current time.
     * @return when that may go; NEVER: not before an acknowledgement.
     */
    Tick WhenMaySend(uint32_t flow, uint32_t payload, Tick now);

    /**
     * A packet goes.
     * @param [in] flow Its flow.
     * @param [in] payload Its payload.
     * @param [in] wireBytes Its bytes on the wire.
     * @param [in] now The current time.
     * @return its number among those of the flow.
     */
    uint64_t PacketSent(uint32_t flow, uint32_t payload, uint64_t wireBytes, Tick now);

    /**
     * A packet was delivered.
     * @param [in] flow Its flow.
     * @param [in] ack What is heard of it.
     * @param [in] now The current time.
     */
    void PacketAcknowledged(uint32_t flow, const Acknowledgement& ack, Tick now);

    /**
     * A packet was lost, and the source hears: it is not in flight any more.
     * @param [in] flow Its flow.
     * @param [in] payload Its payload.
     * @param [in] delay Its first bit out to now.
     * @param [in] now The current time.
     */
    void PacketLost(uint32_t flow, uint32_t payload, Tick delay, Tick now);

    /**
     * @param [in] flow A flow.
     * @return its counters.
     */
    const FlowCounters& GetCounters(uint32_t flow) const
    {
        return m_flows[flow].counters;
    }

    /**
     * @param [in] flow A flow.
     * @param [in] now The current time.
     * @return the rate that it may send at, bytes on the wire per ps, as far as its own control
     *         says.
     */
    virtual double GetRate(uint32_t flow, Tick now) = 0;

    /**
     * @param [in] flow A flow.
     * @return payload bytes that may be in flight; one packet may in any case.
     */
    virtual double GetWindow(uint32_t flow) const = 0;

    /**
     * @param [in] flow A flow.
     * @return what is known of it.
     */
    const ControlledPath& GetPath(uint32_t flow) const
    {
        return m_flows[flow].path;
    }

    /**
     * @param [in] flow A flow.
     * @param [in] now The current time.
     * @return the rate that pace and window allow on the idle path, bytes per ps.
     */
    double GetAllowedRate(uint32_t flow, Tick now)
    {
        const double window = GetWindow(flow) / static_cast<double>(GetPath(flow).roundTrip);
        return std::min(GetRate(flow, now), window);
    }

  protected:
    /** @return packets of a flow that were sent. */
    uint64_t GetSent(uint32_t flow) const
    {
        return m_flows[flow].sent;
    }

    /** Count a notification. */
    void CountNotification(uint32_t flow)
    {
        ++m_flows[flow].counters.notifications;
    }

    /** A flow was added: its number is one more than the latest. */
    virtual void DoAddFlow(const ControlledPath& path) = 0;

    /** A packet of a flow goes. */
    virtual void DoPacketSent(uint32_t flow, uint64_t wireBytes, Tick now) = 0;

    /** A packet of a flow was delivered. */
    virtual void DoPacketAcknowledged(uint32_t flow, const Acknowledgement& ack, Tick now) = 0;

    /** A packet of a flow was lost. By itself that changes neither rate nor window. */
    virtual void DoPacketLost(uint32_t, Tick, Tick)
    {
    }

  private:
    /** What all algorithms keep of a flow. */
    struct Flow
    {
        ControlledPath path;   //!< Known from the start
        uint64_t inFlight;     //!< Payload bytes
        uint64_t sent;         //!< Packets
        Tick nextSend;         //!< Pace: no packet before
        FlowCounters counters; //!< Counters
    };

    std::vector<Flow> m_flows; //!< By number
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CONGESTION_CONTROL_H
