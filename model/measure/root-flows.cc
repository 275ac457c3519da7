/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/root-flows.h"

#include <algorithm>
#include <map>

namespace ns3
{
namespace mtlink
{

std::set<std::pair<uint32_t, uint32_t>>
FindRootFlows(const RunResults& results, const LinkResult& link, std::optional<uint32_t> target)
{
    std::set<std::pair<uint32_t, uint32_t>> flows;
    for (const CongestionFlowResult& row : results.congestionFlows)
    {
        if (row.root == link.name && row.role == "cause")
        {
            flows.emplace(row.src, row.dst);
        }
    }
    if (!target)
    {
        return flows;
    }
    for (const ControlledFlowResult& flow : results.flows)
    {
        if (flow.dst == *target)
        {
            flows.emplace(flow.src, flow.dst);
        }
    }
    for (const MessageResult& message : results.messages)
    {
        const bool isHere = message.dst == *target && message.src != message.dst;
        if (isHere && results.messagesOneIn == 1)
        {
            flows.emplace(message.src, message.dst);
        }
    }
    return flows;
}

std::vector<VictimFlow>
FindVictimFlows(const RunResults& results, std::string_view root)
{
    std::map<std::pair<uint32_t, uint32_t>, double> lost;
    for (const CongestionFlowResult& row : results.congestionFlows)
    {
        if (row.root == root && row.role == "victim")
        {
            lost[{row.src, row.dst}] += static_cast<double>(row.stall);
        }
    }
    std::vector<VictimFlow> victims;
    for (const auto& [flow, time] : lost)
    {
        victims.push_back({flow.first, flow.second, time});
    }
    std::stable_sort(victims.begin(), victims.end(), [](const VictimFlow& a, const VictimFlow& b) {
        return a.lost > b.lost;
    });
    return victims;
}

} // namespace mtlink
} // namespace ns3
