/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-torus-topology.h"

#include "mtlink-count-list.h"
#include "mtlink-grid-endpoints.h"

#include "ns3/mtlink-error.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(TorusTopology);

TypeId
TorusTopology::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::TorusTopology")
            .SetParent<TopologyBuilder>()
            .SetGroupName("Mtlink")
            .AddConstructor<TorusTopology>()
            .AddAttribute("Dimensions",
                          "Switches along each dimension, as 4,4,4; the first varies fastest with "
                          "the rank (the user's design).",
                          StringValue(""),
                          MakeStringAccessor(&TorusTopology::m_dimensions),
                          MakeStringChecker())
            .AddAttribute("EndpointsPerSwitch",
                          "Endpoints on each switch (assumed: 1, a router on each chip).",
                          UintegerValue(1),
                          MakeUintegerAccessor(&TorusTopology::m_endpointsPerSwitch),
                          MakeUintegerChecker<uint32_t>(1, 4096))
            .AddAttribute("Wrap",
                          "Which dimensions are rings (1) and which are lines (0), as 1,1,0, or "
                          "one number for all; empty: all are rings (the user's design).",
                          StringValue(""),
                          MakeStringAccessor(&TorusTopology::m_wrap),
                          MakeStringChecker())
            .AddAttribute("Width",
                          "Parallel links between two neighbours in each dimension, as 2,2,1, or "
                          "one number for all; empty: 1 each (the user's design).",
                          StringValue(""),
                          MakeStringAccessor(&TorusTopology::m_width),
                          MakeStringChecker());
    return tid;
}

Grid
TorusTopology::GetGrid() const
{
    return Grid::Parse(m_dimensions, "torus");
}

std::vector<bool>
TorusTopology::GetRings() const
{
    const Grid grid = GetGrid();
    const auto wrap = ParseByDimension("wrap", m_wrap, grid.GetDimensions(), 0, 1);
    std::vector<bool> rings;
    for (uint32_t d = 0; d < grid.GetDimensions(); ++d)
    {
        rings.push_back(wrap[d] == 1 && grid.GetSize(d) > 2);
    }
    return rings;
}

std::vector<uint32_t>
TorusTopology::GetWidths() const
{
    return ParseByDimension("width", m_width, GetGrid().GetDimensions(), 1, 1024);
}

uint32_t
TorusTopology::GetCapacity() const
{
    const double endpoints = static_cast<double>(GetGrid().GetPoints()) * m_endpointsPerSwitch;
    CheckSize("dimensions", endpoints, 0);
    return static_cast<uint32_t>(endpoints);
}

std::vector<std::string>
TorusTopology::GetLinkClassNames() const
{
    return GetGridLinkClasses(GetGrid());
}

std::vector<uint32_t>
TorusTopology::GetRingOrder(uint32_t endpoints) const
{
    return OrderEndpoints(GetGrid().GetCycle(GetRings()), m_endpointsPerSwitch, endpoints);
}

void
TorusTopology::Attach(Topology& topology,
                      const std::vector<uint32_t>& endpoints,
                      const std::string& path,
                      uint32_t tier) const
{
    const Grid grid = GetGrid();
    const std::vector<bool> rings = GetRings();
    const std::vector<uint32_t> widths = GetWidths();
    CheckEndpoints(endpoints.size());
    const double switches = grid.GetPoints();
    double cables = static_cast<double>(endpoints.size());
    for (const uint32_t width : widths)
    {
        cables += switches * width;
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
            const bool isLast = grid.GetCoordinate(s, d) + 1 == size;
            if (isLast && !rings[d])
            {
                continue;
            }
            const uint32_t next = isLast ? s - (size - 1) * stride : s + stride;
            for (uint32_t k = 0; k < widths[d]; ++k)
            {
                topology.AddCable(first + s, first + next, cls);
            }
        }
    }
}

} // namespace mtlink
} // namespace ns3
