/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "express/express-train.h"

#include <algorithm>
#include <array>

namespace ns3
{
namespace mtlink
{

namespace
{

/** When a packet is where, by hop. */
using Passages = std::array<ExpressWay::Passage, ExpressWay::MOST_HOPS>;

/**
 * @return by how much the second of two packets is later than the first, everywhere, in whole
 *         ticks; 0: not everywhere by as much.
 */
Tick
GetLag(std::span<const ExpressWay::Passage> first, std::span<const ExpressWay::Passage> second)
{
    const Tick lag = second[0].start.whole - first[0].start.whole;
    const auto isLater = [lag](const WireTime& a, const WireTime& b) {
        return a.part == 0 && b.part == 0 && b.whole - a.whole == lag;
    };
    for (std::size_t i = 0; i < first.size(); ++i)
    {
        if (!isLater(first[i].start, second[i].start) ||
            !isLater(first[i].trip.end, second[i].trip.end))
        {
            return 0;
        }
    }
    return lag;
}

/** A packet goes by a way: what is known of its message's last one. */
void
NotePassage(ExpressTrain::Message& message,
            uint32_t way,
            std::span<const ExpressWay::Passage> passages)
{
    message.lastLeaves = passages.front().start.whole;
    message.lastWay = way;
    message.lastBit = std::max(message.lastBit, passages.front().trip.end.whole);
    if (passages.back().arrives >= message.arrives)
    {
        message.arrives = passages.back().arrives;
        message.arrivesBy = way;
    }
}

} // namespace

void
ExpressWay::PlanPacket(const Links& links,
                       uint32_t flits,
                       Tick from,
                       std::span<WireTime> wires,
                       std::span<Passage> passages) const
{
    Tick at = from;
    Tick tailReady = 0;
    for (std::size_t i = 0; i < hops.size(); ++i)
    {
        const uint32_t link = hops[i].link;
        Passage& passage = passages[i];
        passage.start = wires[i].whole >= at ? wires[i] : WireTime{at, 0};
        passage.trip = links.GetTrip(link, passage.start, flits, tailReady);
        passage.arrives = links.GetArrival(link, passage.trip);
        wires[i] = passage.trip.end;
        at = passage.arrives;
        tailReady = passage.trip.tailIn + links.GetPipeline(link);
    }
}

void
ExpressTrain::PlanAlone(const Links& links, Message& message)
{
    ExpressWay& way = ways.front();
    std::array<Passages, 2> room;
    std::span<ExpressWay::Passage> before(room[0].data(), way.hops.size());
    std::span<ExpressWay::Passage> now(room[1].data(), way.hops.size());
    const uint32_t flits = links.GetFlits(way.GetPort(), packetSize);
    const uint32_t whole = message.packets - (message.lastSize < packetSize ? 1 : 0);
    for (uint32_t planned = 0; planned < whole; ++planned)
    {
        std::swap(before, now);
        way.PlanPacket(links, flits, message.from, way.free, now);
        const Tick lag = planned == 0 ? 0 : GetLag(before, now);
        if (lag != 0)
        {
            // The wires are as they were before, but later: so is all that follows.
            message.runFirst = planned - 1;
            message.runCount = whole - message.runFirst;
            message.runLag = lag;
            const Tick later = lag * (whole - 1 - planned);
            for (std::size_t i = 0; i < now.size(); ++i)
            {
                way.free[i].whole += later;
                now[i].start.whole += later;
                now[i].trip.end.whole += later;
                now[i].arrives += later;
            }
            break;
        }
    }
    if (whole < message.packets)
    {
        const uint32_t rest = links.GetFlits(way.GetPort(), message.lastSize);
        way.PlanPacket(links, rest, message.from, way.free, now);
    }
    NotePassage(message, 0, now);
}

void
ExpressTrain::Plan(const Links& links, Message& message)
{
    if (ways.size() == 1)
    {
        PlanAlone(links, message);
        return;
    }
    Passages passages;
    const uint32_t port = ways.front().GetPort();
    const uint32_t flits = links.GetFlits(port, packetSize);
    const uint32_t rest = links.GetFlits(port, message.lastSize);
    for (uint32_t planned = 0; planned < message.packets; ++planned)
    {
        const uint32_t index =
            ChooseWay(message, [this](uint32_t i) { return ways[i].free.front(); });
        ExpressWay& way = ways[index];
        const std::span<ExpressWay::Passage> its(passages.data(), way.hops.size());
        way.PlanPacket(links,
                       planned + 1 < message.packets ? flits : rest,
                       message.from,
                       way.free,
                       its);
        NotePassage(message, index, its);
    }
}

} // namespace mtlink
} // namespace ns3
