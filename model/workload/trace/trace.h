/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRACE_H
#define MTLINK_TRACE_H

#include "workload/collective/collective.h"
#include "workload/operation-graph.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What a trace holds, for `mtlink trace`.
 */
struct TraceSummary
{
    std::string format;                                //!< "chakra", "goal", "csv"
    std::string version;                               //!< Schema version, or empty
    uint32_t ranks{0};                                 //!< Ranks
    uint64_t operations{0};                            //!< Nodes, lines or rows
    std::map<std::string, uint64_t> operationsByType;  //!< Count by type
    std::map<std::string, uint64_t> bytesByCollective; //!< Payload by collective (Chakra: of all
                                                       //!< ranks), "send" for sends
    Tick computeTime{0};                               //!< Sum of compute durations
    std::vector<std::string> notes;                    //!< What is read otherwise than it stands
};

/**
 * @ingroup mtlink
 * How to replay a trace.
 */
struct TraceOptions
{
    std::string algorithm{"auto"};                 //!< For every collective of the trace
    std::map<std::string, std::string> algorithms; //!< ... or by collective
    std::vector<uint32_t> endpoints;               //!< Endpoint of each rank; empty: rank i on i
    uint32_t maxRanks{0};                          //!< Ranks that the fabric has room for
    uint32_t trafficClasses{1};                    //!< Traffic classes that the fabric has
    FabricHints hints;                             //!< The fabric
    std::string groupFile;                         //!< Chakra: members of process groups, JSON;
                                                   //!< empty: looked for beside the trace
    uint32_t standFor{0};                          //!< Ranks that the trace of one stands for; 0:
                                                   //!< a trace must have all of its own
    double operationsPerSecond{0};                 //!< Of a kernel without a time; 0: it takes none
    double bytesPerSecond{0};                      //!< Likewise, of what it reads and writes
};

/**
 * @ingroup mtlink
 * Read any supported trace, told apart by its content; `.gz` is unpacked. A Chakra trace is named
 * by one rank's file, the others are found beside it, or by a folder that has no other. How each
 * format is read stands in chakra-reader.h, goal-reader.h and message-csv-reader.h.
 * @param [in] path The file, or the folder.
 * @param [in] options How.
 * @return the finished graph.
 * @throws InputError at the file, record and byte (or line and column) that is wrong.
 */
OperationGraph ReadTrace(const std::string& path, const TraceOptions& options);

/**
 * @param [in] path A trace's file, or folder.
 * @return what it holds.
 * @throws InputError as ReadTrace().
 */
TraceSummary SummariseTrace(const std::string& path);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRACE_H
