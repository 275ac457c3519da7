/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_FABRIC_DATA_H
#define MTLINK_REPORT_FABRIC_DATA_H

#include "measure/json-writer.h"

#include "ns3/mtlink-results.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * How a fabric is drawn: nodes on levels, in groups that can be folded. */
struct FabricLayout
{
    std::vector<uint32_t> levels;    //!< By node: links to the nearest endpoint
    std::vector<uint32_t> groupOf;   //!< By node
    std::vector<std::string> groups; //!< Their names, in order of their first node
};

/**
 * @ingroup mtlink
 * Find the groups that a reader knows. Switches: those of one part of the fabric (plane0, rail3,
 * group5, by what stands before the last "/" of their names); else in a tree those that hang
 * together below the topmost level ("pod 0"); else in a grid those of one last coordinate.
 * Endpoints: those of one part (node7), else with their switches where those are in one group, else
 * together. Where there would be more than 64 groups of a kind, neighbours share one.
 * @param [in] results A run with its nodes and links.
 * @return the layout.
 */
FabricLayout LayOutFabric(const RunResults& results);

/**
 * @ingroup mtlink
 * Write what the page draws of the fabric, as an object: `nodes`, each [name, is switch, level,
 * group]; `groups`, each [name, endpoints, switches]; and `cables` between and within groups, each
 * [group, group, links, mean utilisation, greatest, mean stall, greatest], links counted in each
 * direction and shares in 1/10000.
 * @param [in] results A run with its nodes and links.
 * @param [in,out] json Gets it.
 */
void WriteFabricData(const RunResults& results, JsonWriter& json);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_FABRIC_DATA_H
