/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-torus-topology.h"

#include "topology/count-list.h"

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

std::string
TorusTopology::GetKind() const
{
    return "torus";
}

std::vector<bool>
TorusTopology::GetClosed() const
{
    return GetRings();
}

double
TorusTopology::CountPairs(const Grid& grid, uint32_t) const
{
    return grid.GetPoints();
}

void
TorusTopology::FindNext(const Grid& grid,
                        uint32_t s,
                        uint32_t d,
                        bool isClosed,
                        std::vector<uint32_t>& next) const
{
    if (grid.GetCoordinate(s, d) + 1 < grid.GetSize(d))
    {
        next.push_back(s + grid.GetStride(d));
    }
    else if (isClosed)
    {
        next.push_back(s - (grid.GetSize(d) - 1) * grid.GetStride(d));
    }
}

} // namespace mtlink
} // namespace ns3
