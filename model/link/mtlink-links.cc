/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-links.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace ns3
{
namespace mtlink
{

Links::Links(EventClock& clock, PacketPool& pool, uint32_t seed)
    : m_clock(clock),
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
            m_credits.Open(static_cast<uint32_t>(spec.buffer / profile.GetFlit()));
        firstLedger = vc == 0 ? ledger : firstLedger;
    }
    m_meters.resize(m_meters.size() + spec.vcs);
    if (spec.pool != LinkSpec::NO_POOL)
    {
        m_linkOfLedger.resize(firstLedger + spec.vcs);
        for (uint32_t ledger = firstLedger; ledger < firstLedger + spec.vcs; ++ledger)
        {
            m_shared->Join(ledger, spec.pool);
            m_linkOfLedger[ledger] = GetSize();
        }
    }

    // Links of one profile share a speed; profiles are few and come in runs.
    uint16_t speed = 0;
    if (!m_specs.empty() && m_specs.back().profile == spec.profile)
    {
        speed = m_links.back().speed;
    }
    else
    {
        const auto same = std::find_if(m_specs.begin(), m_specs.end(), [&](const LinkSpec& other) {
            return other.profile == spec.profile;
        });
        if (same != m_specs.end())
        {
            speed = m_links[static_cast<std::size_t>(same - m_specs.begin())].speed;
        }
        else
        {
            speed = static_cast<uint16_t>(m_speeds.size());
            m_speeds.emplace_back(profile.GetBitRate(), profile.GetFlit(), profile.GetEncoding());
        }
    }

    Link link{};
    link.latency = ToTicks(profile.GetLatency());
    link.creditLatency = ToTicks(profile.GetCreditLatency());
    link.receiver = spec.receiver;
    link.firstLedger = firstLedger;
    link.speed = speed;
    link.whole = spec.whole;
    link.last = spec.last;
    link.retries = profile.GetRetry() != LinkProfile::NONE;
    if (link.retries)
    {
        m_retry.Add(GetSize(), profile, spec.longest);
    }
    m_links.push_back(link);
    m_specs.push_back(spec);
    m_tallies.emplace_back();
    return static_cast<uint32_t>(m_links.size() - 1);
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
            log.AddStall(id, m_tallies[id].stall.begin, m_clock.Now());
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
    m_totals.resize(m_links.size());
    for (uint32_t link = 0; link < GetSize(); ++link)
    {
        m_totals[link].Show(m_series.get(), link);
    }
}

void
Links::ShowHops(const HopTrace* trace, std::function<std::pair<uint32_t, uint32_t>(uint32_t)> ends)
{
    m_hopTrace = trace;
    m_ends = std::move(ends);
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
    const Tick left =
        PutOnWire(id, packet, link.free.whole >= now ? link.free : WireTime{now, 0}, tailReady);
    CountPacket(id, packet);
    if (m_hopTrace && !m_hopTrace->IsEmpty())
    {
        const auto [src, dst] = m_ends(packet.message);
        (*m_hopTrace)(ToTime(packet.headIn - link.latency), id, src, dst, packet.payload);
    }

    const bool wasIdle = link.flight.IsEmpty();
    link.flight.Push(m_pool, index);
    if (wasIdle)
    {
        ScheduleArrival(id, packet);
    }
    return left;
}

Tick
Links::PutOnWire(uint32_t id, Packet& packet, WireTime start, Tick tailReady)
{
    Link& link = m_links[id];
    const WireSpeed& speed = m_speeds[link.speed];
    WireTime end = speed.After(start, packet.flits);
    if (end.whole < tailReady)
    {
        end = {tailReady, 0};
    }
    link.free = end;
    Tick left = end.whole;
    if (link.retries) [[unlikely]]
    {
        const LinkRetry::Trip trip = TransmitWithRetry(id, packet.flits, start, tailReady);
        start = trip.start;
        end = trip.end;
        left = trip.left;
    }
    else
    {
        CountBusy(id, start.whole, end.whole);
    }
    // On the way only whole ticks that have passed bind; the delivery is rounded to the nearest.
    packet.headIn = start.whole + link.latency;
    packet.tailIn = (link.last ? speed.Round(end) : end.whole) + link.latency;
    return left;
}

LinkRetry::Trip
Links::TransmitWithRetry(uint32_t id, uint32_t flits, WireTime start, Tick tailReady)
{
    Link& link = m_links[id];
    const Tick turn = m_retry.GetTurn(id);
    const LinkRetry::Trip trip = m_retry.Send(id, flits, m_speeds[link.speed], start, tailReady);
    link.free = trip.free;
    if (m_retry.GetTurn(id) != turn)
    {
        m_clock.Schedule(m_retry.GetTurn(id),
                         this,
                         RESUME | static_cast<uint64_t>(link.epoch) << 32 | id);
    }
    for (const auto& [from, to] : m_retry.GetCopies())
    {
        CountBusy(id, from, to);
    }
    return trip;
}

void
Links::OnEvent(uint64_t word)
{
    const auto id = static_cast<uint32_t>(word);
    Link& link = m_links[id];
    if (word >> 32 != link.epoch) [[unlikely]]
    {
        const bool isCurrent = (word & ~RESUME) >> 32 == link.epoch;
        if (isCurrent && m_retry.GetTurn(id) == m_clock.Now())
        {
            const WireTime resume = m_retry.GetResume(id);
            link.free = link.free.whole < resume.whole ? resume : link.free;
        }
        return;
    }
    const uint32_t index = link.flight.Pop(m_pool);
    if (!link.flight.IsEmpty())
    {
        ScheduleArrival(id, m_pool[link.flight.head]);
    }
    const Packet& packet = m_pool[index];
    m_meters[link.firstLedger + packet.vc].Fill(packet.headIn, packet.flits);
    if (m_series)
    {
        m_totals[id].Fill(packet.headIn, packet.flits);
    }
    link.receiver->Arrive(id, index);
}

void
Links::Prefetch(uint64_t word, uint32_t step)
{
    const auto id = static_cast<uint32_t>(word);
    if (step == 0)
    {
        __builtin_prefetch(&m_links[id], 1);
        return;
    }
    const Link& link = m_links[id];
    const uint32_t index = link.flight.head;
    if (index == NO_PACKET)
    {
        return; // of a link that has gone down, or waits for a retry
    }
    if (step == 1)
    {
        m_pool.Prefetch(index);
    }
    else if (step == 2)
    {
        m_pool.Prefetch(m_pool[index].next);
        PrefetchReturn(id, m_pool[index].vc, false);
    }
    else if (step == 3)
    {
        PrefetchReturn(id, m_pool[index].vc, true);
    }
    link.receiver->PrefetchArrival(id, index, step);
}

void
Links::ReturnCredit(uint32_t id, uint32_t vc, uint32_t flits, Tick at, const PacketExit& exit)
{
    const Link& link = m_links[id];
    const uint32_t ledger = link.firstLedger + vc;
    m_meters[ledger].Drain(at, flits);
    if (m_series)
    {
        m_totals[id].Drain(at, flits);
    }
    Departure departure;
    if (exit.link != Departure::NO_LINK)
    {
        const uint32_t out = m_links[exit.link].firstLedger + exit.vc;
        departure = {exit.arrived, m_clock.Now(), exit.link, out};
    }
    if (IsShared(ledger)) [[unlikely]]
    {
        m_shared->Return(ledger, flits, at + link.creditLatency, departure);
        return;
    }
    const Tick wanted = m_credits.Return(ledger, flits, at + link.creditLatency, departure);
    if (wanted != NEVER)
    {
        m_specs[id].sender->CreditComes(id, wanted);
    }
}

void
Links::BeginStall(uint32_t id, uint32_t vcs)
{
    m_tallies[id].stall.vcs = vcs;
    if (!m_links[id].stalled)
    {
        m_links[id].stalled = true;
        m_tallies[id].stall.begin = m_clock.Now();
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
    const Stall& stall = m_tallies[id].stall;
    m_links[id].stalled = false;
    const Tick now = m_clock.Now();
    if (stall.begin == now)
    {
        return;
    }
    m_tallies[id].counters.stall += now - stall.begin;
    SampleStall(id);
    if (m_log)
    {
        m_log->AddStall(id, stall.begin, now);
    }
    m_chains.AddStall(m_links[id].firstLedger + GetStalledVc(stall, vc), stall.begin, now);
}

void
Links::SampleStall(uint32_t id)
{
    if (m_series)
    {
        Stall& stall = m_tallies[id].stall;
        m_series->AddStall(id, std::max(stall.begin, stall.sampled), m_clock.Now());
        stall.sampled = m_clock.Now();
    }
}

uint32_t
Links::GetStalledVc(const Stall& stall, uint32_t vc)
{
    // A packet on another VC, which came meanwhile, ends a stall but not what caused it.
    const bool hasWaited = (stall.vcs >> vc & 1) != 0;
    return hasWaited ? vc : static_cast<uint32_t>(std::countr_zero(stall.vcs));
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
        if (link.stalled && m_tallies[id].stall.begin < m_clock.Now())
        {
            // Its VCs wait alike: it counts for one of them.
            const auto vc = static_cast<uint32_t>(std::countr_zero(m_tallies[id].stall.vcs));
            chains.AddStall(link.firstLedger + vc, m_tallies[id].stall.begin, m_clock.Now());
        }
    }
    isClosed.resize(m_meters.size());
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
    Credits::Relief relief = m_credits.GetRelief(ledger);
    relief = relief.at == NEVER ? m_credits.FindRelief(ledger) : relief;
    if (relief.at != NEVER)
    {
        end.at = std::min(now, relief.at);
        end.freed = relief.at;
        end.departure = relief.departure;
    }
    else
    {
        const PacketExit exit = m_specs[id].receiver->FindExit(id, vc);
        if (exit.link != Departure::NO_LINK)
        {
            CloseWait(chains, exit.link, exit.vc, isClosed);
            end.departure = {exit.arrived,
                             now,
                             exit.link,
                             m_links[exit.link].firstLedger + exit.vc};
        }
    }
    const uint32_t message = m_specs[id].sender->FindWaiting(id, vc);
    if (message != PacketSender::NO_MESSAGE_WAITS)
    {
        std::tie(end.src, end.dst) = m_ends(message);
    }
    chains.EndWait(id, ledger, end);
}

void
Links::CollectSamples(std::vector<SampleResult>& samples)
{
    if (m_series)
    {
        for (BufferMeter& total : m_totals)
        {
            total.Settle(m_clock.Now());
        }
        for (uint32_t id = 0; id < GetSize(); ++id)
        {
            if (m_links[id].stalled)
            {
                SampleStall(id);
            }
        }
        m_series->Collect(samples);
    }
}

OccupancyMeter
Links::GetOccupancy(uint32_t link, uint32_t vc) const
{
    BufferMeter meter = m_meters[m_links[link].firstLedger + vc];
    meter.Show(nullptr, 0);
    meter.Settle(m_clock.Now());
    OccupancyMeter occupancy = meter.GetOccupancy();
    occupancy.Finish(m_clock.Now());
    return occupancy;
}

} // namespace mtlink
} // namespace ns3
