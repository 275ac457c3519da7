/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_UB_READER_H
#define MTLINK_UB_READER_H

#include "trace/trace-head.h"
#include "trace/trace.h"
#include "workload/operation-graph.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/** @return whether a folder is a case of ns-3-UB: it has node.csv, topology.csv and traffic.csv. */
bool LooksLikeUbCase(const TraceHead& head);

/**
 * @ingroup mtlink
 * Read the traffic of a case of ns-3-UB. Ranks are its devices, by id. A task begins `delay` after
 * all tasks of the phases that it depends on have finished. A write is a message; a read is a
 * message without payload, then one back with the data. Both finish when the data is in, where
 * ns-3-UB's finish with the acknowledgement. Priorities are not kept.
 * @param [in] folder The folder.
 * @param [in] options How.
 * @return the finished graph.
 * @throws InputError with file, line and column.
 */
OperationGraph ReadUb(const std::string& folder, const TraceOptions& options);

/**
 * @ingroup mtlink
 * @param [in] folder The folder.
 * @return what it holds.
 * @throws InputError as ReadUb().
 */
TraceSummary SummariseUb(const std::string& folder);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_UB_READER_H
