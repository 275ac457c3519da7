/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/memo.h"

#include "experiment/link-walk.h"
#include "routing/routing-registry.h"

#include <algorithm>
#include <fmt/format.h>

namespace ns3
{
namespace mtlink
{

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
        if (GetRoutingKind(*scope.routing).by != WayBy::NOTHING)
        {
            RefuseFabric(experiment.fabric,
                         ParameterError(prefix + "routing.algorithm",
                                        "which links are a collective's own can't be told where "
                                        "ways depend on load or chance: take minimal, or leave "
                                        "simulation.memo out"));
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
