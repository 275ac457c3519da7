/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/fabric-hints.h"

#include "topology/topology-check.h"

#include "ns3/mtlink-dragonfly-topology.h"

#include <algorithm>
#include <set>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return whether a domain has no switch and a link between any two of its endpoints. */
bool
IsFullMesh(const Topology& topology, const Domain& domain)
{
    if (domain.switches > 0)
    {
        return false;
    }
    const std::set<uint32_t> members(domain.endpoints.begin(), domain.endpoints.end());
    for (const uint32_t endpoint : domain.endpoints)
    {
        std::set<uint32_t> neighbours;
        for (const uint32_t link : topology.GetOutLinks(endpoint))
        {
            const uint32_t to = topology.GetLinks()[link].to;
            if (members.count(to) > 0)
            {
                neighbours.insert(to);
            }
        }
        if (neighbours.size() + 1 != members.size())
        {
            return false;
        }
    }
    return true;
}

} // namespace

FabricHints
GetFabricHints(const Ptr<const MtlinkFabric>& fabric)
{
    const Topology& topology = fabric->GetTopology();
    FabricHints hints;
    hints.endpoints = topology.GetEndpoints();

    // Several tiers: the lowest is the scale-up node, the others join nodes.
    const std::vector<Domain>& domains = topology.GetDomains();
    const bool hasTiers = std::any_of(domains.begin(), domains.end(), [](const Domain& domain) {
        return domain.tier > 0;
    });
    hints.scaleUpSize = hints.endpoints;
    hints.fullMesh = true;
    hints.oneHop = true;
    uint32_t largest = 0;
    for (const Domain& domain : domains)
    {
        if (domain.tier == 0)
        {
            largest = std::max(largest, static_cast<uint32_t>(domain.endpoints.size()));
            const bool isMesh = IsFullMesh(topology, domain);
            hints.fullMesh = hints.fullMesh && isMesh;
            hints.oneHop = hints.oneHop && (isMesh || domain.switches == 1);
        }
    }
    if (hasTiers)
    {
        hints.scaleUpSize = largest;
    }
    else if (domains.front().endpoints.size() == hints.endpoints)
    {
        // The only domain, or one of equal planes: the ranks are its endpoints in order.
        hints.ringOrder = domains.front().builder->GetRingOrder(hints.endpoints);
    }

    for (uint32_t endpoint = 0; endpoint < hints.endpoints; ++endpoint)
    {
        hints.endpointBytesPerSecond =
            std::max(hints.endpointBytesPerSecond, fabric->GetEndpointBitRate(endpoint) / 8);
    }
    hints.bisectionBytesPerSecond = static_cast<double>(GetBisectionBitRate(*fabric)) / 8;
    hints.latency = [fabric](uint32_t src, uint32_t dst) {
        return fabric->GetIdleLatency(src, dst);
    };
    hints.rate = [fabric](uint32_t src, uint32_t dst) { return fabric->GetIdleRate(src, dst); };
    return hints;
}

uint64_t
GetBisectionBitRate(const MtlinkFabric& fabric)
{
    const Topology& topology = fabric.GetTopology();
    std::vector<uint64_t> capacity;
    capacity.reserve(topology.GetLinks().size());
    for (uint32_t link = 0; link < topology.GetLinks().size(); ++link)
    {
        capacity.push_back(fabric.GetLinkProfile(link)->GetBitRate());
    }
    return GetBisection(topology, capacity).value_or(0);
}

uint32_t
GetDragonflyGroup(const TopologyBuilder& builder)
{
    const auto* const dragonfly = dynamic_cast<const DragonflyTopology*>(&builder);
    return dragonfly ? dragonfly->GetP() * dragonfly->GetA() : 0;
}

} // namespace mtlink
} // namespace ns3
