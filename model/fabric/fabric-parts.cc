/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/fabric-parts.h"

#include "endpoint/control-registry.h"

#include <algorithm>
#include <string>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return the routing profiles of a list of scopes. */
std::vector<Ptr<RoutingProfile>>
GetRoutingProfiles(const std::vector<FabricScope>& scopes)
{
    std::vector<Ptr<RoutingProfile>> profiles;
    for (const FabricScope& scope : scopes)
    {
        profiles.push_back(scope.routing);
    }
    return profiles;
}

/**
 * Before anything is made for each of a fabric's links, as that may take a minute.
 * @return the graph of a layout, which its switches have ports for.
 */
Topology
BuildTopology(const TopologyBuilder& layout,
              const std::vector<FabricScope>& scopes,
              const EndpointProfile& endpoint)
{
    Topology topology = layout.Build();
    FabricChecks(topology, scopes, endpoint).CheckPorts();
    return topology;
}

} // namespace

FabricParts::FabricParts(Ptr<TopologyBuilder> layout,
                         std::vector<FabricScope> parameters,
                         Ptr<EndpointProfile> endpointProfile,
                         uint32_t runSeed)
    : builder(layout),
      scopes(std::move(parameters)),
      endpoint(endpointProfile),
      seed(runSeed),
      topology(BuildTopology(*layout, scopes, *endpoint)),
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
      express({clock, pool, links, switches, endpoints.GetParts()}),
      groups({topology,
              routing,
              links,
              switches,
              endpoints,
              [this](uint32_t node) -> Ptr<const SwitchProfile> {
                  return GetScope(topology.GetSwitchDomain(node)).chip;
              },
              [this](uint32_t link) { return domains[topology.GetLinks()[link].domain].layout; },
              [this](uint32_t src, uint32_t dst) { return GetIdlePath().GetLatency(src, dst); },
              endpointProfile->GetPacket(),
              endpointProfile->GetWindow()})
{
    const FabricChecks checks(topology, scopes, *endpoint);
    links.SetLossListener(&endpoints);
    MakeLinkProfiles(checks);
    trafficClasses = checks.FindTrafficClasses();
    MakeDomains(checks);
    for (const Topology::Link& link : topology.GetLinks())
    {
        links.Add(MakeLink(link, checks));
    }
    AddSwitches(checks);
    FindControlled(checks);
    AddPorts();
    checks.CheckDetours(AllowDetours(), trafficClasses);
    checks.CheckReorderBuffer(routing, classes, trafficClasses);
    AddControl();
}

Ptr<LinkProfile>
FabricParts::MakeLinkProfile(const LinkClass& cls) const
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
FabricParts::MakeLinkProfiles(const FabricChecks& checks)
{
    for (const LinkClass& cls : topology.GetLinkClasses())
    {
        classes.push_back(MakeLinkProfile(cls));
        checks.CheckLink(*classes.back());
    }
    checks.CheckReductionRate();
    checks.CheckFlits(classes);
}

void
FabricParts::MakeDomains(const FabricChecks& checks)
{
    for (uint32_t d = 0; d < topology.GetDomains().size(); ++d)
    {
        const bool hasSwitches = topology.GetDomains()[d].switches > 0;
        const FabricScope& scope = GetScope(d);
        if (hasSwitches)
        {
            scope.chip->Check();
        }
        const uint32_t vcs = hasSwitches ? scope.chip->GetVcs() : endpoint->GetVcs();
        const ClassProfile& profile =
            hasSwitches ? static_cast<const ClassProfile&>(*scope.chip) : *endpoint;
        const uint32_t vcClasses = routing.GetAlgorithm(d).GetVcClasses();
        checks.CheckVcs(topology.GetDomains()[d], vcs, vcClasses, trafficClasses);
        domains.push_back({vcs,
                           VcLayout::Make(vcs, trafficClasses, vcClasses),
                           profile.GetClassRules(),
                           scope.routing->GetGranularity() == RoutingProfile::PACKET,
                           false});
    }
}

uint32_t
FabricParts::GetPool(uint32_t node, const LinkProfile& link, const FabricChecks& checks)
{
    const SwitchProfile& chip = *GetScope(topology.GetSwitchDomain(node)).chip;
    const uint32_t flits = checks.GetSharedFlits(chip, link.GetFlit());
    if (flits == 0 || chip.GetQueueing() == SwitchProfile::OUTPUT)
    {
        return LinkSpec::NO_POOL;
    }
    const auto [pool, isNew] = m_pools.try_emplace(node, 0);
    if (isNew)
    {
        pool->second = links.AddPool(flits, chip.GetAlpha());
    }
    return pool->second;
}

LinkSpec
FabricParts::MakeLink(const Topology::Link& link, const FabricChecks& checks)
{
    LinkSpec spec;
    spec.profile = classes[link.cls];
    spec.longest = spec.profile->GetFlits(endpoint->GetPacket());
    spec.vcs = domains[link.domain].vcs;
    spec.first = topology.IsEndpoint(link.from);
    spec.last = topology.IsEndpoint(link.to);
    spec.sender = spec.first ? static_cast<PacketSender*>(&endpoints.GetPorts()) : &switches;
    if (spec.last)
    {
        spec.receiver = &endpoints;
        spec.buffer = endpoint->GetBuffer();
        spec.whole = true;
    }
    else
    {
        const SwitchProfile& chip = *GetScope(link.domain).chip;
        spec.receiver = &switches;
        spec.buffer = chip.GetBuffer();
        spec.whole = chip.GetSwitching() == SwitchProfile::STORE_AND_FORWARD;
        spec.pipeline = ToTicks(chip.GetLatency());
        spec.pool = GetPool(link.to, *spec.profile, checks);
    }
    checks.CheckBuffer(spec);
    return spec;
}

void
FabricParts::AddSwitches(const FabricChecks& checks)
{
    for (uint32_t node = topology.GetEndpoints(); node < topology.GetNodes(); ++node)
    {
        const uint32_t d = topology.GetSwitchDomain(node);
        const FabricScope& scope = GetScope(d);
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
        checks.CheckOutputs(*scope.chip, *links.GetSpec(spec.outLinks[0]).profile);
        switches.Add(spec);
    }
}

void
FabricParts::FindControlled(const FabricChecks& checks)
{
    checks.CheckCongestionControl();
    const bool isOn = FindControl(*endpoint) != nullptr;
    const uint32_t tier = checks.GetUppermostTier();
    for (uint32_t d = 0; d < topology.GetDomains().size(); ++d)
    {
        const Domain& domain = topology.GetDomains()[d];
        domains[d].controlled = isOn && domain.tier == tier && domain.switches > 0;
    }
}

void
FabricParts::AddPorts()
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
}

bool
FabricParts::AllowDetours()
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
                                            GetScope(d).routing->GetThreshold()});
                    isAllowed = true;
                }
            }
        }
    }
    return isAllowed;
}

void
FabricParts::AddControl()
{
    const ControlKind* const control = FindControl(*endpoint);
    if (!control)
    {
        return;
    }
    if (control->heedsMarks || control->readsTelemetry)
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
                    monitor->Watch(link, *GetScope(d).chip);
                }
            }
        }
    }
    if (control->readsTelemetry)
    {
        telemetry.Enable();
    }
    endpoints.GetCongestionFeedback().Control(
        control->make(*endpoint),
        [this](uint32_t src, uint32_t dst) {
            return GetIdlePath().GetControlledPath(src, dst, endpoint->GetPacket());
        },
        telemetry);
}

} // namespace mtlink
} // namespace ns3
