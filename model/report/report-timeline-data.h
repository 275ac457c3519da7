/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_TIMELINE_DATA_H
#define MTLINK_REPORT_TIMELINE_DATA_H

#include "measure/json-writer.h"

#include "ns3/mtlink-results.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write what the page draws of collectives and ranks over time, as an object: `end_ns`; `names`,
 * `algorithms`; `collectives`, each [id, name, algorithm, ranks, bytes, start_ns, end_ns or null,
 * busbw_GBps or null, bound_ratio or null]; `collectives_all`; `bin_ns`, `ranks`, `ranks_per_row`
 * and `rows`, each with its label, its part in collectives as flat triples (index, start_ns,
 * end_ns) and, per bin, the share of ranks and time with a message under way, in 1/1000.
 * Bounded: the longest 1,000 collectives, 64 rows of ranks, 240 bins.
 * @param [in] results A run.
 * @param [in,out] json Gets it.
 */
void WriteTimelineData(const RunResults& results, JsonWriter& json);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_TIMELINE_DATA_H
