/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-idle-path.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace mtlink
{

IdlePath::IdlePath(const Topology& topology,
                   const Routing& routing,
                   std::function<const LinkSpec&(uint32_t)> getSpec)
    : m_topology(topology),
      m_routing(routing),
      m_getSpec(std::move(getSpec))
{
}

std::vector<uint32_t>
IdlePath::GetLinks(uint32_t src, uint32_t dst) const
{
    std::vector<uint32_t> links;
    uint32_t node = src;
    while (node != dst)
    {
        const uint32_t target = m_routing.GetLegEnd(node, dst);
        uint8_t vcClass = 0;
        while (node != target)
        {
            const Hops hops = m_routing.NextHops(node, target, vcClass);
            links.push_back(hops.links[0]);
            vcClass = hops.vcClass;
            node = m_topology.GetLinks()[hops.links[0]].to;
        }
    }
    return links;
}

Tick
IdlePath::GetLatency(uint32_t src, uint32_t dst) const
{
    Tick latency = 0;
    for (const uint32_t link : GetLinks(src, dst))
    {
        const LinkSpec& spec = m_getSpec(link);
        latency += ToTicks(spec.profile->GetLatency()) + spec.pipeline;
    }
    return latency;
}

Tick
IdlePath::GetTime(uint32_t src,
                  uint32_t dst,
                  uint64_t bytes,
                  uint32_t packetSize,
                  Tick relayLatency) const
{
    const std::vector<uint32_t> links = GetLinks(src, dst);
    const std::size_t ports =
        m_routing.NextHops(src, m_routing.GetLegEnd(src, dst), 0).links.size();
    const uint64_t packets = (bytes + packetSize - 1) / packetSize;
    const uint64_t perPort = (packets + ports - 1) / ports;
    // Of the ports with the most packets, one has only whole ones unless there is only one packet
    // too many.
    const uint64_t lastPayload = bytes - (packets - 1) * packetSize;
    const bool hasShort = (packets - 1) % ports == 0;

    long double slowest = 0; // ps of the whole on the slowest wire
    long double stored = 0;  // ps of the packets that are stored on the way
    Tick latency = 0;
    for (std::size_t hop = 0; hop < links.size(); ++hop)
    {
        const LinkSpec& spec = m_getSpec(links[hop]);
        const WireSpeed speed(spec.profile->GetBitRate(),
                              spec.profile->GetFlit(),
                              spec.profile->GetEncoding());
        const uint64_t full = spec.profile->GetFlits(packetSize);
        const uint64_t last = spec.profile->GetFlits(hasShort ? lastPayload : packetSize);
        const uint64_t flits = (perPort - 1) * full + last;
        const long double flitTime = speed.GetFlitTime();
        slowest = std::max(slowest, flitTime * static_cast<long double>(flits));
        latency += ToTicks(spec.profile->GetLatency()) + spec.pipeline;
        const bool isFinal = hop + 1 == links.size();
        if (spec.whole && !isFinal)
        {
            stored += flitTime * static_cast<long double>(perPort > 1 ? full : last);
            latency += spec.last ? relayLatency : 0;
        }
    }
    return latency + static_cast<Tick>(std::floor(slowest + stored + 0.5L));
}

double
IdlePath::GetRate(uint32_t src, uint32_t dst, uint32_t packetSize) const
{
    double seconds = 0; // of a full packet on the slowest wire
    for (const uint32_t link : GetLinks(src, dst))
    {
        const LinkProfile& profile = *m_getSpec(link).profile;
        seconds =
            std::max(seconds,
                     static_cast<double>(profile.GetFlits(packetSize)) * profile.GetFlit() * 8 *
                         profile.GetEncoding() / static_cast<double>(profile.GetBitRate()));
    }
    const std::size_t ports =
        m_routing.NextHops(src, m_routing.GetLegEnd(src, dst), 0).links.size();
    return static_cast<double>(ports) * packetSize / seconds;
}

} // namespace mtlink
} // namespace ns3
