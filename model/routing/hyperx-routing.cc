/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/hyperx-routing.h"

#include "routing/routing-registry.h"

#include "ns3/mtlink-grid-topology.h"
#include "ns3/mtlink-hyperx-topology.h"

namespace ns3
{
namespace mtlink
{

namespace
{

const Registered<MakeMinimal> REGISTERED(GetMinimalRoutes(),
                                         HyperxTopology::GetTypeId().GetName(),
                                         MakeRoutes<HyperxRouting, false>);

} // namespace

HyperxRouting::HyperxRouting(const Topology& topology, uint32_t domain, bool adaptive)
    : GridRouting(topology, domain, adaptive)
{
    const Grid grid = GetLayout(topology, domain).GetGrid();
    const std::vector<uint32_t> widths = GetLayout(topology, domain).GetWidths();
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
    const std::string ways =
        m_adaptive
            ? "Minimal adaptive on a HyperX (Duato 1993), packet by packet: of all links to the "
              "destination's coordinate in some dimension the least loaded that has credit for the "
              "whole packet in VC class 1; the credit is taken at once, so no packet waits for it "
              "there. Where none has, the packet waits for the link of dimension order, the "
              "escape, which is free of deadlock alone. "
            : "";
    return ways +
           "Dimension order on a HyperX (Ahn et al. 2009): by one link along the first dimension "
           "to the destination's coordinate, then by one along the second, and so on; all parallel "
           "links to that switch are candidates. One VC class of it: dependencies follow the "
           "dimensions "
           "and close no cycle.";
}

uint32_t
HyperxRouting::GetVcClasses() const
{
    return m_adaptive ? 2 : 1;
}

IndexSpan
HyperxRouting::GetLinks(uint32_t d, uint32_t point, uint32_t from, uint32_t to) const
{
    const Line& line = m_lines[d];
    const uint32_t other = to < from ? to : to - 1;
    const uint32_t port = m_places.GetAttached(point) + line.firstPort + other * line.width;
    return {m_places.GetLinks(point) + port, line.width};
}

Hops
HyperxRouting::NextHops(uint32_t node, uint32_t target, uint8_t) const
{
    return FindHops(node, target, 0, [this](const Way& way, uint32_t d) -> Hops {
        return {GetLinks(d, way.point, way.at[d], way.to[d]), 0};
    });
}

void
HyperxRouting::GetAlternatives(const PathState& state, std::vector<Alternative>& alternatives) const
{
    FindAlternatives(state, alternatives, [&](const Way& way, uint32_t d) {
        const auto links = GetLinks(d, way.point, way.at[d], way.to[d]);
        alternatives.push_back({{links, 1}, NO_DETOUR, true});
    });
}

} // namespace mtlink
} // namespace ns3
