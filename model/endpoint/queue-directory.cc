/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/queue-directory.h"

namespace ns3
{
namespace mtlink
{

uint32_t
QueueDirectory::GetQueue(uint32_t endpoint,
                         uint32_t destination,
                         bool isRelay,
                         uint32_t trafficClass)
{
    static_assert(MOST_TRAFFIC_CLASSES <= 16, "a class has 4 bits of the key");
    const uint64_t key = (static_cast<uint64_t>(endpoint) << 37) |
                         (static_cast<uint64_t>(destination) << 5) | (trafficClass << 1) |
                         (isRelay ? 1 : 0);
    const auto [entry, isNew] = m_queueOf.try_emplace(key, 0);
    if (isNew)
    {
        entry->second =
            MakeQueue(endpoint, destination, isRelay, static_cast<uint8_t>(trafficClass));
    }
    return entry->second;
}

uint32_t
QueueDirectory::MakeQueue(uint32_t endpoint,
                          uint32_t destination,
                          bool isRelay,
                          uint8_t trafficClass)
{
    SendQueue queue{};
    queue.endpoint = endpoint;
    queue.target = m_parts.routing.GetLegEnd(endpoint, destination);
    queue.group = GetGroup(endpoint, queue.target, trafficClass);
    queue.isRelay = isRelay;
    queue.trafficClass = trafficClass;
    queue.window = isRelay ? NO_WINDOW : m_parts.windows.Open();
    if (m_parts.feedback.IsOn() && m_parts.queues.GetGroup(queue.group).controlled)
    {
        queue.controlFlow = m_parts.feedback.AddFlow(endpoint, queue.target);
    }
    if (queue.IsLimited())
    {
        queue.acknowledgement = m_latency(queue.target, endpoint);
    }
    return m_parts.queues.AddQueue(queue);
}

uint32_t
QueueDirectory::GetGroup(uint32_t endpoint, uint32_t target, uint8_t trafficClass)
{
    const Hops hops = m_parts.routing.NextHops(endpoint, target, 0);
    for (const uint32_t index : m_parts.queues.GetGroupsOf(endpoint))
    {
        const PortGroup& group = m_parts.queues.GetGroup(index);
        if (group.links.data() == hops.links.data() && group.links.size() == hops.links.size() &&
            group.trafficClass == trafficClass)
        {
            return index;
        }
    }
    PortGroup group;
    group.links = hops.links;
    group.vcClass = hops.vcClass;
    group.trafficClass = trafficClass;
    for (const uint32_t link : hops.links)
    {
        group.controlled |= m_parts.ports.IsControlled(link);
    }
    const uint32_t index = m_parts.queues.AddGroup(endpoint, group, true);
    for (const uint32_t link : hops.links)
    {
        m_parts.ports.Join(link, index);
    }
    return index;
}

uint32_t
QueueDirectory::OpenTreeQueue(const TreeQueueSpec& spec)
{
    const auto [entry, isNew] = m_treeGroups.try_emplace({spec.link, spec.trafficClass}, 0);
    if (isNew)
    {
        m_treeLinks.push_back(spec.link);
        PortGroup group;
        group.links = {&m_treeLinks.back(), 1};
        group.trafficClass = spec.trafficClass;
        entry->second = m_parts.queues.AddGroup(spec.endpoint, group, false);
        m_parts.ports.Join(spec.link, entry->second);
    }
    SendQueue queue{};
    queue.endpoint = spec.endpoint;
    queue.target = spec.endpoint;
    queue.group = entry->second;
    queue.kind = spec.kind;
    queue.vc = spec.vc;
    queue.trafficClass = spec.trafficClass;
    queue.via = spec.via;
    queue.window = m_parts.windows.Open(spec.window);
    return m_parts.queues.AddQueue(queue);
}

} // namespace mtlink
} // namespace ns3
