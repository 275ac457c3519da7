/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/matched-chip.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

MatchedChip::MatchedChip(SwitchPorts& ports,
                         Multicast& multicast,
                         uint32_t number,
                         uint32_t kind,
                         const SwitchSpec& spec,
                         std::vector<std::unique_ptr<CrossbarArbiter>> arbiters)
    : InputQueuedChip(ports, multicast, number, kind, spec),
      m_grantedIn(GetInputs().size()),
      m_grantedOut(GetOutputs().size()),
      m_stoodBack(GetOutputs().size() * GetRequests(), 0),
      m_patience(GetPatience()),
      m_arbiters(std::move(arbiters)),
      m_orders(GetClasses() ? GetOutputs().size() : 0),
      m_keptIn(GetInputs().size(), false),
      m_keptOut(GetOutputs().size(), false),
      m_keptVcs(GetOutputs().size(), 0)
{
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
}

void
MatchedChip::Enqueue(uint32_t in, uint32_t index)
{
    switch (PutInQueue(in, index))
    {
    case Joined::LEADS:
        Change();
        break;
    case Joined::HAS_TAKEN:
        LookAt(m_clock.Now());
        break;
    case Joined::BEHIND_ANOTHER:
        break;
    }
}

void
MatchedChip::ServeOutput(uint32_t)
{
    Change();
}

void
MatchedChip::RaisedBehind(uint32_t)
{
    // Settle() sees it.
}

void
MatchedChip::CreditComes(uint32_t, Tick at)
{
    LookAt(at);
}

uint32_t
MatchedChip::GetPorts() const
{
    return static_cast<uint32_t>(GetOutputs().size());
}

uint32_t
MatchedChip::GetVcs() const
{
    return GetKind().vcs;
}

Tick
MatchedChip::GetTilesFreeAt(uint32_t output, uint32_t input) const
{
    const Tick row = m_rows.empty() ? 0 : m_rows[m_rowOf[input]].GetFreeAt();
    return m_columns.empty() ? row : std::max(row, m_columns[m_columnOf[output]].GetFreeAt());
}

const Packet&
MatchedChip::GetPacket(uint32_t output, uint32_t request) const
{
    return GetHead(m_ports.GetOutput(GetOutputs()[output]), request);
}

Tick
MatchedChip::GetInjected(uint32_t output, uint32_t request) const
{
    return GetPacket(output, request).injected;
}

uint32_t
MatchedChip::FindRequest(uint32_t output, uint32_t from)
{
    const RoundRobinArbiter& requests = m_ports.GetOutput(GetOutputs()[output]).requests;
    if (!requests.HasRequests() || (GetClasses() && m_orders[output][m_rank] != m_shownClass))
    {
        return NONE;
    }
    const auto find = [&](uint32_t at) {
        return GetClasses() ? requests.FindFrom(at, GetClasses()->GetRequests(m_shownClass))
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
MatchedChip::CanGo(uint32_t output, uint32_t request)
{
    const uint32_t outLink = GetOutputs()[output];
    const uint32_t input = request / GetVcs();
    const Tick now = m_clock.Now();
    if (m_keptOut[output] || m_keptIn[input] ||
        m_ports.GetInput(GetInputs()[input]).lanes.GetFreeAt() > now ||
        GetTilesFreeAt(output, input) > now)
    {
        return false;
    }
    const Packet& packet = GetPacket(output, request);
    return GetAcceptTime(outLink, packet.flits) <= now &&
           (packet.hasOutCredit || ((m_keptVcs[output] >> packet.outVc & 1) == 0 &&
                                    m_links.HasCredit(outLink, packet.outVc, packet.flits)));
}

void
MatchedChip::Go(uint32_t output, uint32_t request)
{
    const Tick now = m_clock.Now();
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
    m_stoodBack[static_cast<std::size_t>(output) * GetRequests() + request] = 0;
    const Tick through = Grant(GetOutputs()[output], GetInputs()[input], request);
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
MatchedChip::Change()
{
    if (!m_isDeciding)
    {
        m_isDeciding = true;
        m_ports.ScheduleChip(GetNumber(), DECISION, m_clock.Now());
    }
}

bool
MatchedChip::Release(uint32_t outLink)
{
    // Nobody is owed a turn at it any more.
    const uint32_t output = m_ports.GetOutput(outLink).port;
    std::erase_if(m_urgent, [output](const auto& urgent) { return urgent.first == output; });
    const std::size_t requests = GetRequests();
    std::fill_n(m_stoodBack.begin() + static_cast<std::ptrdiff_t>(output * requests), requests, 0);
    return true;
}

void
MatchedChip::LookAt(Tick at)
{
    if (m_look.Ask(at))
    {
        m_ports.ScheduleChip(GetNumber(), LOOK, at);
    }
}

void
MatchedChip::OnEvent(uint32_t event)
{
    if (event == DECISION)
    {
        m_isDeciding = false;
        Decide();
    }
    else if (m_look.Take(m_clock.Now()))
    {
        Change();
    }
}

void
MatchedChip::Decide()
{
    m_firstThrough = NEVER;
    const bool areUrgent = !m_urgent.empty();
    if (GetClasses())
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
MatchedChip::DecideByClass()
{
    const uint32_t classes = GetClasses()->GetRules().classes;
    for (uint32_t output = 0; output < GetPorts(); ++output)
    {
        m_orders[output] =
            m_ports.GetOutput(GetOutputs()[output]).GetClasses()->GetScheduler().GetOrder();
    }
    const bool isStrict = GetClasses()->GetRules().policy == CLASS_STRICT;
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
MatchedChip::GetRank(uint32_t output, uint32_t request) const
{
    if (!GetClasses())
    {
        return 0;
    }
    const ClassScheduler::Order& order = m_orders[output];
    const auto trafficClass = static_cast<uint8_t>(GetClasses()->GetClass(request));
    return static_cast<uint32_t>(std::find(order.begin(), order.end(), trafficClass) -
                                 order.begin());
}

void
MatchedChip::ServeUrgent(uint32_t trafficClass)
{
    std::vector<std::pair<uint32_t, uint32_t>> rest;
    for (const auto& [output, request] : m_urgent)
    {
        if (trafficClass != ALL_TRAFFIC_CLASSES && GetClasses()->GetClass(request) != trafficClass)
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
            m_links.HasCredit(GetOutputs()[output], packet.outVc, packet.flits))
        {
            m_keptIn[request / GetVcs()] = true;
            m_keptOut[output] = true;
        }
        m_keptVcs[output] |= 1U << packet.outVc;
    }
    m_urgent = std::move(rest);
}

void
MatchedChip::Settle()
{
    Tick look = NEVER;
    for (uint32_t output = 0; output < GetPorts(); ++output)
    {
        if (m_ports.GetOutput(GetOutputs()[output]).requests.HasRequests())
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
MatchedChip::SettleOutput(uint32_t output)
{
    const uint32_t outLink = GetOutputs()[output];
    const RoundRobinArbiter& requests = m_ports.GetOutput(outLink).requests;
    const Tick now = m_clock.Now();
    LinkLook look(m_links, outLink);
    for (uint32_t request = requests.FindFrom(0); request != RoundRobinArbiter::NONE_WAITING;
         request = requests.FindFrom(request + 1))
    {
        const Packet& packet = GetPacket(output, request);
        const Tick accept = GetAcceptTime(outLink, packet.flits);
        const Tick lane = m_ports.GetInput(GetRequester(request)).lanes.GetFreeAt();
        const bool hasCredit =
            packet.hasOutCredit || m_links.HasCredit(outLink, packet.outVc, packet.flits);
        // Each of what it waits for is looked at as it comes: then a stall begins, or is over,
        // whatever comes later.
        if (!hasCredit)
        {
            look.LookAgain(look.AskCredit(packet.outVc, packet.flits));
        }
        if (accept > now)
        {
            look.WaitsElsewhere();
            look.LookAgain(accept);
        }
        else if (hasCredit)
        {
            // Who could have gone now, but was not matched, has a chance when the next lane is
            // free.
            const Tick ready = std::max(lane, GetTilesFreeAt(output, request / GetVcs()));
            look.WaitsElsewhere(packet.outVc);
            look.LookAgain(ready > now ? ready : m_firstThrough);
        }
        StandBack(output, request, packet, hasCredit, accept <= now);
    }
    return look.Settle(now);
}

void
MatchedChip::StandBack(uint32_t output,
                       uint32_t request,
                       const Packet& packet,
                       bool hasCredit,
                       bool canAccept)
{
    const Tick now = m_clock.Now();
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
    uint16_t& times = m_stoodBack[static_cast<std::size_t>(output) * GetRequests() + request];
    if (times == m_patience)
    {
        return; // it is urgent
    }
    // Not if its own class, or one before it, has its input: then it had no chance anyway.
    const bool isPassedByLower =
        (hasLostOutput && out.rank > rank && in.at != now) || (hasLostInput && in.rank > rank);
    const bool isUrgent =
        GetClasses() && GetClasses()->GetRules().policy == CLASS_STRICT && isPassedByLower;
    times = static_cast<uint16_t>(isUrgent ? m_patience : times + 1);
    if (times == m_patience)
    {
        m_urgent.emplace_back(output, request);
    }
}

} // namespace mtlink
} // namespace ns3
