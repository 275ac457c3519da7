/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/reorder-buffers.h"

#include <algorithm>
#include <functional>

namespace ns3
{
namespace mtlink
{

void
ReorderBuffers::Change(uint32_t endpoint, Tick now, int32_t flits)
{
    if (m_meters.size() <= endpoint)
    {
        m_meters.resize(endpoint + 1);
    }
    m_meters[endpoint].Change(now, flits);
}

const std::vector<uint32_t>&
ReorderBuffers::Accept(uint32_t endpoint, uint32_t index, Tick now)
{
    const Packet& packet = m_pool[index];
    if (m_messages.size() <= packet.message)
    {
        m_messages.resize(packet.message + 1);
    }
    Progress& progress = m_messages[packet.message];
    auto& held = progress.held;
    m_released.clear();
    if (packet.sequence != progress.next)
    {
        progress.endpoint = endpoint;
        held.emplace_back(packet.sequence, index);
        std::push_heap(held.begin(), held.end(), std::greater<>());
        Change(endpoint, now, static_cast<int32_t>(packet.flits));
        return m_released;
    }
    ++progress.next;
    m_released.push_back(index);
    while (!held.empty() && held.front().first == progress.next)
    {
        ++progress.next;
        m_released.push_back(held.front().second);
        Change(endpoint, now, -static_cast<int32_t>(m_pool[held.front().second].flits));
        std::pop_heap(held.begin(), held.end(), std::greater<>());
        held.pop_back();
    }
    return m_released;
}

std::vector<uint32_t>
ReorderBuffers::Forget(uint32_t message, Tick now)
{
    std::vector<uint32_t> waited;
    if (message < m_messages.size())
    {
        Progress& progress = m_messages[message];
        for (const auto& [sequence, index] : progress.held)
        {
            waited.push_back(index);
            Change(progress.endpoint, now, -static_cast<int32_t>(m_pool[index].flits));
        }
        progress.held.clear();
        progress.next = 0;
    }
    return waited;
}

OccupancyMeter
ReorderBuffers::GetOccupancy(uint32_t endpoint, Tick now) const
{
    OccupancyMeter meter = endpoint < m_meters.size() ? m_meters[endpoint] : OccupancyMeter();
    meter.Finish(now);
    return meter;
}

} // namespace mtlink
} // namespace ns3
