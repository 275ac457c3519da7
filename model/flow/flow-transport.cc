/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "flow/flow-transport.h"

#include "ns3/assert.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

using Wide = __int128;

constexpr int64_t FULL = ShareSolver::ONE;    //!< The share of a message that is alone
constexpr int64_t WHOLE = ShareSolver::WHOLE; //!< Parts in a picosecond of work

/**
 * Flows that solutions may look at for each message that comes, and for each that goes; beyond that
 * the next one waits for a part of the time that flows have left, not much less than of the time
 * that they take in all, and with that all is paid.
 * What may be saved up is limited.
 */
constexpr int64_t VISITS_PER_CHANGE = 32;
constexpr int64_t MOST_VISITS = 1 << 16;
constexpr Tick REST_PART = 24;
constexpr Tick LEAST_REST_PART = 96;

/** Ends are put in order together where one of so many moves. */
constexpr std::size_t CROWD_PART = 8;

/** Packets of a port from which on one more or less is no matter, for what is called fair. */
constexpr uint64_t FAIR_PACKETS = 200;

} // namespace

FlowTransport::FlowTransport(FlowPaths& paths, const FlowSettings& settings)
    : m_paths(paths),
      m_settings(settings),
      m_rings(*this),
      m_budget(MOST_VISITS),
      m_history(settings.sharesHistory ? 1 : paths.GetEndpoints()),
      m_doubts(paths.GetEndpoints())
{
}

uint32_t
FlowTransport::OpenRing(const Ring& ring, RingClient* client, uint64_t cookie)
{
    return m_rings.Open(ring, client, cookie);
}

void
FlowTransport::JoinRing(uint32_t ring, uint32_t place)
{
    m_rings.Join(ring, place);
}

void
FlowTransport::SendInRing(uint32_t ring, uint32_t place)
{
    m_rings.Send(ring, place);
}

void
FlowTransport::Settle()
{
    m_rings.GiveUpAll();
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

uint32_t
FlowTransport::Make(const Message& message,
                    MessageClient* client,
                    uint64_t cookie,
                    const RingPassage& passage)
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
    flow.ring = passage.ring;
    flow.place = passage.place;
    flow.isListed = passage.isListed;
    flow.part = NONE;
    flow.next = NONE;
    flow.root = NONE;
    flow.lost = 0;
    flow.state = WAITING;
    flow.word = Fidelity::EXACT;
    return id;
}

void
FlowTransport::Send(const Message& message, MessageClient* client, uint64_t cookie)
{
    SendFrom(message, client, cookie, {});
}

void
FlowTransport::SendFrom(const Message& message,
                        MessageClient* client,
                        uint64_t cookie,
                        const RingPassage& passage)
{
    const uint32_t id = Make(message, client, cookie, passage);
    if (m_settings.messageOverhead > 0)
    {
        EnqueueAt(id, m_clock.Now() + m_settings.messageOverhead);
    }
    else
    {
        Enqueue(id);
    }
}

void
FlowTransport::EnqueueAt(uint32_t id, Tick at)
{
    if (m_starting.Add(at, id))
    {
        m_events.Schedule(at, MakeWord(START, 0));
    }
}

void
FlowTransport::StartDue()
{
    const Tick next = m_starting.Take(m_clock.Now(), [this](uint32_t id) { Enqueue(id); });
    if (next != NEVER)
    {
        m_events.Schedule(next, MakeWord(START, 0));
    }
}

void
FlowTransport::Resume(const Message& message,
                      const RingPassage& passage,
                      const RingMessage& course,
                      Fidelity word)
{
    const Tick now = m_clock.Now();
    const uint32_t id = Make(message, nullptr, 0, passage);
    if (course.asked > now)
    {
        EnqueueAt(id, course.asked);
        return;
    }
    if (course.begun.whole > now)
    {
        Enqueue(id);
        return;
    }
    Flow& flow = m_flows[id];
    flow.word = word;
    flow.isWhole = true;
    flow.start = course.begun.whole;
    NoteHanded(flow, flow.start);
    const FlowWay path = FindPath(message);
    Open(id, path, MeasureLoad(*path.manner, message.bytes, m_settings.packet), course.begun, 0);
    if (course.end.whole > now)
    {
        PutLast(id);
        SetRate(id);
    }
    else
    {
        flow.end = course.end.whole;
        flow.share = FULL;
        StopSending(id);
    }
}

uint64_t
FlowTransport::GetQueue(const Flow& flow)
{
    if (!m_settings.inOrder)
    {
        return GetQueueOf(flow.src, flow.dst);
    }
    const uint32_t first =
        flow.state == WAITING ? FindPath(GetMessage(flow)).steps.front().link : GetFirstLink(flow);
    return uint64_t{flow.src} << 32 | first;
}

uint32_t
FlowTransport::PutLast(uint32_t id)
{
    const uint64_t queue = GetQueue(m_flows[id]);
    uint32_t& last = m_queues.Find(queue, [this, queue](uint32_t other) {
        return GetQueue(m_flows[other]) == queue;
    });
    static_assert(NONE == QueueTable::NOBODY);
    return std::exchange(last, id);
}

bool
FlowTransport::IsOneQueue(const Flow& a, const Flow& b) const
{
    return a.src == b.src &&
           (m_settings.inOrder ? GetFirstLink(a) == GetFirstLink(b) : a.dst == b.dst);
}

uint32_t
FlowTransport::GetFirstLink(const Flow& flow) const
{
    uint32_t part = flow.part; // the latest opened comes first
    while (m_solver.GetSibling(part) != NONE)
    {
        part = m_solver.GetSibling(part);
    }
    return m_solver.GetFirstLink(part);
}

void
FlowTransport::AddLinks()
{
    const std::span<const int64_t> capacities = m_paths.GetCapacities();
    while (m_solver.GetLinks() < capacities.size())
    {
        m_solver.AddLink(capacities[m_solver.GetLinks()], m_paths.GetHop(m_solver.GetLinks()));
        m_links.emplace_back();
    }
}

FlowWay
FlowTransport::FindPath(const Message& message)
{
    const FlowWay path = m_paths.Find(message);
    AddLinks();
    return path;
}

void
FlowTransport::Enqueue(uint32_t id)
{
    if (m_rings.HasWholes())
    {
        // A ring that is given up may have a message in this queue, behind which it waits.
        m_rings.MakeRoom(FindPath(GetMessage(m_flows[id])), m_flows[id].ring);
    }
    m_flows[id].start = m_clock.Now(); // until it begins
    NoteHanded(m_flows[id], m_clock.Now());
    const uint32_t before = PutLast(id);
    if (before == NONE)
    {
        Begin(id, NONE);
        return;
    }
    Flow& flow = m_flows[id];
    Flow& tail = m_flows[before];
    tail.next = id;
    if (tail.start == flow.start && tail.ring != flow.ring &&
        (tail.ring == NO_RING || flow.ring == NO_RING))
    {
        // Of one instant, and told of in other ways: packets might go the other way about.
        flow.word = Fidelity::FAIR;
        Downgrade(before, Fidelity::FAIR);
    }
}

void
FlowTransport::Begin(uint32_t id, uint32_t previous)
{
    const Tick now = m_clock.Now();
    const Message message = GetMessage(m_flows[id]);
    m_budget = std::min(m_budget + VISITS_PER_CHANGE, MOST_VISITS);
    FlowWay path = FindPath(message);
    if (m_rings.HasWholes() && m_rings.MakeRoom(path, m_flows[id].ring))
    {
        path = FindPath(message); // those of a ring that was given up were looked up meanwhile
    }
    Flow& flow = m_flows[id];
    const Flow* const before = previous == NONE ? nullptr : &m_flows[previous];
    if (flow.ring != NO_RING && before && before->ring != flow.ring)
    {
        m_rings.NoteDisturbed(flow.ring);
    }
    const FlowLoad load = MeasureLoad(*path.manner, flow.bytes, m_settings.packet);
    flow.word = std::max({flow.word, path->best, GetHeard(flow.src).word});
    if (m_settings.inOrder)
    {
        flow.word =
            std::max(flow.word, Fidelity::FAIR); // who waits for whom is not followed so far
    }
    WireTime begin{now, 0};
    flow.isWhole = true;
    bool isChained = false;
    int64_t ahead = 0;
    if (before && before->isWhole)
    {
        const FlowShape& shape = GetShape(*before);
        // Behind it at once, where its ports are free at once.
        if (shape.ports == path->ports && shape.isAligned && before->label == flow.label)
        {
            begin = {before->end, before->endPart};
            isChained = true;
        }
        else if (!shape.isAligned)
        {
            flow.isWhole = false; // it has begun on the ports that were free before
            flow.word =
                std::max(flow.word,
                         load.perPort >= FAIR_PACKETS ? Fidelity::FAIR : Fidelity::APPROXIMATE);
            ahead = before->spare * static_cast<int64_t>(shape.ports) /
                    static_cast<int64_t>(path->ports);
        }
        else if (before->endPart > 0 || before->dst != flow.dst)
        {
            flow.word = std::max(flow.word, Fidelity::FAIR);
        }
    }
    flow.start = now;
    const bool isKnown = Open(id, path, load, begin, ahead);
    m_paths.Began(message);
    if (flow.word == Fidelity::EXACT)
    {
        flow.earliest = now;
    }
    else if (before && before->isSurelyHanded && before->handed <= flow.earliest)
    {
        flow.earliest = std::max(flow.earliest, // in packets it is behind that one, too
                                 before->earliest + before->least - before->spare / WHOLE);
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

bool
FlowTransport::Open(uint32_t id,
                    const FlowWay& path,
                    const FlowLoad& load,
                    WireTime begin,
                    int64_t ahead)
{
    Flow& flow = m_flows[id];
    const WireTime finish = AfterFlits(path->slowest, begin, load.flits);
    flow.last = flow.start;
    flow.end = finish.whole;
    flow.endPart = finish.part;
    flow.roundsUp = path->roundsUp && 2 * finish.part >= path->slowest.GetParts();
    flow.isBeyondBuffers = false;
    flow.state = ACTIVE;
    const Tick work = finish.whole - flow.start;
    const int64_t cap = FindCap(*path.manner, load, work);
    flow.left = work * WHOLE;
    // Ports are not all as busy: what the others don't need is there for whoever shares them.
    const auto slots = static_cast<int64_t>(load.flits * path->ports);
    const int64_t unused = slots - static_cast<int64_t>(load.wireFlits);
    flow.spare = unused > 0 ? static_cast<int64_t>(Wide{flow.left} * unused / slots) : 0;
    flow.hasSpare = flow.spare > 0;

    FlowShape shape;
    shape.packets = load.packets;
    shape.wireFlits = load.wireFlits;
    shape.stored = load.stored;
    shape.behind = path->latency + load.stored;
    shape.flits = static_cast<uint32_t>(std::min<uint64_t>(load.flits, UINT32_MAX));
    shape.lane = path->lane;
    shape.ports = path->ports;
    shape.isDrawn = path->isDrawn;
    shape.room = path->room;
    shape.isAligned = load.isAligned;
    // Who takes turns ends a packet sooner or later than his like.
    shape.isEven = path->isEven && load.perPort >= FAIR_PACKETS &&
                   flow.spare <= flow.left / int64_t{FAIR_PACKETS};
    if (!flow.isWhole)
    {
        flow.left = std::max<int64_t>(flow.left - flow.spare - ahead, WHOLE);
    }
    flow.least = flow.left / WHOLE;
    flow.share = 0;
    flow.part = NONE;
    bool isKnown = true;
    for (const FlowPath::Part& part : path.parts)
    {
        const int64_t most =
            cap == FULL ? part.most : static_cast<int64_t>(Wide{part.most} * cap / FULL);
        shape.full += part.most;
        flow.part = m_solver.Open(path.steps.subspan(part.firstStep, part.steps),
                                  std::max<int64_t>(most, 1),
                                  id,
                                  flow.part);
        isKnown = isKnown && m_solver.GetRate(flow.part) > 0;
    }
    flow.shape = m_shapes.Take(shape);
    return isKnown;
}

void
FlowTransport::Advance(Flow& flow)
{
    const Tick now = m_clock.Now();
    if (flow.isWhole)
    {
        flow.left = std::max<Tick>(flow.end - now, 0) * WHOLE;
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
    // A source that shares its own port out is not held up by the fabric.
    const uint32_t first = m_solver.GetFirstLink(flow.part);
    if (flow.root != NONE && flow.root != first && flow.lost > 0)
    {
        const FlowLosses::Row loss{flow.root, flow.src, flow.dst, first, flow.lost, 1};
        m_losses.Add(loss);
        if (m_watcher)
        {
            m_watcher->Lost(loss);
        }
        // A source goes on sending at its own rate: at its last bit so much waits before that link.
        flow.isBeyondBuffers =
            flow.isBeyondBuffers ||
            (Wide{flow.bytes} * flow.lost > Wide{GetShape(flow).room} * (flow.least + flow.lost));
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
    const int64_t full = GetShape(flow).full;
    const auto share = static_cast<int32_t>(
        rate >= full ? FULL : std::max<int64_t>(static_cast<int64_t>(rate * FULL / full), 1));
    if (share == flow.share)
    {
        return;
    }
    Advance(flow);
    const uint32_t first = m_solver.GetFirstLink(flow.part);
    const uint32_t bound = share == FULL ? NONE : m_solver.FindBound(flow.part);
    if (bound != NONE && bound != first)
    {
        // In packets it would be out as soon as buffers hold it, and its source be free.
        Downgrade(id, Fidelity::APPROXIMATE);
    }
    Charge(flow, bound);
    flow.share = share;
    flow.isWhole = flow.isWhole && share == FULL;
    if (flow.hasSpare && bound == first)
    {
        // Whoever shares the source's ports with it goes on where its packets end. At other links
        // the busiest of its ports counts, which may be others' busiest too.
        flow.left = std::max<int64_t>(flow.left - flow.spare, 0);
        flow.spare = 0;
        flow.hasSpare = false;
    }
    if (!flow.isWhole)
    {
        const Wide time =
            (Wide{flow.left} * FULL + Wide{share} * WHOLE - 1) / (Wide{share} * WHOLE);
        flow.end = m_clock.Now() + static_cast<Tick>(time);
    }
    if (m_isCrowd)
    {
        m_ends.SetUnordered(id, flow.end);
    }
    else if (flow.end < m_ends.Get(id)) // else it will be seen that it comes too early
    {
        m_ends.Set(id, flow.end);
        ScheduleEnds();
    }
}

void
FlowTransport::ScheduleEnds()
{
    if (m_ends.GetFirst() < m_endsAt)
    {
        m_endsAt = m_ends.GetFirst();
        m_events.Schedule(m_endsAt, MakeWord(END, 0));
    }
}

void
FlowTransport::EndAll()
{
    while (m_ends.GetFirst() <= m_clock.Now())
    {
        const uint32_t id = m_ends.GetFirstId();
        if (m_flows[id].end > m_clock.Now())
        {
            m_ends.Set(id, m_flows[id].end);
            continue;
        }
        m_ends.Pop();
        End(id);
    }
    m_endsAt = NEVER;
    ScheduleEnds();
}

void
FlowTransport::ScheduleSolve()
{
    const Tick at = std::max(m_clock.Now(), m_restUntil);
    if (at < m_solveAt)
    {
        m_solveAt = at;
        m_solves.Schedule(at, MakeWord(SOLVE, 0));
    }
}

void
FlowTransport::Solve()
{
    const Tick now = m_clock.Now();
    const uint64_t before = m_solver.GetVisits();
    Wide lives = 0; // of those that it touches: from start to end
    Wide rests = 0; // ..., from now to end
    if (m_solver.IsDirty())
    {
        m_solver.Solve(m_restUntil > 0 && m_budget < MOST_VISITS / 2);
        const std::vector<uint32_t>& touched = m_solver.GetTouched();
        m_isCrowd = touched.size() > m_solver.GetActiveFlows() / CROWD_PART;
        for (const uint32_t part : touched)
        {
            const uint32_t id = m_solver.GetOwner(part);
            SetRate(id);
            lives += m_flows[id].end - m_flows[id].start;
            rests += m_flows[id].end - now;
        }
        if (m_isCrowd)
        {
            m_isCrowd = false;
            m_ends.Order();
            ScheduleEnds();
        }
        m_budget -= static_cast<int64_t>(m_solver.GetVisits() - before);
        if (m_budget < 0 && !touched.empty())
        {
            const Wide rest = std::max(rests / REST_PART, lives / LEAST_REST_PART);
            m_restUntil = now + static_cast<Tick>(rest / static_cast<int64_t>(touched.size()));
            m_budget = 0;
        }
    }
    JudgeShares();
}

void
FlowTransport::CountTraffic(const Flow& flow)
{
    uint64_t parts = 0;
    for (uint32_t part = flow.part; part != NONE; part = m_solver.GetSibling(part))
    {
        ++parts;
    }
    const FlowShape& shape = GetShape(flow);
    uint64_t index = 0;
    for (uint32_t part = flow.part; part != NONE; part = m_solver.GetSibling(part), ++index)
    {
        const auto lot = [&](uint64_t all) {
            return parts == 1 ? all : all * (index + 1) / parts - all * index / parts;
        };
        m_solver.ForSteps(part, [&](uint32_t link, uint32_t weight) {
            const FlowTraffic traffic{lot(flow.bytes) * weight,
                                      lot(shape.wireFlits) * weight,
                                      lot(shape.packets) * weight};
            m_solver.AddTraffic(link, traffic);
            if (m_watcher)
            {
                m_watcher->Carried(flow.src, flow.dst, link, traffic);
            }
        });
    }
}

void
FlowTransport::StopSending(uint32_t id)
{
    Flow& flow = m_flows[id];
    for (uint32_t part = flow.part; part != NONE; part = m_solver.GetSibling(part))
    {
        m_solver.Stop(part);
    }
    flow.state = SENT;
    NoteSent(flow);
    const Tick in = flow.end + GetShape(flow).behind + (flow.isWhole && flow.roundsUp ? 1 : 0);
    m_events.Schedule(in, MakeWord(DELIVER, id));
}

void
FlowTransport::LeaveLinks(Flow& flow)
{
    while (flow.part != NONE)
    {
        const uint32_t closed = flow.part;
        flow.part = m_solver.GetSibling(closed);
        m_solver.Close(closed);
    }
}

void
FlowTransport::End(uint32_t id)
{
    Flow& flow = m_flows[id];
    const Tick now = m_clock.Now();
    m_budget = std::min(m_budget + VISITS_PER_CHANGE, MOST_VISITS);
    Advance(flow);
    Charge(flow, NONE);
    CountTraffic(flow);
    if (flow.ring != NO_RING && !flow.isWhole)
    {
        m_rings.NoteDisturbed(flow.ring);
    }
    flow.end = now;
    StopSending(id);
    JudgeEnd(id);
    if (m_solver.IsDirty())
    {
        ScheduleSolve();
    }
    MessageClient* const client = flow.client;
    const uint64_t cookie = flow.cookie;
    const uint32_t ring = flow.ring;
    const uint32_t place = flow.place;
    const uint32_t next = flow.next;
    if (next == NONE)
    {
        m_queues.Erase(GetQueue(flow), id);
    }
    if (flow.word == Fidelity::APPROXIMATE)
    {
        LeaveLinks(flow); // whoever comes there is no better, and need not look at it
    }
    if (next != NONE)
    {
        Begin(next, id);
    }
    if (ring != NO_RING)
    {
        m_rings.Sent(ring, place);
    }
    else
    {
        client->MessageSent(cookie);
    }
}

void
FlowTransport::Deliver(uint32_t id)
{
    Flow& flow = m_flows[id];
    NoteClaim(flow);
    LeaveLinks(flow);
    NoteHeard(flow.dst, flow, flow.earliest + flow.least + GetShape(flow).behind);
    m_delivered = flow.word;
    m_beyondBuffers += flow.isBeyondBuffers ? flow.bytes : 0;
    m_doubts.Note(flow.word, flow.dst, m_clock.Now(), flow.bytes);
    ++m_messages;
    m_packets += GetShape(flow).packets;
    if (m_watcher)
    {
        m_watcher->Delivered(flow.src,
                             flow.dst,
                             {1, GetShape(flow).packets, flow.bytes},
                             flow.word);
    }
    m_shapes.Drop(flow.shape);
    m_free.push_back(id);
    if (flow.ring != NO_RING)
    {
        m_rings.Delivered({flow.ring, flow.place, flow.isListed}, flow.cookie, flow.bytes);
    }
    else
    {
        flow.client->MessageDelivered(flow.cookie);
    }
}

void
FlowTransport::CountAgain(const FlowSum& sum, Fidelity word, uint32_t endpoint)
{
    m_messages += sum.messages;
    m_packets += sum.packets;
    m_doubts.Note(word, endpoint, m_clock.Now(), sum.bytes);
}

void
FlowTransport::CountAgain(uint32_t link, const FlowTraffic& traffic, Fidelity word)
{
    AddLinks(); // it may not have carried anything yet
    m_solver.AddTraffic(link, traffic);
    ClaimLink(link, m_clock.Now(), word);
}

void
FlowTransport::OnEvent(uint64_t word)
{
    PrefetchFirstEnd();
    const uint32_t id = GetId(word);
    switch (GetKind(word))
    {
    case START:
        StartDue();
        break;
    case END:
        if (m_endsAt == m_clock.Now()) // else an earlier one took its place
        {
            EndAll();
        }
        break;
    case DELIVER:
        Deliver(id);
        break;
    case SOLVE:
        if (m_solveAt == m_clock.Now()) // likewise
        {
            m_solveAt = NEVER;
            Solve();
        }
        break;
    }
}

} // namespace mtlink
} // namespace ns3
