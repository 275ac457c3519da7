/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "reference-fabric.h"

#include "engine/random.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::mtlink;

ReferenceFabric::ReferenceFabric(const MtlinkFabric& fabric, const Spec& spec)
    : m_fabric(fabric),
      m_topology(fabric.GetTopology()),
      m_spec(spec)
{
    for (uint32_t id = 0; id < m_topology.GetLinks().size(); ++id)
    {
        const Topology::Link& ends = m_topology.GetLinks()[id];
        const LinkProfile& profile = *fabric.GetLinkProfile(id);
        const bool hasSwitches = m_topology.GetDomains()[ends.domain].switches > 0;
        const uint32_t vcs = hasSwitches ? spec.chip->GetVcs() : spec.endpoint->GetVcs();
        const uint32_t classes = fabric.GetRouting().GetAlgorithm(ends.domain).GetVcClasses();
        LinkState link{};
        link.latency = ToTicks(profile.GetLatency());
        link.creditLatency = ToTicks(profile.GetCreditLatency());
        link.bitRate = profile.GetBitRate();
        link.flit = profile.GetFlit();
        link.toEndpoint = m_topology.IsEndpoint(ends.to);
        link.vcsPerClass = vcs / classes;
        const uint64_t buffer =
            link.toEndpoint ? spec.endpoint->GetBuffer() : spec.chip->GetBuffer();
        link.credit.assign(vcs, static_cast<uint32_t>(buffer / link.flit));
        m_links.push_back(link);
        m_hasDetours |= fabric.GetRouting().GetAlgorithm(ends.domain).IsForwarded();
    }
}

void
ReferenceFabric::Push(Event event)
{
    m_events.push_back(std::move(event));
    std::push_heap(m_events.begin(), m_events.end());
}

ReferenceFabric::Event
ReferenceFabric::Pop()
{
    std::pop_heap(m_events.begin(), m_events.end());
    Event event = std::move(m_events.back());
    m_events.pop_back();
    return event;
}

void
ReferenceFabric::Schedule(Tick at,
                          uint32_t node,
                          Turn turn,
                          uint32_t which,
                          std::function<void()> action)
{
    const uint64_t sequence = m_sequence++;
    const auto order = m_spec.tieOrders.find({at, node});
    const uint64_t tie = order == m_spec.tieOrders.end() ? uint64_t{turn} << 32 | which
                                                         : Mix(sequence ^ Mix(order->second));
    Push({at, node, true, tie, sequence, std::move(action)});
}

void
ReferenceFabric::ScheduleFree(Tick at, std::function<void()> change)
{
    Push({at, NOBODY, false, 0, m_sequence++, std::move(change)});
}

void
ReferenceFabric::Send(Tick at, const Message& message)
{
    const auto index = static_cast<uint32_t>(m_messages.size());
    m_messages.push_back({message, 0, message.bytes, message.bytes});
    m_sent.push_back(-1);
    m_delivered.push_back(-1);
    Schedule(at, message.src, SEND, index, [this, index] {
        m_messages[index].number = m_nextNumber++;
        const Tick overhead = ToTicks(m_spec.endpoint->GetMessageOverhead());
        if (overhead == 0)
        {
            Enqueue(index);
        }
        else
        {
            Schedule(m_now + overhead, m_messages[index].message.src, TIME, 0, [this, index] {
                Enqueue(index);
            });
        }
    });
}

void
ReferenceFabric::Run()
{
    // What parts at one time at several nodes is seen in one run.
    while (!m_events.empty() && (m_parting == NEVER || m_events.front().at == m_now))
    {
        const Event event = Pop();
        if (event.at > m_now)
        {
            CompareMissing(event.at);
            if (m_parting != NEVER)
            {
                return;
            }
            m_happened.clear();
            // All that happens at one time has happened: who stands still now does until the next.
            for (uint32_t link = 0; m_spec.countsStalls && link < m_links.size(); ++link)
            {
                if (IsStalled(link))
                {
                    m_links[link].stall += event.at - m_now;
                }
            }
        }
        m_now = event.at;
        if (event.isTied)
        {
            NoteTie(event.node);
        }
        event.action();
    }
    if (m_parting == NEVER)
    {
        CompareMissing(NEVER);
    }
}

void
ReferenceFabric::NoteTie(uint32_t node)
{
    if (++m_happened[node] == 2)
    {
        m_ties.push_back({m_now, node});
    }
}

void
ReferenceFabric::Follow(const std::vector<Hop>& hops)
{
    m_follows = true;
    m_expected.resize(m_links.size());
    for (const Hop& hop : hops)
    {
        m_expected[hop.link].push_back(hop);
    }
}

void
ReferenceFabric::CompareHop(const Hop& hop)
{
    if (!m_follows)
    {
        return;
    }
    std::deque<Hop>& expected = m_expected[hop.link];
    if (expected.empty() || expected.front() != hop)
    {
        m_partingNode = m_parting == NEVER ? GetSender(hop.link) : m_partingNode;
        m_parting = m_now;
        expected.clear(); // nothing can be as it should be behind it
        return;
    }
    expected.pop_front();
    ++m_shared;
}

void
ReferenceFabric::CompareMissing(Tick before)
{
    for (const std::deque<Hop>& expected : m_expected)
    {
        if (!expected.empty() && expected.front().start < std::min(before, m_parting))
        {
            m_parting = expected.front().start;
            m_partingNode = GetSender(expected.front().link);
        }
    }
}

std::vector<Hop>
ReferenceFabric::GetHops() const
{
    std::vector<Hop> hops = m_hops;
    std::sort(hops.begin(), hops.end());
    return hops;
}

Tick
ReferenceFabric::GetWireTime(const LinkState& link, bool isRounded) const
{
    // flits * flit * 8 / rate seconds, in picoseconds
    const auto bits = static_cast<unsigned __int128>(link.flits) * link.flit * 8;
    const unsigned __int128 half = isRounded ? link.bitRate / 2 + link.bitRate % 2 : 0;
    return static_cast<Tick>((bits * 1000000000000ULL + half) / link.bitRate);
}

Tick
ReferenceFabric::Transmit(uint32_t id, Packet index, Tick tailReady)
{
    LinkState& link = m_links[id];
    PacketState& packet = m_packets[index];
    if (link.freeAt < m_now)
    {
        link.origin = m_now;
        link.flits = 0;
    }
    const Tick start = std::max(link.freeAt, m_now);
    link.flits += packet.flits;
    Tick end = link.origin + GetWireTime(link, false);
    Tick endRounded = link.origin + GetWireTime(link, true);
    if (end < tailReady)
    {
        end = endRounded = link.origin = tailReady;
        link.flits = 0;
    }
    link.freeAt = end;
    Schedule(end, GetSender(id), LOOK, id, [this, id] { WireFree(id); });
    const Message& message = m_messages[packet.message].message;
    m_hops.push_back({start, id, message.src, message.dst, packet.payload});
    CompareHop(m_hops.back());

    if (link.toEndpoint)
    {
        Schedule(endRounded + link.latency, GetReceiver(id), ARRIVAL, id, [this, id, index] {
            Deliver(id, index);
        });
    }
    else
    {
        const bool isWhole = m_spec.chip->GetSwitching() == SwitchProfile::STORE_AND_FORWARD;
        packet.tailIn = end + link.latency;
        const Tick in = isWhole ? packet.tailIn : start + link.latency;
        const Tick at = in + ToTicks(m_spec.chip->GetLatency());
        Schedule(at, GetReceiver(id), ARRIVAL, id, [this, id, index] { Arrive(id, index); });
    }
    return end;
}

void
ReferenceFabric::WireFree(uint32_t id)
{
    if (m_links[id].freeAt > m_now)
    {
        return; // an output queue has filled it again
    }
    LookAgain(id);
}

void
ReferenceFabric::LookAgain(uint32_t id)
{
    if (m_topology.IsEndpoint(m_topology.GetLinks()[id].from))
    {
        LookAtPort(id);
        return;
    }
    const auto requests = GetRequests(id);
    const bool waits = std::any_of(requests.begin(), requests.end(), [this](const auto& request) {
        return m_packets[request.second].asksSince < m_now;
    });
    if (waits) // else it is looked at anew
    {
        Look(id, NOBODY);
    }
}

void
ReferenceFabric::ReturnCredit(Tick at, uint32_t id, uint32_t vc, uint32_t flits)
{
    ScheduleFree(at, [this, id, vc, flits] { m_links[id].credit[vc] += flits; });
    Schedule(at, GetSender(id), LOOK, id, [this, id] { CreditBack(id); });
}

void
ReferenceFabric::CreditBack(uint32_t id)
{
    LookAgain(id);
}

// Switches

void
ReferenceFabric::Arrive(uint32_t in, Packet index)
{
    PacketState& packet = m_packets[index];
    const uint32_t node = m_topology.GetLinks()[in].to;
    const Hops hops = m_fabric.GetRouting().NextHops(node, packet.target, packet.vcClass);
    const uint64_t hash = Mix(packet.flow ^ (static_cast<uint64_t>(node) << 32));
    packet.out = hops.links[hash % hops.links.size()];
    packet.outClass = hops.vcClass;
    const uint32_t vcs = m_links[packet.out].vcsPerClass;
    packet.outVc = hops.vcClass * vcs + packet.flow % vcs;
    std::deque<Packet>& queue = GetQueue(in, index);
    queue.push_back(index);
    if (queue.size() == 1)
    {
        packet.asksSince = m_now;
        // When all that comes in now is there.
        const uint32_t out = packet.out;
        Schedule(m_now, node, LOOK_ANEW, out, [this, out] { Look(out, NOBODY); });
    }
}

std::deque<ReferenceFabric::Packet>&
ReferenceFabric::GetQueue(uint32_t in, Packet index)
{
    const PacketState& packet = m_packets[index];
    if (m_spec.chip->GetQueueing() == SwitchProfile::VOQ)
    {
        return m_links[in].queues[{packet.out, packet.outVc}];
    }
    return m_links[in].queues[{0, packet.vc}];
}

std::vector<std::pair<ReferenceFabric::Requester, ReferenceFabric::Packet>>
ReferenceFabric::GetRequests(uint32_t out) const
{
    std::vector<std::pair<Requester, Packet>> requests;
    const uint32_t node = m_topology.GetLinks()[out].from;
    const auto outLinks = m_topology.GetOutLinks(node);
    for (uint32_t port = 0; port < outLinks.size(); ++port)
    {
        for (const auto& [key, queue] : m_links[Topology::Reverse(outLinks[port])].queues)
        {
            if (!queue.empty() && m_packets[queue.front()].out == out)
            {
                requests.push_back({{port, key.second}, queue.front()});
            }
        }
    }
    std::sort(requests.begin(), requests.end());
    const auto first = std::lower_bound(requests.begin(),
                                        requests.end(),
                                        std::pair<Requester, Packet>{m_links[out].next, 0});
    std::rotate(requests.begin(), first, requests.end());
    return requests;
}

Tick
ReferenceFabric::GetAcceptTime(uint32_t out, Packet index) const
{
    const LinkState& link = m_links[out];
    if (m_spec.chip->GetOutputSpeedup() == 1)
    {
        return link.freeAt > m_now ? NEVER : m_now; // the event of the wire brings us back
    }
    if (link.busyLanes >= m_spec.chip->GetOutputSpeedup())
    {
        return NEVER; // so does the lane's
    }
    // What the wire has still to send is in the queue.
    const uint64_t flits = m_spec.chip->GetOutputBuffer() / link.flit - m_packets[index].flits;
    const auto bits = static_cast<long double>(flits) * link.flit * 8;
    return std::max(m_now, link.freeAt - static_cast<Tick>(bits * 1e12L / link.bitRate));
}

void
ReferenceFabric::Look(uint32_t out, uint32_t onBehalfOf)
{
    while (Grant(out, onBehalfOf))
    {
    }
}

bool
ReferenceFabric::Grant(uint32_t out, uint32_t onBehalfOf)
{
    LinkState& output = m_links[out];
    const uint32_t node = m_topology.GetLinks()[out].from;
    for (const auto& [requester, index] : GetRequests(out))
    {
        PacketState& packet = m_packets[index];
        const Tick accept = GetAcceptTime(out, index);
        if (accept > m_now)
        {
            if (accept != NEVER && m_looks.insert({accept, out}).second)
            {
                Schedule(accept, node, LOOK, out, [this, out] { Look(out, NOBODY); });
            }
            continue;
        }
        if (output.credit[packet.outVc] < packet.flits)
        {
            continue;
        }
        const uint32_t in = Topology::Reverse(m_topology.GetOutLinks(node)[requester.first]);
        LinkState& input = m_links[in];
        if (input.readLanes >= m_spec.chip->GetInputSpeedup() ||
            (!input.losers.empty() && in != onBehalfOf))
        {
            if (std::find(input.losers.begin(), input.losers.end(), out) == input.losers.end())
            {
                input.losers.push_back(out);
            }
            continue;
        }

        std::deque<Packet>& queue = GetQueue(in, index);
        queue.pop_front();
        if (!queue.empty())
        {
            m_packets[queue.front()].asksSince = m_now;
        }
        if (!queue.empty() && m_packets[queue.front()].out != out)
        {
            const uint32_t other = m_packets[queue.front()].out;
            Schedule(m_now, node, LOOK_ANEW, other, [this, other] { Look(other, NOBODY); });
        }
        output.next = {requester.first, requester.second + 1};
        output.credit[packet.outVc] -= packet.flits;
        const uint32_t inVc = packet.vc;
        packet.vc = packet.outVc;
        packet.vcClass = packet.outClass;
        const Tick tailReady = packet.tailIn + ToTicks(m_spec.chip->GetLatency());
        Tick through = Transmit(out, index, tailReady);
        if (m_spec.chip->GetOutputSpeedup() > 1)
        {
            const auto bits = static_cast<unsigned __int128>(packet.flits) * output.flit * 8;
            const auto time = static_cast<Tick>(bits * 1000000000000ULL / output.bitRate);
            through = std::max(tailReady, m_now + time);
            ++output.busyLanes;
            ScheduleFree(through, [this, out] { --m_links[out].busyLanes; });
            Schedule(through, node, LOOK, out, [this, out] { Look(out, NOBODY); });
        }
        ++input.readLanes;
        ScheduleFree(through, [this, in] { --m_links[in].readLanes; });
        Schedule(through, node, LANE, in, [this, in] { LaneFree(in); });
        ReturnCredit(through + input.creditLatency, in, inVc, packet.flits);
        return true;
    }
    return false;
}

void
ReferenceFabric::LaneFree(uint32_t in)
{
    LinkState& input = m_links[in];
    std::deque<uint32_t> losers(input.losers.begin(), input.losers.end());
    input.losers.clear();
    while (!losers.empty() && input.readLanes < m_spec.chip->GetInputSpeedup())
    {
        const uint32_t out = losers.front();
        losers.pop_front();
        Look(out, in);
    }
    // Who was not asked stays ahead of who has lost again.
    for (const uint32_t out : input.losers)
    {
        if (std::find(losers.begin(), losers.end(), out) == losers.end())
        {
            losers.push_back(out);
        }
    }
    input.losers.assign(losers.begin(), losers.end());
}

// Endpoints

void
ReferenceFabric::Deliver(uint32_t id, Packet index)
{
    PacketState& packet = m_packets[index];
    if (packet.via != NOBODY)
    {
        packet.cameBy = id;
        const Tick latency = ToTicks(m_spec.endpoint->GetForwardLatency());
        if (latency == 0)
        {
            Forward(index);
        }
        else
        {
            Schedule(m_now + latency, packet.via, TIME, 0, [this, index] { Forward(index); });
        }
        return;
    }
    ReturnCredit(m_now + m_links[id].creditLatency, id, packet.vc, packet.flits);
    MessageState& message = m_messages[packet.message];
    const uint32_t queue = m_queueOf.at({message.message.src, message.message.dst});
    const Tick heard = m_now + GetIdleLatency(message.message.dst, message.message.src);
    ScheduleFree(heard,
                 [this, queue, bytes = packet.payload] { m_queues[queue].inFlight -= bytes; });
    Schedule(heard, message.message.src, TIME, queue, [this, queue] { OpenWindow(queue); });
    message.toDeliver -= packet.payload;
    if (message.toDeliver == 0)
    {
        m_delivered[packet.message] = m_now;
    }
}

void
ReferenceFabric::Enqueue(uint32_t message)
{
    const uint32_t src = m_messages[message].message.src;
    const uint32_t dst = m_messages[message].message.dst;
    const auto [entry, isNew] =
        m_queueOf.try_emplace({src, dst}, static_cast<uint32_t>(m_queues.size()));
    if (isNew)
    {
        const Hops hops = m_fabric.GetRouting().NextHops(src, dst, 0);
        const std::vector<uint32_t> links(hops.links.begin(), hops.links.end());
        const auto [group, isNewGroup] =
            m_groupOf.try_emplace(links, static_cast<uint32_t>(m_groups.size()));
        if (isNewGroup)
        {
            m_groups.push_back({links, hops.vcClass, {}});
            m_groupsOf[src].push_back(group->second);
            for (const uint32_t link : links)
            {
                m_groupsOfPort[link].push_back(group->second);
            }
        }
        m_queues.push_back({src, dst, group->second, {}});
    }
    SendQueue& queue = m_queues[entry->second];
    queue.messages.push_back(message);
    if (queue.messages.size() == 1)
    {
        List(entry->second);
        ServeGroup(queue.group);
    }
    Offer(queue.group);
}

void
ReferenceFabric::List(uint32_t index)
{
    SendQueue& queue = m_queues[index];
    if (queue.isListed || queue.hasNoWindow || queue.messages.empty())
    {
        return;
    }
    std::deque<uint32_t>& list = m_groups[queue.group].list;
    auto place = list.end();
    if (m_spec.endpoint->GetService() == EndpointProfile::IN_ORDER)
    {
        place = std::find_if(list.begin(), list.end(), [&](uint32_t other) {
            return m_messages[m_queues[other].messages.front()].number >
                   m_messages[queue.messages.front()].number;
        });
    }
    list.insert(place, index);
    queue.isListed = true;
}

void
ReferenceFabric::ServeGroup(uint32_t index)
{
    const std::vector<uint32_t> links = m_groups[index].links;
    const uint32_t first = m_groups[index].nextPort;
    for (uint32_t turn = 0; turn < links.size() && !m_groups[index].list.empty(); ++turn)
    {
        LookAtPort(links[(first + turn) % links.size()]);
    }
}

void
ReferenceFabric::LookAtPort(uint32_t id)
{
    if (m_hasDetours)
    {
        ServeDetourPort(id);
        return;
    }
    for (const uint32_t group : m_groupsOfPort[id])
    {
        std::vector<bool> lacks(m_links[id].credit.size());
        ServePort(group, id, lacks);
    }
}

bool
ReferenceFabric::ServePort(uint32_t groupIndex, uint32_t id, std::vector<bool>& lacks, uint32_t via)
{
    Group& group = m_groups[groupIndex];
    LinkState& link = m_links[id];
    if (link.freeAt > m_now)
    {
        return false;
    }
    const uint8_t vcClass = via == NOBODY ? group.vcClass : 0;
    for (std::size_t i = 0; i < group.list.size();)
    {
        SendQueue& queue = m_queues[group.list[i]];
        const uint32_t flow = GetFlow(queue);
        const uint64_t payload = GetPayload(queue);
        const uint32_t vc = vcClass * link.vcsPerClass + flow % link.vcsPerClass;
        const uint32_t flits = m_fabric.GetLinkProfile(id)->GetFlits(payload);
        // Whoever stands behind one who waits for the same VC is not asked, nor steps out.
        const bool allLack = std::all_of(lacks.begin() + vcClass * link.vcsPerClass,
                                         lacks.begin() + (vcClass + 1) * link.vcsPerClass,
                                         [](bool lacking) { return lacking; });
        if (allLack)
        {
            return false;
        }
        if (!HasWindow(queue))
        {
            queue.hasNoWindow = true;
            queue.isListed = false;
            group.list.erase(group.list.begin() + static_cast<std::ptrdiff_t>(i));
            continue;
        }
        if (lacks[vc] || link.credit[vc] < flits)
        {
            lacks[vc] = true;
            ++i;
            continue;
        }
        const uint32_t queueIndex = group.list[i];
        group.list.erase(group.list.begin() + static_cast<std::ptrdiff_t>(i));
        queue.isListed = false;
        group.nextPort = (group.nextPort + 1) % static_cast<uint32_t>(group.links.size());
        ++queue.packets;
        queue.inFlight += payload;
        link.credit[vc] -= flits;
        PacketState packet{};
        packet.message = queue.messages.front();
        packet.target = queue.destination;
        packet.flow = flow;
        packet.payload = payload;
        packet.flits = flits;
        packet.vc = vc;
        packet.vcClass = vcClass;
        packet.via = via;
        m_packets.push_back(packet);
        const Tick end = Transmit(id, static_cast<Packet>(m_packets.size() - 1), m_now);
        m_sent[packet.message] = std::max(m_sent[packet.message], end);
        MessageState& message = m_messages[packet.message];
        message.toSend -= payload;
        if (message.toSend == 0)
        {
            queue.messages.pop_front();
        }
        List(queueIndex);
        Offer(groupIndex);
        // Another packet leads now: it may go where the one before could not.
        for (uint32_t turn = 0; turn < group.links.size(); ++turn)
        {
            const uint32_t other = group.links[(group.nextPort + turn) % group.links.size()];
            if (other != id)
            {
                Schedule(m_now, queue.endpoint, LOOK, other, [this, other] { LookAtPort(other); });
            }
        }
        return true;
    }
    return false;
}

bool
ReferenceFabric::HasWindow(const SendQueue& queue) const
{
    const uint64_t window = m_spec.endpoint->GetWindow();
    return window == 0 || queue.inFlight == 0 || queue.inFlight + GetPayload(queue) <= window;
}

void
ReferenceFabric::OpenWindow(uint32_t index)
{
    SendQueue& queue = m_queues[index];
    if (queue.hasNoWindow && HasWindow(queue))
    {
        queue.hasNoWindow = false;
        List(index);
        ServeGroup(queue.group);
        Offer(queue.group);
    }
}

uint32_t
ReferenceFabric::GetFlow(const SendQueue& queue) const
{
    const Message& message = m_messages[queue.messages.front()].message;
    uint64_t hash =
        Mix(Mix(m_spec.seed) ^ (static_cast<uint64_t>(message.src) << 32 | message.dst));
    hash = Mix(hash ^ message.flow);
    return static_cast<uint32_t>(m_spec.sprayed ? Mix(hash + queue.packets) : hash);
}

uint64_t
ReferenceFabric::GetPayload(const SendQueue& queue) const
{
    return std::min<uint64_t>(m_messages[queue.messages.front()].toSend,
                              m_spec.endpoint->GetPacket());
}

Tick
ReferenceFabric::GetIdleLatency(uint32_t src, uint32_t dst) const
{
    Tick latency = 0;
    uint8_t vcClass = 0;
    for (uint32_t node = src; node != dst;)
    {
        const Hops hops = m_fabric.GetRouting().NextHops(node, dst, vcClass);
        vcClass = hops.vcClass;
        latency += m_links[hops.links[0]].latency;
        node = m_topology.GetLinks()[hops.links[0]].to;
        latency += m_topology.IsEndpoint(node) ? 0 : ToTicks(m_spec.chip->GetLatency());
    }
    return latency;
}

// Stalls

bool
ReferenceFabric::IsStalled(uint32_t id) const
{
    const LinkState& link = m_links[id];
    if (link.freeAt > m_now)
    {
        return false;
    }
    if (m_topology.IsEndpoint(m_topology.GetLinks()[id].from))
    {
        const auto groups = m_groupsOfPort.find(id);
        const Topology::Link& ends = m_topology.GetLinks()[id];
        const auto forwards = m_forwards.find({ends.from, ends.to});
        if (forwards != m_forwards.end() && !forwards->second.packets.empty())
        {
            return true;
        }
        if (groups == m_groupsOfPort.end())
        {
            return false;
        }
        // What could go would have gone: who has an open window waits for credit.
        return std::any_of(groups->second.begin(), groups->second.end(), [&](uint32_t group) {
            const auto& list = m_groups[group].list;
            return std::any_of(list.begin(), list.end(), [&](uint32_t queue) {
                return HasWindow(m_queues[queue]);
            });
        });
    }
    const auto requests = GetRequests(id);
    return !requests.empty() &&
           std::all_of(requests.begin(), requests.end(), [&](const auto& request) {
               const PacketState& packet = m_packets[request.second];
               return link.credit[packet.outVc] < packet.flits;
           });
}
