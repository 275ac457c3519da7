/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-bound-transport.h"

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

    const Tick out = m_clock.Now() + m_costs.messageOverhead;
    const Tick in = out + m_costs.time(message.src, message.dst, message.bytes);
    // The last bit leaves one latency before it comes in. The lowest bit says which of the two.
    m_clock.Schedule(in - m_costs.latency(message.src, message.dst), this, slot << 1);
    m_clock.Schedule(in, this, slot << 1 | 1);
}

void
BoundTransport::OnEvent(uint64_t word)
{
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
