/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_CONGESTION_DATA_H
#define MTLINK_REPORT_CONGESTION_DATA_H

#include "measure/json-writer.h"

#include "ns3/mtlink-results.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write who held whom up, as an object: `all` (rows of congestion.csv) and `rows`, of which each is
 * [root, victim, stall_ns, waits] with links by id. Bounded: the 2,000 longest.
 * @param [in] results A run.
 * @param [in,out] json Gets it.
 */
void WriteCongestionData(const RunResults& results, JsonWriter& json);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_CONGESTION_DATA_H
