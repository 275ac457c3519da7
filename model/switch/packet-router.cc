/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/packet-router.h"

#include "engine/random.h"

#include "ns3/assert.h"

namespace ns3
{
namespace mtlink
{

constexpr uint32_t CLASS_SEED = 0x9e3779b9; //!< Between the seeds of traffic classes

static_assert(NO_DETOUR == NO_VIA, "a packet keeps what the routing says");

PacketRouter::PacketRouter(SwitchPorts& ports, const Routing& routing)
    : m_ports(ports),
      m_clock(ports.GetClock()),
      m_links(ports.GetLinks()),
      m_routing(routing)
{
}

bool
PacketRouter::NeedsSelector(const SwitchSpec& spec) const
{
    return IsAdaptive(spec.node) || (spec.routing && PathSelector::IsNeeded(*spec.routing));
}

void
PacketRouter::Add(const SwitchSpec& spec, uint32_t kind)
{
    const bool selects = m_ports.GetKind(kind).selects;
    m_kindOf.push_back(kind);
    m_selectorOf.push_back(selects ? static_cast<uint32_t>(m_selectors.size()) : NO_SELECTOR);
    if (!selects)
    {
        return;
    }
    // Each traffic class has its own turns, flowlets and random numbers.
    for (uint32_t c = 0; c < spec.profile->GetTrafficClasses(); ++c)
    {
        m_selectors.emplace_back(*spec.routing, spec.node, spec.seed + c * CLASS_SEED);
    }
    m_ports.CountAll();
}

void
PacketRouter::Route(const InputPort& input, Packet& packet)
{
    const ChipKind& kind = m_ports.GetKind(input.kind);
    if (kind.selects)
    {
        ChoosePath(input, packet);
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

std::pair<uint32_t, uint32_t>
PacketRouter::GetVcs(uint32_t link, uint8_t vcClass) const
{
    const ChipKind& kind = m_ports.GetKind(m_kindOf[m_ports.GetOutput(link).chip]);
    NS_ASSERT_MSG(kind.selects, "nobody counts what waits at this switch");
    const VcLayout& layout = kind.layout;
    const uint32_t first = layout.GetFirst(m_viewedClass, vcClass == ALL_CLASSES ? 0 : vcClass);
    return {first,
            first + (vcClass == ALL_CLASSES ? layout.vcsPerTrafficClass : layout.vcsPerClass)};
}

uint32_t
PacketRouter::GetQueued(uint32_t link, uint8_t vcClass) const
{
    const auto [first, end] = GetVcs(link, vcClass);
    const uint32_t* queued = m_ports.GetQueued(link);
    uint32_t flits = 0;
    for (uint32_t vc = first; vc < end; ++vc)
    {
        flits += queued[vc];
    }
    return flits;
}

uint32_t
PacketRouter::GetInUse(uint32_t link, uint8_t vcClass)
{
    const auto [first, end] = GetVcs(link, vcClass);
    uint32_t flits = 0;
    for (uint32_t vc = first; vc < end; ++vc)
    {
        flits += m_links.GetInUse(link, vc);
    }
    return flits;
}

bool
PacketRouter::HasCredit(uint32_t link, uint8_t vcClass, uint32_t flits)
{
    if (m_links.IsAvoided(link))
    {
        return false;
    }
    const auto [first, end] = GetVcs(link, vcClass);
    for (uint32_t vc = first; vc < end; ++vc)
    {
        if (m_links.HasCredit(link, vc, flits))
        {
            return true;
        }
    }
    return false;
}

bool
PacketRouter::IsAvoided(uint32_t link) const
{
    return m_links.IsAvoided(link);
}

uint32_t
PacketRouter::ChooseVc(const PathChoice& choice, const Packet& packet)
{
    const auto [first, end] = GetVcs(choice.link, choice.vcClass);
    const uint32_t vcs = end - first;
    const uint32_t* queued = m_ports.GetQueued(choice.link);
    uint32_t best = end;
    uint32_t least = 0;
    for (uint32_t i = 0; i < vcs; ++i)
    {
        const uint32_t vc = first + (packet.flow + i) % vcs;
        if (choice.adaptive && !m_links.HasCredit(choice.link, vc, packet.flits))
        {
            continue;
        }
        const uint32_t load = queued[vc] + m_links.GetInUse(choice.link, vc);
        if (best == end || load < least)
        {
            best = vc;
            least = load;
        }
    }
    NS_ASSERT_MSG(best != end, "an adaptive link was chosen without credit");
    return best;
}

void
PacketRouter::ChoosePath(const InputPort& input, Packet& packet)
{
    PathSelector& selector = m_selectors[m_selectorOf[input.chip] + packet.trafficClass];
    m_viewedClass = packet.trafficClass;
    const PathRequest request{{input.node, packet.target, packet.via, packet.vcClass},
                              packet.flow,
                              packet.flits,
                              m_clock.Now()};
    const PathChoice choice =
        m_routing.GetSwitchAlgorithm(input.node).Choose(request, selector, *this);
    packet.out = choice.link;
    packet.outVcClass = choice.vcClass;
    packet.via = choice.via;
    packet.outVc = choice.adaptive || selector.BalancesVcs()
                       ? static_cast<uint8_t>(ChooseVc(choice, packet))
                       : m_ports.GetKind(input.kind)
                             .layout.Choose(packet.trafficClass, choice.vcClass, packet.flow);
    if (choice.adaptive)
    {
        packet.hasOutCredit = 1;
        m_links.TakeCredit(packet.out, packet.outVc, packet.flits);
    }
}

} // namespace mtlink
} // namespace ns3
