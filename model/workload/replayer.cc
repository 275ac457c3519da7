/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/replayer.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <queue>

namespace ns3
{
namespace mtlink
{

namespace
{

/** What a typed event is about; in the word's upper half, over an operation or nothing. */
enum EventKind : uint64_t
{
    BEGIN,  //!< The workload starts
    DRAIN,  //!< Start what became ready now
    EXPIRE, //!< The operation's time is over
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
constexpr uint32_t MEMBER_BITS = 24;          //!< Of such a cookie: the member's index

/** State of a replay. */
struct Replayer::Impl
{
    /** A lane does one operation at a time: a rank's compute stream, or its reductions. */
    struct Lane
    {
        /** (ready since, operation), the earliest on top. */
        std::priority_queue<std::pair<Tick, uint32_t>,
                            std::vector<std::pair<Tick, uint32_t>>,
                            std::greater<>>
            waiting;
        bool busy{false}; //!< An operation runs
    };

    /** What a collective has come to. */
    struct Part
    {
        Tick start{NEVER}; //!< First start
        Tick end{0};       //!< Last end so far
        uint32_t left{0};  //!< Operations not finished
    };

    /** Halves of a message's completion: both must have come. */
    enum Received : uint8_t
    {
        POSTED = 1,  //!< The receive has started
        ARRIVED = 2, //!< The message is in
    };

    Impl(const OperationGraph& g, std::vector<uint32_t> e, Transport& t, const HostCosts& c)
        : graph(g),
          endpoints(std::move(e)),
          transport(t),
          costs(c)
    {
    }

    /**
     * An operation that nothing holds back any more is to start now.
     * @param [in] id The operation.
     */
    void MakeReady(uint32_t id)
    {
        ready.push_back(id);
        ScheduleDrain();
    }

    /** Have Drain() run before the instant is over. */
    void ScheduleDrain()
    {
        if (!draining && !drainScheduled)
        {
            drainScheduled = true;
            clock.Schedule(clock.Now(), self, Word(DRAIN, 0));
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
        while (!ready.empty() || !idleLanes.empty())
        {
            wave.swap(ready);
            std::sort(wave.begin(), wave.end());
            for (const uint32_t id : wave)
            {
                Begin(id);
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
            Lane& lane = LaneOf(operation);
            lane.waiting.emplace(clock.Now(), id);
            if (!lane.busy)
            {
                idleLanes.push_back(&lane);
            }
            return;
        }
        MarkStart(id);
        switch (operation.type)
        {
        case OperationType::DELAY:
            Run(id, operation.duration);
            break;
        case OperationType::LAUNCH:
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
     * @param [in] operation A COMPUTE or REDUCE.
     * @return the lane that does it.
     */
    Lane& LaneOf(const Operation& operation)
    {
        const bool reduce = operation.type == OperationType::REDUCE;
        return lanes[{operation.rank, reduce ? uint64_t{NONE} + 1 : operation.flow}];
    }

    /**
     * Start a lane's next operation, if it is free.
     * @param [in] lane The lane.
     */
    void Serve(Lane& lane)
    {
        if (!lane.busy && !lane.waiting.empty())
        {
            const uint32_t id = lane.waiting.top().second;
            lane.waiting.pop();
            MarkStart(id);
            const Operation& operation = graph.GetOperations()[id];
            Tick duration = operation.duration;
            if (operation.type == OperationType::COMPUTE && costs.computeScale != 1)
            {
                duration =
                    std::llround(static_cast<double>(operation.duration) * costs.computeScale);
            }
            if (operation.type == OperationType::REDUCE)
            {
                duration = costs.reductionBytesPerSecond > 0
                               ? std::llround(static_cast<double>(operation.bytes) * 1e12 /
                                              costs.reductionBytesPerSecond)
                               : 0;
            }
            lane.busy = duration > 0;
            Run(id, duration);
            if (!lane.busy)
            {
                idleLanes.push_back(&lane);
            }
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
            clock.Schedule(clock.Now() + duration, self, Word(EXPIRE, id));
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
            Lane& lane = LaneOf(operation);
            lane.busy = false;
            idleLanes.push_back(&lane);
            ScheduleDrain();
        }
    }

    /**
     * Hand a message to the transport.
     * @param [in] id The SEND.
     * @param [in] operation The same.
     */
    void Send(uint32_t id, const Operation& operation)
    {
        Message message;
        message.src = endpoints[operation.rank];
        message.dst = endpoints[operation.peer];
        message.bytes = std::max<uint64_t>(operation.bytes, 1);
        message.flow = operation.flow;
        message.trafficClass = operation.trafficClass == WORKLOAD_TRAFFIC_CLASS
                                   ? trafficClass
                                   : operation.trafficClass;
        const auto index = static_cast<uint64_t>(messages.size());
        messages.push_back({message.src,
                            message.dst,
                            message.bytes,
                            operation.collective,
                            message.trafficClass,
                            clock.Now(),
                            NEVER,
                            message.flow});
        const uint64_t cookie = index << 32 | id;
        if (message.src == message.dst)
        {
            Finish(id);
            Deliver(cookie);
        }
        else
        {
            transport.Send(message, self, cookie);
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
                self,
                GROUP_COOKIE | static_cast<uint64_t>(index) << MEMBER_BITS);
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
     * A message is in.
     * @param [in] cookie Message's index over the SEND's id.
     */
    void Deliver(uint64_t cookie)
    {
        messages[cookie >> 32].end = clock.Now();
        Receive(graph.GetMatch(static_cast<uint32_t>(cookie)), ARRIVED);
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
        last = now;
        ++finished;
        const uint32_t collective = graph.GetOperations()[id].collective;
        if (collective != NONE)
        {
            parts[collective].end = now;
            --parts[collective].left;
        }
        Release(graph.GetDependents(id));
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

    const OperationGraph& graph;                         //!< What to do
    uint8_t trafficClass{0};                             //!< Of messages that say nothing else
    std::vector<uint32_t> endpoints;                     //!< By rank
    Transport& transport;                                //!< Carries the messages
    HostCosts costs;                                     //!< Host overheads
    Replayer* self{nullptr};                             //!< Who gets events and completions
    EventClock clock;                                    //!< Time
    std::vector<std::pair<Tick, Tick>> spans;            //!< Start and end by operation
    std::vector<uint32_t> waits;                         //!< Requirements left, by operation
    std::vector<uint8_t> received;                       //!< Received flags, by operation
    std::vector<uint32_t> ready;                         //!< To start in this instant
    std::vector<uint32_t> wave;                          //!< Being started
    std::map<std::pair<uint32_t, uint64_t>, Lane> lanes; //!< By rank and stream
    std::vector<Lane*> idleLanes;                        //!< May start something in this instant
    std::vector<Part> parts;                             //!< By collective
    std::vector<MessageRecord> messages;                 //!< In order of sending
    std::vector<uint32_t> stepNumbers;                   //!< The transport's, by group step
    uint64_t finished{0};                                //!< Operations
    uint64_t lost{0};                                    //!< Messages
    uint64_t bytesDone{0};                               //!< Of finished receives
    uint64_t bytesTotal{0};                              //!< Of all receives
    Tick first{NEVER};                                   //!< First start
    Tick last{NEVER};                                    //!< Last end
    bool draining{false};                                //!< Drain() runs
    bool drainScheduled{false};                          //!< Drain() will run
};

Replayer::Replayer(const OperationGraph& graph,
                   std::vector<uint32_t> endpoints,
                   Transport& transport,
                   const HostCosts& costs,
                   uint8_t trafficClass)
    : m_impl(std::make_unique<Impl>(graph, std::move(endpoints), transport, costs))
{
    m_impl->self = this;
    m_impl->trafficClass = trafficClass;
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
    uint64_t sends = 0;
    for (uint32_t id = 0; id < operations.size(); ++id)
    {
        const Operation& operation = operations[id];
        m_impl->waits[id] = graph.GetRequired(id);
        sends += operation.type == OperationType::SEND;
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
    m_impl->messages.reserve(sends);
    m_impl->stepNumbers.assign(graph.GetGroupSteps().size(), NONE);
}

Replayer::~Replayer() = default;

void
Replayer::Start(Tick at)
{
    m_impl->clock.Schedule(at, this, Word(BEGIN, 0));
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
    return {m_impl->bytesDone, m_impl->bytesTotal};
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

std::pair<Tick, Tick>
Replayer::GetOperationSpan(uint32_t operation) const
{
    return m_impl->spans[operation];
}

const std::vector<MessageRecord>&
Replayer::GetMessages() const
{
    return m_impl->messages;
}

std::vector<std::string>
Replayer::GetWaiting(std::size_t most) const
{
    std::vector<std::string> waiting;
    const auto& operations = m_impl->graph.GetOperations();
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
        std::string text;
        switch (operation.type)
        {
        case OperationType::SEND:
            text = "rank " + std::to_string(operation.rank) + ": send to " + peer;
            break;
        case OperationType::RECEIVE:
            text = "rank " + std::to_string(operation.rank) + ": receive from " + peer;
            break;
        default:
            text = m_impl->graph.Describe(id);
        }
        if (operation.collective != NONE)
        {
            text += " (" + m_impl->graph.GetCollectives()[operation.collective].name + " " +
                    std::to_string(operation.collective) + ")";
        }
        waiting.push_back(std::move(text));
    }
    return waiting;
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
                m_impl->ready.push_back(id);
            }
        }
        m_impl->Drain();
        break;
    case DRAIN:
        m_impl->Drain();
        break;
    case EXPIRE:
        m_impl->Expire(operation);
        break;
    }
}

void
Replayer::MessageSent(uint64_t cookie)
{
    const bool isGroup = (cookie & GROUP_COOKIE) != 0;
    m_impl->Finish(isGroup ? m_impl->GetGroupOperation(cookie, true)
                           : static_cast<uint32_t>(cookie));
}

void
Replayer::MessageDelivered(uint64_t cookie)
{
    if ((cookie & GROUP_COOKIE) != 0)
    {
        m_impl->Receive(m_impl->GetGroupOperation(cookie, false), Impl::ARRIVED);
        return;
    }
    m_impl->Deliver(cookie);
}

void
Replayer::MessageLost(uint64_t)
{
    ++m_impl->lost;
}

} // namespace mtlink
} // namespace ns3
