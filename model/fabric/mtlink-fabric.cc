/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-fabric.h"

#include "endpoint/endpoints.h"
#include "engine/case.h"
#include "fabric/congestion-collector.h"
#include "fabric/group-operations.h"
#include "fabric/idle-path.h"
#include "fabric/node-table.h"
#include "fabric/packet-parts.h"
#include "link/link-faults.h"
#include "link/links.h"
#include "switch/queue-monitor.h"
#include "switch/switches.h"

#include "ns3/abort.h"
#include "ns3/mtlink-error.h"
#include "ns3/simulator.h"
#include "ns3/trace-source-accessor.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace ns3
{

using namespace mtlink;

NS_OBJECT_ENSURE_REGISTERED(MtlinkFabric);

namespace
{

constexpr uint64_t LEAST_BIT_RATE = 1000000; //!< Keeps times within the range of a Tick
constexpr double LEAST_SOUND = 1e-3;         //!< Packets that must get through uncorrupted

} // namespace

/** The parts, in the order in which a packet meets them. */
struct MtlinkFabric::Impl
{
    Impl(Ptr<TopologyBuilder> layout,
         std::vector<FabricScope> parameters,
         Ptr<EndpointProfile> endpointProfile,
         uint32_t runSeed);

    /** @return the parameters of a link, made from its class. */
    Ptr<LinkProfile> MakeLinkProfile(const LinkClass& cls) const;
    /** Make the profile of each link class, and check what one domain's links must share. */
    void MakeLinkProfiles();
    /** Refuse what a link can't do, or would have no effect. */
    void CheckRetry(const LinkProfile& profile) const;
    /** Find VCs and buffers of each domain. */
    void MakeDomains();
    /** Find the number of traffic classes, and refuse what does not agree, or has no effect. */
    void FindClasses();
    /** Add all links, switches and ports. */
    void AddLinks();
    void AddSwitches();
    void AddPorts();
    /** Let packets make detours by endpoints where the routing says so. */
    void AllowDetours();
    /** Refuse a reorder buffer that could be full. */
    void CheckReorderBuffer() const;
    /** @return the shared input buffer of a switch, made if need be, or LinkSpec::NO_POOL. */
    uint32_t GetPool(uint32_t node, const SwitchProfile& chip, uint32_t flit);
    /** Find the domains under the congestion control, and refuse what nothing would heed. */
    void FindControlled();
    /** Watch queues and control flows, if that is wanted. */
    void AddControl();
    /** @return what the congestion control is to know of a flow. */
    FlowPath GetFlowPath(uint32_t src, uint32_t dst) const;

    /** What the links of one domain have at their far ends. */
    struct DomainParts
    {
        uint32_t vcs;     //!< VCs of each link
        VcLayout layout;  //!< VCs of each traffic class and class of the routing
        ClassRules rules; //!< How traffic classes take turns
        bool sprayed;     //!< Each packet chooses its path anew
        bool controlled;  //!< Under the congestion control
    };

    Ptr<TopologyBuilder> builder;          //!< The layout
    std::vector<FabricScope> scopes;       //!< Parameters by scope
    Ptr<EndpointProfile> endpoint;         //!< Parameters of endpoints
    uint32_t seed;                         //!< Of hashes and sprays
    Topology topology;                     //!< The graph
    Routing routing;                       //!< The routes
    std::vector<Ptr<LinkProfile>> classes; //!< Parameters by link class
    std::vector<DomainParts> domains;      //!< By domain
    std::map<uint32_t, uint32_t> pools;    //!< Shared buffers, by switch
    EventClock clock;                      //!< The clock
    PacketPool pool;                       //!< The packets
    Links links;                           //!< The wires
    Telemetry telemetry;                   //!< What switches write into packets
    std::unique_ptr<QueueMonitor> monitor; //!< Marks packets, or nothing
    Switches switches;                     //!< The chips
    Endpoints endpoints;                   //!< Sources and destinations
    GroupOperations groups;                //!< Reduction and copying in the network
    std::unique_ptr<LinkFaults> faults;    //!< Faults to come, or nothing
    std::unique_ptr<PacketParts> parts;    //!< For a memo, or nothing
    uint32_t trafficClasses{1};            //!< Alike everywhere
    bool hasGroups{false};                 //!< The workload uses reduction or copying
    MeasureSpec measure;                   //!< What is measured

    /** @return the routing profiles of a list of scopes. */
    static std::vector<Ptr<RoutingProfile>> GetRoutingProfiles(
        const std::vector<FabricScope>& scopes)
    {
        std::vector<Ptr<RoutingProfile>> profiles;
        for (const FabricScope& scope : scopes)
        {
            profiles.push_back(scope.routing);
        }
        return profiles;
    }

    /** @return the walker of idle paths. */
    IdlePath GetIdlePath() const
    {
        return {topology, routing, [this](uint32_t link) -> const LinkSpec& {
                    return links.GetSpec(link);
                }};
    }
};

MtlinkFabric::Impl::Impl(Ptr<TopologyBuilder> layout,
                         std::vector<FabricScope> parameters,
                         Ptr<EndpointProfile> endpointProfile,
                         uint32_t runSeed)
    : builder(layout),
      scopes(std::move(parameters)),
      endpoint(endpointProfile),
      seed(runSeed),
      topology(layout->Build()),
      routing(topology, GetRoutingProfiles(scopes)),
      links(clock, pool, seed),
      switches(clock, pool, links, routing),
      endpoints(
          clock,
          pool,
          links,
          routing,
          endpointProfile,
          [this](uint32_t src, uint32_t dst) { return GetIdlePath().GetLatency(src, dst); },
          seed),
      groups({topology,
              routing,
              links,
              switches,
              endpoints,
              [this](uint32_t node) -> Ptr<const SwitchProfile> {
                  return scopes[topology.GetDomains()[topology.GetSwitchDomain(node)].scope].chip;
              },
              [this](uint32_t link) { return domains[topology.GetLinks()[link].domain].layout; },
              [this](uint32_t src, uint32_t dst) { return GetIdlePath().GetLatency(src, dst); },
              endpointProfile->GetPacket(),
              endpointProfile->GetWindow()})
{
    links.SetLossListener(&endpoints);
    MakeLinkProfiles();
    FindClasses();
    MakeDomains();
    AddLinks();
    AddSwitches();
    FindControlled();
    AddPorts();
    CheckReorderBuffer();
    AddControl();
}

Ptr<LinkProfile>
MtlinkFabric::Impl::MakeLinkProfile(const LinkClass& cls) const
{
    const FabricScope& scope = scopes[cls.scope];
    const auto own = scope.links.find(cls.name);
    const Ptr<LinkProfile> base = own == scope.links.end() ? scope.link : own->second;
    const Ptr<LinkProfile> profile = cls.overrides.empty() ? base : base->With(cls.overrides);
    if (scope.speedup == 1)
    {
        return profile;
    }
    return profile->With({{"rate", std::to_string(profile->GetBitRate() * scope.speedup) + "bps"}});
}

void
MtlinkFabric::Impl::MakeLinkProfiles()
{
    for (const LinkClass& cls : topology.GetLinkClasses())
    {
        classes.push_back(MakeLinkProfile(cls));
        CheckRetry(*classes.back());
        if (classes.back()->GetBitRate() < LEAST_BIT_RATE)
        {
            throw ParameterError("rate", "a link has at least 1 Mb/s: time is counted to 106 days");
        }
    }
    if (endpoint->GetReductionRate() > 0 && endpoint->GetReductionRate() < LEAST_BIT_RATE / 8.0)
    {
        throw ParameterError("reduction_rate",
                             "at least 1 Mb/s, or 0 for no time: time is counted to 106 days");
    }
    // Buffers and credits are counted in flits: a packet must have the same number of them on
    // every link between two endpoints.
    std::vector<Ptr<LinkProfile>> first(topology.GetDomains().size());
    for (const Topology::Link& link : topology.GetLinks())
    {
        const Ptr<LinkProfile> profile = classes[link.cls];
        Ptr<LinkProfile>& other = first[link.domain];
        if (!other)
        {
            other = profile;
        }
        else if (profile->GetFlit() != other->GetFlit() ||
                 profile->GetHeader() != other->GetHeader())
        {
            throw ParameterError(
                "links",
                "links of one fabric must have the same flit and header; class \"" +
                    topology.GetLinkClasses()[link.cls].name + "\" differs");
        }
    }
}

void
MtlinkFabric::Impl::CheckRetry(const LinkProfile& profile) const
{
    const uint32_t packet = profile.GetFlits(endpoint->GetPacket());
    if (profile.GetRetry() == LinkProfile::NONE)
    {
        for (const auto& [key, isSet] : {std::pair{"error_rate", profile.GetErrorRate() > 0},
                                         {"replay_buffer", profile.GetReplayBuffer() > 0},
                                         {"ack_overhead", !profile.GetAckOverhead().IsZero()}})
        {
            if (isSet)
            {
                throw ParameterError(key,
                                     std::string(key) +
                                         " needs a link that sends again what was corrupted: set "
                                         "'retry: go_back_n'");
            }
        }
        return;
    }
    if (profile.GetErrorRate() == 0 && profile.GetReplayBuffer() == 0)
    {
        throw ParameterError("retry",
                             "a link without errors has nothing to send again: set error_rate or "
                             "replay_buffer too, or leave retry out");
    }
    if (std::pow(1 - profile.GetErrorRate(), packet) < LEAST_SOUND)
    {
        throw ParameterError("error_rate",
                             "of packets of " + std::to_string(packet) +
                                 " flits fewer than one in a thousand would get through: make "
                                 "error_rate or endpoint.packet smaller");
    }
    if (profile.GetReplayBuffer() != 0 && profile.GetReplayBuffer() / profile.GetFlit() < packet)
    {
        throw ParameterError("replay_buffer",
                             "the replay buffer holds " +
                                 std::to_string(profile.GetReplayBuffer() / profile.GetFlit()) +
                                 " flits, a packet has " + std::to_string(packet) +
                                 ": enlarge it, or 0B for no limit");
    }
}

void
MtlinkFabric::Impl::MakeDomains()
{
    for (uint32_t d = 0; d < topology.GetDomains().size(); ++d)
    {
        const Domain& domain = topology.GetDomains()[d];
        const FabricScope& scope = scopes[domain.scope];
        if (domain.switches > 0)
        {
            scope.chip->Check();
        }
        const uint32_t vcs = domain.switches > 0 ? scope.chip->GetVcs() : endpoint->GetVcs();
        const ClassProfile& classes =
            domain.switches > 0 ? static_cast<const ClassProfile&>(*scope.chip) : *endpoint;
        const uint32_t classCount = routing.GetAlgorithm(d).GetVcClasses();
        if (vcs < classCount * trafficClasses)
        {
            const std::string each =
                trafficClasses == 1
                    ? "this routing needs"
                    : std::to_string(trafficClasses) + " traffic classes, each with " +
                          std::to_string(classCount) + " for this routing, need";
            throw ParameterError("vcs",
                                 each + " at least " + std::to_string(classCount * trafficClasses) +
                                     " virtual channels, not " + std::to_string(vcs));
        }
        domains.push_back({vcs,
                           VcLayout::Make(vcs, trafficClasses, classCount),
                           classes.GetClassRules(),
                           scope.routing->GetGranularity() == RoutingProfile::PACKET,
                           false});
    }
}

void
MtlinkFabric::Impl::FindClasses()
{
    try
    {
        endpoint->CheckClasses();
    }
    catch (const ParameterError& error)
    {
        throw ParameterError("endpoint." + error.GetParameter(), error.what());
    }
    bool hasSwitches = false;
    bool hasDirect = false;
    for (const Domain& domain : topology.GetDomains())
    {
        hasSwitches |= domain.switches > 0;
        hasDirect |= domain.switches == 0;
    }
    if (!hasDirect && endpoint->GetTrafficClasses() > 1)
    {
        throw ParameterError("endpoint.traffic_classes",
                             "no endpoint is wired straight to another: leave it out of endpoint, "
                             "and set switch.traffic_classes; endpoints follow it");
    }
    for (const FabricScope& scope : scopes)
    {
        if (!hasSwitches && scope.chip->GetTrafficClasses() > 1)
        {
            throw ParameterError("switch.traffic_classes",
                                 "there is no switch: leave it out of switch, and set "
                                 "endpoint.traffic_classes");
        }
    }
    trafficClasses = 0;
    for (const Domain& domain : topology.GetDomains())
    {
        const bool isDirect = domain.switches == 0;
        const uint32_t own = isDirect ? endpoint->GetTrafficClasses()
                                      : scopes[domain.scope].chip->GetTrafficClasses();
        if (trafficClasses != 0 && own != trafficClasses)
        {
            throw ParameterError(
                isDirect ? "endpoint.traffic_classes" : "switch.traffic_classes",
                "all parts of a fabric have the same traffic classes, and one has " +
                    std::to_string(trafficClasses) + ", another " + std::to_string(own) +
                    ": set switch.traffic_classes" +
                    (hasDirect ? " and endpoint.traffic_classes" : "") + " alike everywhere");
        }
        trafficClasses = own;
    }
}

uint32_t
MtlinkFabric::Impl::GetPool(uint32_t node, const SwitchProfile& chip, uint32_t flit)
{
    const uint64_t flits = chip.GetSharedBuffer() / flit;
    if (flits > UINT32_MAX / 2)
    {
        throw ParameterError("shared_buffer", "more than 2^31 flits");
    }
    if (chip.GetSharedBuffer() > 0 && flits == 0)
    {
        throw ParameterError("shared_buffer",
                             "less than a flit of " + std::to_string(flit) + " bytes");
    }
    if (flits == 0 || chip.GetQueueing() == SwitchProfile::OUTPUT)
    {
        return LinkSpec::NO_POOL;
    }
    const auto [pool, isNew] = pools.try_emplace(node, 0);
    if (isNew)
    {
        pool->second = links.AddPool(static_cast<uint32_t>(flits), chip.GetAlpha());
    }
    return pool->second;
}

void
MtlinkFabric::Impl::AddLinks()
{
    for (const Topology::Link& link : topology.GetLinks())
    {
        const FabricScope& scope = scopes[topology.GetDomains()[link.domain].scope];
        LinkSpec spec;
        spec.profile = classes[link.cls];
        spec.vcs = domains[link.domain].vcs;
        if (topology.IsEndpoint(link.from))
        {
            spec.sender = &endpoints.GetPorts();
            spec.first = true;
        }
        else
        {
            spec.sender = &switches;
        }
        if (topology.IsEndpoint(link.to))
        {
            spec.receiver = &endpoints;
            spec.buffer = endpoint->GetBuffer();
            spec.whole = true;
            spec.last = true;
        }
        else
        {
            spec.receiver = &switches;
            spec.buffer = scope.chip->GetBuffer();
            spec.whole = scope.chip->GetSwitching() == SwitchProfile::STORE_AND_FORWARD;
            spec.pipeline = ToTicks(scope.chip->GetLatency());
            spec.pool = GetPool(link.to, *scope.chip, spec.profile->GetFlit());
        }
        const uint32_t packet = spec.profile->GetFlits(endpoint->GetPacket());
        spec.longest = packet;
        const uint64_t flits = spec.buffer / spec.profile->GetFlit();
        if (flits < packet)
        {
            throw ParameterError("buffer",
                                 "the buffer of a virtual channel holds " + std::to_string(flits) +
                                     " flits, a packet has " + std::to_string(packet) +
                                     ": enlarge the buffer of the " +
                                     (spec.last ? std::string("endpoint") : std::string("switch")) +
                                     " or make endpoint.packet smaller");
        }
        if (flits > UINT32_MAX / 2)
        {
            throw ParameterError("buffer", "more than 2^31 flits");
        }
        links.Add(spec);
    }
}

void
MtlinkFabric::Impl::AddSwitches()
{
    for (uint32_t node = topology.GetEndpoints(); node < topology.GetNodes(); ++node)
    {
        const uint32_t d = topology.GetSwitchDomain(node);
        const FabricScope& scope = scopes[topology.GetDomains()[d].scope];
        scope.chip->CheckReduction();
        SwitchSpec spec;
        spec.node = node;
        spec.profile = scope.chip;
        spec.layout = domains[d].layout;
        spec.routing = scope.routing;
        spec.seed = seed;
        for (const uint32_t link : topology.GetOutLinks(node))
        {
            spec.outLinks.push_back(link);
            spec.inLinks.push_back(Topology::Reverse(link));
        }
        if (scope.chip->GetRadix() != 0 && spec.outLinks.size() > scope.chip->GetRadix())
        {
            throw ParameterError("radix",
                                 "switch " + topology.GetName(node) + " needs " +
                                     std::to_string(spec.outLinks.size()) +
                                     " ports, the chip has " +
                                     std::to_string(scope.chip->GetRadix()));
        }
        const uint32_t flit = links.GetSpec(spec.outLinks[0]).profile->GetFlit();
        const uint32_t packet =
            links.GetSpec(spec.outLinks[0]).profile->GetFlits(endpoint->GetPacket());
        if (scope.chip->GetOutputSpeedup() > 1 && scope.chip->GetOutputBuffer() / flit < packet)
        {
            throw ParameterError("output_buffer",
                                 "the queue of an output holds " +
                                     std::to_string(scope.chip->GetOutputBuffer() / flit) +
                                     " flits, a packet has " + std::to_string(packet));
        }
        if (scope.chip->GetOutputSpeedup() > 1 &&
            scope.chip->GetOutputBuffer() / flit > UINT32_MAX / 2)
        {
            throw ParameterError("output_buffer", "more than 2^31 flits");
        }
        switches.Add(spec);
    }
}

void
MtlinkFabric::Impl::CheckReorderBuffer() const
{
    if (endpoint->GetReorderBuffer() == 0)
    {
        return;
    }
    if (endpoint->GetWindow() == 0)
    {
        throw ParameterError("reorder_buffer",
                             "without a window nothing bounds what may wait in it: set "
                             "endpoint.window above 0");
    }
    const uint32_t count = topology.GetEndpoints();
    for (uint32_t other = 1; other < count; ++other)
    {
        if (!routing.IsDirect(0, other) ||
            (other + 1 < count && !routing.IsDirect(other, count - 1)))
        {
            throw ParameterError("reorder_buffer",
                                 "where endpoints relay, no window bounds what may wait in it: "
                                 "leave it out");
        }
    }
    // A whole packet that waits has overtaken one that is in its window too, and so has the last
    // packet of a message, which may be short: windows hold no more whole packets than this.
    uint64_t bytes = 0;
    for (const Ptr<LinkProfile>& profile : classes)
    {
        bytes = std::max<uint64_t>(bytes,
                                   uint64_t{profile->GetFlits(endpoint->GetPacket())} *
                                       profile->GetFlit());
    }
    const uint64_t packets =
        (endpoint->GetWindow() + endpoint->GetPacket() - 1) / endpoint->GetPacket();
    const uint64_t needed = (count - 1) * packets * bytes * trafficClasses;
    if (endpoint->GetReorderBuffer() < needed)
    {
        throw ParameterError("reorder_buffer",
                             "a full one could block the packet that it waits for: it must hold "
                             "the windows of all " +
                                 std::to_string(count - 1) + " other endpoints" +
                                 (trafficClasses > 1 ? ", one for each traffic class, " : ", ") +
                                 std::to_string(needed) +
                                 " B; enlarge it or make endpoint.window smaller");
    }
}

void
MtlinkFabric::Impl::AddPorts()
{
    for (uint32_t node = 0; node < topology.GetEndpoints(); ++node)
    {
        for (const uint32_t link : topology.GetOutLinks(node))
        {
            const DomainParts& parts = domains[topology.GetLinks()[link].domain];
            endpoints.AddPort({link,
                               parts.layout,
                               trafficClasses > 1 ? &parts.rules : nullptr,
                               parts.sprayed,
                               parts.controlled});
        }
    }
    AllowDetours();
}

void
MtlinkFabric::Impl::AllowDetours()
{
    bool isAllowed = false;
    std::vector<Alternative> detours;
    for (uint32_t d = 0; d < topology.GetDomains().size(); ++d)
    {
        const Domain& domain = topology.GetDomains()[d];
        for (const uint32_t node : domain.endpoints)
        {
            detours.clear();
            routing.GetAlgorithm(d).GetForwardedDetours(node, detours);
            for (const Alternative& detour : detours)
            {
                for (const uint32_t link : detour.hops.links)
                {
                    endpoints.AllowDetours({link,
                                            node,
                                            detour.via,
                                            domain.tier,
                                            detour.hops.vcClass,
                                            scopes[domain.scope].routing->GetThreshold()});
                    isAllowed = true;
                }
            }
        }
    }
    for (const auto& [key, isSet] :
         {std::pair{"forward_latency", !endpoint->GetForwardLatency().IsZero()},
          {"forward_after", endpoint->GetForwardAfter() != EndpointProfile::FORWARD_AFTER}})
    {
        if (isSet && !isAllowed)
        {
            throw ParameterError(key,
                                 "no endpoint forwards packets: set 'routing: {algorithm: "
                                 "detour}' on a full mesh");
        }
    }
    if (isAllowed && trafficClasses > 1)
    {
        throw ParameterError("routing.algorithm",
                             "detour has one traffic class, as ports send their own packets before "
                             "those that they forward: take minimal, or leave traffic_classes out");
    }
}

void
MtlinkFabric::Impl::FindControlled()
{
    const CongestionProfile::Control control = endpoint->GetCongestionControl();
    const std::string unused = endpoint->FindUnused();
    if (!unused.empty())
    {
        throw ParameterError(ToSnakeCase(unused),
                             "belongs to an algorithm that endpoint.congestion_control does not "
                             "name: set that, or leave this out");
    }
    const SwiftParameters swift = endpoint->GetSwift();
    if (swift.minCwnd > swift.maxCwnd)
    {
        throw ParameterError("swift_min_cwnd", "must not be more than swift_max_cwnd");
    }
    if (swift.fsMinCwnd >= swift.fsMaxCwnd)
    {
        throw ParameterError("swift_fs_min_cwnd", "must be less than swift_fs_max_cwnd");
    }
    uint32_t tier = 0;
    for (const Domain& domain : topology.GetDomains())
    {
        tier = std::max(tier, domain.tier);
    }
    bool isControlled = false;
    bool hasMarks = false;
    const Ptr<SwitchProfile> usual = CreateObject<SwitchProfile>();
    for (uint32_t d = 0; d < topology.GetDomains().size(); ++d)
    {
        const Domain& domain = topology.GetDomains()[d];
        const SwitchProfile& chip = *scopes[domain.scope].chip;
        domains[d].controlled =
            control != CongestionProfile::NONE && domain.tier == tier && domain.switches > 0;
        isControlled |= domains[d].controlled;
        hasMarks |= chip.GetEcn() && domain.switches > 0 && domain.tier == tier;
        if (chip.GetEcn() && chip.GetEcnMin() >= chip.GetEcnMax())
        {
            throw ParameterError("ecn_min", "must be less than ecn_max");
        }
    }
    if (control != CongestionProfile::NONE && !isControlled)
    {
        throw ParameterError("congestion_control",
                             "there is no switch in the uppermost tier, so nothing to control: "
                             "none is right");
    }
    if (control == CongestionProfile::DCQCN && !hasMarks)
    {
        throw ParameterError("congestion_control",
                             "dcqcn heeds marks, and no switch makes any: set switch.ecn: true");
    }
    for (const FabricScope& scope : scopes)
    {
        const SwitchProfile& chip = *scope.chip;
        if (chip.GetEcn() && (control != CongestionProfile::DCQCN || !hasMarks))
        {
            throw ParameterError("ecn",
                                 "nothing heeds the marks: set endpoint.congestion_control: "
                                 "dcqcn, or leave ecn out");
        }
        const std::string idle = hasMarks                                 ? ""
                                 : chip.GetEcnMin() != usual->GetEcnMin() ? "ecn_min"
                                 : chip.GetEcnMax() != usual->GetEcnMax() ? "ecn_max"
                                 : chip.GetEcnProbability() != usual->GetEcnProbability()
                                     ? "ecn_probability"
                                     : "";
        if (!idle.empty())
        {
            throw ParameterError(idle, "no switch marks packets: set switch.ecn: true");
        }
    }
}

void
MtlinkFabric::Impl::AddControl()
{
    const CongestionProfile::Control control = endpoint->GetCongestionControl();
    if (control == CongestionProfile::NONE)
    {
        return;
    }
    if (control != CongestionProfile::SWIFT)
    {
        monitor = std::make_unique<QueueMonitor>(clock, pool, links, telemetry, seed);
        switches.Show(monitor.get());
        for (uint32_t node = topology.GetEndpoints(); node < topology.GetNodes(); ++node)
        {
            const uint32_t d = topology.GetSwitchDomain(node);
            for (const uint32_t link : topology.GetOutLinks(node))
            {
                if (domains[d].controlled)
                {
                    monitor->Watch(link, *scopes[topology.GetDomains()[d].scope].chip);
                }
            }
        }
    }
    if (control == CongestionProfile::HPCC)
    {
        telemetry.Enable();
    }
    endpoints.GetCongestionFeedback().Control(
        MakeCongestionControl(*endpoint),
        [this](uint32_t src, uint32_t dst) { return GetFlowPath(src, dst); },
        telemetry);
}

FlowPath
MtlinkFabric::Impl::GetFlowPath(uint32_t src, uint32_t dst) const
{
    FlowPath path{0, 0, 0, endpoint->GetPacket()};
    const Hops first = routing.NextHops(src, dst, 0);
    for (const uint32_t link : first.links)
    {
        const LinkProfile& profile = *links.GetSpec(link).profile;
        path.rate += static_cast<double>(profile.GetBitRate()) / profile.GetEncoding() / 8e12;
    }
    uint8_t vcClass = 0;
    for (uint32_t node = src; node != dst;)
    {
        const Hops hops = routing.NextHops(node, dst, vcClass);
        vcClass = hops.vcClass;
        node = topology.GetLinks()[hops.links[0]].to;
        path.switches += topology.IsEndpoint(node) ? 0 : 1;
    }
    const IdlePath idle = GetIdlePath();
    path.roundTrip =
        idle.GetTime(src, dst, path.packet, path.packet, 0) + idle.GetLatency(dst, src);
    return path;
}

TypeId
MtlinkFabric::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MtlinkFabric")
            .SetParent<Object>()
            .SetGroupName("Mtlink")
            .AddConstructor<MtlinkFabric>()
            .AddTraceSource("PacketHop",
                            "A packet starts over a link.",
                            MakeTraceSourceAccessor(&MtlinkFabric::m_packetHopTrace),
                            "ns3::MtlinkFabric::PacketHopCallback")
            .AddTraceSource("PacketDelivered",
                            "A packet is in whole at its destination.",
                            MakeTraceSourceAccessor(&MtlinkFabric::m_packetDeliveredTrace),
                            "ns3::MtlinkFabric::PacketDeliveredCallback");
    return tid;
}

MtlinkFabric::MtlinkFabric() = default;
MtlinkFabric::~MtlinkFabric() = default;

void
MtlinkFabric::DoDispose()
{
    m_impl.reset();
    Object::DoDispose();
}

void
MtlinkFabric::Build(Ptr<TopologyBuilder> builder,
                    const std::vector<FabricScope>& scopes,
                    Ptr<EndpointProfile> endpoint,
                    uint32_t seed,
                    const MeasureSpec& measure)
{
    NS_ABORT_MSG_IF(m_impl, "a fabric is built once");
    m_impl = std::make_unique<Impl>(builder, scopes, endpoint, seed);
    m_impl->measure = measure;
    m_impl->endpoints.GetDeliveries().SetMeasuredWindow(measure.windowStart, measure.windowEnd);
    m_impl->endpoints.GetDeliveries().Show(&m_packetDeliveredTrace);
    m_impl->links.ShowHops(&m_packetHopTrace, [impl = m_impl.get()](uint32_t message) {
        return impl->endpoints.GetEnds(message);
    });
    if (measure.sampleInterval > 0)
    {
        m_impl->links.KeepSeries(measure.sampleInterval);
    }
    if (measure.linkLog)
    {
        m_impl->links.KeepLog();
    }
}

uint32_t
MtlinkFabric::GetEndpoints() const
{
    return m_impl->topology.GetEndpoints();
}

void
MtlinkFabric::Send(const Message& message, MessageClient* client, uint64_t cookie)
{
    m_impl->endpoints.Send(message, client, cookie);
}

uint32_t
MtlinkFabric::OpenGroup(std::span<const uint32_t> members,
                        uint32_t channels,
                        bool reduces,
                        bool copies,
                        uint8_t trafficClass)
{
    m_impl->hasGroups = true;
    return m_impl->groups.OpenGroup(members, channels, reduces, copies, trafficClass);
}

uint32_t
MtlinkFabric::OpenGroupMessage(const GroupMessage& message, MessageClient* client, uint64_t cookie)
{
    return m_impl->groups.OpenGroupMessage(message, client, cookie);
}

void
MtlinkFabric::JoinGroupMessage(uint32_t number, uint32_t member)
{
    m_impl->groups.JoinGroupMessage(number, member);
}

Tick
MtlinkFabric::GetGroupIdleTime(const GroupMessage& message) const
{
    return m_impl->groups.GetIdleTime(message);
}

uint32_t
MtlinkFabric::GetGroupLinks(uint32_t group) const
{
    return m_impl->groups.GetLinks(group);
}

uint32_t
MtlinkFabric::GetTrafficClasses() const
{
    return m_impl->trafficClasses;
}

uint32_t
MtlinkFabric::GetVcs(uint32_t link) const
{
    return m_impl->links.GetSpec(link).vcs;
}

PrivateParts&
MtlinkFabric::GetPrivateParts()
{
    if (!m_impl->parts)
    {
        m_impl->parts =
            std::make_unique<PacketParts>(PacketParts::Fabric{m_impl->clock,
                                                              m_impl->topology,
                                                              m_impl->routing,
                                                              m_impl->links,
                                                              m_impl->endpoints.GetPairState(),
                                                              m_impl->endpoints.GetDeliveries(),
                                                              m_packetDeliveredTrace});
    }
    return *m_impl->parts;
}

const Topology&
MtlinkFabric::GetTopology() const
{
    return m_impl->topology;
}

const Routing&
MtlinkFabric::GetRouting() const
{
    return m_impl->routing;
}

Ptr<const LinkProfile>
MtlinkFabric::GetLinkProfile(uint32_t link) const
{
    return m_impl->links.GetSpec(link).profile;
}

Tick
MtlinkFabric::GetIdleTime(uint32_t src, uint32_t dst, uint64_t bytes) const
{
    return m_impl->GetIdlePath().GetTime(src,
                                         dst,
                                         bytes,
                                         m_impl->endpoint->GetPacket(),
                                         ToTicks(m_impl->endpoint->GetRelayLatency()));
}

Tick
MtlinkFabric::GetIdleLatency(uint32_t src, uint32_t dst) const
{
    return m_impl->GetIdlePath().GetLatency(src, dst);
}

double
MtlinkFabric::GetIdleRate(uint32_t src, uint32_t dst) const
{
    return m_impl->GetIdlePath().GetRate(src, dst, m_impl->endpoint->GetPacket());
}

double
MtlinkFabric::GetEndpointBitRate(uint32_t endpoint) const
{
    double rate = 0;
    for (const uint32_t link : m_impl->topology.GetOutLinks(endpoint))
    {
        rate += static_cast<double>(m_impl->links.GetSpec(link).profile->GetBitRate());
    }
    return rate;
}

void
MtlinkFabric::AddFault(const LinkFault& fault)
{
    if (m_impl->hasGroups && fault.isDown && !fault.repairs && fault.policy == DownPolicy::DROP)
    {
        throw ParameterError("policy",
                             "what is reduced or copied in the network can't be dropped, since "
                             "its trees would wait for ever: take 'policy: replay'");
    }
    if (!m_impl->faults)
    {
        m_impl->faults = std::make_unique<LinkFaults>(m_impl->clock, m_impl->links, m_impl->seed);
    }
    m_impl->faults->Add(fault);
}

bool
MtlinkFabric::IsIdle() const
{
    if (!m_impl->faults)
    {
        return Simulator::IsFinished();
    }
    const EndpointCounters& counters = m_impl->endpoints.GetDeliveries().GetCounters();
    return m_impl->faults->IsAlone(m_impl->links.GetPacketHops() + m_impl->links.GetResent() +
                                   counters.packetsDelivered + counters.packetsLost);
}

std::vector<std::string>
MtlinkFabric::GetDownLinks(std::size_t most) const
{
    std::vector<std::string> names;
    for (uint32_t link = 0; link < m_impl->links.GetSize() && names.size() < most; ++link)
    {
        if (m_impl->links.IsDown(link))
        {
            names.push_back(m_impl->topology.GetLinkName(link));
        }
    }
    return names;
}

std::vector<std::string>
MtlinkFabric::GetLossyLinks(std::size_t most) const
{
    std::vector<std::pair<uint64_t, uint32_t>> lossy;
    for (uint32_t link = 0; link < m_impl->links.GetSize(); ++link)
    {
        lossy.emplace_back(m_impl->links.GetOutageCounters(link).lost, link);
    }
    std::stable_sort(lossy.begin(), lossy.end(), [](const auto& a, const auto& b) {
        return a.first > b.first;
    });
    std::vector<std::string> names;
    for (const auto& [lost, link] : lossy)
    {
        if (lost > 0 && names.size() < most)
        {
            names.push_back(m_impl->topology.GetLinkName(link) + " (" + std::to_string(lost) +
                            " packets)");
        }
    }
    return names;
}

uint64_t
MtlinkFabric::GetPacketHops() const
{
    m_impl->endpoints.GetPorts().CatchUpAll();
    const uint64_t repeated = m_impl->parts ? m_impl->parts->GetUncountedHops() : 0;
    return m_impl->links.GetPacketHops() + repeated;
}

uint64_t
MtlinkFabric::GetPacketsInFlight() const
{
    m_impl->endpoints.GetPorts().CatchUpAll();
    return m_impl->pool.GetUsed();
}

std::string
MtlinkFabric::CheckConservation() const
{
    const Links& links = m_impl->links;
    for (uint32_t link = 0; link < links.GetSize(); ++link)
    {
        for (uint32_t vc = 0; vc < links.GetSpec(link).vcs; ++vc)
        {
            if (!links.IsConserved(link, vc))
            {
                return "link " + m_impl->topology.GetLinkName(link) + ", VC " + std::to_string(vc) +
                       ": credits in use, returning and available do not add up to the buffer";
            }
        }
    }
    if (!links.ArePoolsConserved())
    {
        return "a switch's shared buffer: free, in use and returning do not add up";
    }
    if (!m_impl->switches.AreMemoriesConserved())
    {
        return "a switch's shared memory: free and in use do not add up";
    }
    return {};
}

std::vector<std::string>
MtlinkFabric::GetWaiting(std::size_t most) const
{
    const Topology& topology = m_impl->topology;
    std::vector<std::string> waiting;
    for (const Switches::Waiting& row : m_impl->switches.GetWaiting(most))
    {
        waiting.push_back("port " + topology.GetLinkName(row.link) + ": " +
                          std::to_string(row.queues) + " input queue(s) wait for VC " +
                          std::to_string(row.vc) +
                          (row.noCredit ? ", which has no credit" : ", which has credit"));
    }
    for (const auto& [from, to] : m_impl->endpoints.GetWaiting(most - waiting.size()))
    {
        waiting.push_back("endpoint " + topology.GetName(from) + ": data for " +
                          topology.GetName(to) + " can't leave");
    }
    return waiting;
}

void
MtlinkFabric::Collect(RunResults& results) const
{
    m_impl->endpoints.GetPorts().CatchUpAll();
    if (m_impl->parts)
    {
        m_impl->parts->Count();
    }
    const Topology& topology = m_impl->topology;
    Links& links = m_impl->links;
    results.endpoints = topology.GetEndpoints();
    results.switches = topology.GetSwitches();
    results.cables = static_cast<uint32_t>(topology.GetLinks().size() / 2);
    results.simulatedTime = m_impl->clock.Now();
    results.packetHops = links.GetPacketHops();

    const EndpointCounters& counters = m_impl->endpoints.GetDeliveries().GetCounters();
    results.packetsDelivered = counters.packetsDelivered;
    results.payloadBytesDelivered = counters.bytesDelivered;
    if (m_impl->parts && counters.bytesDelivered > 0)
    {
        const uint64_t repeated = m_impl->parts->GetRepeatedBytes();
        const auto share = [&counters](uint64_t bytes) {
            return static_cast<double>(bytes) / static_cast<double>(counters.bytesDelivered);
        };
        results.fidelity = {};
        results.fidelity[static_cast<std::size_t>(Fidelity::PACKET)] =
            share(counters.bytesDelivered - repeated);
        results.fidelity[static_cast<std::size_t>(Fidelity::MEMO)] = share(repeated);
    }
    results.packetsLost = counters.packetsLost;
    results.messagesLost = counters.messagesLost;
    if (counters.packetLatency.GetCount() > 0)
    {
        results.packetLatency = counters.packetLatency.ToLatency();
        results.networkLatency = counters.networkLatency.ToLatency();
    }

    const std::vector<Topology::Link>& ends = topology.GetLinks();
    results.nodes = DescribeNodes(topology);
    results.creditStall = 0;
    results.links.clear();
    results.queues.clear();
    for (uint32_t link = 0; link < links.GetSize(); ++link)
    {
        const LinkCounters& count = links.GetCounters(link);
        const LinkProfile& profile = *links.GetSpec(link).profile;
        const LinkClass& cls = topology.GetLinkClasses()[ends[link].cls];
        const std::string& path = m_impl->scopes[cls.scope].path;
        LinkResult row;
        row.id = link;
        row.name = topology.GetLinkName(link);
        row.from = topology.GetName(ends[link].from);
        row.to = topology.GetName(ends[link].to);
        row.cls = path.empty() ? cls.name : path + "/" + cls.name;
        row.bitsPerSecond = static_cast<double>(profile.GetBitRate());
        row.latency = ToTicks(profile.GetLatency());
        row.packets = count.packets;
        row.payloadBytes = count.payload;
        row.wireBytes = count.flits * profile.GetFlit();
        row.busy = count.busy;
        row.creditStall = links.GetStall(link);
        const RetryCounters retry = links.GetRetryCounters(link);
        row.retries = retry.retries;
        row.errors = retry.errors;
        row.replayFull = retry.bufferFull;
        const OutageCounters outage = links.GetOutageCounters(link);
        row.retries += outage.resent;
        row.down = outage.down;
        row.degraded = outage.degraded;
        row.packetsLost = outage.lost;
        results.creditStall += row.creditStall;
        results.links.push_back(row);

        for (uint32_t vc = 0; vc < links.GetSpec(link).vcs; ++vc)
        {
            const OccupancyMeter meter = links.GetOccupancy(link, vc);
            if (meter.GetMax() > 0)
            {
                results.queues.push_back({row.to,
                                          row.name,
                                          vc,
                                          links.GetDepth(link, vc),
                                          meter.GetMean(),
                                          static_cast<double>(meter.GetPercentile(99)),
                                          meter.GetMax()});
            }
        }
    }

    if (const ReorderBuffers* reorder = m_impl->endpoints.GetDeliveries().GetReorderBuffers())
    {
        for (uint32_t node = 0; node < topology.GetEndpoints(); ++node)
        {
            const OccupancyMeter meter = reorder->GetOccupancy(node, m_impl->clock.Now());
            if (meter.GetMax() > 0)
            {
                const uint32_t flit =
                    links.GetSpec(topology.GetOutLinks(node)[0]).profile->GetFlit();
                results.queues.push_back(
                    {topology.GetName(node),
                     "reorder",
                     0,
                     static_cast<uint32_t>(m_impl->endpoint->GetReorderBuffer() / flit),
                     meter.GetMean(),
                     static_cast<double>(meter.GetPercentile(99)),
                     meter.GetMax()});
            }
        }
    }

    CongestionCollector(topology, m_impl->routing).Collect(links.FollowChains(), results);

    results.flows.clear();
    for (const CongestionFeedback::ControlledFlow& flow :
         m_impl->endpoints.GetCongestionFeedback().GetFlows())
    {
        const CongestionControl::FlowCounters& heard = flow.counters;
        const double mean = heard.packets == 0 ? 0 : heard.delaySum / heard.packets / 1000;
        results.flows.push_back({flow.src,
                                 flow.dst,
                                 flow.trafficClass,
                                 heard.packets,
                                 heard.lost,
                                 heard.marks,
                                 heard.notifications,
                                 mean,
                                 heard.maxDelay,
                                 std::min(flow.rate, flow.most) * 1000});
    }
    std::stable_sort(results.flows.begin(), results.flows.end(), [](const auto& a, const auto& b) {
        return std::tie(a.src, a.dst, a.trafficClass) < std::tie(b.src, b.dst, b.trafficClass);
    });

    results.classes.clear();
    const MeasureSpec& measure = m_impl->measure;
    const Tick window = measure.windowEnd == NEVER ? results.simulatedTime
                                                   : measure.windowEnd - measure.windowStart;
    for (const ClassCounters& count : m_impl->endpoints.GetDeliveries().GetClassCounters())
    {
        ClassResult row;
        row.trafficClass = static_cast<uint32_t>(results.classes.size());
        row.messages = count.messages;
        row.packets = count.packets;
        row.payloadBytes = count.bytes;
        row.acceptedGBps = window > 0 ? static_cast<double>(count.bytesMeasured) * 1000 /
                                            static_cast<double>(window)
                                      : 0;
        row.packetLatency = count.packetLatency.ToLatency();
        results.classes.push_back(row);
    }

    results.sampleInterval = m_impl->measure.sampleInterval;
    results.samples.clear();
    links.CollectSamples(results.samples);
    const LinkLog log = links.GetLog();
    results.linkSpans = log.GetSpans();
    results.linkSpansLeftOut = log.GetLeftOut();
}

} // namespace ns3
