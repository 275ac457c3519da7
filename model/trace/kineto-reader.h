/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_KINETO_READER_H
#define MTLINK_KINETO_READER_H

#include "trace/trace-head.h"
#include "trace/trace.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Read traces of PyTorch's profiler (Kineto, Chrome's trace event format): one file for each rank,
 * in a folder or beside the one given (names that differ in numbers only), or all ranks of a host
 * in one, each card one. A rank's number is `distributedInfo.rank`, else that in the file's name.
 * Files are gone through event by event: what is kept is 16 bytes of each kernel.
 * - A collective is one kernel of NCCL's, RCCL's or MCCL's on the card; where there are none, the
 *   annotation on the card; where there are none either, the call on the host. Kernels that say
 *   nothing of sizes and groups (before PyTorch 2.2) have these from the host's records, in order:
 *   `record_param_comms`, else annotations with `Input Dims`.
 * - Kernels, copies and the gaps between are computation, see kernel-timeline.h; `compute_scale: 0`
 *   leaves it out.
 * - The time of a collective's kernel is not replayed but noted as measured.
 * - Roots that are not recorded are taken to be the group's first, which is noted.
 * @param [in] path One rank's file, or the folder.
 * @param [in] options How.
 * @return the finished graph.
 * @throws InputError at the event and its first byte.
 */
OperationGraph ReadKineto(const std::string& path, const TraceOptions& options);

/**
 * @ingroup mtlink
 * @param [in] path One rank's file, or the folder.
 * @return what they hold.
 * @throws InputError as ReadKineto(), but partners are not looked for.
 */
TraceSummary SummariseKineto(const std::string& path);

/** @return the time of each collective, see ReadMeasured(). */
std::vector<Tick> MeasureKineto(const std::string& path, uint32_t standFor);

/**
 * @ingroup mtlink
 * @param [in] head A file.
 * @return whether it is such a trace.
 */
bool LooksLikeKineto(const TraceHead& head);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_KINETO_READER_H
