/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "express/express-messages.h"

#include <algorithm>
#include <array>
#include <span>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint32_t SHORTEST_RUN = 3; //!< Fewer packets are as soon moved one by one

} // namespace

ExpressMessages::ExpressMessages(const Parts& parts)
    : m_parts(parts)
{
    parts.links.SetExpressOwner(this);
    parts.endpoint.ports.SetExpress(this);
}

bool
ExpressMessages::IsPossible() const
{
    return !m_parts.switches.ChoosesOrShows() && !m_parts.endpoint.feedback.IsOn() &&
           !m_parts.endpoint.ports.HasDetours() && m_parts.endpoint.deliveries.IsPlain() &&
           !m_parts.links.IsTraced() && !m_parts.endpoint.deliveries.IsTraced();
}

bool
ExpressMessages::Begin(uint32_t link, uint32_t index)
{
    const SendQueue& queue = m_parts.endpoint.queues[index];
    const MessageState& message = m_parts.endpoint.messages[queue.firstMessage];
    if (!m_parts.links.IsQuiet(link) || queue.target != message.dst ||
        m_parts.endpoint.ports.IsSprayed(link) || !IsPossible())
    {
        return false;
    }
    m_trainOf.resize(std::max<std::size_t>(m_trainOf.size(), index + 1), NO_TRAIN);
    if (m_trainOf[index] == NO_TRAIN)
    {
        m_trainOf[index] = static_cast<uint32_t>(m_trains.size());
        m_trains.emplace_back();
        m_trains.back().queue = index;
        m_trains.back().packetSize = m_parts.endpoint.queues.GetPacketSize();
    }
    ExpressTrain& train = m_trains[m_trainOf[index]];
    if (!FindWay(train, link) || !HasRoom(train))
    {
        return false;
    }
    m_trainOfLink.resize(m_parts.links.GetSize(), NO_TRAIN);
    for (const ExpressTrain::Hop& hop : train.hops)
    {
        m_trainOfLink[hop.link] = m_trainOf[index];
        m_parts.links.SetExpress(hop.link, true);
    }
    m_parts.endpoint.ports.TakeTurn(link, index);
    return GoOn(link);
}

bool
ExpressMessages::FindWay(ExpressTrain& train, uint32_t link) const
{
    const SendQueue& queue = m_parts.endpoint.queues[train.queue];
    const PortGroup& group = m_parts.endpoint.queues.GetGroup(queue.group);
    Packet& packet = train.packet;
    packet = {};
    packet.target = queue.target;
    packet.via = queue.via;
    packet.flow = m_parts.endpoint.queues.GetNextFlow(queue, false);
    packet.flits = m_parts.links.GetFlits(link, train.packetSize);
    packet.trafficClass = queue.trafficClass;
    packet.kind = UNICAST;
    packet.vcClass = group.vcClass;
    packet.vc = m_parts.endpoint.ports.GetLayout(link).Choose(group.trafficClass,
                                                              group.vcClass,
                                                              packet.flow);
    packet.outVcClass = NOT_ROUTED;
    train.hops.clear();
    train.free.clear();
    Packet probe = packet;
    while (m_parts.links.IsQuiet(link) && train.hops.size() < ExpressTrain::MOST_HOPS)
    {
        train.hops.push_back({link, probe.vc, probe.vcClass});
        train.free.push_back(m_parts.links.GetFree(link));
        if (m_parts.links.GetSpec(link).last)
        {
            return true;
        }
        if (!m_parts.switches.FindOpenWay(link, probe))
        {
            return false;
        }
        link = probe.out;
        probe.vc = probe.outVc;
        probe.vcClass = probe.outVcClass;
    }
    return false;
}

bool
ExpressMessages::HasRoom(const ExpressTrain& train) const
{
    const Links& links = m_parts.links;
    const uint32_t flits = train.packet.flits;
    const uint32_t source = train.hops.front().link;
    // One packet leaves in each of these: at no link do they come closer, or wait for longer.
    const WireSpeed& speed = links.GetSpeed(source);
    const Tick spacing = speed.After({}, flits).whole;
    if (spacing < 2)
    {
        return false; // ticks are too long to tell packets apart
    }
    const auto countIn = [spacing](Tick time) {
        return static_cast<uint64_t>((time + spacing) / spacing) + 2;
    };
    const Tick now = m_parts.clock.Now();
    Tick at = now;
    Tick tailReady = 0;
    Tick sent = now; // over the link before
    for (std::size_t i = 0; i < train.hops.size(); ++i)
    {
        const ExpressTrain::Hop& hop = train.hops[i];
        if (links.GetSpeed(hop.link).GetFlitTime() > speed.GetFlitTime())
        {
            return false;
        }
        const WireTrip trip = links.GetTrip(hop.link, {at, 0}, flits, tailReady);
        const auto holds = [&](const ExpressTrain::Hop& filled, Tick from, Tick until) {
            const Tick inUse = until + links.GetCreditLatency(filled.link) - from;
            return m_parts.links.GetCredit(filled.link, filled.vc) >= countIn(inUse) * flits;
        };
        if (i > 0 && !holds(train.hops[i - 1], sent, trip.end.whole))
        {
            return false;
        }
        sent = at;
        at = links.GetArrival(hop.link, trip);
        tailReady = trip.tailIn + links.GetPipeline(hop.link);
        if (i + 1 == train.hops.size() && !holds(hop, sent, at))
        {
            return false;
        }
    }
    const SendQueue& queue = m_parts.endpoint.queues[train.queue];
    return !queue.HasWindow() || m_parts.endpoint.windows.CountAllowed(queue, train.packetSize) >=
                                     countIn(at - now + queue.acknowledgement);
}

void
ExpressMessages::Join(ExpressTrain& train)
{
    const SendQueue& queue = m_parts.endpoint.queues[train.queue];
    const MessageState& state = m_parts.endpoint.messages[queue.firstMessage];
    ExpressTrain::Message message;
    message.index = queue.firstMessage;
    message.packets =
        static_cast<uint32_t>((state.toSend + train.packetSize - 1) / train.packetSize);
    message.lastSize =
        static_cast<uint32_t>(state.toSend - uint64_t{message.packets - 1} * train.packetSize);
    message.from = m_parts.clock.Now();
    train.Plan(m_parts.links, message);
    train.messages.push_back(message);
    m_parts.links.ScheduleExpress(train.hops.back().link, message.arrives);
}

bool
ExpressMessages::GoOn(uint32_t link)
{
    ExpressTrain& train = m_trains[m_trainOfLink[link]];
    EndpointPorts& ports = m_parts.endpoint.ports;
    if (!ports.IsAlone(link, train.queue))
    {
        End(train);
        return false;
    }
    const Tick now = m_parts.clock.Now();
    train.served = now;
    const SendQueue& queue = m_parts.endpoint.queues[train.queue];
    while (!queue.IsEmpty())
    {
        if (train.messages.empty() || train.messages.back().isSent)
        {
            if (m_parts.endpoint.queues.GetNextFlow(queue, false) != train.packet.flow)
            {
                End(train);
                return false;
            }
            Join(train);
        }
        ExpressTrain::Message& message = train.messages.back();
        if (message.lastLeaves > now)
        {
            ports.LookAt(link, message.lastLeaves);
            break;
        }
        message.isSent = true;
        m_parts.endpoint.messages[message.index].packets = message.packets;
        ports.EndMessage(train.queue, message.lastBit);
    }
    return true;
}

bool
ExpressMessages::IsRun(const ExpressTrain::Message& message) const
{
    return message.moved == message.runFirst && message.runCount >= SHORTEST_RUN &&
           !m_parts.links.HasSeries();
}

Packet
ExpressMessages::MakePacket(const ExpressTrain& train, const ExpressTrain::Message& message) const
{
    Packet packet = train.packet;
    packet.message = message.index;
    packet.sequence = message.moved;
    packet.payload = message.moved + 1 < message.packets ? train.packetSize : message.lastSize;
    packet.flits = m_parts.links.GetFlits(train.hops.front().link, packet.payload);
    return packet;
}

void
ExpressMessages::MoveRun(ExpressTrain& train, ExpressTrain::Message& message, Tick now)
{
    Links& links = m_parts.links;
    std::array<WireTime, ExpressTrain::MOST_HOPS> wires;
    std::array<ExpressTrain::Passage, ExpressTrain::MOST_HOPS> room;
    const std::size_t hops = train.hops.size();
    const std::span<ExpressTrain::Passage> passages(room.data(), hops);
    for (std::size_t i = 0; i < hops; ++i)
    {
        wires[i] = links.GetFree(train.hops[i].link);
    }
    Packet packet = MakePacket(train, message);
    train.PlanPacket(links,
                     packet.flits,
                     message.moved == 0 ? message.from : 0,
                     std::span(wires.data(), hops),
                     passages);
    const Tick arrives = passages.back().arrives;
    if (arrives >= now)
    {
        return;
    }
    const auto count = static_cast<uint32_t>(
        now == NEVER ? message.runCount
                     : std::min<Tick>(message.runCount, (now - 1 - arrives) / message.runLag + 1));
    packet.injected = passages.front().start.whole;
    m_parts.endpoint.windows.PassRun(m_parts.endpoint.queues[train.queue],
                                     packet.payload,
                                     count,
                                     message.runLag,
                                     packet.injected,
                                     arrives);
    for (std::size_t i = 0; i < hops; ++i)
    {
        const ExpressTrain::Hop& hop = train.hops[i];
        const ExpressTrain::Passage& passage = passages[i];
        Links::Run run{hop.vc,
                       packet.flits,
                       packet.payload,
                       count,
                       message.runLag,
                       passage.start.whole,
                       passage.trip.end.whole,
                       passage.trip.headIn,
                       arrives,
                       {},
                       0};
        if (i + 1 < hops)
        {
            const ExpressTrain::Hop& next = train.hops[i + 1];
            run.freed = passages[i + 1].trip.end.whole;
            run.exit = {next.link, next.vc, passage.arrives};
            run.exitGranted = passages[i + 1].start.whole;
            packet.vc = hop.vc;
            packet.out = next.link;
            packet.outVc = next.vc;
            m_parts.switches.Pass(hop.link, packet, run.freed + (count - 1) * run.lag);
        }
        links.CarryRun(hop.link, run);
    }
    m_parts.endpoint.deliveries.CountRun(packet, arrives, count, message.runLag);
    message.moved += count;
}

ExpressMessages::Stage
ExpressMessages::Move(ExpressTrain& train, ExpressTrain::Message& message, Tick now)
{
    Links& links = m_parts.links;
    Packet packet = MakePacket(train, message);
    Tick at = message.moved == 0 ? message.from : 0;
    Tick tailReady = 0;
    for (uint32_t i = 0; i < train.hops.size(); ++i)
    {
        const ExpressTrain::Hop& hop = train.hops[i];
        const Tick granted = std::max(links.GetFreeAt(hop.link), at);
        if (granted >= now && (i > 0 || granted > train.served))
        {
            if (i == 0)
            {
                return Stage::UNSENT;
            }
            PutInSwitch(train, i, packet, granted);
            return Stage::UNDER_WAY;
        }
        const Tick arrived = at;
        const uint8_t cameOn = packet.vc;
        packet.out = hop.link;
        packet.outVc = hop.vc;
        packet.outVcClass = hop.vcClass;
        if (i == 0)
        {
            packet.injected = granted;
            m_parts.endpoint.windows.TakeAt(m_parts.endpoint.queues[train.queue],
                                            packet.payload,
                                            granted);
        }
        Packet before = packet;
        packet.vc = hop.vc;
        packet.vcClass = hop.vcClass;
        const Tick left = links.Carry(hop.link, packet, at, tailReady);
        if (i > 0)
        {
            const uint32_t in = train.hops[i - 1].link;
            m_parts.switches.Pass(in, before, left);
            links.ReturnCreditOf(in,
                                 cameOn,
                                 packet.flits,
                                 left,
                                 {hop.link, hop.vc, arrived},
                                 granted);
        }
        at = links.GetArrival(hop.link, packet);
        if (at >= now)
        {
            PutOnWire(train, i, packet);
            return Stage::UNDER_WAY;
        }
        links.Fill(hop.link, packet);
        tailReady = packet.tailIn + links.GetPipeline(hop.link);
    }
    links.ReturnCreditOf(train.hops.back().link, packet.vc, packet.flits, at, {}, at);
    m_parts.endpoint.deliveries.CountExpress(packet, at);
    return Stage::DELIVERED;
}

void
ExpressMessages::PutOnWire(const ExpressTrain& train, uint32_t hop, const Packet& packet)
{
    const uint32_t index = m_parts.pool.Allocate();
    m_parts.pool[index] = packet;
    m_parts.pool[index].outVcClass = NOT_ROUTED;
    m_parts.links.PutInFlight(train.hops[hop].link, index);
}

void
ExpressMessages::PutInSwitch(const ExpressTrain& train, uint32_t hop, const Packet& packet, Tick at)
{
    const uint32_t index = m_parts.pool.Allocate();
    Packet& waiting = m_parts.pool[index];
    waiting = packet;
    waiting.out = train.hops[hop].link;
    waiting.outVc = train.hops[hop].vc;
    waiting.outVcClass = train.hops[hop].vcClass;
    m_parts.switches.Hold(train.hops[hop - 1].link, index, at);
}

void
ExpressMessages::ArriveByExpress(uint32_t link)
{
    ExpressTrain& train = m_trains[m_trainOfLink[link]];
    if (!train.IsUnderWay() || train.hops.back().link != link ||
        train.messages.front().arrives != m_parts.clock.Now())
    {
        return; // what was under way then goes as packets
    }
    ExpressTrain::Message message = train.messages.front();
    while (message.moved < message.packets)
    {
        if (IsRun(message))
        {
            MoveRun(train, message, NEVER);
            continue;
        }
        Move(train, message, NEVER);
        ++message.moved;
    }
    train.messages.erase(train.messages.begin());
    if (!train.IsUnderWay())
    {
        Release(train);
    }
    m_parts.endpoint.deliveries.SettleExpress(message.index,
                                              uint64_t{message.packets - 1} * train.packetSize +
                                                  message.lastSize);
}

void
ExpressMessages::Release(ExpressTrain& train)
{
    for (const ExpressTrain::Hop& hop : train.hops)
    {
        m_parts.links.SetExpress(hop.link, false);
    }
}

void
ExpressMessages::End(ExpressTrain& train)
{
    Release(train);
    const Tick now = m_parts.clock.Now();
    for (ExpressTrain::Message& message : train.messages)
    {
        MessageState& state = m_parts.endpoint.messages[message.index];
        const uint64_t whole = state.toDeliver;
        while (message.moved < message.packets)
        {
            if (IsRun(message))
            {
                const uint32_t before = message.moved;
                MoveRun(train, message, now);
                state.toDeliver -= uint64_t{message.moved - before} * train.packetSize;
            }
            const Stage stage = Move(train, message, now);
            if (stage == Stage::UNSENT)
            {
                break;
            }
            // The last is never delivered: that has an event.
            state.toDeliver -= stage == Stage::DELIVERED ? train.packetSize : 0;
            ++message.moved;
        }
        if (!message.isSent && message.moved > 0)
        {
            state.toSend = whole - uint64_t{message.moved} * train.packetSize;
            state.packets = message.moved;
        }
    }
    train.messages.clear();
    const uint32_t source = train.hops.front().link;
    if (!m_parts.endpoint.queues[train.queue].IsEmpty())
    {
        m_parts.endpoint.ports.LookAt(source, std::max(now, m_parts.links.GetFreeAt(source)));
    }
}

void
ExpressMessages::TakeBack(uint32_t link)
{
    End(m_trains[m_trainOfLink[link]]);
}

void
ExpressMessages::TakeBackAll()
{
    for (ExpressTrain& train : m_trains)
    {
        if (train.IsUnderWay())
        {
            End(train);
        }
    }
}

} // namespace mtlink
} // namespace ns3
