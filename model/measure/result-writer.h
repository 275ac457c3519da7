/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_RESULT_WRITER_H
#define MTLINK_RESULT_WRITER_H

#include "ns3/mtlink-results.h"

#include <cstddef>
#include <string>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * Beyond so many messages their table is written as messages.csv.gz. */
inline constexpr size_t MOST_PLAIN_MESSAGES{1000000};

/**
 * @ingroup mtlink
 * Write a run's results: summary.json, the tables, timeline.json and experiment.yaml. All files
 * are written under temporary names first and then renamed, summary.json last: where anything
 * fails before (WriteError: disk full, no permission), all files of an earlier run stay.
 * @param [in] results The run.
 * @param [in] directory Where; it is made if need be, with those above it.
 * @param [in] mostPlainMessages Beyond so many, messages are compressed.
 */
void WriteResults(const RunResults& results,
                  const std::string& directory,
                  size_t mostPlainMessages = MOST_PLAIN_MESSAGES);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RESULT_WRITER_H
