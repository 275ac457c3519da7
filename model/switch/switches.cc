/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/switches.h"

#include "engine/random.h"
#include "switch/islip-arbiter.h"
#include "switch/matched-chip.h"
#include "switch/oldest-first-arbiter.h"
#include "switch/output-queued-chip.h"
#include "switch/request-round.h"
#include "switch/round-robin-crossbar-arbiter.h"
#include "switch/wavefront-arbiter.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return the arbiter of a chip that is matched as a whole, or nothing. */
std::unique_ptr<CrossbarArbiter>
MakeArbiter(const SwitchProfile& profile, uint32_t ports)
{
    if (profile.GetQueueing() == SwitchProfile::OUTPUT)
    {
        return nullptr;
    }
    switch (profile.GetArbiter())
    {
    case SwitchProfile::OLDEST_FIRST:
        return std::make_unique<OldestFirstArbiter>();
    case SwitchProfile::ISLIP:
        return std::make_unique<IslipArbiter>(ports, profile.GetIterations());
    case SwitchProfile::WAVEFRONT:
        return std::make_unique<WavefrontArbiter>(ports);
    case SwitchProfile::ROUND_ROBIN:
        break;
    }
    if (profile.GetTileRows() > 0)
    {
        return std::make_unique<RoundRobinCrossbarArbiter>(ports);
    }
    return nullptr;
}

} // namespace

Switches::Switches(EventClock& clock, PacketPool& pool, Links& links, const Routing& routing)
    : m_clock(clock),
      m_pool(pool),
      m_links(links),
      m_routing(routing),
      m_multicast(pool, links, *this),
      m_units(clock, pool, links, m_multicast)
{
}

Switches::~Switches() = default;

void
Switches::Add(const SwitchSpec& spec)
{
    const SwitchProfile& profile = *spec.profile;
    const auto chip = static_cast<uint32_t>(m_chips.size());
    m_chips.emplace_back();
    m_chips.back().node = spec.node;
    m_chips.back().kind = FindKind(spec);
    m_chips.back().in = spec.inLinks;
    m_chips.back().outputs = static_cast<uint32_t>(spec.outLinks.size());
    if (profile.GetPacketRate() > 0)
    {
        m_pacers.resize(m_links.GetSize());
    }
    m_inputs.resize(std::max<std::size_t>(m_inputs.size(), m_links.GetSize()));
    m_outputs.resize(m_links.GetSize());
    const auto ports = static_cast<uint32_t>(spec.outLinks.size());
    for (uint32_t port = 0; port < spec.inLinks.size(); ++port)
    {
        Input& input = m_inputs[spec.inLinks[port]];
        input.chip = chip;
        input.node = spec.node;
        input.kind = m_chips.back().kind;
        input.port = port;
        input.lanes = CrossbarLanes(profile.GetInputSpeedup());
    }
    for (uint32_t port = 0; port < ports; ++port)
    {
        const uint32_t link = spec.outLinks[port];
        Output& output = m_outputs[link];
        output.chip = chip;
        output.port = port;
        if (profile.GetOutputSpeedup() > 1)
        {
            output.MakeParts().lanes = CrossbarLanes(profile.GetOutputSpeedup());
            output.parts->queueFlits = static_cast<uint32_t>(
                profile.GetOutputBuffer() / m_links.GetSpec(link).profile->GetFlit());
        }
    }
    if (profile.HasReduction() || profile.HasMulticast())
    {
        AddGroupParts(spec);
    }
    AddQueues(spec);
    AddSelector(spec);
    if (profile.GetTrafficClasses() > 1)
    {
        AddClasses(spec);
    }
    m_memories.emplace_back();
    if (profile.GetQueueing() == SwitchProfile::OUTPUT)
    {
        m_memories[chip] = std::make_unique<OutputQueuedChip>(*this, chip, spec);
        for (const uint32_t link : spec.outLinks)
        {
            m_outputs[link].MakeParts().memory = m_memories[chip].get();
        }
    }
    m_matched.emplace_back();
    if (std::unique_ptr<CrossbarArbiter> arbiter = MakeArbiter(profile, ports))
    {
        std::vector<std::unique_ptr<CrossbarArbiter>> arbiters;
        arbiters.push_back(std::move(arbiter));
        while (arbiters.size() < profile.GetTrafficClasses())
        {
            arbiters.push_back(MakeArbiter(profile, ports));
        }
        m_matched[chip] = std::make_unique<MatchedChip>(*this, chip, spec, std::move(arbiters));
        for (const uint32_t link : spec.outLinks)
        {
            m_outputs[link].MakeParts().matched = m_matched[chip].get();
        }
    }
}

uint32_t
Switches::FindKind(const SwitchSpec& spec)
{
    const SwitchProfile& profile = *spec.profile;
    const Kind kind{profile.GetVcs(),
                    spec.layout,
                    ToTicks(profile.GetLatency()),
                    profile.GetPacketRate(),
                    profile.GetQueueing() == SwitchProfile::VOQ,
                    profile.GetQueueing() == SwitchProfile::OUTPUT,
                    NeedsSelector(spec)};
    const auto same = std::find(m_kinds.begin(), m_kinds.end(), kind);
    if (same != m_kinds.end())
    {
        return static_cast<uint32_t>(same - m_kinds.begin());
    }
    m_kinds.push_back(kind);
    return static_cast<uint32_t>(m_kinds.size() - 1);
}

void
Switches::AddQueues(const SwitchSpec& spec)
{
    Chip& chip = m_chips.back();
    const Kind& kind = GetKind(chip);
    for (const uint32_t link : chip.in)
    {
        chip.requesters.insert(chip.requesters.end(), kind.vcs, link);
    }
    const auto requests = static_cast<uint32_t>(chip.requesters.size());
    chip.firstQueue = static_cast<uint32_t>(m_queues.size());
    m_queues.resize(m_queues.size() + (kind.voq ? chip.outputs * requests : requests));
    for (const uint32_t link : spec.outLinks)
    {
        Output& output = m_outputs[link];
        output.requests = RoundRobinArbiter(requests);
        output.firstQueue = chip.firstQueue + (kind.voq ? output.port * requests : 0);
    }
}

void
Switches::AddGroupParts(const SwitchSpec& spec)
{
    const SwitchProfile& profile = *spec.profile;
    Chip& chip = m_chips.back();
    const auto ports = static_cast<uint32_t>(spec.outLinks.size());
    Input input;
    input.chip = static_cast<uint32_t>(m_chips.size() - 1);
    input.node = chip.node;
    input.kind = chip.kind;
    input.port = static_cast<uint32_t>(chip.in.size());
    // Read for all outputs at once.
    input.lanes = CrossbarLanes(ports * profile.GetOutputSpeedup());
    chip.in.push_back(static_cast<uint32_t>(m_inputs.size()));
    m_inputs.push_back(std::move(input));
    if (profile.HasReduction())
    {
        chip.unit = m_units.Add({static_cast<uint64_t>(profile.GetReductionRate() * 8),
                                 ToTicks(profile.GetReductionLatency()),
                                 GetKind(chip).latency,
                                 m_links.GetSpec(spec.outLinks[0]).profile->GetFlit()});
    }
}

Switches::GroupParts
Switches::GetGroupParts(uint32_t node) const
{
    const auto chip = std::find_if(m_chips.begin(), m_chips.end(), [node](const Chip& c) {
        return c.node == node;
    });
    return {static_cast<uint32_t>(chip - m_chips.begin()), chip->unit};
}

void
Switches::ArriveForGroup(uint32_t link, uint32_t index)
{
    if (m_pool[index].kind == OPERAND)
    {
        m_units.Arrive(link, index);
    }
    else
    {
        m_multicast.Arrive(link, index);
    }
}

void
Switches::EnqueueCopy(uint32_t chip, uint32_t packet)
{
    Enqueue(m_chips[chip].in.back(), packet);
}

void
Switches::Route(const Input& input, Packet& packet)
{
    const Kind& kind = GetKind(input);
    if (kind.selects)
    {
        ChoosePath(m_chips[input.chip], packet);
        return;
    }
    const Hops hops = m_routing.NextHops(input.node, packet.target, packet.vcClass);
    // Mixed with the switch, so that hops down the path choose independently.
    packet.out = hops.links.size() == 1
                     ? hops.links[0]
                     : hops.links[Mix(packet.flow ^ (static_cast<uint64_t>(input.node) << 32)) %
                                  hops.links.size()];
    if (m_links.IsDown(packet.out)) [[unlikely]]
    {
        const PathRequest request{{}, packet.flow, packet.flits, m_clock.Now()};
        packet.out = PathSelector::GoRound(hops, packet.out, request, *this);
    }
    packet.outVcClass = hops.vcClass;
    packet.outVc = kind.layout.Choose(packet.trafficClass, hops.vcClass, packet.flow);
}

inline void
Switches::Process(uint32_t inLink, uint32_t index)
{
    if (m_pool[index].kind != UNICAST) [[unlikely]]
    {
        ArriveForGroup(inLink, index);
        return;
    }
    const Input& input = m_inputs[inLink];
    if (m_pool[index].outVcClass == NOT_ROUTED || m_links.IsDown(m_pool[index].out))
    {
        Route(input, m_pool[index]);
    }
    if (GetKind(input).hasMemory) [[unlikely]]
    {
        m_memories[input.chip]->Arrive(inLink, index);
        return;
    }
    Enqueue(inLink, index);
}

void
Switches::Arrive(uint32_t link, uint32_t index)
{
    const uint64_t rate = GetKind(m_inputs[link]).packetRate;
    if (rate != 0) [[unlikely]]
    {
        const Tick at = m_pacers[link].Take(m_clock.Now(), rate);
        if (at > m_clock.Now())
        {
            m_pacers[link].held.Push(m_pool, index);
            m_clock.Schedule(at, this, PACE_WORD + link);
            return;
        }
    }
    Process(link, index);
}

void
Switches::Enqueue(uint32_t inLink, uint32_t index)
{
    Packet& packet = m_pool[index];
    const Input& input = m_inputs[inLink];
    packet.in = inLink;
    PacketQueue& queue = GetQueue(input, packet);
    const bool leads = queue.IsEmpty();
    queue.Push(m_pool, index);
    if (m_monitor) [[unlikely]]
    {
        m_monitor->Enqueued(index);
    }
    if (GetKind(input).selects)
    {
        m_queued[m_links.GetLedger(packet.out, packet.outVc)] += packet.flits;
    }
    if (leads)
    {
        Output& output = m_outputs[packet.out];
        output.requests.Raise(GetRequest(input, packet));
        if (MatchedChip* const matched = output.GetMatched()) [[unlikely]]
        {
            matched->Change();
            return;
        }
        Arbitrate(packet.out, NO_INPUT);
    }
    else if (packet.hasOutCredit)
    {
        CreditComes(packet.out, m_clock.Now()); // taking credit forgot who has asked for some
    }
}

Tick
Switches::GetAcceptTime(uint32_t outLink, uint32_t flits) const
{
    const Output& output = m_outputs[outLink];
    const Tick wireFree = m_links.GetFreeAt(outLink);
    const uint32_t queueFlits = output.GetQueueFlits();
    if (queueFlits == 0 || wireFree == NEVER)
    {
        return wireFree;
    }
    // What the wire still has to send lies in the queue.
    const long double room = (queueFlits - flits) * m_links.GetSpeed(outLink).GetFlitTime();
    return std::max(output.parts->lanes.GetFreeAt(), wireFree - static_cast<Tick>(room));
}

void
Switches::Arbitrate(uint32_t outLink, uint32_t onBehalfOf)
{
    if (m_outputs[outLink].GetClasses()) [[unlikely]]
    {
        ArbitrateBy<ClassRound>(outLink, onBehalfOf);
        return;
    }
    ArbitrateBy<RequestRound>(outLink, onBehalfOf);
}

template <typename Round>
inline void
Switches::ArbitrateBy(uint32_t outLink, uint32_t onBehalfOf)
{
    Output& output = m_outputs[outLink];
    const Tick now = m_clock.Now();
    while (output.requests.HasRequests() && !WaitsForWire(outLink))
    {
        Round round(output.requests, output.keptRequest, output.GetClasses());
        uint32_t passed = RoundRobinArbiter::NONE_WAITING;
        uint32_t keptVcs = 0;
        bool granted = false;
        bool onlyCredit = true;
        uint32_t vc = 0;
        uint32_t lacking = 0;
        Tick look = NEVER;
        while (!granted)
        {
            const uint32_t request = round.Next();
            if (request == RoundRobinArbiter::NONE_WAITING)
            {
                break;
            }
            const Packet& packet = m_pool[GetRequestingQueue(output, request).head];
            const Tick accept = GetAcceptTime(outLink, packet.flits);
            if (accept > now)
            {
                look = std::min(look, accept);
                onlyCredit = false;
                continue;
            }
            if (!packet.hasOutCredit && ((keptVcs >> packet.outVc & 1) != 0 ||
                                         !m_links.HasCredit(outLink, packet.outVc, packet.flits)))
            {
                look = std::min(look, m_links.AskCredit(outLink, packet.outVc, packet.flits));
                lacking |= 1U << packet.outVc;
                if (request == output.keptRequest) [[unlikely]]
                {
                    keptVcs = 1U << packet.outVc; // for it: nobody takes its credit
                    FreeInput(outLink);
                }
                continue;
            }
            const uint32_t inLink = packet.in;
            Input& input = m_inputs[inLink];
            if constexpr (Round::HAS_CLASSES)
            {
                if (input.keptFor != NO_OUTPUT && input.keptFor != outLink &&
                    GoesBefore(output, request, m_outputs[input.keptFor].keptRequest))
                {
                    FreeInput(input.keptFor);
                }
            }
            const Tick laneFree = input.lanes.GetFreeAt();
            if (laneFree > now ||
                ((input.keptFor != NO_OUTPUT || !input.losers.empty()) && inLink != onBehalfOf &&
                 !(request == output.keptRequest && input.keptFor == outLink)))
            {
                // Nobody passes those who wait for a lane of this input.
                if (std::find(input.losers.begin(), input.losers.end(), outLink) ==
                    input.losers.end())
                {
                    input.losers.push_back(outLink);
                }
                if (request == output.keptRequest && input.keptFor == NO_OUTPUT) [[unlikely]]
                {
                    input.keptFor = outLink;
                }
                if (laneFree > now || input.keptFor == NO_OUTPUT)
                {
                    LookAtInput(inLink, std::max(laneFree, now));
                }
                vc = packet.outVc;
                onlyCredit = false;
                passed = passed == RoundRobinArbiter::NONE_WAITING ? request : passed;
                continue;
            }
            if constexpr (Round::HAS_CLASSES)
            {
                if (passed != RoundRobinArbiter::NONE_WAITING &&
                    GoesBefore(output, passed, request))
                {
                    KeepFor(outLink, passed);
                }
                if (output.keptRequest != RoundRobinArbiter::NONE_WAITING &&
                    round.IsBehind(output.keptRequest))
                {
                    FreeInput(outLink); // its class may have to wait for long
                }
            }
            if ((lacking >> packet.outVc & 1) != 0) [[unlikely]]
            {
                passed = FindShort(output, round.GetFirst(), packet.outVc); // lacks what goes now
            }
            Grant(outLink, inLink, request);
            granted = true;
            if (request == output.keptRequest) [[unlikely]]
            {
                FreeInput(outLink);
                output.keptRequest = RoundRobinArbiter::NONE_WAITING;
            }
            if (passed != RoundRobinArbiter::NONE_WAITING) [[unlikely]]
            {
                StandBack(output, passed);
            }
        }
        if (!granted)
        {
            const Tick wireFree = m_links.GetFreeAt(outLink);
            if (!onlyCredit)
            {
                m_links.EndStall(outLink, vc);
            }
            else if (wireFree <= now)
            {
                m_links.BeginStall(outLink, lacking);
            }
            else
            {
                look = std::min(look, wireFree); // the output queue has still something to send
            }
            if (look != NEVER)
            {
                LookAtOutput(outLink, look);
            }
            return;
        }
    }
}

Tick
Switches::Grant(uint32_t outLink, uint32_t inLink, uint32_t request)
{
    Output& output = m_outputs[outLink];
    Input& input = m_inputs[inLink];
    const Kind& kind = GetKind(input);
    PacketQueue& queue = GetRequestingQueue(output, request);
    const uint32_t index = queue.Pop(m_pool);
    Packet& packet = m_pool[index];

    output.requests.Clear(request);
    output.requests.Served(request);
    if (output.parts) [[unlikely]]
    {
        if (output.parts->classes)
        {
            output.parts->classes->Served(request, packet.flits);
        }
        if (output.parts->stoodBack)
        {
            output.parts->stoodBack[request] = 0;
        }
    }
    if (!queue.IsEmpty())
    {
        const Packet& next = m_pool[queue.head];
        m_outputs[next.out].requests.Raise(GetRequest(input, next));
        if (next.out != outLink && !output.GetMatched())
        {
            LookAtOutput(next.out, m_clock.Now());
        }
    }

    if (m_monitor) [[unlikely]]
    {
        m_monitor->Leaves(index);
    }
    const uint8_t inVc = packet.vc;
    PacketExit exit{outLink, packet.outVc, 0};
    if (packet.kind == UNICAST) [[likely]]
    {
        exit.arrived = m_links.GetArrival(inLink, packet); // copies come from no link
    }
    packet.vc = packet.outVc;
    packet.vcClass = packet.outVcClass;
    if (kind.selects)
    {
        m_queued[m_links.GetLedger(outLink, packet.vc)] -= packet.flits;
    }
    if (!packet.hasOutCredit)
    {
        m_links.TakeCredit(outLink, packet.vc, packet.flits);
    }
    packet.hasOutCredit = 0;
    const Tick tailReady = packet.tailIn + kind.latency;
    const Tick wireDone = m_links.Transmit(outLink, index, tailReady);
    // Without an output queue the crossbar is held until the last bit is on the wire.
    Tick through = wireDone;
    if (output.GetQueueFlits() != 0) [[unlikely]]
    {
        through = std::max(tailReady,
                           m_links.GetSpeed(outLink).After({m_clock.Now(), 0}, packet.flits).whole);
        output.parts->lanes.Take(through);
    }
    input.lanes.Take(through);
    if (packet.kind == UNICAST) [[likely]]
    {
        m_links.ReturnCredit(inLink, inVc, packet.flits, through, exit);
    }
    else
    {
        m_multicast.Leave(packet.flow, through, outLink, packet.vc);
    }
    return through;
}

void
Switches::ServeLosers(uint32_t inLink)
{
    Input& input = m_inputs[inLink];
    const Tick now = m_clock.Now();
    if (input.keptFor != NO_OUTPUT) [[unlikely]]
    {
        Arbitrate(input.keptFor, inLink);
        if (input.keptFor != NO_OUTPUT)
        {
            return; // FreeInput() brings us back
        }
    }
    std::vector<uint32_t> losers;
    losers.swap(input.losers);
    SortLosers(input, losers);
    for (std::size_t turn = 0; turn < losers.size(); ++turn)
    {
        if (input.lanes.GetFreeAt() > now)
        {
            // No lane is left: the rest stay ahead of those who have lost again meanwhile.
            std::vector<uint32_t> rest(losers.begin() + static_cast<std::ptrdiff_t>(turn),
                                       losers.end());
            for (const uint32_t again : input.losers)
            {
                if (std::find(rest.begin(), rest.end(), again) == rest.end())
                {
                    rest.push_back(again);
                }
            }
            input.losers = std::move(rest);
            break;
        }
        Arbitrate(losers[turn], inLink);
    }
    if (!input.losers.empty())
    {
        LookAtInput(inLink, std::max(now, input.lanes.GetFreeAt()));
    }
}

uint32_t
Switches::FindShort(Output& output, uint32_t first, uint32_t vc)
{
    uint32_t request = output.requests.FindFrom(first);
    request = request == RoundRobinArbiter::NONE_WAITING ? output.requests.FindFrom(0) : request;
    while (m_pool[GetRequestingQueue(output, request).head].outVc != vc)
    {
        request = output.requests.FindFrom(request + 1);
        request =
            request == RoundRobinArbiter::NONE_WAITING ? output.requests.FindFrom(0) : request;
    }
    return request;
}

void
Switches::StandBack(Output& output, uint32_t request)
{
    const Chip& chip = m_chips[output.chip];
    const auto ports = static_cast<uint32_t>(chip.in.size());
    std::unique_ptr<uint16_t[]>& stoodBack = output.MakeParts().stoodBack;
    if (!stoodBack)
    {
        stoodBack = std::make_unique<uint16_t[]>(chip.requesters.size());
    }
    uint16_t& times = stoodBack[request];
    const uint32_t patience = GetPatience(ports, GetKind(chip).vcs);
    times += times < patience;
    if (times == patience && output.keptRequest == RoundRobinArbiter::NONE_WAITING)
    {
        output.keptRequest = request;
    }
}

void
Switches::FreeInput(uint32_t outLink)
{
    const Output& output = m_outputs[outLink];
    const uint32_t inLink = GetRequester(output, output.keptRequest);
    Input& input = m_inputs[inLink];
    if (input.keptFor == outLink)
    {
        input.keptFor = NO_OUTPUT;
        if (!input.losers.empty())
        {
            LookAtInput(inLink, std::max(input.lanes.GetFreeAt(), m_clock.Now()));
        }
    }
}

void
Switches::LookAtOutput(uint32_t outLink, Tick at)
{
    Output& output = m_outputs[outLink];
    if (at < output.nextLook)
    {
        output.nextLook = at;
        m_clock.Schedule(at, this, static_cast<uint64_t>(outLink) * 2);
    }
}

void
Switches::LookAtInput(uint32_t inLink, Tick at)
{
    Input& input = m_inputs[inLink];
    if (at < input.nextLook)
    {
        input.nextLook = at;
        m_clock.Schedule(at, this, static_cast<uint64_t>(inLink) * 2 + 1);
    }
}

void
Switches::CreditComes(uint32_t link, Tick at)
{
    if (MatchedChip* const matched = m_outputs[link].GetMatched())
    {
        matched->LookAt(at);
        return;
    }
    LookAtOutput(link, at);
}

PacketExit
Switches::FindExit(uint32_t link, uint32_t vc) const
{
    const Input& input = m_inputs[link];
    const Chip& chip = m_chips[input.chip];
    const uint32_t vcs = GetKind(chip).vcs;
    const uint32_t outputs = GetKind(chip).voq ? chip.outputs : 1;
    const auto requests = static_cast<uint32_t>(chip.requesters.size());
    PacketExit exit;
    for (uint32_t i = 0; i < outputs * vcs; ++i)
    {
        const uint32_t request = i / vcs * requests + input.port * vcs + i % vcs;
        const PacketQueue& queue = m_queues[chip.firstQueue + request];
        for (uint32_t p = queue.head; p != NO_PACKET; p = queue.GetNext(m_pool, p))
        {
            const Packet& packet = m_pool[p];
            const Tick arrived = m_links.GetArrival(link, packet);
            if (packet.vc == vc && (exit.link == PacketExit::NO_LINK || arrived < exit.arrived))
            {
                exit = {packet.out, packet.outVc, arrived};
            }
        }
    }
    return exit;
}

uint32_t
Switches::FindWaiting(uint32_t link, uint32_t vc) const
{
    const Output& output = m_outputs[link];
    for (uint32_t request = output.requests.FindFrom(0); request != RoundRobinArbiter::NONE_WAITING;
         request = output.requests.FindFrom(request + 1))
    {
        const Packet& packet = output.GetMemory()
                                   ? output.GetMemory()->GetHead(output, request)
                                   : m_pool[GetRequestingQueue(output, request).head];
        if (packet.outVc == vc)
        {
            return packet.message;
        }
    }
    return NO_MESSAGE_WAITS;
}

void
Switches::OnEvent(uint64_t word)
{
    if (word >= CHIP_WORD) [[unlikely]]
    {
        OnRareEvent(word);
        return;
    }
    const auto link = static_cast<uint32_t>(word / 2);
    const bool isInput = word % 2 == 1;
    Tick& nextLook = isInput ? m_inputs[link].nextLook : m_outputs[link].nextLook;
    if (nextLook != m_clock.Now())
    {
        return; // an earlier look took its place
    }
    nextLook = NEVER;
    if (isInput)
    {
        ServeLosers(link);
    }
    else if (OutputQueuedChip* const memory = m_outputs[link].GetMemory()) [[unlikely]]
    {
        memory->Serve(link);
    }
    else
    {
        Arbitrate(link, NO_INPUT);
    }
}

void
Switches::OnRareEvent(uint64_t word)
{
    if (word >= PACE_WORD)
    {
        const auto link = static_cast<uint32_t>(word - PACE_WORD);
        Process(link, m_pacers[link].held.Pop(m_pool));
        return;
    }
    const uint64_t chip = (word - CHIP_WORD) / 2;
    if (m_memories[chip])
    {
        m_memories[chip]->OnEvent();
    }
    else
    {
        m_matched[chip]->OnEvent(word % 2 == 1);
    }
}

bool
Switches::AreMemoriesConserved() const
{
    return std::all_of(m_memories.begin(), m_memories.end(), [](const auto& memory) {
        return !memory || memory->IsConserved();
    });
}

std::vector<Switches::Waiting>
Switches::GetWaiting(std::size_t most)
{
    std::vector<Waiting> waiting;
    for (uint32_t link = 0; link < m_outputs.size() && waiting.size() < most; ++link)
    {
        Output& output = m_outputs[link];
        if (!output.requests.HasRequests())
        {
            continue;
        }
        Waiting row{link, 0, 0, false};
        for (uint32_t request = output.requests.FindFrom(0);
             request != RoundRobinArbiter::NONE_WAITING;
             request = output.requests.FindFrom(request + 1))
        {
            const Packet& packet = output.GetMemory()
                                       ? output.GetMemory()->GetHead(output, request)
                                       : m_pool[GetRequestingQueue(output, request).head];
            if (row.queues++ == 0)
            {
                row.vc = packet.outVc;
                row.noCredit =
                    !packet.hasOutCredit && !m_links.HasCredit(link, packet.outVc, packet.flits);
            }
        }
        waiting.push_back(row);
    }
    return waiting;
}

} // namespace mtlink
} // namespace ns3
