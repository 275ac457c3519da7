/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/matched-chip.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

Switches::MatchedChip::MatchedChip(Switches& switches,
                                   uint32_t chip,
                                   const SwitchSpec& spec,
                                   std::vector<std::unique_ptr<CrossbarArbiter>> arbiters)
    : m_switches(switches),
      m_chip(chip),
      m_in(spec.inLinks),
      m_out(spec.outLinks),
      m_classes(arbiters.size() > 1 ? switches.m_classes.back().get() : nullptr),
      m_grantedIn(m_in.size()),
      m_grantedOut(m_out.size()),
      m_arbiters(std::move(arbiters)),
      m_orders(m_classes ? m_out.size() : 0),
      m_keptIn(m_in.size(), false),
      m_keptOut(m_out.size(), false),
      m_keptVcs(m_out.size(), 0)
{
    const uint32_t requests = GetPorts() * GetVcs();
    m_stoodBack.resize(static_cast<std::size_t>(GetPorts()) * requests, 0);
    const SwitchProfile& profile = *spec.profile;
    const uint32_t tiles = profile.GetTileRows() * profile.GetTileColumns();
    for (uint32_t port = 0; tiles > 0 && port < GetPorts(); ++port)
    {
        const auto tile = static_cast<uint32_t>(static_cast<uint64_t>(port) * tiles / GetPorts());
        m_rowOf.push_back(tile / profile.GetTileColumns());
        m_columnOf.push_back(tile % profile.GetTileColumns());
    }
    if (profile.GetRowLanes() > 0)
    {
        for (uint32_t row = 0; row < profile.GetTileRows(); ++row)
        {
            m_rows.emplace_back(profile.GetRowLanes());
        }
    }
    if (profile.GetColumnLanes() > 0)
    {
        for (uint32_t column = 0; column < profile.GetTileColumns(); ++column)
        {
            m_columns.emplace_back(profile.GetColumnLanes());
        }
    }
    m_patience = GetPatience(GetPorts(), GetVcs());
}

uint32_t
Switches::MatchedChip::GetPorts() const
{
    return static_cast<uint32_t>(m_out.size());
}

uint32_t
Switches::MatchedChip::GetVcs() const
{
    return m_switches.GetKind(m_switches.m_chips[m_chip]).vcs;
}

Tick
Switches::MatchedChip::GetTilesFreeAt(uint32_t output, uint32_t input) const
{
    const Tick row = m_rows.empty() ? 0 : m_rows[m_rowOf[input]].GetFreeAt();
    return m_columns.empty() ? row : std::max(row, m_columns[m_columnOf[output]].GetFreeAt());
}

const Packet&
Switches::MatchedChip::GetPacket(uint32_t output, uint32_t request) const
{
    return m_switches
        .m_pool[m_switches.GetRequestingQueue(m_switches.m_outputs[m_out[output]], request).head];
}

Tick
Switches::MatchedChip::GetInjected(uint32_t output, uint32_t request) const
{
    return GetPacket(output, request).injected;
}

uint32_t
Switches::MatchedChip::FindRequest(uint32_t output, uint32_t from)
{
    const RoundRobinArbiter& requests = m_switches.m_outputs[m_out[output]].requests;
    if (!requests.HasRequests() || (m_classes && m_orders[output][m_rank] != m_shownClass))
    {
        return NONE;
    }
    const auto find = [&](uint32_t at) {
        return m_classes ? requests.FindFrom(at, m_classes->GetRequests(m_shownClass))
                         : requests.FindFrom(at);
    };
    uint32_t request = find(from);
    while (request != RoundRobinArbiter::NONE_WAITING && !CanGo(output, request))
    {
        request = find(request + 1);
    }
    return request;
}

bool
Switches::MatchedChip::CanGo(uint32_t output, uint32_t request)
{
    const uint32_t outLink = m_out[output];
    const uint32_t input = request / GetVcs();
    const Tick now = m_switches.m_clock.Now();
    if (m_keptOut[output] || m_keptIn[input] ||
        m_switches.m_inputs[m_in[input]].lanes.GetFreeAt() > now ||
        GetTilesFreeAt(output, input) > now)
    {
        return false;
    }
    const Packet& packet = GetPacket(output, request);
    return m_switches.GetAcceptTime(outLink, packet.flits) <= now &&
           (packet.hasOutCredit ||
            ((m_keptVcs[output] >> packet.outVc & 1) == 0 &&
             m_switches.m_links.HasCredit(outLink, packet.outVc, packet.flits)));
}

void
Switches::MatchedChip::Go(uint32_t output, uint32_t request)
{
    const Tick now = m_switches.m_clock.Now();
    const uint32_t input = request / GetVcs();
    const Packet& packet = GetPacket(output, request);
    for (Granted* granted : {&m_grantedIn[input], &m_grantedOut[output]})
    {
        if (granted->at != now)
        {
            *granted = {now, packet.injected, 0, 0};
        }
        granted->rank = std::max(granted->rank, GetRank(output, request));
        granted->youngest = std::max(granted->youngest, packet.injected);
        granted->vcs |= 1U << packet.outVc;
    }
    m_stoodBack[static_cast<std::size_t>(output) * GetPorts() * GetVcs() + request] = 0;
    const Tick through = m_switches.Grant(m_out[output], m_in[input], request);
    if (!m_rows.empty())
    {
        m_rows[m_rowOf[input]].Take(through);
    }
    if (!m_columns.empty())
    {
        m_columns[m_columnOf[output]].Take(through);
    }
    m_firstThrough = std::min(m_firstThrough, through);
}

void
Switches::MatchedChip::Change()
{
    if (!m_isDeciding)
    {
        m_isDeciding = true;
        m_switches.m_clock.Schedule(m_switches.m_clock.Now(), &m_switches, GetWord(m_chip, true));
    }
}

void
Switches::MatchedChip::Forget(uint32_t output)
{
    std::erase_if(m_urgent, [output](const auto& urgent) { return urgent.first == output; });
    const std::size_t requests = static_cast<std::size_t>(GetPorts()) * GetVcs();
    std::fill_n(m_stoodBack.begin() + static_cast<std::ptrdiff_t>(output * requests), requests, 0);
}

void
Switches::MatchedChip::LookAt(Tick at)
{
    if (at < m_nextLook)
    {
        m_nextLook = at;
        m_switches.m_clock.Schedule(at, &m_switches, GetWord(m_chip, false));
    }
}

void
Switches::MatchedChip::OnEvent(bool isDecision)
{
    if (isDecision)
    {
        m_isDeciding = false;
        Decide();
    }
    else if (m_nextLook == m_switches.m_clock.Now()) // else an earlier look took its place
    {
        m_nextLook = NEVER;
        Change();
    }
}

void
Switches::MatchedChip::Decide()
{
    m_firstThrough = NEVER;
    const bool areUrgent = !m_urgent.empty();
    if (m_classes)
    {
        DecideByClass();
    }
    else
    {
        if (areUrgent)
        {
            ServeUrgent(ALL_TRAFFIC_CLASSES);
        }
        m_arbiters.front()->Decide(*this);
    }
    if (areUrgent)
    {
        std::fill(m_keptIn.begin(), m_keptIn.end(), false);
        std::fill(m_keptOut.begin(), m_keptOut.end(), false);
        std::fill(m_keptVcs.begin(), m_keptVcs.end(), 0);
    }
    Settle();
}

void
Switches::MatchedChip::DecideByClass()
{
    const uint32_t classes = m_classes->GetRules().classes;
    for (uint32_t output = 0; output < GetPorts(); ++output)
    {
        m_orders[output] =
            m_switches.m_outputs[m_out[output]].GetClasses()->GetScheduler().GetOrder();
    }
    const bool isStrict = m_classes->GetRules().policy == CLASS_STRICT;
    if (!isStrict)
    {
        ServeUrgent(ALL_TRAFFIC_CLASSES);
    }
    for (m_rank = 0; m_rank < classes; ++m_rank)
    {
        if (isStrict)
        {
            ServeUrgent(m_rank);
        }
        for (uint32_t turn = 0; turn < classes; ++turn)
        {
            m_shownClass = (m_firstClass + turn) % classes;
            if (std::any_of(m_orders.begin(), m_orders.end(), [this](const auto& order) {
                    return order[m_rank] == m_shownClass;
                }))
            {
                m_arbiters[m_shownClass]->Decide(*this);
            }
        }
    }
    m_firstClass = m_firstThrough == NEVER ? m_firstClass : (m_firstClass + 1) % classes;
}

uint32_t
Switches::MatchedChip::GetRank(uint32_t output, uint32_t request) const
{
    if (!m_classes)
    {
        return 0;
    }
    const ClassScheduler::Order& order = m_orders[output];
    const auto trafficClass = static_cast<uint8_t>(m_classes->GetClass(request));
    return static_cast<uint32_t>(std::find(order.begin(), order.end(), trafficClass) -
                                 order.begin());
}

void
Switches::MatchedChip::ServeUrgent(uint32_t trafficClass)
{
    std::vector<std::pair<uint32_t, uint32_t>> rest;
    for (const auto& [output, request] : m_urgent)
    {
        if (trafficClass != ALL_TRAFFIC_CLASSES && m_classes->GetClass(request) != trafficClass)
        {
            rest.emplace_back(output, request);
            continue;
        }
        if (CanGo(output, request))
        {
            Go(output, request);
            continue;
        }
        rest.emplace_back(output, request);
        const Packet& packet = GetPacket(output, request);
        if (packet.hasOutCredit ||
            m_switches.m_links.HasCredit(m_out[output], packet.outVc, packet.flits))
        {
            m_keptIn[request / GetVcs()] = true;
            m_keptOut[output] = true;
        }
        m_keptVcs[output] |= 1U << packet.outVc;
    }
    m_urgent = std::move(rest);
}

void
Switches::MatchedChip::Settle()
{
    Tick look = NEVER;
    for (uint32_t output = 0; output < GetPorts(); ++output)
    {
        if (m_switches.m_outputs[m_out[output]].requests.HasRequests())
        {
            look = std::min(look, SettleOutput(output));
        }
    }
    if (look != NEVER)
    {
        LookAt(look);
    }
}

Tick
Switches::MatchedChip::SettleOutput(uint32_t output)
{
    const uint32_t outLink = m_out[output];
    const RoundRobinArbiter& requests = m_switches.m_outputs[outLink].requests;
    Links& links = m_switches.m_links;
    const Tick now = m_switches.m_clock.Now();
    Tick look = NEVER;
    bool onlyCredit = true;
    uint32_t vc = 0;
    uint32_t lacking = 0;
    for (uint32_t request = requests.FindFrom(0); request != RoundRobinArbiter::NONE_WAITING;
         request = requests.FindFrom(request + 1))
    {
        const Packet& packet = GetPacket(output, request);
        const Tick accept = m_switches.GetAcceptTime(outLink, packet.flits);
        const Tick lane = m_switches.m_inputs[m_in[request / GetVcs()]].lanes.GetFreeAt();
        const bool hasCredit =
            packet.hasOutCredit || links.HasCredit(outLink, packet.outVc, packet.flits);
        const Tick tiles = GetTilesFreeAt(output, request / GetVcs());
        Tick ready = std::max({accept, lane, tiles, now});
        if (!hasCredit)
        {
            ready = std::max(ready, links.AskCredit(outLink, packet.outVc, packet.flits));
        }
        if (accept <= now && !hasCredit)
        {
            lacking |= 1U << packet.outVc;
        }
        else
        {
            onlyCredit = false;
            vc = accept <= now ? packet.outVc : vc;
        }
        // Who could have gone now, but was not matched, has a chance when the next lane is free.
        look = std::min(look, ready > now ? ready : m_firstThrough);
        StandBack(output, request, packet, hasCredit, accept <= now);
    }
    if (!onlyCredit)
    {
        links.EndStall(outLink, vc);
    }
    else if (links.GetFreeAt(outLink) <= now)
    {
        links.BeginStall(outLink, lacking);
    }
    else
    {
        look = std::min(look, links.GetFreeAt(outLink)); // the queue has still something to send
    }
    return look;
}

void
Switches::MatchedChip::StandBack(uint32_t output,
                                 uint32_t request,
                                 const Packet& packet,
                                 bool hasCredit,
                                 bool canAccept)
{
    const Tick now = m_switches.m_clock.Now();
    const Granted& out = m_grantedOut[output];
    const Granted& in = m_grantedIn[request / GetVcs()];
    const uint32_t rank = GetRank(output, request);
    const Tick limit = m_arbiters.front()->IsByAge() ? packet.injected : -1;
    const auto isWronged = [&](const Granted& granted) {
        return granted.at == now &&
               (granted.rank > rank || (granted.rank == rank && granted.youngest > limit));
    };
    const bool hasLostOutput = isWronged(out) && (hasCredit || (out.vcs >> packet.outVc & 1) != 0);
    const bool hasLostInput = hasCredit && canAccept && isWronged(in);
    if (!hasLostOutput && !hasLostInput)
    {
        return;
    }
    uint16_t& times =
        m_stoodBack[static_cast<std::size_t>(output) * GetPorts() * GetVcs() + request];
    if (times == m_patience)
    {
        return; // it is urgent
    }
    // Not if its own class, or one before it, has its input: then it had no chance anyway.
    const bool isPassedByLower =
        (hasLostOutput && out.rank > rank && in.at != now) || (hasLostInput && in.rank > rank);
    const bool isUrgent =
        m_classes && m_classes->GetRules().policy == CLASS_STRICT && isPassedByLower;
    times = static_cast<uint16_t>(isUrgent ? m_patience : times + 1);
    if (times == m_patience)
    {
        m_urgent.emplace_back(output, request);
    }
}

} // namespace mtlink
} // namespace ns3
