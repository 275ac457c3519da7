/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/deliveries.h"

namespace ns3
{
namespace mtlink
{

Deliveries::Deliveries(EventClock& clock,
                       PacketPool& pool,
                       Messages& messages,
                       SendWindows& windows,
                       bool reorders)
    : m_clock(clock),
      m_pool(pool),
      m_messages(messages),
      m_windows(windows),
      m_reorder(reorders ? std::make_unique<ReorderBuffers>(pool) : nullptr)
{
}

void
Deliveries::Arrive(uint32_t index)
{
    const Packet& packet = m_pool[index];
    if (m_reorder && !m_messages[packet.message].lost)
    {
        for (const uint32_t next : m_reorder->Accept(packet.target, index, m_clock.Now()))
        {
            m_windows.Acknowledge(m_pool[next]);
            Deliver(next);
        }
        return;
    }
    m_windows.Acknowledge(packet);
    Deliver(index);
}

void
Deliveries::Deliver(uint32_t index)
{
    const Packet& packet = m_pool[index];
    Count(packet, m_messages[packet.message].dst, m_clock.Now());
    const uint32_t message = packet.message;
    const uint32_t payload = packet.payload;
    const uint32_t trafficClass = packet.trafficClass;
    if (packet.congested) [[unlikely]]
    {
        m_messages[message].marked = true;
    }
    m_pool.Free(index);
    Settle(message, payload, trafficClass);
}

void
Deliveries::ArriveFromGroup(uint32_t index)
{
    const Packet packet = m_pool[index]; // who hears of it may send, and move the pool
    m_pool.Free(index);
    Count(packet, m_groupReceiver->GetEndpoint(packet), m_clock.Now());
    m_groupReceiver->ArriveFromGroup(m_messages[packet.message].cookie, packet);
}

void
Deliveries::Lose(uint32_t index)
{
    const Packet& packet = m_pool[index];
    m_windows.Acknowledge(packet);
    ++m_counters.packetsLost;
    const uint32_t message = packet.message;
    const uint32_t payload = packet.payload;
    const uint32_t trafficClass = packet.trafficClass;
    m_messages[message].lost = true;
    m_pool.Free(index);
    if (m_reorder)
    {
        // Nothing waits for what never comes, then or later.
        for (const uint32_t waited : m_reorder->Forget(message, m_clock.Now()))
        {
            m_windows.Acknowledge(m_pool[waited]);
            Deliver(waited);
        }
    }
    Settle(message, payload, trafficClass);
}

void
Deliveries::Count(const Packet& packet, uint32_t destination, Tick now)
{
    const MessageState& message = m_messages[packet.message];
    const bool isMeasured = message.created >= m_measureFrom && message.created < m_measureTo;
    ++m_counters.packetsDelivered;
    m_counters.bytesDelivered += packet.payload;
    if (isMeasured)
    {
        m_counters.packetLatency.Add(now - message.created);
        m_counters.networkLatency.Add(now - packet.injected);
    }
    if (!m_classCounters.empty()) [[unlikely]]
    {
        ClassCounters& counters = m_classCounters[packet.trafficClass];
        ++counters.packets;
        counters.bytes += packet.payload;
        counters.bytesMeasured += now >= m_measureFrom && now < m_measureTo ? packet.payload : 0;
        if (isMeasured)
        {
            counters.packetLatency.Add(now - message.created);
        }
    }
    if (IsTraced())
    {
        (*m_trace)(ToTime(message.created),
                   ToTime(packet.injected),
                   message.src,
                   destination,
                   packet.payload);
    }
}

void
Deliveries::CountRun(const Packet& packet, Tick at, uint32_t count, Tick lag)
{
    const Tick created = m_messages[packet.message].created;
    m_counters.packetsDelivered += count;
    m_counters.bytesDelivered += uint64_t{count} * packet.payload;
    if (created >= m_measureFrom && created < m_measureTo)
    {
        m_counters.networkLatency.Add(at - packet.injected, count);
        for (uint32_t i = 0; i < count; ++i)
        {
            m_counters.packetLatency.Add(at + i * lag - created);
        }
    }
}

void
Deliveries::Settle(uint32_t index, uint64_t bytes, uint32_t trafficClass)
{
    MessageState& message = m_messages[index];
    message.toDeliver -= bytes;
    if (message.toDeliver > 0)
    {
        return;
    }
    MessageClient* const client = message.client;
    const uint64_t cookie = message.cookie;
    const bool isLost = message.lost;
    m_wasMarked = message.marked;
    if (!m_classCounters.empty() && !isLost) [[unlikely]]
    {
        ++m_classCounters[trafficClass].messages;
    }
    if (m_reorder)
    {
        m_reorder->Forget(index, m_clock.Now());
    }
    m_messages.EndDelivery(index);
    if (isLost)
    {
        ++m_counters.messagesLost;
        client->MessageLost(cookie);
    }
    else
    {
        client->MessageDelivered(cookie);
    }
}

void
Deliveries::Repeat(const DeliveryRecord& record, uint64_t times)
{
    m_counters.packetsDelivered += record.packetLatency.GetCount() * times;
    m_counters.bytesDelivered += record.bytes * times;
    m_counters.packetLatency.Merge(record.packetLatency, times);
    m_counters.networkLatency.Merge(record.networkLatency, times);
}

} // namespace mtlink
} // namespace ns3
