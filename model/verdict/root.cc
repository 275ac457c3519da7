/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict/root.h"

#include "measure/root-flows.h"
#include "report/human-text.h"
#include "verdict/proposals.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr std::size_t MOST_VICTIMS = 8; //!< Named

/** A victim is named that stood still for so much of the time. */
constexpr double NAMED = 0.02;

/** What is sent to one endpoint alone by each source. */
constexpr std::array<std::string_view, 6> ONE_TARGET{"incast",
                                                     "permutation",
                                                     "tornado",
                                                     "bit_complement",
                                                     "bit_reverse",
                                                     "transpose"};

/** @return the load of the open-loop traffic whose sources have one target; nothing: not known. */
std::optional<double>
FindLoad(const Reading& reading)
{
    std::optional<double> load;
    for (uint32_t i = 0;; ++i)
    {
        const std::string path = fmt::format("workloads[{}].", i);
        const auto pattern = reading.FindSetting(path + "traffic");
        if (!pattern)
        {
            return i == 1 || (load && reading.FindSetting("workloads[0].traffic") == "incast")
                       ? load
                       : std::nullopt;
        }
        const bool isOne =
            std::find(ONE_TARGET.begin(), ONE_TARGET.end(), *pattern) != ONE_TARGET.end();
        if (isOne && !load)
        {
            load = std::stod(*reading.FindSetting(path + "load"));
        }
    }
}

/** @return what all would send over a link, over its rate; nothing: not known. */
std::optional<double>
FindOffered(const Reading& reading,
            const LinkResult& link,
            const Reading::Root* root,
            const std::set<std::pair<uint32_t, uint32_t>>& flows)
{
    if (reading.IsOpenLoop())
    {
        const std::optional<double> load = FindLoad(reading);
        // Further in a flow may have other ways.
        if (!load || flows.empty() || !reading.IsEndpoint(link.to))
        {
            return std::nullopt;
        }
        return *load * static_cast<double>(flows.size()) * reading.GetRate(flows.begin()->first) /
               link.bitsPerSecond;
    }
    if (!root || reading.results.mode != "packet" || link.busy == 0)
    {
        return std::nullopt;
    }
    double causes = 0;
    double all = 0;
    for (const CongestionFlowResult& row : reading.results.congestionFlows)
    {
        if (row.root == root->name)
        {
            all += static_cast<double>(row.stall);
            causes += row.role == "cause" ? static_cast<double>(row.stall) : 0;
        }
    }
    // What their sources' links would have sent meanwhile, had they not waited.
    const double waited = root->lostAtSources * (all > 0 ? causes / all : 1);
    return 1 + waited / static_cast<double>(link.busy);
}

VerdictRoot
Describe(const Reading& reading, const LinkResult& link, const Reading::Root* root)
{
    const std::set<std::pair<uint32_t, uint32_t>> flows =
        FindRootFlows(reading.results, link, reading.FindEndpoint(link.to));
    VerdictRoot described{link.name, link.to, std::nullopt, std::nullopt, 0, {}};
    if (!flows.empty())
    {
        described.flows = flows.size();
    }
    described.offeredOverRate = FindOffered(reading, link, root, flows);
    described.stallShare = root && reading.GetLost() > 0 ? root->lost / reading.GetLost() : 0;
    for (const VictimFlow& victim : FindVictimFlows(reading.results, link.name))
    {
        if (described.victims.size() < MOST_VICTIMS && victim.lost >= NAMED * reading.GetTime())
        {
            described.victims.push_back(reading.DescribeFlow(victim.src, victim.dst));
        }
    }
    return described;
}

} // namespace

VerdictRoot
DescribeRoot(const Reading& reading, const Reading::Root& root)
{
    return Describe(reading, *root.link, &root);
}

VerdictRoot
DescribeRoot(const Reading& reading, const LinkResult& link)
{
    const auto& roots = reading.GetRoots();
    const auto root = std::find_if(roots.begin(), roots.end(), [&link](const Reading::Root& r) {
        return r.name == link.name;
    });
    return Describe(reading, link, root == roots.end() ? nullptr : &*root);
}

const Reading::Root*
FindRoot(const Reading& reading)
{
    const auto& roots = reading.GetRoots();
    return !roots.empty() && roots.front().link && roots.front().lost > roots.front().lostToItself
               ? &roots.front()
               : nullptr;
}

ShortLoops
FindShortLoops(const Reading& reading)
{
    ShortLoops loops;
    for (const Reading::Root& root : reading.GetRoots())
    {
        // Who waits for others most of the time would not send sooner with more room behind it.
        constexpr double MOST = 0.5;
        if (root.link && root.lostToItself > 0 &&
            root.lostToItself >= MOST * static_cast<double>(root.link->creditStall) &&
            IsBufferShort(reading, *root.link))
        {
            loops.share += root.lost / reading.GetLost();
            loops.worst =
                loops.worst && loops.worst->lostToItself >= root.lostToItself ? loops.worst : &root;
        }
    }
    return loops;
}

bool
IsOneTarget(const Reading& reading)
{
    return FindLoad(reading).has_value();
}

std::string
NameRoot(const VerdictRoot& root)
{
    return root.port + " to " + root.to;
}

std::string
CountFlows(const VerdictRoot& root)
{
    return root.flows ? CountText(*root.flows, "flow", "flows") : "";
}

} // namespace mtlink
} // namespace ns3
