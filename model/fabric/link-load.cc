/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/link-load.h"

#include "engine/time-limit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace ns3
{
namespace mtlink
{

LinkLoad::LinkLoad(const Topology& topology,
                   const Routing& routing,
                   std::function<const LinkSpec&(uint32_t)> getSpec,
                   uint32_t packet)
    : m_topology(topology),
      m_routing(routing),
      m_getSpec(std::move(getSpec)),
      m_packet(packet),
      m_entries(topology.GetEndpoints())
{
    const auto& links = topology.GetLinks();
    for (uint32_t link = 0; link < links.size(); ++link)
    {
        if (links[link].to < m_entries.size())
        {
            m_entries[links[link].to].push_back(link);
        }
    }
    const std::size_t endpoints = topology.GetEndpoints();
    m_ofPairs.resize(endpoints <= MOST_STEPPED ? endpoints * endpoints : 0);
}

uint32_t
LinkLoad::OpenGroup(const std::vector<uint32_t>& links)
{
    const auto [at, isNew] = m_numbers.emplace(links, static_cast<uint32_t>(m_groups.size()));
    if (isNew)
    {
        Group group;
        for (const uint32_t link : links)
        {
            const Ptr<const LinkProfile> profile = m_getSpec(link).profile;
            group.rate += static_cast<long double>(profile->GetBitRate());
            if (std::find(group.kinds.begin(), group.kinds.end(), profile) == group.kinds.end())
            {
                group.kinds.push_back(profile);
            }
        }
        m_groups.push_back(std::move(group));
    }
    return at->second;
}

Tick
LinkLoad::GetLatency(uint32_t link) const
{
    const LinkSpec& spec = m_getSpec(link);
    return AddTicks(ToTicks(spec.profile->GetLatency()), spec.pipeline);
}

std::vector<LinkLoad::Step>
LinkLoad::FindSteps(uint32_t src, uint32_t dst)
{
    Tick entry = NEVER; // what is at least left where the way is not known
    for (const uint32_t link : m_entries[dst])
    {
        entry = std::min(entry, GetLatency(link));
    }
    const uint32_t target = m_routing.GetLegEnd(src, dst);
    const bool isStepped = m_topology.GetEndpoints() <= MOST_STEPPED;
    using Place = std::pair<uint32_t, uint8_t>; // a node, and the class of the packet there
    std::map<Place, Tick> at{{{src, 0}, 0}};    // and when the first bit may be there
    const auto find = [&at](bool isLast) {
        const auto is = [](const auto& a, const auto& b) { return a.second < b.second; };
        return (isLast ? std::max_element(at.begin(), at.end(), is)
                       : std::min_element(at.begin(), at.end(), is))
            ->second;
    };
    std::vector<Step> steps;
    std::vector<Tick> latest; // by step: on the shortest way to the farthest of its places
    bool isKnown = true;
    while (isKnown)
    {
        std::set<uint32_t> links;
        std::map<Place, Tick> next;
        for (const auto& [place, begin] : at)
        {
            const Hops hops = m_routing.NextHops(place.first, target, place.second);
            for (const uint32_t link : hops.links)
            {
                links.insert(link);
                const Tick in = AddTicks(begin, GetLatency(link));
                const auto [known, isNew] =
                    next.try_emplace({m_topology.GetLinks()[link].to, hops.vcClass}, in);
                known->second = std::min(known->second, in);
            }
        }
        steps.push_back({OpenGroup({links.begin(), links.end()}), find(false), 0});
        latest.push_back(find(true));
        at = std::move(next);
        // Of paths of several lengths, what follows is of some alone.
        isKnown = isStepped && std::none_of(at.begin(), at.end(), [&](const auto& one) {
                      const uint32_t node = one.first.first;
                      return node == target || m_routing.GetSwitchAlgorithm(node).IsAdaptive();
                  });
    }
    Tick whole = NEVER;
    for (const auto& [place, begin] : at)
    {
        whole = std::min(whole, place.first == dst ? begin : AddTicks(begin, entry));
    }
    for (std::size_t i = 0; i < steps.size(); ++i)
    {
        steps[i].after = whole - std::min(whole, latest[i]); // else a way were shorter than `whole`
    }
    const uint32_t last = OpenGroup(m_entries[dst]);
    if (std::none_of(steps.begin(), steps.end(), [last](const Step& one) {
            return one.group == last;
        }))
    {
        steps.push_back({last, 0, entry});
    }
    return steps;
}

const std::vector<LinkLoad::Step>&
LinkLoad::GetSteps(uint32_t src, uint32_t dst)
{
    if (m_topology.GetEndpoints() > MOST_STEPPED) // found as quickly as kept, and pairs are many
    {
        m_found = FindSteps(src, dst);
        return m_found;
    }
    std::vector<Step>& steps = m_ofPairs[std::size_t{src} * m_topology.GetEndpoints() + dst];
    if (steps.empty())
    {
        steps = FindSteps(src, dst);
    }
    return steps;
}

long double
LinkLoad::CountBits(const LinkProfile& profile, uint64_t bytes) const
{
    const uint64_t rest = bytes % m_packet;
    const uint64_t flits =
        bytes / m_packet * profile.GetFlits(m_packet) + (rest > 0 ? profile.GetFlits(rest) : 0);
    return static_cast<long double>(flits) * profile.GetFlit() * 8 * profile.GetEncoding();
}

Tick
LinkLoad::GetWireTime(const Group& group, long double bits)
{
    constexpr long double SECOND = 1e12L;  // in ps
    constexpr long double ROUNDED = 1e-6L; // what a quotient may lack of a whole picosecond
    return RoundToTicks(std::floor(bits / group.rate * SECOND + ROUNDED));
}

void
LinkLoad::Add(uint32_t src, uint32_t dst, uint64_t bytes, Tick out, Tick alone)
{
    if (src == dst)
    {
        return;
    }
    Tick least = 0; // of this message by itself
    for (const Step& step : GetSteps(src, dst))
    {
        Group& group = m_groups[step.group];
        long double fewest = std::numeric_limits<long double>::max();
        for (const Ptr<const LinkProfile>& kind : group.kinds)
        {
            fewest = std::min(fewest, CountBits(*kind, bytes));
        }
        group.bits += fewest;
        group.begin = std::min(group.begin, AddTicks(out, step.before));
        group.after = std::min(group.after, step.after);
        const Tick under = AddTicks(step.before, GetWireTime(group, fewest));
        least = std::max(least, AddTicks(under, step.after));
    }
    if (least < alone)
    {
        m_sure = std::min(m_sure, static_cast<double>(least) / static_cast<double>(alone));
    }
}

Tick
LinkLoad::GetLeastEnd(Tick end) const
{
    auto least = static_cast<Tick>(std::floor(static_cast<double>(end) * m_sure));
    for (const Group& group : m_groups)
    {
        if (group.begin != NEVER)
        {
            const Tick under = AddTicks(group.begin, GetWireTime(group, group.bits));
            least = std::max(least, AddTicks(under, group.after));
        }
    }
    return m_sure < 1 ? least : std::max(least, end);
}

} // namespace mtlink
} // namespace ns3
