/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/link-walk.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace mtlink
{

LinkWalker::LinkWalker(const MtlinkFabric& fabric)
    : m_topology(fabric.GetTopology()),
      m_routing(fabric.GetRouting()),
      m_classes(1)
{
    for (uint32_t domain = 0; domain < m_topology.GetDomains().size(); ++domain)
    {
        m_classes = std::max(m_classes, m_routing.GetAlgorithm(domain).GetVcClasses());
    }
    m_seen.resize(std::size_t{m_topology.GetNodes()} * m_classes, 0);
}

uint64_t
LinkWalker::Walk(std::span<const uint32_t> sources,
                 uint32_t destination,
                 const std::function<void(uint32_t)>& visit)
{
    // Legs by where they end: relays on the way are few.
    std::set<std::pair<uint32_t, uint32_t>> legs;
    std::vector<std::pair<uint32_t, uint32_t>> left;
    const auto add = [&](uint32_t at) {
        const uint32_t end = m_routing.GetLegEnd(at, destination);
        if (legs.emplace(end, at).second)
        {
            left.emplace_back(end, at);
        }
    };
    for (const uint32_t source : sources)
    {
        if (source != destination)
        {
            add(source);
        }
    }
    uint64_t steps = 0;
    while (!left.empty())
    {
        const std::vector<std::pair<uint32_t, uint32_t>> round = std::exchange(left, {});
        for (const auto& [end, at] : round)
        {
            steps += WalkLeg(at, end, visit);
            if (end != destination)
            {
                add(end);
            }
        }
    }
    return steps;
}

uint64_t
LinkWalker::WalkLeg(uint32_t at, uint32_t end, const std::function<void(uint32_t)>& visit)
{
    if (end != m_end)
    {
        m_end = end;
        ++m_stamp;
    }
    uint64_t steps = 0;
    m_fronts.assign(1, {at, 0});
    while (!m_fronts.empty())
    {
        const auto [node, vcClass] = m_fronts.back();
        m_fronts.pop_back();
        uint32_t& seen = m_seen[std::size_t{node} * m_classes + vcClass];
        if (std::exchange(seen, m_stamp) == m_stamp || node == end)
        {
            continue;
        }
        ++steps;
        const Hops hops = m_routing.NextHops(node, end, vcClass);
        for (const uint32_t link : hops.links)
        {
            visit(link);
            m_fronts.emplace_back(m_topology.GetLinks()[link].to, hops.vcClass);
        }
    }
    return steps;
}

} // namespace mtlink
} // namespace ns3
