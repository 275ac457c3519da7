/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_OPERATION_GRAPH_H
#define MTLINK_OPERATION_GRAPH_H

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** No collective, or no such thing. */
inline constexpr uint32_t NONE = std::numeric_limits<uint32_t>::max();

/** What an operation does. */
enum class OperationType : uint8_t
{
    COMPUTE, //!< Takes its duration; computes of one rank and stream run one after another
    DELAY,   //!< Takes its duration, beside everything else
    SEND,    //!< Ends when its last bit has left the source
    RECEIVE, //!< Ends when the matching message is in whole
    REDUCE,  //!< Combines `bytes` at the rank's reduction bandwidth
};

/**
 * @ingroup mtlink
 * One operation of one rank.
 */
struct Operation
{
    uint64_t bytes{0};         //!< SEND, RECEIVE, REDUCE: payload
    Tick duration{0};          //!< COMPUTE, DELAY
    uint32_t rank{0};          //!< Who does it
    uint32_t peer{NONE};       //!< SEND: destination; RECEIVE: source
    uint32_t tag{0};           //!< Sends and receives of one (source, destination, tag) match in order
    uint32_t collective{NONE}; //!< Index into OperationGraph::GetCollectives()
    uint32_t flow{0};          //!< SEND: flow label, as a ring's channel
    OperationType type{OperationType::DELAY}; //!< What it does
};

/**
 * @ingroup mtlink
 * A collective whose operations are in the graph: for its row in the results.
 */
struct CollectiveRecord
{
    std::string name;      //!< "all_reduce", ...
    std::string algorithm; //!< As run, never "auto"
    uint32_t ranks{0};     //!< Participants
    uint64_t bytes{0};     //!< nccl-tests' size: one rank's buffer
    double busFactor{1.0}; //!< busbw = algbw x this
    Tick bound{0};         //!< Lower bound of its time; 0: not known
};

/**
 * @ingroup mtlink
 * What all workloads become: operations and their dependencies. An operation may start when all
 * it requires have finished, and all it "start-requires" have started.
 */
class OperationGraph
{
  public:
    /** @param [in] ranks Number of ranks. */
    explicit OperationGraph(uint32_t ranks);

    /**
     * Add an operation.
     * @param [in] operation The operation; ranks below GetRanks().
     * @return its id, counted from 0.
     */
    uint32_t Add(const Operation& operation);

    /**
     * `later` starts after `earlier` has finished.
     * @param [in] later An operation's id.
     * @param [in] earlier Another's.
     */
    void Require(uint32_t later, uint32_t earlier);

    /**
     * `later` starts after `earlier` has started (GOAL's irequires).
     * @param [in] later An operation's id.
     * @param [in] earlier Another's.
     */
    void RequireStart(uint32_t later, uint32_t earlier);

    /**
     * Add a collective's record.
     * @param [in] record The record.
     * @return its index.
     */
    uint32_t AddCollective(const CollectiveRecord& record);

    /**
     * Close the graph: index the dependencies, check that sends match receives and that there is
     * no cycle.
     * @throws ParameterError that names rank and node (by SetLabel() where given).
     */
    void Finish();

    /**
     * Name an operation as its trace does, for messages: "node 12 (all_reduce)".
     * @param [in] id The operation.
     * @param [in] label The name.
     */
    void SetLabel(uint32_t id, std::string label);

    /** @return the number of ranks. */
    uint32_t GetRanks() const;

    /** @return the operations, by id. */
    const std::vector<Operation>& GetOperations() const;

    /** @return the collectives. */
    const std::vector<CollectiveRecord>& GetCollectives() const;

    /**
     * After Finish().
     * @param [in] id An operation.
     * @return operations that require it finished.
     */
    std::span<const uint32_t> GetDependents(uint32_t id) const;

    /**
     * After Finish().
     * @param [in] id An operation.
     * @return operations that require it started.
     */
    std::span<const uint32_t> GetStartDependents(uint32_t id) const;

    /**
     * After Finish().
     * @param [in] id An operation.
     * @return how many operations it requires, finished or started.
     */
    uint32_t GetRequired(uint32_t id) const;

  private:
    uint32_t m_ranks;                            //!< Number of ranks
    std::vector<Operation> m_operations;         //!< By id
    std::vector<CollectiveRecord> m_collectives; //!< Records
    // The workload room adds its index here.
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_OPERATION_GRAPH_H
