/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/node-table.h"

#include "ns3/mtlink-topology.h"

namespace ns3
{
namespace mtlink
{

std::vector<NodeResult>
DescribeNodes(const Topology& topology)
{
    std::vector<const Domain*> lowest(topology.GetEndpoints(), nullptr);
    std::vector<NodeResult> nodes(topology.GetNodes());
    for (const Domain& domain : topology.GetDomains())
    {
        for (const uint32_t endpoint : domain.endpoints)
        {
            if (!lowest[endpoint] || domain.tier < lowest[endpoint]->tier)
            {
                lowest[endpoint] = &domain;
                nodes[endpoint].part = domain.path;
            }
            else if (domain.tier == lowest[endpoint]->tier)
            {
                nodes[endpoint].part.clear();
            }
        }
    }
    for (uint32_t node = 0; node < topology.GetNodes(); ++node)
    {
        nodes[node].name = topology.GetName(node);
        nodes[node].kind = topology.IsEndpoint(node) ? "endpoint" : "switch";
        if (!topology.IsEndpoint(node))
        {
            nodes[node].part = topology.GetDomains()[topology.GetSwitchDomain(node)].path;
        }
    }
    return nodes;
}

} // namespace mtlink
} // namespace ns3
