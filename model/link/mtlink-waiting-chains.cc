/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-waiting-chains.h"

#include "ns3/mtlink-random.h"

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
    if (m_waitOf[ledger] == NO_WAIT)
    {
        m_waitOf[ledger] = static_cast<uint32_t>(m_waits.size());
        m_waits.emplace_back();
    }
    m_waits[m_waitOf[ledger]].begin = at;
}

void
WaitingChains::AddStall(uint32_t ledger, Tick begin, Tick end)
{
    m_waits[m_waitOf[ledger]].stalls.emplace_back(begin, end);
}

void
WaitingChains::EndWait(uint32_t link, uint32_t ledger, const WaitEnd& end)
{
    Wait& wait = m_waits[m_waitOf[ledger]];
    Follow(link, wait.begin, end);
    for (const auto& [from, to] : wait.stalls)
    {
        Charge(link, from, to, end);
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
        const uint32_t out = m_linkOf[packet.ledger];
        if (m_waitOf[packet.ledger] != NO_WAIT)
        {
            const Wait& cause = m_waits[m_waitOf[packet.ledger]];
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
WaitingChains::Charge(uint32_t link, Tick begin, Tick end, const WaitEnd& how)
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
    add(link, own);
    for (const auto& [root, time] : m_shares)
    {
        m_links[{link, root}].Add(time);
        if (how.src != NOBODY)
        {
            m_flows[{root, how.src, how.dst}].Add(time);
        }
    }
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
