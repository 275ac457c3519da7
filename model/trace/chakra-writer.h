/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CHAKRA_WRITER_H
#define MTLINK_CHAKRA_WRITER_H

#include "workload/operation-graph.h"

#include <cstdint>
#include <functional>
#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What was written.
 */
struct ChakraExport
{
    uint32_t ranks{0};  //!< Files of ranks
    uint64_t nodes{0};  //!< Of all
    uint64_t bytes{0};  //!< Of all files
    uint32_t groups{0}; //!< Process groups
    std::string first;  //!< The first rank's file
};

/**
 * @ingroup mtlink
 * Write a graph as Chakra execution traces: `mtlink.RANK.et` for each rank (schema 0.0.4), and the
 * process groups' members in `mtlink.groups.json`, as Chakra's tools name them. Read back (see
 * chakra-file.h for the attributes that this takes) it is the same graph, operation by operation
 * and in the same order, so that its replay is the same to the picosecond.
 *
 * A computation is a compute node, a delay one of the host that runs beside all else; a member's
 * part of a collective is one node. What an operation requires is a control dependency where both
 * are computations of its rank, one after another, else a data dependency.
 * @param [in] graph A finished graph.
 * @param [in] nameOf Names a computation or a delay for people.
 * @param [in] directory Where to; it is made if it is not there.
 * @param [in] namesAlgorithms Collectives say by which algorithm they run; else who reads chooses.
 * @return what was written.
 * @throws ParameterError for what Chakra can't say: reductions in time, groups in the network,
 *         operations that start with another, dependencies on another rank.
 * @throws WriteError where a file can't be written.
 */
ChakraExport WriteChakra(const OperationGraph& graph,
                         const std::function<std::string(uint32_t)>& nameOf,
                         const std::string& directory,
                         bool namesAlgorithms = true);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CHAKRA_WRITER_H
