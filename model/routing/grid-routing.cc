/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/grid-routing.h"

#include "routing/hyperx-routing.h"
#include "routing/routing-registry.h"
#include "routing/torus-routing.h"

#include "ns3/mtlink-error.h"
#include "ns3/mtlink-grid-topology.h"
#include "ns3/mtlink-hyperx-topology.h"
#include "ns3/mtlink-torus-topology.h"

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return routes over a torus or HyperX. */
std::unique_ptr<RoutingAlgorithm>
MakeOnGrid(const Topology& topology, uint32_t domain, const RoutingProfile& profile, bool adaptive)
{
    const TopologyBuilder* const builder = topology.GetDomains()[domain].builder;
    if (dynamic_cast<const TorusTopology*>(builder))
    {
        return std::make_unique<TorusRouting>(topology, domain, adaptive);
    }
    if (dynamic_cast<const HyperxTopology*>(builder))
    {
        return std::make_unique<HyperxRouting>(topology, domain, adaptive);
    }
    throw ParameterError("algorithm",
                         profile.GetAlgorithm() +
                             " is for kinds torus and hyperx; use minimal, shortest or auto");
}

std::unique_ptr<RoutingAlgorithm>
MakeDimensionOrder(const Topology& topology, uint32_t domain, const RoutingProfile& profile)
{
    return MakeOnGrid(topology, domain, profile, false);
}

std::unique_ptr<RoutingAlgorithm>
MakeAdaptive(const Topology& topology, uint32_t domain, const RoutingProfile& profile)
{
    return MakeOnGrid(topology, domain, profile, true);
}

const Registered<RoutingKind> DIMENSION_ORDER(GetRoutingAlgorithms(),
                                              "dimension_order",
                                              {.make = MakeDimensionOrder});
const Registered<RoutingKind> ADAPTIVE(GetRoutingAlgorithms(),
                                       "adaptive",
                                       {.by = WayBy::LOAD, .make = MakeAdaptive});

} // namespace

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
