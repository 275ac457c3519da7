/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/memo.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Walks the ways of messages, over all links that their hashes may choose. */
class LinkWalker
{
  public:
    explicit LinkWalker(const MtlinkFabric& fabric)
        : m_topology(fabric.GetTopology()),
          m_routing(fabric.GetRouting())
    {
        uint32_t classes = 1;
        for (uint32_t domain = 0; domain < m_topology.GetDomains().size(); ++domain)
        {
            classes = std::max(classes, m_routing.GetAlgorithm(domain).GetVcClasses());
        }
        m_classes = classes;
        m_seen.resize(std::size_t{m_topology.GetNodes()} * classes, 0);
    }

    /** As PrivateGroups::LinkWalk. */
    uint64_t Walk(std::span<const uint32_t> sources,
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

  private:
    /** Visit the links of a leg, but for those behind nodes that were seen on ways to its end. */
    uint64_t WalkLeg(uint32_t at, uint32_t end, const std::function<void(uint32_t)>& visit)
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

    const Topology& m_topology;                         //!< The graph
    const Routing& m_routing;                           //!< The routes
    uint32_t m_classes;                                 //!< VC classes, at most
    std::vector<uint32_t> m_seen;                       //!< By node and class: a stamp
    uint32_t m_stamp{0};                                //!< Of the end of a leg
    uint32_t m_end{UINT32_MAX};                         //!< That end
    std::vector<std::pair<uint32_t, uint8_t>> m_fronts; //!< Scratch of WalkLeg()
};

} // namespace

void
CheckMemo(const Experiment& experiment)
{
    const YamlNode& simulation = *experiment.document.Find("simulation");
    const YamlNode& memo = *simulation.Find("memo");
    if (experiment.mode == "bound")
    {
        memo.Refuse("mode bound takes no time that a memo could save: leave memo out");
    }
    const YamlNode* measure = experiment.document.Find("measure");
    const auto refuse = [&memo](const YamlNode* section, const char* key, const std::string& what) {
        const YamlNode* node = section ? section->Find(key) : nullptr;
        (node ? *node : memo).Refuse(what);
    };
    if (experiment.rows.messages > 0)
    {
        refuse(measure,
               "messages",
               "a memo knows no single message of what it repeats: set 'measure: {messages: "
               "none}', or leave simulation.memo out");
    }
    if (experiment.timeline)
    {
        refuse(measure,
               "timeline",
               "a memo has no timeline of what it repeats: leave it out, or simulation.memo");
    }
    if (experiment.sampleEvery > 0)
    {
        refuse(measure,
               "sample_every",
               "a memo has no series of what it repeats: leave it out, or simulation.memo");
    }
    for (const auto& [key, isSet] : {std::pair{"stop", experiment.stop.has_value()},
                                     {"event_limit", experiment.eventLimit.has_value()}})
    {
        if (isSet)
        {
            refuse(&simulation,
                   key,
                   "a memo can't tell what half a collective did: leave it out, or memo");
        }
    }
    if (const YamlNode* faults = experiment.document.Find("faults"))
    {
        faults->Refuse("beside faults nothing is the same again: leave them out, or "
                       "simulation.memo");
    }
    for (const WorkloadDescription& workload : experiment.workloads)
    {
        if (workload.kind == WorkloadDescription::TRAFFIC)
        {
            workload.node.Find("traffic")->Refuse(
                "beside open-loop traffic no links are a collective's own: leave simulation.memo "
                "out");
        }
    }
    for (const FabricScope& scope : experiment.fabric.scopes)
    {
        const std::string prefix = scope.path.empty() ? "" : scope.path + ".";
        if (scope.chip->GetTrafficClasses() > 1)
        {
            RefuseFabric(experiment.fabric,
                         ParameterError(prefix + "switch.traffic_classes",
                                        "a memo knows one traffic class: leave it out, or "
                                        "simulation.memo"));
        }
        switch (scope.routing->GetAlgorithm())
        {
        case RoutingProfile::VALIANT:
        case RoutingProfile::UGAL_L:
        case RoutingProfile::UGAL_G:
        case RoutingProfile::PAR:
        case RoutingProfile::ADAPTIVE:
        case RoutingProfile::DETOUR:
            RefuseFabric(experiment.fabric,
                         ParameterError(prefix + "routing.algorithm",
                                        "which links are a collective's own can't be told where "
                                        "ways depend on load or chance: take minimal, or leave "
                                        "simulation.memo out"));
        case RoutingProfile::AUTO:
        case RoutingProfile::MINIMAL:
        case RoutingProfile::SHORTEST:
        case RoutingProfile::DIMENSION_ORDER:
        case RoutingProfile::TABLE:
            break;
        }
    }
    if (experiment.fabric.endpoint->GetTrafficClasses() > 1)
    {
        RefuseFabric(experiment.fabric,
                     ParameterError("endpoint.traffic_classes",
                                    "a memo knows one traffic class: leave it out, or "
                                    "simulation.memo"));
    }
}

std::unique_ptr<CollectiveMemo>
MakeMemo(const MtlinkFabric& fabric,
         PrivateParts& parts,
         const std::vector<std::unique_ptr<WorkloadRun>>& workloads)
{
    const auto walker = std::make_shared<LinkWalker>(fabric);
    PrivateGroups groups(static_cast<uint32_t>(fabric.GetTopology().GetLinks().size()),
                         [walker](std::span<const uint32_t> sources,
                                  uint32_t destination,
                                  const std::function<void(uint32_t)>& visit) {
                             return walker->Walk(sources, destination, visit);
                         });
    for (const auto& workload : workloads)
    {
        workload->AddGroups(groups);
    }
    auto memo = std::make_unique<CollectiveMemo>(parts, std::move(groups));
    for (const auto& workload : workloads)
    {
        workload->UseMemo(*memo);
    }
    return memo;
}

void
CollectMemo(const CollectiveMemo& memo, RunResults& results)
{
    Tick all = 0;
    for (const CollectiveResult& collective : results.collectives)
    {
        all += collective.end == NEVER ? 0 : collective.end - collective.start;
    }
    results.skippedTimeFraction =
        all > 0 ? static_cast<double>(memo.GetSkippedTime()) / static_cast<double>(all) : 0;
    results.modeReason += results.modeReason.empty() ? "" : "; ";
    results.modeReason +=
        memo.GetPrivateGroups() == 0
            ? "memo: no group of a collective has links of its own"
            : fmt::format(
                  "memo: {} of {} collectives repeated, of {} groups with links of their own",
                  memo.GetRepeated(),
                  results.collectives.size(),
                  memo.GetPrivateGroups());
}

} // namespace mtlink
} // namespace ns3
