/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-grid-topology.h"

#include "topology/count-list.h"

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return the name of the class of the links along a dimension. */
std::string
GetLinkClass(uint32_t d)
{
    return "dimension" + std::to_string(d);
}

} // namespace

Grid
GridTopology::GetGrid() const
{
    return Grid::Parse(m_dimensions, GetKind());
}

std::vector<uint32_t>
GridTopology::GetWidths() const
{
    return ParseByDimension("width", m_width, GetGrid().GetDimensions(), 1, 1024);
}

uint32_t
GridTopology::GetCapacity() const
{
    const double endpoints = static_cast<double>(GetGrid().GetPoints()) * m_endpointsPerSwitch;
    CheckSize("dimensions", endpoints, 0);
    return static_cast<uint32_t>(endpoints);
}

std::vector<std::string>
GridTopology::GetLinkClassNames() const
{
    const Grid grid = GetGrid();
    std::vector<std::string> names{"endpoint"};
    for (uint32_t d = 0; d < grid.GetDimensions(); ++d)
    {
        if (grid.GetSize(d) > 1)
        {
            names.push_back(GetLinkClass(d));
        }
    }
    return names;
}

std::vector<uint32_t>
GridTopology::GetRingOrder(uint32_t endpoints) const
{
    std::vector<uint32_t> order;
    for (const uint32_t s : GetGrid().GetCycle(GetClosed()))
    {
        const uint32_t first = s * m_endpointsPerSwitch;
        for (uint32_t e = first; e < first + m_endpointsPerSwitch && e < endpoints; ++e)
        {
            order.push_back(e);
        }
    }
    return order;
}

uint32_t
GridTopology::AddSwitches(Topology& topology,
                          const Grid& grid,
                          const std::vector<uint32_t>& endpoints,
                          const std::string& path) const
{
    uint32_t first = 0;
    for (uint32_t s = 0; s < grid.GetPoints(); ++s)
    {
        const uint32_t node = topology.AddSwitch(path + "switch" + grid.GetName(s));
        first = s == 0 ? node : first;
    }
    const uint32_t cls = topology.AddLinkClass({GetScope(), "endpoint", {}});
    for (uint32_t e = 0; e < endpoints.size(); ++e)
    {
        topology.AddCable(endpoints[e], first + e / m_endpointsPerSwitch, cls);
    }
    return first;
}

void
GridTopology::Attach(Topology& topology,
                     const std::vector<uint32_t>& endpoints,
                     const std::string& path,
                     uint32_t tier) const
{
    const Grid grid = GetGrid();
    const std::vector<bool> closed = GetClosed();
    const std::vector<uint32_t> widths = GetWidths();
    CheckEndpoints(endpoints.size());
    double cables = static_cast<double>(endpoints.size());
    for (uint32_t d = 0; d < grid.GetDimensions(); ++d)
    {
        cables += CountPairs(grid, d) * widths[d];
    }
    CheckSize("dimensions", static_cast<double>(grid.GetPoints()) + GetCapacity(), cables);

    topology.OpenDomain({this, GetScope(), tier, path, endpoints});
    const uint32_t first = AddSwitches(topology, grid, endpoints, path);
    std::vector<uint32_t> next;
    for (uint32_t d = 0; d < grid.GetDimensions(); ++d)
    {
        if (grid.GetSize(d) == 1)
        {
            continue;
        }
        const uint32_t cls = topology.AddLinkClass({GetScope(), GetLinkClass(d), {}});
        for (uint32_t s = 0; s < grid.GetPoints(); ++s)
        {
            next.clear();
            FindNext(grid, s, d, closed[d], next);
            for (const uint32_t other : next)
            {
                for (uint32_t k = 0; k < widths[d]; ++k)
                {
                    topology.AddCable(first + s, first + other, cls);
                }
            }
        }
    }
}

} // namespace mtlink
} // namespace ns3
