/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_OPERATION_GRAPH_H
#define MTLINK_OPERATION_GRAPH_H

#include "workload/collective/collective-program.h"

#include "ns3/mtlink-error.h"
#include "ns3/mtlink-tick.h"
#include "ns3/mtlink-transport.h"

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** No collective, or no such thing. */
inline constexpr uint32_t NONE = std::numeric_limits<uint32_t>::max();

/** The traffic class that the workload has as a whole. */
inline constexpr uint8_t WORKLOAD_TRAFFIC_CLASS = std::numeric_limits<uint8_t>::max();

/** What an operation does. */
enum class OperationType : uint8_t
{
    COMPUTE,    //!< Takes its duration; computes of one rank and stream run one after another
    DELAY,      //!< Takes its duration, beside everything else
    SEND,       //!< Ends when its last bit has left the source
    RECEIVE,    //!< Ends when the matching message is in whole
    REDUCE,     //!< Combines `bytes` at the rank's reduction bandwidth, one after another
    LAUNCH,     //!< A rank's part of a collective begins: takes the host's overhead per operation;
                //!< then what the member does unfolds, see Unfolding
    GROUP_SEND, //!< Joins a step of a group in the network; ends when its data has left
    GROUP_RECEIVE, //!< Ends when the result of a step of a group is in whole
};

/**
 * @ingroup mtlink
 * One operation of one rank.
 */
struct Operation
{
    uint64_t bytes{0};         //!< Payload of all that sends, receives or reduces; COMPUTE: of its
                               //!< duration, ps that HostCosts::computeSlowdown is for
    Tick duration{0};          //!< COMPUTE, DELAY
    uint32_t rank{0};          //!< Who does it
    uint32_t peer{NONE};       //!< SEND: destination; RECEIVE: source; GROUP_*: index of the step;
                               //!< LAUNCH: the member of its unfolding, NONE where there is none
    uint32_t tag{0};           //!< Sends and receives of one (source, destination, tag) match in
                               //!< order; those of different collectives never match. LAUNCH:
                               //!< index of its unfolding. COMPUTE: its maker's own
    uint32_t collective{NONE}; //!< Index into OperationGraph::GetCollectives()
    uint32_t flow{0};          //!< SEND: flow label, as a ring's channel; COMPUTE: stream
    OperationType type{OperationType::DELAY};     //!< What it does
    uint8_t trafficClass{WORKLOAD_TRAFFIC_CLASS}; //!< SEND: of its message
};

/**
 * @ingroup mtlink
 * What the network does once for a group, and the operations of its members.
 */
struct GroupStep
{
    GroupMessage message;           //!< What; of a group that the transport has opened
    std::vector<uint32_t> sends;    //!< GROUP_SEND by member, or NONE
    std::vector<uint32_t> receives; //!< GROUP_RECEIVE by member, or NONE
};

/**
 * @ingroup mtlink
 * A collective of which the graph has a LAUNCH and an end for each member only. What a member does
 * between them is computed as it is replayed, and forgotten when it is over; in program order it
 * stands behind the last launch. An end waits for all that its member does.
 */
struct Unfolding
{
    ProgramPointer program;      //!< What members do
    Hearing hearing;             //!< Whose launches an end waits for through messages, at least
    uint32_t root;               //!< Where hearing asks for it, a member
    uint32_t collective;         //!< Index of its record
    uint32_t firstBegin;         //!< LAUNCH of member 0; the others' follow
    uint32_t firstEnd;           //!< End of member 0; the others' follow
    std::vector<uint32_t> ranks; //!< By member

    /** @return the operation behind which it stands in program order. */
    uint32_t GetAnchor() const
    {
        return firstEnd - 1;
    }
};

/**
 * @ingroup mtlink
 * A collective in the graph: for its row in the results.
 */
struct CollectiveRecord
{
    std::string name;      //!< "all_reduce", ...
    std::string algorithm; //!< As run, never "auto"
    uint32_t ranks{0};     //!< Participants
    uint64_t bytes{0};     //!< nccl-tests' size: one rank's buffer
    double busFactor{1.0}; //!< busbw = algbw x this
    Tick bound{0};         //!< Lower bound of its time; 0: not known
    bool fellBack{false};  //!< The network had no room for its group
};

/**
 * @ingroup mtlink
 * A graph that can't be replayed, and the operation to blame, so that who read it from a file can
 * name the place.
 */
class OperationError : public ParameterError
{
  public:
    /**
     * @param [in] operation The operation's id.
     * @param [in] message What is wrong; names rank and node.
     */
    OperationError(uint32_t operation, const std::string& message)
        : ParameterError("", message),
          m_operation(operation)
    {
    }

    /** @return the id of the operation at fault. */
    uint32_t GetOperation() const
    {
        return m_operation;
    }

  private:
    uint32_t m_operation; //!< Id
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
     * Add a step of a group.
     * @param [in] step The step; its operations name its index.
     * @return its index.
     */
    uint32_t AddGroupStep(const GroupStep& step);

    /**
     * Add what unfolds between launches and ends; its launches name its index.
     * @param [in] unfolding It.
     */
    void AddUnfolding(Unfolding unfolding);

    /**
     * Close the graph: index the dependencies, match sends to receives, check that there is no
     * cycle. The k-th send of a (source, destination, tag, collective) matches the k-th receive,
     * both counted in program order: by id, except where the rank's own dependencies ask for
     * another order. So a match never depends on timing.
     * @throws OperationError that names rank and node (by SetLabel() where given): a dependency on
     *         what is not there, a send or receive without partner or with another size, a cycle
     *         through dependencies and messages.
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

    /** @return the steps of groups. */
    const std::vector<GroupStep>& GetGroupSteps() const;

    /** @return what unfolds. */
    const std::vector<Unfolding>& GetUnfoldings() const;

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

    /**
     * After Finish().
     * @param [in] id A SEND or RECEIVE.
     * @return the RECEIVE or SEND that it matches.
     */
    uint32_t GetMatch(uint32_t id) const;

    /**
     * @param [in] id An operation.
     * @return its name for people: "rank 3: node 12 (all_reduce)", by its label where it has one.
     */
    std::string Describe(uint32_t id) const;

  private:
    /** A dependency: first is the later operation, second the earlier. */
    using Edge = std::pair<uint32_t, uint32_t>;

    /** Dependents by operation, compressed: those of i are targets[offsets[i]..offsets[i+1]). */
    struct Index
    {
        std::vector<uint32_t> offsets; //!< Empty: there are none at all
        std::vector<uint32_t> targets; //!< Later operations, by earlier one

        /**
         * @param [in] id An operation.
         * @return its dependents.
         */
        std::span<const uint32_t> Of(uint32_t id) const
        {
            return offsets.empty()
                       ? std::span<const uint32_t>{}
                       : std::span<const uint32_t>(targets).subspan(offsets[id],
                                                                    offsets[id + 1] - offsets[id]);
        }
    };

    /**
     * Compress a list of dependencies, and count them in m_required.
     * @param [in,out] edges The list; emptied.
     * @return the index.
     */
    Index MakeIndex(std::vector<Edge>& edges);

    /** @return each operation's place in program order; empty: its id. */
    std::vector<uint32_t> OrderProgram() const;

    /**
     * Fill m_match.
     * @param [in] order From OrderProgram().
     */
    void Match(const std::vector<uint32_t>& order);

    /** Throw if dependencies and messages wait for one another in a circle. */
    void CheckCycles() const;

    uint32_t m_ranks;                                       //!< Number of ranks
    bool m_forward{true};                                   //!< Every dependency is on a smaller id
    std::vector<Operation> m_operations;                    //!< By id
    std::vector<CollectiveRecord> m_collectives;            //!< Records
    std::vector<GroupStep> m_groupSteps;                    //!< Steps of groups
    std::vector<Unfolding> m_unfoldings;                    //!< What unfolds
    std::vector<Edge> m_edges;                              //!< Until Finish()
    std::vector<Edge> m_startEdges;                         //!< Until Finish()
    Index m_dependents;                                     //!< Of a finish
    Index m_startDependents;                                //!< Of a start
    std::vector<uint32_t> m_required;                       //!< How many it requires
    std::vector<uint32_t> m_match;                          //!< Partner of sends and receives
    std::string m_labelText;                                //!< All labels, end to end
    std::vector<std::pair<uint32_t, std::size_t>> m_labels; //!< (operation, start in the text)
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_OPERATION_GRAPH_H
