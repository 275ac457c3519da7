/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_TRAINING_DATA_H
#define MTLINK_REPORT_TRAINING_DATA_H

#include "measure/json-writer.h"

#include "ns3/mtlink-results.h"

namespace ns3
{
namespace mtlink
{

/** Most rows of lanes.csv that a page has; of more, the longest. */
inline constexpr size_t MOST_LANE_ROWS{20000};

/**
 * @ingroup mtlink
 * Write a training; null: there was none. Else an object: `card`, `stage`, `iteration_ns`, `mfu`,
 * `mode`, `folded` (tensor groups); `causes`, [name, ns] of those that took any time; `levels`,
 * [link class, ns]; `memory`, per stage bytes of [weights, gradients, optimizer, activations,
 * limit]; `what_if`, [change, mode, ns, mfu]; `lanes`: `names` and `rows` of [stage, lane, name,
 * start, end, busy, count], lane and name by their number in `names`, times in ns; `all`, how many
 * there are, and `cards` by stage.
 * @param [in] results A run.
 * @param [in,out] json Gets it.
 */
void WriteTrainingData(const RunResults& results, JsonWriter& json);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_TRAINING_DATA_H
