/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "express/express-train.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

void
ExpressTrain::PlanPacket(const Links& links,
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

Tick
ExpressTrain::GetLag(std::span<const Passage> first, std::span<const Passage> second)
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

void
ExpressTrain::Plan(const Links& links, Message& message)
{
    std::array<std::array<Passage, MOST_HOPS>, 2> room;
    std::span<Passage> before(room[0].data(), hops.size());
    std::span<Passage> now(room[1].data(), hops.size());
    const uint32_t flits = links.GetFlits(hops.front().link, packetSize);
    const uint32_t whole = message.packets - (message.lastSize < packetSize ? 1 : 0);
    Tick from = message.from;
    uint32_t planned = 0;
    for (; planned < whole; ++planned, from = 0)
    {
        std::swap(before, now);
        PlanPacket(links, flits, from, free, now);
        const Tick lag = planned == 0 ? 0 : GetLag(before, now);
        if (lag != 0)
        {
            // The wires are as they were before, but later: so is all that follows.
            message.runFirst = planned - 1;
            message.runCount = whole - message.runFirst;
            message.runLag = lag;
            const Tick later = lag * (whole - 1 - planned);
            for (std::size_t i = 0; i < hops.size(); ++i)
            {
                free[i].whole += later;
                now[i].start.whole += later;
                now[i].trip.end.whole += later;
                now[i].arrives += later;
            }
            break;
        }
    }
    if (whole < message.packets)
    {
        PlanPacket(links, links.GetFlits(hops.front().link, message.lastSize), from, free, now);
    }
    message.lastLeaves = now.front().start.whole;
    message.lastBit = now.front().trip.end.whole;
    message.arrives = now.back().arrives;
}

} // namespace mtlink
} // namespace ns3
