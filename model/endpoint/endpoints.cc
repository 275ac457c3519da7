/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/endpoints.h"

#include "engine/time-limit.h"

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
      m_events(clock, *this),
      m_queues(pool, m_messages, *profile, seed),
      m_windows(m_events, m_messages, m_queues, profile->GetWindow()),
      m_feedback(m_events, pool, links, m_queues),
      m_ports(
          {clock, m_events, pool, links, m_messages, m_queues, m_windows, m_feedback, *profile}),
      m_directory({routing, m_queues, m_windows, m_feedback, m_ports}, std::move(latency)),
      m_deliveries(clock, pool, m_messages, m_windows, profile->GetReorderBuffer() != 0),
      m_pairState({m_queues, m_windows, m_ports, m_directory, m_feedback, m_deliveries})
{
}

void
Endpoints::AddPort(const PortSpec& spec)
{
    m_ports.Add(spec);
    if (spec.rules)
    {
        m_deliveries.CountClasses(spec.rules->classes);
    }
}

void
Endpoints::AllowDetours(const DetourSpec& spec)
{
    if (!m_detours)
    {
        m_detours = std::make_unique<Detours>(
            Detours::Parts{m_events, m_pool, m_links, m_routing, m_messages, m_queues, *m_profile});
    }
    m_ports.AllowDetours(*m_detours, spec);
}

void
Endpoints::Send(const Message& message, MessageClient* client, uint64_t cookie)
{
    NS_ASSERT_MSG(message.src != message.dst && message.bytes > 0,
                  "a message goes from one endpoint to another and has a payload");
    const std::size_t classes = m_deliveries.GetClassCounters().size();
    NS_ABORT_MSG_IF(message.trafficClass >= std::max<std::size_t>(classes, 1),
                    "a message's traffic class is one of the fabric's");
    MessageState state{};
    state.toSend = message.bytes;
    state.toDeliver = message.bytes;
    state.client = client;
    state.cookie = cookie;
    state.created = m_clock.Now();
    state.src = message.src;
    state.dst = message.dst;
    state.flow = message.flow;
    state.queue = m_directory.GetQueue(message.src, message.dst, false, message.trafficClass);
    const uint32_t index = m_messages.Add(state);
    const Tick overhead = GetMessageOverhead();
    if (overhead == 0)
    {
        Enqueue(index);
    }
    else
    {
        Defer(m_starting, EndpointEvent::START_MESSAGE, overhead, index);
    }
}

uint32_t
Endpoints::SendIntoTree(uint32_t queue,
                        uint64_t bytes,
                        uint32_t distributor,
                        MessageClient* client,
                        uint64_t cookie)
{
    // Its packets are numbered through all messages of the queue, as the tree's contexts are.
    MessageState state{};
    state.toSend = bytes;
    state.toDeliver = bytes;
    state.client = client;
    state.cookie = cookie;
    state.created = m_clock.Now();
    state.src = m_queues[queue].endpoint;
    state.dst = state.src;
    state.queue = queue;
    state.distributor = distributor;
    const uint32_t index = m_messages.Add(state);
    Enqueue(index);
    return index;
}

void
Endpoints::CloseTreeMessage(uint32_t message)
{
    m_messages[message].toDeliver = 0;
    m_messages.EndDelivery(message);
}

void
Endpoints::Enqueue(uint32_t index)
{
    m_queues.Append(index);
    m_ports.WakeAndOffer(m_messages[index].queue);
}

void
Endpoints::Arrive(uint32_t link, uint32_t index)
{
    const Packet& packet = m_pool[index];
    if (m_detours && packet.via != NO_VIA && m_detours->IsAllowed(link)) [[unlikely]]
    {
        TakeDetour(link, index);
        return;
    }
    m_links.ReturnCredit(link, packet.vc, packet.flits, m_clock.Now());
    if (packet.kind != UNICAST) [[unlikely]]
    {
        m_deliveries.ArriveFromGroup(index);
        return;
    }
    if (m_feedback.IsOn()) [[unlikely]]
    {
        m_feedback.NoteEnd(index, false);
    }
    if (packet.target == m_messages[packet.message].dst)
    {
        m_deliveries.Arrive(index);
    }
    else
    {
        TakeRelay(index);
    }
}

void
Endpoints::TakeRelay(uint32_t index)
{
    m_windows.Acknowledge(m_pool[index]);
    const Tick latency = ToTicks(m_profile->GetRelayLatency());
    if (latency == 0)
    {
        Relay(index);
    }
    else
    {
        Defer(m_relaying, EndpointEvent::RELAY_PACKET, latency, index);
    }
}

void
Endpoints::Relay(uint32_t index)
{
    const Packet& packet = m_pool[index];
    const uint32_t destination = m_messages[packet.message].dst;
    const uint32_t queue =
        m_directory.GetQueue(packet.target, destination, true, packet.trafficClass);
    m_queues[queue].relayed.Push(m_pool, index);
    m_ports.WakeAndOffer(queue);
}

void
Endpoints::TakeDetour(uint32_t link, uint32_t index)
{
    m_pool[index].out = link;
    const Tick latency = ToTicks(m_profile->GetForwardLatency());
    if (latency == 0)
    {
        Forward(index);
    }
    else
    {
        Defer(m_forwarding, EndpointEvent::FORWARD, latency, index);
    }
}

void
Endpoints::Forward(uint32_t index)
{
    const Packet& packet = m_pool[index];
    const uint32_t queue = m_detours->GetForwardQueue(packet.via, packet.target);
    m_queues[queue].relayed.Push(m_pool, index);
    m_ports.Wake(queue);
}

void
Endpoints::PacketLost(uint32_t index)
{
    if (m_feedback.IsOn()) [[unlikely]]
    {
        m_feedback.NoteEnd(index, true);
    }
    m_deliveries.Lose(index);
}

PacketExit
Endpoints::FindExit(uint32_t link, uint32_t vc) const
{
    return m_detours ? m_detours->FindExit(link, vc) : PacketExit();
}

inline void
Endpoints::Defer(DueList& list, EndpointEvent kind, Tick delay, uint32_t index)
{
    const Tick at = AddTicks(m_clock.Now(), delay);
    if (list.Add(at, index))
    {
        m_events.Schedule(at, kind, 0);
    }
}

inline void
Endpoints::TakeDue(DueList& list, EndpointEvent kind, void (Endpoints::*deal)(uint32_t))
{
    const Tick next =
        list.Take(m_clock.Now(), [this, deal](uint32_t index) { (this->*deal)(index); });
    if (next != NEVER)
    {
        m_events.Schedule(next, kind, 0);
    }
}

void
Endpoints::OnEvent(uint64_t word)
{
    const uint32_t which = EndpointEvents::GetWhich(word);
    switch (EndpointEvents::GetKind(word))
    {
    case EndpointEvent::START_MESSAGE:
        TakeDue(m_starting, EndpointEvent::START_MESSAGE, &Endpoints::Enqueue);
        break;
    case EndpointEvent::END_SENDING:
        m_messages.EndSending(which);
        break;
    case EndpointEvent::OPEN_WINDOW:
        m_ports.Reopen(which);
        break;
    case EndpointEvent::PACE_QUEUE:
        if (m_feedback.TakeLook(which))
        {
            m_ports.Reopen(which);
        }
        break;
    case EndpointEvent::ACKNOWLEDGE:
        m_feedback.Hear(which);
        m_ports.Reopen(which);
        break;
    case EndpointEvent::RELAY_PACKET:
        TakeDue(m_relaying, EndpointEvent::RELAY_PACKET, &Endpoints::Relay);
        break;
    case EndpointEvent::FORWARD:
        TakeDue(m_forwarding, EndpointEvent::FORWARD, &Endpoints::Forward);
        break;
    case EndpointEvent::OFFER_DETOURS:
        m_ports.TakeOffers(which);
        break;
    case EndpointEvent::KINDS:
        break;
    }
}

void
Endpoints::PrefetchArrival(uint32_t, uint32_t index, uint32_t step)
{
    if (step < 2)
    {
        return; // the packet is not in the cache
    }
    const uint32_t message = m_pool[index].message;
    if (step == 2)
    {
        m_messages.Prefetch(message);
    }
    else if (step == 3)
    {
        m_queues.Prefetch(m_messages[message].queue);
    }
    else if (step == 4)
    {
        m_windows.Prefetch(m_queues[m_messages[message].queue]);
    }
    else
    {
        m_windows.PrefetchReturn(m_queues[m_messages[message].queue]);
    }
}

} // namespace mtlink
} // namespace ns3
