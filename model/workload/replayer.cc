/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/replayer.h"

#include "workload/collective-memo.h"
#include "workload/compute-pace.h"
#include "workload/unfolder.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <queue>
#include <tuple>

namespace ns3
{
namespace mtlink
{

namespace
{

/** What a typed event is about; in the word's upper half, over what it names or nothing. */
enum EventKind : uint64_t
{
    BEGIN,       //!< The workload starts
    DRAIN,       //!< Start what became ready now
    EXPIRE,      //!< The operation's time is over
    EXPIRE_TASK, //!< The task's time is over
    REPEAT,      //!< The collective that a memo repeats is over
    EXPIRE_PACED //!< The computation's time is over, unless its end has moved
};

/**
 * Something to be started: an operation of the graph, or a task of what unfolds behind it. Ordered
 * as in the program.
 */
struct Startable
{
    uint32_t operation; //!< The operation, or the one behind which the task stands
    uint32_t task;      //!< The task, or NONE
    uint64_t place;     //!< The task's among those behind the operation; 0: the operation itself
    uint32_t ring{NO_RING}; //!< The transport's number, if it is a message of a ring
    uint32_t ringPlace{0};  //!< Of its source there

    /** @return whether this one comes first. @param [in] other The other. */
    bool operator<(const Startable& other) const
    {
        return operation != other.operation ? operation < other.operation : place < other.place;
    }

    /** @return whether this one comes later. @param [in] other The other. */
    bool operator>(const Startable& other) const
    {
        return other < *this;
    }
};

/** A message under way. */
struct Flight
{
    uint64_t number{0};        //!< The sink's
    uint32_t send{0};          //!< The SEND, an operation or a task
    uint32_t collective{NONE}; //!< Of which it is part, or NONE
    bool isOfTask{false};      //!< A task
};

/** A ring that the transport carries. */
struct CarriedRing
{
    std::vector<uint32_t> tasks;  //!< By place: the member's RING, or NONE: not yet
    const Team* members{nullptr}; //!< By place
    uint32_t number{NO_RING};     //!< The transport's
    uint32_t unfolding{0};        //!< Of which collective
    uint32_t anchor{0};           //!< See Unfolding::GetAnchor()
    Rounds rounds{1};             //!< Its rounds
    uint32_t flow{0};             //!< Flow label
    uint32_t left{0};             //!< Calls of RingSent() and RingPassed() that have not come
    std::vector<CauseHold>
        joins{};          //!< By place: it from when that member joined, if causes are kept
    CauseHold lastJoin{}; //!< Of who joined last
};

/** What led to what is under way. */
struct Causes
{
    static constexpr std::size_t MOST = 4'000'000; //!< Kept at once, some 200 MB

    CauseLog log{MOST};                //!< All of them; outlives the others
    CauseHold now;                     //!< What is over, and acts now
    CauseHold last;                    //!< What ended last
    std::vector<CauseHold> operations; //!< By id: until its start what made it ready, then itself
    std::vector<CauseHold> tasks;      //!< By number, likewise
    std::vector<CauseHold> flights;    //!< By cookie
    std::vector<CauseHold> groupSends; //!< By operation: a GROUP_SEND from when it joined
    std::vector<CauseHold> groupSteps; //!< By step: it from when the last one joined
};

/**
 * @param [in] kind What.
 * @param [in] index Which operation.
 * @return the event's word.
 */
uint64_t
Word(EventKind kind, uint32_t index)
{
    return kind << 32 | index;
}

} // namespace

constexpr uint64_t GROUP_COOKIE = 1ULL << 63; //!< A cookie for a group's step, not a message
constexpr uint64_t MOST_COUNTED = 1'000'000;  //!< Messages that progress is estimated from
constexpr uint32_t MEMBER_BITS = 24;          //!< Of such a cookie: the member's index

/** State of a replay. */
struct Replayer::Impl : public TaskListener
{
    /** A lane does one operation at a time: a rank's compute stream, or its reductions. */
    struct Lane
    {
        /** (ready since, what), the earliest on top. */
        std::priority_queue<std::pair<Tick, Startable>,
                            std::vector<std::pair<Tick, Startable>>,
                            std::greater<>>
            waiting;
        bool busy{false}; //!< Something runs
        CauseHold last;   //!< What ran before, if causes are kept
    };

    /** What a collective has come to. */
    struct Part
    {
        Tick start{NEVER};                   //!< First start
        Tick end{0};                         //!< Last end so far
        Fidelity fidelity{Fidelity::PACKET}; //!< The worst of its messages'
        uint32_t left{0};                    //!< Operations not finished
    };

    /** Halves of a message's completion: both must have come. */
    enum Received : uint8_t
    {
        POSTED = 1,  //!< The receive has started
        ARRIVED = 2, //!< The message is in
    };

    Impl(Replayer& replayer,
         const OperationGraph& g,
         std::vector<uint32_t> e,
         Transport& t,
         const HostCosts& c)
        : graph(g),
          endpoints(std::move(e)),
          transport(t),
          costs(c),
          self(replayer),
          ends(clock, replayer, EventPhase::ARRIVE),
          starts(clock, replayer, EventPhase::START),
          unfolder(g, *this),
          reductions(g.GetRanks()),
          pace(g.GetRanks(), c.computeSlowdown)
    {
    }

    /**
     * An operation that nothing holds back any more is to start now.
     * @param [in] id The operation.
     */
    void MakeReady(uint32_t id)
    {
        if (causes)
        {
            causes->operations[id] = causes->now;
        }
        ready.push_back({id, NONE, 0});
        ScheduleDrain();
    }

    uint32_t OpenRing(uint32_t unfolding, const RingPhase& phase) override
    {
        const Unfolding& what = graph.GetUnfoldings()[unfolding];
        const uint32_t n = phase.GetSize();
        if (!keptRanks.empty() || (phase.reduces && costs.reductionBytesPerSecond > 0))
        {
            return NO_RING; // each task is wanted, or takes a time of its own
        }
        Ring ring;
        ring.first = phase.ChunkOf(0, 0);
        ring.steps = phase.GetSteps();
        ring.flow = phase.flow;
        ring.isListed = sink && sink->WantsAll();
        for (uint32_t place = 0; place < n; ++place)
        {
            ring.endpoints.push_back(endpoints[what.ranks[(*phase.ring)[place]]]);
            ring.chunks.push_back(what.program->GetLayout().LengthOf(phase.blocks[place]));
            if (ring.chunks.back() == 0 ||
                (place > 0 && ring.endpoints[place - 1] == ring.endpoints[place]))
            {
                return NO_RING; // not all of its messages are there, or reach the transport
            }
        }
        if (ring.endpoints.front() == ring.endpoints.back())
        {
            return NO_RING;
        }
        if (freeRings.empty())
        {
            freeRings.push_back(rings.size());
            rings.emplace_back();
        }
        const uint64_t cookie = freeRings.back();
        const uint32_t number = transport.OpenRing(ring, &self, cookie);
        if (number != NO_RING)
        {
            freeRings.pop_back();
            rings[cookie] = {std::vector<uint32_t>(n, NONE),
                             phase.ring,
                             number,
                             unfolding,
                             what.GetAnchor(),
                             phase.rounds,
                             phase.flow,
                             2 * n};
            ringCookies.resize(std::max<std::size_t>(ringCookies.size(), number + 1));
            ringCookies[number] = cookie;
        }
        return number;
    }

    void TaskReady(uint32_t task) override
    {
        const Task& self = unfolder.Get(task);
        if (causes)
        {
            causes->tasks.resize(std::max<std::size_t>(causes->tasks.size(), task + 1));
            causes->tasks[task] = causes->now;
        }
        ready.push_back({unfolder.GetUnfolding(self).GetAnchor(), task, self.place});
        ScheduleDrain();
    }

    void TaskReceived(const Arrival& arrival, Tick since) override
    {
        bytesDone += arrival.bytes;
        NoteEnd();
        Keep(OperationType::RECEIVE,
             graph.GetUnfoldings()[arrival.unfolding],
             arrival.place,
             arrival.member,
             arrival.peer,
             arrival.bytes,
             since);
    }

    void MemberDone(uint32_t end) override
    {
        const uint32_t unfolding = memo ? FindUnfolding(end) : NONE;
        if (memo && memo->Knows(workload, unfolding))
        {
            memo->MemberDone(workload, unfolding, clock.Now());
        }
        FinishMember(end);
    }

    /** A member has done all of its part. @param [in] end The operation that waited for it. */
    void FinishMember(uint32_t end)
    {
        if (--waits[end] == 0)
        {
            MakeReady(end);
        }
    }

    /** An operation's time is over. @param [in] id The operation. */
    void ActOperation(uint32_t id)
    {
        if (causes)
        {
            Act(causes->operations[id]);
        }
    }

    /** It is no more asked what led to a task. @param [in] task The task. */
    void ForgetTask(uint32_t task)
    {
        if (causes)
        {
            causes->tasks[task] = {};
        }
    }

    /** A message has left, or is in. @param [in] cookie Which flight. */
    void ActFlight(uint64_t cookie)
    {
        if (causes)
        {
            Act(causes->flights[cookie]);
        }
    }

    /** Something ends now. */
    void NoteEnd()
    {
        last = clock.Now();
        if (causes)
        {
            causes->last = causes->now;
        }
    }

    /** What acts from now on. @param [in] cause It, if causes are kept. */
    void Act(const CauseHold& cause)
    {
        causes->now = cause;
    }

    /**
     * Something starts that takes time, and what acts now let it.
     * @param [in] cause What, without its start and what was before it.
     * @return it, held.
     */
    CauseHold AddCause(Cause cause)
    {
        cause.start = clock.Now();
        cause.before = causes->now.Get();
        return {causes->log, causes->log.Add(cause)};
    }

    /** Keep what a member did until now, if somebody wants to know. */
    void Keep(OperationType type,
              const Unfolding& what,
              uint64_t place,
              uint32_t member,
              uint32_t peer,
              uint64_t bytes,
              Tick start)
    {
        const Tick now = clock.Now();
        if (!keptRanks.empty() && start != now && keptRanks[what.ranks[member]])
        {
            keptTasks.push_back({what.GetAnchor(),
                                 place,
                                 what.ranks[member],
                                 what.ranks[peer],
                                 bytes,
                                 start,
                                 now,
                                 type});
        }
    }

    /** @return the collective that has an operation as an end. @param [in] end The operation. */
    uint32_t FindUnfolding(uint32_t end) const
    {
        const std::vector<Unfolding>& all = graph.GetUnfoldings();
        const auto after =
            std::upper_bound(all.begin(), all.end(), end, [](uint32_t id, const Unfolding& what) {
                return id < what.firstEnd;
            });
        return static_cast<uint32_t>(after - all.begin()) - 1;
    }

    /** Members whose launches have finished go on: together where a memo wants to know. */
    void Launch()
    {
        std::sort(launched.begin(), launched.end());
        for (auto first = launched.begin(); first != launched.end();)
        {
            const uint32_t unfolding = graph.GetOperations()[*first].tag;
            const auto last = std::find_if(first, launched.end(), [&](uint32_t id) {
                return graph.GetOperations()[id].tag != unfolding;
            });
            const std::optional<Tick> duration = memo->Launch(workload,
                                                              graph,
                                                              unfolding,
                                                              static_cast<uint32_t>(last - first),
                                                              clock.Now());
            if (duration)
            {
                ends.Schedule(clock.Now() + *duration, Word(REPEAT, unfolding));
            }
            for (; first != last; ++first)
            {
                if (!duration)
                {
                    unfolder.Launch(graph.GetOperations()[*first]);
                }
            }
        }
        launched.clear();
    }

    /** A collective that a memo repeats is over. @param [in] unfolding The collective. */
    void Repeat(uint32_t unfolding)
    {
        const Unfolding& what = graph.GetUnfoldings()[unfolding];
        const CollectiveMemo::Repetition done = memo->Repeat(workload, unfolding);
        NoteEnd();
        bytesDone += done.bytes;
        Fidelity& worst = parts[what.collective].fidelity;
        worst = std::max(worst, done.fidelity);
        if (sink)
        {
            sink->MessagesUnlisted(done.messages);
        }
        for (uint32_t member = 0; member < what.ranks.size(); ++member)
        {
            FinishMember(what.firstEnd + member);
        }
    }

    /** Have Drain() run before the instant is over. */
    void ScheduleDrain()
    {
        if (!draining && !drainScheduled)
        {
            drainScheduled = true;
            starts.Schedule(clock.Now(), Word(DRAIN, 0));
        }
    }

    /**
     * Start all that is ready, in waves: what a wave sets free makes the next. Lanes choose when
     * no wave is left, so that they see all that is ready in this instant.
     */
    void Drain()
    {
        drainScheduled = false;
        draining = true;
        while (!ready.empty() || !idleLanes.empty() || !launched.empty())
        {
            if (memo)
            {
                memo->Settle();
                Launch();
            }
            wave.swap(ready);
            std::sort(wave.begin(), wave.end());
            for (const Startable& what : wave)
            {
                if (causes && what.ring == NO_RING)
                {
                    Act(what.task == NONE ? causes->operations[what.operation]
                                          : causes->tasks[what.task]);
                }
                if (what.ring != NO_RING)
                {
                    transport.SendInRing(what.ring, what.ringPlace);
                }
                else if (what.task == NONE)
                {
                    Begin(what.operation);
                }
                else
                {
                    BeginTask(what);
                }
            }
            wave.clear();
            if (ready.empty())
            {
                std::vector<Lane*> choosing;
                choosing.swap(idleLanes);
                for (Lane* lane : choosing)
                {
                    Serve(*lane);
                }
            }
        }
        draining = false;
    }

    /**
     * An operation is ready: start it, or let it wait for its lane.
     * @param [in] id The operation.
     */
    void Begin(uint32_t id)
    {
        const Operation& operation = graph.GetOperations()[id];
        if (operation.type == OperationType::COMPUTE || operation.type == OperationType::REDUCE)
        {
            Queue(LaneOf(operation), {id, NONE, 0});
            return;
        }
        MarkStart(id);
        switch (operation.type)
        {
        case OperationType::DELAY:
            NoteRun(id, operation.duration);
            Run(id, operation.duration);
            break;
        case OperationType::LAUNCH:
            NoteRun(id, costs.operationOverhead);
            Run(id, costs.operationOverhead);
            break;
        case OperationType::SEND:
            Send(id, operation);
            break;
        case OperationType::RECEIVE:
        case OperationType::GROUP_RECEIVE:
            Receive(id, POSTED);
            break;
        case OperationType::GROUP_SEND:
            Join(id, operation.peer);
            break;
        case OperationType::COMPUTE:
        case OperationType::REDUCE:
            break; // above
        }
    }

    /**
     * A task is ready: start it, or let it wait for its lane.
     * @param [in] what The task.
     */
    void BeginTask(const Startable& what)
    {
        const Task& task = unfolder.Get(what.task);
        switch (task.type)
        {
        case Task::OPEN:
            ForgetTask(what.task);
            unfolder.Open(what.task, clock.Now());
            break;
        case Task::SEND:
            unfolder.Start(what.task, clock.Now());
            SendTask(what.task);
            break;
        case Task::REDUCE:
            Queue(reductions[unfolder.GetUnfolding(task).ranks[task.member]], what);
            break;
        case Task::RING:
            ForgetTask(what.task);
            unfolder.Start(what.task, clock.Now());
            rings[ringCookies[task.ring]].tasks[task.ringPlace] = what.task;
            NoteRingJoined(task);
            transport.JoinRing(task.ring, task.ringPlace);
            break;
        case Task::RECEIVE:
            break; // never ready: it ends when its message is in
        }
    }

    /** A member joins a ring that the transport carries. @param [in] task Its RING. */
    void NoteRingJoined(const Task& task)
    {
        if (!causes)
        {
            return;
        }
        CarriedRing& ring = rings[ringCookies[task.ring]];
        const Unfolding& what = unfolder.GetUnfolding(task);
        Cause cause;
        cause.kind = Cause::RING;
        cause.bytes = graph.GetCollectives()[what.collective].bytes;
        cause.rank = what.ranks[task.member];
        cause.collective = what.collective;
        ring.joins.resize(ring.tasks.size());
        ring.joins[task.ringPlace] = AddCause(cause);
        ring.lastJoin = ring.joins[task.ringPlace];
    }

    /**
     * Something waits for a lane.
     * @param [in] lane The lane.
     * @param [in] what What.
     */
    void Queue(Lane& lane, const Startable& what)
    {
        lane.waiting.emplace(clock.Now(), what);
        if (!lane.busy)
        {
            idleLanes.push_back(&lane);
        }
    }

    /**
     * @param [in] operation A COMPUTE or REDUCE.
     * @return the lane that does it.
     */
    Lane& LaneOf(const Operation& operation)
    {
        return operation.type == OperationType::REDUCE ? reductions[operation.rank]
                                                       : streams[{operation.rank, operation.flow}];
    }

    /**
     * Start what is next on a lane, if it is free.
     * @param [in] lane The lane.
     */
    void Serve(Lane& lane)
    {
        if (!lane.busy && !lane.waiting.empty())
        {
            const auto [since, what] = lane.waiting.top();
            lane.waiting.pop();
            if (causes)
            {
                // What became ready before now has waited for who ran on the lane.
                Act(since < clock.Now() ? lane.last
                    : what.task != NONE ? causes->tasks[what.task]
                                        : causes->operations[what.operation]);
            }
            Tick duration = 0;
            if (what.task != NONE)
            {
                unfolder.Start(what.task, clock.Now());
                const Task& task = unfolder.Get(what.task);
                duration = ReductionTime(task.bytes);
                lane.busy = duration > 0;
                if (causes && duration > 0)
                {
                    const Unfolding& unfolding = unfolder.GetUnfolding(task);
                    Cause cause;
                    cause.kind = Cause::REDUCE;
                    cause.bytes = task.bytes;
                    cause.rank = unfolding.ranks[task.member];
                    cause.collective = unfolding.collective;
                    causes->tasks[what.task] = AddCause(cause);
                }
                if (duration > 0)
                {
                    ends.Schedule(clock.Now() + duration, Word(EXPIRE_TASK, what.task));
                }
                else
                {
                    FinishTask(what.task);
                }
            }
            else
            {
                MarkStart(what.operation);
                const Operation& operation = graph.GetOperations()[what.operation];
                duration = operation.type == OperationType::REDUCE
                               ? ReductionTime(operation.bytes)
                               : ComputeTime(operation.duration);
                lane.busy = duration > 0;
                NoteRun(what.operation, duration);
                if (pace.IsNeeded() && operation.type == OperationType::COMPUTE && duration > 0)
                {
                    const Tick end = pace.Begin(operation.rank,
                                                what.operation,
                                                duration,
                                                static_cast<Tick>(operation.bytes),
                                                clock.Now());
                    ends.Schedule(end, Word(EXPIRE_PACED, what.operation));
                }
                else
                {
                    Run(what.operation, duration);
                }
            }
            if (!lane.busy)
            {
                idleLanes.push_back(&lane);
            }
        }
    }

    /** @return how long a reduction takes, ps. @param [in] bytes Its length. */
    Tick ReductionTime(uint64_t bytes) const
    {
        return costs.reductionBytesPerSecond > 0
                   ? std::llround(static_cast<double>(bytes) * 1e12 / costs.reductionBytesPerSecond)
                   : 0;
    }

    /** @return how long a computation takes, ps. @param [in] duration As its trace has it. */
    Tick ComputeTime(Tick duration) const
    {
        return costs.computeScale != 1
                   ? std::llround(static_cast<double>(duration) * costs.computeScale)
                   : duration;
    }

    /** A lane may go on. @param [in] lane The lane. */
    void Free(Lane& lane)
    {
        lane.busy = false;
        if (causes)
        {
            lane.last = causes->now;
        }
        idleLanes.push_back(&lane);
        ScheduleDrain();
    }

    /** A task is over. @param [in] task The task. */
    void FinishTask(uint32_t task)
    {
        NoteEnd();
        ForgetTask(task);
        const Task& over = unfolder.Get(task);
        Keep(over.type == Task::SEND ? OperationType::SEND : OperationType::REDUCE,
             unfolder.GetUnfolding(over),
             over.place,
             over.member,
             over.peer,
             over.bytes,
             over.start);
        unfolder.Finish(task);
    }

    /** A reduction's time is over. @param [in] task The task. */
    void ExpireTask(uint32_t task)
    {
        const Task& reduce = unfolder.Get(task);
        Lane& lane = reductions[unfolder.GetUnfolding(reduce).ranks[reduce.member]];
        FinishTask(task);
        Free(lane);
    }

    /** An operation begins to take time. @param [in] id It. @param [in] duration How much, ps. */
    void NoteRun(uint32_t id, Tick duration)
    {
        if (causes && duration > 0)
        {
            const Operation& operation = graph.GetOperations()[id];
            Cause cause;
            cause.bytes = operation.type == OperationType::REDUCE ? operation.bytes : 0;
            cause.operation = id;
            cause.rank = operation.rank;
            cause.collective = operation.collective;
            causes->operations[id] = AddCause(cause);
        }
    }

    /**
     * Finish an operation after a time.
     * @param [in] id The operation.
     * @param [in] duration Its length, ps.
     */
    void Run(uint32_t id, Tick duration)
    {
        if (duration == 0)
        {
            Finish(id);
        }
        else
        {
            ends.Schedule(clock.Now() + duration, Word(EXPIRE, id));
        }
    }

    /** A computation's time is over, unless its end has moved. @param [in] id The COMPUTE. */
    void ExpirePaced(uint32_t id)
    {
        if (pace.End(graph.GetOperations()[id].rank, id, clock.Now()))
        {
            Expire(id);
        }
    }

    /** Communication of a rank begins or ends. @param [in] rank It. @param [in] begins Which. */
    void Communicate(uint32_t rank, bool begins)
    {
        if (!pace.IsNeeded())
        {
            return;
        }
        if (const ComputePace::MovedEnd moved = pace.Communicate(rank, begins, clock.Now()))
        {
            ends.Schedule(moved->second, Word(EXPIRE_PACED, moved->first));
        }
    }

    /**
     * An operation's time is over.
     * @param [in] id The operation.
     */
    void Expire(uint32_t id)
    {
        const Operation& operation = graph.GetOperations()[id];
        Finish(id);
        if (operation.type == OperationType::COMPUTE || operation.type == OperationType::REDUCE)
        {
            Free(LaneOf(operation));
        }
    }

    /**
     * Hand a message of the graph to the transport.
     * @param [in] id The SEND.
     * @param [in] operation The same.
     */
    void Send(uint32_t id, const Operation& operation)
    {
        Communicate(operation.rank, true);
        Communicate(operation.peer, true);
        Flight flight;
        flight.send = id;
        Dispatch(flight,
                 operation.rank,
                 operation.peer,
                 operation.bytes,
                 operation.flow,
                 operation.collective,
                 operation.trafficClass == WORKLOAD_TRAFFIC_CLASS ? trafficClass
                                                                  : operation.trafficClass);
    }

    /**
     * Hand a message of a task to the transport.
     * @param [in] number The SEND.
     */
    void SendTask(uint32_t number)
    {
        Flight flight;
        flight.isOfTask = true;
        flight.send = number;
        const Task& send = unfolder.Get(number);
        const Unfolding& what = unfolder.GetUnfolding(send);
        Dispatch(flight,
                 what.ranks[send.member],
                 what.ranks[send.peer],
                 send.bytes,
                 send.flow,
                 what.collective,
                 trafficClass);
    }

    /** Send, and keep what is to be known when it has been sent, and when it is in. */
    void Dispatch(Flight flight,
                  uint32_t source,
                  uint32_t destination,
                  uint64_t bytes,
                  uint32_t flow,
                  uint32_t collective,
                  uint8_t messageClass)
    {
        flight.collective = collective;
        Message message;
        message.src = endpoints[source];
        message.dst = endpoints[destination];
        message.bytes = std::max<uint64_t>(bytes, 1);
        message.flow = flow;
        message.trafficClass = messageClass;
        if (sink)
        {
            flight.number = sink->MessageBegun({message.src,
                                                message.dst,
                                                message.bytes,
                                                collective,
                                                message.trafficClass,
                                                clock.Now(),
                                                NEVER,
                                                message.flow});
        }
        if (freeFlights.empty())
        {
            freeFlights.push_back(flights.size());
            flights.emplace_back();
        }
        const uint64_t cookie = freeFlights.back();
        freeFlights.pop_back();
        flights[cookie] = flight;
        if (causes)
        {
            Cause cause;
            cause.kind = Cause::MESSAGE;
            cause.bytes = message.bytes;
            cause.rank = source;
            cause.peer = destination;
            cause.collective = collective;
            causes->flights.resize(flights.size());
            causes->flights[cookie] =
                message.src == message.dst ? causes->now : AddCause(cause); // it takes no time
        }
        if (message.src == message.dst)
        {
            Sent(cookie);
            Deliver(cookie);
        }
        else
        {
            transport.Send(message, &self, cookie);
        }
    }

    /** A message's send buffer is free. @param [in] cookie Which flight. */
    void Sent(uint64_t cookie)
    {
        const Flight& flight = flights[cookie];
        if (flight.isOfTask)
        {
            FinishTask(flight.send);
        }
        else
        {
            const uint32_t send = flight.send;
            Communicate(graph.GetOperations()[send].rank, false);
            Finish(send);
        }
    }

    /**
     * A member joins a group's step; the first one opens it.
     * @param [in] id The GROUP_SEND.
     * @param [in] index The step.
     */
    void Join(uint32_t id, uint32_t index)
    {
        const GroupStep& step = graph.GetGroupSteps()[index];
        if (stepNumbers[index] == NONE)
        {
            stepNumbers[index] = transport.OpenGroupMessage(
                step.message,
                &self,
                GROUP_COOKIE | static_cast<uint64_t>(index) << MEMBER_BITS);
        }
        if (causes)
        {
            const Operation& operation = graph.GetOperations()[id];
            Cause cause;
            cause.kind = Cause::GROUP;
            cause.bytes = step.message.bytes;
            cause.operation = index;
            cause.rank = operation.rank;
            cause.collective = operation.collective;
            causes->groupSends[id] = AddCause(cause);
            causes->groupSteps[index] = causes->groupSends[id];
        }
        const auto member = std::find(step.sends.begin(), step.sends.end(), id);
        transport.JoinGroupMessage(stepNumbers[index],
                                   static_cast<uint32_t>(member - step.sends.begin()));
    }

    /**
     * @param [in] cookie Of a group's step and member.
     * @param [in] sent Whether its send is asked for; else its receive.
     * @return the operation.
     */
    uint32_t GetGroupOperation(uint64_t cookie, bool sent) const
    {
        const GroupStep& step = graph.GetGroupSteps()[(cookie & ~GROUP_COOKIE) >> MEMBER_BITS];
        return (sent ? step.sends : step.receives)[cookie & ((1U << MEMBER_BITS) - 1)];
    }

    /**
     * A message is in; it has been sent before.
     * @param [in] cookie Which flight.
     */
    void Deliver(uint64_t cookie)
    {
        const Flight flight = flights[cookie];
        freeFlights.push_back(cookie);
        if (causes)
        {
            causes->flights[cookie] = {};
        }
        if (sink)
        {
            sink->MessageEnded(flight.number, clock.Now());
        }
        if (flight.isOfTask)
        {
            unfolder.Arrive(flight.send);
        }
        else
        {
            Communicate(graph.GetOperations()[flight.send].peer, false);
            Receive(graph.GetMatch(flight.send), ARRIVED);
        }
    }

    /** A member has sent, or received, all of its part in a ring. */
    void AdvanceRing(uint64_t cookie, uint32_t place, bool isPassed)
    {
        CarriedRing& ring = rings[cookie];
        const uint32_t task = ring.tasks[place];
        if (causes)
        {
            Act(isPassed ? ring.lastJoin : ring.joins[place]);
        }
        NoteEnd();
        if (isPassed)
        {
            NoteFidelity(graph.GetUnfoldings()[ring.unfolding].collective);
        }
        if (--ring.left == 0)
        {
            ring = {};
            freeRings.push_back(cookie);
        }
        unfolder.AdvanceRing(task, isPassed);
    }

    /** A message is being delivered. @param [in] collective Of which, or NONE. */
    void NoteFidelity(uint32_t collective)
    {
        if (collective != NONE)
        {
            Fidelity& worst = parts[collective].fidelity;
            worst = std::max(worst, transport.GetFidelity());
        }
    }

    /**
     * One half of a receive has come.
     * @param [in] id The RECEIVE.
     * @param [in] half Which half.
     */
    void Receive(uint32_t id, Received half)
    {
        received[id] |= half;
        if (received[id] == (POSTED | ARRIVED))
        {
            bytesDone += graph.GetOperations()[id].bytes;
            Finish(id);
        }
    }

    /**
     * An operation starts.
     * @param [in] id The operation.
     */
    void MarkStart(uint32_t id)
    {
        const Tick now = clock.Now();
        spans[id].first = now;
        first = std::min(first, now);
        const uint32_t collective = graph.GetOperations()[id].collective;
        if (collective != NONE)
        {
            parts[collective].start = std::min(parts[collective].start, now);
        }
        Release(graph.GetStartDependents(id));
    }

    /**
     * An operation finishes.
     * @param [in] id The operation.
     */
    void Finish(uint32_t id)
    {
        const Tick now = clock.Now();
        spans[id].second = now;
        NoteEnd();
        if (causes)
        {
            causes->operations[id] = {};
        }
        ++finished;
        const uint32_t collective = graph.GetOperations()[id].collective;
        if (collective != NONE)
        {
            parts[collective].end = now;
            --parts[collective].left;
        }
        const Operation& operation = graph.GetOperations()[id];
        if (collective != NONE &&
            (operation.type == OperationType::LAUNCH || operation.type == OperationType::DELAY))
        {
            // A member's part of a collective, which a DELAY ends.
            Communicate(operation.rank, operation.type == OperationType::LAUNCH);
        }
        Release(graph.GetDependents(id));
        if (operation.type == OperationType::LAUNCH && operation.peer != NONE)
        {
            if (memo && memo->Knows(workload, operation.tag))
            {
                launched.push_back(id);
                ScheduleDrain();
                return;
            }
            unfolder.Launch(operation);
        }
    }

    /**
     * Operations have one requirement less.
     * @param [in] laters The operations.
     */
    void Release(std::span<const uint32_t> laters)
    {
        for (const uint32_t later : laters)
        {
            if (--waits[later] == 0)
            {
                MakeReady(later);
            }
        }
    }

    std::unique_ptr<Causes> causes;  //!< If they are kept; first: lanes and rings hold some
    const OperationGraph& graph;     //!< What to do
    uint8_t trafficClass{0};         //!< Of messages that say nothing else
    std::vector<uint32_t> endpoints; //!< By rank
    Transport& transport;            //!< Carries the messages
    HostCosts costs;                 //!< Host overheads
    Replayer& self;                  //!< Who gets completions
    EventClock clock;                //!< Time
    EventChannel ends;               //!< Times are over
    EventChannel starts;             //!< BEGIN and DRAIN
    std::vector<std::pair<Tick, Tick>> spans;              //!< Start and end by operation
    std::vector<uint32_t> waits;                           //!< Requirements left, by operation
    std::vector<uint8_t> received;                         //!< Received flags, by operation
    Unfolder unfolder;                                     //!< What is not in the graph
    std::vector<Startable> ready;                          //!< To start in this instant
    std::vector<Startable> wave;                           //!< Being started
    std::map<std::pair<uint32_t, uint32_t>, Lane> streams; //!< By rank and stream
    std::vector<Lane> reductions;                          //!< By rank
    ComputePace pace;                                      //!< Of computations beside messages
    std::vector<Lane*> idleLanes;                          //!< May start something in this instant
    std::vector<Part> parts;                               //!< By collective
    MessageSink* sink{nullptr};                            //!< Is told of the messages
    CollectiveMemo* memo{nullptr};                         //!< Repeats collectives, or nothing
    uint32_t workload{0};                                  //!< Number of the graph there
    std::vector<uint32_t> launched;                        //!< LAUNCHes that the memo is to hear of
    std::vector<Flight> flights;                           //!< By cookie
    std::vector<uint64_t> freeFlights;                     //!< Cookies to use again
    std::vector<CarriedRing> rings;                        //!< By cookie
    std::vector<uint64_t> freeRings;                       //!< Cookies to use again
    std::vector<uint64_t> ringCookies;                     //!< By the transport's number
    std::vector<TaskRecord> keptTasks;                     //!< If they are kept
    std::vector<bool> keptRanks;       //!< By rank: its tasks are kept; empty: none
    std::vector<uint32_t> stepNumbers; //!< The transport's, by group step
    uint64_t finished{0};              //!< Operations
    uint64_t lost{0};                  //!< Messages
    uint64_t bytesDone{0};             //!< Of finished receives
    uint64_t bytesTotal{0};            //!< Of all receives
    bool countedUnfoldings{false};     //!< Those that unfold are in it
    Tick first{NEVER};                 //!< First start
    Tick last{NEVER};                  //!< Last end
    bool draining{false};              //!< Drain() runs
    bool drainScheduled{false};        //!< Drain() will run
};

Replayer::Replayer(const OperationGraph& graph,
                   std::vector<uint32_t> endpoints,
                   Transport& transport,
                   const HostCosts& costs,
                   uint8_t trafficClass,
                   MessageSink* sink)
    : m_impl(std::make_unique<Impl>(*this, graph, std::move(endpoints), transport, costs))
{
    m_impl->trafficClass = trafficClass;
    m_impl->sink = sink;
    if (m_impl->endpoints.size() != graph.GetRanks())
    {
        throw ParameterError("ranks",
                             "the workload has " + std::to_string(graph.GetRanks()) +
                                 " ranks, but endpoints are given for " +
                                 std::to_string(m_impl->endpoints.size()));
    }
    for (const uint32_t endpoint : m_impl->endpoints)
    {
        if (endpoint >= transport.GetEndpoints())
        {
            throw ParameterError("ranks",
                                 "endpoint " + std::to_string(endpoint) +
                                     " is beyond the fabric, which has endpoints 0 to " +
                                     std::to_string(transport.GetEndpoints() - 1));
        }
    }
    const auto& operations = graph.GetOperations();
    m_impl->spans.assign(operations.size(), {NEVER, NEVER});
    m_impl->received.assign(operations.size(), 0);
    m_impl->parts.resize(graph.GetCollectives().size());
    m_impl->waits.resize(operations.size());
    for (uint32_t id = 0; id < operations.size(); ++id)
    {
        const Operation& operation = operations[id];
        m_impl->waits[id] = graph.GetRequired(id);
        if (operation.type == OperationType::RECEIVE ||
            operation.type == OperationType::GROUP_RECEIVE)
        {
            m_impl->bytesTotal += operation.bytes;
        }
        if (operation.collective != NONE)
        {
            ++m_impl->parts[operation.collective].left;
        }
    }
    m_impl->stepNumbers.assign(graph.GetGroupSteps().size(), NONE);
    for (const Unfolding& unfolding : graph.GetUnfoldings())
    {
        for (uint32_t member = 0; member < unfolding.ranks.size(); ++member)
        {
            ++m_impl->waits[unfolding.firstEnd + member]; // for what unfolds before it
        }
    }
}

Replayer::~Replayer() = default;

void
Replayer::Start(Tick at)
{
    m_impl->starts.Schedule(at, Word(BEGIN, 0));
}

bool
Replayer::IsComplete() const
{
    return m_impl->finished == m_impl->spans.size();
}

uint64_t
Replayer::GetFinished() const
{
    return m_impl->finished;
}

uint64_t
Replayer::GetLost() const
{
    return m_impl->lost;
}

std::pair<uint64_t, uint64_t>
Replayer::GetProgress() const
{
    if (!m_impl->countedUnfoldings)
    {
        m_impl->countedUnfoldings = true;
        for (const Unfolding& unfolding : m_impl->graph.GetUnfoldings())
        {
            double bytes = 0;
            ForSomeMessages(*unfolding.program,
                            static_cast<uint32_t>(unfolding.ranks.size()),
                            MOST_COUNTED,
                            [&](uint32_t, uint32_t, uint64_t each, double weight) {
                                bytes += static_cast<double>(each) * weight;
                            });
            m_impl->bytesTotal += static_cast<uint64_t>(bytes);
        }
    }
    return {std::min(m_impl->bytesDone, m_impl->bytesTotal), m_impl->bytesTotal};
}

void
Replayer::UseMemo(CollectiveMemo& memo, uint32_t workload)
{
    m_impl->memo = &memo;
    m_impl->workload = workload;
}

void
Replayer::KeepTasks(std::vector<bool> ranks)
{
    m_impl->keptRanks = std::move(ranks);
}

const std::vector<TaskRecord>&
Replayer::GetTasks() const
{
    std::sort(m_impl->keptTasks.begin(),
              m_impl->keptTasks.end(),
              [](const TaskRecord& a, const TaskRecord& b) {
                  return std::tie(a.operation, a.place) < std::tie(b.operation, b.place);
              });
    return m_impl->keptTasks;
}

void
Replayer::KeepCauses()
{
    m_impl->causes = std::make_unique<Causes>();
    m_impl->causes->operations.resize(m_impl->spans.size());
    m_impl->causes->groupSends.resize(m_impl->stepNumbers.empty() ? 0 : m_impl->spans.size());
    m_impl->causes->groupSteps.resize(m_impl->stepNumbers.size());
}

std::vector<Cause>
Replayer::GetCriticalPath() const
{
    return m_impl->causes ? m_impl->causes->log.Trace(m_impl->causes->last.Get())
                          : std::vector<Cause>{};
}

bool
Replayer::HasLostCauses() const
{
    return m_impl->causes && m_impl->causes->log.IsGivenUp();
}

std::pair<Tick, Tick>
Replayer::GetSpan() const
{
    return {m_impl->first, m_impl->last};
}

std::pair<Tick, Tick>
Replayer::GetCollectiveSpan(uint32_t collective) const
{
    const auto& part = m_impl->parts[collective];
    return {part.start, part.left == 0 ? part.end : NEVER};
}

Fidelity
Replayer::GetCollectiveFidelity(uint32_t collective) const
{
    const auto& part = m_impl->parts[collective];
    Fidelity fidelity = part.fidelity;
    const std::vector<Unfolding>& unfoldings = m_impl->graph.GetUnfoldings();
    const auto what = std::partition_point(
        unfoldings.begin(),
        unfoldings.end(),
        [collective](const Unfolding& unfolding) { return unfolding.collective < collective; });
    if (what != unfoldings.end() && what->collective == collective)
    {
        for (const uint32_t rank : what->ranks)
        {
            const uint32_t endpoint = m_impl->endpoints[rank];
            fidelity = m_impl->transport.Confirm(fidelity, endpoint, part.end);
        }
    }
    return fidelity;
}

std::pair<Tick, Tick>
Replayer::GetOperationSpan(uint32_t operation) const
{
    return m_impl->spans[operation];
}

std::vector<std::string>
Replayer::GetWaiting(std::size_t most) const
{
    const OperationGraph& graph = m_impl->graph;
    const auto& operations = graph.GetOperations();
    std::vector<std::pair<Startable, std::string>> waiting;
    const auto add = [&](const Startable& what, std::string text, uint32_t collective) {
        if (collective != NONE)
        {
            text += " (" + graph.GetCollectives()[collective].name + " " +
                    std::to_string(collective) + ")";
        }
        waiting.emplace_back(what, std::move(text));
    };
    for (uint32_t id = 0; id < operations.size() && waiting.size() < most; ++id)
    {
        const auto& [start, end] = m_impl->spans[id];
        if (start == NEVER || end != NEVER)
        {
            continue;
        }
        const Operation& operation = operations[id];
        const std::string peer =
            std::to_string(operation.peer) + ", tag " + std::to_string(operation.tag);
        const std::string rank = "rank " + std::to_string(operation.rank);
        add({id, NONE, 0},
            operation.type == OperationType::SEND      ? rank + ": send to " + peer
            : operation.type == OperationType::RECEIVE ? rank + ": receive from " + peer
                                                       : graph.Describe(id),
            operation.collective);
    }
    for (const Task& task : m_impl->unfolder.GetWaiting())
    {
        const Unfolding& what = m_impl->unfolder.GetUnfolding(task);
        const std::string peer = std::to_string(what.ranks[task.peer]);
        add({what.GetAnchor(), 0, task.place},
            "rank " + std::to_string(what.ranks[task.member]) +
                (task.type == Task::SEND      ? ": send to " + peer
                 : task.type == Task::RING    ? ": in a ring, next is " + peer
                 : task.type == Task::RECEIVE ? ": receive from " + peer
                                              : ": reduce what " + peer + " sent"),
            what.collective);
    }
    std::sort(waiting.begin(), waiting.end(), [](const auto& a, const auto& b) {
        return a.first < b.first;
    });
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < std::min(most, waiting.size()); ++i)
    {
        texts.push_back(std::move(waiting[i].second));
    }
    return texts;
}

void
Replayer::OnEvent(uint64_t word)
{
    const auto operation = static_cast<uint32_t>(word);
    switch (static_cast<EventKind>(word >> 32))
    {
    case BEGIN:
        for (uint32_t id = 0; id < m_impl->waits.size(); ++id)
        {
            if (m_impl->waits[id] == 0)
            {
                m_impl->ready.push_back({id, NONE, 0});
            }
        }
        m_impl->Drain();
        break;
    case DRAIN:
        m_impl->Drain();
        break;
    case EXPIRE:
        m_impl->ActOperation(operation);
        m_impl->Expire(operation);
        break;
    case EXPIRE_TASK:
        if (m_impl->causes)
        {
            m_impl->Act(m_impl->causes->tasks[operation]);
        }
        m_impl->ExpireTask(operation);
        break;
    case REPEAT:
        m_impl->Repeat(operation);
        break;
    case EXPIRE_PACED:
        m_impl->ActOperation(operation);
        m_impl->ExpirePaced(operation);
        break;
    }
}

void
Replayer::MessageSent(uint64_t cookie)
{
    if ((cookie & GROUP_COOKIE) != 0)
    {
        const uint32_t operation = m_impl->GetGroupOperation(cookie, true);
        if (m_impl->causes)
        {
            m_impl->Act(m_impl->causes->groupSends[operation]);
        }
        m_impl->Finish(operation);
        return;
    }
    m_impl->ActFlight(cookie);
    m_impl->Sent(cookie);
}

void
Replayer::MessageDelivered(uint64_t cookie)
{
    if ((cookie & GROUP_COOKIE) != 0)
    {
        const uint32_t operation = m_impl->GetGroupOperation(cookie, false);
        if (m_impl->causes)
        {
            m_impl->Act(m_impl->causes->groupSteps[m_impl->graph.GetOperations()[operation].peer]);
        }
        m_impl->NoteFidelity(m_impl->graph.GetOperations()[operation].collective);
        m_impl->Receive(operation, Impl::ARRIVED);
        return;
    }
    m_impl->NoteFidelity(m_impl->flights[cookie].collective);
    m_impl->ActFlight(cookie);
    m_impl->Deliver(cookie);
}

void
Replayer::MessageLost(uint64_t)
{
    ++m_impl->lost;
}

void
Replayer::RingReady(uint64_t cookie, uint32_t place, uint32_t step)
{
    const CarriedRing& ring = m_impl->rings[cookie];
    m_impl->ready.push_back(
        {ring.anchor, NONE, ring.rounds.Place(step, place), ring.number, place});
    m_impl->ScheduleDrain();
}

uint64_t
Replayer::RingMessageBegun(uint64_t cookie, uint32_t place, uint64_t bytes)
{
    if (!m_impl->sink)
    {
        return 0;
    }
    if (const auto number = m_impl->sink->MessageLeftOut())
    {
        return *number;
    }
    const CarriedRing& ring = m_impl->rings[cookie];
    const Unfolding& what = m_impl->graph.GetUnfoldings()[ring.unfolding];
    const Team& members = *ring.members;
    const auto endpoint = [&](std::size_t at) {
        return m_impl->endpoints[what.ranks[members[at]]];
    };
    return m_impl->sink->MessageBegun({endpoint(place),
                                       endpoint((place + 1) % members.size()),
                                       bytes,
                                       what.collective,
                                       m_impl->trafficClass,
                                       m_impl->clock.Now(),
                                       NEVER,
                                       ring.flow});
}

void
Replayer::RingMessageEnded(uint64_t, uint64_t number, uint64_t bytes)
{
    m_impl->bytesDone += bytes;
    if (m_impl->sink)
    {
        m_impl->sink->MessageEnded(number, m_impl->clock.Now());
    }
}

void
Replayer::RingMessagesCarried(uint64_t, uint64_t messages, uint64_t bytes)
{
    m_impl->bytesDone += bytes;
    if (m_impl->sink)
    {
        m_impl->sink->MessagesUnlisted(messages);
    }
}

void
Replayer::RingSent(uint64_t cookie, uint32_t place)
{
    m_impl->AdvanceRing(cookie, place, false);
}

void
Replayer::RingPassed(uint64_t cookie, uint32_t place)
{
    m_impl->AdvanceRing(cookie, place, true);
}

} // namespace mtlink
} // namespace ns3
