/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EXECUTION_TRACE_READER_H
#define MTLINK_EXECUTION_TRACE_READER_H

#include "trace/trace-head.h"
#include "trace/trace.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Read PyTorch's execution traces (ET, schemas 1.0.1 to 1.1.x): one file for each rank, in a folder
 * or beside the one given (names that differ in numbers only). The rank is the number in the file's
 * name in which all differ; of a single file what its records say.
 * - A collective is a node `record_param_comms`; its attributes (`collective_name`,
 * `in_msg_nelems`, `pg_name`, ...) or its inputs say what it is; `wait` and `init` move nothing.
 * - Groups are named by `pg_name`, or told apart by what stands in its place; members are those of
 *   `process_group:init`, or of start and stride; of a group of one member nothing moves.
 * - Calls of one group come one after another; a call also waits for those that were waited for
 *   before it (`wait`). The format has no times: nothing stands between calls, and `compute_scale`
 * has nothing to act on.
 * @param [in] path One rank's file, or the folder.
 * @param [in] options How.
 * @return the finished graph.
 * @throws InputError at the node and its first byte.
 */
OperationGraph ReadExecutionTrace(const std::string& path, const TraceOptions& options);

/**
 * @ingroup mtlink
 * @param [in] path One rank's file, or the folder.
 * @return what they hold.
 * @throws InputError as ReadExecutionTrace(), but partners are not looked for.
 */
TraceSummary SummariseExecutionTrace(const std::string& path);

/**
 * @ingroup mtlink
 * @param [in] head A file.
 * @return whether it is such a trace.
 */
bool LooksLikeExecutionTrace(const TraceHead& head);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EXECUTION_TRACE_READER_H
