/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-hyperx-topology.h"

#include "mtlink-count-list.h"
#include "mtlink-grid-endpoints.h"

#include "ns3/mtlink-error.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(HyperxTopology);

TypeId
HyperxTopology::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::HyperxTopology")
            .SetParent<TopologyBuilder>()
            .SetGroupName("Mtlink")
            .AddConstructor<HyperxTopology>()
            .AddAttribute("Dimensions",
                          "Switches along each dimension, as 8,8: S of Ahn et al. 2009; the first "
                          "varies fastest with the rank (the user's design).",
                          StringValue(""),
                          MakeStringAccessor(&HyperxTopology::m_dimensions),
                          MakeStringChecker())
            .AddAttribute("EndpointsPerSwitch",
                          "Endpoints on each switch: T of Ahn et al. 2009 (assumed: 1).",
                          UintegerValue(1),
                          MakeUintegerAccessor(&HyperxTopology::m_endpointsPerSwitch),
                          MakeUintegerChecker<uint32_t>(1, 4096))
            .AddAttribute("Width",
                          "Parallel links between two switches in each dimension, as 2,1, or one "
                          "number for all: K of Ahn et al. 2009; empty: 1 each (the user's "
                          "design).",
                          StringValue(""),
                          MakeStringAccessor(&HyperxTopology::m_width),
                          MakeStringChecker());
    return tid;
}

Grid
HyperxTopology::GetGrid() const
{
    return Grid::Parse(m_dimensions, "hyperx");
}

std::vector<uint32_t>
HyperxTopology::GetWidths() const
{
    return ParseByDimension("width", m_width, GetGrid().GetDimensions(), 1, 1024);
}

uint32_t
HyperxTopology::GetCapacity() const
{
    const double endpoints = static_cast<double>(GetGrid().GetPoints()) * m_endpointsPerSwitch;
    CheckSize("dimensions", endpoints, 0);
    return static_cast<uint32_t>(endpoints);
}

std::vector<std::string>
HyperxTopology::GetLinkClassNames() const
{
    return GetGridLinkClasses(GetGrid());
}

std::vector<uint32_t>
HyperxTopology::GetRingOrder(uint32_t endpoints) const
{
    const Grid grid = GetGrid();
    // All points of a line are neighbours: its last and its first too.
    return OrderEndpoints(grid.GetCycle(std::vector<bool>(grid.GetDimensions(), true)),
                          m_endpointsPerSwitch,
                          endpoints);
}

void
HyperxTopology::Attach(Topology& topology,
                       const std::vector<uint32_t>& endpoints,
                       const std::string& path,
                       uint32_t tier) const
{
    const Grid grid = GetGrid();
    const std::vector<uint32_t> widths = GetWidths();
    CheckEndpoints(endpoints.size());
    const double switches = grid.GetPoints();
    double cables = static_cast<double>(endpoints.size());
    for (uint32_t d = 0; d < grid.GetDimensions(); ++d)
    {
        cables += switches * (grid.GetSize(d) - 1) / 2 * widths[d];
    }
    CheckSize("dimensions", switches + GetCapacity(), cables);

    topology.OpenDomain({this, GetScope(), tier, path, endpoints});
    const uint32_t first =
        AddGridSwitches(topology, grid, endpoints, m_endpointsPerSwitch, path, GetScope());
    for (uint32_t d = 0; d < grid.GetDimensions(); ++d)
    {
        const uint32_t size = grid.GetSize(d);
        const uint32_t stride = grid.GetStride(d);
        if (size == 1)
        {
            continue;
        }
        const uint32_t cls = topology.AddLinkClass({GetScope(), GetGridLinkClass(d), {}});
        for (uint32_t s = 0; s < grid.GetPoints(); ++s)
        {
            for (uint32_t step = 1; grid.GetCoordinate(s, d) + step < size; ++step)
            {
                for (uint32_t k = 0; k < widths[d]; ++k)
                {
                    topology.AddCable(first + s, first + s + step * stride, cls);
                }
            }
        }
    }
}

} // namespace mtlink
} // namespace ns3
