/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/run-description.h"

#include "experiment/fault-reader.h"
#include "experiment/run.h"
#include "experiment/setting-list.h"
#include "routing/deadlock.h"

#include "ns3/mtlink-endpoint-profile.h"
#include "ns3/mtlink-error.h"

#include <fmt/format.h>
#include <stdexcept>

namespace ns3
{
namespace mtlink
{

std::string
CheckDeadlock(const Experiment& experiment, const MtlinkFabric& fabric, const std::string& mode)
{
    if (experiment.endpoints > PROOF_ENDPOINTS || mode != "packet")
    {
        return "unproved";
    }
    const DeadlockProof proof = ProveDeadlockFree(fabric.GetTopology(), fabric.GetRouting());
    if (proof.acyclic)
    {
        return "true";
    }
    if (!proof.trap.empty())
    {
        experiment.fabric.document.Refuse(
            fmt::format("packets can be trapped on this fabric: who comes by {} may have no way on "
                        "but adaptive links, which nobody may wait for",
                        proof.trap));
    }
    if (!experiment.allowDeadlock)
    {
        std::string cycle;
        for (const std::string& channel : proof.cycle)
        {
            cycle += (cycle.empty() ? "" : " -> ") + channel;
        }
        experiment.fabric.document.Refuse(
            fmt::format("packets can deadlock on this fabric: each of these links may wait for the "
                        "next, and the last for the first: {}. Choose another routing, or set "
                        "'simulation: {{allow_deadlock: true}}' to watch it",
                        cycle));
    }
    return "false";
}

void
AddFaults(const Experiment& experiment, MtlinkFabric& fabric)
{
    for (const FaultDescription& fault : experiment.faults)
    {
        try
        {
            fabric.AddFault(ResolveFault(fault, fabric));
        }
        catch (const ParameterError& error)
        {
            fault.node.Find(error.GetParameter())->Refuse(error.what());
        }
    }
}

FabricCost
GetCost(const Experiment& experiment, const MtlinkFabric& fabric)
{
    const Topology& topology = fabric.GetTopology();
    const auto getLink = [&fabric](uint32_t link) -> const LinkProfile& {
        return *fabric.GetLinkProfile(link);
    };
    const auto getSwitch = [&](uint32_t node) -> const SwitchProfile& {
        const Domain& domain = topology.GetDomains()[topology.GetSwitchDomain(node)];
        return *experiment.fabric.scopes[domain.scope].chip;
    };
    return EstimateFabricCost(
        {topology, getLink, getSwitch, experiment.fabric.endpoint->GetPacket()},
        *experiment.cost);
}

void
DescribeRun(const Experiment& experiment, const MtlinkFabric& fabric, RunResults& results)
{
    results.name = experiment.name;
    results.seed = experiment.seed;
    results.ns3Version = MTLINK_NS3_VERSION;
    results.fabricKind = experiment.fabric.kind;
    results.sampleInterval = experiment.sampleEvery;
    results.timeline = experiment.timeline;
    const FabricCost cost = GetCost(experiment, fabric);
    results.cost = CostResult{cost.GetArea(),
                              cost.GetChipArea(),
                              cost.GetPower(),
                              cost.GetChipPower(),
                              cost.GetSerdes(),
                              cost.GetBufferBytes()};
    const YamlNode resolved = ResolveExperiment(experiment);
    results.experimentYaml = WriteYaml(resolved);
    results.settings = ListSettings(resolved);
}

void
RequireConservation(const MtlinkFabric& fabric)
{
    const std::string imbalance = fabric.CheckConservation();
    if (!imbalance.empty())
    {
        throw std::logic_error("internal error, please report it: " + imbalance);
    }
}

} // namespace mtlink
} // namespace ns3
