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
    if (!m_parts.links.IsQuiet(link) || queue.target != message.dst || !IsPossible())
    {
        return false;
    }
    m_trainOfLink.resize(m_parts.links.GetSize());
    ExpressTrain& train = TakeTrain();
    train.queue = index;
    train.packetSize = m_parts.endpoint.queues.GetPacketSize();
    if (!FindWays(train))
    {
        Release(train);
        return false;
    }
    for (const ExpressWay& way : train.ways)
    {
        m_parts.endpoint.ports.TakeTurn(way.GetPort(), index);
    }
    return GoOn(link);
}

ExpressTrain&
ExpressMessages::TakeTrain()
{
    if (m_free.empty())
    {
        m_trains.emplace_back();
        return m_trains.back();
    }
    const uint32_t index = m_free.back();
    m_free.pop_back();
    return m_trains[index];
}

bool
ExpressMessages::FindWays(ExpressTrain& train)
{
    const SendQueue& queue = m_parts.endpoint.queues[train.queue];
    const PortGroup& group = m_parts.endpoint.queues.GetGroup(queue.group);
    Packet& packet = train.packet;
    packet = {};
    packet.target = queue.target;
    packet.via = queue.via;
    packet.flow = m_parts.endpoint.queues.GetNextFlow(queue, false);
    packet.flits = m_parts.links.GetFlits(group.links.front(), train.packetSize);
    packet.trafficClass = queue.trafficClass;
    packet.kind = UNICAST;
    packet.vcClass = group.vcClass;
    packet.outVcClass = NOT_ROUTED;
    train.ways.resize(group.links.size());
    for (ExpressWay& way : train.ways)
    {
        way.hops.clear();
    }
    for (std::size_t i = 0; i < group.links.size(); ++i)
    {
        ExpressWay& way = train.ways[i];
        if (!m_parts.endpoint.ports.IsAlone(group.links[i], train.queue) ||
            !FindWay(train, way, group.links[i]) || !HasRoom(train, way))
        {
            return false;
        }
    }
    return true;
}

bool
ExpressMessages::FindWay(const ExpressTrain& train, ExpressWay& way, uint32_t link)
{
    const EndpointPorts& ports = m_parts.endpoint.ports;
    const VcLayout& layout = ports.GetLayout(link);
    Packet probe = train.packet;
    probe.vc = layout.Choose(probe.trafficClass, probe.vcClass, probe.flow);
    const bool isSprayed = ports.IsSprayed(link);
    way.free.clear();
    while (m_parts.links.IsQuiet(link) && way.hops.size() < ExpressWay::MOST_HOPS)
    {
        way.hops.push_back({link, probe.vc, probe.vcClass});
        way.free.push_back(m_parts.links.GetFree(link));
        m_trainOfLink[link] = GetIndex(train);
        m_parts.links.SetExpress(link, true); // no way of the same train goes by it again
        if (m_parts.links.GetSpec(link).last)
        {
            return !isSprayed || (way.hops.size() == 1 && layout.vcsPerClass == 1);
        }
        if (isSprayed || !m_parts.switches.FindOpenWay(link, probe))
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
ExpressMessages::HasRoom(const ExpressTrain& train, const ExpressWay& way) const
{
    const Links& links = m_parts.links;
    const uint32_t flits = train.packet.flits;
    // One packet leaves in each of these: at no link do they come closer, or wait for longer.
    const WireSpeed& speed = links.GetSpeed(way.GetPort());
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
    for (std::size_t i = 0; i < way.hops.size(); ++i)
    {
        const ExpressWay::Hop& hop = way.hops[i];
        if (links.GetSpeed(hop.link).GetFlitTime() > speed.GetFlitTime())
        {
            return false;
        }
        const WireTrip trip = links.GetTrip(hop.link, {at, 0}, flits, tailReady);
        const auto holds = [&](const ExpressWay::Hop& filled, Tick from, Tick until) {
            const Tick inUse = until + links.GetCreditLatency(filled.link) - from;
            return m_parts.links.GetCredit(filled.link, filled.vc) >= countIn(inUse) * flits;
        };
        if (i > 0 && !holds(way.hops[i - 1], sent, trip.end.whole))
        {
            return false;
        }
        sent = at;
        at = links.GetArrival(hop.link, trip);
        tailReady = trip.tailIn + links.GetPipeline(hop.link);
        if (i + 1 == way.hops.size() && !holds(hop, sent, at))
        {
            return false;
        }
    }
    // A packet of a flit less may have hardly less payload, and follows sooner.
    const SendQueue& queue = m_parts.endpoint.queues[train.queue];
    const uint64_t most = countIn(at - now + queue.acknowledgement) * train.ways.size();
    const uint64_t more = most / std::max(flits - 1, 1U);
    return !queue.HasWindow() ||
           m_parts.endpoint.windows.CountAllowed(queue, train.packetSize) >= most + more;
}

bool
ExpressMessages::Join(ExpressTrain& train, bool isBehind)
{
    const SendQueue& queue = m_parts.endpoint.queues[train.queue];
    const MessageState& state = m_parts.endpoint.messages[queue.firstMessage];
    const uint64_t packets = (state.toSend + train.packetSize - 1) / train.packetSize;
    if (packets > ExpressTrain::MOST_PACKETS)
    {
        return false;
    }
    ExpressTrain::Message message;
    message.index = queue.firstMessage;
    message.packets = static_cast<uint32_t>(packets);
    message.lastSize =
        static_cast<uint32_t>(state.toSend - uint64_t{message.packets - 1} * train.packetSize);
    // Ports that are looked at as their wires are free are so in order of their links.
    message.firstWay = isBehind ? 0 : m_parts.endpoint.queues.GetGroup(queue.group).nextPort;
    message.from = m_parts.clock.Now();
    if (m_parts.endpoint.queues.GetNextFlow(queue, false) != train.packet.flow)
    {
        return false; // it may go by another way
    }
    train.Plan(m_parts.links, message);
    if (train.IsUnderWay() && message.arrives <= train.messages.back().arrives)
    {
        return false; // by another port it passes the one before
    }
    train.messages.push_back(message);
    m_parts.links.ScheduleExpress(train.ways[message.arrivesBy].hops.back().link, message.arrives);
    return true;
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
    bool isBehind = false;
    while (!queue.IsEmpty())
    {
        const bool isNew = train.messages.empty() || train.messages.back().isSent;
        if (isNew && !Join(train, isBehind))
        {
            End(train);
            return false;
        }
        ExpressTrain::Message& message = train.messages.back();
        if (message.lastLeaves > now)
        {
            const uint32_t port = train.ways[message.lastWay].GetPort();
            ports.LookAt(port, message.lastLeaves);
            break;
        }
        message.isSent = true;
        NoteSent(train, message, message.packets);
        ports.EndMessage(train.queue, message.lastBit);
        isBehind = true;
    }
    return true;
}

void
ExpressMessages::NoteSent(const ExpressTrain& train,
                          const ExpressTrain::Message& message,
                          uint32_t packets)
{
    SendQueue& queue = m_parts.endpoint.queues[train.queue];
    PortGroup& group = m_parts.endpoint.queues.GetGroup(queue.group);
    m_parts.endpoint.messages[message.index].packets = packets;
    queue.packets += packets;
    group.nextPort = static_cast<uint32_t>((group.nextPort + packets) % group.links.size());
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
    packet.flits = m_parts.links.GetFlits(train.ways.front().GetPort(), packet.payload);
    return packet;
}

void
ExpressMessages::MoveRun(ExpressTrain& train, ExpressTrain::Message& message, Tick now)
{
    Links& links = m_parts.links;
    const ExpressWay& way = train.ways.front();
    std::array<WireTime, ExpressWay::MOST_HOPS> wires;
    std::array<ExpressWay::Passage, ExpressWay::MOST_HOPS> room;
    const std::size_t hops = way.hops.size();
    const std::span<ExpressWay::Passage> passages(room.data(), hops);
    for (std::size_t i = 0; i < hops; ++i)
    {
        wires[i] = links.GetFree(way.hops[i].link);
    }
    Packet packet = MakePacket(train, message);
    way.PlanPacket(links, packet.flits, message.from, std::span(wires.data(), hops), passages);
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
        const ExpressWay::Hop& hop = way.hops[i];
        const ExpressWay::Passage& passage = passages[i];
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
            const ExpressWay::Hop& next = way.hops[i + 1];
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
    const ExpressWay& way = train.ways[train.ChooseWay(message, [&](uint32_t i) {
        return links.GetFree(train.ways[i].GetPort());
    })];
    Packet packet = MakePacket(train, message);
    Tick at = message.from;
    Tick tailReady = 0;
    for (uint32_t i = 0; i < way.hops.size(); ++i)
    {
        const uint32_t link = way.hops[i].link;
        const Tick granted = std::max(links.GetFreeAt(link), at);
        if (i == 0 && granted >= now && granted > train.served)
        {
            return Stage::UNSENT;
        }
        if (i > 0 && granted >= now)
        {
            PutInSwitch(way, i, packet, granted);
            return Stage::UNDER_WAY;
        }
        const Tick left = Carry(way, i, packet, at, tailReady);
        if (i == 0)
        {
            packet.injected = granted;
            message.lastLeft = std::max(message.lastLeft, left);
            m_parts.endpoint.windows.TakeAt(m_parts.endpoint.queues[train.queue],
                                            packet.payload,
                                            granted);
        }
        at = links.GetArrival(link, packet);
        if (at >= now)
        {
            PutOnWire(way, i, packet);
            return Stage::UNDER_WAY;
        }
        links.FillByExpress(link, packet);
        tailReady = packet.tailIn + links.GetPipeline(link);
    }
    links.ReturnCreditOf(way.hops.back().link, packet.vc, packet.flits, at, {}, at);
    m_parts.endpoint.deliveries.CountExpress(packet, at);
    return Stage::DELIVERED;
}

Tick
ExpressMessages::Carry(const ExpressWay& way, uint32_t i, Packet& packet, Tick at, Tick tailReady)
{
    const ExpressWay::Hop& hop = way.hops[i];
    Packet before = packet; // as it came
    const Tick granted = std::max(m_parts.links.GetFreeAt(hop.link), at);
    packet.vc = hop.vc;
    packet.vcClass = hop.vcClass;
    const Tick left = m_parts.links.Carry(hop.link, packet, at, tailReady);
    if (i > 0)
    {
        const uint32_t in = way.hops[i - 1].link;
        before.out = hop.link;
        before.outVc = hop.vc;
        m_parts.switches.Pass(in, before, left);
        m_parts.links
            .ReturnCreditOf(in, before.vc, packet.flits, left, {hop.link, hop.vc, at}, granted);
    }
    return left;
}

void
ExpressMessages::PutOnWire(const ExpressWay& way, uint32_t hop, const Packet& packet)
{
    const uint32_t index = m_parts.pool.Allocate();
    m_parts.pool[index] = packet;
    m_parts.pool[index].outVcClass = NOT_ROUTED;
    m_parts.links.PutInFlight(way.hops[hop].link, index);
}

void
ExpressMessages::PutInSwitch(const ExpressWay& way, uint32_t hop, const Packet& packet, Tick at)
{
    const uint32_t index = m_parts.pool.Allocate();
    Packet& waiting = m_parts.pool[index];
    waiting = packet;
    waiting.out = way.hops[hop].link;
    waiting.outVc = way.hops[hop].vc;
    waiting.outVcClass = way.hops[hop].vcClass;
    m_parts.switches.Hold(way.hops[hop - 1].link, index, at);
}

void
ExpressMessages::ArriveByExpress(uint32_t link)
{
    ExpressTrain& train = m_trains[m_trainOfLink[link]];
    if (!train.IsUnderWay())
    {
        return; // what was under way then goes as packets
    }
    ExpressTrain::Message message = train.messages.front();
    if (message.arrives != m_parts.clock.Now() ||
        train.ways[message.arrivesBy].hops.back().link != link)
    {
        return; // likewise
    }
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
    for (const ExpressWay& way : train.ways)
    {
        for (const ExpressWay::Hop& hop : way.hops)
        {
            m_parts.links.SetExpress(hop.link, false);
        }
    }
    train.served = -1;
    m_free.push_back(GetIndex(train));
}

void
ExpressMessages::End(ExpressTrain& train)
{
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
            const uint32_t size =
                message.moved + 1 < message.packets ? train.packetSize : message.lastSize;
            state.toDeliver -= stage == Stage::DELIVERED ? size : 0; // never all: that has an event
            ++message.moved;
        }
        if (!message.isSent && message.moved > 0)
        {
            state.toSend = whole - uint64_t{message.moved} * train.packetSize;
            state.lastTail = std::max(state.lastTail, message.lastLeft);
            NoteSent(train, message, message.moved);
        }
    }
    train.messages.clear();
    if (!m_parts.endpoint.queues[train.queue].IsEmpty())
    {
        for (const ExpressWay& way : train.ways)
        {
            const uint32_t port = way.GetPort();
            m_parts.endpoint.ports.LookAt(port, std::max(now, m_parts.links.GetFreeAt(port)));
        }
    }
    Release(train);
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
