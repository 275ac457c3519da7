/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/idle-path.h"

#include "engine/time-limit.h"

#include <algorithm>
#include <limits>

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

std::vector<IdlePath::Step>
IdlePath::GetSteps(uint32_t src, uint32_t dst) const
{
    std::vector<Step> steps;
    uint32_t node = src;
    while (node != dst)
    {
        const uint32_t target = m_routing.GetLegEnd(node, dst);
        const std::size_t ports = m_routing.NextHops(node, target, 0).links.size();
        uint8_t vcClass = 0;
        while (node != target)
        {
            const Hops hops = m_routing.NextHops(node, target, vcClass);
            steps.push_back({hops.links[0], ports});
            vcClass = hops.vcClass;
            node = m_topology.GetLinks()[hops.links[0]].to;
        }
    }
    return steps;
}

Tick
IdlePath::GetLatency(uint32_t src, uint32_t dst) const
{
    Tick latency = 0;
    for (const Step& step : GetSteps(src, dst))
    {
        const LinkSpec& spec = m_getSpec(step.link);
        latency = AddTicks(latency, ToTicks(spec.profile->GetLatency()));
        latency = AddTicks(latency, spec.pipeline);
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
    const std::vector<Step> steps = GetSteps(src, dst);
    const uint64_t packets = (bytes + packetSize - 1) / packetSize;
    const uint64_t lastPayload = bytes - (packets - 1) * packetSize;

    long double slowest = 0; // ps of the whole on the slowest wire
    long double stored = 0;  // ps of the packets that are stored on the way
    Tick latency = 0;
    for (std::size_t hop = 0; hop < steps.size(); ++hop)
    {
        const LinkSpec& spec = m_getSpec(steps[hop].link);
        const WireSpeed speed(spec.profile->GetBitRate(),
                              spec.profile->GetFlit(),
                              spec.profile->GetEncoding());
        const std::size_t ports = steps[hop].ports;
        const uint64_t perPort = (packets + ports - 1) / ports;
        // Of the ports with the most packets, one has only whole ones unless there is only one
        // packet too many.
        const bool hasShort = (packets - 1) % ports == 0;
        const uint64_t full = spec.profile->GetFlits(packetSize);
        const uint64_t last = spec.profile->GetFlits(hasShort ? lastPayload : packetSize);
        const uint64_t flits = (perPort - 1) * full + last;
        const long double flitTime = speed.GetFlitTime();
        slowest = std::max(slowest, flitTime * static_cast<long double>(flits));
        latency = AddTicks(latency, ToTicks(spec.profile->GetLatency()));
        latency = AddTicks(latency, spec.pipeline);
        const bool isFinal = hop + 1 == steps.size();
        if (spec.whole && !isFinal)
        {
            stored += flitTime * static_cast<long double>(perPort > 1 ? full : last);
            latency = AddTicks(latency, spec.last ? relayLatency : 0);
        }
    }
    return AddTicks(latency, RoundToTicks(slowest + stored));
}

double
IdlePath::GetRate(uint32_t src, uint32_t dst, uint32_t packetSize) const
{
    double rate = std::numeric_limits<double>::infinity();
    for (const Step& step : GetSteps(src, dst))
    {
        const LinkProfile& profile = *m_getSpec(step.link).profile;
        const double seconds = static_cast<double>(profile.GetFlits(packetSize)) *
                               profile.GetFlit() * 8 * profile.GetEncoding() /
                               static_cast<double>(profile.GetBitRate());
        rate = std::min(rate, static_cast<double>(step.ports) * packetSize / seconds);
    }
    return rate;
}

ControlledPath
IdlePath::GetControlledPath(uint32_t src, uint32_t dst, uint32_t packetSize) const
{
    ControlledPath path{0, 0, 0, packetSize};
    for (const uint32_t link : m_routing.NextHops(src, dst, 0).links)
    {
        const LinkProfile& profile = *m_getSpec(link).profile;
        path.rate += static_cast<double>(profile.GetBitRate()) / profile.GetEncoding() / 8e12;
    }
    for (const Step& step : GetSteps(src, dst))
    {
        path.switches += m_getSpec(step.link).last ? 0 : 1;
    }
    path.roundTrip = GetTime(src, dst, packetSize, packetSize, 0) + GetLatency(dst, src);
    return path;
}

} // namespace mtlink
} // namespace ns3
