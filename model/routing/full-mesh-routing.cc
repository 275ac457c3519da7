/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/full-mesh-routing.h"

#include "routing/domain-links.h"
#include "routing/routing-registry.h"

#include "ns3/mtlink-full-mesh-topology.h"

namespace ns3
{
namespace mtlink
{

namespace
{

const Registered<MakeMinimal> REGISTERED(GetMinimalRoutes(),
                                         FullMeshTopology::GetTypeId().GetName(),
                                         MakeRoutes<FullMeshRouting>);

} // namespace

FullMeshRouting::FullMeshRouting(const Topology& topology, uint32_t domain)
    : m_linksPerPair(static_cast<const FullMeshTopology*>(topology.GetDomains()[domain].builder)
                         ->GetLinksPerPair()),
      m_index(topology.GetDomains()[domain].endpoints)
{
    for (const uint32_t endpoint : topology.GetDomains()[domain].endpoints)
    {
        m_domain.push_back(GetDomainLinks(topology, endpoint, domain));
    }
}

std::string
FullMeshRouting::GetDefinition() const
{
    return "Direct: a packet takes one of the parallel links to its destination, all of which are "
           "candidates. One VC class; every route is one link, so there is no dependency between "
           "links.";
}

uint32_t
FullMeshRouting::GetVcClasses() const
{
    return 1;
}

Hops
FullMeshRouting::NextHops(uint32_t node, uint32_t target, uint8_t) const
{
    return {GetLinksTo(GetIndex(node), GetIndex(target)), 0};
}

bool
FullMeshRouting::IsInjectionUniform(uint32_t) const
{
    return m_domain.size() <= 2;
}

} // namespace mtlink
} // namespace ns3
