/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-fabric.h"

#include "fabric/fabric-diagnosis.h"
#include "fabric/fabric-parts.h"
#include "fabric/fabric-spread.h"
#include "fabric/link-load.h"
#include "fabric/result-collector.h"

#include "ns3/abort.h"
#include "ns3/mtlink-error.h"
#include "ns3/simulator.h"
#include "ns3/trace-source-accessor.h"

namespace ns3
{

using namespace mtlink;

NS_OBJECT_ENSURE_REGISTERED(MtlinkFabric);

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
                            "ns3::MtlinkFabric::PacketDeliveredCallback")
            .AddTraceSource("LinkState",
                            "A link goes down or comes up.",
                            MakeTraceSourceAccessor(&MtlinkFabric::m_linkStateTrace),
                            "ns3::MtlinkFabric::LinkStateCallback");
    return tid;
}

MtlinkFabric::MtlinkFabric() = default;
MtlinkFabric::~MtlinkFabric() = default;

void
MtlinkFabric::DoDispose()
{
    m_spread.reset();
    m_parts.reset();
    Object::DoDispose();
}

void
MtlinkFabric::Build(Ptr<TopologyBuilder> builder,
                    const std::vector<FabricScope>& scopes,
                    Ptr<EndpointProfile> endpoint,
                    uint32_t seed,
                    const MeasureSpec& measure)
{
    NS_ABORT_MSG_IF(m_parts, "a fabric is built once");
    m_parts = std::make_unique<FabricParts>(builder, scopes, endpoint, seed);
    m_parts->measure = measure;
    m_parts->endpoints.GetDeliveries().SetMeasuredWindow(measure.windowStart, measure.windowEnd);
    m_parts->endpoints.GetDeliveries().Show(&m_packetDeliveredTrace);
    m_parts->links.ShowHops(&m_packetHopTrace, [parts = m_parts.get()](uint32_t message) {
        return parts->endpoints.GetEnds(message);
    });
    if (measure.sampleInterval > 0)
    {
        m_parts->links.KeepSeries(measure.sampleInterval);
    }
    if (measure.linkLog)
    {
        m_parts->links.KeepLog();
    }
}

uint32_t
MtlinkFabric::GetEndpoints() const
{
    return m_parts->topology.GetEndpoints();
}

void
MtlinkFabric::Send(const Message& message, MessageClient* client, uint64_t cookie)
{
    m_parts->endpoints.Send(message, client, cookie);
}

uint32_t
MtlinkFabric::OpenGroup(IndexSpan members,
                        uint32_t channels,
                        bool reduces,
                        bool copies,
                        uint8_t trafficClass)
{
    if (m_parts->dropsPackets)
    {
        throw ParameterError("policy",
                             "there are faults that drop packets, and what is reduced or copied in "
                             "the network can't be dropped: take 'policy: replay'");
    }
    m_parts->hasGroups = true;
    return m_parts->groups.OpenGroup(members, channels, reduces, copies, trafficClass);
}

uint32_t
MtlinkFabric::OpenGroupMessage(const GroupMessage& message, MessageClient* client, uint64_t cookie)
{
    return m_parts->groups.OpenGroupMessage(message, client, cookie);
}

void
MtlinkFabric::JoinGroupMessage(uint32_t number, uint32_t member)
{
    m_parts->groups.JoinGroupMessage(number, member);
}

Tick
MtlinkFabric::GetGroupIdleTime(const GroupMessage& message) const
{
    return m_parts->groups.GetIdleTime(message);
}

std::optional<Tick>
MtlinkFabric::EstimateGroupTime(IndexSpan members,
                                uint32_t channels,
                                const GroupMessage& message) const
{
    return m_parts->groups.EstimateTime(members, channels, message);
}

uint32_t
MtlinkFabric::GetGroupLinks(uint32_t group) const
{
    return m_parts->groups.GetLinks(group);
}

uint32_t
MtlinkFabric::GetTrafficClasses() const
{
    return m_parts->trafficClasses;
}

uint32_t
MtlinkFabric::GetVcs(uint32_t link) const
{
    return m_parts->links.GetSpec(link).vcs;
}

PrivateParts&
MtlinkFabric::GetPrivateParts()
{
    if (!m_parts->memo)
    {
        m_parts->memo =
            std::make_unique<PacketParts>(PacketParts::Fabric{m_parts->clock,
                                                              m_parts->topology,
                                                              m_parts->routing,
                                                              m_parts->links,
                                                              m_parts->endpoints.GetPairState(),
                                                              m_parts->endpoints.GetDeliveries(),
                                                              m_packetDeliveredTrace});
    }
    return *m_parts->memo;
}

FabricSpread&
MtlinkFabric::Spread(Exchange& exchange)
{
    m_spread = std::make_unique<FabricSpread>(*m_parts, exchange);
    return *m_spread;
}

Partition
MtlinkFabric::FindPartition(uint32_t processes) const
{
    return mtlink::FindPartition(*m_parts, processes);
}

const Topology&
MtlinkFabric::GetTopology() const
{
    return m_parts->topology;
}

const Routing&
MtlinkFabric::GetRouting() const
{
    return m_parts->routing;
}

const TopologyBuilder&
MtlinkFabric::GetBuilder() const
{
    return *m_parts->builder;
}

const EndpointProfile&
MtlinkFabric::GetEndpointProfile() const
{
    return *m_parts->endpoint;
}

uint32_t
MtlinkFabric::GetSeed() const
{
    return m_parts->seed;
}

Ptr<const LinkProfile>
MtlinkFabric::GetLinkProfile(uint32_t link) const
{
    return m_parts->links.GetSpec(link).profile;
}

Tick
MtlinkFabric::GetIdleTime(uint32_t src, uint32_t dst, uint64_t bytes) const
{
    return m_parts->GetIdlePath().GetTime(src,
                                          dst,
                                          bytes,
                                          m_parts->endpoint->GetPacket(),
                                          ToTicks(m_parts->endpoint->GetRelayLatency()));
}

Tick
MtlinkFabric::GetIdleLatency(uint32_t src, uint32_t dst) const
{
    return m_parts->GetIdlePath().GetLatency(src, dst);
}

std::unique_ptr<LinkLoad>
MtlinkFabric::MakeLinkLoad() const
{
    FabricParts& parts = *m_parts;
    return std::make_unique<LinkLoad>(
        parts.topology,
        parts.routing,
        [&links = parts.links](uint32_t link) -> const LinkSpec& { return links.GetSpec(link); },
        parts.endpoint->GetPacket());
}

double
MtlinkFabric::GetIdleRate(uint32_t src, uint32_t dst) const
{
    return m_parts->GetIdlePath().GetRate(src, dst, m_parts->endpoint->GetPacket());
}

double
MtlinkFabric::GetEndpointBitRate(uint32_t endpoint) const
{
    double rate = 0;
    for (const uint32_t link : m_parts->topology.GetOutLinks(endpoint))
    {
        rate += static_cast<double>(m_parts->links.GetSpec(link).profile->GetBitRate());
    }
    return rate;
}

void
MtlinkFabric::AddFault(const LinkFault& fault)
{
    const bool drops = fault.isDown && !fault.repairs && fault.policy == DownPolicy::DROP;
    if (m_parts->hasGroups && drops)
    {
        throw ParameterError("policy",
                             "what is reduced or copied in the network can't be dropped, since "
                             "its trees would wait for ever: take 'policy: replay'");
    }
    m_parts->dropsPackets |= drops;
    if (!m_parts->faults)
    {
        m_parts->faults = std::make_unique<LinkFaults>(m_parts->clock,
                                                       m_parts->links,
                                                       m_parts->seed,
                                                       m_linkStateTrace);
    }
    m_parts->faults->Add(fault);
}

bool
MtlinkFabric::IsLinkUp(uint32_t link) const
{
    return !m_parts->links.IsDown(link);
}

bool
MtlinkFabric::WasMarked() const
{
    return m_parts->endpoints.GetDeliveries().WasMarked();
}

bool
MtlinkFabric::IsIdle() const
{
    if (m_spread && !m_spread->IsQuietElsewhere())
    {
        return false;
    }
    if (!m_parts->faults)
    {
        return Simulator::IsFinished();
    }
    return m_parts->faults->IsAlone([this] {
        const EndpointCounters& counters = m_parts->endpoints.GetDeliveries().GetCounters();
        return m_parts->links.GetPacketHops() + m_parts->links.GetResent() +
               counters.packetsDelivered + counters.packetsLost;
    });
}

std::vector<std::string>
MtlinkFabric::GetDownLinks(std::size_t most) const
{
    return FabricDiagnosis(*m_parts).GetDownLinks(most);
}

std::vector<std::string>
MtlinkFabric::GetLossyLinks(std::size_t most) const
{
    return FabricDiagnosis(*m_parts).GetLossyLinks(most);
}

uint64_t
MtlinkFabric::GetPacketHops() const
{
    const uint64_t repeated = m_parts->memo ? m_parts->memo->GetUncountedHops() : 0;
    return m_parts->links.GetPacketHops() + repeated;
}

uint64_t
MtlinkFabric::GetPacketsInFlight() const
{
    m_parts->express.TakeBackAll();
    return m_parts->pool.GetUsed();
}

std::string
MtlinkFabric::CheckConservation() const
{
    return FabricDiagnosis(*m_parts).CheckConservation();
}

std::vector<std::string>
MtlinkFabric::GetWaiting(std::size_t most) const
{
    return FabricDiagnosis(*m_parts).GetWaiting(most);
}

void
MtlinkFabric::Collect(RunResults& results) const
{
    ResultCollector(*m_parts, results).Collect();
}

} // namespace ns3
