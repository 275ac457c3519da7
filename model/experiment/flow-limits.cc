/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/flow-limits.h"

#include "workload/collective/collective-kind.h"

#include "ns3/mtlink-dragonfly-topology.h"
#include "ns3/mtlink-fat-tree-topology.h"
#include "ns3/mtlink-joined-topology.h"
#include "ns3/mtlink-rails-topology.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <numeric>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double TOO_MUCH = 0.1; //!< Part of the time that may be missed

/** @return bytes of a message by which each member sends to each other at once; 0: none does so. */
double
GetExchanged(const CollectiveSpec& spec)
{
    const bool isDirect = spec.algorithm == "direct" || spec.algorithm == "two_shot";
    const CollectiveKind& kind = GetCollectiveKind(spec.name);
    const auto n = static_cast<double>(spec.ranks.size());
    if (!isDirect || !kind.IsAllToAll() || kind.payload == Payload::NOTHING)
    {
        return 0;
    }
    if (!spec.counts.empty())
    {
        return static_cast<double>(
                   std::accumulate(spec.counts.begin(), spec.counts.end(), uint64_t{0})) /
               (n * n);
    }
    const bool isWhole = kind.payload == Payload::WHOLE && spec.algorithm == "direct";
    return static_cast<double>(spec.bytes) / (isWhole ? 1 : n);
}

/** @return the endpoint of a member. */
uint32_t
GetEndpoint(const CollectiveSpec& spec, uint32_t rank)
{
    return spec.endpoints.empty() ? rank : spec.endpoints[rank];
}

/** @return whether all members are in one scale-up node, where nobody relays. */
bool
IsInOneNode(const CollectiveSpec& spec, const FabricHints& hints)
{
    const uint32_t size = std::max(1U, hints.scaleUpSize);
    const uint32_t node = GetEndpoint(spec, spec.ranks.front()) / size;
    return std::all_of(spec.ranks.begin(), spec.ranks.end(), [&](uint32_t rank) {
        return GetEndpoint(spec, rank) / size == node;
    });
}

} // namespace

FlowLimits::FlowLimits(const FabricDescription& fabric)
    : m_packet(fabric.endpoint->GetPacket())
{
    for (std::size_t i = 0; i < fabric.scopes.size(); ++i)
    {
        const RoutingProfile& routing = *fabric.scopes[i].routing;
        const Ptr<const TopologyBuilder> builder = fabric.builders[i];
        m_isJoined = m_isJoined || DynamicCast<const JoinedTopology>(builder) != nullptr;
        m_isRelayed =
            m_isRelayed || m_isJoined || DynamicCast<const RailsTopology>(builder) != nullptr;
        m_isDrawn = m_isDrawn || (DynamicCast<const FatTreeTopology>(builder) != nullptr &&
                                  routing.GetGranularity() == RoutingProfile::PACKET &&
                                  routing.GetSelection() == RoutingProfile::HASH);
        if (const auto dragonfly = DynamicCast<const DragonflyTopology>(builder))
        {
            const uint32_t links = dragonfly->GetA() * dragonfly->GetH();
            const uint32_t others = std::max(dragonfly->GetGroups(), 2U) - 1;
            m_dragonfly = {dragonfly->GetA() * dragonfly->GetP(),
                           static_cast<double>(links) / others,
                           fabric.scopes[i].path.empty()};
        }
    }
}

std::string
FlowLimits::WhyNot(const CollectiveSpec& spec, const FabricHints& hints) const
{
    if (spec.ranks.size() <= 2)
    {
        return "";
    }
    // Joined fabrics may have nodes of several sizes.
    const bool isRelayed = m_isRelayed && (m_isJoined || !IsInOneNode(spec, hints));
    if ((isRelayed || m_dragonfly) && spec.algorithm == "pairwise")
    {
        return fmt::format("mode flow is up to half too slow for pairwise on {}: packets are "
                           "served as they come, and flows that share a link hold one another up "
                           "from step to step; take direct or {}",
                           isRelayed ? "a fabric whose cards relay" : "a dragonfly",
                           isRelayed ? "hierarchical" : "bruck");
    }
    if (m_isDrawn && spec.algorithm == "halving_doubling")
    {
        return "mode flow is about 20 % too fast for halving_doubling where each packet of a tree "
               "draws its own link; take ring or two_shot";
    }
    return m_dragonfly ? RefuseExchange(spec, hints) : "";
}

// Sources that send to all serve a packet to each in order, so all of a group turn to one other
// group at once: its link backs up while others idle. Measured on five dragonflies of 72 to 1,056
// endpoints, messages of 1 to 16 packets: the time in which a source goes round once is added
// about G / 9 times, whatever the messages' length (docs/model.md), where a link between groups
// has G sources. Flows take one round for each packet of a message, or what that link takes, and
// the fabric's latency.
std::string
FlowLimits::RefuseExchange(const CollectiveSpec& spec, const FabricHints& hints) const
{
    const double bytes = GetExchanged(spec);
    if (bytes == 0)
    {
        return "";
    }
    std::map<uint32_t, uint32_t> sizes; // members by group
    for (const uint32_t rank : spec.ranks)
    {
        ++sizes[m_dragonfly->isWhole ? GetEndpoint(spec, rank) / m_dragonfly->groupSize : 0];
    }
    uint32_t members = 0;
    for (const auto& [group, its] : sizes)
    {
        members = std::max(members, its);
    }
    members = std::min(members, m_dragonfly->groupSize);
    const auto n = static_cast<double>(spec.ranks.size());
    const double sources = members / m_dragonfly->linksPerPair;
    const double packets = std::ceil(bytes / static_cast<double>(m_packet));
    const uint32_t first = GetEndpoint(spec, spec.ranks.front());
    const uint32_t last = GetEndpoint(spec, spec.ranks.back());
    const double round = n * bytes / packets / hints.endpointBytesPerSecond * 1e12; // ps
    const double latency = first == last ? 0 : static_cast<double>(hints.latency(first, last));
    const double perPacket = std::max(n, members * sources) / n; // rounds
    const double rounds = packets * perPacket + latency / round;
    const double lost = sources / (sources + 10 * rounds);
    if (n <= members || lost < TOO_MUCH)
    {
        return "";
    }
    return fmt::format("mode flow is {:.0f} % or more too fast for {} on this dragonfly with "
                       "messages of {} packet{}: {:.3g} members of a group turn to one link "
                       "between groups at once, again and again; take a size with messages of "
                       "{:.0f} packets or more",
                       100 * lost,
                       spec.algorithm,
                       packets,
                       packets == 1 ? "" : "s",
                       sources,
                       std::ceil((1 / TOO_MUCH - 1) / 10 * sources / perPacket));
}

} // namespace mtlink
} // namespace ns3
