/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/folded-traffic.h"

#include "experiment/link-walk.h"

#include <set>
#include <span>
#include <stdexcept>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return all links between the members of a group, as they are met first. */
std::vector<uint32_t>
ListLinks(const MtlinkFabric& fabric, const std::vector<uint32_t>& endpoints)
{
    std::vector<uint32_t> list;
    std::set<uint32_t> known;
    for (const uint32_t src : endpoints)
    {
        for (const uint32_t dst : endpoints)
        {
            ForEachChoice(fabric, src, dst, [&](uint32_t, std::span<const uint32_t> links) {
                for (const uint32_t link : links)
                {
                    if (known.insert(link).second)
                    {
                        list.push_back(link);
                    }
                }
            });
        }
    }
    return list;
}

/** @return all links of mode flow between the members of a group, as they are met first. */
std::vector<uint32_t>
ListSteps(FlowRoutes& routes, const std::vector<uint32_t>& endpoints)
{
    std::vector<uint32_t> list;
    std::set<uint32_t> known;
    for (const uint32_t src : endpoints)
    {
        for (const uint32_t dst : endpoints)
        {
            if (src == dst)
            {
                continue;
            }
            for (const FlowStep& step : routes.Find({src, dst, 1, 0}).steps)
            {
                if (known.insert(step.link).second)
                {
                    list.push_back(step.link);
                }
            }
        }
    }
    return list;
}

/** Groups that may be folded have links alike. */
void
CheckAlike(std::size_t own, std::size_t recorded)
{
    if (own != recorded)
    {
        throw std::logic_error("internal error, please report it: folded groups are not alike");
    }
}

} // namespace

void
FoldedTraffic::Begin(const MtlinkFabric& fabric,
                     const std::vector<uint32_t>& endpoints,
                     const RunResults& results,
                     const FlowTransport* flow,
                     FlowRoutes* routes)
{
    m_before.packetsDelivered = results.packetsDelivered;
    m_before.payloadBytesDelivered = results.payloadBytesDelivered;
    m_links = ListLinks(fabric, endpoints);
    m_before.links.resize(fabric.GetTopology().GetLinks().size());
    if (flow)
    {
        m_steps = ListSteps(*routes, endpoints);
        m_flowBefore.resize(m_steps.size());
    }
}

void
FoldedTraffic::Record(const RunResults& results, uint64_t messages, const FlowTransport* flow)
{
    Collective done;
    done.messages = messages;
    done.packets = results.packetsDelivered - m_before.packetsDelivered;
    done.bytes = results.payloadBytesDelivered - m_before.payloadBytesDelivered;
    m_before.packetsDelivered = results.packetsDelivered;
    m_before.payloadBytesDelivered = results.payloadBytesDelivered;
    for (std::size_t place = 0; flow && place < m_steps.size(); ++place)
    {
        const FlowTraffic now = flow->GetTraffic(m_steps[place]);
        FlowTraffic& before = m_flowBefore[place];
        done.flows.push_back(
            {now.payload - before.payload, now.flits - before.flits, now.packets - before.packets});
        before = now;
    }
    for (std::size_t place = 0; !flow && place < m_links.size(); ++place)
    {
        const LinkResult& now = results.links[m_links[place]];
        LinkResult& before = m_before.links[m_links[place]];
        done.links.push_back({now.packets - before.packets,
                              now.payloadBytes - before.payloadBytes,
                              now.wireBytes - before.wireBytes,
                              now.busy - before.busy,
                              now.creditStall - before.creditStall});
        before = now;
    }
    m_collectives.push_back(std::move(done));
}

void
FoldedTraffic::AddLinks(const std::vector<FoldedGroup>& groups,
                        const MtlinkFabric& fabric,
                        FlowTransport* flow,
                        FlowRoutes* routes,
                        RunResults& results) const
{
    for (const FoldedGroup& group : groups)
    {
        if (flow)
        {
            const std::vector<uint32_t> steps = ListSteps(*routes, group.endpoints);
            CheckAlike(steps.size(), m_steps.size());
            for (std::size_t i = 0; i < m_collectives.size(); ++i)
            {
                for (std::size_t place = 0; place < steps.size(); ++place)
                {
                    const FlowTraffic& once = m_collectives[i].flows[place];
                    const uint64_t times = group.counts[i];
                    flow->AddTraffic(
                        steps[place],
                        {once.payload * times, once.flits * times, once.packets * times});
                }
            }
            continue;
        }
        const std::vector<uint32_t> links = ListLinks(fabric, group.endpoints);
        CheckAlike(links.size(), m_links.size());
        for (std::size_t i = 0; i < m_collectives.size(); ++i)
        {
            const uint64_t times = group.counts[i];
            for (std::size_t place = 0; place < links.size(); ++place)
            {
                const LinkTraffic& once = m_collectives[i].links[place];
                const Tick stall = once.creditStall * static_cast<Tick>(times);
                LinkResult& row = results.links[links[place]];
                row.packets += once.packets * times;
                row.payloadBytes += once.payloadBytes * times;
                row.wireBytes += once.wireBytes * times;
                row.busy += once.busy * static_cast<Tick>(times);
                row.creditStall += stall;
                results.creditStall += stall;
                results.packetHops += once.packets * times;
            }
        }
    }
}

uint64_t
FoldedTraffic::AddTotals(const std::vector<FoldedGroup>& groups, RunResults& results) const
{
    uint64_t messages = 0;
    for (const FoldedGroup& group : groups)
    {
        for (std::size_t i = 0; i < m_collectives.size(); ++i)
        {
            messages += m_collectives[i].messages * group.counts[i];
            results.packetsDelivered += m_collectives[i].packets * group.counts[i];
            results.payloadBytesDelivered += m_collectives[i].bytes * group.counts[i];
        }
    }
    return messages;
}

} // namespace mtlink
} // namespace ns3
