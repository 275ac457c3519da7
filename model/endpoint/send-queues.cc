/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/send-queues.h"

namespace ns3
{
namespace mtlink
{

uint32_t
SendQueues::AddQueue(const SendQueue& queue)
{
    m_queues.push_back(queue);
    return static_cast<uint32_t>(m_queues.size() - 1);
}

uint32_t
SendQueues::AddGroup(uint32_t endpoint, const PortGroup& group, bool isListed)
{
    const auto index = static_cast<uint32_t>(m_groups.size());
    m_groups.push_back(group);
    if (isListed)
    {
        m_groupsOf.resize(std::max<std::size_t>(m_groupsOf.size(), endpoint + 1));
        m_groupsOf[endpoint].push_back(index);
    }
    return index;
}

void
SendQueues::Append(uint32_t index)
{
    SendQueue& queue = m_queues[m_messages[index].queue];
    if (queue.firstMessage == NO_MESSAGE)
    {
        queue.firstMessage = index;
    }
    else
    {
        m_messages[queue.lastMessage].next = index;
    }
    queue.lastMessage = index;
}

void
SendQueues::JoinRing(uint32_t index)
{
    SendQueue& queue = m_queues[index];
    PortGroup& group = m_groups[queue.group];
    queue.state = SendQueue::ACTIVE;
    uint32_t before = group.IsEmpty() ? NO_QUEUE : group.last;
    if (m_inOrder && before != NO_QUEUE && !IsOlder(before, index))
    {
        before = NO_QUEUE;
        for (uint32_t q = group.first; IsOlder(q, index); q = m_queues[q].nextActive)
        {
            before = q;
        }
    }
    if (before == NO_QUEUE)
    {
        queue.nextActive = group.first;
        group.last = group.IsEmpty() ? index : group.last;
        group.first = index;
        return;
    }
    queue.nextActive = m_queues[before].nextActive;
    m_queues[before].nextActive = index;
    group.last = before == group.last ? index : group.last;
}

uint32_t
SendQueues::MakePacket(const SendQueue& queue, uint32_t payload, Tick at)
{
    const uint32_t index = m_pool.Allocate();
    Packet& packet = m_pool[index];
    packet.injected = at;
    packet.message = queue.firstMessage;
    packet.sequence = m_messages[queue.firstMessage].packets++;
    packet.trafficClass = queue.trafficClass;
    packet.congested = 0;
    packet.payload = payload;
    packet.kind = queue.kind;
    return index;
}

void
SendQueues::Address(SendQueue& queue, Packet& packet, uint32_t flow, uint32_t flits, uint8_t vc)
{
    packet.target = queue.target;
    packet.via = queue.via;
    if (queue.kind != UNICAST) [[unlikely]]
    {
        packet.target = m_messages[queue.firstMessage].distributor;
        packet.sequence = queue.packets;
    }
    packet.hasOutCredit = 0;
    packet.flow = flow;
    packet.flits = flits;
    packet.vc = vc;
    packet.vcClass = m_groups[queue.group].vcClass;
    ++queue.packets;
}

std::vector<std::pair<uint32_t, uint32_t>>
SendQueues::GetWaiting(std::size_t most) const
{
    std::vector<std::pair<uint32_t, uint32_t>> waiting;
    for (const SendQueue& queue : m_queues)
    {
        if (waiting.size() == most)
        {
            break;
        }
        if (!queue.IsEmpty())
        {
            waiting.emplace_back(queue.endpoint, queue.target);
        }
    }
    return waiting;
}

} // namespace mtlink
} // namespace ns3
