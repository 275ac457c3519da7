/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The part of Endpoints that only endpoints need which forward for one another.

#include "endpoint/endpoints.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

void
Endpoints::AllowDetours(const DetourSpec& spec)
{
    if (!m_detours)
    {
        m_detours = std::make_unique<Detours>();
    }
    m_ports[spec.link].detours = true;
    m_detours->ports.resize(m_ports.size());
    if (m_detours->portsOf.size() <= spec.endpoint)
    {
        m_detours->portsOf.resize(spec.endpoint + 1);
        m_detours->nextPort.resize(spec.endpoint + 1);
        m_detours->offered.resize(spec.endpoint + 1);
    }
    Detours::Port& port = m_detours->ports[spec.link];
    port.spec = spec;
    port.place = static_cast<uint32_t>(m_detours->portsOf[spec.endpoint].size());
    m_detours->portsOf[spec.endpoint].push_back(spec.link);

    // A detour takes two links and a wait instead of one link: one latency, the wait, and, as a
    // packet is taken in whole on the way, a packet's time on the wire more. Another one, since the
    // packet could have been the next to go direct.
    const LinkSpec& link = m_links.GetSpec(spec.link);
    const auto longer = static_cast<double>(ToTicks(link.profile->GetLatency()) +
                                            ToTicks(m_profile->GetForwardLatency()));
    port.worth = uint64_t{2} * link.longest +
                 static_cast<uint64_t>(longer / m_links.GetSpeed(spec.link).GetFlitTime());
}

void
Endpoints::TakeDetour(uint32_t link, uint32_t index)
{
    m_pool[index].out = link;
    const Time latency = m_profile->GetForwardLatency();
    if (latency.IsZero())
    {
        Forward(index);
    }
    else
    {
        ScheduleEvent(m_clock.Now() + ToTicks(latency), FORWARD, index);
    }
}

void
Endpoints::Forward(uint32_t index)
{
    const Packet& packet = m_pool[index];
    const uint32_t queueIndex = GetForwardQueue(packet.via, packet.target);
    SendQueue& queue = m_queues[queueIndex];
    queue.relayed.Push(m_pool, index);
    if (queue.state == SendQueue::EMPTY)
    {
        Activate(queueIndex);
        ServeGroup(queue.group);
    }
}

uint32_t
Endpoints::GetForwardQueue(uint32_t endpoint, uint32_t target)
{
    const Hops hops = m_routing.NextHops(endpoint, target, 0);
    if (m_detours->ports[hops.links[0]].forwards == NO_PORT_GROUP)
    {
        const auto group = static_cast<uint32_t>(m_groups.size());
        const auto index = static_cast<uint32_t>(m_queues.size());
        m_groups.push_back({hops.links, hops.vcClass});
        SendQueue queue{};
        queue.endpoint = endpoint;
        queue.target = target;
        queue.group = group;
        queue.isRelay = true;
        queue.isForward = true;
        m_queues.push_back(queue);
        for (const uint32_t link : hops.links)
        {
            m_detours->ports[link].forwards = group;
            m_detours->ports[link].forwardQueue = index;
        }
    }
    return m_detours->ports[hops.links[0]].forwardQueue;
}

void
Endpoints::NotePassing(uint32_t link)
{
    Detours::Port& port = m_detours->ports[link];
    if (port.forwards != NO_PORT_GROUP && !m_groups[port.forwards].IsEmpty())
    {
        ++port.passed;
    }
}

bool
Endpoints::IsForwardTurn(uint32_t link) const
{
    return m_detours->ports[link].passed >= m_profile->GetForwardAfter();
}

bool
Endpoints::ServeForwards(uint32_t link, uint64_t& lacking)
{
    Detours::Port& port = m_detours->ports[link];
    if (port.forwards == NO_PORT_GROUP || m_groups[port.forwards].IsEmpty())
    {
        return false;
    }
    if (m_links.GetFreeAt(link) > m_clock.Now())
    {
        LookAtPort(link, m_links.GetFreeAt(link));
        return true;
    }
    if (ServeGroupAt(port.forwards, link, lacking))
    {
        port.passed = 0;
        if (m_groups[port.forwards].IsEmpty())
        {
            // Nothing waits there any more, for the other ports either: who was passed has gone.
            for (const uint32_t other : m_groups[port.forwards].links)
            {
                m_detours->ports[other].passed = 0;
            }
        }
        LookAtPort(link, m_links.GetFreeAt(link));
        return true;
    }
    m_groups[port.forwards].stalled |= lacking != 0;
    return false;
}

bool
Endpoints::BeginDetour(uint32_t link)
{
    Detours::Port& port = m_detours->ports[link];
    if (m_groupsOf.size() <= port.spec.endpoint)
    {
        return false;
    }
    const std::vector<uint32_t>& groups = m_groupsOf[port.spec.endpoint];
    uint64_t lacking = 0; // no stall: what waits does not wait for this port
    for (std::size_t turn = 0; turn < groups.size(); ++turn)
    {
        const auto place = static_cast<uint32_t>((port.nextGroup + turn) % groups.size());
        if (!IsDetourWorth(groups[place], link))
        {
            continue;
        }
        if (m_links.GetFreeAt(link) > m_clock.Now())
        {
            LookAtPort(link, m_links.GetFreeAt(link));
            return true;
        }
        if (ServeGroupAt(groups[place], link, lacking, port.spec.peer))
        {
            port.nextGroup = place + 1;
            m_detours->nextPort[port.spec.endpoint] = port.place + 1;
            LookAtPort(link, m_links.GetFreeAt(link));
            return true;
        }
        m_groups[groups[place]].lacksDetour |= lacking != 0;
    }
    return false;
}

bool
Endpoints::IsDetourWorth(uint32_t index, uint32_t link)
{
    const PortGroup& group = m_groups[index];
    if (group.IsEmpty() || !m_ports[group.links[0]].detours)
    {
        return false;
    }
    const Detours::Port& port = m_detours->ports[link];
    const DetourSpec& direct = m_detours->ports[group.links[0]].spec;
    if (direct.peer == port.spec.peer || direct.tier != port.spec.tier)
    {
        return false;
    }
    const uint64_t least = port.worth * group.links.size() + port.spec.threshold;
    if (!m_links.HasFaults())
    {
        return HasMoreThan(least, group);
    }
    const Hops beyond = m_routing.NextHops(port.spec.peer, direct.peer, port.spec.vcClass);
    if (AreDown(beyond.links))
    {
        for (const uint32_t down : beyond.links)
        {
            std::vector<uint32_t>& waiting = m_detours->waitingFor[down];
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
Endpoints::HasMoreThan(uint64_t least, const PortGroup& group) const
{
    const LinkProfile& profile = *m_links.GetSpec(group.links[0]).profile;
    const uint32_t whole = profile.GetFlits(m_packetSize);
    uint64_t flits = 0;
    for (uint32_t q = group.first; q != NO_QUEUE && flits <= least; q = m_queues[q].nextActive)
    {
        const SendQueue& queue = m_queues[q];
        uint32_t packet = queue.isRelay ? queue.relayed.head : NO_PACKET;
        for (; packet != NO_PACKET && flits <= least;
             packet = queue.relayed.GetNext(m_pool, packet))
        {
            flits += profile.GetFlits(m_pool[packet].payload);
        }
        uint32_t index = queue.isRelay ? NO_MESSAGE : queue.firstMessage;
        for (; index != NO_MESSAGE && flits <= least; index = m_messages[index].next)
        {
            const uint64_t bytes = m_messages[index].toSend;
            const auto rest = static_cast<uint32_t>(bytes % m_packetSize);
            flits += bytes / m_packetSize * whole + (rest > 0 ? profile.GetFlits(rest) : 0);
        }
    }
    return flits > least;
}

bool
Endpoints::AreDown(std::span<const uint32_t> links) const
{
    return std::all_of(links.begin(), links.end(), [this](uint32_t link) {
        return m_links.IsDown(link);
    });
}

void
Endpoints::OfferDetours(uint32_t group)
{
    const uint32_t direct = m_groups[group].links[0];
    if (!m_ports[direct].detours || m_groups[group].IsEmpty())
    {
        return;
    }
    const uint32_t endpoint = m_detours->ports[direct].spec.endpoint;
    std::vector<uint32_t>& offered = m_detours->offered[endpoint];
    if (offered.empty())
    {
        ScheduleEvent(m_clock.Now(), OFFER_DETOURS, endpoint);
    }
    if (std::find(offered.begin(), offered.end(), group) == offered.end())
    {
        offered.push_back(group);
    }
}

void
Endpoints::TakeOffers(uint32_t endpoint)
{
    std::vector<uint32_t> offered;
    offered.swap(m_detours->offered[endpoint]);
    const std::vector<uint32_t>& links = m_detours->portsOf[endpoint];
    const uint32_t first = m_detours->nextPort[endpoint];
    for (std::size_t turn = 0; turn < links.size(); ++turn)
    {
        const uint32_t link = links[(first + turn) % links.size()];
        const bool isWorth = std::any_of(offered.begin(), offered.end(), [&](uint32_t group) {
            return IsDetourWorth(group, link);
        });
        if (isWorth && m_links.GetFreeAt(link) > m_clock.Now())
        {
            LookAtPort(link, m_links.GetFreeAt(link));
        }
        else if (isWorth)
        {
            ServePort(link);
        }
    }
}

void
Endpoints::LookAtDetoursBy(uint32_t link, Tick at)
{
    const auto waiting = m_detours->waitingFor.find(link);
    if (waiting != m_detours->waitingFor.end() && !m_links.IsDown(link))
    {
        for (const uint32_t port : waiting->second)
        {
            LookAtPort(port, at);
        }
        waiting->second.clear();
    }
}

PacketExit
Endpoints::FindExit(uint32_t link, uint32_t vc) const
{
    PacketExit exit;
    if (!m_detours || !m_ports[link].detours)
    {
        return exit;
    }
    for (const uint32_t out : m_detours->portsOf[m_detours->ports[link].spec.peer])
    {
        const Detours::Port& port = m_detours->ports[out];
        if (port.forwards == NO_PORT_GROUP)
        {
            continue;
        }
        const SendQueue& queue = m_queues[port.forwardQueue];
        for (uint32_t p = queue.relayed.head; p != NO_PACKET; p = queue.relayed.GetNext(m_pool, p))
        {
            const Packet& packet = m_pool[p];
            const Tick ready = packet.tailIn + ToTicks(m_profile->GetForwardLatency());
            const bool isOldest = exit.link == PacketExit::NO_LINK || ready < exit.arrived;
            if (packet.out == link && packet.vc == vc && isOldest)
            {
                const uint32_t flow = GetNextFlow(queue, m_ports[out]);
                exit = {out,
                        m_ports[out].layout.Choose(0, m_groups[port.forwards].vcClass, flow),
                        ready};
            }
        }
    }
    return exit;
}

} // namespace mtlink
} // namespace ns3
