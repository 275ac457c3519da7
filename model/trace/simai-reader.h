/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SIMAI_READER_H
#define MTLINK_SIMAI_READER_H

#include "trace/trace-head.h"
#include "trace/trace.h"
#include "workload/operation-graph.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** Operations from which on collectives that are waited for are folded, see ReadSimai(). */
inline constexpr double MOST_SIMAI_OPERATIONS = 1e7;

/** @return whether a file begins with a parallelism of SimAI or ASTRA-sim 1.0. */
bool LooksLikeSimai(const TraceHead& head);

/**
 * @ingroup mtlink
 * Read a workload of SimAI, AICB or ASTRA-sim 1.0 as one training iteration. All ranks of a stage
 * do the same. Rank r has place r mod model_parallel_NPU_group in its tensor group, then comes the
 * place in the expert group (ep), in the data-parallel group, and the stage (pp), slowest.
 *
 * Forward passes over the layers as they stand, then backward from the last; with pp, micro-batches
 * as in 1F1B, each handed on as pp_comm bytes. Collectives of weight gradients run beside what
 * follows, one after another in each kind of group; the others are waited for. More in
 * docs/traces.md.
 *
 * Where that would be more than MOST_SIMAI_OPERATIONS, collectives that are waited for are folded:
 * each takes its time from TraceOptions::folded, or, for estimates, the least that it can.
 * @param [in] file The file.
 * @param [in] options How.
 * @return the finished graph.
 * @throws InputError at the line and column that is wrong.
 */
OperationGraph ReadSimai(const std::string& file, const TraceOptions& options);

/**
 * @ingroup mtlink
 * @param [in] file The file.
 * @return what it holds, as one rank does it.
 * @throws InputError at the line and column that is wrong.
 */
TraceSummary SummariseSimai(const std::string& file);

/** @return whether ReadSimai() folds collectives. @param [in] file It. @param [in] options How. */
bool IsSimaiFolded(const std::string& file, const TraceOptions& options);

/**
 * @ingroup mtlink
 * The collectives that ReadSimai() folds, each with all groups at once.
 * @param [in] file The file.
 * @param [in] options How.
 * @return graphs to be replayed from idle, with their keys in TraceOptions::folded; empty: nothing
 *         is folded.
 */
std::vector<FoldedCollective> ListSimaiFolded(const std::string& file, const TraceOptions& options);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SIMAI_READER_H
