/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_UNFOLDER_H
#define MTLINK_UNFOLDER_H

#include "workload/collective/ring-phase.h"
#include "workload/operation-graph.h"

#include "ns3/mtlink-tick.h"
#include "ns3/mtlink-transport.h"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Something that a member of a collective does, from when it is asked for until it is over.
 */
struct Task
{
    /** What it is. */
    enum Type : uint8_t
    {
        OPEN,    //!< The member is ready to receive
        SEND,    //!< A message leaves
        RECEIVE, //!< A message comes in, and is waited for
        REDUCE,  //!< What came in is reduced into the member's copy
        RING,    //!< The member takes part in a ring that the transport carries
    };

    uint64_t place{0};               //!< In program order, see Transfer::place
    uint64_t bytes{0};               //!< Payload
    Tick start{NEVER};               //!< Started; NEVER: not yet
    BlockRange blocks[2]{};          //!< But SEND: the member's copy of these is made by it
    uint32_t unfolding{0};           //!< Of which collective
    uint32_t member{0};              //!< Whose
    uint32_t strand{0};              //!< Of the member
    uint32_t peer{0};                //!< The member at the other end; RING: the next one
    uint32_t peerStrand{0};          //!< SEND: its strand that takes the message in
    uint32_t flow{0};                //!< SEND: flow label
    uint32_t ring{NO_RING};          //!< RING: the transport's number
    uint32_t ringPlace{0};           //!< RING: the member's place
    uint32_t waits{0};               //!< What it waits for
    uint32_t dependents{UINT32_MAX}; //!< First of those who wait for it, see Unfolder::Edge
    Type type{OPEN};                 //!< What it is
};

/**
 * @ingroup mtlink
 * A message of what unfolds, as its receiver sees it.
 */
struct Arrival
{
    uint64_t place{0};     //!< Of the receive
    uint64_t bytes{0};     //!< Payload
    uint32_t unfolding{0}; //!< Of which collective
    uint32_t member{0};    //!< Who receives
    uint32_t peer{0};      //!< Who sent
    uint32_t strand{0};    //!< The receiver's that takes it in
};

/**
 * @ingroup mtlink
 * Who carries out what unfolds.
 */
class TaskListener
{
  public:
    virtual ~TaskListener() = default;

    /**
     * A member comes to a ring, the first one of its members to do so.
     * @param [in] unfolding The collective.
     * @param [in] phase The ring.
     * @return the transport's number of it; NO_RING: it is done message by message.
     */
    virtual uint32_t OpenRing(uint32_t unfolding, const RingPhase& phase) = 0;

    /**
     * A task waits for nothing any more.
     * @param [in] task An OPEN, SEND, REDUCE or RING.
     */
    virtual void TaskReady(uint32_t task) = 0;

    /**
     * A message that a member had to receive is in, and the member was ready for it.
     * @param [in] arrival The message.
     * @param [in] since When the member became ready.
     */
    virtual void TaskReceived(const Arrival& arrival, Tick since) = 0;

    /**
     * A member has done all of its part.
     * @param [in] end The operation that waited for it.
     */
    virtual void MemberDone(uint32_t end) = 0;
};

/**
 * @ingroup mtlink
 * Unfolds collectives while they run: of each member's transfers it holds those that have begun or
 * may begin next, and forgets what is over. What a transfer waits for it finds from the blocks
 * that it carries: who made the member's copy of them, if that is not over.
 *
 * A collective takes memory from its first launch until its last member is done.
 */
class Unfolder
{
  public:
    /**
     * @param [in] graph The graph; must outlive this.
     * @param [in] listener Who carries it out; must outlive this.
     */
    Unfolder(const OperationGraph& graph, TaskListener& listener);
    ~Unfolder();

    /**
     * A member's launch has finished: its first transfers are asked for.
     * @param [in] launch A LAUNCH that names its unfolding.
     */
    void Launch(const Operation& launch);

    /**
     * Carry out an OPEN.
     * @param [in] task The task; it is over.
     * @param [in] now The time.
     */
    void Open(uint32_t task, Tick now);

    /**
     * A SEND, REDUCE or RING begins.
     * @param [in] task The task.
     * @param [in] now The time.
     */
    void Start(uint32_t task, Tick now);

    /**
     * A SEND or REDUCE is over. A REDUCE is forgotten.
     * @param [in] task The task.
     */
    void Finish(uint32_t task);

    /**
     * All that a member sends in a ring has left, or all that it gets is in. After both the task is
     * over, and forgotten.
     * @param [in] task The RING.
     * @param [in] isPassed All is in; else all has left.
     */
    void AdvanceRing(uint32_t task, bool isPassed);

    /**
     * The message of a SEND that is over is in, and forgotten.
     * @param [in] task The SEND.
     */
    void Arrive(uint32_t task);

    /** @return a task. @param [in] task Its number. */
    const Task& Get(uint32_t task) const
    {
        return m_tasks[task];
    }

    /** @return the collective of a task. @param [in] task The task. */
    const Unfolding& GetUnfolding(const Task& task) const
    {
        return m_graph.GetUnfoldings()[task.unfolding];
    }

    /** @return all that has begun and is not over: sends, reductions, receives waited for. */
    std::vector<Task> GetWaiting() const;

  private:
    /** Who waits for a task. */
    struct Edge
    {
        uint32_t later; //!< The task that waits
        uint32_t next;  //!< The next edge, or NONE
    };

    /** What will make the member's copy of some blocks. */
    struct Maker
    {
        BlockRange blocks; //!< Which
        uint32_t task;     //!< What
    };

    /** A receive asked for, its message not in. */
    struct Pending
    {
        uint64_t place; //!< Of the receive
        uint32_t task;  //!< RECEIVE or REDUCE; NONE: nothing waits for it; GONE: it is in
    };

    /** A strand of a member. */
    struct Strand
    {
        Transfers transfers;          //!< What comes next
        uint64_t reached{0};          //!< Place of the latest receive asked for
        uint64_t held{0};             //!< Nothing more is asked for before this receive is in
        uint32_t stop{NONE};          //!< ..., or before this SEND may go, or RING is through
        uint32_t gate{NONE};          //!< Sends wait for this REDUCE
        uint32_t latestReduce{NONE};  //!< The latest REDUCE, if not over
        uint32_t latestSend{NONE};    //!< The latest SEND
        uint32_t first{0};            //!< First of m_pending that is not in
        bool isOver{false};           //!< All was asked for
        std::vector<Maker> makers;    //!< By block
        std::vector<Pending> pending; //!< By place
    };

    /** A member. */
    struct Member
    {
        /** How far it is. */
        enum State : uint8_t
        {
            IDLE,     //!< Not launched
            LAUNCHED, //!< Launched, not yet open
            OPEN,     //!< Open
            DONE,     //!< Done
        };

        uint64_t outstanding{0};    //!< Transfers asked for and not over
        Tick opened{NEVER};         //!< Ready to receive since
        std::vector<Arrival> early; //!< What came before
        uint32_t strandsLeft{0};    //!< Strands of which not all was asked for
        State state{IDLE};          //!< How far it is
    };

    /** A collective of which members are launched, or were sent to. */
    struct Active
    {
        std::vector<Member> members;        //!< Members
        std::vector<Strand> strands;        //!< By member, then strand
        std::map<uint64_t, uint32_t> rings; //!< Their numbers, or NO_RING, by first place
        uint32_t left{0};                   //!< Members not done
    };

    static constexpr uint32_t GONE = NONE - 1; //!< See Pending

    /** @return a collective's state, made if it is not there. */
    Active& Touch(uint32_t unfolding);

    /** Ask for what a strand does next, as far as that may begin. */
    void Pump(uint32_t unfolding, uint32_t member, uint32_t strand);

    /** Ask for one more transfer. */
    void Ask(uint32_t unfolding, uint32_t member, uint32_t strand);

    /** Ask for a SEND. */
    void AskSend(Strand& strand, Task send, const Transfer& transfer);

    /** Ask for a ring, if it is carried as one. */
    void AskRing(uint32_t unfolding, uint32_t member, uint32_t strand);

    /** Ask for a REDUCE. */
    void AskReduce(Strand& strand, Task reduce, const Transfer& transfer);

    /** A message is in, and its receiver ready. */
    void Take(const Arrival& arrival);

    /** A task waits for one thing less. */
    void Unblock(uint32_t task);

    /** Let those who wait for a task wait no more. */
    void Release(uint32_t task);

    /** A member has one transfer less to do. */
    void Settle(uint32_t unfolding, uint32_t member);

    /** @return a new task's number. */
    uint32_t Add(const Task& task);

    /** Let a task wait for another. */
    void Wait(uint32_t later, uint32_t earlier);

    /** Let a task wait for what makes the blocks of a transfer, each once. */
    void WaitForMakers(const Strand& strand, uint32_t later, const Transfer& transfer);

    /** From now on a task makes these blocks. */
    static void SetMaker(Strand& strand, BlockRange blocks, uint32_t task);

    /** A task has made its blocks. */
    static void DropMaker(Strand& strand, BlockRange blocks, uint32_t task);

    /** @return a task's strand. */
    Strand& GetStrand(const Task& task);

    /** @return the entry of a receive, or nullptr. */
    static Pending* FindPending(Strand& strand, uint64_t place);

    const OperationGraph& m_graph;                  //!< The graph
    TaskListener& m_listener;                       //!< Who carries it out
    std::vector<Task> m_tasks;                      //!< By number
    std::vector<uint32_t> m_freeTasks;              //!< Numbers to use again
    std::vector<Edge> m_edges;                      //!< Who waits for whom
    std::vector<uint32_t> m_freeEdges;              //!< To use again
    std::vector<std::unique_ptr<Active>> m_actives; //!< By unfolding; nullptr: not active
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_UNFOLDER_H
