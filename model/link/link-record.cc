/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// For a memo: what a link does in a while is recorded, and counted again where it is known that it
// would do the same. See docs/model.md, Memo.

#include "link/link-record.h"

#include "link/links.h"

namespace ns3
{
namespace mtlink
{

bool
Links::IsQuiet(uint32_t id)
{
    const Link& link = m_links[id];
    const Tick now = m_clock.Now();
    const bool isBusy = link.free.whole > now || (link.free.whole == now && link.free.part > 0);
    if (isBusy || link.retries || link.hasFailed || link.stalled || link.express ||
        link.waiting != 0 || link.goesFar || link.sentFromFar || !link.flight.IsEmpty())
    {
        return false;
    }
    for (uint32_t vc = 0; vc < m_specs[id].vcs; ++vc)
    {
        const uint32_t ledger = GetLedger(id, vc);
        if (IsShared(ledger) || m_credits.GetInUse(ledger) > 0)
        {
            return false;
        }
    }
    return true;
}

void
Links::CatchUpOccupancy(uint32_t ledger, Tick back)
{
    OccupancyMeter& occupancy = m_occupancies[ledger];
    m_credits.Watch(ledger, m_clock.Now() + back, [&](Tick at, uint32_t flits) {
        occupancy.Change(at - back, -static_cast<int32_t>(flits));
    });
}

void
Links::BeginRecord(uint32_t id, std::pair<uint32_t, uint32_t> ends, LinkRecord& record)
{
    const Tick back = GetKind(m_links[id]).creditLatency;
    record.counters = m_tallies[id].counters;
    record.occupancy.clear();
    for (uint32_t vc = 0; vc < m_specs[id].vcs; ++vc)
    {
        const uint32_t ledger = GetLedger(id, vc);
        CatchUpOccupancy(ledger, back);
        record.occupancy.push_back(std::exchange(m_occupancies[ledger], OccupancyMeter()));
        m_chains.Book(ledger);
    }
    record.waits = m_chains.GetOwnWaits(GetLedger(id, 0), ends.first, ends.second);
}

void
Links::EndRecord(uint32_t id, std::pair<uint32_t, uint32_t> ends, LinkRecord& record)
{
    const Tick back = GetKind(m_links[id]).creditLatency;
    const auto since = [](auto now, auto& before) { before = now - before; };
    const LinkCounters& counters = m_tallies[id].counters;
    since(counters.packets, record.counters.packets);
    since(counters.payload, record.counters.payload);
    since(counters.flits, record.counters.flits);
    since(counters.busy, record.counters.busy);
    since(counters.stall, record.counters.stall);
    for (uint32_t vc = 0; vc < m_specs[id].vcs; ++vc)
    {
        const uint32_t ledger = GetLedger(id, vc);
        CatchUpOccupancy(ledger, back);
        m_chains.Book(ledger);
        const OccupancyMeter before = std::move(record.occupancy[vc]);
        m_occupancies[ledger].Finish(m_clock.Now());
        record.occupancy[vc] = m_occupancies[ledger];
        m_occupancies[ledger].Merge(before);
    }
    const WaitingChains::OwnWaits waits =
        m_chains.GetOwnWaits(GetLedger(id, 0), ends.first, ends.second);
    since(waits.link.time, record.waits.link.time);
    since(waits.link.times, record.waits.link.times);
    since(waits.flow.time, record.waits.flow.time);
    since(waits.flow.times, record.waits.flow.times);
}

void
Links::DropRecord(uint32_t id, const LinkRecord& record)
{
    // What is on its way has come in earlier than anybody knows: all is to be told in its time.
    for (uint32_t vc = 0; vc < m_specs[id].vcs; ++vc)
    {
        m_occupancies[GetLedger(id, vc)].Merge(record.occupancy[vc]);
    }
}

void
Links::Repeat(uint32_t id,
              std::pair<uint32_t, uint32_t> ends,
              const LinkRecord& record,
              uint64_t times)
{
    const auto ticks = static_cast<Tick>(times);
    LinkCounters& counters = m_tallies[id].counters;
    counters.packets += record.counters.packets * times;
    counters.payload += record.counters.payload * times;
    counters.flits += record.counters.flits * times;
    counters.busy += record.counters.busy * ticks;
    counters.stall += record.counters.stall * ticks;
    m_packetHops += record.counters.packets * times;
    for (uint32_t vc = 0; vc < m_specs[id].vcs; ++vc)
    {
        m_occupancies[GetLedger(id, vc)].Merge(record.occupancy[vc], times);
    }
    WaitingChains::OwnWaits waits = record.waits;
    waits.link = {waits.link.time * ticks, waits.link.times * times};
    waits.flow = {waits.flow.time * ticks, waits.flow.times * times};
    m_chains.AddOwnWaits(GetLedger(id, 0), ends.first, ends.second, waits);
}

} // namespace mtlink
} // namespace ns3
