/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CHAKRA_READER_H
#define MTLINK_CHAKRA_READER_H

#include "trace/trace.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Read a Chakra execution trace (Sridharan et al., "Chakra: advancing performance benchmarking and
 * co-design using standardized execution traces", 2023), versions 0.0.4 and later: one file for
 * each rank, NAME.RANK.et or NAME.RANK.et.gz, records of protobuf with their length before them, or
 * NAME.RANK.json, see chakra-records.h.
 *
 * A node starts when all its data and control dependencies have finished; recorded start times are
 * not used.
 * - A dependency on a node that is not in the file counts as done.
 * - Compute: its `duration_micros`, one after another among those with `is_cpu_op` and among those
 *   without. One without duration takes what a device needs for its `num_ops` and `tensor_size`,
 *   where one is given, else no time.
 * - Memory load and store: its duration, beside everything else. Metadata: no time.
 * - Send and receive: `comm_size` bytes from or to `comm_src`, `comm_dst`, with `comm_tag`.
 * - Collective: `comm_type` over the group `pg_name`, all ranks where absent. What it is called
 *   with is `comm_size`: one rank's *input* buffer, as ASTRA-sim and the PyTorch converter have
 *   it; nccl-tests' size of an all_gather or gather is therefore n times that. The root is
 *   `comm_src` (broadcast, scatter) or `comm_dst` (reduce, gather), a rank; absent: the group's
 *   first. The k-th collective of a group in one rank goes with the k-th in every other, counted
 *   in the order of the file, or of dependencies where these ask for another. The recorded
 *   duration is not used: the fabric decides.
 *   Where `comm_size` is missing it is that of the tensors among the node's inputs.
 * - A collective with `is_cpu_op` and without `comm_type` is the host's side of a launch: a
 *   compute of the host.
 * - A group's members: from `groupFile`, or NAME.groups.json or comm_groups.json beside the trace,
 *   an object of lists of ranks by name; or from the trace's nodes `process_group:init`; else the
 *   ranks whose files use the name. "1.0" is group 1.
 * - One rank's file may stand for several ranks, see stand-in.h.
 * What is read otherwise than it stands is counted in TraceSummary::notes.
 * @param [in] file One rank's file.
 * @param [in] options How.
 * @return the finished graph.
 * @throws InputError at file, record (from 1) and byte (from 1).
 */
OperationGraph ReadChakra(const std::string& file, const TraceOptions& options);

/**
 * @ingroup mtlink
 * @param [in] file One rank's file; missing ones are noted.
 * @return what all ranks' files beside it hold.
 * @throws InputError as ReadChakra(), but partners, groups and cycles are not looked for.
 */
TraceSummary SummariseChakra(const std::string& file);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CHAKRA_READER_H
