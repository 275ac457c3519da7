/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRACE_WRITER_H
#define MTLINK_TRACE_WRITER_H

#include "workload/operation-graph.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write a graph as a GOAL schedule, text; read back it is the same graph, operation by operation.
 * Each stream of computations is a `cpu`, what runs beside all else has one of its own.
 * @param [in] graph A finished graph.
 * @return the schedule.
 * @throws ParameterError for what GOAL can't say: collectives, computations of no whole
 * nanoseconds, flow labels, traffic classes, dependencies on another rank.
 */
std::string WriteGoal(const OperationGraph& graph);

/**
 * @ingroup mtlink
 * Write a graph as a CSV of messages, see message-csv-reader.h.
 * @param [in] graph A finished graph.
 * @return the rows, under a header.
 * @throws ParameterError for what a row can't say: collectives, computations, time after another
 *         message's arrival, to wait until a message has left.
 */
std::string WriteMessageCsv(const OperationGraph& graph);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRACE_WRITER_H
