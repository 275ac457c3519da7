/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The part of Links that only express messages need: what packets did to a link is told afterwards.

#include "link/links.h"

#include "ns3/abort.h"

namespace ns3
{
namespace mtlink
{

Tick
Links::Carry(uint32_t id, Packet& packet, Tick at, Tick tailReady)
{
    const Link& link = m_links[id];
    const uint32_t ledger = link.firstLedger + packet.vc;
    const WireTime start = link.free.whole >= at ? link.free : WireTime{at, 0};
    const bool hasCredit = m_credits.Has(ledger, packet.flits, start.whole);
    NS_ABORT_MSG_IF(!hasCredit, "an express message has waited for credit");
    m_credits.Take(ledger, packet.flits);
    CountPacket(id, packet);
    return PutOnWire(id, packet, start, tailReady);
}

void
Links::FillRun(uint32_t ledger, Tick back, const Run& run)
{
    OccupancyMeter& occupancy = m_occupancies[ledger];
    const auto flits = static_cast<int32_t>(run.flits);
    const auto showOthers = [&](Tick until) {
        m_credits.Watch(ledger, until + back, [&](Tick at, uint32_t amount) {
            occupancy.Change(at - back, -static_cast<int32_t>(amount));
        });
    };
    Tick freed = run.freed; // of the first that has not left
    Tick in = run.headIn;
    for (uint32_t left = run.count; left > 0; --left, in += run.lag)
    {
        for (; freed <= in; freed += run.lag)
        {
            showOthers(freed);
            occupancy.Change(freed, -flits);
        }
        showOthers(in);
        occupancy.Change(in, flits);
        if (freed - in <= run.lag && !m_credits.HasUnwatched(ledger))
        {
            // From now on each that comes finds that one has left since the one before.
            occupancy.Swing(run.flits, freed - in, in + run.lag - freed, left - 1);
            return;
        }
    }
}

void
Links::CarryRun(uint32_t id, const Run& run)
{
    const uint32_t ledger = GetLedger(id, run.vc);
    const Tick back = GetKind(m_links[id]).creditLatency;
    const Tick later = (run.count - 1) * run.lag; // the last
    LinkCounters& counters = m_tallies[id].counters;
    counters.packets += run.count;
    counters.payload += uint64_t{run.count} * run.payload;
    counters.flits += uint64_t{run.count} * run.flits;
    counters.busy += (run.left - run.granted) * run.count;
    m_packetHops += run.count;
    m_links[id].free = {run.left + later, 0};
    FillRun(ledger, back, run);
    Departure departure;
    if (run.exit.link != PacketExit::NO_LINK)
    {
        departure = {run.exit.arrived, run.exitGranted, GetLedger(run.exit.link, run.exit.vc)};
    }
    m_credits.TakeRun(
        ledger,
        {run.flits, run.count, run.lag, run.granted + later, run.freed + back, departure});
    m_credits.Watch(ledger, run.headIn + later + back, [](Tick, uint32_t) {}); // FillRun() has
}

} // namespace mtlink
} // namespace ns3
