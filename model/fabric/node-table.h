/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_NODE_TABLE_H
#define MTLINK_NODE_TABLE_H

#include "ns3/mtlink-results.h"

#include <vector>

namespace ns3
{
namespace mtlink
{

class Topology;

/**
 * @ingroup mtlink
 * @param [in] topology The graph.
 * @return its nodes by number. The part of a switch is the path of its domain ("rail0/"); that of
 * an endpoint the path of the domain of its lowest tier ("node3/"), or empty where it is in several
 * of that tier, as with planes.
 */
std::vector<NodeResult> DescribeNodes(const Topology& topology);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_NODE_TABLE_H
