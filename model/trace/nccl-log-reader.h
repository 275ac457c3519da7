/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_NCCL_LOG_READER_H
#define MTLINK_NCCL_LOG_READER_H

#include "trace/trace-head.h"
#include "trace/trace.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Read the log of NCCL, RCCL or MCCL with `NCCL_DEBUG=INFO` and `NCCL_DEBUG_SUBSYS=INIT,COLL`: a
 * file, or a folder of them, one for each process. Of each line only what follows `HOST:PID:TID
 * [DEVICE] NCCL INFO` counts, so that any prefix may stand before it and lines may have run
 * together:
 *
 *     AllReduce: opCount 1a sendbuff 0x7f recvbuff 0x7f count 1024 datatype 7 op 0 root 0 comm 0x55
 *     [nranks=8] stream 0x56
 *
 * - Ranks and communicators are those of the lines `comm 0x55 rank 3 nranks 8 ... commId 0x9`.
 * Without them devices are ranks, by host and device in the order of the log, and communicators of
 * as many ranks go together in the order of their first use.
 * - opCount is hexadecimal. What is counted together is one group of calls; its sends and receives
 * go at once. A call that some member's log lacks, as its line was cut, is taken to be there.
 * - count is one rank's part of an AllGather, ReduceScatter, AllToAll, Gather and Scatter. The root
 * of a Send or Recv is its peer. What a rank sends to itself moves nothing.
 * - Calls of one stream run one after another; the log has no times, so nothing stands between
 * them.
 * @param [in] path The file or folder.
 * @param [in] options How.
 * @return the finished graph.
 * @throws InputError at the line of a call that does not go with others', or that can't be.
 */
OperationGraph ReadNcclLog(const std::string& path, const TraceOptions& options);

/**
 * @ingroup mtlink
 * @param [in] path The file or folder.
 * @return what it holds.
 * @throws InputError as ReadNcclLog(), but partners are not looked for.
 */
TraceSummary SummariseNcclLog(const std::string& path);

/**
 * @ingroup mtlink
 * @param [in] head A file.
 * @return whether it is such a log.
 */
bool LooksLikeNcclLog(const TraceHead& head);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_NCCL_LOG_READER_H
