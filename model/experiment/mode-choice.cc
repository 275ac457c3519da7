/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/mode-choice.h"

#include "experiment/flow-fabric.h"
#include "experiment/run.h"
#include "experiment/units.h"

#include <fmt/format.h>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double PICOSECONDS_PER_S = 1e12;

/** Refuse a workload at the place of a key. */
[[noreturn]] void
RefuseKey(const WorkloadDescription& workload, const std::string& key, const std::string& what)
{
    const YamlNode* node = workload.node.Find(key);
    (node ? *node : workload.node).Refuse(what);
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
    bool isInNetwork =
        workload.collective.algorithm == "in_network" || workload.algorithm == "in_network";
    for (const auto& [collective, algorithm] : workload.algorithms)
    {
        isInNetwork = isInNetwork || algorithm == "in_network";
    }
    if (isInNetwork)
    {
        RefuseKey(workload,
                  "algorithm",
                  "mode flow can't reduce or copy in the network: name another algorithm than "
                  "in_network, or set 'simulation: {mode: packet}'");
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
    }
    catch (const ParameterError& error)
    {
        RefuseFabric(experiment.fabric, error);
    }
    if (const YamlNode* faults = experiment.document.Find("faults"))
    {
        faults->Refuse("faults have no meaning in mode flow: leave them out, or set 'simulation: "
                       "{mode: packet}'");
    }
}

ModeChoice
ChooseMode(const Experiment& experiment, double packetHops)
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
    return {"flow", fmt::format("{}, beyond the budget of {:.3g} s", estimate, budget)};
}

} // namespace mtlink
} // namespace ns3
