/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/path-selector.h"

#include "ns3/assert.h"
#include "ns3/mtlink-routing.h"

namespace ns3
{
namespace mtlink
{

void
RoutingAlgorithm::GetAlternatives(const PathState& state,
                                  std::vector<Alternative>& alternatives) const
{
    alternatives.push_back({NextHops(state.node, state.target, state.vcClass), NO_DETOUR, false});
}

void
RoutingAlgorithm::GetDetours(uint32_t, uint8_t, std::vector<Alternative>&) const
{
}

void
RoutingAlgorithm::GetForwardedDetours(uint32_t, std::vector<Alternative>&) const
{
}

bool
RoutingAlgorithm::IsReached(uint32_t, uint32_t) const
{
    return true;
}

PathChoice
RoutingAlgorithm::Choose(const PathRequest& request,
                         PathSelector& selector,
                         CongestionView& view) const
{
    if (!IsAdaptive())
    {
        const PathState& state = request.state;
        const Hops hops = NextHops(state.node, state.target, state.vcClass);
        return {selector.Select(hops, request, view), NO_DETOUR, hops.vcClass, false};
    }
    std::vector<Alternative>& alternatives = selector.GetScratch();
    GetAlternatives(request.state, alternatives);
    const auto size = static_cast<uint32_t>(alternatives.size());
    const Alternative* best = nullptr;
    uint32_t bestPlace = 0;
    uint32_t leastLoad = 0;
    for (uint32_t i = 0; i < size; ++i)
    {
        const Alternative& alternative = alternatives[(request.flow + i) % size];
        if (!alternative.adaptive)
        {
            continue;
        }
        uint32_t load = 0;
        const uint32_t place = selector.FindCredit(alternative.hops, request, view, load);
        if (place < alternative.hops.links.size() && (!best || load < leastLoad))
        {
            best = &alternative;
            bestPlace = place;
            leastLoad = load;
        }
    }
    if (best)
    {
        selector.Took(best->hops, bestPlace);
        return {best->hops.links[bestPlace], best->via, best->hops.vcClass, true};
    }
    for (const Alternative& alternative : alternatives)
    {
        if (!alternative.adaptive)
        {
            return {selector.Select(alternative.hops, request, view),
                    alternative.via,
                    alternative.hops.vcClass,
                    false};
        }
    }
    NS_ASSERT_MSG(false, "no binding alternative");
    return {};
}

} // namespace mtlink
} // namespace ns3
