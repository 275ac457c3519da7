/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Ways that chance chooses, not load (Valiant 1982): the switches' own choice, by the hash that
// packets have. With granularity flow a flow's one way is that of its packets. Where each packet
// chooses anew, a few of them stand for all and take equal parts of the flow.

#include "engine/random.h"
#include "flow/flow-routes.h"
#include "routing/path-selector.h"

#include "ns3/mtlink-congestion-view.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint32_t SAMPLES = 32; //!< Packets that stand for all of a flow

/** For those who do not look at the load. */
class NoLoad : public CongestionView
{
  public:
    uint32_t GetQueued(uint32_t, uint8_t) const override
    {
        return 0;
    }

    uint32_t GetInUse(uint32_t, uint8_t) override
    {
        return 0;
    }

    bool HasCredit(uint32_t, uint8_t, uint32_t) override
    {
        return true;
    }
};

} // namespace

Tick
FlowRoutes::WalkByChance(uint32_t target, uint32_t flow)
{
    const Topology& topology = *m_fabric.topology;
    FlowPath& path = *m_survey.path;
    NoLoad view;
    const std::vector<Front> starts = m_fronts;
    const uint64_t before = path.storedFlitTime;
    uint64_t stored = before;
    Tick arrival = 0;
    for (const Front& start : starts)
    {
        const uint32_t domain = topology.GetSwitchDomain(start.node);
        const RoutingAlgorithm& algorithm = m_fabric.routing->GetAlgorithm(domain);
        const RoutingProfile& profile = *m_fabric.profiles[topology.GetDomains()[domain].scope];
        const bool isSprayed = profile.GetGranularity() == RoutingProfile::PACKET;
        const uint32_t samples = isSprayed ? SAMPLES : 1;
        for (uint32_t sample = 0; sample < samples; ++sample)
        {
            const uint32_t hash =
                isSprayed ? static_cast<uint32_t>(Mix(uint64_t{flow} << 32 | sample)) : flow;
            Front at = start;
            at.share /= samples;
            uint32_t via = NO_DETOUR;
            path.storedFlitTime = before;
            while (at.node != target)
            {
                PathSelector selector(profile, at.node, m_fabric.seed);
                const PathChoice choice =
                    algorithm.Choose({{at.node, target, via, at.vcClass}, hash, 1, 0},
                                     selector,
                                     view);
                m_layer.assign(1, {choice.link, at.share, at.offset});
                AddLayer(target);
                const FlowLinkKind& kind = GetKind(choice.link);
                at.node = topology.GetLinks()[choice.link].to;
                at.vcClass = choice.vcClass;
                at.offset += kind.latency + kind.pipeline;
                via = choice.via;
            }
            m_survey.isAligned = m_survey.isAligned && (arrival == 0 || arrival == at.offset);
            arrival = std::max(arrival, at.offset);
            stored = std::max(stored, path.storedFlitTime);
        }
        if (isSprayed || PathSelector::IsNeeded(profile))
        {
            path.best = Fidelity::APPROXIMATE;
            m_survey.isSprayed = true;
        }
    }
    path.storedFlitTime = stored;
    return arrival;
}

} // namespace mtlink
} // namespace ns3
