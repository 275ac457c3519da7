/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_BINARY_GOAL_READER_H
#define MTLINK_BINARY_GOAL_READER_H

#include "trace/trace-head.h"
#include "trace/trace.h"
#include "workload/operation-graph.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/** @return whether bytes begin as LogGOPSim's txt2bin writes them: 4223 in 64 bits. */
bool LooksLikeBinaryGoal(const TraceHead& head);

/**
 * @ingroup mtlink
 * Read a GOAL schedule in the binary form of LogGOPSim's txt2bin, little-endian without padding:
 * u64 4223; u32 ranks, u8 cpus, u8 nics; by rank u64 begin and u64 end of its part, counted from
 * behind the first eight bytes. A part: u32 operations, u32 of them that require nothing, their
 * numbers, u32 each; then 39 bytes an operation: u32 how many it requires, u8 type (1 send, 2 recv,
 * 3 calc), u32 peer, u64 bytes or ns, u32 tag, u8 cpu, u8 nic, and twice u32 count and u32 first
 * place of those that require it finished, and started; then a list of u32, to which places refer.
 *
 * It means what the text does (goal-reader.h). Operations of Portals, types 4 and up, are refused.
 * @param [in] file The file.
 * @param [in] options How.
 * @return the finished graph.
 * @throws InputError at the byte (as column of line 1) that is wrong.
 */
OperationGraph ReadBinaryGoal(const std::string& file, const TraceOptions& options);

/**
 * @ingroup mtlink
 * @param [in] file The file.
 * @return what it holds.
 * @throws InputError as ReadBinaryGoal().
 */
TraceSummary SummariseBinaryGoal(const std::string& file);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_BINARY_GOAL_READER_H
