/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/layout-costs.h"

#include "training/expert-routing.h"
#include "training/iteration-graph.h"
#include "training/rank-layout.h"
#include "training/visit-steps.h"
#include "workload/collective/collective-bound.h"
#include "workload/collective/collective-program.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Messages of a collective that are looked at: of more, those of its first members. */
constexpr uint64_t MOST_MESSAGES = 20'000;

constexpr double BYTE = 8;      //!< Bits
constexpr double SECOND = 1e12; //!< In ps

} // namespace

LayoutCosts::LayoutCosts(const MtlinkFabric& fabric,
                         const FabricHints& hints,
                         const std::vector<uint32_t>& endpoints)
    : m_fabric(fabric),
      m_hints(hints),
      m_endpoints(endpoints)
{
}

Tick
LayoutCosts::GetIteration(const TrainingSpec& spec)
{
    const RankLayout layout(spec.parallel, spec.schedule == ScheduleKind::DUALPIPE);
    using StepKey = std::tuple<GroupKind, std::string, uint64_t, uint8_t, bool, uint32_t>;
    std::map<StepKey, Tick> steps;
    std::map<std::pair<uint32_t, uint32_t>, std::pair<Tick, Tick>> messages; // leaving, there
    QuickCosts costs;
    costs.collective = [&](const Step& step) {
        const auto [entry, isNew] = steps.try_emplace({step.group,
                                                       step.collective,
                                                       step.bytes,
                                                       step.route.leg,
                                                       step.route.returns,
                                                       step.route.layer});
        if (isNew)
        {
            entry->second = GetCollective(spec, step, layout.GetRankGroups(step.group, 0).front());
        }
        return entry->second;
    };
    const auto look = [&](uint32_t from, uint32_t to) {
        const auto [entry, isNew] = messages.try_emplace({from, to});
        if (isNew)
        {
            const uint32_t src = m_endpoints[layout.GetRank(from, 0)];
            const uint32_t dst = m_endpoints[layout.GetRank(to, 0)];
            const Tick time = m_fabric.GetIdleTime(src, dst, GetSendBytes(spec));
            entry->second = {std::max<Tick>(0, time - m_fabric.GetIdleLatency(src, dst)), time};
        }
        return entry->second;
    };
    costs.message = [&look](uint32_t from, uint32_t to) { return look(from, to).second; };
    costs.leaving = [&look](uint32_t from, uint32_t to) { return look(from, to).first; };
    return GetQuickIteration(spec, costs);
}

Tick
LayoutCosts::GetCollective(const TrainingSpec& spec,
                           const Step& step,
                           const std::vector<uint32_t>& ranks)
{
    CollectiveSpec collective;
    collective.name = step.collective;
    collective.algorithm = GetGroupAlgorithm(spec.collectives, step.group, step.collective);
    collective.bytes = step.bytes;
    collective.ranks = ranks;
    if (step.route.leg != ExpertRoute::PLAIN)
    {
        const uint32_t size = std::max(1U, m_hints.scaleUpSize);
        std::vector<uint32_t> nodes;
        for (const uint32_t rank : ranks)
        {
            nodes.push_back(m_endpoints[rank] / size);
        }
        collective.counts =
            MakeExpertCounts(spec, step.route, static_cast<double>(step.bytes), nodes);
    }
    std::vector<uint64_t> sizes = collective.counts;
    sizes.push_back(collective.bytes);
    const auto [entry, isNew] =
        m_known.try_emplace({{collective.name, collective.algorithm}, {std::move(sizes), ranks}});
    if (isNew)
    {
        collective.endpoints = m_endpoints;
        const PlannedCollective plan =
            PlanCollective(static_cast<uint32_t>(m_endpoints.size()), collective, m_hints);
        entry->second = GetBusiest(plan);
    }
    return entry->second;
}

Tick
LayoutCosts::GetBusiest(const PlannedCollective& plan) const
{
    if (!plan.program)
    {
        return GetCollectiveBound(plan.spec, m_hints); // in the network, or of one member
    }
    const auto endpointOf = [&](uint32_t member) { return m_endpoints[plan.spec.ranks[member]]; };
    const Routing& routing = m_fabric.GetRouting();
    std::map<uint32_t, double> bytes; // by link out of an endpoint
    uint64_t messages = 0;
    for (uint32_t member = 0; member < plan.spec.ranks.size() && messages < MOST_MESSAGES; ++member)
    {
        std::map<uint32_t, double> peers;
        ForEachMessageOf(*plan.program, member, [&](uint32_t peer, uint64_t sent) {
            peers[peer] += static_cast<double>(sent);
            ++messages;
        });
        for (const auto& [peer, sent] : peers)
        {
            const uint32_t to = endpointOf(peer);
            for (uint32_t at = endpointOf(member); at != to;)
            {
                const uint32_t end = routing.GetLegEnd(at, to);
                const Hops hops = routing.NextHops(at, end, 0);
                for (const uint32_t link : hops.links)
                {
                    bytes[link] += sent / static_cast<double>(hops.links.size());
                }
                at = end;
            }
        }
    }
    double seconds = 0;
    for (const auto& [link, sent] : bytes)
    {
        const auto rate = static_cast<double>(m_fabric.GetLinkProfile(link)->GetBitRate()) / BYTE;
        seconds = std::max(seconds, sent / rate);
    }
    return static_cast<Tick>(std::floor(seconds * SECOND));
}

} // namespace mtlink
} // namespace ns3
