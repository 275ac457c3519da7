/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "flow/flow-rings.h"

#include "flow/flow-transport.h"

#include "ns3/assert.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace mtlink
{

namespace
{

/** What an event is about; in a word's lowest bits, over the ring and the place. */
enum EventKind : uint64_t
{
    BEGIN,  //!< Who joins in this instant has done so
    SENT,   //!< All that a place sends has left
    PASSED, //!< All that a place gets is in
};

constexpr uint32_t KIND_BITS = 2;
constexpr uint32_t PLACE_BITS = 22;
constexpr uint32_t RING_BITS = EventHandlers::WORD_BITS - PLACE_BITS - KIND_BITS;

constexpr std::size_t MOST_LENGTHS = 16; //!< Of a ring's chunks, to be carried as a whole
constexpr std::size_t MOST_KINDS = 256;  //!< Of its legs

/** What is the same for all legs of a kind. */
struct LegKind
{
    WireSpeed slowest;       //!< Of FlowPath, as all of these
    uint32_t flit;           //!< ...
    uint32_t header;         //!< ...
    uint32_t ports;          //!< ...
    Tick latency;            //!< ...
    uint64_t storedFlitTime; //!< ...
    PacketLoop credit;       //!< ...
    PacketLoop window;       //!< ...
    bool roundsUp;           //!< ...

    explicit LegKind(const FlowManner& path)
        : slowest(path.slowest),
          flit(path.flit),
          header(path.header),
          ports(path.ports),
          latency(path.latency),
          storedFlitTime(path.storedFlitTime),
          credit(path.credit),
          window(path.window),
          roundsUp(path.roundsUp)
    {
    }

    bool operator==(const LegKind&) const = default;
};

} // namespace

FlowRings::FlowRings(FlowTransport& transport)
    : m_transport(transport)
{
}

uint32_t
FlowRings::Open(const Ring& ring, RingClient* client, uint64_t cookie)
{
    if (ring.endpoints.size() >> PLACE_BITS != 0 || m_rings.size() >> RING_BITS != 0)
    {
        throw std::length_error("mode flow carries at most 4 million rings at once, of as many "
                                "members");
    }
    auto number = static_cast<uint32_t>(m_rings.size());
    if (m_free.empty())
    {
        m_rings.emplace_back();
    }
    else
    {
        number = m_free.back();
        m_free.pop_back();
    }
    OpenRing& open = m_rings[number];
    const std::size_t n = ring.endpoints.size();
    open.ring = ring;
    open.client = client;
    open.cookie = cookie;
    open.places.assign(n, {});
    open.left = static_cast<uint32_t>(2 * n);
    open.state = ring.isListed ? BY_MESSAGE : GATHERING;
    return number;
}

void
FlowRings::Join(uint32_t ring, uint32_t place)
{
    OpenRing& open = m_rings[ring];
    Place& self = open.places[place];
    self.joined = m_clock.Now();
    ++open.joined;
    if (open.state == GATHERING)
    {
        if (m_gathering.empty())
        {
            m_begins.Schedule(self.joined, BEGIN);
        }
        if (open.joined == 1)
        {
            m_gathering.push_back(ring);
        }
        return;
    }
    if (!open.ring.isListed)
    {
        TryWholes({&ring, 1});
    }
    if (open.state == WHOLE)
    {
        return;
    }
    Pump(ring, place);
    if (self.received == open.ring.steps)
    {
        Schedule(ring, place, PASSED, self.joined);
    }
}

void
FlowRings::Pump(uint32_t ring, uint32_t place)
{
    OpenRing& open = m_rings[ring];
    Place& self = open.places[place];
    while (self.joined != NEVER && self.ready < open.ring.steps && self.ready <= self.received)
    {
        open.client->RingReady(open.cookie, place, self.ready++);
    }
}

void
FlowRings::Send(uint32_t ring, uint32_t place)
{
    OpenRing& open = m_rings[ring];
    const auto n = static_cast<uint32_t>(open.places.size());
    Place& self = open.places[place];
    if (open.state == WHOLE || self.handed == self.ready)
    {
        return; // as it was told of, the ring was about to be carried as a whole
    }
    const uint32_t step = self.handed++;
    const uint64_t bytes = open.ring.chunks[(place + open.ring.first + n - step % n) % n];
    const Message message{open.ring.endpoints[place],
                          open.ring.endpoints[(place + 1) % n],
                          bytes,
                          open.ring.flow};
    const uint64_t number = open.client->RingMessageBegun(open.cookie, place, bytes);
    ++open.pending;
    m_transport.SendFrom(message, nullptr, number, {ring, place, true});
}

void
FlowRings::Sent(uint32_t ring, uint32_t place)
{
    OpenRing& open = m_rings[ring];
    Place& self = open.places[place];
    if (++self.sent == open.ring.steps && open.state == BY_MESSAGE)
    {
        Tell(ring, place, false);
    }
}

void
FlowRings::Delivered(const RingPassage& passage, uint64_t number, uint64_t bytes)
{
    OpenRing& open = m_rings[passage.ring];
    const auto n = static_cast<uint32_t>(open.places.size());
    const uint32_t next = passage.place + 1 < n ? passage.place + 1 : 0;
    Place& self = open.places[next];
    --open.pending;
    ++self.received; // messages of one queue come in as they were sent
    open.word = std::max(open.word, m_transport.GetFidelity());
    if (passage.isListed)
    {
        open.client->RingMessageEnded(open.cookie, number, bytes);
    }
    else
    {
        open.client->RingMessagesCarried(open.cookie, 1, bytes);
    }
    if (open.state == WHOLE || self.joined == NEVER)
    {
        Close(passage.ring);
        return;
    }
    Pump(passage.ring, next);
    if (m_rings[passage.ring].places[next].received == m_rings[passage.ring].ring.steps)
    {
        Tell(passage.ring, next, true);
    }
}

void
FlowRings::PrefetchNext(uint32_t ring, uint32_t place, uint64_t bytes, uint32_t step) const
{
    const OpenRing& open = m_rings[ring];
    const auto n = static_cast<uint32_t>(open.places.size());
    const uint32_t next = place + 1 < n ? place + 1 : 0;
    if (step == 0)
    {
        __builtin_prefetch(&open.places[next], 1);
        __builtin_prefetch(&open.ring.endpoints[next]);
        return;
    }
    m_transport.PrefetchSend({open.ring.endpoints[next],
                              open.ring.endpoints[next + 1 < n ? next + 1 : 0],
                              bytes,
                              open.ring.flow},
                             step - 1);
}

void
FlowRings::Schedule(uint32_t ring, uint32_t place, uint64_t kind, Tick at)
{
    ++m_rings[ring].pending;
    m_events.Schedule(at,
                      uint64_t{ring} << (PLACE_BITS + KIND_BITS) | uint64_t{place} << KIND_BITS |
                          kind);
}

void
FlowRings::OnEvent(uint64_t word)
{
    const auto kind = static_cast<EventKind>(word & ((1U << KIND_BITS) - 1));
    if (kind == BEGIN)
    {
        BeginGathered();
        return;
    }
    const auto place = static_cast<uint32_t>(word >> KIND_BITS & ((1U << PLACE_BITS) - 1));
    const auto ring = static_cast<uint32_t>(word >> (PLACE_BITS + KIND_BITS));
    OpenRing& open = m_rings[ring];
    --open.pending;
    const Place& self = open.places[place];
    // Else it was given up since, and is told as its messages are through.
    const bool isTrue =
        open.state == WHOLE || (kind == SENT ? self.sent : self.received) == open.ring.steps;
    if (isTrue)
    {
        Tell(ring, place, kind == PASSED);
    }
    else
    {
        Close(ring);
    }
}

void
FlowRings::BeginGathered()
{
    const std::vector<uint32_t> gathered = std::move(m_gathering);
    m_gathering = {};
    for (const uint32_t ring : gathered)
    {
        m_rings[ring].state = BY_MESSAGE;
    }
    TryWholes(gathered);
    for (const uint32_t ring : gathered)
    {
        for (uint32_t place = 0;
             m_rings[ring].state != WHOLE && place < m_rings[ring].places.size();
             ++place)
        {
            Pump(ring, place);
        }
    }
}

void
FlowRings::Tell(uint32_t ring, uint32_t place, bool isPassed)
{
    OpenRing& open = m_rings[ring];
    bool& isTold = isPassed ? open.places[place].isPassedTold : open.places[place].isSentTold;
    if (isTold)
    {
        Close(ring);
        return;
    }
    isTold = true;
    if (open.state == WHOLE && isPassed)
    {
        NoteHeard(open, place);
    }
    m_transport.m_delivered = open.word;
    RingClient* const client = open.client;
    const uint64_t cookie = open.cookie;
    if (--open.left == 0 && open.state == WHOLE)
    {
        for (uint32_t each = 0; each < open.places.size(); ++each)
        {
            Count(open, each, open.whole->before[each], open.ring.steps, open.ring.steps);
            Leave(open, ring, each);
        }
        open.whole.reset();
        --m_wholes;
    }
    Close(ring);
    isPassed ? client->RingPassed(cookie, place) : client->RingSent(cookie, place);
}

void
FlowRings::Close(uint32_t ring)
{
    OpenRing& open = m_rings[ring];
    if (open.left == 0 && open.pending == 0 && open.client)
    {
        open = {};
        m_free.push_back(ring);
    }
}

bool
FlowRings::Claim(uint32_t link, uint32_t ring, uint32_t place)
{
    Owner& owner = m_owners[link];
    if (owner.ring != NO_RING)
    {
        m_rings[owner.ring].isHindered = true; // if that is about to begin, too
        return false;
    }
    owner = {ring, place};
    const ShareSolver& solver = m_transport.m_solver;
    return std::all_of(solver.GetUsers(link).begin(),
                       solver.GetUsers(link).end(),
                       [&](uint32_t user) {
                           const auto& flow = m_transport.m_flows[solver.GetOwner(user)];
                           return flow.ring == ring && flow.isWhole;
                       });
}

bool
FlowRings::FindLegs(uint32_t ring, Whole& whole)
{
    OpenRing& open = m_rings[ring];
    const auto n = static_cast<uint32_t>(open.places.size());
    RingCourse::Plan& plan = whole.plan;
    for (const uint64_t bytes : open.ring.chunks)
    {
        const auto known = std::find(whole.sizes.begin(), whole.sizes.end(), bytes);
        plan.lengths.push_back(static_cast<uint8_t>(known - whole.sizes.begin()));
        if (known == whole.sizes.end())
        {
            whole.sizes.push_back(bytes);
        }
        if (whole.sizes.size() > MOST_LENGTHS)
        {
            return false;
        }
    }
    whole.counts.assign(whole.sizes.size(), std::vector<uint32_t>(n + 1, 0));
    for (uint32_t chunk = 0; chunk < n; ++chunk)
    {
        for (std::size_t length = 0; length < whole.sizes.size(); ++length)
        {
            whole.counts[length][chunk + 1] =
                whole.counts[length][chunk] + (plan.lengths[chunk] == length ? 1 : 0);
        }
    }
    bool isAlone = true;
    std::vector<LegKind> kinds;
    for (uint32_t place = 0; place < n; ++place)
    {
        const FlowWay path = m_transport.FindPath({open.ring.endpoints[place],
                                                   open.ring.endpoints[(place + 1) % n],
                                                   whole.sizes.front(),
                                                   open.ring.flow});
        isAlone = isAlone && !path->isDrawn; // else each message has its own way
        open.word = std::max(
            {open.word, path->best, m_transport.GetHeard(open.ring.endpoints[place]).word});
        const LegKind kind(*path.manner);
        const std::size_t last = place == 0 ? 0 : plan.legOf.back();
        std::size_t index = last;
        if (kinds.empty() || kinds[last] != kind)
        {
            index = static_cast<std::size_t>(std::find(kinds.begin(), kinds.end(), kind) -
                                             kinds.begin());
        }
        if (index == kinds.size())
        {
            isAlone = isAlone && index < MOST_KINDS;
            kinds.push_back(kind);
            RingLeg leg{path->slowest, path->roundsUp, path->storedFlitTime > 0, {}};
            std::vector<FlowLoad> loads;
            for (const uint64_t bytes : whole.sizes)
            {
                const FlowLoad load =
                    MeasureLoad(*path.manner, bytes, m_transport.m_settings.packet);
                const WireTime duration = AfterFlits(path->slowest, {}, load.flits);
                isAlone =
                    isAlone && FindCap(*path.manner, load, duration.whole) == ShareSolver::ONE;
                leg.hops.push_back({duration, path->latency + load.stored, load.isAligned});
                loads.push_back(load);
            }
            plan.legs.push_back(std::move(leg));
            whole.loads.push_back(std::move(loads));
        }
        plan.legOf.push_back(static_cast<uint16_t>(index));
        m_owners.resize(m_transport.m_solver.GetLinks());
        whole.firstLink.push_back(static_cast<uint32_t>(whole.links.size()));
        for (std::size_t part = 0; part < path.parts.size(); ++part)
        {
            for (uint32_t i = 0; i < path.parts[part].steps; ++i)
            {
                const FlowStep& step = path.steps[path.parts[part].firstStep + i];
                isAlone = Claim(step.link, ring, place) && isAlone; // all are claimed
                whole.links.push_back({step.link,
                                       step.weight,
                                       static_cast<uint16_t>(part),
                                       static_cast<uint16_t>(path.parts.size())});
                open.word = std::max(open.word, m_transport.m_solver.GetWord(step.link));
            }
        }
    }
    whole.firstLink.push_back(static_cast<uint32_t>(whole.links.size()));
    return isAlone;
}

void
FlowRings::TryWholes(std::span<const uint32_t> rings)
{
    /** What may be carried as a whole. */
    struct Candidate
    {
        uint32_t ring;                //!< The ring
        Fidelity word;                //!< Of its messages so far
        std::unique_ptr<Whole> whole; //!< How
        bool isAlone;                 //!< Nobody else is on its links
    };

    // All claim their links before any begins: which of two would be first is not known here.
    std::vector<Candidate> candidates;
    for (const uint32_t ring : rings)
    {
        OpenRing& open = m_rings[ring];
        open.isHindered = false;
        // Who waits for whom at a port that serves in order is not followed.
        if (open.joined == open.places.size() && !open.isDisturbed &&
            !m_transport.m_settings.inOrder)
        {
            candidates.push_back({ring, open.word, std::make_unique<Whole>(), false});
        }
    }
    for (Candidate& candidate : candidates)
    {
        candidate.isAlone = FindLegs(candidate.ring, *candidate.whole);
    }
    for (Candidate& candidate : candidates)
    {
        OpenRing& open = m_rings[candidate.ring];
        if (candidate.isAlone && !open.isHindered && Follow(candidate.ring, *candidate.whole))
        {
            open.whole = std::move(candidate.whole);
            NoteWhole(open);
            open.state = WHOLE;
            ++m_wholes;
            continue;
        }
        for (const LegLink& each : candidate.whole->links)
        {
            Owner& owner = m_owners[each.link];
            owner = owner.ring == candidate.ring ? Owner{} : owner;
        }
        open.word = candidate.word;
    }
}

bool
FlowRings::Follow(uint32_t ring, Whole& whole)
{
    OpenRing& open = m_rings[ring];
    const Tick now = m_clock.Now();
    RingCourse::Plan& plan = whole.plan;
    plan.first = open.ring.first;
    plan.steps = open.ring.steps;
    plan.overhead = m_transport.m_settings.messageOverhead;
    for (const Place& place : open.places)
    {
        plan.joined.push_back(place.joined);
        whole.before.push_back(place.handed);
    }
    RingCourse course(plan);
    if (!course.Follow(NEVER, [](uint32_t, uint32_t, const RingMessage&) {}))
    {
        return false;
    }
    open.word = std::max(open.word, course.IsFair() ? Fidelity::FAIR : Fidelity::EXACT);
    const auto n = static_cast<uint32_t>(open.places.size());
    for (uint32_t place = 0; place < n; ++place)
    {
        whole.over.push_back(course.GetPassed((place + 1) % n));
        // What has left or come in so far may not have been told in this instant.
        const Place& self = open.places[place];
        if (!self.isSentTold)
        {
            Schedule(ring, place, SENT, std::max(now, course.GetSent(place)));
        }
        if (!self.isPassedTold)
        {
            Schedule(ring, place, PASSED, std::max(now, course.GetPassed(place)));
        }
    }
    return true;
}

bool
FlowRings::MakeRoom(const FlowWay& path, uint32_t ring)
{
    std::vector<uint32_t> hindered;
    for (const FlowStep& step : path.steps)
    {
        const Owner owner = step.link < m_owners.size() ? m_owners[step.link] : Owner{};
        if (owner.ring == NO_RING || owner.ring == ring)
        {
            continue;
        }
        const OpenRing& open = m_rings[owner.ring];
        if (open.whole->over[owner.place] <= m_clock.Now())
        {
            Leave(open, owner.ring, owner.place);
        }
        else if (std::find(hindered.begin(), hindered.end(), owner.ring) == hindered.end())
        {
            hindered.push_back(owner.ring);
        }
    }
    for (const uint32_t owner : hindered)
    {
        GiveUp(owner);
    }
    return !hindered.empty();
}

void
FlowRings::NoteWhole(OpenRing& open)
{
    const Tick now = m_clock.Now();
    const auto n = static_cast<uint32_t>(open.places.size());
    open.early = 0;
    for (const uint32_t endpoint : open.ring.endpoints)
    {
        open.early = std::max(open.early, m_transport.GetHeard(endpoint).early);
    }
    for (uint32_t place = 0; place < n; ++place)
    {
        const uint32_t src = open.ring.endpoints[place];
        m_transport.m_doubts.Join(src, open.ring.endpoints[(place + 1) % n]);
        for (uint32_t i = open.whole->firstLink[place]; i < open.whole->firstLink[place + 1]; ++i)
        {
            const uint32_t link = open.whole->links[i].link;
            ShareSolver& solver = m_transport.m_solver;
            solver.SetWord(link, std::max(solver.GetWord(link), open.word));
            m_transport.UseLink(link,
                                src,
                                now - open.early,
                                open.early > 0 ? open.word : Fidelity::EXACT);
        }
    }
}

void
FlowRings::NoteHeard(const OpenRing& open, uint32_t place)
{
    FlowTransport::Heard& heard = m_transport.GetHeard(open.ring.endpoints[place]);
    heard.word = std::max(heard.word, open.word);
    heard.early = std::max(heard.early, open.early);
}

void
FlowRings::Leave(const OpenRing& open, uint32_t ring, uint32_t place)
{
    const Tick until = std::min(m_clock.Now(), open.whole->over[place]);
    for (uint32_t i = open.whole->firstLink[place]; i < open.whole->firstLink[place + 1]; ++i)
    {
        const uint32_t link = open.whole->links[i].link;
        m_transport.ClaimLink(link, until, open.word);
        Owner& owner = m_owners[link];
        owner = owner.ring == ring ? Owner{} : owner;
    }
}

void
FlowRings::Count(const OpenRing& open,
                 uint32_t place,
                 uint32_t from,
                 uint32_t sent,
                 uint32_t received)
{
    const Whole& whole = *open.whole;
    const auto n = static_cast<uint32_t>(open.places.size());
    // Chunks go down by one each step: those of steps 0 to before k are a run that ends with the
    // first, and begins again at the other end.
    const uint32_t first = (place + open.ring.first) % n;
    const auto until = [&](std::size_t length, uint32_t steps) {
        const std::vector<uint32_t>& counts = whole.counts[length];
        const uint32_t rest = steps % n;
        const uint64_t rounds = uint64_t{steps / n} * counts[n];
        return rest <= first + 1
                   ? rounds + counts[first + 1] - counts[first + 1 - rest]
                   : rounds + counts[first + 1] + counts[n] - counts[n + first + 1 - rest];
    };
    const uint32_t src = open.ring.endpoints[place];
    const uint32_t dst = open.ring.endpoints[(place + 1) % n];
    FlowWatcher* const watcher = m_transport.m_watcher;
    FlowSum sum;
    for (std::size_t length = 0; length < whole.sizes.size(); ++length)
    {
        const FlowLoad& load = whole.loads[whole.plan.legOf[place]][length];
        const uint64_t left = from < sent ? until(length, sent) - until(length, from) : 0;
        const uint64_t in = from < received ? until(length, received) - until(length, from) : 0;
        for (uint32_t i = whole.firstLink[place]; i < whole.firstLink[place + 1]; ++i)
        {
            const LegLink& each = whole.links[i];
            const auto lot = [&](uint64_t all) {
                const uint64_t part =
                    all * (each.part + 1U) / each.parts - all * each.part / each.parts;
                return part * left * each.weight;
            };
            const FlowTraffic traffic{lot(whole.sizes[length]),
                                      lot(load.wireFlits),
                                      lot(load.packets)};
            m_transport.m_solver.AddTraffic(each.link, traffic);
            if (watcher)
            {
                watcher->Carried(src, dst, each.link, traffic);
            }
        }
        sum.messages += in;
        sum.packets += in * load.packets;
        sum.bytes += in * whole.sizes[length];
    }
    m_transport.m_messages += sum.messages;
    m_transport.m_packets += sum.packets;
    m_transport.m_doubts.Note(open.word, dst, m_clock.Now(), sum.bytes);
    if (sum.messages > 0)
    {
        if (watcher)
        {
            watcher->Delivered(src, dst, sum, open.word);
        }
        open.client->RingMessagesCarried(open.cookie, sum.messages, sum.bytes);
    }
}

void
FlowRings::GiveUp(uint32_t ring)
{
    OpenRing& open = m_rings[ring];
    const Tick now = m_clock.Now();
    const auto n = static_cast<uint32_t>(open.places.size());

    /** A message that is under way. */
    struct UnderWay
    {
        uint32_t place;      //!< Of its source
        uint32_t step;       //!< Which
        RingMessage message; //!< Its course
    };

    std::vector<UnderWay> underWay;
    std::vector<uint32_t> sent(open.whole->before);
    std::vector<uint32_t> received(open.whole->before); // by place of the source
    RingCourse course(open.whole->plan);
    course.Follow(now, [&](uint32_t place, uint32_t step, const RingMessage& message) {
        if (step < open.whole->before[place])
        {
            return; // it is a message already
        }
        Place& self = open.places[place];
        self.handed = step + 1;
        self.ready = step + 1;
        if (message.end.whole <= now)
        {
            ++self.sent;
            ++sent[place];
        }
        if (message.in <= now)
        {
            ++open.places[(place + 1) % n].received;
            ++received[place];
        }
        else
        {
            underWay.push_back({place, step, message});
        }
    });
    for (uint32_t place = 0; place < n; ++place)
    {
        Count(open, place, open.whole->before[place], sent[place], received[place]);
        Leave(open, ring, place);
        NoteHeard(open, place);
    }
    open.whole.reset();
    open.state = BY_MESSAGE;
    --m_wholes;
    for (const UnderWay& each : underWay)
    {
        // Of one instant with who comes: packets might go the other way about.
        const bool isTied = each.message.handed == now;
        const uint64_t bytes =
            open.ring.chunks[(each.place + open.ring.first + n - each.step % n) % n];
        ++open.pending;
        m_transport.Resume({open.ring.endpoints[each.place],
                            open.ring.endpoints[(each.place + 1) % n],
                            bytes,
                            open.ring.flow},
                           {ring, each.place, false},
                           each.message,
                           isTied ? std::max(open.word, Fidelity::FAIR) : open.word);
    }
    for (uint32_t place = 0; place < n; ++place)
    {
        // Events of this very instant are to come yet.
        if (open.places[place].sent == open.ring.steps)
        {
            Schedule(ring, place, SENT, now);
        }
        if (open.places[place].received == open.ring.steps)
        {
            Schedule(ring, place, PASSED, now);
        }
    }
}

void
FlowRings::GiveUpAll()
{
    for (uint32_t ring = 0; ring < m_rings.size(); ++ring)
    {
        if (m_rings[ring].state == WHOLE)
        {
            GiveUp(ring);
        }
    }
}

} // namespace mtlink
} // namespace ns3
