/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/detours.h"

namespace ns3
{
namespace mtlink
{

void
Detours::Allow(const DetourSpec& spec, const VcLayout& layout, bool sprayed)
{
    m_ports.resize(m_parts.links.GetSize());
    if (m_portsOf.size() <= spec.endpoint)
    {
        m_portsOf.resize(spec.endpoint + 1);
        m_nextPort.resize(spec.endpoint + 1);
        m_offered.resize(spec.endpoint + 1);
    }
    Port& port = m_ports[spec.link];
    port.spec = spec;
    port.isAllowed = true;
    port.sprayed = sprayed;
    port.layout = layout;
    port.place = static_cast<uint32_t>(m_portsOf[spec.endpoint].size());
    m_portsOf[spec.endpoint].push_back(spec.link);

    // A detour takes two links and a wait instead of one link: one latency, the wait, and, as a
    // packet is taken in whole on the way, a packet's time on the wire more. Another one, since the
    // packet could have been the next to go direct.
    const LinkSpec& link = m_parts.links.GetSpec(spec.link);
    const auto longer = static_cast<double>(ToTicks(link.profile->GetLatency()) +
                                            ToTicks(m_parts.profile.GetForwardLatency()));
    port.worth = uint64_t{2} * link.longest +
                 static_cast<uint64_t>(longer / m_parts.links.GetSpeed(spec.link).GetFlitTime());
}

uint32_t
Detours::GetForwardQueue(uint32_t endpoint, uint32_t target)
{
    const Hops hops = m_parts.routing.NextHops(endpoint, target, 0);
    const uint32_t first = hops.links[0];
    if (m_ports[first].forwards == NO_PORT_GROUP)
    {
        PortGroup group;
        group.links = hops.links;
        group.vcClass = hops.vcClass;
        SendQueue queue{};
        queue.endpoint = endpoint;
        queue.target = target;
        queue.group = m_parts.queues.AddGroup(endpoint, group, false);
        queue.isRelay = true;
        queue.isForward = true;
        const uint32_t index = m_parts.queues.AddQueue(queue);
        for (const uint32_t link : hops.links)
        {
            m_ports[link].forwards = queue.group;
            m_ports[link].forwardQueue = index;
        }
    }
    return m_ports[first].forwardQueue;
}

void
Detours::NoteForwarded(uint32_t link)
{
    m_ports[link].passed = 0;
    const PortGroup& group = m_parts.queues.GetGroup(m_ports[link].forwards);
    if (group.IsEmpty())
    {
        // Nothing waits there any more, for the other ports either: who was passed has gone.
        for (const uint32_t other : group.links)
        {
            m_ports[other].passed = 0;
        }
    }
}

bool
Detours::IsWorth(uint32_t index, uint32_t link)
{
    const PortGroup& group = m_parts.queues.GetGroup(index);
    if (group.IsEmpty() || !IsAllowed(group.links[0]))
    {
        return false;
    }
    const Port& port = m_ports[link];
    const DetourSpec& direct = GetSpec(group.links[0]);
    if (direct.peer == port.spec.peer || direct.tier != port.spec.tier)
    {
        return false;
    }
    const uint64_t least = port.worth * group.links.size() + port.spec.threshold;
    if (!m_parts.links.HasFaults())
    {
        return HasMoreThan(least, group);
    }
    const Hops beyond = m_parts.routing.NextHops(port.spec.peer, direct.peer, port.spec.vcClass);
    if (AreDown(beyond.links))
    {
        for (const uint32_t down : beyond.links)
        {
            std::vector<uint32_t>& waiting = m_waitingFor[down];
            if (std::find(waiting.begin(), waiting.end(), link) == waiting.end())
            {
                waiting.push_back(link);
            }
        }
        return false;
    }
    return AreDown(group.links) || HasMoreThan(least, group);
}

bool
Detours::HasMoreThan(uint64_t least, const PortGroup& group) const
{
    const SendQueues& queues = m_parts.queues;
    const LinkProfile& profile = *m_parts.links.GetSpec(group.links[0]).profile;
    const uint32_t packetSize = queues.GetPacketSize();
    const uint32_t whole = profile.GetFlits(packetSize);
    uint64_t flits = 0;
    for (uint32_t q = group.first; q != NO_QUEUE && flits <= least; q = queues[q].nextActive)
    {
        const SendQueue& queue = queues[q];
        uint32_t packet = queue.isRelay ? queue.relayed.head : NO_PACKET;
        for (; packet != NO_PACKET && flits <= least;
             packet = queue.relayed.GetNext(m_parts.pool, packet))
        {
            flits += profile.GetFlits(m_parts.pool[packet].payload);
        }
        uint32_t index = queue.isRelay ? NO_MESSAGE : queue.firstMessage;
        for (; index != NO_MESSAGE && flits <= least; index = m_parts.messages[index].next)
        {
            const uint64_t bytes = m_parts.messages[index].toSend;
            const auto rest = static_cast<uint32_t>(bytes % packetSize);
            flits += bytes / packetSize * whole + (rest > 0 ? profile.GetFlits(rest) : 0);
        }
    }
    return flits > least;
}

bool
Detours::AreDown(std::span<const uint32_t> links) const
{
    return std::all_of(links.begin(), links.end(), [this](uint32_t link) {
        return m_parts.links.IsDown(link);
    });
}

void
Detours::Offer(uint32_t index)
{
    const PortGroup& group = m_parts.queues.GetGroup(index);
    const uint32_t direct = group.links[0];
    if (!IsAllowed(direct) || group.IsEmpty())
    {
        return;
    }
    const uint32_t endpoint = GetSpec(direct).endpoint;
    std::vector<uint32_t>& offered = m_offered[endpoint];
    if (offered.empty())
    {
        m_parts.events.Schedule(m_parts.events.Now(), EndpointEvent::OFFER_DETOURS, endpoint);
    }
    if (std::find(offered.begin(), offered.end(), index) == offered.end())
    {
        offered.push_back(index);
    }
}

std::vector<uint32_t>
Detours::TakeWaitingFor(uint32_t link)
{
    std::vector<uint32_t> ports;
    const auto waiting = m_waitingFor.find(link);
    if (waiting != m_waitingFor.end() && !m_parts.links.IsDown(link))
    {
        ports.swap(waiting->second);
    }
    return ports;
}

PacketExit
Detours::FindExit(uint32_t link, uint32_t vc) const
{
    PacketExit exit;
    if (!IsAllowed(link))
    {
        return exit;
    }
    for (const uint32_t out : m_portsOf[GetSpec(link).peer])
    {
        const Port& port = m_ports[out];
        if (port.forwards == NO_PORT_GROUP)
        {
            continue;
        }
        const PacketPool& pool = m_parts.pool;
        const SendQueue& queue = m_parts.queues[port.forwardQueue];
        for (uint32_t p = queue.relayed.head; p != NO_PACKET; p = queue.relayed.GetNext(pool, p))
        {
            const Packet& packet = pool[p];
            const Tick ready = packet.tailIn + ToTicks(m_parts.profile.GetForwardLatency());
            const bool isOldest = exit.link == PacketExit::NO_LINK || ready < exit.arrived;
            if (packet.out == link && packet.vc == vc && isOldest)
            {
                const uint32_t flow = m_parts.queues.GetNextFlow(queue, port.sprayed);
                const uint8_t vcClass = m_parts.queues.GetGroup(port.forwards).vcClass;
                exit = {out, port.layout.Choose(0, vcClass, flow), ready};
            }
        }
    }
    return exit;
}

} // namespace mtlink
} // namespace ns3
