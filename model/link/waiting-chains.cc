/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "link/waiting-chains.h"

#include "engine/random.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

std::size_t
WaitingChains::FlowHash::operator()(const Flow& flow) const
{
    return Mix(Mix(flow.root) ^ (static_cast<uint64_t>(flow.src) << 32 | flow.dst));
}

std::size_t
WaitingChains::LinkHash::operator()(const std::pair<uint32_t, uint32_t>& links) const
{
    return Mix(static_cast<uint64_t>(links.first) << 32 | links.second);
}

void
WaitingChains::BeginWait(uint32_t ledger, Tick at)
{
    auto& [link, wait] = m_ledgers[ledger];
    if (wait == NO_WAIT)
    {
        wait = static_cast<uint32_t>(m_waits.size());
        m_waits.emplace_back();
        m_waits.back().link = link;
    }
    m_waits[wait].begin = at;
}

void
WaitingChains::AddStall(uint32_t ledger, Tick begin, Tick end)
{
    m_waits[m_ledgers[ledger].wait].stalls.emplace_back(begin, end);
}

void
WaitingChains::EndWait(uint32_t link, uint32_t ledger, const WaitEnd& end)
{
    Wait& wait = m_waits[m_ledgers[ledger].wait];
    Follow(link, wait.begin, end);
    for (const auto& [from, to] : wait.stalls)
    {
        Charge(wait, from, to, end);
    }
    wait.stalls.clear();
    for (const Piece& piece : m_pieces)
    {
        Remember(wait, piece);
    }
}

void
WaitingChains::Follow(uint32_t link, Tick begin, const WaitEnd& end)
{
    m_pieces.clear();
    const Departure& packet = end.departure;
    Tick at = begin;
    if (packet.ledger != Departure::NO_LEDGER && packet.arrived < packet.left)
    {
        const Tick shift = end.freed - packet.left;
        const Tick from = std::clamp(packet.arrived + shift, begin, std::max(begin, end.at));
        AddPiece(begin, from, link);
        at = from;
        const auto [out, causeOfWait] = m_ledgers[packet.ledger];
        if (causeOfWait != NO_WAIT)
        {
            const Wait& cause = m_waits[causeOfWait];
            const std::size_t size = cause.past.size();
            // Those that count are the latest.
            std::size_t n = size;
            while (n > 0 && cause.past[(cause.oldest + n - 1) % size].end + shift > from)
            {
                --n;
            }
            if (n == 0 && size == PAST_WAITS)
            {
                const Piece& oldest = cause.past[cause.oldest];
                const Tick to = std::min(oldest.begin + shift, end.at);
                AddPiece(at, to, oldest.root); // it may have been so before
                at = std::max(at, to);
            }
            for (; n < size && at < end.at; ++n)
            {
                const Piece& piece = cause.past[(cause.oldest + n) % size];
                const Tick waited = std::clamp(piece.begin + shift, at, end.at);
                const Tick to = std::clamp(piece.end + shift, waited, end.at);
                AddPiece(at, waited, out);
                AddPiece(waited, to, piece.root);
                at = to;
            }
        }
        AddPiece(at, end.at, out);
        return;
    }
    AddPiece(at, end.at, link);
}

void
WaitingChains::AddPiece(Tick begin, Tick end, uint32_t root)
{
    if (begin >= end)
    {
        return;
    }
    if (!m_pieces.empty() && m_pieces.back().root == root)
    {
        m_pieces.back().end = end;
        return;
    }
    m_pieces.push_back({begin, end, root});
}

void
WaitingChains::Charge(Wait& wait, Tick begin, Tick end, const WaitEnd& how)
{
    m_shares.clear();
    const auto add = [this](uint32_t root, Tick time) {
        const auto share = std::find_if(m_shares.begin(), m_shares.end(), [root](const auto& s) {
            return s.first == root;
        });
        if (share != m_shares.end())
        {
            share->second += time;
        }
        else if (time > 0)
        {
            m_shares.emplace_back(root, time);
        }
    };
    // Where credit was there and something else was waited for, the link is its own root.
    Tick own = end - begin;
    for (const Piece& piece : m_pieces)
    {
        const Tick time = std::min(end, piece.end) - std::max(begin, piece.begin);
        if (time > 0)
        {
            add(piece.root, time);
            own -= time;
        }
    }
    add(wait.link, own);
    for (const auto& [root, time] : m_shares)
    {
        const Flow flow{root, how.src, how.dst};
        if (wait.flow != flow)
        {
            Book(wait);
            wait.flow = flow;
        }
        wait.charged.Add(time);
    }
}

void
WaitingChains::Book(Wait& wait)
{
    if (wait.charged.times == 0)
    {
        return;
    }
    m_links[{wait.link, wait.flow.root}].Add(wait.charged);
    if (wait.flow.src != NOBODY)
    {
        m_flows[wait.flow].Add(wait.charged);
    }
    wait.charged = {};
}

WaitingChains::OwnWaits
WaitingChains::GetOwnWaits(uint32_t ledger, uint32_t src, uint32_t dst) const
{
    const uint32_t link = m_ledgers[ledger].link;
    OwnWaits waits;
    if (const auto found = m_links.find({link, link}); found != m_links.end())
    {
        waits.link = found->second;
    }
    if (const auto found = m_flows.find({link, src, dst}); found != m_flows.end())
    {
        waits.flow = found->second;
    }
    return waits;
}

void
WaitingChains::AddOwnWaits(uint32_t ledger, uint32_t src, uint32_t dst, const OwnWaits& waits)
{
    const uint32_t link = m_ledgers[ledger].link;
    if (waits.link.times > 0)
    {
        m_links[{link, link}].Add(waits.link);
    }
    if (waits.flow.times > 0)
    {
        m_flows[{link, src, dst}].Add(waits.flow);
    }
}

WaitingChains::VictimLinks
WaitingChains::GetLinks() const
{
    VictimLinks links(m_links.begin(), m_links.end());
    for (const Wait& wait : m_waits)
    {
        if (wait.charged.times > 0)
        {
            links[{wait.link, wait.flow.root}].Add(wait.charged);
        }
    }
    return links;
}

WaitingChains::VictimFlows
WaitingChains::GetFlows() const
{
    VictimFlows flows(m_flows.begin(), m_flows.end());
    for (const Wait& wait : m_waits)
    {
        if (wait.charged.times > 0 && wait.flow.src != NOBODY)
        {
            flows[wait.flow].Add(wait.charged);
        }
    }
    return flows;
}

void
WaitingChains::Remember(Wait& wait, const Piece& piece)
{
    const std::size_t size = wait.past.size();
    if (size > 0)
    {
        Piece& latest = wait.past[(wait.oldest + size - 1) % size];
        if (latest.end == piece.begin && latest.root == piece.root)
        {
            latest.end = piece.end;
            return;
        }
    }
    if (size < PAST_WAITS)
    {
        wait.past.push_back(piece);
        return;
    }
    wait.past[wait.oldest] = piece;
    wait.oldest = (wait.oldest + 1) % size;
}

} // namespace mtlink
} // namespace ns3
