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

/** Collectives of one kind and size of group, in a trace. */
struct CollectiveCount
{
    std::string kind; //!< "all_reduce", ...
    uint32_t ranks;   //!< Members of each; 0: the trace does not say
    uint64_t count;   //!< How many move something, each once for all its members
    uint64_t bytes;   //!< Their sizes, of one member each, added up
    uint64_t empty;   //!< How many have no bytes
};

/**
 * @ingroup mtlink
 * What a trace holds, for `mtlink trace`.
 */
struct TraceSummary
{
    std::string format;                                //!< TraceFormat::name
    std::string version;                               //!< Schema version, or empty
    uint32_t ranks{0};                                 //!< Ranks
    uint64_t operations{0};                            //!< Nodes, lines or rows
    std::map<std::string, uint64_t> operationsByType;  //!< Count by type
    std::map<std::string, uint64_t> bytesByCollective; //!< Payload by collective (Chakra: of all
                                                       //!< ranks), "send" for sends
    Tick computeTime{0};                               //!< Sum of compute durations
    std::vector<std::string> notes;                    //!< What is read otherwise than it stands
    std::vector<CollectiveCount> collectives; //!< By kind and members; in a format that describes
                                              //!< one rank, as that lists them
    uint64_t messages{0};                     //!< Point-to-point sends
    uint64_t messageBytes{0};                 //!< Their payload

    /**
     * Count a collective.
     * @param [in] kind Which: "all_reduce", ...
     * @param [in] members How many; 0: the trace does not say.
     * @param [in] bytes Its size.
     */
    void AddCollective(const std::string& kind, uint32_t members, uint64_t bytes);
};

/**
 * @ingroup mtlink
 * A collective of a trace that is not replayed wherever it comes, but once, with all its groups at
 * once, before everything else.
 */
struct FoldedCollective
{
    std::string key;      //!< In TraceOptions::folded
    OperationGraph graph; //!< It alone
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
    std::map<std::string, Tick> folded;            //!< What each of ListFolded() takes
};

/**
 * @ingroup mtlink
 * Read any supported trace, told apart by its content (trace-format.h); `.gz` is unpacked. A Chakra
 * trace is named by one rank's file, the others are found beside it, or by a folder that has no
 * other. How each format is read stands with its reader.
 * @param [in] path The file, or the folder.
 * @param [in] options How.
 * @return the finished graph.
 * @throws InputError at the file, record and byte (or line and column) that is wrong.
 */
OperationGraph ReadTrace(const std::string& path, const TraceOptions& options);

/**
 * @ingroup mtlink
 * @param [in] path As ReadTrace().
 * @param [in] options As ReadTrace(); `folded` is what is asked for.
 * @return the collectives whose times ReadTrace() needs, where a trace would be too many operations
 *         otherwise; mostly none.
 * @throws InputError as ReadTrace().
 */
std::vector<FoldedCollective> ListFolded(const std::string& path, const TraceOptions& options);

/**
 * @ingroup mtlink
 * @param [in] path As ReadTrace().
 * @param [in] options As ReadTrace(); the fabric need not be known.
 * @return whether ListFolded() has any.
 * @throws InputError as ReadTrace().
 */
bool IsFolded(const std::string& path, const TraceOptions& options);

/**
 * @param [in] path A trace's file, or folder.
 * @return what it holds.
 * @throws InputError as ReadTrace().
 */
TraceSummary SummariseTrace(const std::string& path);

/**
 * @param [in] path A trace's file, or folder.
 * @param [in] standFor As TraceOptions::standFor.
 * @return the time measured of each collective, in the order of its replay's records, ps; 0: none.
 *         It is the least of its members', as who comes early waits for the others.
 * @throws InputError as ReadTrace(), and for a format that has no such times.
 */
std::vector<Tick> ReadMeasured(const std::string& path, uint32_t standFor);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRACE_H
