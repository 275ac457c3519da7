/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CALL_TRACE_H
#define MTLINK_CALL_TRACE_H

#include "trace/trace.h"

#include "ns3/mtlink-error.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @file
 * @ingroup mtlink
 * What NCCL's logs and PyTorch's records have in common: for each rank a list of calls that it
 * made of a library of collectives, in order.
 */

/**
 * @ingroup mtlink
 * One call of a rank, or time between two.
 */
struct RecordedCall
{
    /** What it is. */
    enum Type : uint8_t
    {
        COMPUTE,    //!< Time
        COLLECTIVE, //!< A collective of its group
        SEND,       //!< To a member of its group
        RECEIVE,    //!< From a member of its group
    };

    Type type{COLLECTIVE};           //!< What it is
    const char* collective{nullptr}; //!< Its name, as experiments have it
    uint64_t bytes{0};               //!< nccl-tests' size; of a message its payload
    uint64_t given{0};               //!< Bytes that the record gives for this member
    std::vector<uint64_t> counts;    //!< all_to_allv: bytes to each member; empty: shares
    uint32_t group{0};               //!< Index into CallTrace::groups
    uint32_t peer{0};                //!< Root, or who is sent to or received from: a member
    uint32_t stream{0};              //!< Calls of one stream come one after another
    uint32_t batch{NONE};            //!< Messages of one batch of a stream go at once
    Tick duration{0};                //!< COMPUTE: its time; else that measured, 0: none
    Tick start{NEVER};               //!< As recorded, from any origin; NEVER: not known
    std::vector<uint32_t> after;     //!< Calls of the rank, by index, that it waits for, too
    uint64_t line{1};                //!< Where it stands: a line, or the number of an item
    uint64_t column{1};              //!< Column, or byte
};

/**
 * @ingroup mtlink
 * A group of ranks.
 */
struct CallGroup
{
    std::string name;              //!< As recorded
    std::vector<uint32_t> members; //!< Ranks; empty: not known
    uint32_t size{0};              //!< How many there are; 0: not known
};

/**
 * @ingroup mtlink
 * The calls of a rank.
 */
struct CallRank
{
    std::string file;                //!< Where they stand; empty: the rank has no record
    std::vector<RecordedCall> calls; //!< In order of issue
    Tick computeTime{0};             //!< Of kernels, however they overlap
};

/**
 * @ingroup mtlink
 * All ranks' calls.
 */
struct CallTrace
{
    std::string format;                    //!< For `mtlink trace`
    std::string version;                   //!< Likewise, or empty
    std::vector<CallRank> ranks;           //!< By rank
    std::vector<CallGroup> groups;         //!< Groups
    std::map<std::string, uint64_t> notes; //!< What is read otherwise than it stands, with counts

    /**
     * @param [in] name A group's name.
     * @return its index; it is made if it is not there.
     */
    uint32_t GetGroup(const std::string& name);

    /** @param [in] rank A rank. @return it; made if it is not there. */
    CallRank& GetRank(uint32_t rank);
};

/**
 * @ingroup mtlink
 * Find the members of groups that the record does not tell: those of as many as the trace has ranks
 * are all, else the ranks that have calls of it. Ranks without a record get one: they do what
 * another does, in the groups that correspond (see stand-in.h); which is noted.
 * @param [in,out] trace The trace.
 * @param [in] standFor Ranks that there are to be, at least; 0: as many as the record tells of.
 * @throws InputError for a group that can't be told.
 */
void CompleteCalls(CallTrace& trace, uint32_t standFor);

/**
 * @ingroup mtlink
 * Make the graph of a replay. The k-th collective of a group in one of its members goes with the
 * k-th in every other; so do messages of two members. Calls of one stream come one after another,
 * those of one batch at once; each also waits for those that it names.
 * @param [in] trace The trace; completed.
 * @param [in] options How.
 * @return the finished graph.
 * @throws InputError at the call that does not go with its partners'.
 */
OperationGraph BuildCalls(const CallTrace& trace, const TraceOptions& options);

/**
 * @ingroup mtlink
 * @param [in] trace A trace; need not be completed.
 * @return what it holds.
 */
TraceSummary SummariseCalls(const CallTrace& trace);

/**
 * @ingroup mtlink
 * @param [in] trace A trace; completed.
 * @return the time measured of each collective, in the order of BuildCalls()' records: the least
 *         of its members', as who comes early waits; 0: none.
 */
std::vector<Tick> ListMeasured(const CallTrace& trace);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CALL_TRACE_H
