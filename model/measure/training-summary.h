/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRAINING_SUMMARY_H
#define MTLINK_TRAINING_SUMMARY_H

#include "measure/json-writer.h"
#include "measure/summary-reader.h"

#include "ns3/mtlink-results.h"

#include <optional>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write `training` of summary.json.
 * @param [in,out] out Gets an object, or null where there was no training.
 * @param [in] training It.
 */
void WriteTraining(JsonWriter& out, const std::optional<TrainingResult>& training);

/**
 * @ingroup mtlink
 * Read `training` of summary.json.
 * @param [in] in The summary.
 * @return it; nothing where there was none, as in what a version without trainings wrote.
 * @throws InputError for what is missing or no such value.
 */
std::optional<TrainingResult> ReadTraining(const SummaryReader& in);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRAINING_SUMMARY_H
