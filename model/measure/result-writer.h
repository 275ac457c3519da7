/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_RESULT_WRITER_H
#define MTLINK_RESULT_WRITER_H

#include "measure/critical-paths.h"
#include "measure/row-limits.h"

#include "ns3/mtlink-results.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

class MessageLog;

/**
 * @ingroup mtlink
 * Write a run's results: summary.json, the tables, timeline.json and experiment.yaml. All files
 * are written under temporary names first: where that fails (WriteError: disk full, no permission),
 * all files of an earlier run stay. Then what there is of that, its report too, makes room for
 * them. Its summary.json goes first and the new one comes last: a directory that has one is
 * whole, however the program ends. The directory must be this program's, see ResultDirectory.
 * @param [in] results The run.
 * @param [in] directory Where; it is made if need be, with those above it.
 * @param [in] limits How many rows the large tables may have.
 * @param [in,out] log Has written messages.csv, with the same limits, and is finished; nullptr: the
 * rows are those of the results.
 * @param [in] paths Its critical paths, for the timeline.
 * @return what the large tables have.
 */
TableRows WriteResults(const RunResults& results,
                       const std::string& directory,
                       const RowLimits& limits = {},
                       MessageLog* log = nullptr,
                       const CriticalPaths& paths = {});

/**
 * @ingroup mtlink
 * @return names of all files that a run may leave in its directory, its report among them.
 */
std::vector<std::string> GetResultFiles();

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RESULT_WRITER_H
