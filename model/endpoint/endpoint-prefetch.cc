/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What sending and receiving will touch, brought into the cache ahead of it. A step reads only what
// the steps before it have asked for.

#include "endpoint/endpoints.h"

namespace ns3
{
namespace mtlink
{

void
Endpoints::PrefetchArrival(uint32_t, uint32_t index, uint32_t step)
{
    const Packet& packet = m_pool[index];
    if (step == 2)
    {
        __builtin_prefetch(&m_messages[packet.message], 1);
        __builtin_prefetch(&m_messages[packet.message].queue, 1);
    }
    else if (step == 3)
    {
        __builtin_prefetch(&m_queues[m_messages[packet.message].queue]);
    }
    else if (step >= 4 && HasWindow(m_queues[m_messages[packet.message].queue]))
    {
        const uint32_t window = m_queues[m_messages[packet.message].queue].window;
        if (step == 4)
        {
            m_windows.Prefetch(window);
        }
        else
        {
            m_windows.PrefetchReturns(window, Credits::NEXT_NEW);
        }
    }
}

void
Endpoints::Prefetch(uint64_t word, uint32_t step)
{
    if (word % EVENT_KINDS != SERVE_PORT)
    {
        return; // seldom
    }
    const auto link = static_cast<uint32_t>(word / EVENT_KINDS);
    const Port& port = m_ports[link];
    if (step == 0)
    {
        __builtin_prefetch(&port, 1);
        m_links.PrefetchLink(link);
        return;
    }
    if (port.classes || port.turns.groups.empty())
    {
        return;
    }
    if (step == 1)
    {
        __builtin_prefetch(port.turns.groups.data());
        return;
    }
    const PortGroup& group = m_groups[port.turns.groups[0]];
    if (step == 2)
    {
        __builtin_prefetch(&group, 1);
        return;
    }
    if (group.IsEmpty())
    {
        return;
    }
    const SendQueue& queue = m_queues[group.first];
    if (step == 3)
    {
        __builtin_prefetch(&queue, 1);
        m_links.PrefetchLaunch(link);
        return;
    }
    if (queue.firstMessage == NO_MESSAGE)
    {
        return;
    }
    if (step == 4)
    {
        __builtin_prefetch(&m_messages[queue.firstMessage], 1);
        __builtin_prefetch(&m_messages[queue.firstMessage].queue, 1);
        if (HasWindow(queue))
        {
            m_windows.Prefetch(queue.window);
        }
        return;
    }
    const uint32_t first = port.layout.GetFirst(group.trafficClass, group.vcClass);
    const uint32_t vc = first + GetNextFlow(queue, port) % port.layout.vcsPerClass;
    m_links.PrefetchCredit(link, vc, false);
}

} // namespace mtlink
} // namespace ns3
