/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_GRAPHML_H
#define MTLINK_GRAPHML_H

#include "ns3/mtlink-topology.h"

#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

class GraphTopology;

/**
 * @ingroup mtlink
 * Read GraphML (graphml.graphdrawing.org, without hyperedges, ports and nested graphs).
 *
 * A node's name is its attribute `name`, or its id; its attribute `type` is `switch` or
 * `endpoint`; other node attributes are ignored. Of an edge, `count` is the number of parallel
 * cables, `class` the link class, and every other attribute a link parameter of these cables.
 * Attributes without a value take their key's default, or are absent.
 *
 * @param [in] text The file's content.
 * @param [in] file Its name, for messages.
 * @param [in,out] graph Gets the nodes and edges, in the order of the file.
 * @throws InputError if the text is no GraphML, or no graph.
 */
void ReadGraphMl(const std::string& text, const std::string& file, GraphTopology& graph);

/**
 * @ingroup mtlink
 * Write GraphML that ReadGraphMl() reads: names, types, classes and parameters are kept, and so
 * is every node's order of ports; domains and scopes are not.
 * @param [in,out] out Where to.
 * @param [in] topology The graph.
 * @param [in] parameters By link class: link parameters to write, YAML key -> value; where
 *             missing, the class's own overrides.
 */
void WriteGraphMl(std::ostream& out,
                  const Topology& topology,
                  const std::vector<std::map<std::string, std::string>>& parameters = {});

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_GRAPHML_H
