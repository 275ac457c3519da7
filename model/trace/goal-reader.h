/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_GOAL_READER_H
#define MTLINK_GOAL_READER_H

#include "trace/trace.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Read a GOAL schedule (Hoefler, Siebert and Lumsdaine, "Group Operation Assembly Language", ICPP
 * 2009; LogGOPSim, ATLAHS), text:
 *
 *     num_ranks 2
 *     rank 0 {
 *       l1: calc 100 cpu 0
 *       l2: send 8b to 1 tag 5
 *       l2 requires l1
 *     }
 *     rank 1 { l1: recv 8b from 0 tag 5 }
 *
 * - `calc` takes nanoseconds; those of one rank and `cpu` run one after another.
 * - The LogGP model's host overheads are not applied: sends and receives take no `cpu`, the
 *   transport has overheads of its own. `cpu` and `nic` of a send or receive are read over.
 * - `a requires b`: a starts after b has finished; `a irequires b`: after b has started. Labels
 *   are local to the rank and may be used before they are given.
 * - Without `tag` it is 0. A send of 0 bytes is allowed.
 * - A rank without a block does nothing. Comments: `//` and `#` to the end of the line, C's.
 * @param [in] file The file.
 * @param [in] options How; algorithms are of no account.
 * @return the finished graph.
 * @throws InputError at line and column.
 */
OperationGraph ReadGoal(const std::string& file, const TraceOptions& options);

/**
 * @ingroup mtlink
 * @param [in] file The file.
 * @return what it holds.
 * @throws InputError as ReadGoal(), but unmatched messages and cycles are not looked for.
 */
TraceSummary SummariseGoal(const std::string& file);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_GOAL_READER_H
