/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FABRIC_LAYOUT_H
#define MTLINK_FABRIC_LAYOUT_H

#include "ns3/mtlink-results.h"

#include <cstdint>
#include <string>
#include <utility>
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
    /** By link: the nodes that it is from and to; UINT32_MAX: not in nodes.csv. */
    std::vector<std::pair<uint32_t, uint32_t>> endsOfLinks;
};

/**
 * @ingroup mtlink
 * Find the groups that a reader knows. Switches: those of one part of the fabric (plane0, rail3,
 * group5, by what stands before the last "/" of their names); else in a tree those that hang
 * together below the topmost level ("pod 0"); else in a grid those of one last coordinate.
 * Endpoints: those of one part (node7), else with their switches where those are in one group, else
 * together. Where there would be more than 64 groups of a kind, neighbours share one.
 * @param [in] results A run with its nodes and links; where links are by level, the nodes know.
 * @return the layout.
 */
FabricLayout LayOutFabric(const RunResults& results);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FABRIC_LAYOUT_H
