/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/torus-routing.h"

#include "routing/routing-registry.h"

#include "ns3/mtlink-torus-topology.h"

#include <numeric>

namespace ns3
{
namespace mtlink
{

namespace
{

const Registered<MakeMinimal> REGISTERED(GetMinimalRoutes(),
                                         TorusTopology::GetTypeId().GetName(),
                                         MakeRoutes<TorusRouting, false>);

} // namespace

TorusRouting::TorusRouting(const Topology& topology, uint32_t domain, bool adaptive)
    : GridRouting(topology, domain, adaptive)
{
    const auto& torus = static_cast<const TorusTopology&>(GetLayout(topology, domain));
    const Grid grid = torus.GetGrid();
    const std::vector<bool> rings = torus.GetRings();
    const std::vector<uint32_t> widths = torus.GetWidths();
    for (uint32_t d = 0; d < grid.GetDimensions(); ++d)
    {
        m_lines.push_back({grid.GetSize(d), widths[d], rings[d]});
        // On a ring of three no packet takes two links, so none waits there for another.
        if (rings[d] && grid.GetSize(d) > 3)
        {
            m_ordered = 2;
        }
    }
    const uint32_t firstSwitch = topology.GetDomains()[domain].firstSwitch;
    for (uint32_t point = 0; point < grid.GetPoints(); ++point)
    {
        uint32_t port = m_places.GetAttached(point);
        const auto out = topology.GetOutLinks(firstSwitch + point);
        for (uint32_t d = 0; d < grid.GetDimensions(); ++d)
        {
            const uint32_t size = grid.GetSize(d);
            const uint32_t here = grid.GetCoordinate(point, d);
            uint32_t ports[2] = {0, 0};
            const auto isNext = [&](uint32_t coordinate) {
                if (port >= out.size())
                {
                    return false;
                }
                const uint32_t to = topology.GetLinks()[out[port]].to - firstSwitch;
                return to == point - here * grid.GetStride(d) + coordinate * grid.GetStride(d);
            };
            // Neighbours follow one another in either order, see TorusTopology.
            for (uint32_t side = 0; side < 2 && size > 1; ++side)
            {
                const uint32_t above = (here + 1) % size;
                const uint32_t below = (here + size - 1) % size;
                const bool hasUp = here + 1 < size || rings[d];
                const bool hasDown = here > 0 || rings[d];
                if (hasUp && isNext(above))
                {
                    ports[UP] = port;
                    port += widths[d];
                }
                else if (hasDown && isNext(below))
                {
                    ports[DOWN] = port;
                    port += widths[d];
                }
            }
            m_ports.insert(m_ports.end(), {ports[UP], ports[DOWN]});
        }
    }
    for (uint32_t index = 0; index < topology.GetDomains()[domain].endpoints.size(); ++index)
    {
        const uint32_t* at = m_places.GetCoordinates(m_places.GetPointOf(index));
        const uint32_t sum = std::accumulate(at, at + m_lines.size(), m_places.GetPlace(index));
        m_tieUp.push_back(sum % 2 == 0);
    }
}

std::string
TorusRouting::GetDefinition() const
{
    const std::string classes =
        m_ordered == 1
            ? "One VC class of it: no packet takes two links of one ring, so dependencies follow "
              "the "
              "dimensions and close no cycle."
            : "Two VC classes of it (Dally and Seitz 1987): on a ring, 0 as long as the link from "
              "the "
              "last coordinate to the first, or back, lies ahead, 1 from behind it on and for who "
              "does not take it; on a line, and to the endpoint, 1; from the endpoint 0. Class 1 "
              "does not use that link and class 0 ends with it, so no ring closes, and no packet "
              "returns to an earlier dimension.";
    const std::string ways =
        m_adaptive
            ? "Minimal adaptive on a torus (Duato 1993), packet by packet: of all links that lead "
              "nearer, both ways where the destination is half-way round a ring, the least loaded "
              "that has credit for the whole packet in VC class " +
                  std::to_string(m_ordered) +
                  "; the credit is taken at once, so no packet waits for it there. Where none has, "
                  "the packet waits for the link of dimension order, the escape, which is free of "
                  "deadlock alone. "
            : "";
    return ways +
           "Dimension order on a torus: first along the first dimension to the destination's "
           "coordinate, then along the second, and so on; all parallel links to the next switch "
           "are candidates. On a ring the shorter way; half-way round it goes up where the sum of "
           "the destination's coordinates and its place on its switch is even, else down. " +
           classes;
}

uint32_t
TorusRouting::GetVcClasses() const
{
    return m_ordered + (m_adaptive ? 1 : 0);
}

TorusRouting::Direction
TorusRouting::GetDirection(uint32_t d, uint32_t from, uint32_t to, uint32_t index) const
{
    const Line& line = m_lines[d];
    if (!line.ring)
    {
        return to > from ? UP : DOWN;
    }
    const uint32_t above = GetStepsUp(d, from, to);
    if (2 * above == line.size)
    {
        return m_tieUp[index] ? UP : DOWN;
    }
    return 2 * above < line.size ? UP : DOWN;
}

Hops
TorusRouting::NextHops(uint32_t node, uint32_t target, uint8_t) const
{
    const auto last = static_cast<uint8_t>(m_ordered - 1);
    return FindHops(node, target, last, [this](const Way& way, uint32_t d) -> Hops {
        const Direction direction = GetDirection(d, way.at[d], way.to[d], way.index);
        const bool wrapsAhead = direction == UP ? way.at[d] > way.to[d] : way.at[d] < way.to[d];
        const uint8_t vcClass = m_ordered == 2 && !wrapsAhead ? 1 : 0;
        return {GetLinks(d, way.point, direction), vcClass};
    });
}

void
TorusRouting::GetAlternatives(const PathState& state, std::vector<Alternative>& alternatives) const
{
    FindAlternatives(state, alternatives, [&](const Way& way, uint32_t d) {
        const Direction shorter = GetDirection(d, way.at[d], way.to[d], way.index);
        alternatives.push_back({{GetLinks(d, way.point, shorter), m_ordered}, NO_DETOUR, true});
        if (m_lines[d].ring && 2 * GetStepsUp(d, way.at[d], way.to[d]) == m_lines[d].size)
        {
            const Direction other = shorter == UP ? DOWN : UP;
            alternatives.push_back({{GetLinks(d, way.point, other), m_ordered}, NO_DETOUR, true});
        }
    });
}

} // namespace mtlink
} // namespace ns3
