/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "flow/bound-transport.h"

#include "engine/time-limit.h"

#include <utility>

namespace ns3
{
namespace mtlink
{

BoundTransport::BoundTransport(uint32_t endpoints, BoundCosts costs)
    : m_endpoints(endpoints),
      m_costs(std::move(costs))
{
}

uint32_t
BoundTransport::GetEndpoints() const
{
    return m_endpoints;
}

Fidelity
BoundTransport::GetFidelity() const
{
    return Fidelity::APPROXIMATE; // nobody looks whether it was alone
}

void
BoundTransport::Send(const Message& message, MessageClient* client, uint64_t cookie)
{
    uint64_t slot = m_flights.size();
    if (m_free.empty())
    {
        m_flights.emplace_back();
    }
    else
    {
        slot = m_free.back();
        m_free.pop_back();
    }
    m_flights[slot] = {client, cookie, message.bytes};

    const Tick out = AddTicks(m_clock.Now(), m_costs.messageOverhead);
    const Tick time = m_costs.time(message.src, message.dst, message.bytes);
    const Tick in = AddTicks(out, time);
    if (m_costs.onSend)
    {
        m_costs.onSend(message.src, message.dst, message.bytes, out, time);
    }
    // The last bit leaves one latency before it comes in. The lowest bit says which of the two.
    m_events.Schedule(in - m_costs.latency(message.src, message.dst), slot << 1);
    m_events.Schedule(in, slot << 1 | 1);
}

uint32_t
BoundTransport::OpenGroup(IndexSpan members,
                          uint32_t channels,
                          bool reduces,
                          bool copies,
                          uint8_t trafficClass)
{
    if (!m_costs.openGroup)
    {
        return Transport::OpenGroup(members, channels, reduces, copies, trafficClass);
    }
    const uint32_t group = m_costs.openGroup(members, channels, reduces, copies, trafficClass);
    m_members[group] = static_cast<uint32_t>(members.size());
    return group;
}

uint32_t
BoundTransport::OpenGroupMessage(const GroupMessage& message,
                                 MessageClient* client,
                                 uint64_t cookie)
{
    const uint32_t members = m_members.at(message.group);
    const uint32_t joins = message.action == GroupAction::MULTICAST ? 1 : members;
    m_groupFlights.push_back({message, client, cookie, members, joins});
    return static_cast<uint32_t>(m_groupFlights.size() - 1);
}

void
BoundTransport::JoinGroupMessage(uint32_t number, uint32_t)
{
    GroupFlight& flight = m_groupFlights[number];
    if (--flight.joins == 0)
    {
        const Tick time = AddTicks(m_costs.messageOverhead, m_costs.groupTime(flight.message));
        m_events.Schedule(AddTicks(m_clock.Now(), time), GROUP_WORD | number);
    }
}

void
BoundTransport::EndGroupMessage(uint64_t number)
{
    const GroupFlight flight = m_groupFlights[number];
    const GroupAction action = flight.message.action;
    for (uint32_t member = 0; member < flight.members; ++member)
    {
        const bool isRoot = member == flight.message.root;
        if (action != GroupAction::MULTICAST || isRoot)
        {
            flight.client->MessageSent(flight.cookie + member);
        }
        if (action == GroupAction::ALL_REDUCE || isRoot == (action == GroupAction::REDUCE))
        {
            m_bytesDelivered += flight.message.bytes;
            flight.client->MessageDelivered(flight.cookie + member);
        }
    }
}

void
BoundTransport::OnEvent(uint64_t word)
{
    if ((word & GROUP_WORD) != 0)
    {
        EndGroupMessage(word & ~GROUP_WORD);
        return;
    }
    const uint64_t slot = word >> 1;
    const Flight flight = m_flights[slot];
    if ((word & 1) == 0)
    {
        flight.client->MessageSent(flight.cookie);
        return;
    }
    m_free.push_back(slot);
    m_bytesDelivered += flight.bytes;
    flight.client->MessageDelivered(flight.cookie);
}

} // namespace mtlink
} // namespace ns3
