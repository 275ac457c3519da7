/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_FABRIC_DATA_H
#define MTLINK_REPORT_FABRIC_DATA_H

#include "measure/fabric-layout.h"
#include "measure/json-writer.h"

#include "ns3/mtlink-results.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write what the page draws of the fabric, as an object: `nodes_all`; `nodes`, each [name, is
 * switch, level, group]; `groups`, each [name, endpoints, switches]; and `cables` between and
 * within groups, each [group, group, links, mean utilisation, greatest, mean stall, greatest,
 * class of the busiest], links counted in each direction and shares in 1/10000.
 * @param [in] results A run with its nodes and links.
 * @param [in] layout Its layout.
 * @param [in] nodes Nodes that are on the page, by index.
 * @param [in,out] json Gets it.
 */
void WriteFabricData(const RunResults& results,
                     const FabricLayout& layout,
                     const std::vector<uint32_t>& nodes,
                     JsonWriter& json);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_FABRIC_DATA_H
