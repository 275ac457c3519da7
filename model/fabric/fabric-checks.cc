/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/fabric-checks.h"

#include "endpoint/control-registry.h"
#include "engine/case.h"
#include "switch/switch-ports.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t LEAST_BIT_RATE = 1000000;    //!< Keeps times within the range of a Tick
constexpr double LEAST_SOUND = 1e-3;            //!< Packets that must get through uncorrupted
constexpr uint64_t MOST_FLITS = UINT32_MAX / 2; //!< Of a buffer

} // namespace

void
FabricChecks::CheckLink(const LinkProfile& profile) const
{
    CheckRetry(profile);
    if (profile.GetBitRate() < LEAST_BIT_RATE)
    {
        throw ParameterError("rate", "a link has at least 1 Mb/s: time is counted to 106 days");
    }
}

void
FabricChecks::CheckReductionRate() const
{
    const double rate = m_endpoint.GetReductionRate();
    if (rate > 0 && rate < LEAST_BIT_RATE / 8.0)
    {
        throw ParameterError("reduction_rate",
                             "at least 1 Mb/s, or 0 for no time: time is counted to 106 days");
    }
}

void
FabricChecks::CheckFlits(const std::vector<Ptr<LinkProfile>>& profiles) const
{
    std::vector<Ptr<LinkProfile>> first(m_topology.GetDomains().size());
    for (const Topology::Link& link : m_topology.GetLinks())
    {
        const Ptr<LinkProfile> profile = profiles[link.cls];
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
                    m_topology.GetLinkClasses()[link.cls].name + "\" differs");
        }
    }
}

void
FabricChecks::CheckRetry(const LinkProfile& profile) const
{
    const uint32_t packet = profile.GetFlits(m_endpoint.GetPacket());
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
    const uint64_t flits = profile.GetReplayBuffer() / profile.GetFlit();
    if (profile.GetReplayBuffer() != 0 && flits < packet)
    {
        throw ParameterError("replay_buffer",
                             "the replay buffer holds " + std::to_string(flits) +
                                 " flits, a packet has " + std::to_string(packet) +
                                 ": enlarge it, or 0B for no limit");
    }
}

bool
FabricChecks::CheckClassesHeeded() const
{
    const std::vector<Domain>& domains = m_topology.GetDomains();
    const auto isDirect = [](const Domain& domain) { return domain.switches == 0; };
    const bool hasDirect = std::any_of(domains.begin(), domains.end(), isDirect);
    const bool hasSwitches = !std::all_of(domains.begin(), domains.end(), isDirect);
    if (!hasDirect && m_endpoint.GetTrafficClasses() > 1)
    {
        throw ParameterError("endpoint.traffic_classes",
                             "no endpoint is wired straight to another: leave it out of endpoint, "
                             "and set switch.traffic_classes; endpoints follow it");
    }
    for (const FabricScope& scope : m_scopes)
    {
        if (!hasSwitches && scope.chip->GetTrafficClasses() > 1)
        {
            throw ParameterError("switch.traffic_classes",
                                 "there is no switch: leave it out of switch, and set "
                                 "endpoint.traffic_classes");
        }
    }
    return hasDirect;
}

uint32_t
FabricChecks::FindTrafficClasses() const
{
    try
    {
        m_endpoint.CheckClasses();
    }
    catch (const ParameterError& error)
    {
        throw ParameterError("endpoint." + error.GetParameter(), error.what());
    }
    const bool hasDirect = CheckClassesHeeded();
    uint32_t classes = 0;
    for (const Domain& domain : m_topology.GetDomains())
    {
        const bool isDirect = domain.switches == 0;
        const uint32_t own = isDirect ? m_endpoint.GetTrafficClasses()
                                      : m_scopes[domain.scope].chip->GetTrafficClasses();
        if (classes != 0 && own != classes)
        {
            throw ParameterError(
                isDirect ? "endpoint.traffic_classes" : "switch.traffic_classes",
                "all parts of a fabric have the same traffic classes, and one has " +
                    std::to_string(classes) + ", another " + std::to_string(own) +
                    ": set switch.traffic_classes" +
                    (hasDirect ? " and endpoint.traffic_classes" : "") + " alike everywhere");
        }
        classes = own;
    }
    return classes;
}

void
FabricChecks::CheckVcs(const Domain& domain,
                       uint32_t vcs,
                       uint32_t routingClasses,
                       uint32_t trafficClasses) const
{
    const uint32_t needed = routingClasses * trafficClasses;
    if (vcs < needed)
    {
        const std::string each =
            trafficClasses == 1 ? "this routing needs"
                                : std::to_string(trafficClasses) + " traffic classes, each with " +
                                      std::to_string(routingClasses) + " for this routing, need";
        const std::string key = domain.switches > 0 ? "switch.vcs" : "endpoint.vcs";
        // A part of a fabric has the switches of the whole unless it has its own.
        const bool isOwn = domain.switches > 0 && domain.scope != 0;
        throw ParameterError(
            key,
            each + " at least " + std::to_string(needed) + " virtual channels, not " +
                std::to_string(vcs) + ": give '" + key + ": " + std::to_string(needed) + "'" +
                (isOwn ? " in that part of the fabric"
                       : " in the fabric, or --set fabric." + key + "=" + std::to_string(needed)));
    }
}

void
FabricChecks::CheckBuffer(const LinkSpec& link) const
{
    const uint64_t flits = link.buffer / link.profile->GetFlit();
    if (flits < link.longest)
    {
        throw ParameterError("buffer",
                             "the buffer of a virtual channel holds " + std::to_string(flits) +
                                 " flits, a packet has " + std::to_string(link.longest) +
                                 ": enlarge the buffer of the " +
                                 (link.last ? "endpoint" : "switch") +
                                 " or make endpoint.packet smaller");
    }
    if (flits > MOST_FLITS)
    {
        throw ParameterError("buffer", "more than 2^31 flits");
    }
}

uint32_t
FabricChecks::GetSharedFlits(const SwitchProfile& chip, uint32_t flit) const
{
    const uint64_t flits = chip.GetSharedBuffer() / flit;
    if (flits > MOST_FLITS)
    {
        throw ParameterError("shared_buffer", "more than 2^31 flits");
    }
    if (chip.GetSharedBuffer() > 0 && flits == 0)
    {
        throw ParameterError("shared_buffer",
                             "less than a flit of " + std::to_string(flit) + " bytes");
    }
    return static_cast<uint32_t>(flits);
}

void
FabricChecks::CheckPorts() const
{
    for (uint32_t node = m_topology.GetEndpoints(); node < m_topology.GetNodes(); ++node)
    {
        const std::size_t ports = m_topology.GetOutLinks(node).size();
        const auto refuse = [&](const std::string& parameter, const std::string& has) {
            throw ParameterError(parameter,
                                 m_topology.GetName(node) + " would need " + std::to_string(ports) +
                                     " ports, " + has);
        };
        const uint32_t domain = m_topology.GetSwitchDomain(node);
        const SwitchProfile& chip = *m_scopes[m_topology.GetDomains()[domain].scope].chip;
        if (chip.GetRadix() != 0 && ports > chip.GetRadix())
        {
            refuse("switch.radix", "the chip has " + std::to_string(chip.GetRadix()));
        }
        if (ports > InputPort::MOST_LINKS)
        {
            refuse("",
                   "and a switch has " + std::to_string(InputPort::MOST_LINKS) +
                       " at most here: take fewer endpoints, or several switches");
        }
    }
}

void
FabricChecks::CheckOutputs(const SwitchProfile& chip, const LinkProfile& link) const
{
    const uint64_t flits = chip.GetOutputBuffer() / link.GetFlit();
    const uint32_t packet = link.GetFlits(m_endpoint.GetPacket());
    if (chip.GetOutputSpeedup() > 1 && flits < packet)
    {
        throw ParameterError("output_buffer",
                             "the queue of an output holds " + std::to_string(flits) +
                                 " flits, a packet has " + std::to_string(packet));
    }
    if (chip.GetOutputSpeedup() > 1 && flits > MOST_FLITS)
    {
        throw ParameterError("output_buffer", "more than 2^31 flits");
    }
}

void
FabricChecks::CheckReorderWindow(const Routing& routing) const
{
    if (m_endpoint.GetWindow() == 0)
    {
        throw ParameterError("reorder_buffer",
                             "without a window nothing bounds what may wait in it: set "
                             "endpoint.window above 0");
    }
    const uint32_t count = m_topology.GetEndpoints();
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
}

void
FabricChecks::CheckReorderBuffer(const Routing& routing,
                                 const std::vector<Ptr<LinkProfile>>& profiles,
                                 uint32_t trafficClasses) const
{
    if (m_endpoint.GetReorderBuffer() == 0)
    {
        return;
    }
    CheckReorderWindow(routing);
    // A whole packet that waits has overtaken one that is in its window too, and so has the last
    // packet of a message, which may be short: windows hold no more whole packets than this.
    const uint64_t packet = m_endpoint.GetPacket();
    uint64_t bytes = 0;
    for (const Ptr<LinkProfile>& profile : profiles)
    {
        bytes = std::max<uint64_t>(bytes, uint64_t{profile->GetFlits(packet)} * profile->GetFlit());
    }
    const uint64_t packets = (m_endpoint.GetWindow() + packet - 1) / packet;
    const uint32_t others = m_topology.GetEndpoints() - 1;
    const uint64_t needed = others * packets * bytes * trafficClasses;
    if (m_endpoint.GetReorderBuffer() < needed)
    {
        throw ParameterError("reorder_buffer",
                             "a full one could block the packet that it waits for: it must hold "
                             "the windows of all " +
                                 std::to_string(others) + " other endpoints" +
                                 (trafficClasses > 1 ? ", one for each traffic class, " : ", ") +
                                 std::to_string(needed) +
                                 " B; enlarge it or make endpoint.window smaller");
    }
}

void
FabricChecks::CheckDetours(bool areAllowed, uint32_t trafficClasses) const
{
    for (const auto& [key, isSet] :
         {std::pair{"forward_latency", !m_endpoint.GetForwardLatency().IsZero()},
          {"forward_after", m_endpoint.GetForwardAfter() != EndpointProfile::FORWARD_AFTER}})
    {
        if (isSet && !areAllowed)
        {
            throw ParameterError(key,
                                 "no endpoint forwards packets: set 'routing: {algorithm: "
                                 "detour}' on a full mesh");
        }
    }
    if (areAllowed && trafficClasses > 1)
    {
        throw ParameterError("routing.algorithm",
                             "detour has one traffic class, as ports send their own packets before "
                             "those that they forward: take minimal, or leave traffic_classes out");
    }
}

uint32_t
FabricChecks::GetUppermostTier() const
{
    uint32_t tier = 0;
    for (const Domain& domain : m_topology.GetDomains())
    {
        tier = std::max(tier, domain.tier);
    }
    return tier;
}

void
FabricChecks::CheckControlParameters() const
{
    const std::string unused = m_endpoint.FindUnused();
    if (!unused.empty())
    {
        throw ParameterError(ToSnakeCase(unused),
                             "belongs to an algorithm that endpoint.congestion_control does not "
                             "name: set that, or leave this out");
    }
    const SwiftParameters swift = m_endpoint.GetSwift();
    if (swift.minCwnd > swift.maxCwnd)
    {
        throw ParameterError("swift_min_cwnd", "must not be more than swift_max_cwnd");
    }
    if (swift.fsMinCwnd >= swift.fsMaxCwnd)
    {
        throw ParameterError("swift_fs_min_cwnd", "must be less than swift_fs_max_cwnd");
    }
}

void
FabricChecks::CheckCongestionControl() const
{
    CheckControlParameters();
    const ControlKind* const control = FindControl(m_endpoint);
    const uint32_t tier = GetUppermostTier();
    bool hasSwitches = false;
    bool hasMarks = false;
    for (const Domain& domain : m_topology.GetDomains())
    {
        const SwitchProfile& chip = *m_scopes[domain.scope].chip;
        const bool isUppermost = domain.switches > 0 && domain.tier == tier;
        hasSwitches |= isUppermost;
        hasMarks |= chip.GetEcn() && isUppermost;
        if (chip.GetEcn() && chip.GetEcnMin() >= chip.GetEcnMax())
        {
            throw ParameterError("ecn_min", "must be less than ecn_max");
        }
    }
    if (control && !hasSwitches)
    {
        throw ParameterError("congestion_control",
                             "there is no switch in the uppermost tier, so nothing to control: "
                             "none is right");
    }
    if (control && control->heedsMarks && !hasMarks)
    {
        throw ParameterError("congestion_control",
                             m_endpoint.GetCongestionControl() +
                                 " heeds marks, and no switch makes any: set switch.ecn: true");
    }
    CheckMarks(hasMarks);
}

void
FabricChecks::CheckMarks(bool hasMarks) const
{
    const ControlKind* const control = FindControl(m_endpoint);
    const bool areHeeded = control && control->heedsMarks;
    const Ptr<SwitchProfile> usual = CreateObject<SwitchProfile>();
    for (const FabricScope& scope : m_scopes)
    {
        const SwitchProfile& chip = *scope.chip;
        if (chip.GetEcn() && (!areHeeded || !hasMarks))
        {
            throw ParameterError("ecn",
                                 "nothing heeds the marks: set endpoint.congestion_control: "
                                 "dcqcn (or host, for TCP over NetDevices), or leave ecn out");
        }
        for (const auto& [key, isSet] :
             {std::pair{"ecn_min", chip.GetEcnMin() != usual->GetEcnMin()},
              {"ecn_max", chip.GetEcnMax() != usual->GetEcnMax()},
              {"ecn_probability", chip.GetEcnProbability() != usual->GetEcnProbability()}})
        {
            if (isSet && !hasMarks)
            {
                throw ParameterError(key, "no switch marks packets: set switch.ecn: true");
            }
        }
    }
}

} // namespace mtlink
} // namespace ns3
