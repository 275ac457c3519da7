/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_GRAPH_READER_H
#define MTLINK_GRAPH_READER_H

#include "experiment/yaml-mapping.h"

#include "ns3/mtlink-graph-topology.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Read the `nodes:` and `edges:` of a fabric of kind graph.
 * @param [in,out] mapping The fabric; these keys are taken.
 * @param [in,out] graph Gets them, unless it was read from its file.
 * @throws InputError at the node or edge that can't be.
 */
void ReadGraph(YamlMapping& mapping, GraphTopology& graph);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_GRAPH_READER_H
