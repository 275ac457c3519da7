/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_GRID_ENDPOINTS_H
#define MTLINK_GRID_ENDPOINTS_H

#include "mtlink-grid.h"
#include "mtlink-topology.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] d A dimension of a grid.
 * @return the name of the class of its links.
 */
std::string GetGridLinkClass(uint32_t d);

/**
 * @ingroup mtlink
 * @param [in] grid A grid.
 * @return the classes of the links on it: "endpoint", and one for each dimension that has links.
 */
std::vector<std::string> GetGridLinkClasses(const Grid& grid);

/**
 * @ingroup mtlink
 * Add a switch at each point of a grid, and its endpoints' links.
 * @param [in,out] topology Where to.
 * @param [in] grid The grid.
 * @param [in] endpoints Endpoints to attach, to one switch after another.
 * @param [in] perSwitch Endpoints on each.
 * @param [in] path Prefix for names.
 * @param [in] scope Fabric description that the links belong to.
 * @return the node of the first switch.
 */
uint32_t AddGridSwitches(Topology& topology,
                         const Grid& grid,
                         const std::vector<uint32_t>& endpoints,
                         uint32_t perSwitch,
                         const std::string& path,
                         uint32_t scope);

/**
 * @ingroup mtlink
 * @param [in] switches Switches in some order.
 * @param [in] perSwitch Endpoints on each.
 * @param [in] endpoints Endpoints that there are, fewer than places or as many.
 * @return endpoints in the order of their switches.
 */
std::vector<uint32_t> OrderEndpoints(const std::vector<uint32_t>& switches,
                                     uint32_t perSwitch,
                                     uint32_t endpoints);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_GRID_ENDPOINTS_H
