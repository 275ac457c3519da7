/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_MESSAGE_CSV_READER_H
#define MTLINK_MESSAGE_CSV_READER_H

#include "trace/trace.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Read messages from a CSV file, one to a row, under a header with the columns `start_ns`, `src`,
 * `dst`, `bytes` and, where wanted, `tag`, `after` and `traffic_class`, in any order. Rows count
 * from 0.
 * - A message starts at `start_ns` (up to three decimals) after the workload's start, or, where it
 *   has `after`, once all rows named there (`;` between) are delivered, whichever is later. What
 *   another rank did is then known at once: this is an ideal, and no dependency costs time.
 * - `tag`, 0 where empty, is the flow label: messages of one pair and tag take one path.
 * - `traffic_class` is the message's; where empty, the workload's.
 * - There are as many ranks as the largest `src` or `dst` says.
 * Empty lines are passed over, and so are blanks about values.
 * @param [in] file The file.
 * @param [in] options How; algorithms are of no account.
 * @return the finished graph.
 * @throws InputError at line and column.
 */
OperationGraph ReadMessageCsv(const std::string& file, const TraceOptions& options);

/**
 * @ingroup mtlink
 * @param [in] file The file.
 * @return what it holds.
 * @throws InputError as ReadMessageCsv(), but cycles are not looked for.
 */
TraceSummary SummariseMessageCsv(const std::string& file);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_MESSAGE_CSV_READER_H
