/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fuzz.h"
#include "topology/graphml.h"

#include "ns3/mtlink-graph-topology.h"

using namespace ns3;
using namespace ns3::mtlink;

int
LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size)
{
    return TryInput([&] {
        const Ptr<GraphTopology> graph = CreateObject<GraphTopology>();
        ReadGraphMl(ToText(data, size), "graph.graphml", *graph);
        try
        {
            graph->Build();
        }
        catch (const ParameterError&)
        {
            // who reads the file tells its place
        }
    });
}
