/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// For a memo: what an endpoint remembers between two collectives of how it sends to another one,
// wired straight to it, and what is counted again where a memo says that it would do the same. See
// docs/model.md, Memo.

#include "endpoint/endpoints.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

uint32_t
Endpoints::FindQueue(uint32_t endpoint, uint32_t target)
{
    return GetQueue(endpoint, target, false, 0);
}

bool
Endpoints::IsPlain(uint32_t queue) const
{
    if (m_control || m_reorder || m_detours || !m_classCounters.empty())
    {
        return false;
    }
    const PortGroup& group = m_groups[m_queues[queue].group];
    return std::all_of(group.links.begin(), group.links.end(), [this](uint32_t link) {
        const Port& port = m_ports[link];
        return port.turns.groups.size() == 1 && !port.classes &&
               (!port.sprayed || port.layout.vcsPerClass == 1);
    });
}

bool
Endpoints::IsQuiet(uint32_t queue) const
{
    const SendQueue& self = m_queues[queue];
    const PortGroup& group = m_groups[self.group];
    const bool isLookedAt = std::any_of(group.links.begin(), group.links.end(), [&](uint32_t link) {
        return m_ports[link].nextLook != NEVER;
    });
    return !isLookedAt && self.IsEmpty() && self.state == SendQueue::EMPTY && group.IsEmpty() &&
           !group.stalled && (!HasWindow(self) || m_windows.GetInUse(self.window) == 0);
}

void
Endpoints::Repeat(const DeliveryRecord& record, uint64_t times)
{
    m_counters.packetsDelivered += record.packetLatency.GetCount() * times;
    m_counters.bytesDelivered += record.bytes * times;
    m_counters.packetLatency.Merge(record.packetLatency, times);
    m_counters.networkLatency.Merge(record.networkLatency, times);
}

} // namespace mtlink
} // namespace ns3
