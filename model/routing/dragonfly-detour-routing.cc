/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/dragonfly-detour-routing.h"

#include "engine/random.h"
#include "routing/path-selector.h"
#include "routing/routing-registry.h"

#include "ns3/mtlink-dragonfly-topology.h"
#include "ns3/mtlink-error.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return detours of a kind. */
template <DragonflyDetour KIND>
std::unique_ptr<RoutingAlgorithm>
MakeDetours(const Topology& topology, uint32_t domain, const RoutingProfile& profile)
{
    if (!dynamic_cast<const DragonflyTopology*>(topology.GetDomains()[domain].builder))
    {
        throw ParameterError("algorithm", "valiant, ugal_l, ugal_g and par are for dragonflies");
    }
    return std::make_unique<DragonflyDetourRouting>(topology, domain, KIND, profile);
}

const Registered<RoutingKind> VALIANT(GetRoutingAlgorithms(),
                                      "valiant",
                                      {.by = WayBy::CHANCE,
                                       .hasIntermediate = true,
                                       .make = MakeDetours<DragonflyDetour::VALIANT>});
const Registered<RoutingKind> UGAL_L(GetRoutingAlgorithms(),
                                     "ugal_l",
                                     {.by = WayBy::LOAD,
                                      .hasIntermediate = true,
                                      .hasThreshold = true,
                                      .make = MakeDetours<DragonflyDetour::UGAL_L>});
const Registered<RoutingKind> UGAL_G(GetRoutingAlgorithms(),
                                     "ugal_g",
                                     {.by = WayBy::LOAD,
                                      .seesAll = true,
                                      .hasIntermediate = true,
                                      .hasThreshold = true,
                                      .make = MakeDetours<DragonflyDetour::UGAL_G>});
const Registered<RoutingKind> PAR(GetRoutingAlgorithms(),
                                  "par",
                                  {.by = WayBy::LOAD,
                                   .hasIntermediate = true,
                                   .hasThreshold = true,
                                   .make = MakeDetours<DragonflyDetour::PAR>});

} // namespace

DragonflyDetourRouting::DragonflyDetourRouting(const Topology& topology,
                                               uint32_t domain,
                                               DragonflyDetour kind,
                                               const RoutingProfile& profile)
    : DragonflyRouting(topology, domain),
      m_kind(kind),
      m_toSwitch(profile.GetIntermediate() == RoutingProfile::SWITCH),
      m_threshold(profile.GetThreshold()),
      m_first(m_kind == DragonflyDetour::PAR ? 1 : 0),
      m_last(static_cast<uint8_t>(m_first + (m_toSwitch ? 2 : 1)))
{
    if (GetGroups() < (m_toSwitch ? 2 : 3))
    {
        throw ParameterError("algorithm",
                             m_toSwitch ? "a detour through another switch helps between groups: "
                                          "the dragonfly has one; use minimal"
                                        : "a detour leads through a third group: the dragonfly has "
                                          "fewer; use minimal");
    }
}

std::string
DragonflyDetourRouting::GetDefinition() const
{
    const std::string place = m_toSwitch ? "switch" : "group";
    const std::string via =
        m_kind == DragonflyDetour::VALIANT
            ? "a " + place +
                  ", not the source's, chosen evenly by the packet's hash (if it is the "
                  "destination's, the packet goes minimally), "
            : "a " + place +
                  ", neither the source's nor the destination's, chosen evenly by the "
                  "packet's hash, ";
    const std::string detour =
        "minimally to " + via + "and from " + (m_toSwitch ? "there" : "the first switch there") +
        " minimally to the destination. Packets within a group go minimally. ";
    const std::string local = "Local: the load of a way is that of its first link at the switch "
                              "that decides, flits queued there for it plus credit in use, of all "
                              "VC classes together, or, where both ways begin with the same link, "
                              "of each one's class. The minimal way is taken if its load x its "
                              "hops <= the detour's load x its hops + threshold (hops: links "
                              "between switches). ";
    std::string text;
    switch (m_kind)
    {
    case DragonflyDetour::VALIANT:
        text = "Valiant on a dragonfly (Valiant 1982; Kim, Dally, Scott and Abts 2008): " + detour;
        break;
    case DragonflyDetour::UGAL_L:
        text = "UGAL-L on a dragonfly (Singh 2005; Kim, Dally, Scott and Abts 2008): the switch of "
               "the source chooses, for each packet, between the minimal way and one detour, " +
               detour + local;
        break;
    case DragonflyDetour::UGAL_G:
        text = "UGAL-G on a dragonfly (Singh 2005; Kim, Dally, Scott and Abts 2008), an ideal with "
               "knowledge of all queues: the switch of the source chooses, for each packet, "
               "between the minimal way and one detour, " +
               detour +
               "The minimal way is taken if the flits that wait for its links between switches, "
               "at all switches along it, are at most those of the detour + threshold. ";
        break;
    default:
        text = "Progressive adaptive routing (PAR) on a dragonfly (Jiang, Kim and Dally 2009): the "
               "switch of the source chooses, for each packet, between the minimal way and one "
               "detour, " +
               detour +
               "A packet that went minimally over a local link is decided on once more, with "
               "another detour to choose from, at the switch to which that leads. " +
               local;
        break;
    }
    const auto number = [](uint32_t n) { return std::to_string(n); };
    text += number(GetVcClasses()) + " VC classes: ";
    if (m_kind == DragonflyDetour::PAR)
    {
        text += "0 on the minimal local link of the source's group; ";
    }
    text += number(m_first) + " on a detour" +
            (m_toSwitch ? " (" + number(m_first + 1U) + " on a local link to its switch)" : "") +
            "; " + number(m_last) + " on the way to the destination, " + number(m_last + 1U) +
            " within its group. From the endpoint 0. Along every way the pairs (class, local "
            "before global) only rise, so they close no cycle.";
    return text;
}

uint32_t
DragonflyDetourRouting::GetVcClasses() const
{
    return m_last + 2U;
}

bool
DragonflyDetourRouting::IsAdaptive() const
{
    return true;
}

Hops
DragonflyDetourRouting::GetMinimal(uint32_t node, uint32_t target, bool undecided) const
{
    Hops hops = DragonflyRouting::NextHops(node, target, 0);
    switch (GetPlace(node, target))
    {
    case BEFORE_GLOBAL:
        hops.vcClass = undecided ? 0 : m_last;
        break;
    case AT_GLOBAL:
        hops.vcClass = m_last;
        break;
    case IN_GROUP:
        hops.vcClass = static_cast<uint8_t>(m_last + 1);
        break;
    }
    return hops;
}

Hops
DragonflyDetourRouting::NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const
{
    if (!IsSwitch(node))
    {
        return DragonflyRouting::NextHops(node, target, vcClass);
    }
    return GetMinimal(node, target, m_kind == DragonflyDetour::PAR && vcClass == 0);
}

Hops
DragonflyDetourRouting::GetHopsToVia(uint32_t node, uint32_t via) const
{
    const uint32_t own = GetGroupOf(node);
    const uint32_t group = m_toSwitch ? via / GetA() : via;
    Hops hops = group == own ? GetLocalHops(node, via) : GetHopsToGroup(node, group);
    hops.vcClass = static_cast<uint8_t>(group == own ? m_first + 1 : m_first);
    return hops;
}

bool
DragonflyDetourRouting::IsReached(uint32_t node, uint32_t via) const
{
    return (m_toSwitch ? GetNumber(node) : GetGroupOf(node)) == via;
}

void
DragonflyDetourRouting::GetAlternatives(const PathState& state,
                                        std::vector<Alternative>& alternatives) const
{
    if (state.via != NO_DETOUR && !IsReached(state.node, state.via))
    {
        alternatives.push_back({GetHopsToVia(state.node, state.via), state.via, false});
        return;
    }
    const bool undecided =
        m_kind == DragonflyDetour::PAR && state.via == NO_DETOUR && state.vcClass == 0;
    alternatives.push_back({GetMinimal(state.node, state.target, undecided), NO_DETOUR, false});
}

void
DragonflyDetourRouting::GetDetours(uint32_t node,
                                   uint8_t vcClass,
                                   std::vector<Alternative>& detours) const
{
    if (vcClass != 0)
    {
        return;
    }
    const uint32_t count = m_toSwitch ? GetGroups() * GetA() : GetGroups();
    for (uint32_t via = 0; via < count; ++via)
    {
        if (!IsReached(node, via))
        {
            detours.push_back({GetHopsToVia(node, via), via, false});
        }
    }
}

uint32_t
DragonflyDetourRouting::GetVia(const PathRequest& request) const
{
    const uint32_t node = request.state.node;
    const uint32_t target = GetSwitchOf(request.state.target);
    uint32_t low = m_toSwitch ? GetNumber(node) : GetGroupOf(node);
    uint32_t high = m_toSwitch ? target : target / GetA();
    const bool valiant = m_kind == DragonflyDetour::VALIANT;
    const uint32_t there = high;
    if (low > high)
    {
        std::swap(low, high);
    }
    const uint32_t own = there == high ? low : high;
    const uint32_t count = (m_toSwitch ? GetGroups() * GetA() : GetGroups()) - (valiant ? 1 : 2);
    // Mixed with the switch, as equal links are, but not with the same word.
    const uint64_t word = request.flow ^ (static_cast<uint64_t>(node) << 32);
    auto via = static_cast<uint32_t>(Mix(~word) % count);
    if (valiant)
    {
        via += via >= own ? 1 : 0;
        return via == there ? NO_DETOUR : via;
    }
    via += via >= low ? 1 : 0;
    via += via >= high ? 1 : 0;
    return via;
}

void
DragonflyDetourRouting::Follow(Candidate& candidate,
                               const PathRequest& request,
                               CongestionView* view) const
{
    const uint32_t target = GetSwitchOf(request.state.target);
    uint32_t link = candidate.link;
    uint32_t via = candidate.via;
    while (true)
    {
        ++candidate.hopCount;
        candidate.queued += view ? view->GetQueued(link, ALL_CLASSES) : 0;
        const uint32_t node = GetEnd(link);
        if (via != NO_DETOUR && IsReached(node, via))
        {
            via = NO_DETOUR;
        }
        if (via == NO_DETOUR && GetNumber(node) == target)
        {
            return;
        }
        link = (via == NO_DETOUR ? DragonflyRouting::NextHops(node, request.state.target, 0)
                                 : GetHopsToVia(node, via))
                   .links[0];
    }
}

bool
DragonflyDetourRouting::IsMinimalBetter(const Candidate& minimal,
                                        const Candidate& detour,
                                        CongestionView& view) const
{
    if (m_kind == DragonflyDetour::UGAL_G)
    {
        return minimal.queued <= detour.queued + m_threshold;
    }
    const bool same = minimal.link == detour.link;
    const uint64_t own = view.GetLoad(minimal.link, same ? minimal.hops.vcClass : ALL_CLASSES);
    const uint64_t other = view.GetLoad(detour.link, same ? detour.hops.vcClass : ALL_CLASSES);
    return own * minimal.hopCount <= other * detour.hopCount + m_threshold;
}

PathChoice
DragonflyDetourRouting::Choose(const PathRequest& request,
                               PathSelector& selector,
                               CongestionView& view) const
{
    const PathState& state = request.state;
    if (state.via != NO_DETOUR && !IsReached(state.node, state.via))
    {
        const Hops hops = GetHopsToVia(state.node, state.via);
        return {selector.Select(hops, request, view), state.via, hops.vcClass, false};
    }
    const bool decides = state.via == NO_DETOUR && state.vcClass == 0;
    Candidate minimal;
    minimal.hops = GetMinimal(state.node, state.target, decides && m_kind == DragonflyDetour::PAR);
    if (!decides || GetPlace(state.node, state.target) == IN_GROUP)
    {
        return {selector.Select(minimal.hops, request, view),
                NO_DETOUR,
                minimal.hops.vcClass,
                false};
    }
    Candidate detour;
    detour.via = GetVia(request);
    if (detour.via == NO_DETOUR)
    {
        return {selector.Select(minimal.hops, request, view),
                NO_DETOUR,
                minimal.hops.vcClass,
                false};
    }
    detour.hops = GetHopsToVia(state.node, detour.via);
    detour.link = selector.Select(detour.hops, request, view);
    if (m_kind != DragonflyDetour::VALIANT)
    {
        CongestionView* const global = m_kind == DragonflyDetour::UGAL_G ? &view : nullptr;
        minimal.link = selector.Select(minimal.hops, request, view);
        Follow(minimal, request, global);
        Follow(detour, request, global);
        if (IsMinimalBetter(minimal, detour, view))
        {
            return {minimal.link, NO_DETOUR, minimal.hops.vcClass, false};
        }
    }
    return {detour.link, detour.via, detour.hops.vcClass, false};
}

} // namespace mtlink
} // namespace ns3
