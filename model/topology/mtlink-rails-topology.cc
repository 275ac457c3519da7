/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-rails-topology.h"

#include "ns3/mtlink-error.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(RailsTopology);

TypeId
RailsTopology::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::RailsTopology")
            .SetParent<TopologyBuilder>()
            .SetGroupName("Mtlink")
            .AddConstructor<RailsTopology>()
            .AddAttribute("Nodes",
                          "Number of nodes; 0: as many as the network of a rail takes (the user's "
                          "design).",
                          UintegerValue(0),
                          MakeUintegerAccessor(&RailsTopology::m_nodes),
                          MakeUintegerChecker<uint32_t>(0, 1048576))
            .AddAttribute("EndpointsPerNode",
                          "Number of endpoints of a node, and so of rails; 0: as many as the node "
                          "fabric has (the user's design).",
                          UintegerValue(0),
                          MakeUintegerAccessor(&RailsTopology::m_endpointsPerNode),
                          MakeUintegerChecker<uint32_t>(0, 65536));
    return tid;
}

const TopologyBuilder&
RailsTopology::GetNode() const
{
    if (!m_node)
    {
        throw ParameterError("node", "rails needs the fabric inside a node: node: {...}");
    }
    return *m_node;
}

const TopologyBuilder&
RailsTopology::GetNetwork() const
{
    if (!m_network)
    {
        throw ParameterError("network", "rails needs the fabric of a rail: network: {...}");
    }
    return *m_network;
}

uint32_t
RailsTopology::GetEndpointsPerNode() const
{
    const uint32_t capacity = GetNode().GetCapacity();
    if (m_endpointsPerNode == 0 && capacity == 0)
    {
        throw ParameterError("endpoints_per_node",
                             "the node fabric takes any number of endpoints: say how many a node "
                             "has");
    }
    if (capacity > 0 && m_endpointsPerNode > capacity)
    {
        throw ParameterError("endpoints_per_node",
                             std::to_string(m_endpointsPerNode) +
                                 " endpoints per node, but the node fabric attaches " +
                                 std::to_string(capacity) + " at most");
    }
    return m_endpointsPerNode > 0 ? m_endpointsPerNode : capacity;
}

uint32_t
RailsTopology::GetCapacity() const
{
    const uint32_t places = GetNetwork().GetCapacity();
    if (places > 0 && m_nodes > places)
    {
        throw ParameterError("nodes",
                             std::to_string(m_nodes) +
                                 " nodes, but the network of a rail attaches " +
                                 std::to_string(places) + " at most");
    }
    const double nodes = m_nodes > 0 ? m_nodes : places;
    const double endpoints = nodes * GetEndpointsPerNode();
    CheckSize("nodes", endpoints, 0);
    return static_cast<uint32_t>(endpoints);
}

std::vector<std::string>
RailsTopology::GetLinkClassNames() const
{
    return {};
}

uint32_t
RailsTopology::GetTiers() const
{
    return GetNode().GetTiers() + GetNetwork().GetTiers();
}

std::vector<std::string>
RailsTopology::GetChildNames() const
{
    return {"node", "network"};
}

void
RailsTopology::SetChild(const std::string& name, Ptr<TopologyBuilder> child)
{
    if (name == "node")
    {
        m_node = child;
    }
    else if (name == "network")
    {
        m_network = child;
    }
    else
    {
        throw ParameterError(name, "rails nests two fabrics, node and network");
    }
}

void
RailsTopology::Attach(Topology& topology,
                      const std::vector<uint32_t>& endpoints,
                      const std::string& path,
                      uint32_t tier) const
{
    CheckEndpoints(endpoints.size());
    const size_t perNode = GetEndpointsPerNode();
    std::vector<std::vector<uint32_t>> rails(std::min(perNode, endpoints.size()));
    for (size_t first = 0; first < endpoints.size(); first += perNode)
    {
        const size_t last = std::min(first + perNode, endpoints.size());
        for (size_t i = first; i < last; ++i)
        {
            rails[i - first].push_back(endpoints[i]);
        }
        GetNode().Attach(topology,
                         {endpoints.begin() + static_cast<ptrdiff_t>(first),
                          endpoints.begin() + static_cast<ptrdiff_t>(last)},
                         path + "node" + std::to_string(first / perNode) + "/",
                         tier);
    }
    for (size_t rail = 0; rail < rails.size(); ++rail)
    {
        GetNetwork().Attach(topology,
                            rails[rail],
                            path + "rail" + std::to_string(rail) + "/",
                            tier + GetNode().GetTiers());
    }
}

} // namespace mtlink
} // namespace ns3
