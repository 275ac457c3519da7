/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_LATENCY_DATA_H
#define MTLINK_REPORT_LATENCY_DATA_H

#include "measure/json-writer.h"

#include "ns3/mtlink-results.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write the distribution of the messages' latencies, as an array: all messages, then those of each
 * kind of collective where there are two to six. Each is an object: `name`, `messages` (delivered),
 * `percentiles`, 50, 90, 99, 99.9 and 100 % in ns, and `share` and `ns`, points of the
 * distribution: `share` of the messages took no longer than `ns`. Each point is an order statistic,
 * exact; at most 360 of them, denser towards 1.
 * @param [in] results A run.
 * @param [in,out] json Gets it.
 */
void WriteLatencyData(const RunResults& results, JsonWriter& json);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_LATENCY_DATA_H
