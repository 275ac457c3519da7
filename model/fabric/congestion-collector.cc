/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/congestion-collector.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace ns3
{
namespace mtlink
{

CongestionCollector::CongestionCollector(const Topology& topology, const Routing& routing)
    : m_topology(topology),
      m_routing(routing)
{
}

void
CongestionCollector::Collect(const WaitingChains& chains, RunResults& results)
{
    results.congestion.clear();
    for (const auto& [who, sum] : chains.GetLinks())
    {
        const auto& [victim, root] = who;
        results.congestion.push_back(
            {results.links[root].name, results.links[victim].name, sum.time, sum.times});
    }
    std::stable_sort(results.congestion.begin(),
                     results.congestion.end(),
                     [](const auto& a, const auto& b) { return a.stall > b.stall; });

    // Flow by flow, so that the ways of each are found once.
    const WaitingChains::VictimFlows byRoot = chains.GetFlows();
    std::vector<std::pair<WaitingChains::Flow, WaitSum>> flows(byRoot.begin(), byRoot.end());
    std::sort(flows.begin(), flows.end(), [](const auto& a, const auto& b) {
        return std::tie(a.first.src, a.first.dst, a.first.root) <
               std::tie(b.first.src, b.first.dst, b.first.root);
    });
    results.congestionFlows.clear();
    for (const auto& [flow, sum] : flows)
    {
        results.congestionFlows.push_back({results.links[flow.root].name,
                                           flow.src,
                                           flow.dst,
                                           IsCause(flow) ? "cause" : "victim",
                                           sum.time,
                                           sum.times});
    }
    std::stable_sort(results.congestionFlows.begin(),
                     results.congestionFlows.end(),
                     [](const auto& a, const auto& b) { return a.stall > b.stall; });
}

bool
CongestionCollector::IsCause(const WaitingChains::Flow& flow)
{
    const Topology::Link& root = m_topology.GetLinks()[flow.root];
    if (m_topology.IsEndpoint(root.to) || m_topology.IsEndpoint(root.from))
    {
        for (uint32_t at = flow.src; at != flow.dst;)
        {
            const uint32_t end = m_routing.GetLegEnd(at, flow.dst);
            if (root.to == end || root.from == at)
            {
                return true;
            }
            at = end;
        }
        return false;
    }
    const std::vector<uint32_t>& ways = GetWays(flow.src, flow.dst);
    return std::binary_search(ways.begin(), ways.end(), flow.root);
}

const std::vector<uint32_t>&
CongestionCollector::GetWays(uint32_t src, uint32_t dst)
{
    if (m_flow == std::pair{src, dst})
    {
        return m_ways;
    }
    m_flow = {src, dst};
    std::set<uint32_t> ways;
    for (uint32_t at = src; at != dst;)
    {
        const uint32_t end = m_routing.GetLegEnd(at, dst);
        std::set<std::pair<uint32_t, uint8_t>> seen;
        std::vector<std::pair<uint32_t, uint8_t>> open{{at, 0}};
        while (!open.empty())
        {
            const auto [node, vcClass] = open.back();
            open.pop_back();
            const Hops hops = m_routing.NextHops(node, end, vcClass);
            for (const uint32_t link : hops.links)
            {
                ways.insert(link);
                const uint32_t next = m_topology.GetLinks()[link].to;
                if (!m_topology.IsEndpoint(next) && seen.insert({next, hops.vcClass}).second)
                {
                    open.emplace_back(next, hops.vcClass);
                }
            }
        }
        at = end;
    }
    m_ways.assign(ways.begin(), ways.end());
    return m_ways;
}

} // namespace mtlink
} // namespace ns3
