/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-hyperx-routing.h"

#include "ns3/mtlink-hyperx-topology.h"

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return the layout of a domain. */
const HyperxTopology&
GetHyperx(const Topology& topology, uint32_t domain)
{
    return *static_cast<const HyperxTopology*>(topology.GetDomains()[domain].builder);
}

} // namespace

HyperxRouting::HyperxRouting(const Topology& topology, uint32_t domain)
    : m_places(topology,
               domain,
               GetHyperx(topology, domain).GetGrid(),
               GetHyperx(topology, domain).GetEndpointsPerSwitch())
{
    const HyperxTopology& hyperx = GetHyperx(topology, domain);
    const Grid grid = hyperx.GetGrid();
    const std::vector<uint32_t> widths = hyperx.GetWidths();
    uint32_t port = 0;
    for (uint32_t d = 0; d < grid.GetDimensions(); ++d)
    {
        m_lines.push_back({widths[d], port});
        port += (grid.GetSize(d) - 1) * widths[d];
    }
}

std::string
HyperxRouting::GetDefinition() const
{
    return "Dimension order on a HyperX (Ahn et al. 2009): by one link along the first dimension "
           "to the destination's coordinate, then by one along the second, and so on; all parallel "
           "links to that switch are candidates. One VC class: dependencies follow the dimensions "
           "and close no cycle.";
}

uint32_t
HyperxRouting::GetVcClasses() const
{
    return 1;
}

Hops
HyperxRouting::NextHops(uint32_t node, uint32_t target, uint8_t) const
{
    const uint32_t index = m_places.GetIndex(target);
    if (!m_places.IsSwitch(node))
    {
        return {m_places.GetInjection(m_places.GetIndex(node)), 0};
    }
    const uint32_t point = m_places.GetPoint(node);
    const uint32_t* at = m_places.GetCoordinates(point);
    const uint32_t* to = m_places.GetCoordinates(m_places.GetPointOf(index));
    for (uint32_t d = 0; d < m_lines.size(); ++d)
    {
        if (at[d] != to[d])
        {
            const uint32_t other = to[d] < at[d] ? to[d] : to[d] - 1;
            const uint32_t* first =
                m_places.GetLinks(point) + m_places.GetAttached(point) + m_lines[d].firstPort;
            return {{first + other * m_lines[d].width, m_lines[d].width}, 0};
        }
    }
    return {m_places.GetEjection(index), 0};
}

bool
HyperxRouting::IsInjectionUniform(uint32_t) const
{
    return true;
}

} // namespace mtlink
} // namespace ns3
