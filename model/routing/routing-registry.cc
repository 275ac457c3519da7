/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/routing-registry.h"

#include "ns3/mtlink-topology-builder.h"

namespace ns3
{
namespace mtlink
{

// Each is made when the first registers, in whatever order.

Registry<RoutingKind>&
GetRoutingAlgorithms()
{
    static Registry<RoutingKind> algorithms;
    return algorithms;
}

const RoutingKind&
GetRoutingKind(const RoutingProfile& profile)
{
    return *GetRoutingAlgorithms().Find(profile.GetAlgorithm());
}

Registry<MakeMinimal>&
GetMinimalRoutes()
{
    static Registry<MakeMinimal> routes;
    return routes;
}

MakeMinimal
FindMinimal(const Topology& topology, uint32_t domain)
{
    const TopologyBuilder* const builder = topology.GetDomains()[domain].builder;
    if (!builder)
    {
        return nullptr;
    }
    for (TypeId type = builder->GetInstanceTypeId(); type != Object::GetTypeId();
         type = type.GetParent())
    {
        if (const MakeMinimal* const make = GetMinimalRoutes().Find(type.GetName()))
        {
            return *make;
        }
    }
    return nullptr;
}

} // namespace mtlink
} // namespace ns3
