/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/pair-state.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

uint32_t
PairState::FindQueue(uint32_t endpoint, uint32_t target)
{
    return m_parts.directory.GetQueue(endpoint, target, false, 0);
}

bool
PairState::IsPlain(uint32_t queue) const
{
    if (m_parts.feedback.IsOn() || m_parts.deliveries.GetReorderBuffers() ||
        m_parts.ports.HasDetours() || !m_parts.deliveries.GetClassCounters().empty())
    {
        return false;
    }
    const std::span<const uint32_t> links = GetGroup(queue).links;
    return std::all_of(links.begin(), links.end(), [this](uint32_t link) {
        return m_parts.ports.IsPlain(link);
    });
}

bool
PairState::IsQuiet(uint32_t index) const
{
    const SendQueue& queue = m_parts.queues[index];
    const PortGroup& group = GetGroup(index);
    const bool isLookedAt = std::any_of(group.links.begin(), group.links.end(), [&](uint32_t link) {
        return m_parts.ports.IsLookPending(link);
    });
    return !isLookedAt && queue.IsEmpty() && queue.state == SendQueue::EMPTY && group.IsEmpty() &&
           !group.stalled && m_parts.windows.IsUnused(queue);
}

} // namespace mtlink
} // namespace ns3
