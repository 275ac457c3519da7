/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-topology-builder.h"

#include "ns3/mtlink-error.h"

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(TopologyBuilder);

TypeId
TopologyBuilder::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::TopologyBuilder").SetParent<Object>().SetGroupName("Mtlink");
    return tid;
}

uint32_t
TopologyBuilder::GetTiers() const
{
    return 1;
}

std::vector<uint32_t>
TopologyBuilder::GetRingOrder(uint32_t) const
{
    return {};
}

std::vector<std::string>
TopologyBuilder::GetChildNames() const
{
    return {};
}

void
TopologyBuilder::SetChild(const std::string& name, Ptr<TopologyBuilder>)
{
    throw ParameterError(name, "this kind nests no fabric");
}

Topology
TopologyBuilder::Build() const
{
    const uint32_t endpoints = GetCapacity();
    if (endpoints == 0)
    {
        throw ParameterError("endpoints", "the number of endpoints is missing");
    }
    Topology topology;
    std::vector<uint32_t> nodes(endpoints);
    for (uint32_t i = 0; i < endpoints; ++i)
    {
        nodes[i] = topology.AddEndpoint("gpu" + std::to_string(i));
    }
    Attach(topology, nodes, "", 0);
    return topology;
}

void
TopologyBuilder::CheckEndpoints(size_t endpoints) const
{
    const uint32_t capacity = GetCapacity();
    if (endpoints == 0)
    {
        throw ParameterError("endpoints", "there is no endpoint to attach: at least 1 is needed");
    }
    if (capacity > 0 && endpoints > capacity)
    {
        throw ParameterError("",
                             std::to_string(endpoints) +
                                 " endpoints are to be attached, but there are places for " +
                                 std::to_string(capacity));
    }
}

void
TopologyBuilder::CheckSize(const std::string& key, double nodes, double cables)
{
    const double maxNodes = 4194304;
    const double maxCables = 33554432;
    if (nodes > maxNodes)
    {
        throw ParameterError(key, "more than 4,194,304 endpoints and switches: too large to build");
    }
    if (cables > maxCables)
    {
        throw ParameterError(key, "more than 33,554,432 cables: too large to build");
    }
}

} // namespace mtlink
} // namespace ns3
