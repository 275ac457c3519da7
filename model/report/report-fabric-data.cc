/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-fabric-data.h"

#include "measure/result-tables.h"
#include "report/report-numbers.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double STEPS{10000}; //!< Of a share
constexpr uint32_t NONE{UINT32_MAX};

/** @param [in] node A node. @return whether it is an endpoint. */
bool
IsEndpoint(const NodeResult& node)
{
    return node.kind == "endpoint";
}

/** Links between two groups, or within one. */
struct GroupCable
{
    uint64_t links{0};   //!< In each direction
    double busy{0};      //!< Sum of shares
    double mostBusy{0};  //!< Greatest share
    double stall{0};     //!< Sum of shares
    double mostStall{0}; //!< Greatest share
    std::string cls;     //!< Of the busiest of them

    /**
     * One more link.
     * @param [in] link It.
     * @param [in] time Of the shares.
     */
    void Add(const LinkResult& link, double time)
    {
        const double u = static_cast<double>(link.busy) / time;
        const double s = static_cast<double>(link.creditStall) / time;
        cls = links == 0 || u > mostBusy ? link.cls : cls;
        ++links;
        busy += u;
        mostBusy = std::max(mostBusy, u);
        stall += s;
        mostStall = std::max(mostStall, s);
    }

    /** All links of a level; @param [in] level The level. @param [in] time Of the shares. */
    void Add(const LinkLevelResult& level, double time)
    {
        const double most = static_cast<double>(level.mostBusy) / time;
        cls = links == 0 || most > mostBusy ? level.cls : cls;
        links += level.links;
        busy += static_cast<double>(level.busy) / time;
        mostBusy = std::max(mostBusy, most);
        stall += static_cast<double>(level.creditStall) / time;
        mostStall = std::max(mostStall, static_cast<double>(level.mostCreditStall) / time);
    }
};

using GroupCables = std::map<std::pair<uint32_t, uint32_t>, GroupCable>; //!< By groups

/** @return the cables between groups, of all links. */
GroupCables
SumCables(const RunResults& results, const FabricLayout& layout)
{
    GroupCables cables;
    const auto time = static_cast<double>(GetObservedTime(results));
    if (time <= 0)
    {
        return cables;
    }
    if (!results.linkLevels.empty())
    {
        std::unordered_map<std::string, uint32_t> groupOf;
        for (uint32_t i = 0; i < layout.groups.size(); ++i)
        {
            groupOf.emplace(layout.groups[i], i);
        }
        for (const auto& level : results.linkLevels)
        {
            const auto from = groupOf.find(level.from);
            const auto to = groupOf.find(level.to);
            if (from != groupOf.end() && to != groupOf.end())
            {
                cables[std::minmax(from->second, to->second)].Add(level, time);
            }
        }
        return cables;
    }
    for (size_t i = 0; i < results.links.size(); ++i)
    {
        const auto [from, to] = layout.endsOfLinks[i];
        if (from != NONE && to != NONE)
        {
            cables[std::minmax(layout.groupOf[from], layout.groupOf[to])].Add(results.links[i],
                                                                              time);
        }
    }
    return cables;
}

} // namespace

void
WriteFabricData(const RunResults& results,
                const FabricLayout& layout,
                const std::vector<uint32_t>& nodes,
                JsonWriter& json)
{
    const auto cables = SumCables(results, layout);
    std::vector<std::array<uint64_t, 2>> sizes(layout.groups.size());

    for (size_t i = 0; i < results.nodes.size(); ++i)
    {
        ++sizes[layout.groupOf[i]].at(IsEndpoint(results.nodes[i]) ? 0 : 1);
    }

    json.BeginObject();
    json.Key("nodes_all");
    json.Unsigned(results.nodes.size());
    json.Key("nodes");
    json.BeginArray();
    for (const uint32_t i : nodes)
    {
        const bool isSwitch = !IsEndpoint(results.nodes[i]);
        json.BeginArray();
        json.String(results.nodes[i].name);
        json.Unsigned(isSwitch);
        json.Unsigned(layout.levels[i]);
        json.Unsigned(layout.groupOf[i]);
        json.EndArray();
    }
    json.EndArray();
    json.Key("groups");
    json.BeginArray();
    for (size_t i = 0; i < layout.groups.size(); ++i)
    {
        json.BeginArray();
        json.String(layout.groups[i]);
        json.Unsigned(sizes[i][0]);
        json.Unsigned(sizes[i][1]);
        json.EndArray();
    }
    json.EndArray();
    json.Key("cables");
    json.BeginArray();
    for (const auto& [ends, cable] : cables)
    {
        const auto count = static_cast<double>(cable.links);
        json.BeginArray();
        json.Unsigned(ends.first);
        json.Unsigned(ends.second);
        json.Unsigned(cable.links);
        json.Integer(InSteps(cable.busy / count, STEPS));
        json.Integer(InSteps(cable.mostBusy, STEPS));
        json.Integer(InSteps(cable.stall / count, STEPS));
        json.Integer(InSteps(cable.mostStall, STEPS));
        json.String(cable.cls);
        json.EndArray();
    }
    json.EndArray();
    json.EndObject();
}

} // namespace mtlink
} // namespace ns3
