/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "link/links.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace ns3
{
namespace mtlink
{

Links::Links(EventClock& clock, PacketPool& pool, uint32_t seed)
    : m_clock(clock),
      m_arrivals(clock, *this, EventPhase::ARRIVE),
      m_pool(pool),
      m_retry(seed),
      m_lost(clock, pool)
{
}

uint32_t
Links::Add(const LinkSpec& spec)
{
    const LinkProfile& profile = *spec.profile;
    uint32_t firstLedger = 0;
    for (uint32_t vc = 0; vc < spec.vcs; ++vc)
    {
        const uint32_t ledger =
            m_credits.Open(static_cast<uint32_t>(spec.buffer / profile.GetFlit()),
                           spec.pool == LinkSpec::NO_POOL);
        firstLedger = vc == 0 ? ledger : firstLedger;
        m_chains.Open(GetSize());
    }
    m_occupancies.resize(m_occupancies.size() + spec.vcs);
    if (spec.pool != LinkSpec::NO_POOL)
    {
        m_linkOfLedger.resize(firstLedger + spec.vcs);
        m_sharing.resize(firstLedger + spec.vcs);
        for (uint32_t ledger = firstLedger; ledger < firstLedger + spec.vcs; ++ledger)
        {
            m_shared->Join(ledger, spec.pool);
            m_linkOfLedger[ledger] = GetSize();
        }
    }

    Link link{};
    link.firstLedger = firstLedger;
    link.kind = FindKind(spec);
    link.retries = profile.GetRetry() != LinkProfile::NONE;
    if (link.retries)
    {
        m_retry.Add(GetSize(), profile, spec.longest);
    }
    m_links.push_back(std::move(link));
    m_specs.push_back(spec);
    m_tallies.emplace_back();
    return static_cast<uint32_t>(m_links.size() - 1);
}

uint32_t
Links::FindKind(const LinkSpec& spec)
{
    // The latest first: links of a kind come in runs.
    const auto same = std::find_if(m_kinds.rbegin(), m_kinds.rend(), [&](const Kind& kind) {
        return kind.profile == spec.profile && kind.sender == spec.sender &&
               kind.receiver == spec.receiver && kind.pipeline == spec.pipeline &&
               kind.whole == spec.whole && kind.last == spec.last;
    });
    if (same != m_kinds.rend())
    {
        return static_cast<uint32_t>(m_kinds.rend() - same - 1);
    }
    const LinkProfile& profile = *spec.profile;
    m_kinds.push_back({spec.profile,
                       spec.sender,
                       spec.receiver,
                       spec.pipeline,
                       spec.whole,
                       spec.last,
                       ToTicks(profile.GetLatency()),
                       ToTicks(profile.GetCreditLatency()),
                       WireSpeed(profile.GetBitRate(), profile.GetFlit(), profile.GetEncoding())});
    return static_cast<uint32_t>(m_kinds.size() - 1);
}

uint32_t
Links::AddPool(uint32_t flits, double alpha)
{
    if (!m_shared)
    {
        m_shared = std::make_unique<SharedCredits>(m_credits, [this](uint32_t ledger, Tick at) {
            const uint32_t link = m_linkOfLedger[ledger];
            m_specs[link].sender->CreditComes(link, at);
        });
    }
    return m_shared->Open(flits, alpha);
}

void
Links::KeepLog()
{
    m_log = std::make_unique<LinkLog>();
}

LinkLog
Links::GetLog() const
{
    LinkLog log = m_log ? *m_log : LinkLog();
    for (uint32_t id = 0; m_log && id < GetSize(); ++id)
    {
        if (m_links[id].stalled)
        {
            log.AddStall(id, m_links[id].stallBegin, m_clock.Now());
        }
        if (!m_outages.empty())
        {
            log.AddState(id, m_outages[id].state, m_outages[id].since, m_clock.Now());
        }
    }
    return log;
}

void
Links::KeepSeries(Tick interval)
{
    m_series = std::make_unique<LinkSeries>(interval, GetSize());
    for (uint32_t link = 0; link < GetSize(); ++link)
    {
        m_totals.emplace_back(QueueSeries(*m_series, link));
    }
}

void
Links::ShowHops(const HopTrace* trace, std::function<std::pair<uint32_t, uint32_t>(uint32_t)> ends)
{
    m_hopTrace = trace;
    m_ends = std::move(ends);
}

Tick
Links::PutOnWire(uint32_t id, Packet& packet, WireTime start, Tick tailReady)
{
    Link& link = m_links[id];
    const Kind& kind = GetKind(link);
    if (link.retries) [[unlikely]]
    {
        const LinkRetry::Trip trip = TransmitWithRetry(id, packet.flits, start, tailReady);
        packet.headIn = trip.start.whole + kind.latency;
        packet.tailIn = (kind.last ? kind.speed.Round(trip.end) : trip.end.whole) + kind.latency;
        return trip.left;
    }
    const WireTrip trip = GetTrip(kind, start, packet.flits, tailReady);
    link.free = trip.end;
    CountBusy(id, start.whole, trip.end.whole);
    packet.headIn = trip.headIn;
    packet.tailIn = trip.tailIn;
    return trip.end.whole;
}

[[gnu::always_inline]] inline void
Links::AddToFlight(uint32_t id, uint32_t index)
{
    Flight& flight = m_links[id].flight;
    const bool wasIdle = flight.IsEmpty();
    flight.Push(index, GetArrival(id, m_pool[index]));
    if (wasIdle)
    {
        ScheduleArrival(id);
    }
}

inline Tick
Links::Launch(uint32_t id, uint32_t index, WireTime start, Tick tailReady)
{
    Packet& packet = m_pool[index];
    const Tick left = PutOnWire(id, packet, start, tailReady);
    CountPacket(id, packet);
    if (m_links[id].goesFar) [[unlikely]]
    {
        m_cut->Send(id, packet, GetArrival(id, packet));
        m_pool.Free(index);
        return left;
    }
    AddToFlight(id, index);
    if (IsTraced()) [[unlikely]]
    {
        const auto [src, dst] = m_ends(packet.message);
        (*m_hopTrace)(ToTime(packet.headIn - GetKind(m_links[id]).latency),
                      id,
                      src,
                      dst,
                      packet.payload);
    }
    return left;
}

Tick
Links::Transmit(uint32_t id, uint32_t index, Tick tailReady)
{
    Link& link = m_links[id];
    Packet& packet = m_pool[index];
    const Tick now = m_clock.Now();
    packet.outVcClass = NOT_ROUTED; // where it flies to
    if (link.stalled)
    {
        CountStall(id, packet.vc);
    }
    if ((link.waiting >> packet.vc & 1) != 0)
    {
        EndWait(id, packet);
    }
    if (link.down) [[unlikely]]
    {
        return TransmitDown(id, index, tailReady);
    }
    return Launch(id, index, link.free.whole >= now ? link.free : WireTime{now, 0}, tailReady);
}

LinkRetry::Trip
Links::TransmitWithRetry(uint32_t id, uint32_t flits, WireTime start, Tick tailReady)
{
    Link& link = m_links[id];
    const Tick turn = m_retry.GetTurn(id);
    const LinkRetry::Trip trip = m_retry.Send(id, flits, GetKind(link).speed, start, tailReady);
    link.free = trip.free;
    if (m_retry.GetTurn(id) != turn)
    {
        m_arrivals.Schedule(m_retry.GetTurn(id), RESUME | GetWord(id));
    }
    for (const auto& [from, to] : m_retry.GetCopies())
    {
        CountBusy(id, from, to);
    }
    return trip;
}

[[gnu::always_inline]] inline void
Links::Fill(uint32_t id, const Packet& packet)
{
    const Link& link = m_links[id];
    const uint32_t ledger = link.firstLedger + packet.vc;
    if (IsShared(ledger)) [[unlikely]]
    {
        m_sharing[ledger].Fill(packet.headIn, packet.flits);
    }
    else
    {
        // What left is seen as it comes back.
        OccupancyMeter& occupancy = m_occupancies[ledger];
        const Tick back = GetKind(link).creditLatency;
        m_credits.Watch(ledger, packet.headIn + back, [&](Tick at, uint32_t flits) {
            occupancy.Change(at - back, -static_cast<int32_t>(flits));
        });
        occupancy.Change(packet.headIn, static_cast<int32_t>(packet.flits));
    }
    if (m_series)
    {
        m_totals[id].Fill(packet.headIn, packet.flits);
    }
}

void
Links::OnRareEvent(uint64_t word)
{
    const uint32_t id = GetLinkOf(word);
    if ((word & EXPRESS) != 0)
    {
        m_express->ArriveByExpress(id);
        return;
    }
    Link& link = m_links[id];
    const bool isCurrent = (word & ~RESUME) == GetWord(id);
    if (isCurrent && m_retry.GetTurn(id) == m_clock.Now())
    {
        const WireTime resume = m_retry.GetResume(id);
        if (link.free.whole < resume.whole)
        {
            link.free = resume;
            EndStall(id, 0); // what waits now waits for the wire
        }
    }
}

void
Links::OnEvent(uint64_t word)
{
    const uint32_t id = GetLinkOf(word);
    Link& link = m_links[id];
    if ((word >> EPOCH_SHIFT != 0 || (word & EXPRESS) != 0 || link.hasFailed) &&
        word != GetWord(id)) [[unlikely]]
    {
        OnRareEvent(word);
        return;
    }
    const uint32_t index = link.flight.Pop();
    if (!link.flight.IsEmpty())
    {
        ScheduleArrival(id);
    }
    const Packet& packet = m_pool[index];
    if (link.sentFromFar) [[unlikely]]
    {
        TakeFarCredit(id, packet);
    }
    Fill(id, packet);
    GetKind(link).receiver->Arrive(id, index);
}

void
Links::PutInFlight(uint32_t id, uint32_t index)
{
    AddToFlight(id, index);
}

void
Links::FillByExpress(uint32_t id, const Packet& packet)
{
    Fill(id, packet);
}

void
Links::Prefetch(uint64_t word, uint32_t step)
{
    const uint32_t id = GetLinkOf(word);
    if (step == 0)
    {
        __builtin_prefetch(&m_links[id], 1);
        return;
    }
    const Link& link = m_links[id];
    const uint32_t index = link.flight.GetFirst();
    if (index == NO_PACKET)
    {
        return; // of a link that has gone down, or waits for a retry
    }
    if (step == 1)
    {
        m_pool.Prefetch(index);
        link.flight.PrefetchFirst();
    }
    else if (step == 2)
    {
        PrefetchFill(id, m_pool[index].vc, false);
    }
    else if (step == 3)
    {
        PrefetchFill(id, m_pool[index].vc, true);
    }
    GetKind(link).receiver->PrefetchArrival(id, index, step);
}

void
Links::ReturnCreditOf(uint32_t id,
                      uint32_t vc,
                      uint32_t flits,
                      Tick at,
                      const PacketExit& exit,
                      Tick left)
{
    const Link& link = m_links[id];
    const uint32_t ledger = link.firstLedger + vc;
    if (m_series)
    {
        m_totals[id].Drain(at, flits);
    }
    Departure departure;
    if (exit.link != PacketExit::NO_LINK)
    {
        departure = {exit.arrived, left, GetLedger(exit.link, exit.vc)};
    }
    if (IsShared(ledger)) [[unlikely]]
    {
        m_sharing[ledger].Drain(at, flits);
        m_shared->Return(ledger, flits, at + GetKind(link).creditLatency, departure);
        return;
    }
    const Tick back = at + GetKind(link).creditLatency;
    if (link.sentFromFar) [[unlikely]]
    {
        m_cut->Return({back, departure, id, vc, flits});
    }
    const Tick wanted = m_credits.Return(ledger, flits, back, departure);
    if (wanted != NEVER)
    {
        m_specs[id].sender->CreditComes(id, wanted);
    }
}

void
Links::BeginStall(uint32_t id, uint32_t vcs)
{
    Link& link = m_links[id];
    link.stalledVcs = vcs;
    if (!link.stalled)
    {
        link.stalled = true;
        link.stallBegin = m_clock.Now();
    }
}

void
Links::EndStall(uint32_t id, uint32_t vc)
{
    if (m_links[id].stalled)
    {
        CountStall(id, vc);
    }
}

void
Links::CountStall(uint32_t id, uint32_t vc)
{
    Link& link = m_links[id];
    link.stalled = false;
    const Tick begin = link.stallBegin;
    const Tick now = m_clock.Now();
    if (begin == now)
    {
        return;
    }
    m_tallies[id].counters.stall += now - begin;
    SampleStall(id);
    const uint32_t ledger = link.firstLedger + GetStalledVc(link, vc);
    if (m_cut) [[unlikely]]
    {
        m_cut->Note({now, begin, {}, id, ledger, WaitStep::NO_MESSAGE, WaitStep::STALL});
        return;
    }
    KeepStall(id, ledger, begin, now);
}

void
Links::SampleStall(uint32_t id)
{
    if (m_series)
    {
        Tick& sampled = m_tallies[id].sampled;
        m_series->AddStall(id, std::max(m_links[id].stallBegin, sampled), m_clock.Now());
        sampled = m_clock.Now();
    }
}

uint32_t
Links::GetStalledVc(const Link& link, uint32_t vc)
{
    // A packet on another VC, which came meanwhile, ends a stall but not what caused it.
    const bool hasWaited = (link.stalledVcs >> vc & 1) != 0;
    return hasWaited ? vc : static_cast<uint32_t>(std::countr_zero(link.stalledVcs));
}

void
Links::EndWait(uint32_t id, const Packet& packet)
{
    Link& link = m_links[id];
    const uint32_t ledger = link.firstLedger + packet.vc;
    const Credits::Relief& relief = m_credits.GetRelief(ledger);
    if (relief.at == NEVER)
    {
        return; // it is shorter than what waits, and found room that was there
    }
    link.waiting &= ~(1U << packet.vc);
    if (m_cut) [[unlikely]]
    {
        NoteEndOfWait(id, ledger, packet);
        return;
    }
    const auto [src, dst] = m_ends(packet.message);
    m_chains.EndWait(id, ledger, {relief.at, relief.at, relief.departure, src, dst});
}

WaitingChains
Links::FollowChains() const
{
    WaitingChains chains = m_chains;
    std::vector<bool> isClosed;
    for (uint32_t id = 0; id < GetSize(); ++id)
    {
        const Link& link = m_links[id];
        if (link.stalled && link.stallBegin < m_clock.Now())
        {
            // Its VCs wait alike: it counts for one of them.
            const auto vc = static_cast<uint32_t>(std::countr_zero(link.stalledVcs));
            chains.AddStall(link.firstLedger + vc, link.stallBegin, m_clock.Now());
        }
    }
    isClosed.resize(m_occupancies.size());
    for (uint32_t id = 0; id < GetSize(); ++id)
    {
        for (uint32_t vc = 0; vc < m_specs[id].vcs; ++vc)
        {
            CloseWait(chains, id, vc, isClosed);
        }
    }
    return chains;
}

void
Links::CloseWait(WaitingChains& chains, uint32_t id, uint32_t vc, std::vector<bool>& isClosed) const
{
    const Link& link = m_links[id];
    const uint32_t ledger = link.firstLedger + vc;
    if ((link.waiting >> vc & 1) == 0 || isClosed[ledger])
    {
        return;
    }
    isClosed[ledger] = true; // who comes here again, in a circle, ends here
    const Tick now = m_clock.Now();
    WaitingChains::WaitEnd end{now, now, {}, WaitingChains::NOBODY, WaitingChains::NOBODY};
    const auto& [relief, message] = FindOpenWait(id, vc);
    if (relief.at != NEVER)
    {
        end.at = std::min(now, relief.at);
        end.freed = relief.at;
        end.departure = relief.departure;
    }
    else
    {
        const PacketExit exit = FindExit(id, vc);
        if (exit.link != PacketExit::NO_LINK)
        {
            CloseWait(chains, exit.link, exit.vc, isClosed);
            end.departure = {exit.arrived, now, GetLedger(exit.link, exit.vc)};
        }
    }
    if (message != PacketSender::NO_MESSAGE_WAITS)
    {
        std::tie(end.src, end.dst) = m_ends(message);
    }
    chains.EndWait(id, ledger, end);
}

Links::OpenWait
Links::FindOpenWait(uint32_t id, uint32_t vc) const
{
    const uint32_t ledger = GetLedger(id, vc);
    if (const auto far = m_far.waits.find(ledger); far != m_far.waits.end())
    {
        return far->second;
    }
    const Credits::Relief relief = m_credits.GetRelief(ledger);
    return {relief.at == NEVER ? m_credits.FindRelief(ledger) : relief,
            m_specs[id].sender->FindWaiting(id, vc)};
}

PacketExit
Links::FindExit(uint32_t id, uint32_t vc) const
{
    const auto far = m_far.exits.find(GetLedger(id, vc));
    return far != m_far.exits.end() ? far->second : m_specs[id].receiver->FindExit(id, vc);
}

void
Links::SettleSeries()
{
    for (BufferMeter<QueueSeries>& total : m_totals)
    {
        total.Settle(m_clock.Now());
    }
    for (uint32_t id = 0; id < GetSize(); ++id)
    {
        if (m_links[id].stalled && !IsSentElsewhere(id))
        {
            SampleStall(id);
        }
    }
}

void
Links::CollectSamples(std::vector<SampleResult>& samples)
{
    if (m_series)
    {
        SettleSeries();
        m_series->Collect(samples);
    }
}

OccupancyMeter
Links::GetOccupancy(uint32_t link, uint32_t vc) const
{
    const uint32_t ledger = GetLedger(link, vc);
    const Tick now = m_clock.Now();
    OccupancyMeter occupancy = m_occupancies[ledger];
    if (IsShared(ledger))
    {
        BufferMeter<OccupancyMeter> meter = m_sharing[ledger];
        meter.Settle(now);
        occupancy = meter.GetWatcher();
    }
    else
    {
        const Tick back = GetKind(m_links[link]).creditLatency;
        m_credits.Peek(ledger, now + back, [&](Tick at, uint32_t flits) {
            occupancy.Change(at - back, -static_cast<int32_t>(flits));
        });
    }
    occupancy.Finish(now);
    return occupancy;
}

} // namespace mtlink
} // namespace ns3
