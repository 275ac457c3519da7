/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/endpoints.h"

#include "engine/random.h"

#include "ns3/abort.h"
#include "ns3/assert.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

Endpoints::Endpoints(EventClock& clock,
                     PacketPool& pool,
                     Links& links,
                     const Routing& routing,
                     Ptr<const EndpointProfile> profile,
                     LatencyFunction latency,
                     uint32_t seed)
    : m_clock(clock),
      m_pool(pool),
      m_links(links),
      m_routing(routing),
      m_profile(profile),
      m_latency(std::move(latency)),
      m_seed(Mix(seed)),
      m_inOrder(profile->GetService() == EndpointProfile::IN_ORDER),
      m_packetSize(profile->GetPacket()),
      m_window(static_cast<uint32_t>(std::min<uint64_t>(profile->GetWindow(), UINT32_MAX)))
{
    if (profile->GetReorderBuffer() != 0)
    {
        m_reorder = std::make_unique<ReorderBuffers>(pool);
    }
}

void
Endpoints::AddPort(const PortSpec& spec)
{
    m_ports.resize(m_links.GetSize());
    Port& port = m_ports[spec.link];
    port.layout = spec.layout;
    port.sprayed = spec.sprayed;
    port.controlled = spec.controlled;
    if (spec.rules)
    {
        const uint32_t classes = spec.rules->classes;
        port.classes = std::make_unique<PortClasses>(
            PortClasses{ClassScheduler(*spec.rules), std::vector<PortTurns>(classes)});
        m_classCounters.resize(classes);
    }
}

void
Endpoints::Send(const Message& message, MessageClient* client, uint64_t cookie)
{
    NS_ASSERT_MSG(message.src != message.dst && message.bytes > 0,
                  "a message goes from one endpoint to another and has a payload");
    NS_ABORT_MSG_IF(message.trafficClass >= std::max<std::size_t>(m_classCounters.size(), 1),
                    "a message's traffic class is one of the fabric's");
    const uint32_t queue = GetQueue(message.src, message.dst, false, message.trafficClass);
    const uint32_t index = MakeMessage({message.bytes,
                                        message.bytes,
                                        client,
                                        cookie,
                                        m_nextNumber++,
                                        m_clock.Now(),
                                        0,
                                        message.src,
                                        message.dst,
                                        message.flow,
                                        0,
                                        queue,
                                        NO_MESSAGE,
                                        false});
    const Time overhead = m_profile->GetMessageOverhead();
    if (overhead.IsZero())
    {
        Enqueue(index);
    }
    else
    {
        ScheduleEvent(m_clock.Now() + ToTicks(overhead), START_MESSAGE, index);
    }
}

uint32_t
Endpoints::MakeMessage(const MessageState& state)
{
    uint32_t index = m_freeMessage;
    if (index == NO_MESSAGE)
    {
        index = static_cast<uint32_t>(m_messages.size());
        m_messages.emplace_back();
    }
    else
    {
        m_freeMessage = m_messages[index].next;
    }
    m_messages[index] = state;
    return index;
}

uint32_t
Endpoints::OpenStream(const StreamSpec& spec)
{
    const auto [entry, isNew] = m_streamGroup.try_emplace({spec.link, spec.trafficClass},
                                                          static_cast<uint32_t>(m_groups.size()));
    if (isNew)
    {
        m_streamLinks.push_back(spec.link);
        m_groups.push_back({{&m_streamLinks.back(), 1}, 0, spec.trafficClass});
        JoinPort(spec.link, entry->second);
    }
    SendQueue queue{};
    queue.endpoint = spec.endpoint;
    queue.target = spec.endpoint;
    queue.group = entry->second;
    queue.kind = spec.kind;
    queue.vc = spec.vc;
    queue.trafficClass = spec.trafficClass;
    queue.via = spec.via;
    queue.window = spec.window > 0 ? m_windows.Open(spec.window) : NO_WINDOW;
    m_queues.push_back(queue);
    return static_cast<uint32_t>(m_queues.size() - 1);
}

uint32_t
Endpoints::SendOnStream(uint32_t stream,
                        uint64_t bytes,
                        uint32_t distributor,
                        MessageClient* client,
                        uint64_t cookie)
{
    const uint32_t endpoint = m_queues[stream].endpoint;
    // Its packets are numbered through all messages of the stream, as the tree's contexts are.
    const uint32_t index = MakeMessage({bytes,
                                        bytes,
                                        client,
                                        cookie,
                                        m_nextNumber++,
                                        m_clock.Now(),
                                        0,
                                        endpoint,
                                        endpoint,
                                        0,
                                        0,
                                        stream,
                                        NO_MESSAGE,
                                        false,
                                        false,
                                        distributor});
    Enqueue(index);
    return index;
}

void
Endpoints::AcknowledgeOnStream(uint32_t stream, Tick at)
{
    if (HasWindow(m_queues[stream]))
    {
        const Tick open = m_windows.Return(m_queues[stream].window, 1, at);
        if (open != NEVER)
        {
            ScheduleEvent(open, OPEN_WINDOW, stream);
        }
    }
}

void
Endpoints::CloseStreamMessage(uint32_t message)
{
    m_messages[message].toDeliver = 0;
    if (m_messages[message].sent)
    {
        Free(message);
    }
}

uint32_t
Endpoints::GetQueue(uint32_t endpoint, uint32_t destination, bool isRelay, uint32_t trafficClass)
{
    static_assert(MOST_TRAFFIC_CLASSES <= 16, "a class has 4 bits of the key");
    const uint64_t key = (static_cast<uint64_t>(endpoint) << 37) |
                         (static_cast<uint64_t>(destination) << 5) | (trafficClass << 1) |
                         (isRelay ? 1 : 0);
    const auto [entry, isNew] = m_queueOf.try_emplace(key, static_cast<uint32_t>(m_queues.size()));
    if (isNew)
    {
        SendQueue queue{};
        queue.endpoint = endpoint;
        queue.target = m_routing.GetLegEnd(endpoint, destination);
        queue.group = GetGroup(endpoint, queue.target, trafficClass);
        queue.isRelay = isRelay;
        queue.trafficClass = static_cast<uint8_t>(trafficClass);
        if (m_window != 0 && !isRelay)
        {
            queue.window = m_windows.Open(m_window);
        }
        if (m_control && m_groups[queue.group].controlled)
        {
            queue.flow = m_control->AddFlow(m_path(endpoint, queue.target));
        }
        if (HasWindow(queue) || queue.flow != NO_CONTROL)
        {
            queue.acknowledgement = m_latency(queue.target, endpoint);
        }
        m_queues.push_back(queue);
    }
    return entry->second;
}

uint32_t
Endpoints::GetGroup(uint32_t endpoint, uint32_t target, uint32_t trafficClass)
{
    const Hops hops = m_routing.NextHops(endpoint, target, 0);
    if (m_groupsOf.size() <= endpoint)
    {
        m_groupsOf.resize(endpoint + 1);
    }
    for (const uint32_t group : m_groupsOf[endpoint])
    {
        if (m_groups[group].links.data() == hops.links.data() &&
            m_groups[group].links.size() == hops.links.size() &&
            m_groups[group].trafficClass == trafficClass)
        {
            return group;
        }
    }
    const auto group = static_cast<uint32_t>(m_groups.size());
    m_groups.push_back({hops.links, hops.vcClass, static_cast<uint8_t>(trafficClass)});
    m_groupsOf[endpoint].push_back(group);
    for (const uint32_t link : hops.links)
    {
        JoinPort(link, group);
        m_groups[group].controlled |= m_ports[link].controlled;
    }
    return group;
}

void
Endpoints::JoinPort(uint32_t link, uint32_t group)
{
    Port& port = m_ports[link];
    PortTurns& turns =
        port.classes ? port.classes->turns[m_groups[group].trafficClass] : port.turns;
    turns.groups.push_back(group);
}

void
Endpoints::Enqueue(uint32_t index)
{
    MessageState& message = m_messages[index];
    SendQueue& queue = m_queues[message.queue];
    if (queue.firstMessage == NO_MESSAGE)
    {
        queue.firstMessage = index;
    }
    else
    {
        m_messages[queue.lastMessage].next = index;
    }
    queue.lastMessage = index;
    if (queue.state == SendQueue::EMPTY)
    {
        Wake(message.queue);
    }
    if (m_detours) [[unlikely]]
    {
        OfferDetours(queue.group);
    }
}

void
Endpoints::Wake(uint32_t index)
{
    Activate(index);
    ServeGroup(m_queues[index].group);
}

void
Endpoints::Activate(uint32_t index)
{
    SendQueue& queue = m_queues[index];
    PortGroup& group = m_groups[queue.group];
    queue.state = SendQueue::ACTIVE;
    uint32_t before = group.IsEmpty() ? NO_QUEUE : group.last;
    if (m_inOrder && before != NO_QUEUE && !IsOlder(before, index))
    {
        before = NO_QUEUE;
        for (uint32_t q = group.first; IsOlder(q, index); q = m_queues[q].nextActive)
        {
            before = q;
        }
    }
    if (before == NO_QUEUE)
    {
        queue.nextActive = group.first;
        group.last = group.IsEmpty() ? index : group.last;
        group.first = index;
        return;
    }
    queue.nextActive = m_queues[before].nextActive;
    m_queues[before].nextActive = index;
    group.last = before == group.last ? index : group.last;
}

bool
Endpoints::IsOlder(uint32_t a, uint32_t b) const
{
    const auto getNumber = [this](const SendQueue& queue) {
        return queue.isRelay ? m_messages[m_pool[queue.relayed.head].message].number
                             : m_messages[queue.firstMessage].number;
    };
    return getNumber(m_queues[a]) < getNumber(m_queues[b]);
}

void
Endpoints::ServeGroup(uint32_t index)
{
    const std::span<const uint32_t> links = m_groups[index].links;
    const auto ports = static_cast<uint32_t>(links.size());
    const uint32_t first = m_groups[index].nextPort;
    for (uint32_t turn = 0; turn < ports && !m_groups[index].IsEmpty(); ++turn)
    {
        const uint32_t port = first + turn < ports ? first + turn : first + turn - ports;
        ServePort(links[port]);
    }
}

void
Endpoints::ServePort(uint32_t link)
{
    Port& port = m_ports[link];
    uint64_t lacking = 0;
    uint32_t flits = 0;
    if (port.stream.IsOn()) [[unlikely]]
    {
        EndStream(link); // another queue has come, and is to have its turn
    }
    if (port.detours && IsForwardTurn(link) && ServeForwards(link, lacking)) [[unlikely]]
    {
        return;
    }
    const Turn turn =
        port.classes ? ServeClasses(link, lacking) : ServeTurns(port.turns, link, lacking, flits);
    if (turn == Turn::SENT)
    {
        const bool more =
            port.classes ? std::any_of(port.classes->turns.begin(),
                                       port.classes->turns.end(),
                                       [this](const PortTurns& turns) { return HasMore(turns); })
                         : HasMore(port.turns);
        if ((more || port.detours) && !BeginStream(link))
        {
            LookAtPort(link, m_links.GetFreeAt(link));
        }
        if (port.detours) [[unlikely]]
        {
            NotePassing(link);
        }
        return;
    }
    if (turn == Turn::BUSY)
    {
        return;
    }
    if (port.detours && (ServeForwards(link, lacking) || BeginDetour(link))) [[unlikely]]
    {
        return;
    }
    if (lacking != 0)
    {
        m_links.BeginStall(link, static_cast<uint32_t>(lacking));
    }
    else
    {
        m_links.EndStall(link, 0); // what waited waits for its window, or has left by another port
    }
}

Endpoints::Turn
Endpoints::ServeClasses(uint32_t link, uint64_t& lacking)
{
    PortClasses& classes = *m_ports[link].classes;
    const ClassScheduler::Order order = classes.scheduler.GetOrder();
    for (uint32_t rank = 0; rank < classes.scheduler.GetClasses(); ++rank)
    {
        uint32_t flits = 0;
        const Turn turn = ServeTurns(classes.turns[order[rank]], link, lacking, flits);
        if (turn == Turn::SENT)
        {
            classes.scheduler.Served(order[rank], flits);
        }
        if (turn != Turn::IDLE)
        {
            return turn;
        }
    }
    return Turn::IDLE;
}

inline Endpoints::Turn
Endpoints::ServeTurns(PortTurns& turns, uint32_t link, uint64_t& lacking, uint32_t& flits)
{
    const auto count = static_cast<uint32_t>(turns.groups.size());
    for (uint32_t turn = 0; turn < count; ++turn)
    {
        const uint32_t group = (turns.nextGroup + turn) % count;
        if (m_groups[turns.groups[group]].IsEmpty())
        {
            continue;
        }
        if (m_links.GetFreeAt(link) > m_clock.Now())
        {
            LookAtPort(link, m_links.GetFreeAt(link));
            return Turn::BUSY;
        }
        flits = ServeGroupAt(turns.groups[group], link, lacking);
        if (flits > 0)
        {
            turns.nextGroup = group + 1;
            return Turn::SENT;
        }
        m_groups[turns.groups[group]].stalled |= lacking != 0;
    }
    return Turn::IDLE;
}

inline bool
Endpoints::HasMore(const PortTurns& turns) const
{
    return std::any_of(turns.groups.begin(), turns.groups.end(), [this](uint32_t group) {
        return !m_groups[group].IsEmpty();
    });
}

uint32_t
Endpoints::ServeGroupAt(uint32_t groupIndex, uint32_t link, uint64_t& lacking, uint32_t via)
{
    PortGroup& group = m_groups[groupIndex];
    const Port& port = m_ports[link];
    const Tick now = m_clock.Now();
    const uint32_t vcClass = via == NO_VIA ? group.vcClass : m_detours->ports[link].spec.vcClass;
    const uint32_t firstVc = port.layout.GetFirst(group.trafficClass, vcClass);
    const uint64_t allVcs = ((1ULL << port.layout.vcsPerClass) - 1) << firstVc;
    uint32_t before = NO_QUEUE;
    uint32_t index = group.first;
    while (index != NO_QUEUE && (lacking & allVcs) != allVcs)
    {
        SendQueue& queue = m_queues[index];
        const uint32_t after = queue.nextActive;
        if (queue.readyFor == link && (lacking >> queue.readyVc & 1) != 0 && via == NO_VIA)
        {
            before = index; // as below, which would read its message and window once more
            index = after;
            continue;
        }
        const uint32_t payload = GetNextPayload(queue);
        if ((HasWindow(queue) || queue.flow != NO_CONTROL) && !MaySend(index))
        {
            Unlink(group, before, index);
            queue.state = SendQueue::WAITING;
            index = after;
            continue;
        }
        const uint32_t flow = GetNextFlow(queue, port);
        const uint32_t vc = firstVc + flow % port.layout.vcsPerClass;
        const uint32_t flits = m_links.GetFlits(link, payload);
        // Within a VC nobody passes one who waits for credit, however short his packet.
        if ((lacking >> vc & 1) == 0 && m_links.HasCredit(link, vc, flits))
        {
            Unlink(group, before, index);
            queue.state = SendQueue::EMPTY;
            SendPacket(index, link, flow, static_cast<uint8_t>(vc), via);
            group.nextPort = (group.nextPort + 1) % static_cast<uint32_t>(group.links.size());
            if (group.lacksDetour) [[unlikely]]
            {
                group.lacksDetour = false;
                OfferDetours(groupIndex); // another packet leads now, as below
            }
            if (group.stalled && !group.IsEmpty())
            {
                // Another packet leads now: it may fit where the one before did not.
                for (std::size_t turn = 0; turn < group.links.size(); ++turn)
                {
                    const uint32_t other =
                        group.links[(group.nextPort + turn) % group.links.size()];
                    if (m_links.GetFreeAt(other) <= now)
                    {
                        LookAtPort(other, now);
                    }
                }
            }
            return flits;
        }
        if ((lacking >> vc & 1) == 0)
        {
            lacking |= 1ULL << vc;
            const Tick at = m_links.AskCredit(link, vc, flits);
            if (at != NEVER)
            {
                LookAtPort(link, at);
            }
        }
        if (queue.flow == NO_CONTROL && via == NO_VIA)
        {
            queue.readyFor = link;
            queue.readyVc = static_cast<uint8_t>(vc);
        }
        before = index;
        index = after;
    }
    return 0;
}

void
Endpoints::Unlink(PortGroup& group, uint32_t before, uint32_t index)
{
    const uint32_t after = m_queues[index].nextActive;
    (before == NO_QUEUE ? group.first : m_queues[before].nextActive) = after;
    group.last = group.last == index ? before : group.last;
}

uint32_t
Endpoints::GetNextPayload(const SendQueue& queue) const
{
    return queue.isRelay
               ? m_pool[queue.relayed.head].payload
               : static_cast<uint32_t>(
                     std::min<uint64_t>(m_messages[queue.firstMessage].toSend, m_packetSize));
}

uint32_t
Endpoints::GetNextFlow(const SendQueue& queue, const Port& port) const
{
    if (queue.kind != UNICAST)
    {
        return queue.vc; // all on one VC: a tree's packets keep their order
    }
    const MessageState& message =
        m_messages[queue.isRelay ? m_pool[queue.relayed.head].message : queue.firstMessage];
    uint64_t hash = Mix(m_seed ^ (static_cast<uint64_t>(message.src) << 32 | message.dst));
    hash = Mix(hash ^ message.flow);
    return static_cast<uint32_t>(port.sprayed ? Mix(hash + queue.packets) : hash);
}

uint32_t
Endpoints::MakePacket(uint32_t queueIndex, uint32_t payload, Tick at)
{
    const uint32_t index = m_pool.Allocate();
    const SendQueue& queue = m_queues[queueIndex];
    Packet& packet = m_pool[index];
    packet.injected = at;
    packet.message = queue.firstMessage;
    packet.sequence = m_messages[queue.firstMessage].packets++;
    packet.trafficClass = queue.trafficClass;
    packet.congested = 0;
    packet.payload = payload;
    packet.kind = queue.kind;
    return index;
}

void
Endpoints::Address(SendQueue& queue, Packet& packet, uint32_t flow, uint32_t flits, uint8_t vc)
{
    packet.target = queue.target;
    packet.via = queue.via;
    if (queue.kind != UNICAST) [[unlikely]]
    {
        packet.target = m_messages[queue.firstMessage].distributor;
        packet.sequence = queue.packets;
    }
    packet.hasOutCredit = 0;
    packet.flow = flow;
    packet.flits = flits;
    packet.vc = vc;
    packet.vcClass = m_groups[queue.group].vcClass;
    queue.readyFor = SendQueue::NO_LINK;
    ++queue.packets;
    if (HasWindow(queue))
    {
        m_windows.Take(queue.window, GetWindowPart(queue, packet.payload));
    }
}

void
Endpoints::SendPacket(uint32_t queueIndex, uint32_t link, uint32_t flow, uint8_t vc, uint32_t via)
{
    const Tick now = m_clock.Now();
    const uint32_t payload = GetNextPayload(m_queues[queueIndex]);
    const bool isRelay = m_queues[queueIndex].isRelay;
    const uint32_t index =
        isRelay ? m_queues[queueIndex].relayed.Pop(m_pool) : MakePacket(queueIndex, payload, now);
    SendQueue& queue = m_queues[queueIndex];
    Packet& packet = m_pool[index];
    const uint32_t cameBy = packet.out;
    const uint8_t cameOn = packet.vc;
    const Tick cameAt = packet.tailIn;
    Address(queue, packet, flow, m_links.GetFlits(link, payload), vc);
    if (via != NO_VIA) [[unlikely]]
    {
        packet.via = via;
        packet.vcClass = m_detours->ports[link].spec.vcClass;
    }
    if (m_control) [[unlikely]]
    {
        NoteSent(queueIndex, index);
    }
    m_links.TakeCredit(link, vc, packet.flits);
    const Tick lastBit = m_links.Transmit(link, index, now);
    if (queue.isForward) [[unlikely]]
    {
        // As in a switch its room is free when it has left.
        const Tick ready = cameAt + ToTicks(m_profile->GetForwardLatency());
        m_links.ReturnCredit(cameBy, cameOn, packet.flits, lastBit, {link, vc, ready});
    }

    if (!isRelay)
    {
        MessageState& message = m_messages[queue.firstMessage];
        message.toSend -= payload;
        message.lastTail = std::max(message.lastTail, lastBit);
        if (message.toSend == 0)
        {
            ScheduleEvent(message.lastTail, END_SENDING, queue.firstMessage);
            queue.firstMessage = message.next;
        }
    }
    if (!queue.IsEmpty())
    {
        Activate(queueIndex);
        return;
    }
    // Ports that wait for credit have nothing to send any more: another port was quicker.
    PortGroup& group = m_groups[queue.group];
    if (group.stalled && group.IsEmpty())
    {
        group.stalled = false;
        for (const uint32_t other : group.links)
        {
            m_links.EndStall(other, vc);
            const bool mayWait = m_ports[other].classes || m_ports[other].detours;
            if (mayWait && m_links.GetFreeAt(other) <= now)
            {
                LookAtPort(other, now); // another traffic class, or what it forwards, may wait
            }
        }
    }
}

void
Endpoints::Arrive(uint32_t link, uint32_t index)
{
    const Packet& packet = m_pool[index];
    const Tick now = m_clock.Now();
    if (m_detours && packet.via != NO_VIA && m_ports[link].detours) [[unlikely]]
    {
        TakeDetour(link, index);
        return;
    }
    m_links.ReturnCredit(link, packet.vc, packet.flits, now);
    if (packet.kind != UNICAST) [[unlikely]]
    {
        DeliverFromGroup(index);
        return;
    }
    if (m_control) [[unlikely]]
    {
        NoteEnd(index, false);
    }
    if (packet.target == m_messages[packet.message].dst)
    {
        if (m_reorder && !m_messages[packet.message].lost)
        {
            for (const uint32_t next : m_reorder->Accept(packet.target, index, now))
            {
                Acknowledge(m_pool[next]);
                Deliver(next);
            }
            return;
        }
        Acknowledge(packet);
        Deliver(index);
        return;
    }
    Acknowledge(packet);
    ++m_counters.packetsRelayed;
    const Time latency = m_profile->GetRelayLatency();
    if (latency.IsZero())
    {
        Relay(index);
    }
    else
    {
        ScheduleEvent(now + ToTicks(latency), RELAY_PACKET, index);
    }
}

void
Endpoints::Acknowledge(const Packet& packet)
{
    const MessageState& message = m_messages[packet.message];
    const SendQueue& sender = m_queues[message.queue];
    if (m_window != 0 && sender.target == packet.target) // the leg from its source ends here
    {
        const Tick open = m_windows.Return(sender.window,
                                           std::min(packet.payload, m_window),
                                           m_clock.Now() + sender.acknowledgement);
        if (open != NEVER)
        {
            ScheduleEvent(open, OPEN_WINDOW, message.queue);
        }
    }
}

void
Endpoints::PacketLost(uint32_t index)
{
    const Packet& packet = m_pool[index];
    if (m_control) [[unlikely]]
    {
        NoteEnd(index, true);
    }
    Acknowledge(packet);
    ++m_counters.packetsLost;
    const uint32_t message = packet.message;
    const uint32_t payload = packet.payload;
    m_messages[message].lost = true;
    m_pool.Free(index);
    if (m_reorder)
    {
        // Nothing waits for what never comes, then or later.
        for (const uint32_t waited : m_reorder->Forget(message, m_clock.Now()))
        {
            Acknowledge(m_pool[waited]);
            Deliver(waited);
        }
    }
    Settle(message, payload);
}

void
Endpoints::LinkFails(uint32_t link)
{
    // What waits goes by equal ports, by detours, or when the link is up.
    for (std::size_t i = 0; m_detours && i < m_ports[link].turns.groups.size(); ++i)
    {
        OfferDetours(m_ports[link].turns.groups[i]); // which has no traffic classes
    }
}

void
Endpoints::Relay(uint32_t index)
{
    const Packet& packet = m_pool[index];
    const uint32_t queueIndex =
        GetQueue(packet.target, m_messages[packet.message].dst, true, packet.trafficClass);
    SendQueue& queue = m_queues[queueIndex];
    queue.relayed.Push(m_pool, index);
    if (queue.state == SendQueue::EMPTY)
    {
        Wake(queueIndex);
    }
    if (m_detours) [[unlikely]]
    {
        OfferDetours(queue.group);
    }
}

void
Endpoints::CountDelivery(const Packet& packet, uint32_t destination)
{
    const MessageState& message = m_messages[packet.message];
    const Tick now = m_clock.Now();
    ++m_counters.packetsDelivered;
    m_counters.bytesDelivered += packet.payload;
    if (message.created >= m_measureFrom && message.created < m_measureTo)
    {
        m_counters.packetLatency.Add(now - message.created);
        m_counters.networkLatency.Add(now - packet.injected);
    }
    if (!m_classCounters.empty()) [[unlikely]]
    {
        ClassCounters& counters = m_classCounters[packet.trafficClass];
        ++counters.packets;
        counters.bytes += packet.payload;
        counters.bytesMeasured += now >= m_measureFrom && now < m_measureTo ? packet.payload : 0;
        if (message.created >= m_measureFrom && message.created < m_measureTo)
        {
            counters.packetLatency.Add(now - message.created);
        }
    }
    if (m_deliveredTrace && !m_deliveredTrace->IsEmpty())
    {
        (*m_deliveredTrace)(ToTime(message.created),
                            ToTime(packet.injected),
                            message.src,
                            destination,
                            packet.payload);
    }
}

void
Endpoints::DeliverFromGroup(uint32_t index)
{
    const Packet packet = m_pool[index]; // who hears of it may send, and move the pool
    m_pool.Free(index);
    CountDelivery(packet, m_groupReceiver->GetEndpoint(packet));
    m_groupReceiver->ArriveFromGroup(m_messages[packet.message].cookie, packet);
}

void
Endpoints::Deliver(uint32_t index)
{
    const Packet& packet = m_pool[index];
    CountDelivery(packet, m_messages[packet.message].dst);
    const uint32_t messageIndex = packet.message;
    const uint32_t payload = packet.payload;
    m_pool.Free(index);
    Settle(messageIndex, payload);
}

void
Endpoints::Settle(uint32_t index, uint32_t bytes)
{
    MessageState& message = m_messages[index];
    message.toDeliver -= bytes;
    if (message.toDeliver > 0)
    {
        return;
    }
    MessageClient* const client = message.client;
    const uint64_t cookie = message.cookie;
    const bool isLost = message.lost;
    if (!m_classCounters.empty() && !isLost) [[unlikely]]
    {
        ++m_classCounters[m_queues[message.queue].trafficClass].messages;
    }
    if (m_reorder)
    {
        m_reorder->Forget(index, m_clock.Now());
    }
    if (message.sent)
    {
        Free(index);
    }
    if (isLost)
    {
        ++m_counters.messagesLost;
        client->MessageLost(cookie);
    }
    else
    {
        client->MessageDelivered(cookie);
    }
}

void
Endpoints::Free(uint32_t index)
{
    m_messages[index].next = m_freeMessage;
    m_freeMessage = index;
}

void
Endpoints::LookAtPort(uint32_t link, Tick at)
{
    Port& port = m_ports[link];
    if (at < port.nextLook)
    {
        port.nextLook = at;
        ScheduleEvent(at, SERVE_PORT, link);
    }
}

void
Endpoints::CreditComes(uint32_t link, Tick at)
{
    LookAtPort(link, at);
    if (m_detours && m_links.HasFaults()) [[unlikely]]
    {
        LookAtDetoursBy(link, at);
    }
}

uint32_t
Endpoints::FindWaiting(uint32_t link, uint32_t vc) const
{
    const Port& port = m_ports[link];
    const PortTurns& turns =
        port.classes ? port.classes->turns[port.layout.GetTrafficClass(vc)] : port.turns;
    std::vector<uint32_t> groups = turns.groups;
    if (port.detours && m_detours->ports[link].forwards != NO_PORT_GROUP)
    {
        groups.push_back(m_detours->ports[link].forwards);
    }
    for (const uint32_t index : groups)
    {
        const PortGroup& group = m_groups[index];
        for (uint32_t q = group.first; q != NO_QUEUE; q = m_queues[q].nextActive)
        {
            const SendQueue& queue = m_queues[q];
            if (port.layout.Choose(group.trafficClass, group.vcClass, GetNextFlow(queue, port)) ==
                vc)
            {
                return queue.isRelay ? m_pool[queue.relayed.head].message : queue.firstMessage;
            }
        }
    }
    return NO_MESSAGE_WAITS;
}

void
Endpoints::OnEvent(uint64_t word)
{
    const auto what = static_cast<uint32_t>(word / EVENT_KINDS);
    switch (static_cast<EventKind>(word % EVENT_KINDS))
    {
    case SERVE_PORT:
        if (m_ports[what].nextLook == m_clock.Now()) // else an earlier look took its place
        {
            m_ports[what].nextLook = NEVER;
            ServePort(what);
        }
        break;
    case OPEN_WINDOW:
        OpenWindow(what);
        break;
    case START_MESSAGE:
        Enqueue(what);
        break;
    case END_SENDING: {
        MessageState& message = m_messages[what];
        MessageClient* const client = message.client;
        const uint64_t cookie = message.cookie;
        message.sent = true;
        if (message.toDeliver == 0)
        {
            Free(what);
        }
        client->MessageSent(cookie);
        break;
    }
    case RELAY_PACKET:
        Relay(what);
        break;
    case PACE_QUEUE:
        if (m_queues[what].nextLook == m_clock.Now()) // else an earlier look took its place
        {
            m_queues[what].nextLook = NEVER;
            OpenWindow(what);
        }
        break;
    case ACKNOWLEDGE:
        HearOf(what);
        break;
    case FORWARD:
        Forward(what);
        break;
    case OFFER_DETOURS:
        TakeOffers(what);
        break;
    case EVENT_KINDS:
        break;
    }
}

void
Endpoints::OpenWindow(uint32_t index)
{
    SendQueue& queue = m_queues[index];
    if (queue.state != SendQueue::WAITING)
    {
        return;
    }
    if (MaySend(index))
    {
        Wake(index);
        if (m_detours) [[unlikely]]
        {
            OfferDetours(queue.group);
        }
    }
}

bool
Endpoints::MaySend(uint32_t index)
{
    SendQueue& queue = m_queues[index];
    const Tick now = m_clock.Now();
    const uint32_t payload = GetNextPayload(queue);
    const uint32_t part = GetWindowPart(queue, payload);
    if (HasWindow(queue) && !m_windows.Has(queue.window, part, now))
    {
        const Tick open = m_windows.Ask(queue.window, part);
        if (open != NEVER)
        {
            ScheduleEvent(open, OPEN_WINDOW, index);
        }
        return false;
    }
    if (queue.flow == NO_CONTROL)
    {
        return true;
    }
    const Tick pace = m_control->WhenMaySend(queue.flow, payload, now);
    if (pace > now && pace < queue.nextLook) // NEVER: an acknowledgement will look
    {
        queue.nextLook = pace;
        ScheduleEvent(pace, PACE_QUEUE, index);
    }
    return pace <= now;
}

void
Endpoints::Control(std::unique_ptr<CongestionControl> control,
                   PathFunction path,
                   Telemetry& telemetry)
{
    m_control = std::move(control);
    m_path = std::move(path);
    m_telemetry = &telemetry;
}

void
Endpoints::NoteSent(uint32_t queueIndex, uint32_t index)
{
    if (m_flights.size() <= index)
    {
        m_flights.resize(index + 1);
    }
    const SendQueue& queue = m_queues[queueIndex];
    Packet& packet = m_pool[index];
    packet.congested = 0; // of another leg
    if (m_telemetry->IsOn())
    {
        (*m_telemetry)[index].clear();
    }
    if (queue.flow == NO_CONTROL)
    {
        m_flights[index].queue = NO_QUEUE;
        return;
    }
    const uint32_t flit = m_links.GetSpec(m_groups[queue.group].links[0]).profile->GetFlit();
    const uint64_t bytes = static_cast<uint64_t>(packet.flits) * flit;
    const Tick now = m_clock.Now();
    const uint64_t number = m_control->PacketSent(queue.flow, packet.payload, bytes, now);
    m_flights[index] = {queueIndex, number, now};
}

void
Endpoints::NoteEnd(uint32_t index, bool isLost)
{
    const Flight& flight = m_flights[index];
    if (flight.queue == NO_QUEUE)
    {
        return;
    }
    auto ack = static_cast<uint32_t>(m_acks.size());
    if (m_freeAcks.empty())
    {
        m_acks.emplace_back();
    }
    else
    {
        ack = m_freeAcks.back();
        m_freeAcks.pop_back();
    }
    const Packet& packet = m_pool[index];
    AckInFlight& state = m_acks[ack];
    state.queue = flight.queue;
    state.sent = flight.sent;
    state.isLoss = isLost;
    state.ack.payload = packet.payload;
    state.ack.number = flight.number;
    state.ack.congested = packet.congested != 0;
    if (m_telemetry->IsOn())
    {
        state.ack.hops = (*m_telemetry)[index];
    }
    ScheduleEvent(m_clock.Now() + m_queues[flight.queue].acknowledgement, ACKNOWLEDGE, ack);
}

void
Endpoints::HearOf(uint32_t index)
{
    AckInFlight& state = m_acks[index];
    const uint32_t queue = state.queue;
    const Tick now = m_clock.Now();
    state.ack.delay = now - state.sent;
    if (state.isLoss)
    {
        m_control->PacketLost(m_queues[queue].flow, state.ack.payload, state.ack.delay, now);
    }
    else
    {
        m_control->PacketAcknowledged(m_queues[queue].flow, state.ack, now);
    }
    m_freeAcks.push_back(index);
    OpenWindow(queue);
}

std::vector<Endpoints::ControlledFlow>
Endpoints::GetControlledFlows() const
{
    std::vector<ControlledFlow> flows;
    for (const SendQueue& queue : m_queues)
    {
        if (queue.flow != NO_CONTROL)
        {
            flows.push_back({queue.endpoint,
                             queue.target,
                             queue.trafficClass,
                             m_control->GetCounters(queue.flow),
                             m_control->GetAllowedRate(queue.flow, m_clock.Now()),
                             m_control->GetPath(queue.flow).rate});
        }
    }
    return flows;
}

std::vector<std::pair<uint32_t, uint32_t>>
Endpoints::GetWaiting(std::size_t most) const
{
    std::vector<std::pair<uint32_t, uint32_t>> waiting;
    for (const SendQueue& queue : m_queues)
    {
        if (waiting.size() == most)
        {
            break;
        }
        if (!queue.IsEmpty())
        {
            waiting.emplace_back(queue.endpoint, queue.target);
        }
    }
    return waiting;
}

} // namespace mtlink
} // namespace ns3
