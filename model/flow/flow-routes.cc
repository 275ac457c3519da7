/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "flow/flow-routes.h"

#include "engine/random.h"

#include "ns3/mtlink-fat-tree-topology.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t ALL = 1ULL << 32; //!< A share: the whole flow
constexpr uint32_t NO_BUNDLE = std::numeric_limits<uint32_t>::max();
constexpr uint32_t FEWEST_KEPT = 1024;   //!< Ways that are kept, at least
constexpr uint32_t MOST_KEPT = 1U << 17; //!< ... and at most
constexpr uint32_t KEPT_PER_ENDPOINT = 4;
constexpr std::size_t MOST_BUNDLED = 1U
                                     << 15; //!< Links of a bundle, for ShareSolver::MOST_CAPACITY

/** Packets that draw ways of their own, at most: of more, one of 8 links has its lot within 4 %. */
constexpr uint64_t MOST_DRAWN = 1U << 12;

/** Rounding of starts and ends: a loop that is shorter by less is taken to bind. */
constexpr Tick LOOP_MARGIN = 4;

/** @return flits of a packet. */
uint32_t
GetFlits(const FlowLinkKind& kind, uint64_t payload)
{
    return static_cast<uint32_t>(
        std::max<uint64_t>((payload + kind.header + kind.flit - 1) / kind.flit, 1));
}

/** Take the tighter of two loops. */
void
Tighten(PacketLoop& loop, const PacketLoop& other)
{
    using Wide = unsigned __int128;
    if (loop.packets == PacketLoop::ANY ||
        Wide{other.packets} * static_cast<uint64_t>(loop.roundTrip) <
            Wide{loop.packets} * static_cast<uint64_t>(other.roundTrip))
    {
        loop = other;
    }
}

} // namespace

FlowRoutes::FlowRoutes(FlowFabric fabric)
    : m_fabric(std::move(fabric)),
      m_seed(Mix(m_fabric.seed)),
      m_known(
          std::clamp(m_fabric.topology->GetEndpoints() * KEPT_PER_ENDPOINT, FEWEST_KEPT, MOST_KEPT))
{
    m_isDrawn = std::any_of(m_fabric.kinds.begin(),
                            m_fabric.kinds.end(),
                            [](const FlowLinkKind& kind) { return kind.isDrawn; });
    uint64_t fastest = 1;
    for (const FlowLinkKind& kind : m_fabric.kinds)
    {
        fastest = std::max(fastest, kind.byteRate);
    }
    const std::size_t links = m_fabric.kindOf.size();
    m_inBundle.assign(links, NO_BUNDLE);
    for (uint32_t link = 0; link < links; ++link)
    {
        const auto rate = static_cast<unsigned __int128>(GetKind(link).byteRate);
        m_capacities.push_back(static_cast<int64_t>(
            (rate * static_cast<uint64_t>(ShareSolver::ONE) + fastest / 2) / fastest));
        m_links.push_back(link);
    }
}

uint32_t
FlowRoutes::GetEndpoints() const
{
    return m_fabric.topology->GetEndpoints();
}

std::span<const int64_t>
FlowRoutes::GetCapacities() const
{
    return m_capacities;
}

Tick
FlowRoutes::GetHop(uint32_t link) const
{
    const FlowLinkKind& kind = GetKind(GetMembers(link).front());
    return kind.latency + kind.pipeline;
}

bool
FlowRoutes::IsEven(uint32_t link) const
{
    return GetKind(GetMembers(link).front()).isEven;
}

std::span<const uint32_t>
FlowRoutes::GetMembers(uint32_t link) const
{
    if (link < m_links.size())
    {
        return {&m_links[link], 1};
    }
    return m_bundles[link - m_links.size()];
}

FlowWay
FlowRoutes::Find(const Message& message)
{
    const uint64_t ends = uint64_t{message.src} << 32 | message.dst;
    if (m_isDrawn)
    {
        const auto sent = m_sent.find(ends);
        Walk(message, sent == m_sent.end() ? 0 : sent->second, m_drawn);
        return {&m_drawn, m_drawn.steps, m_drawn.parts};
    }
    return m_known.Find(ends, message.flow, [&](FlowPath& path) { Walk(message, 0, path); });
}

std::span<const FlowStep>
FlowRoutes::Prefetch(const Message& message, uint32_t step) const
{
    const uint64_t ends = uint64_t{message.src} << 32 | message.dst;
    return m_isDrawn ? std::span<const FlowStep>() : m_known.Prefetch(ends, message.flow, step);
}

void
FlowRoutes::Began(const Message& message)
{
    if (m_isDrawn)
    {
        m_sent[uint64_t{message.src} << 32 | message.dst] +=
            (message.bytes + m_fabric.packet - 1) / m_fabric.packet;
    }
}

void
FlowRoutes::Walk(const Message& message, uint64_t first, FlowPath& path)
{
    path.steps.clear();
    path.parts.clear();
    path.storedFlitTime = 0;
    path.room = UINT64_MAX;
    path.isDrawn = false;
    path.credit = {};
    path.window = {};
    path.best = Fidelity::EXACT;
    path.isEven = true;
    m_survey.path = &path;
    m_survey.kinds.clear();
    m_survey.isAligned = true;
    m_survey.isSprayed = false;
    m_survey.stored = 0;

    const Routing& routing = *m_fabric.routing;
    uint64_t hash = Mix(m_seed ^ (uint64_t{message.src} << 32 | message.dst));
    hash = Mix(hash ^ message.flow);
    const auto flow = static_cast<uint32_t>(hash);
    m_survey.flow = flow;
    const uint64_t packets = (message.bytes + m_fabric.packet - 1) / m_fabric.packet;
    m_survey.drawn = m_isDrawn && packets <= MOST_DRAWN ? packets : 0;
    const bool isRelayed = routing.GetLegEnd(message.src, message.dst) != message.dst;
    Tick offset = 0;
    for (uint32_t at = message.src; at != message.dst;)
    {
        const uint32_t target = routing.GetLegEnd(at, message.dst);
        const Hops ports = routing.NextHops(at, target, 0);
        const auto count = static_cast<uint32_t>(ports.links.size());
        m_survey.legPorts = count;
        // Ports that are one, or all those of a relayed message, make one part of the flow.
        const bool isOne = count == 1 || isRelayed || LeadAlike(ports, target);
        const Tick start = offset;
        for (uint32_t port = 0; port < count; port += isOne ? count : 1)
        {
            if (at == message.src)
            {
                path.parts.push_back({static_cast<uint32_t>(path.steps.size()), 0, 0});
            }
            const uint32_t end = isOne ? count : port + 1;
            m_layer.clear();
            for (uint32_t i = port; i < end; ++i)
            {
                m_layer.push_back({ports.links[i], ALL / (end - port), start});
            }
            m_fronts.clear();
            AddLayer(target);
            for (std::size_t i = 0; i < m_layer.size(); ++i)
            {
                const Branch& branch = m_layer[i];
                const FlowLinkKind& kind = GetKind(branch.link);
                const uint32_t to = m_fabric.topology->GetLinks()[branch.link].to;
                const Tick there = branch.offset + kind.latency + kind.pipeline;
                m_fronts.push_back({to, ports.vcClass, branch.share, there, {}});
                // Ports take packets in turn.
                for (uint64_t k = port + i; kind.isDrawn && k < m_survey.drawn; k += count)
                {
                    const uint64_t number = first + k;
                    m_fronts.back().lot.push_back(static_cast<uint32_t>(Mix(hash + number)));
                }
            }
            offset = WalkOn(target, flow);
            path.parts.back().steps =
                static_cast<uint32_t>(path.steps.size()) - path.parts.back().firstStep;
        }
        if (target != message.dst)
        {
            offset += m_fabric.relayLatency;
            path.storedFlitTime += m_survey.stored; // it takes packets in whole
        }
        at = target;
    }
    path.latency = offset;
    path.lane = flow % GetKind(GetMembers(path.steps.front().link).front()).vcs;
    if (isRelayed)
    {
        path.best = Fidelity::APPROXIMATE;
    }
    Finish(message);
}

bool
FlowRoutes::LeadAlike(const Hops& ports, uint32_t target) const
{
    const Topology& topology = *m_fabric.topology;
    uint32_t before = std::numeric_limits<uint32_t>::max();
    std::optional<uint16_t> kindDown;
    for (const uint32_t link : ports.links)
    {
        const uint32_t to = topology.GetLinks()[link].to;
        if (m_fabric.kindOf[link] != m_fabric.kindOf[ports.links.front()])
        {
            return false;
        }
        if (to == target)
        {
            continue;
        }
        if (topology.IsEndpoint(to) || to == before ||
            topology.GetDomains()[topology.GetSwitchDomain(to)].switches != 1)
        {
            return false;
        }
        const Hops down = m_fabric.routing->NextHops(to, target, ports.vcClass);
        if (down.links.size() != 1 || topology.GetLinks()[down.links.front()].to != target)
        {
            return false;
        }
        const uint16_t kind = m_fabric.kindOf[down.links.front()];
        if (kind != kindDown.value_or(kind))
        {
            return false;
        }
        kindDown = kind;
        before = to;
    }
    return true;
}

Tick
FlowRoutes::WalkOn(uint32_t target, uint32_t flow)
{
    const Topology& topology = *m_fabric.topology;
    const uint32_t node = m_fronts.front().node;
    if (!topology.IsEndpoint(node) &&
        m_fabric.routing->GetAlgorithm(topology.GetSwitchDomain(node)).IsAdaptive())
    {
        return WalkByChance(target, flow);
    }
    Tick arrival = 0;
    std::vector<Front>& fronts = m_fronts;
    for (;;)
    {
        // What has come there is through; the others take their next links.
        m_classes.clear();
        m_lots.clear();
        m_layer.clear();
        for (const Front& front : fronts)
        {
            if (front.node == target)
            {
                m_survey.isAligned =
                    m_survey.isAligned && (arrival == 0 || arrival == front.offset);
                arrival = std::max(arrival, front.offset);
                continue;
            }
            const Hops hops = m_fabric.routing->NextHops(front.node, target, front.vcClass);
            const auto count = static_cast<uint32_t>(hops.links.size());
            const FlowLinkKind& kind = GetKind(hops.links.front());
            if (count > 1 && !kind.isPredictable)
            {
                m_survey.path->best = Fidelity::APPROXIMATE;
            }
            if (count == 1 || !kind.isSprayed)
            {
                const uint32_t link =
                    count == 1 ? hops.links[0]
                               : hops.links[Mix(flow ^ (uint64_t{front.node} << 32)) % count];
                m_classes.push_back(hops.vcClass);
                m_layer.push_back({link, front.share, front.offset});
                m_lots.push_back(front.lot);
                continue;
            }
            m_survey.isSprayed = true;
            Spread(front, hops);
        }
        if (m_layer.empty())
        {
            return arrival;
        }
        fronts.clear();
        for (std::size_t i = 0; i < m_layer.size(); ++i)
        {
            const Branch& branch = m_layer[i];
            const FlowLinkKind& kind = GetKind(branch.link);
            const uint32_t node = topology.GetLinks()[branch.link].to;
            const uint8_t vcClass = m_classes[i];
            const Tick there = branch.offset + kind.latency + kind.pipeline;
            const auto same = std::find_if(fronts.begin(), fronts.end(), [&](const Front& front) {
                return front.node == node && front.vcClass == vcClass;
            });
            if (same == fronts.end())
            {
                fronts.push_back({node, vcClass, branch.share, there, m_lots[i]});
                continue;
            }
            same->lot.insert(same->lot.end(), m_lots[i].begin(), m_lots[i].end());
            m_survey.isAligned = m_survey.isAligned && same->offset == there;
            same->share += branch.share;
            same->offset = std::max(same->offset, there);
        }
        AddLayer(target);
    }
}

void
FlowRoutes::Spread(const Front& front, const Hops& hops)
{
    const auto count = static_cast<uint32_t>(hops.links.size());
    std::vector<Lot> lots(count);
    m_survey.path->isDrawn = m_survey.path->isDrawn || !front.lot.empty();
    for (const uint32_t hash : front.lot)
    {
        lots[Mix(hash ^ (uint64_t{front.node} << 32)) % count].push_back(hash);
    }
    for (uint32_t i = 0; i < count; ++i)
    {
        if (!front.lot.empty() && lots[i].empty())
        {
            continue;
        }
        const uint64_t share = front.lot.empty() ? front.share / count
                                                 : front.share * lots[i].size() / front.lot.size();
        m_classes.push_back(hops.vcClass);
        m_layer.push_back({hops.links[i], share, front.offset});
        m_lots.push_back(std::move(lots[i]));
    }
}

void
FlowRoutes::AddLayer(uint32_t target)
{
    const Topology& topology = *m_fabric.topology;
    for (const Branch& branch : m_layer)
    {
        Note(branch.link, topology.GetLinks()[branch.link].to == target);
    }
    const FlowLinkKind& kind = GetKind(m_layer.front().link);
    m_survey.stored = static_cast<uint64_t>(kind.speed.After({}, ShareSolver::WHOLE).whole);
    if (kind.isStored && m_survey.path->parts.size() == 1) // all parts are as far
    {
        m_survey.path->storedFlitTime += m_survey.stored;
    }
    if (m_layer.size() == 1)
    {
        AddStep(m_layer.front().link, m_layer.front().share, m_layer.front().offset);
        return;
    }
    // Of single switches and sprayed fat trees all flows use the same links alike.
    const Topology::Link& first = topology.GetLinks()[m_layer.front().link];
    const Domain& domain = topology.GetDomains()[first.domain];
    const bool isEven = std::all_of(m_layer.begin(), m_layer.end(), [this](const Branch& branch) {
        return branch.share == m_layer.front().share && branch.offset == m_layer.front().offset;
    });
    const bool isRegular =
        domain.switches <= 1 || dynamic_cast<const FatTreeTopology*>(domain.builder) != nullptr;
    if (isEven && isRegular && !(kind.isDrawn && domain.switches > 1))
    {
        const uint32_t bundle = Bundle(m_layer);
        if (bundle != NO_BUNDLE)
        {
            AddStep(bundle, m_layer.front().share * m_layer.size(), m_layer.front().offset);
            return;
        }
    }
    for (const Branch& branch : m_layer)
    {
        AddStep(branch.link, branch.share, branch.offset);
    }
}

uint32_t
FlowRoutes::Bundle(const std::vector<Branch>& branches)
{
    const uint32_t known = m_inBundle[branches.front().link];
    if (branches.size() > MOST_BUNDLED)
    {
        return NO_BUNDLE;
    }
    if (known != NO_BUNDLE && GetMembers(known).size() != branches.size())
    {
        return NO_BUNDLE;
    }
    if (std::any_of(branches.begin(), branches.end(), [&](const Branch& branch) {
            return m_inBundle[branch.link] != known;
        }))
    {
        return NO_BUNDLE;
    }
    if (known != NO_BUNDLE)
    {
        return known;
    }
    const auto bundle = static_cast<uint32_t>(m_capacities.size());
    int64_t capacity = 0;
    m_bundles.emplace_back();
    for (const Branch& branch : branches)
    {
        m_bundles.back().push_back(branch.link);
        m_inBundle[branch.link] = bundle;
        capacity += m_capacities[branch.link];
    }
    m_capacities.push_back(capacity);
    return bundle;
}

void
FlowRoutes::AddStep(uint32_t link, uint64_t share, Tick offset)
{
    FlowPath& path = *m_survey.path;
    // Parts of 2^-32 are lost where a number of links does not divide it.
    const auto weight =
        static_cast<uint32_t>(std::max<uint64_t>((share + (1U << 15)) >> 16, 1)); // ALL is WHOLE
    static_assert(ALL >> 16 == ShareSolver::WHOLE);
    for (std::size_t i = path.parts.back().firstStep; i < path.steps.size(); ++i)
    {
        if (path.steps[i].link == link)
        {
            path.steps[i].weight += weight;
            return;
        }
    }
    path.steps.push_back({link, weight, offset});
    const FlowLinkKind& kind = GetKind(GetMembers(link).front());
    if (!kind.isSprayed && IsBinding(kind))
    {
        path.steps.push_back({FindLoopLink(link, m_survey.flow % kind.vcs), weight, offset});
    }
}

PacketLoop
FlowRoutes::GetLoop(const FlowLinkKind& kind) const
{
    const uint32_t flits = GetFlits(kind, m_fabric.packet);
    const WireTime wire = kind.speed.After({}, flits);
    const Tick time = wire.whole + (wire.part > 0 ? 1 : 0);
    return {std::max<uint64_t>((kind.depth + kind.pool) / flits, 1),
            kind.latency + kind.creditLatency + kind.pipeline + time + (kind.isStored ? time : 0)};
}

bool
FlowRoutes::IsBinding(const FlowLinkKind& kind) const
{
    const PacketLoop loop = GetLoop(kind);
    const Tick time = kind.speed.After({}, GetFlits(kind, m_fabric.packet)).whole;
    return static_cast<Tick>(loop.packets) * time < loop.roundTrip + LOOP_MARGIN;
}

uint32_t
FlowRoutes::FindLoopLink(uint32_t link, uint32_t lane)
{
    const auto [known, isNew] = m_loopLinks.try_emplace(uint64_t{link} << 32 | lane,
                                                        static_cast<uint32_t>(m_capacities.size()));
    if (isNew)
    {
        const std::span<const uint32_t> members = GetMembers(link);
        const FlowLinkKind& kind = GetKind(members.front());
        const PacketLoop loop = GetLoop(kind);
        const Tick time = kind.speed.After({}, GetFlits(kind, m_fabric.packet)).whole;
        const auto rate = static_cast<__int128>(m_capacities[link]) *
                          static_cast<int64_t>(loop.packets) * time / loop.roundTrip;
        m_bundles.emplace_back(members.begin(), members.end());
        m_capacities.push_back(std::max<int64_t>(static_cast<int64_t>(rate), 1));
        m_isLoop.resize(m_bundles.size());
        m_isLoop.back() = true;
    }
    return known->second;
}

bool
FlowRoutes::IsLoop(uint32_t link) const
{
    return link >= m_links.size() && link - m_links.size() < m_isLoop.size() &&
           m_isLoop[link - m_links.size()];
}

void
FlowRoutes::FindSlowest()
{
    FlowPath& path = *m_survey.path;
    m_survey.slowest = nullptr;
    Tick most = 0;         // of a packet on the slowest
    uint64_t atSource = 0; // of so many packets the first link carries one
    for (const FlowStep& step : path.steps)
    {
        if (IsLoop(step.link))
        {
            continue;
        }
        const std::span<const uint32_t> members = GetMembers(step.link);
        const FlowLinkKind& kind = GetKind(members.front());
        const uint64_t whole = uint64_t{ShareSolver::WHOLE} * path.parts.size() * members.size();
        const uint64_t lots = (whole + step.weight / 2) / step.weight;
        atSource = atSource == 0 ? lots : atSource;
        const Tick time = kind.speed.After({}, GetFlits(kind, m_fabric.packet)).whole;
        if (!m_survey.slowest || time * path.ports > most * static_cast<Tick>(lots))
        {
            m_survey.slowest = &kind;
            path.ports = static_cast<uint32_t>(lots);
            most = time;
        }
    }
    if (path.ports != atSource)
    {
        // It is not the source's ports that share the packets out, nor is it known when.
        path.best = Fidelity::APPROXIMATE;
    }
}

void
FlowRoutes::Note(uint32_t link, bool isLast)
{
    const uint16_t index = m_fabric.kindOf[link];
    FlowPath& path = *m_survey.path;
    if (std::find(m_survey.kinds.begin(), m_survey.kinds.end(), index) != m_survey.kinds.end())
    {
        return;
    }
    m_survey.kinds.push_back(index);
    const FlowLinkKind& kind = m_fabric.kinds[index];
    if (!isLast)
    {
        path.room = std::min(path.room, (kind.depth + kind.pool) * kind.flit * m_survey.legPorts);
    }
    const uint32_t flits = GetFlits(kind, m_fabric.packet);
    const WireTime wire = kind.speed.After({}, flits);
    if (kind.isUnsteady)
    {
        path.best = Fidelity::APPROXIMATE;
    }
    // Also where nobody else is on that link: a switch that is short of lanes holds its inputs up.
    path.isEven = path.isEven && kind.isEven;
    // Packets of unlike sizes leave up to a packet of a buffer unused.
    const PacketLoop loop = GetLoop(kind);
    const auto sure = static_cast<Tick>(kind.depth / flits) - 1;
    if (sure * wire.whole < loop.roundTrip + LOOP_MARGIN)
    {
        path.best = std::max(path.best, Fidelity::FAIR);
    }
    if (IsBinding(kind))
    {
        path.best = Fidelity::APPROXIMATE;
        const uint64_t vcs = kind.isSprayed ? std::max(kind.vcs, 1U) : 1;
        if (static_cast<Tick>(loop.packets * vcs) * wire.whole < loop.roundTrip + LOOP_MARGIN)
        {
            Tighten(path.credit, {loop.packets * vcs, loop.roundTrip});
        }
    }
    if (kind.packetRate > 0 && !isLast)
    {
        const auto gap = static_cast<Tick>(1'000'000'000'000 / kind.packetRate);
        if (gap > wire.whole)
        {
            path.best = Fidelity::APPROXIMATE;
            Tighten(path.credit, {1, gap});
        }
    }
}

Tick
FlowRoutes::FindLatency(uint32_t src, uint32_t dst) const
{
    Tick latency = 0;
    uint8_t vcClass = 0;
    for (uint32_t node = src; node != dst;)
    {
        const Hops hops = m_fabric.routing->NextHops(node, dst, vcClass);
        const FlowLinkKind& kind = GetKind(hops.links.front());
        latency += kind.latency + kind.pipeline;
        vcClass = hops.vcClass;
        node = m_fabric.topology->GetLinks()[hops.links.front()].to;
    }
    return latency;
}

void
FlowRoutes::Finish(const Message& message)
{
    FlowPath& path = *m_survey.path;
    FindSlowest();
    const FlowLinkKind& slowest = *m_survey.slowest;
    const uint32_t flits = GetFlits(slowest, m_fabric.packet);
    const WireTime wire = slowest.speed.After({}, flits);
    path.slowest = slowest.speed;
    path.flit = slowest.flit;
    path.header = slowest.header;
    path.roundsUp = true;
    for (const uint16_t index : m_survey.kinds)
    {
        const FlowLinkKind& kind = m_fabric.kinds[index];
        const WireTime other = kind.speed.After({}, GetFlits(kind, m_fabric.packet));
        if (other.whole != wire.whole || other.part != wire.part)
        {
            // A faster link sends on what a slower one lets through, at whole picoseconds.
            path.best = std::max(path.best, Fidelity::FAIR);
            // A slower link holds a crossbar's lane for longer, and so who shares its input.
            path.isEven = false;
        }
    }
    if (path.storedFlitTime > 0 && slowest.speed.GetParts() != 1)
    {
        path.best = std::max(path.best, Fidelity::FAIR); // each hop starts at a whole picosecond
    }
    // Where packets may overtake one another, or meet those of another port, none is sure.
    if (!m_survey.isAligned || (m_survey.isSprayed && path.ports > 1))
    {
        path.best = std::max(path.best, Fidelity::FAIR);
    }
    if (m_survey.isSprayed && path.storedFlitTime > 0)
    {
        path.best = Fidelity::APPROXIMATE; // what was stored side by side meets again further on
    }
    path.isEven = path.isEven && !m_survey.isSprayed;
    if (m_fabric.window > 0)
    {
        const uint32_t end = m_fabric.routing->GetLegEnd(message.src, message.dst);
        const uint64_t packets = std::max<uint64_t>(m_fabric.window / m_fabric.packet, 1);
        const Tick roundTrip = FindLatency(message.src, end) + FindLatency(end, message.src) +
                               wire.whole + 1 +
                               static_cast<Tick>((path.storedFlitTime * flits) >> 16);
        const auto perPort = static_cast<Tick>(packets / path.ports);
        if ((perPort - 1) * wire.whole < roundTrip + LOOP_MARGIN)
        {
            path.best = std::max(path.best, Fidelity::FAIR);
        }
        if (perPort * wire.whole < roundTrip + LOOP_MARGIN)
        {
            path.best = Fidelity::APPROXIMATE;
            path.window = {packets, roundTrip};
        }
    }
    for (FlowPath::Part& part : path.parts)
    {
        part.most = ShareSolver::FREE;
        for (uint32_t i = 0; i < part.steps; ++i)
        {
            const FlowStep& step = path.steps[part.firstStep + i];
            if (IsLoop(step.link))
            {
                continue; // how far it bounds one that is alone depends on its length
            }
            const auto room = static_cast<__int128>(m_capacities[step.link]) * ShareSolver::WHOLE;
            part.most = std::min(part.most, static_cast<int64_t>(room / step.weight));
        }
        if (part.most != path.parts.front().most)
        {
            path.best = std::max(path.best, Fidelity::FAIR);
        }
    }
}

} // namespace mtlink
} // namespace ns3
