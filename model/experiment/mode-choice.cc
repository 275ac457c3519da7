/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/mode-choice.h"

#include "experiment/flow-fabric.h"
#include "experiment/run.h"
#include "experiment/units.h"
#include "routing/routing-registry.h"

#include "ns3/mtlink-fat-tree-topology.h"

#include <fmt/format.h>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double PICOSECONDS_PER_S = 1e12;
constexpr const char* INSIST = "set 'simulation: {mode: packet}', or 'simulation: "
                               "{allow_approximate: true}'";

/** Refuse a workload at the place of a key. */
[[noreturn]] void
RefuseKey(const WorkloadDescription& workload, const std::string& key, const std::string& what)
{
    const YamlNode* node = workload.node.Find(key);
    (node ? *node : workload.node).Refuse(what);
}

/** @return whether a workload names an algorithm. */
bool
Names(const WorkloadDescription& workload, const std::string& algorithm)
{
    bool isNamed = workload.collective.algorithm == algorithm || workload.algorithm == algorithm;
    for (const auto& [collective, its] : workload.algorithms)
    {
        isNamed = isNamed || its == algorithm;
    }
    const CollectiveChoice& choice = workload.training.collectives;
    for (const std::string* its : {&choice.tensor, &choice.data, &choice.expert, &choice.context})
    {
        isNamed = isNamed || *its == algorithm;
    }
    return isNamed;
}

/** @return the key that names algorithms in a workload. */
const char*
GetAlgorithmKey(const WorkloadDescription& workload)
{
    return workload.kind == WorkloadDescription::TRAINING ? "training" : "algorithm";
}

void
CheckWorkload(const WorkloadDescription& workload)
{
    if (workload.kind == WorkloadDescription::TRAFFIC)
    {
        RefuseKey(workload,
                  "traffic",
                  "mode flow has no packets, whose latencies open-loop traffic is about: set "
                  "'simulation: {mode: packet}'");
    }
    if (Names(workload, "in_network"))
    {
        RefuseKey(workload,
                  GetAlgorithmKey(workload),
                  "mode flow can't reduce or copy in the network: name another algorithm than "
                  "in_network, or set 'simulation: {mode: packet}'");
    }
}

/** @return levels of a tree whose switches have several links up. */
std::size_t
CountChoices(const FatTreeTopology& tree)
{
    const FatTreeTopology::Shape shape = tree.GetShape();
    std::size_t choices = 0;
    for (std::size_t level = 1; level < shape.up.size(); ++level)
    {
        choices += shape.up[level] * shape.parallel[level] > 1 ? 1 : 0;
    }
    return choices;
}

/** Refuse what flows are known to get wrong by far, unless the user wants it all the same. */
void
CheckAccuracy(const Experiment& experiment)
{
    for (std::size_t i = 0; i < experiment.fabric.scopes.size(); ++i)
    {
        const FabricScope& scope = experiment.fabric.scopes[i];
        const auto tree = DynamicCast<FatTreeTopology>(experiment.fabric.builders[i]);
        if (tree && CountChoices(*tree) > 1 &&
            scope.routing->GetGranularity() == RoutingProfile::PACKET &&
            scope.routing->GetSelection() == RoutingProfile::ROUND_ROBIN)
        {
            throw ParameterError(
                (scope.path.empty() ? "" : scope.path + ".") + "routing.selection",
                fmt::format("mode flow is up to 65 % too fast where packets take links in turn at "
                            "two levels of a tree: endpoints in step keep to one link of the "
                            "second; take least_loaded, or {}",
                            INSIST));
        }
    }
}

} // namespace

void
CheckFlow(const Experiment& experiment)
{
    for (const WorkloadDescription& workload : experiment.workloads)
    {
        CheckWorkload(workload);
    }
    try
    {
        CheckFlowFabric(experiment.fabric.scopes, *experiment.fabric.endpoint);
        if (!experiment.allowApproximate)
        {
            CheckAccuracy(experiment);
        }
    }
    catch (const ParameterError& error)
    {
        RefuseFabric(experiment.fabric, error);
    }
    for (const FaultDescription& fault : experiment.faults)
    {
        if (!IsFromTheStart(fault))
        {
            fault.node.Refuse("mode flow has links that lack lanes from the start and for good "
                              "('state: degraded, at: 0s', no 'for'), and no other faults: leave "
                              "them out, or set 'simulation: {mode: packet}'");
        }
    }
}

void
RefuseUnfit(const std::string& unfit)
{
    if (!unfit.empty())
    {
        throw ParameterError("algorithm", fmt::format("{}, or {}", unfit, INSIST));
    }
}

void
CheckBound(const Experiment& experiment)
{
    for (const FabricScope& scope : experiment.fabric.scopes)
    {
        if (GetRoutingKind(*scope.routing).isForwarded)
        {
            RefuseFabric(
                experiment.fabric,
                ParameterError((scope.path.empty() ? "" : scope.path + ".") + "routing.algorithm",
                               "mode bound takes messages by their direct links alone, "
                               "and would not bound detours: take minimal, or "
                               "'simulation: {mode: packet}'"));
        }
    }
    if (!experiment.faults.empty())
    {
        experiment.faults.front().node.Refuse("faults have no meaning in mode bound: leave them "
                                              "out, or set 'simulation: {mode: packet}'");
    }
}

ModeChoice
ChooseMode(const Experiment& experiment, double packetHops, const std::string& unfit)
{
    const double seconds = packetHops * SECONDS_PER_PACKET_HOP;
    const double budget = static_cast<double>(experiment.budget) / PICOSECONDS_PER_S;
    const std::string estimate = fmt::format("{:.2g} packet-hops take {:.2g} s at {:.0f} ns each",
                                             packetHops,
                                             seconds,
                                             SECONDS_PER_PACKET_HOP * 1e9);
    if (seconds <= budget)
    {
        return {"packet", fmt::format("{}, within the budget of {:.3g} s", estimate, budget)};
    }
    try
    {
        CheckFlow(experiment);
    }
    catch (const InputError& error)
    {
        return {"packet", fmt::format("{}; but flows can't: {}", estimate, error.GetMessage())};
    }
    if (!unfit.empty() && !experiment.allowApproximate)
    {
        return {"packet", fmt::format("{}; but flows can't: {}", estimate, unfit)};
    }
    return {"flow", fmt::format("{}, beyond the budget of {:.3g} s", estimate, budget)};
}

} // namespace mtlink
} // namespace ns3
