/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_BOUND_TRANSPORT_H
#define MTLINK_BOUND_TRANSPORT_H

#include "engine/event-channel.h"

#include "ns3/mtlink-transport.h"

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What a message costs where nothing else is on the way.
 */
struct BoundCosts
{
    Tick messageOverhead{0}; //!< Host time before a message's first bit, ps
    /** First bit out to last bit in of a message (src, dst, bytes), ps. */
    std::function<Tick(uint32_t, uint32_t, uint64_t)> time;
    /** First bit out to first bit in (src, dst), ps. */
    std::function<Tick(uint32_t, uint32_t)> latency;
    /** Told of each message (src, dst, bytes), when its first bit may leave, and its time from
     * there, ps; may be empty. */
    std::function<void(uint32_t, uint32_t, uint64_t, Tick, Tick)> onSend{};
    /** Transport::OpenGroup() of the fabric. */
    std::function<uint32_t(std::span<const uint32_t>, uint32_t, bool, bool, uint8_t)> openGroup;
    /** First bit out to last bit in of an operation of a group, ps. */
    std::function<Tick(const GroupMessage&)> groupTime;
};

/**
 * @ingroup mtlink
 * A closed-form transport: each message takes its time on the idle fabric, whatever else is sent.
 * Links are never shared and never congested, so a run's time is what the workload would need
 * without contention: not the truth, a mark to compare it with.
 */
class BoundTransport : public Transport, public EventHandler
{
  public:
    /**
     * @param [in] endpoints Number of endpoints.
     * @param [in] costs What messages cost.
     */
    BoundTransport(uint32_t endpoints, BoundCosts costs);

    uint32_t GetEndpoints() const override;
    void Send(const Message& message, MessageClient* client, uint64_t cookie) override;
    Fidelity GetFidelity() const override;
    uint32_t OpenGroup(IndexSpan members,
                       uint32_t channels,
                       bool reduces,
                       bool copies,
                       uint8_t trafficClass = 0) override;
    uint32_t OpenGroupMessage(const GroupMessage& message,
                              MessageClient* client,
                              uint64_t cookie) override;
    void JoinGroupMessage(uint32_t number, uint32_t member) override;

    void OnEvent(uint64_t word) override;

    /** @return payload bytes delivered so far. */
    uint64_t GetBytesDelivered() const
    {
        return m_bytesDelivered;
    }

  private:
    /** A message on its way. */
    struct Flight
    {
        MessageClient* client; //!< Who hears of it
        uint64_t cookie;       //!< The client's word
        uint64_t bytes;        //!< Payload
    };

    /** An operation of a group. */
    struct GroupFlight
    {
        GroupMessage message;  //!< What
        MessageClient* client; //!< Who hears of it
        uint64_t cookie;       //!< The client's word
        uint32_t members;      //!< Of the group
        uint32_t joins;        //!< Members that are to join
    };

    /** Words from here on concern operations of groups. */
    static constexpr uint64_t GROUP_WORD = 1ULL << 45;

    /** An operation of a group is done, for all at once. */
    void EndGroupMessage(uint64_t number);

    std::map<uint32_t, uint32_t> m_members;                    //!< Of a group: their number
    std::vector<GroupFlight> m_groupFlights;                   //!< By number
    uint32_t m_endpoints;                                      //!< Number of endpoints
    BoundCosts m_costs;                                        //!< What messages cost
    EventClock m_clock;                                        //!< Time
    EventChannel m_events{m_clock, *this, EventPhase::ARRIVE}; //!< Messages and groups
    std::vector<Flight> m_flights;                             //!< By slot
    std::vector<uint64_t> m_free;                              //!< Slots to use again
    uint64_t m_bytesDelivered{0};                              //!< Payload
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_BOUND_TRANSPORT_H
