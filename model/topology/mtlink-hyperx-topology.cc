/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-hyperx-topology.h"

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

std::string
HyperxTopology::GetKind() const
{
    return "hyperx";
}

std::vector<bool>
HyperxTopology::GetClosed() const
{
    // All switches of a line are neighbours: its last and its first too.
    return std::vector<bool>(GetGrid().GetDimensions(), true);
}

double
HyperxTopology::CountPairs(const Grid& grid, uint32_t d) const
{
    return static_cast<double>(grid.GetPoints()) * (grid.GetSize(d) - 1) / 2;
}

void
HyperxTopology::FindNext(const Grid& grid,
                         uint32_t s,
                         uint32_t d,
                         bool,
                         std::vector<uint32_t>& next) const
{
    for (uint32_t step = 1; grid.GetCoordinate(s, d) + step < grid.GetSize(d); ++step)
    {
        next.push_back(s + step * grid.GetStride(d));
    }
}

} // namespace mtlink
} // namespace ns3
