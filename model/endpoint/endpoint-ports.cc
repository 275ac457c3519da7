/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/endpoint-ports.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

/** What a LinkServer sees of a port. */
class EndpointPorts::Turn
{
  public:
    /** @param [in] ports All ports. @param [in] link The port's link. */
    Turn(EndpointPorts& ports, uint32_t link)
        : m_ports(ports),
          m_port(ports.m_ports[link]),
          m_link(link)
    {
    }

    /** @return whether something waits. */
    bool HasWaiting() const
    {
        return m_ports.HasMore(m_port) || m_port.detours;
    }

    /** @return that nothing lies between the queues and the wire. */
    static bool HasQueue()
    {
        return false;
    }

    /** Send a packet. @param [in,out] look Gets what others wait for. @return whether. */
    bool SendNext(LinkLook& look)
    {
        if (m_port.detours) [[unlikely]]
        {
            return SendBesideDetours(look);
        }
        return m_ports.SendOwn(look);
    }

    /** Look at the port again. @param [in] at When. */
    void LookAt(Tick at)
    {
        m_ports.LookAt(m_link, at);
    }

  private:
    /** SendNext() of a port that forwards too, and by which detours go. */
    bool SendBesideDetours(LinkLook& look)
    {
        if (m_ports.m_detours->IsForwardTurn(m_link) && m_ports.SendForward(look))
        {
            return true;
        }
        if (m_ports.SendOwn(look))
        {
            m_ports.m_detours->NotePassing(m_link);
            return true;
        }
        return m_ports.SendForward(look) || m_ports.SendDetour(look);
    }

    EndpointPorts& m_ports; //!< All ports
    Port& m_port;           //!< The port
    uint32_t m_link;        //!< Its link
};

EndpointPorts::EndpointPorts(const Parts& parts)
    : m_parts(parts),
      m_looks(parts.clock, *this, EventPhase::OUTPUT)
{
}

void
EndpointPorts::Add(const PortSpec& spec)
{
    m_ports.resize(m_parts.links.GetSize());
    Port& port = m_ports[spec.link];
    port.layout = spec.layout;
    port.sprayed = spec.sprayed;
    port.controlled = spec.controlled;
    if (spec.rules)
    {
        port.classes = std::make_unique<PortClasses>(
            PortClasses{ClassScheduler(*spec.rules), std::vector<PortTurns>(spec.rules->classes)});
    }
}

void
EndpointPorts::AllowDetours(Detours& detours, const DetourSpec& spec)
{
    m_detours = &detours;
    Port& port = m_ports[spec.link];
    port.detours = true;
    detours.Allow(spec, port.layout, port.sprayed);
}

void
EndpointPorts::Join(uint32_t link, uint32_t group)
{
    Port& port = m_ports[link];
    const uint8_t trafficClass = m_parts.queues.GetGroup(group).trafficClass;
    PortTurns& turns = port.classes ? port.classes->turns[trafficClass] : port.turns;
    turns.groups.push_back(group);
}

// What a port sends next.

void
EndpointPorts::Wake(uint32_t index)
{
    if (m_parts.queues[index].state == SendQueue::EMPTY)
    {
        Activate(index);
    }
}

void
EndpointPorts::WakeAndOffer(uint32_t index)
{
    Wake(index);
    Offer(index);
}

inline void
EndpointPorts::Offer(uint32_t index)
{
    if (m_detours) [[unlikely]]
    {
        m_detours->Offer(m_parts.queues[index].group);
    }
}

void
EndpointPorts::Reopen(uint32_t index)
{
    const SendQueue& queue = m_parts.queues[index];
    if (queue.state == SendQueue::WAITING && MaySend(index, m_parts.queues.GetNextPayload(queue)))
    {
        Activate(index);
        Offer(index);
    }
}

void
EndpointPorts::Activate(uint32_t index)
{
    m_parts.queues.JoinRing(index);
    ServeGroup(m_parts.queues[index].group);
}

void
EndpointPorts::ServeGroup(uint32_t index)
{
    const PortGroup& group = m_parts.queues.GetGroup(index);
    const std::span<const uint32_t> links = group.links;
    const auto ports = static_cast<uint32_t>(links.size());
    const uint32_t first = group.nextPort;
    for (uint32_t turn = 0; turn < ports && !m_parts.queues.GetGroup(index).IsEmpty(); ++turn)
    {
        const uint32_t port = first + turn < ports ? first + turn : first + turn - ports;
        Serve(links[port]);
    }
}

void
EndpointPorts::Serve(uint32_t link)
{
    if (m_express && SendByExpress(link))
    {
        return;
    }
    Turn turn(*this, link);
    LinkServer(m_parts.links, turn).Serve(link, m_parts.clock.Now());
}

inline bool
EndpointPorts::SendByExpress(uint32_t link)
{
    if (m_parts.links.IsExpress(link)) [[unlikely]]
    {
        return m_express->GoOn(link);
    }
    const Port& port = m_ports[link];
    if (port.classes || port.turns.groups.size() != 1) [[unlikely]]
    {
        return false;
    }
    const PortGroup& group = m_parts.queues.GetGroup(port.turns.groups[0]);
    if (group.IsEmpty() || group.first != group.last || group.stalled)
    {
        return false;
    }
    const SendQueue& queue = m_parts.queues[group.first];
    if (queue.kind != UNICAST || queue.isRelay)
    {
        return false;
    }
    // To find out whether one packet can go by express is as dear as to send it.
    const MessageState& message = m_parts.messages[queue.firstMessage];
    return message.packets == 0 && message.toSend > m_parts.queues.GetPacketSize() &&
           m_express->Begin(link, group.first);
}

bool
EndpointPorts::IsAlone(uint32_t link, uint32_t queue) const
{
    const std::vector<uint32_t>& groups = m_ports[link].turns.groups;
    return std::all_of(groups.begin(), groups.end(), [&](uint32_t index) {
        const PortGroup& group = m_parts.queues.GetGroup(index);
        return group.IsEmpty() || (group.first == queue && group.last == queue);
    });
}

void
EndpointPorts::TakeTurn(uint32_t link, uint32_t queue)
{
    PortTurns& turns = m_ports[link].turns;
    const auto group =
        std::find(turns.groups.begin(), turns.groups.end(), m_parts.queues[queue].group);
    turns.nextGroup = static_cast<uint32_t>(group - turns.groups.begin()) + 1;
}

void
EndpointPorts::EndMessage(uint32_t index, Tick lastBit)
{
    SendQueue& queue = m_parts.queues[index];
    const auto unsent = m_parts.messages[queue.firstMessage].toSend;
    const uint32_t left = m_parts.queues.NoteSent(queue, unsent, lastBit);
    m_parts.events.Schedule(m_parts.messages[left].lastTail, EndpointEvent::END_SENDING, left);
    if (queue.IsEmpty())
    {
        PortGroup& group = m_parts.queues.GetGroup(queue.group);
        m_parts.queues.LeaveRing(group, NO_QUEUE, index, SendQueue::EMPTY);
    }
}

inline bool
EndpointPorts::SendOwn(LinkLook& look)
{
    Port& port = m_ports[look.GetLink()];
    if (!port.classes) [[likely]]
    {
        return SendByTurns(port.turns, look) > 0;
    }
    PortClasses& classes = *port.classes;
    const ClassScheduler::Order order = classes.scheduler.GetOrder();
    for (uint32_t rank = 0; rank < classes.scheduler.GetClasses(); ++rank)
    {
        const uint32_t flits = SendByTurns(classes.turns[order[rank]], look);
        if (flits > 0)
        {
            classes.scheduler.Served(order[rank], flits);
            return true;
        }
    }
    return false;
}

inline uint32_t
EndpointPorts::SendByTurns(PortTurns& turns, LinkLook& look)
{
    const auto count = static_cast<uint32_t>(turns.groups.size());
    for (uint32_t turn = 0; turn < count; ++turn)
    {
        const uint32_t place = (turns.nextGroup + turn) % count;
        const uint32_t group = turns.groups[place];
        if (m_parts.queues.GetGroup(group).IsEmpty())
        {
            continue;
        }
        const uint32_t flits = SendFrom(group, look);
        if (flits > 0)
        {
            turns.nextGroup = place + 1;
            return flits;
        }
        m_parts.queues.GetGroup(group).stalled |= look.GetLacking() != 0;
    }
    return 0;
}

bool
EndpointPorts::SendForward(LinkLook& look)
{
    const uint32_t link = look.GetLink();
    const uint32_t group = m_detours->GetForwards(link);
    if (group == NO_PORT_GROUP)
    {
        return false;
    }
    if (SendFrom(group, look) > 0)
    {
        m_detours->NoteForwarded(link);
        return true;
    }
    m_parts.queues.GetGroup(group).stalled |= look.GetLacking() != 0;
    return false;
}

bool
EndpointPorts::SendDetour(LinkLook& look)
{
    const uint32_t link = look.GetLink();
    const DetourSpec& spec = m_detours->GetSpec(link);
    const std::span<const uint32_t> groups = m_parts.queues.GetGroupsOf(spec.endpoint);
    LinkLook detour(m_parts.links, link); // of its own: what waits here does not stall this port
    for (std::size_t turn = 0; turn < groups.size(); ++turn)
    {
        const auto place =
            static_cast<uint32_t>((m_detours->GetNextGroup(link) + turn) % groups.size());
        if (!m_detours->IsWorth(groups[place], link))
        {
            continue;
        }
        if (SendFrom(groups[place], detour, spec.peer) > 0)
        {
            m_detours->NoteDetour(link, place);
            return true;
        }
        m_parts.queues.GetGroup(groups[place]).lacksDetour |= detour.GetLacking() != 0;
    }
    look.LookAgain(detour.GetAgain());
    return false;
}

void
EndpointPorts::TakeOffers(uint32_t endpoint)
{
    m_detours->TakeOffers(endpoint, [this](uint32_t link) { Serve(link); });
}

uint32_t
EndpointPorts::SendFrom(uint32_t groupIndex, LinkLook& look, uint32_t via)
{
    SendQueues& queues = m_parts.queues;
    PortGroup& group = queues.GetGroup(groupIndex);
    const VcLayout& layout = m_ports[look.GetLink()].layout;
    const uint32_t vcClass =
        via == NO_VIA ? group.vcClass : m_detours->GetSpec(look.GetLink()).vcClass;
    const uint32_t firstVc = layout.GetFirst(group.trafficClass, vcClass);
    const uint64_t allVcs = ((1ULL << layout.vcsPerClass) - 1) << firstVc;
    NextPacket next;
    next.via = via;
    uint32_t before = NO_QUEUE;
    uint32_t index = group.first;
    while (index != NO_QUEUE && (look.GetLacking() & allVcs) != allVcs)
    {
        const uint32_t after = queues[index].nextActive;
        switch (Ask(index, look, firstVc, next))
        {
        case WhyNot::GO:
            queues.LeaveRing(group, before, index, SendQueue::EMPTY);
            Send(index, look.GetLink(), next);
            PassTurn(groupIndex);
            return next.flits;
        case WhyNot::WINDOW:
            queues.LeaveRing(group, before, index, SendQueue::WAITING);
            break;
        default:
            before = index;
            break;
        }
        index = after;
    }
    return 0;
}

inline WhyNot
EndpointPorts::Ask(uint32_t index, LinkLook& look, uint32_t firstVc, NextPacket& next)
{
    const uint32_t link = look.GetLink();
    const Port& port = m_ports[link];
    const SendQueue& queue = m_parts.queues[index];
    next.payload = m_parts.queues.GetNextPayload(queue);
    if (queue.IsLimited() && !MaySend(index, next.payload))
    {
        return WhyNot::WINDOW;
    }
    next.flow = m_parts.queues.GetNextFlow(queue, port.sprayed);
    next.vc = firstVc + next.flow % port.layout.vcsPerClass;
    next.flits = m_parts.links.GetFlits(link, next.payload);
    // Within a VC nobody passes one who waits for credit, however short his packet.
    return !look.Lacks(next.vc) && look.HasCredit(next.vc, next.flits) ? WhyNot::GO
                                                                       : WhyNot::CREDIT;
}

bool
EndpointPorts::MaySend(uint32_t index, uint32_t payload)
{
    const SendQueue& queue = m_parts.queues[index];
    return (!queue.HasWindow() || m_parts.windows.MaySend(index, payload)) &&
           (queue.controlFlow == NO_CONTROL || m_parts.feedback.MaySend(index, payload));
}

// A packet goes.

void
EndpointPorts::Send(uint32_t queueIndex, uint32_t link, const NextPacket& next)
{
    const uint32_t index = m_parts.queues.TakePacket(queueIndex, next.payload, m_parts.clock.Now());
    SendQueue& queue = m_parts.queues[queueIndex];
    Packet& packet = m_parts.pool[index];
    const uint32_t cameBy = packet.out;
    const uint8_t cameOn = packet.vc;
    const Tick cameAt = packet.tailIn;
    const auto vc = static_cast<uint8_t>(next.vc);
    m_parts.queues.Address(queue, packet, next.flow, next.flits, vc);
    if (next.via != NO_VIA) [[unlikely]]
    {
        packet.via = next.via;
        packet.vcClass = m_detours->GetSpec(link).vcClass;
    }
    m_parts.windows.Take(queue, next.payload);
    if (m_parts.feedback.IsOn()) [[unlikely]]
    {
        m_parts.messages[packet.message].marked |= packet.congested != 0; // on the leg before
        m_parts.feedback.NoteSent(queueIndex, index);
    }
    const Tick lastBit = m_parts.links.Send(link, index, m_parts.clock.Now());
    if (queue.isForward) [[unlikely]]
    {
        // As in a switch its room is free when it has left.
        const Tick ready = cameAt + ToTicks(m_parts.profile.GetForwardLatency());
        const PacketExit exit{link, vc, ready};
        m_parts.links.ReturnCredit(cameBy, cameOn, next.flits, lastBit, exit);
    }
    if (!queue.isRelay)
    {
        const uint32_t left = m_parts.queues.NoteSent(queue, next.payload, lastBit);
        if (left != NO_MESSAGE)
        {
            const Tick lastTail = m_parts.messages[left].lastTail;
            m_parts.events.Schedule(lastTail, EndpointEvent::END_SENDING, left);
        }
    }
    if (!queue.IsEmpty())
    {
        m_parts.queues.JoinRing(queueIndex);
        return;
    }
    PortGroup& group = m_parts.queues.GetGroup(queue.group);
    if (group.stalled && group.IsEmpty())
    {
        EndStalls(group, vc);
    }
}

inline void
EndpointPorts::PassTurn(uint32_t index)
{
    PortGroup& group = m_parts.queues.GetGroup(index);
    const auto ports = static_cast<uint32_t>(group.links.size());
    group.nextPort = (group.nextPort + 1) % ports;
    if (group.lacksDetour) [[unlikely]]
    {
        group.lacksDetour = false;
        m_detours->Offer(index); // another packet leads now, as below
    }
    if (group.stalled && !group.IsEmpty())
    {
        // Another packet leads now: it may fit where the one before did not.
        for (uint32_t turn = 0; turn < ports; ++turn)
        {
            LookIfFree(group.links[(group.nextPort + turn) % ports]);
        }
    }
}

void
EndpointPorts::EndStalls(PortGroup& group, uint32_t vc)
{
    group.stalled = false;
    for (const uint32_t link : group.links)
    {
        m_parts.links.EndStall(link, vc);
        if (m_ports[link].classes || m_ports[link].detours)
        {
            LookIfFree(link); // another class, or what it forwards, may wait
        }
    }
}

void
EndpointPorts::LookIfFree(uint32_t link)
{
    const Tick now = m_parts.clock.Now();
    if (m_parts.links.GetFreeAt(link) <= now)
    {
        LookAt(link, now);
    }
}

// What links, and time, tell a port.

void
EndpointPorts::OnEvent(uint64_t word)
{
    const auto link = static_cast<uint32_t>(word);
    if (m_ports[link].look.Take(m_parts.clock.Now()))
    {
        Serve(link);
    }
}

void
EndpointPorts::CreditComes(uint32_t link, Tick at)
{
    LookAt(link, at);
    if (m_detours && m_parts.links.HasFaults()) [[unlikely]]
    {
        for (const uint32_t port : m_detours->TakeWaitingFor(link))
        {
            LookAt(port, at);
        }
    }
}

void
EndpointPorts::LinkFails(uint32_t link)
{
    // What waits goes by equal ports, by detours, or when the link is up.
    for (std::size_t i = 0; m_detours && i < m_ports[link].turns.groups.size(); ++i)
    {
        m_detours->Offer(m_ports[link].turns.groups[i]); // which has no traffic classes
    }
}

uint32_t
EndpointPorts::FindWaiting(uint32_t link, uint32_t vc) const
{
    const Port& port = m_ports[link];
    const PortTurns& turns =
        port.classes ? port.classes->turns[port.layout.GetTrafficClass(vc)] : port.turns;
    std::vector<uint32_t> groups = turns.groups;
    if (port.detours && m_detours->GetForwards(link) != NO_PORT_GROUP)
    {
        groups.push_back(m_detours->GetForwards(link));
    }
    const SendQueues& queues = m_parts.queues;
    for (const uint32_t index : groups)
    {
        const PortGroup& group = queues.GetGroup(index);
        for (uint32_t q = group.first; q != NO_QUEUE; q = queues[q].nextActive)
        {
            const uint32_t flow = queues.GetNextFlow(queues[q], port.sprayed);
            if (port.layout.Choose(group.trafficClass, group.vcClass, flow) == vc)
            {
                return queues.GetNextMessage(queues[q]);
            }
        }
    }
    return NO_MESSAGE_WAITS;
}

// What a look at a port will touch.

void
EndpointPorts::Prefetch(uint64_t word, uint32_t step)
{
    const auto link = static_cast<uint32_t>(word);
    const Port& port = m_ports[link];
    if (step == 0)
    {
        __builtin_prefetch(&port, 1);
        m_parts.links.PrefetchLink(link);
        return;
    }
    if (port.classes || port.turns.groups.empty())
    {
        return;
    }
    if (step == 1)
    {
        __builtin_prefetch(port.turns.groups.data());
        return;
    }
    const PortGroup& group = m_parts.queues.GetGroup(port.turns.groups[0]);
    if (step == 2)
    {
        __builtin_prefetch(&group, 1);
        return;
    }
    if (!group.IsEmpty())
    {
        PrefetchNext(link, group, step);
    }
}

void
EndpointPorts::PrefetchNext(uint32_t link, const PortGroup& group, uint32_t step) const
{
    const SendQueue& queue = m_parts.queues[group.first];
    if (step == 3)
    {
        __builtin_prefetch(&queue, 1);
        m_parts.links.PrefetchLaunch(link);
        return;
    }
    if (queue.firstMessage == NO_MESSAGE)
    {
        return;
    }
    if (step == 4)
    {
        m_parts.messages.Prefetch(queue.firstMessage);
        m_parts.windows.Prefetch(queue);
        return;
    }
    const Port& port = m_ports[link];
    const uint32_t flow = m_parts.queues.GetNextFlow(queue, port.sprayed);
    const uint32_t vc = port.layout.Choose(group.trafficClass, group.vcClass, flow);
    m_parts.links.PrefetchCredit(link, vc, false);
}

} // namespace mtlink
} // namespace ns3
