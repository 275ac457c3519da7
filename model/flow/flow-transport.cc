/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "flow/flow-transport.h"

#include "ns3/assert.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

using Wide = __int128;

/** What an event is about; in a word's lowest bits. */
enum EventKind : uint64_t
{
    START,   //!< A message's overhead is over
    END,     //!< Its last bit leaves
    DELIVER, //!< Its last bit is in
    SOLVE,   //!< Shares are to be found
};

constexpr uint32_t KIND_BITS = 2;
constexpr uint32_t GENERATION_BITS = 30;

constexpr int64_t FULL = ShareSolver::ONE;    //!< The share of a message that is alone
constexpr int64_t WHOLE = ShareSolver::WHOLE; //!< Parts in a picosecond of work

/**
 * Flows that solutions may look at for each message that comes or goes; beyond that the next one
 * waits for a part of the time that flows have left. What may be saved up is limited.
 */
constexpr int64_t VISITS_PER_CHANGE = 64;
constexpr int64_t MOST_VISITS = 1 << 16;
constexpr Tick REST_PART = 24;

/** Packets of a port from which on one more or less is no matter, for what is called fair. */
constexpr uint64_t FAIR_PACKETS = 200;

/** Flits in one step of WireSpeed::After(). */
constexpr uint64_t MOST_FLITS = 1ULL << 23;

uint64_t
MakeWord(EventKind kind, uint32_t id, uint32_t generation)
{
    return uint64_t{generation & ((1U << GENERATION_BITS) - 1)} << (32 + KIND_BITS) |
           uint64_t{id} << KIND_BITS | kind;
}

/** @return an instant some flits later. */
WireTime
After(const WireSpeed& speed, WireTime from, uint64_t flits)
{
    for (; flits > MOST_FLITS; flits -= MOST_FLITS)
    {
        from = speed.After(from, MOST_FLITS);
    }
    return speed.After(from, flits);
}

/** @return flits of a packet. */
uint64_t
GetFlits(const FlowPath& path, uint64_t payload)
{
    return std::max<uint64_t>((payload + path.header + path.flit - 1) / path.flit, 1);
}

} // namespace

FlowTransport::FlowTransport(FlowPaths& paths, const FlowSettings& settings)
    : m_paths(paths),
      m_settings(settings),
      m_budget(MOST_VISITS),
      m_history(settings.sharesHistory ? 1 : paths.GetEndpoints(), Fidelity::EXACT)
{
}

uint32_t
FlowTransport::GetEndpoints() const
{
    return m_paths.GetEndpoints();
}

Fidelity
FlowTransport::GetFidelity() const
{
    return m_delivered;
}

void
FlowTransport::Send(const Message& message, MessageClient* client, uint64_t cookie)
{
    NS_ASSERT_MSG(message.src != message.dst && message.bytes > 0,
                  "a message goes from one endpoint to another and has a payload");
    auto id = static_cast<uint32_t>(m_flows.size());
    if (m_free.empty())
    {
        m_flows.push_back({});
    }
    else
    {
        id = m_free.back();
        m_free.pop_back();
    }
    Flow& flow = m_flows[id];
    flow.client = client;
    flow.cookie = cookie;
    flow.bytes = message.bytes;
    flow.src = message.src;
    flow.dst = message.dst;
    flow.label = message.flow;
    flow.part = NONE;
    flow.next = NONE;
    flow.root = NONE;
    flow.lost = 0;
    flow.pending = NEVER;
    flow.state = WAITING;
    flow.word = Fidelity::EXACT;
    if (m_settings.messageOverhead > 0)
    {
        m_clock.Schedule(m_clock.Now() + m_settings.messageOverhead,
                         this,
                         MakeWord(START, id, flow.generation));
    }
    else
    {
        Enqueue(id);
    }
}

void
FlowTransport::Enqueue(uint32_t id)
{
    Flow& flow = m_flows[id];
    flow.queue = uint64_t{flow.src} << 32 | flow.dst;
    if (m_settings.inOrder)
    {
        const FlowPath& path = m_paths.Find({flow.src, flow.dst, flow.bytes, flow.label});
        flow.queue = uint64_t{flow.src} << 32 | path.steps.front().link;
    }
    const auto [last, isNew] = m_queues.Find(flow.queue);
    if (!isNew)
    {
        m_flows[*last].next = id;
    }
    *last = id;
    if (isNew)
    {
        Begin(id, nullptr);
    }
}

int64_t
FlowTransport::FindCap(const FlowPath& path,
                       uint64_t packets,
                       uint64_t perPort,
                       Tick work,
                       Tick packetTime)
{
    const auto cap = [&](const PacketLoop& loop, uint64_t count, uint64_t side) {
        if (count <= loop.packets || work <= 0)
        {
            return FULL;
        }
        // One round trip for each lot but the last, which takes its time on the wires.
        const uint64_t last = ((count - 1) % loop.packets + side) / side;
        const Wide time =
            Wide{(count - 1) / loop.packets} * loop.roundTrip + Wide{last} * packetTime;
        return time <= work ? FULL : static_cast<int64_t>(Wide{work} * FULL / time);
    };
    return std::max<int64_t>(
        1,
        std::min(cap(path.credit, perPort, 1), cap(path.window, packets, path.ports)));
}

void
FlowTransport::Begin(uint32_t id, const Flow* before)
{
    const Tick now = m_clock.Now();
    Flow& flow = m_flows[id];
    m_budget = std::min(m_budget + VISITS_PER_CHANGE, MOST_VISITS);
    const FlowPath& path = m_paths.Find({flow.src, flow.dst, flow.bytes, flow.label});
    const std::span<const int64_t> capacities = m_paths.GetCapacities();
    while (m_solver.GetLinks() < capacities.size())
    {
        m_solver.AddLink(capacities[m_solver.GetLinks()]);
        m_traffic.emplace_back();
        m_words.emplace_back();
    }

    // Equal ports take packets in turn; the busiest counts.
    const uint64_t packets = (flow.bytes + m_settings.packet - 1) / m_settings.packet;
    const uint64_t perPort = (packets + path.ports - 1) / path.ports;
    const uint64_t rest = flow.bytes - (packets - 1) * m_settings.packet;
    const bool hasShort = (packets - 1) % path.ports == 0;
    const uint64_t whole = GetFlits(path, m_settings.packet);
    const uint64_t last = hasShort ? GetFlits(path, rest) : whole;
    const uint64_t flits = (perPort - 1) * whole + last;

    flow.word = std::max(path.best, m_history[m_settings.sharesHistory ? 0 : flow.src]);
    if (m_settings.inOrder)
    {
        flow.word =
            std::max(flow.word, Fidelity::FAIR); // who waits for whom is not followed so far
    }
    WireTime begin{now, 0};
    flow.isWhole = true;
    bool isChained = false;
    if (before && before->isWhole && now == before->finish.whole)
    {
        // Behind it at once, where its ports are free at once.
        if (before->ports == path.ports && before->isAligned && before->label == flow.label)
        {
            begin = before->finish;
            isChained = true;
        }
        else if (!before->isAligned)
        {
            flow.isWhole = false; // it has begun on the ports that were free before
            flow.word = std::max(flow.word,
                                 perPort >= FAIR_PACKETS ? Fidelity::FAIR : Fidelity::APPROXIMATE);
        }
        else if (before->finish.part > 0 || before->dst != flow.dst)
        {
            flow.word = std::max(flow.word, Fidelity::FAIR);
        }
    }
    flow.finish = After(path.slowest, begin, flits);
    flow.start = now;
    flow.last = now;
    flow.packets = packets;
    flow.flits = static_cast<uint32_t>(std::min<uint64_t>(flits, UINT32_MAX));
    flow.ports = static_cast<uint16_t>(path.ports);
    flow.lane = path.lane;
    flow.isAligned =
        path.ports == 1 || (packets % path.ports == 0 && GetFlits(path, rest) == whole);
    flow.isEven = path.isEven;
    flow.roundsUp = path.roundsUp && 2 * flow.finish.part >= path.slowest.GetParts();
    flow.wireFlits = (packets - 1) * whole + GetFlits(path, rest);
    flow.end = NEVER;
    flow.state = ACTIVE;
    const uint64_t stored = path.storedFlitTime * (perPort > 1 ? whole : last);
    flow.stored = static_cast<Tick>((stored + WHOLE / 2) / WHOLE);
    flow.behind = path.latency + flow.stored;

    const Tick work = flow.finish.whole - now;
    const int64_t cap = FindCap(path, packets, perPort, work, path.slowest.After({}, whole).whole);
    flow.left = work * WHOLE;
    // Ports are not all as busy: what the others don't need is there for whoever shares them.
    flow.spare = static_cast<int64_t>(Wide{flow.left} *
                                      static_cast<int64_t>(flits * path.ports - flow.wireFlits) /
                                      static_cast<int64_t>(flits * path.ports));
    // Who takes turns ends a packet sooner or later than his like.
    flow.isEven =
        flow.isEven && perPort >= FAIR_PACKETS && flow.spare <= flow.left / int64_t{FAIR_PACKETS};
    if (!flow.isWhole)
    {
        const int64_t ahead =
            before->spare * static_cast<int64_t>(before->ports) / static_cast<int64_t>(path.ports);
        flow.left = std::max<int64_t>(flow.left - flow.spare - ahead, WHOLE);
    }
    flow.full = 0;
    flow.share = 0;
    flow.part = NONE;
    bool isKnown = true;
    for (const FlowPath::Part& part : path.parts)
    {
        const auto most = static_cast<int64_t>(Wide{part.most} * cap / FULL);
        flow.full += part.most;
        flow.part = m_solver.Open({path.steps.data() + part.firstStep, part.steps},
                                  std::max<int64_t>(most, 1),
                                  id,
                                  flow.part);
        isKnown = isKnown && m_solver.GetRate(flow.part) > 0;
    }
    JudgeBegin(id, isChained);
    if (m_solver.IsDirty())
    {
        ScheduleSolve();
    }
    if (isKnown || m_solveAt > now)
    {
        SetRate(id);
    }
}

void
FlowTransport::Advance(Flow& flow)
{
    const Tick now = m_clock.Now();
    if (flow.isWhole)
    {
        flow.left = std::max<Tick>(flow.finish.whole - now, 0) * WHOLE;
    }
    else
    {
        const Wide done = Wide{flow.share} * (now - flow.last) * WHOLE / FULL;
        flow.left = static_cast<int64_t>(std::max<Wide>(flow.left - done, 0));
    }
    if (flow.root != NONE)
    {
        flow.lost += static_cast<int64_t>(Wide{FULL - flow.share} * (now - flow.last) / FULL);
    }
    flow.last = now;
}

void
FlowTransport::Charge(Flow& flow, uint32_t root)
{
    if (flow.root == root)
    {
        return;
    }
    if (flow.root != NONE && flow.lost > 0)
    {
        const uint32_t first = m_solver.GetUses(flow.part).front().step.link;
        m_losses.Add({flow.root, flow.src, flow.dst, first, flow.lost});
    }
    flow.root = root;
    flow.lost = 0;
}

void
FlowTransport::SetRate(uint32_t id)
{
    Flow& flow = m_flows[id];
    Wide rate = 0;
    for (uint32_t part = flow.part; part != NONE; part = m_solver.GetSibling(part))
    {
        const int64_t own = m_solver.GetRate(part);
        rate += own > 0 ? own : m_solver.Estimate(part); // it is to be solved some time later
    }
    const int64_t share = rate >= flow.full
                              ? FULL
                              : std::max<int64_t>(static_cast<int64_t>(rate * FULL / flow.full), 1);
    if (share == flow.share)
    {
        return;
    }
    Advance(flow);
    const uint32_t bound = share == FULL ? NONE : m_solver.FindBound(flow.part);
    if (bound != NONE && bound != m_solver.GetUses(flow.part).front().step.link)
    {
        // In packets it would be out as soon as buffers hold it, and its source be free.
        Downgrade(id, Fidelity::APPROXIMATE);
    }
    Charge(flow, bound);
    flow.share = share;
    flow.isWhole = flow.isWhole && share == FULL;
    if (flow.spare > 0 && bound == m_solver.GetUses(flow.part).front().step.link)
    {
        // Whoever shares the source's ports with it goes on where its packets end. At other links
        // the busiest of its ports counts, which may be others' busiest too.
        flow.left = std::max<int64_t>(flow.left - flow.spare, 0);
        flow.spare = 0;
    }
    if (flow.isWhole)
    {
        flow.end = flow.finish.whole;
    }
    else
    {
        const Wide time =
            (Wide{flow.left} * FULL + Wide{share} * WHOLE - 1) / (Wide{share} * WHOLE);
        flow.end = m_clock.Now() + static_cast<Tick>(time);
    }
    ScheduleEnd(id);
}

void
FlowTransport::ScheduleEnd(uint32_t id)
{
    Flow& flow = m_flows[id];
    if (flow.end < flow.pending) // else the event that is pending will see that it comes too early
    {
        flow.pending = flow.end;
        m_clock.Schedule(flow.end, this, MakeWord(END, id, flow.generation));
    }
}

void
FlowTransport::ScheduleSolve()
{
    const Tick at = std::max(m_clock.Now(), m_restUntil);
    if (at < m_solveAt)
    {
        m_solveAt = at;
        m_clock.Schedule(at, this, MakeWord(SOLVE, 0, 0));
    }
}

void
FlowTransport::Solve()
{
    const Tick now = m_clock.Now();
    const uint64_t visits = m_solver.GetVisits();
    ++m_stamp;
    Wide remaining = 0;
    int64_t count = 0;
    if (m_solver.IsDirty())
    {
        m_solver.Solve(m_restUntil > 0 && m_budget < MOST_VISITS / 2);
        for (const uint32_t part : m_solver.GetTouched())
        {
            const uint32_t id = m_solver.GetOwner(part);
            if (m_flows[id].stamp != m_stamp)
            {
                m_flows[id].stamp = m_stamp;
                SetRate(id);
                remaining += m_flows[id].end - now;
                ++count;
            }
        }
    }
    JudgeShares();
    m_budget -= static_cast<int64_t>(m_solver.GetVisits() - visits);
    if (m_budget < 0 && count > 0)
    {
        m_restUntil = now + static_cast<Tick>(remaining / count) / REST_PART;
        m_budget = 0;
    }
}

void
FlowTransport::CountTraffic(const Flow& flow)
{
    uint64_t parts = 0;
    for (uint32_t part = flow.part; part != NONE; part = m_solver.GetSibling(part))
    {
        ++parts;
    }
    uint64_t index = 0;
    for (uint32_t part = flow.part; part != NONE; part = m_solver.GetSibling(part), ++index)
    {
        const auto lot = [&](uint64_t all) {
            return parts == 1 ? all : all * (index + 1) / parts - all * index / parts;
        };
        for (const ShareSolver::Use& use : m_solver.GetUses(part))
        {
            FlowTraffic& traffic = m_traffic[use.step.link];
            traffic.payload += lot(flow.bytes) * use.step.weight;
            traffic.flits += lot(flow.wireFlits) * use.step.weight;
            traffic.packets += lot(flow.packets) * use.step.weight;
        }
    }
}

void
FlowTransport::End(uint32_t id)
{
    Flow& flow = m_flows[id];
    const Tick now = m_clock.Now();
    Advance(flow);
    Charge(flow, NONE);
    CountTraffic(flow);
    for (uint32_t part = flow.part; part != NONE; part = m_solver.GetSibling(part))
    {
        m_solver.Stop(part);
    }
    flow.state = SENT;
    flow.end = now;
    JudgeEnd(id);
    const Tick in = now + flow.behind + (flow.isWhole && flow.roundsUp ? 1 : 0);
    m_clock.Schedule(in, this, MakeWord(DELIVER, id, flow.generation));
    if (m_solver.IsDirty())
    {
        ScheduleSolve();
    }
    MessageClient* const client = flow.client;
    const uint64_t cookie = flow.cookie;
    const uint32_t next = flow.next;
    if (next == NONE)
    {
        m_queues.Erase(flow.queue);
    }
    else
    {
        Begin(next, &flow);
    }
    client->MessageSent(cookie);
}

void
FlowTransport::Deliver(uint32_t id)
{
    Flow& flow = m_flows[id];
    for (uint32_t part = flow.part; part != NONE;)
    {
        const uint32_t closed = part;
        part = m_solver.GetSibling(part);
        m_solver.Close(closed);
    }
    Fidelity& heard = m_history[m_settings.sharesHistory ? 0 : flow.dst];
    heard = std::max(heard, flow.word);
    m_delivered = flow.word;
    m_bytes[static_cast<std::size_t>(flow.word)] += flow.bytes;
    ++m_messages;
    m_packets += flow.packets;
    ++flow.generation;
    m_free.push_back(id);
    flow.client->MessageDelivered(flow.cookie);
}

void
FlowTransport::OnEvent(uint64_t word)
{
    const auto kind = static_cast<EventKind>(word & ((1U << KIND_BITS) - 1));
    if (kind == SOLVE)
    {
        if (m_solveAt == m_clock.Now()) // else an earlier one took its place
        {
            m_solveAt = NEVER;
            Solve();
        }
        return;
    }
    const auto id = static_cast<uint32_t>(word >> KIND_BITS);
    Flow& flow = m_flows[id];
    if (word >> (32 + KIND_BITS) != (flow.generation & ((1U << GENERATION_BITS) - 1)))
    {
        return; // of a message that is over
    }
    switch (kind)
    {
    case START:
        Enqueue(id);
        break;
    case END:
        if (flow.state != ACTIVE || flow.pending != m_clock.Now())
        {
            break;
        }
        flow.pending = NEVER;
        if (flow.end > m_clock.Now())
        {
            ScheduleEnd(id);
            break;
        }
        End(id);
        break;
    case DELIVER:
        Deliver(id);
        break;
    case SOLVE:
        break; // above
    }
}

} // namespace mtlink
} // namespace ns3
