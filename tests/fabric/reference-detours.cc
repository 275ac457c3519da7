/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The part of ReferenceFabric about endpoints that forward for one another.

#include "reference-fabric.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::mtlink;

void
ReferenceFabric::ServeDetourPort(uint32_t id)
{
    if (m_links[id].freeAt > m_now)
    {
        return;
    }
    DetourPort& port = m_detourPorts[id];
    std::vector<bool> lacks(m_links[id].credit.size());
    if (port.passed >= m_spec.endpoint->GetForwardAfter() && SendForwarded(id, lacks))
    {
        return;
    }
    const std::vector<uint32_t> groups = m_groupsOfPort[id];
    for (const uint32_t group : groups)
    {
        if (ServePort(group, id, lacks))
        {
            port.passed += GetForwards(id).packets.empty() ? 0 : 1;
            return;
        }
    }
    if (!SendForwarded(id, lacks))
    {
        BeginDetour(id);
    }
}

ReferenceFabric::ForwardQueue&
ReferenceFabric::GetForwards(uint32_t id)
{
    const Topology::Link& ends = m_topology.GetLinks()[id];
    ForwardQueue& queue = m_forwards[{ends.from, ends.to}];
    if (queue.links.empty())
    {
        const Hops hops = m_fabric.GetRouting().NextHops(ends.from, ends.to, 0);
        queue.links.assign(hops.links.begin(), hops.links.end());
    }
    return queue;
}

bool
ReferenceFabric::SendForwarded(uint32_t id, std::vector<bool>& lacks)
{
    ForwardQueue& queue = GetForwards(id);
    LinkState& link = m_links[id];
    if (queue.packets.empty())
    {
        return false;
    }
    const Packet index = queue.packets.front();
    PacketState& packet = m_packets[index];
    const uint32_t vc = link.vcsPerClass + packet.flow % link.vcsPerClass; // class 1
    if (lacks[vc] || link.credit[vc] < packet.flits)
    {
        lacks[vc] = true;
        return false;
    }
    queue.packets.pop_front();
    queue.nextPort = (queue.nextPort + 1) % static_cast<uint32_t>(queue.links.size());
    m_detourPorts[id].passed = 0;
    for (uint32_t port = 0; queue.packets.empty() && port < queue.links.size(); ++port)
    {
        m_detourPorts[queue.links[port]].passed = 0; // nothing waits there any more
    }
    link.credit[vc] -= packet.flits;
    const uint32_t in = packet.cameBy;
    const uint32_t inVc = packet.vc;
    const uint32_t flits = packet.flits;
    packet.vc = vc;
    packet.vcClass = 1;
    packet.via = NOBODY;
    const Tick end = Transmit(id, index, m_now);
    ReturnCredit(end + m_links[in].creditLatency, in, inVc, flits);
    // Another packet leads now: it may go where the one before could not.
    for (const uint32_t other : queue.links)
    {
        if (other != id)
        {
            Schedule(m_now, GetSender(id), LOOK, other, [this, other] { LookAtPort(other); });
        }
    }
    return true;
}

void
ReferenceFabric::BeginDetour(uint32_t id)
{
    const Topology::Link& ends = m_topology.GetLinks()[id];
    const std::vector<uint32_t> groups = m_groupsOf[ends.from];
    std::vector<bool> lacks(m_links[id].credit.size());
    DetourPort& port = m_detourPorts[id];
    const uint32_t first = port.nextGroup;
    for (uint32_t turn = 0; turn < groups.size(); ++turn)
    {
        const auto place = static_cast<uint32_t>((first + turn) % groups.size());
        if (IsWorth(groups[place], id) && ServePort(groups[place], id, lacks, ends.to))
        {
            port.nextGroup = place + 1;
            m_nextPort[ends.from] = ends.fromPort + 1;
            return;
        }
    }
}

bool
ReferenceFabric::IsWorth(uint32_t index, uint32_t id) const
{
    const Group& group = m_groups[index];
    const LinkProfile& profile = *m_fabric.GetLinkProfile(id);
    const uint32_t target = m_topology.GetLinks()[group.links[0]].to;
    if (target == m_topology.GetLinks()[id].to)
    {
        return false;
    }
    uint64_t flits = 0;
    for (const uint32_t queue : group.list)
    {
        for (const uint32_t message : m_queues[queue].messages)
        {
            for (uint64_t left = m_messages[message].toSend; left > 0;)
            {
                const uint64_t payload = std::min<uint64_t>(left, m_spec.endpoint->GetPacket());
                flits += profile.GetFlits(payload);
                left -= payload;
            }
        }
    }
    // Two packets, a latency and the wait.
    const Tick longer =
        ToTicks(profile.GetLatency()) + ToTicks(m_spec.endpoint->GetForwardLatency());
    const long double flitTime = profile.GetFlit() * 8e12L / profile.GetBitRate();
    const uint64_t each = 2 * profile.GetFlits(m_spec.endpoint->GetPacket()) +
                          static_cast<uint64_t>(longer / flitTime);
    return flits > each * group.links.size() + m_spec.threshold;
}

void
ReferenceFabric::Forward(Packet index)
{
    const PacketState& packet = m_packets[index];
    const Hops hops = m_fabric.GetRouting().NextHops(packet.via, packet.target, 0);
    ForwardQueue& queue = GetForwards(hops.links[0]);
    queue.packets.push_back(index);
    if (queue.packets.size() == 1)
    {
        const uint32_t first = queue.nextPort;
        // Once it has gone no port is asked on its account, which would begin a detour instead.
        for (uint32_t turn = 0; turn < queue.links.size() && !queue.packets.empty(); ++turn)
        {
            LookAtPort(queue.links[(first + turn) % queue.links.size()]);
        }
    }
}

void
ReferenceFabric::Offer(uint32_t group)
{
    if (!m_hasDetours || m_groups[group].list.empty())
    {
        return;
    }
    const uint32_t endpoint = m_topology.GetLinks()[m_groups[group].links[0]].from;
    std::vector<uint32_t>& offered = m_offered[endpoint];
    offered.push_back(group);
    if (offered.size() > 1)
    {
        return;
    }
    Schedule(m_now, endpoint, OFFER, endpoint, [this, endpoint] {
        const std::vector<uint32_t> groups = std::move(m_offered[endpoint]);
        m_offered[endpoint].clear();
        const auto links = m_topology.GetOutLinks(endpoint);
        const uint32_t first = m_nextPort[endpoint];
        for (uint32_t turn = 0; turn < links.size(); ++turn)
        {
            const uint32_t link = links[(first + turn) % links.size()];
            if (std::any_of(groups.begin(), groups.end(), [&](uint32_t g) {
                    return IsWorth(g, link);
                }))
            {
                LookAtPort(link);
            }
        }
    });
}
