/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/result-collector.h"

#include "fabric/congestion-collector.h"
#include "fabric/node-table.h"

#include <algorithm>
#include <string>
#include <tuple>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return a row of a buffer that was used. */
QueueResult
DescribeBuffer(const std::string& node,
               const std::string& name,
               uint32_t vc,
               uint32_t depth,
               const OccupancyMeter& meter)
{
    return {node,
            name,
            vc,
            depth,
            meter.GetMean(),
            static_cast<double>(meter.GetPercentile(99)),
            meter.GetMax()};
}

} // namespace

void
ResultCollector::Collect()
{
    m_parts.express.TakeBackAll();
    if (m_parts.memo)
    {
        m_parts.memo->Count();
    }
    CollectTotals();
    CollectFidelity();
    CollectLinks();
    CollectReorderBuffers();
    CongestionCollector(m_parts.topology, m_parts.routing)
        .Collect(m_parts.links.FollowChains(), m_results);
    CollectFlows();
    CollectClasses();
    CollectTimeline();
}

void
ResultCollector::CollectTotals()
{
    const Topology& topology = m_parts.topology;
    m_results.endpoints = topology.GetEndpoints();
    m_results.switches = topology.GetSwitches();
    m_results.cables = static_cast<uint32_t>(topology.GetLinks().size() / 2);
    m_results.nodes = DescribeNodes(topology);
    m_results.simulatedTime = m_parts.clock.Now();
    m_results.packetHops = m_parts.links.GetPacketHops();

    const EndpointCounters& counters = m_parts.endpoints.GetDeliveries().GetCounters();
    m_results.packetsDelivered = counters.packetsDelivered;
    m_results.payloadBytesDelivered = counters.bytesDelivered;
    m_results.packetsLost = counters.packetsLost;
    m_results.messagesLost = counters.messagesLost;
    if (counters.packetLatency.GetCount() > 0)
    {
        m_results.packetLatency = counters.packetLatency.ToLatency();
        m_results.networkLatency = counters.networkLatency.ToLatency();
    }
}

void
ResultCollector::CollectFidelity()
{
    const uint64_t delivered = m_results.payloadBytesDelivered;
    if (!m_parts.memo || delivered == 0)
    {
        return;
    }
    const uint64_t repeated = m_parts.memo->GetRepeatedBytes();
    const auto share = [delivered](uint64_t bytes) {
        return static_cast<double>(bytes) / static_cast<double>(delivered);
    };
    m_results.fidelity = {};
    m_results.fidelity[static_cast<std::size_t>(Fidelity::PACKET)] = share(delivered - repeated);
    m_results.fidelity[static_cast<std::size_t>(Fidelity::MEMO)] = share(repeated);
}

void
ResultCollector::CollectLinks()
{
    m_results.creditStall = 0;
    m_results.links.clear();
    m_results.queues.clear();
    for (uint32_t link = 0; link < m_parts.links.GetSize(); ++link)
    {
        m_results.links.push_back(DescribeLink(link));
        m_results.creditStall += m_results.links.back().creditStall;
        CollectBuffers(m_results.links.back());
    }
}

LinkResult
ResultCollector::DescribeLink(uint32_t link) const
{
    const Links& links = m_parts.links;
    const Topology& topology = m_parts.topology;
    const Topology::Link& ends = topology.GetLinks()[link];
    const LinkClass& cls = topology.GetLinkClasses()[ends.cls];
    const std::string& path = m_parts.scopes[cls.scope].path;
    const LinkProfile& profile = *links.GetSpec(link).profile;
    const LinkCounters& count = links.GetCounters(link);
    const RetryCounters retry = links.GetRetryCounters(link);
    const OutageCounters outage = links.GetOutageCounters(link);
    LinkResult row;
    row.id = link;
    row.name = topology.GetLinkName(link);
    row.from = topology.GetName(ends.from);
    row.to = topology.GetName(ends.to);
    row.cls = path.empty() ? cls.name : path + "/" + cls.name;
    row.bitsPerSecond = static_cast<double>(profile.GetBitRate());
    row.latency = ToTicks(profile.GetLatency());
    row.packets = count.packets;
    row.payloadBytes = count.payload;
    row.wireBytes = count.flits * profile.GetFlit();
    row.busy = count.busy;
    row.creditStall = links.GetStall(link);
    row.retries = retry.retries + outage.resent;
    row.errors = retry.errors;
    row.replayFull = retry.bufferFull;
    row.down = outage.down;
    row.degraded = outage.degraded;
    row.packetsLost = outage.lost;
    return row;
}

void
ResultCollector::CollectBuffers(const LinkResult& row)
{
    const Links& links = m_parts.links;
    for (uint32_t vc = 0; vc < links.GetSpec(row.id).vcs; ++vc)
    {
        const OccupancyMeter meter = links.GetOccupancy(row.id, vc);
        if (meter.GetMax() > 0)
        {
            m_results.queues.push_back(
                DescribeBuffer(row.to, row.name, vc, links.GetDepth(row.id, vc), meter));
        }
    }
}

void
ResultCollector::CollectReorderBuffers()
{
    const ReorderBuffers* reorder = m_parts.endpoints.GetDeliveries().GetReorderBuffers();
    for (uint32_t node = 0; reorder && node < m_parts.topology.GetEndpoints(); ++node)
    {
        const OccupancyMeter meter = reorder->GetOccupancy(node, m_parts.clock.Now());
        if (meter.GetMax() > 0)
        {
            const uint32_t link = m_parts.topology.GetOutLinks(node)[0];
            const uint32_t flit = m_parts.links.GetSpec(link).profile->GetFlit();
            const auto depth = static_cast<uint32_t>(m_parts.endpoint->GetReorderBuffer() / flit);
            m_results.queues.push_back(
                DescribeBuffer(m_parts.topology.GetName(node), "reorder", 0, depth, meter));
        }
    }
}

void
ResultCollector::CollectFlows()
{
    m_results.flows.clear();
    for (const CongestionFeedback::ControlledFlow& flow :
         m_parts.endpoints.GetCongestionFeedback().GetFlows())
    {
        const CongestionControl::FlowCounters& heard = flow.counters;
        const double mean = heard.packets == 0 ? 0 : heard.delaySum / heard.packets / 1000;
        m_results.flows.push_back({flow.src,
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
    std::stable_sort(m_results.flows.begin(),
                     m_results.flows.end(),
                     [](const auto& a, const auto& b) {
                         return std::tie(a.src, a.dst, a.trafficClass) <
                                std::tie(b.src, b.dst, b.trafficClass);
                     });
}

void
ResultCollector::CollectClasses()
{
    m_results.classes.clear();
    const MeasureSpec& measure = m_parts.measure;
    const Tick window = measure.windowEnd == NEVER ? m_results.simulatedTime
                                                   : measure.windowEnd - measure.windowStart;
    for (const ClassCounters& count : m_parts.endpoints.GetDeliveries().GetClassCounters())
    {
        ClassResult row;
        row.trafficClass = static_cast<uint32_t>(m_results.classes.size());
        row.messages = count.messages;
        row.packets = count.packets;
        row.payloadBytes = count.bytes;
        row.acceptedGBps = window > 0 ? static_cast<double>(count.bytesMeasured) * 1000 /
                                            static_cast<double>(window)
                                      : 0;
        row.packetLatency = count.packetLatency.ToLatency();
        m_results.classes.push_back(row);
    }
}

void
ResultCollector::CollectTimeline()
{
    m_results.sampleInterval = m_parts.measure.sampleInterval;
    m_results.samples.clear();
    m_parts.links.CollectSamples(m_results.samples);
    const LinkLog log = m_parts.links.GetLog();
    m_results.linkSpans = log.GetSpans();
    m_results.linkSpansLeftOut = log.GetLeftOut();
}

} // namespace mtlink
} // namespace ns3
