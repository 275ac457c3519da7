/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/grid-places.h"

#include "routing/domain-links.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

GridPlaces::GridPlaces(const Topology& topology,
                       uint32_t domain,
                       const Grid& grid,
                       uint32_t perSwitch)
    : m_dimensions(grid.GetDimensions()),
      m_firstSwitch(topology.GetDomains()[domain].firstSwitch),
      m_perSwitch(perSwitch),
      m_index(topology.GetDomains()[domain].endpoints)
{
    const auto& ends = topology.GetDomains()[domain].endpoints;
    const auto endpoints = static_cast<uint32_t>(ends.size());
    for (uint32_t point = 0; point < grid.GetPoints(); ++point)
    {
        for (uint32_t d = 0; d < m_dimensions; ++d)
        {
            m_coordinates.push_back(grid.GetCoordinate(point, d));
        }
        m_links.push_back(topology.GetOutLinks(m_firstSwitch + point).data());
        const uint32_t before = std::min(endpoints, point * m_perSwitch);
        m_attached.push_back(std::min(m_perSwitch, endpoints - before));
    }
    for (const uint32_t endpoint : ends)
    {
        m_injection.push_back(GetDomainLinks(topology, endpoint, domain));
    }
}

} // namespace mtlink
} // namespace ns3
