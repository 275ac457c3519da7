/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_ROOT_DATA_H
#define MTLINK_REPORT_ROOT_DATA_H

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
 * Write what the fabric's picture marks, as an object: `root`, null or {`name`, `to` of the link
 * that the verdict names, `from_place`, `to_place`, `flows` over it and `victims`, each [place of
 * the source, of the destination], the first of `flows_all` and `victims_all`}; and `faults`, each
 * [name of a link that was not up all the time, place, place, share of the time down, with fewer
 * lanes] in 1/10000, the first of `faults_all`. A place is that of a node in `nodes`, or -1 - g: a
 * node of group g that is not on the page. Bounded to 200 flows, victims and faults.
 * @param [in] results A run.
 * @param [in] layout Its layout.
 * @param [in] nodes Nodes that are on the page, by index.
 * @param [in,out] json Gets it.
 */
void WriteRootData(const RunResults& results,
                   const FabricLayout& layout,
                   const std::vector<uint32_t>& nodes,
                   JsonWriter& json);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_ROOT_DATA_H
