/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The part of Links that only links with faults need.

#include "link/links.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace ns3
{
namespace mtlink
{

Links::Outage&
Links::GetOutage(uint32_t link)
{
    if (m_outages.empty())
    {
        m_outages.resize(m_links.size());
    }
    return m_outages[link];
}

void
Links::SetState(uint32_t id, const LinkState& state)
{
    Outage& outage = GetOutage(id);
    if (outage.state == state)
    {
        return;
    }
    if (m_express)
    {
        m_express->TakeBackAll();
    }
    outage.counters = GetOutageCounters(id);
    if (m_log)
    {
        m_log->AddState(id, outage.state, outage.since, m_clock.Now());
    }
    outage.since = m_clock.Now();
    const LinkState before = outage.state;
    outage.state = state;
    if (state.lanes != before.lanes)
    {
        SetLanes(id, state.lanes);
    }
    if (before.isDown && !state.isDown)
    {
        GoUp(id);
    }
    else if (!before.isDown && state.isDown)
    {
        GoDown(id);
    }
}

OutageCounters
Links::GetOutageCounters(uint32_t id) const
{
    if (m_outages.empty())
    {
        return {};
    }
    const Outage& outage = m_outages[id];
    OutageCounters counters = outage.counters;
    const Tick time = m_clock.Now() - outage.since;
    counters.down += outage.state.isDown ? time : 0;
    counters.degraded += !outage.state.isDown && outage.state.lanes != 0 ? time : 0;
    return counters;
}

uint64_t
Links::GetResent() const
{
    return std::accumulate(
        m_outages.begin(),
        m_outages.end(),
        uint64_t{0},
        [](uint64_t sum, const Outage& outage) { return sum + outage.counters.resent; });
}

void
Links::SetLanes(uint32_t id, uint32_t lanes)
{
    Outage& outage = m_outages[id];
    Link& link = m_links[id];
    if (outage.fullKind == NO_KIND)
    {
        outage.fullKind = link.kind;
    }
    if (lanes == 0)
    {
        link.kind = outage.fullKind;
        return;
    }
    const auto [entry, isNew] = m_degradedKinds.try_emplace({outage.fullKind, lanes},
                                                            static_cast<uint32_t>(m_kinds.size()));
    if (isNew)
    {
        Kind kind = m_kinds[outage.fullKind];
        const LinkProfile& profile = *kind.profile;
        kind.speed = WireSpeed(profile.GetBitRate() * lanes / profile.GetLanes(),
                               profile.GetFlit(),
                               profile.GetEncoding());
        m_kinds.push_back(std::move(kind));
    }
    link.kind = entry->second;
}

void
Links::GoDown(uint32_t id)
{
    Link& link = m_links[id];
    Outage& outage = m_outages[id];
    const Tick now = m_clock.Now();
    outage.downAt = now;
    ++outage.epoch; // what is scheduled for it is out of date
    link.hasFailed = true;
    link.down = true;
    if (link.stalled)
    {
        CountStall(id, static_cast<uint32_t>(std::countr_zero(link.stalledVcs)));
    }

    // What the far end deals with already gets through, its last bits too. All else is cut.
    uint32_t cut = 0;
    const Tick latency = GetKind(link).latency;
    Tick through = link.flight.IsEmpty() ? link.free.whole : now;
    for (uint32_t i = 0; i < link.flight.GetSize(); ++i)
    {
        const Packet& packet = m_pool[link.flight.GetPacket(i)];
        const Tick from = packet.headIn - latency;
        const Tick to = packet.tailIn - latency;
        through = i == 0 ? std::max(through, from) : through;
        if (to > std::max(from, now))
        {
            m_tallies[id].counters.busy -= to - std::max(from, now);
            if (m_series)
            {
                m_series->TakeBusy(id, std::max(from, now), to);
            }
        }
        ++cut;
    }
    outage.through = std::max(now, through);
    if (link.retries)
    {
        m_retry.Forget(id, cut);
    }
    link.free = {NEVER, 0};
    if (outage.state.policy == DownPolicy::DROP)
    {
        while (!link.flight.IsEmpty())
        {
            Lose(id, link.flight.Pop());
        }
        if (!m_specs[id].first)
        {
            // A switch goes on handing over what waits for this link: Transmit() loses it.
            link.free = {now, 0};
            m_specs[id].sender->CreditComes(id, now);
        }
    }
    m_specs[id].sender->LinkFails(id);
}

void
Links::GoUp(uint32_t id)
{
    Link& link = m_links[id];
    const Outage& outage = m_outages[id];
    const Tick now = m_clock.Now();
    link.down = false;
    link.free = {std::max(now, outage.through), 0};
    const Tick latency = GetKind(link).latency;
    for (uint32_t i = 0; i < link.flight.GetSize(); ++i)
    {
        Packet& packet = m_pool[link.flight.GetPacket(i)];
        // A slow input may still be bringing its last bits.
        const Tick tailReady = packet.tailIn - latency;
        m_outages[id].counters.resent += packet.headIn - latency < outage.downAt ? 1 : 0;
        PutOnWire(id, packet, link.free, tailReady);
        link.flight.SetDue(i, GetArrival(id, packet));
    }
    if (!link.flight.IsEmpty())
    {
        ScheduleArrival(id);
    }
    m_specs[id].sender->CreditComes(id, now);
}

Tick
Links::TransmitDown(uint32_t id, uint32_t index, Tick tailReady)
{
    Link& link = m_links[id];
    Packet& packet = m_pool[index];
    if (m_outages[id].state.policy == DownPolicy::DROP && !m_specs[id].first)
    {
        Lose(id, index);
        return std::max(m_clock.Now(), tailReady);
    }
    // It goes as the link comes back.
    const Tick latency = GetKind(link).latency;
    packet.headIn = m_clock.Now() + latency;
    packet.tailIn = std::max(m_clock.Now(), tailReady) + latency;
    CountPacket(id, packet);
    link.flight.Push(index, NEVER);
    return std::max(m_clock.Now(), tailReady);
}

void
Links::Lose(uint32_t id, uint32_t index)
{
    const Packet& packet = m_pool[index];
    OutageCounters& counters = m_outages[id].counters;
    ++counters.lost;
    counters.lostPayload += packet.payload;
    const uint32_t ledger = m_links[id].firstLedger + packet.vc;
    const Tick at = m_clock.Now() + GetKind(m_links[id]).creditLatency;
    if (IsShared(ledger))
    {
        m_shared->Return(ledger, packet.flits, at, {});
    }
    else if (const Tick wanted = m_credits.Return(ledger, packet.flits, at, {}, true);
             wanted != NEVER)
    {
        m_specs[id].sender->CreditComes(id, wanted);
    }
    m_lost.Add(index);
}

} // namespace mtlink
} // namespace ns3
