/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/path-selector.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

PathSelector::PathSelector(const RoutingProfile& profile, uint32_t node, uint32_t seed)
    : m_selection(profile.GetSelection()),
      m_gap(NEVER),
      m_node(node),
      m_state(Mix(Mix(seed) ^ (static_cast<uint64_t>(node) << 32)))
{
    if (profile.GetGranularity() == RoutingProfile::FLOWLET)
    {
        m_gap = ToTicks(profile.GetFlowletGap());
        m_flowlets.resize(FLOWLETS);
    }
}

uint32_t
PathSelector::GetTurn(const Hops& hops) const
{
    const std::pair<uint32_t, uint32_t> key{hops.links[0], 0};
    const auto turn = std::lower_bound(m_turns.begin(), m_turns.end(), key);
    if (turn == m_turns.end() || turn->first != key.first)
    {
        return 0;
    }
    return turn->second < hops.links.size() ? turn->second : 0;
}

void
PathSelector::Took(const Hops& hops, uint32_t place)
{
    const std::pair<uint32_t, uint32_t> key{hops.links[0], 0};
    auto turn = std::lower_bound(m_turns.begin(), m_turns.end(), key);
    if (turn == m_turns.end() || turn->first != key.first)
    {
        turn = m_turns.insert(turn, key);
    }
    turn->second = place + 1 < hops.links.size() ? place + 1 : 0;
}

uint32_t
PathSelector::FindCredit(const Hops& hops,
                         const PathRequest& request,
                         CongestionView& view,
                         uint32_t& load) const
{
    const auto size = static_cast<uint32_t>(hops.links.size());
    const uint32_t first = size == 1 ? 0 : GetTurn(hops);
    uint32_t best = size;
    for (uint32_t i = 0; i < size; ++i)
    {
        const uint32_t place = first + i < size ? first + i : first + i - size;
        const uint32_t link = hops.links[place];
        if (!view.HasCredit(link, hops.vcClass, request.flits))
        {
            continue;
        }
        const uint32_t own = view.GetLoad(link, hops.vcClass);
        if (best == size || own < load)
        {
            best = place;
            load = own;
        }
    }
    return best;
}

uint32_t
PathSelector::SelectAnew(const Hops& hops, const PathRequest& request, CongestionView& view)
{
    const auto size = static_cast<uint32_t>(hops.links.size());
    uint32_t place = 0;
    switch (m_selection)
    {
    case RoutingProfile::HASH: {
        // Mixed with the switch, so that hops down the path choose independently; a flowlet also
        // with the time at which it begins.
        const uint64_t word = request.flow ^ (static_cast<uint64_t>(m_node) << 32);
        place = static_cast<uint32_t>(
            Mix(m_gap == NEVER ? word : word ^ Mix(static_cast<uint64_t>(request.now))) % size);
        break;
    }
    case RoutingProfile::RANDOM:
        place = static_cast<uint32_t>(Draw() % size);
        break;
    case RoutingProfile::ROUND_ROBIN:
        place = GetTurn(hops);
        Took(hops, place);
        break;
    case RoutingProfile::LEAST_LOADED: {
        const uint32_t first = GetTurn(hops);
        place = first;
        uint32_t least = view.GetLoad(hops.links[first], hops.vcClass);
        for (uint32_t i = 1; i < size && least > 0; ++i)
        {
            const uint32_t other = first + i < size ? first + i : first + i - size;
            const uint32_t load = view.GetLoad(hops.links[other], hops.vcClass);
            if (load < least)
            {
                place = other;
                least = load;
            }
        }
        Took(hops, place);
        break;
    }
    }
    return place;
}

uint32_t
PathSelector::Select(const Hops& hops, const PathRequest& request, CongestionView& view)
{
    if (hops.links.size() == 1)
    {
        return hops.links[0];
    }
    if (m_gap == NEVER)
    {
        return GoRound(hops, hops.links[SelectAnew(hops, request, view)], request, view);
    }
    const uint64_t key = Mix(static_cast<uint64_t>(hops.links[0]) << 32 | request.flow);
    Flowlet& flowlet = m_flowlets[key % FLOWLETS];
    if (flowlet.last < 0 || flowlet.first != hops.links[0] || request.now - flowlet.last >= m_gap)
    {
        flowlet.first = hops.links[0];
        flowlet.link = hops.links[SelectAnew(hops, request, view)];
    }
    flowlet.last = request.now;
    return flowlet.link = GoRound(hops, flowlet.link, request, view);
}

uint32_t
PathSelector::GoRound(const Hops& hops,
                      uint32_t link,
                      const PathRequest& request,
                      const CongestionView& view)
{
    if (!view.IsAvoided(link)) [[likely]]
    {
        return link;
    }
    std::vector<uint32_t> others;
    for (const uint32_t other : hops.links)
    {
        if (!view.IsAvoided(other))
        {
            others.push_back(other);
        }
    }
    return others.empty()
               ? link
               : others[Mix(request.flow ^ (static_cast<uint64_t>(link) << 32)) % others.size()];
}

} // namespace mtlink
} // namespace ns3
