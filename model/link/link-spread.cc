/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The part of Links that only a fabric needs that is spread over processes: each has the ledgers
// of both ends. That of the near end says what may be sent; that of the far end follows it, as
// packets come in and leave, so that the buffer's occupancy is measured.

#include "link/links.h"

#include "ns3/abort.h"

#include <tuple>

namespace ns3
{
namespace mtlink
{

void
Links::Spread(uint32_t process, uint32_t processes, std::vector<LinkPlace> places)
{
    m_cut = std::make_unique<CutLinks>(process, processes, std::move(places));
    for (uint32_t id = 0; id < GetSize(); ++id)
    {
        Link& link = m_links[id];
        link.goesFar = m_cut->HasSender(id) && !m_cut->HasReceiver(id);
        link.sentFromFar = m_cut->HasReceiver(id) && !m_cut->HasSender(id);
        for (uint32_t vc = 0; link.goesFar && vc < m_specs[id].vcs; ++vc)
        {
            m_credits.StopWatching(link.firstLedger + vc);
        }
    }
}

void
Links::TakeFarCredit(uint32_t id, const Packet& packet)
{
    const uint32_t ledger = GetLedger(id, packet.vc);
    const bool hasCredit = m_credits.Has(ledger, packet.flits, m_clock.Now());
    NS_ABORT_MSG_IF(!hasCredit, "a packet from another process has come without credit");
    m_credits.Take(ledger, packet.flits);
}

void
Links::TakePacket(const CutLinks::PacketCrossing& crossing)
{
    const uint32_t index = m_pool.Allocate();
    m_pool[index] = crossing.packet;
    PutInFlight(crossing.link, index);
}

void
Links::TakeCredit(const CutLinks::CreditCrossing& crossing)
{
    const uint32_t ledger = GetLedger(crossing.link, crossing.vc);
    const Tick wanted = m_credits.Return(ledger, crossing.flits, crossing.at, crossing.departure);
    if (wanted != NEVER)
    {
        m_specs[crossing.link].sender->CreditComes(crossing.link, wanted);
    }
}

void
Links::UnpackCrossings(BatchReader& reader)
{
    m_cut->Unpack(reader, *this);
}

void
Links::NoteEndOfWait(uint32_t id, uint32_t ledger, const Packet& packet)
{
    const Credits::Relief& relief = m_credits.GetRelief(ledger);
    WaitStep step{m_clock.Now(), 0, {}, id, ledger, packet.message, WaitStep::END};
    step.end = {relief.at,
                relief.at,
                relief.departure,
                WaitingChains::NOBODY,
                WaitingChains::NOBODY};
    if (m_cut->IsLeader())
    {
        // It may be in before the steps are followed.
        std::tie(step.end.src, step.end.dst) = m_ends(packet.message);
        step.message = WaitStep::NO_MESSAGE;
    }
    m_cut->Note(step);
}

void
Links::FollowWaits()
{
    for (WaitStep& step : m_cut->TakeSteps())
    {
        switch (step.kind)
        {
        case WaitStep::BEGIN:
            m_chains.BeginWait(step.ledger, step.at);
            break;
        case WaitStep::STALL:
            KeepStall(step.link, step.ledger, step.begin, step.at);
            break;
        case WaitStep::END:
            if (step.message != WaitStep::NO_MESSAGE)
            {
                std::tie(step.end.src, step.end.dst) = m_ends(step.message);
            }
            m_chains.EndWait(step.link, step.ledger, step.end);
            break;
        }
    }
}

void
Links::PackResults(Batch& batch)
{
    Put(batch, m_packetHops);
    for (uint32_t id = 0; id < GetSize(); ++id)
    {
        const Link& link = m_links[id];
        const uint32_t vcs = m_specs[id].vcs;
        if (m_cut->HasSender(id))
        {
            Put(batch, m_tallies[id].counters);
            Put(batch, GetRetryCounters(id));
            Put(batch, link.stalled);
            Put(batch, link.stallBegin);
            Put(batch, link.stalledVcs);
            Put(batch, link.waiting);
            for (uint32_t vc = 0; vc < vcs; ++vc)
            {
                if ((link.waiting >> vc & 1) != 0)
                {
                    Put(batch, FindOpenWait(id, vc));
                }
            }
        }
        if (m_cut->HasReceiver(id))
        {
            for (uint32_t vc = 0; vc < vcs; ++vc)
            {
                Put(batch, FindExit(id, vc));
                GetOccupancy(id, vc).Pack(batch);
            }
        }
    }
    if (m_series)
    {
        SettleSeries();
        m_series->Pack(batch);
    }
}

void
Links::UnpackResults(uint32_t process, BatchReader& reader)
{
    m_packetHops += reader.Get<uint64_t>();
    for (uint32_t id = 0; id < GetSize(); ++id)
    {
        Link& link = m_links[id];
        const uint32_t vcs = m_specs[id].vcs;
        if (m_cut->GetPlace(id).sender == process)
        {
            m_tallies[id].counters = reader.Get<LinkCounters>();
            const auto retry = reader.Get<RetryCounters>();
            if (link.retries)
            {
                m_retry.SetCounters(id, retry);
            }
            link.stalled = reader.Get<bool>();
            link.stallBegin = reader.Get<Tick>();
            link.stalledVcs = reader.Get<uint32_t>();
            link.waiting = reader.Get<uint32_t>();
            for (uint32_t vc = 0; vc < vcs; ++vc)
            {
                if ((link.waiting >> vc & 1) != 0)
                {
                    m_far.waits[link.firstLedger + vc] = reader.Get<OpenWait>();
                }
            }
        }
        if (m_cut->GetPlace(id).receiver == process)
        {
            for (uint32_t vc = 0; vc < vcs; ++vc)
            {
                const auto exit = reader.Get<PacketExit>();
                if (exit.link != PacketExit::NO_LINK)
                {
                    m_far.exits[link.firstLedger + vc] = exit;
                }
                m_occupancies[link.firstLedger + vc] = OccupancyMeter::Unpack(reader);
                m_credits.StopWatching(link.firstLedger + vc);
            }
        }
    }
    if (m_series)
    {
        m_series->Merge(reader);
    }
}

} // namespace mtlink
} // namespace ns3
