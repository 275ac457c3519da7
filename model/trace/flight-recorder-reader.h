/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLIGHT_RECORDER_READER_H
#define MTLINK_FLIGHT_RECORDER_READER_H

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
 * Read dumps of PyTorch's flight recorder (`TORCH_NCCL_TRACE_BUFFER_SIZE`) in JSON: one file for
 * each rank, in a folder or beside the one given; the rank is the number in the file's name in
 * which all differ. Versions 2.x: members `entries`, `pg_config`.
 * - An entry's `profiling_name`, sizes and dtypes say what it is; `pg_config` has its group's
 * ranks.
 * - Calls of one group run one after another, of different groups beside each other: the recorder
 * has no times of kernels in between. `duration_ms` is the measured time.
 * - The buffer is a ring: what one rank's does not hold any more is left out of the others', too,
 * and noted; calls go together by `collective_seq_id`.
 * - Roots are not recorded: the group's first is taken, and noted.
 * @param [in] path One rank's file, or the folder.
 * @param [in] options How.
 * @return the finished graph.
 * @throws InputError at the entry and its first byte.
 */
OperationGraph ReadFlightRecorder(const std::string& path, const TraceOptions& options);

/**
 * @ingroup mtlink
 * @param [in] path One rank's file, or the folder.
 * @return what they hold.
 * @throws InputError as ReadFlightRecorder(), but partners are not looked for.
 */
TraceSummary SummariseFlightRecorder(const std::string& path);

/** @return the time of each collective, see ReadMeasured(). */
std::vector<Tick> MeasureFlightRecorder(const std::string& path, uint32_t standFor);

/**
 * @ingroup mtlink
 * @param [in] head A file.
 * @return whether it is such a dump.
 */
bool LooksLikeFlightRecorder(const TraceHead& head);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLIGHT_RECORDER_READER_H
