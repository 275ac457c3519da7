/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/grid-routing.h"

#include "ns3/mtlink-grid-topology.h"

namespace ns3
{
namespace mtlink
{

const GridTopology&
GridRouting::GetLayout(const Topology& topology, uint32_t domain)
{
    return *static_cast<const GridTopology*>(topology.GetDomains()[domain].builder);
}

GridRouting::GridRouting(const Topology& topology, uint32_t domain, bool adaptive)
    : m_places(topology,
               domain,
               GetLayout(topology, domain).GetGrid(),
               GetLayout(topology, domain).GetEndpointsPerSwitch()),
      m_adaptive(adaptive)
{
}

bool
GridRouting::IsInjectionUniform(uint32_t) const
{
    return true;
}

bool
GridRouting::IsAdaptive() const
{
    return m_adaptive;
}

} // namespace mtlink
} // namespace ns3
