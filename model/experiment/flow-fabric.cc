/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/flow-fabric.h"

#include "endpoint/control-registry.h"
#include "link/vc-layout.h"
#include "routing/routing-registry.h"
#include "switch/arbiter-registry.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return bytes in whole flits per second, to 12 digits of the line code as WireSpeed has it. */
uint64_t
GetByteRate(const LinkProfile& profile, uint64_t bitRate)
{
    constexpr uint64_t DIGITS = 1'000'000'000'000;
    const auto code = static_cast<uint64_t>(std::llround(profile.GetEncoding() * DIGITS));
    return static_cast<uint64_t>(static_cast<unsigned __int128>(bitRate) * DIGITS / code / 8);
}

/** @return whether equal flows, from as many inputs each, have equal shares of an output. */
bool
ServesEvenly(const SwitchProfile& chip)
{
    // A first packet that blocks those behind it, or a crossbar that is short of lanes, does not.
    return chip.GetQueueing() != SwitchProfile::FIFO && chip.GetArbiter() == ARBITER_ROUND_ROBIN &&
           chip.GetInputSpeedup() > 1 && chip.GetTileRows() == 0;
}

} // namespace

FlowFabric
DescribeFlowFabric(const MtlinkFabric& fabric,
                   const std::vector<FabricScope>& scopes,
                   const EndpointProfile& endpoint,
                   uint32_t seed,
                   const std::map<uint32_t, uint32_t>& lanes)
{
    const Topology& topology = fabric.GetTopology();
    FlowFabric description;
    description.topology = &topology;
    description.routing = &fabric.GetRouting();
    description.seed = seed;
    description.packet = endpoint.GetPacket();
    description.window = endpoint.GetWindow();
    description.relayLatency = ToTicks(endpoint.GetRelayLatency());
    for (const FabricScope& scope : scopes)
    {
        description.profiles.push_back(scope.routing);
    }

    uint32_t uppermost = 0;
    for (const Domain& domain : topology.GetDomains())
    {
        uppermost = std::max(uppermost, domain.tier);
    }
    // Alike are links of one class and as many lanes, in domains of one scope and routing, to and
    // from the same kind.
    using Likeness = std::tuple<uint32_t, uint32_t, uint32_t, uint32_t, bool, bool>;
    std::map<Likeness, uint16_t> known;
    for (uint32_t id = 0; id < topology.GetLinks().size(); ++id)
    {
        const Topology::Link& link = topology.GetLinks()[id];
        const Domain& domain = topology.GetDomains()[link.domain];
        const uint32_t classes = fabric.GetRouting().GetAlgorithm(link.domain).GetVcClasses();
        const bool isFirst = topology.IsEndpoint(link.from);
        const bool isLast = topology.IsEndpoint(link.to);
        const auto few = lanes.find(id);
        const LinkProfile& profile = *fabric.GetLinkProfile(id);
        const uint32_t up = few == lanes.end() ? profile.GetLanes() : few->second;
        const auto [place, isNew] = known.try_emplace(
            {link.cls, up, domain.scope, domain.tier * 256 + classes, isFirst, isLast},
            static_cast<uint16_t>(description.kinds.size()));
        description.kindOf.push_back(place->second);
        if (!isNew)
        {
            continue;
        }
        const FabricScope& scope = scopes[domain.scope];
        const SwitchProfile& chip = *scope.chip;
        const bool hasSwitches = domain.switches > 0;
        FlowLinkKind kind;
        const uint64_t bitRate = profile.GetBitRate() * up / profile.GetLanes();
        kind.speed = WireSpeed(bitRate, profile.GetFlit(), profile.GetEncoding());
        kind.byteRate = GetByteRate(profile, bitRate);
        kind.flit = profile.GetFlit();
        kind.header = profile.GetHeader();
        kind.latency = ToTicks(profile.GetLatency());
        kind.pipeline = isLast ? 0 : ToTicks(chip.GetLatency());
        kind.creditLatency = ToTicks(profile.GetCreditLatency());
        kind.depth = (isLast ? endpoint.GetBuffer() : chip.GetBuffer()) / profile.GetFlit();
        if (!isLast && chip.GetQueueing() != SwitchProfile::OUTPUT)
        {
            // Alone it may hold so much: see docs/model.md, Shared buffer.
            const double part = chip.GetAlpha() / (1 + chip.GetAlpha());
            kind.pool = static_cast<uint64_t>(
                std::floor(static_cast<double>(chip.GetSharedBuffer() / profile.GetFlit()) * part));
        }
        kind.packetRate = isLast ? 0 : chip.GetPacketRate();
        kind.vcs =
            VcLayout::Make(hasSwitches ? chip.GetVcs() : endpoint.GetVcs(), 1, classes).vcsPerClass;
        kind.isStored = !isLast && chip.GetSwitching() == SwitchProfile::STORE_AND_FORWARD;
        kind.isSprayed = hasSwitches && scope.routing->GetGranularity() == RoutingProfile::PACKET;
        kind.isDrawn = kind.isSprayed && scope.routing->GetSelection() == RoutingProfile::HASH &&
                       !fabric.GetRouting().GetAlgorithm(link.domain).IsAdaptive();
        kind.isPredictable = scope.routing->GetGranularity() != RoutingProfile::FLOWLET;
        kind.isEven = isFirst || ServesEvenly(chip);
        kind.isUnsteady = profile.GetRetry() != LinkProfile::NONE ||
                          (FindControl(endpoint) && hasSwitches && domain.tier == uppermost);
        description.kinds.push_back(kind);
    }
    return description;
}

FlowSettings
MakeFlowSettings(const EndpointProfile& endpoint)
{
    return {ToTicks(endpoint.GetMessageOverhead()),
            endpoint.GetPacket(),
            endpoint.GetService() == EndpointProfile::IN_ORDER,
            false};
}

void
CheckFlowFabric(const std::vector<FabricScope>& scopes, const EndpointProfile& endpoint)
{
    if (endpoint.GetTrafficClasses() > 1)
    {
        throw ParameterError("endpoint.traffic_classes",
                             "mode flow has one traffic class: leave it out, or set "
                             "'simulation: {mode: packet}'");
    }
    for (const FabricScope& scope : scopes)
    {
        const std::string prefix = scope.path.empty() ? "" : scope.path + ".";
        if (scope.chip->GetTrafficClasses() > 1)
        {
            throw ParameterError(prefix + "switch.traffic_classes",
                                 "mode flow has one traffic class: leave it out, or set "
                                 "'simulation: {mode: packet}'");
        }
        if (GetRoutingKind(*scope.routing).by == WayBy::LOAD)
        {
            throw ParameterError(
                prefix + "routing.algorithm",
                "mode flow takes ways that do not depend on the load: take minimal, "
                "or valiant on a dragonfly, or set 'simulation: {mode: packet}'");
        }
    }
}

void
CollectFlows(const FlowTransport& flows,
             const FlowRoutes& routes,
             const MtlinkFabric& fabric,
             RunResults& results)
{
    const std::array<uint64_t, FIDELITIES> lots = flows.GetBytes();
    uint64_t bytes = 0;
    for (const uint64_t lot : lots)
    {
        bytes += lot;
    }
    results.fidelity = {};
    results.fidelity[static_cast<std::size_t>(Fidelity::EXACT)] = bytes == 0 ? 1 : 0;
    for (std::size_t i = 0; i < FIDELITIES && bytes > 0; ++i)
    {
        results.fidelity[i] = static_cast<double>(lots[i]) / static_cast<double>(bytes);
    }
    results.beyondBuffers = bytes == 0 ? 0
                                       : static_cast<double>(flows.GetBytesBeyondBuffers()) /
                                             static_cast<double>(bytes);
    results.payloadBytesDelivered = bytes;
    results.packetsDelivered = flows.GetPackets();

    for (uint32_t step = 0; step < flows.GetSolver().GetLinks(); ++step)
    {
        if (routes.IsLoop(step))
        {
            continue;
        }
        const FlowTraffic traffic = flows.GetTraffic(step);
        results.packetHops += (traffic.packets + ShareSolver::WHOLE / 2) / ShareSolver::WHOLE;
        const std::span<const uint32_t> members = routes.GetMembers(step);
        for (std::size_t i = 0; i < members.size(); ++i)
        {
            // Each has the same lot, but for what does not divide.
            const auto lot = [&](uint64_t all) {
                const uint64_t whole = (all + ShareSolver::WHOLE / 2) / ShareSolver::WHOLE;
                return whole * (i + 1) / members.size() - whole * i / members.size();
            };
            LinkResult& row = results.links[members[i]];
            const LinkProfile& profile = *fabric.GetLinkProfile(members[i]);
            const uint64_t flits = lot(traffic.flits);
            row.packets += lot(traffic.packets);
            row.payloadBytes += lot(traffic.payload);
            row.wireBytes += flits * profile.GetFlit();
            const WireSpeed speed(profile.GetBitRate(), profile.GetFlit(), profile.GetEncoding());
            row.busy += std::llround(speed.GetFlitTime() * static_cast<long double>(flits));
        }
    }

    std::map<std::pair<uint32_t, uint32_t>, std::pair<Tick, uint64_t>> victims;
    for (const FlowLosses::Row& loss : flows.GetLosses().GetRows())
    {
        const uint32_t root = routes.GetMembers(loss.root).front();
        auto& [lost, times] = victims[{root, routes.GetMembers(loss.first).front()}];
        lost += loss.lost;
        times += loss.times;
        results.congestionFlows.push_back(
            {results.links[root].name, loss.src, loss.dst, "cause", loss.lost, loss.times});
    }
    for (const auto& [ends, loss] : victims)
    {
        results.congestion.push_back({results.links[ends.first].name,
                                      results.links[ends.second].name,
                                      loss.first,
                                      loss.second});
    }
    std::stable_sort(results.congestion.begin(),
                     results.congestion.end(),
                     [](const auto& a, const auto& b) { return a.stall > b.stall; });
    std::stable_sort(results.congestionFlows.begin(),
                     results.congestionFlows.end(),
                     [](const auto& a, const auto& b) { return a.stall > b.stall; });
}

} // namespace mtlink
} // namespace ns3
