/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TOPOLOGY_EXPORT_H
#define MTLINK_TOPOLOGY_EXPORT_H

#include "ns3/mtlink-topology.h"

#include <ostream>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write the graph for Graphviz: switches are boxes, an edge is a cable (or several, then with
 * their number), its colour tells the link class. For GraphML see WriteGraphMl().
 * @param [in,out] out Where to.
 * @param [in] topology The graph.
 */
void WriteDot(std::ostream& out, const Topology& topology);

/**
 * @ingroup mtlink
 * Write one line per link (one direction of a cable), by id, with the columns
 * `link,name,from,from_port,to,to_port,class,domain,reverse`: id, "FROM:PORT", names of the nodes,
 * their ports, link class, path of the domain, and id of the other direction.
 * @param [in,out] out Where to.
 * @param [in] topology The graph.
 */
void WriteLinksCsv(std::ostream& out, const Topology& topology);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TOPOLOGY_EXPORT_H
