/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What the times of a message are worth. It is exact if nobody had packets on any of its links
// while it had, and all that it waited for was exact: what its source had heard, and what its links
// had carried before. It is fair if those whom it met on a link were of its own size, started at
// the same instant, ended at the same instant, and came there by as many inputs each: they take
// turns, and the last packets of all leave together. Else it is approximate. Links and endpoints
// remember the worst that they have met, since packets might have met it at another time. Who is
// not exact may even have been there before, in packets, and have met those that are over: how much
// earlier it can have been is followed from what its source has heard, and what was said of others
// is taken back where that was too soon.

#include "flow/flow-transport.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** What is called fair is within this part of what packets take. */
constexpr Tick FAIR_PART = 100;

} // namespace

Tick
FlowTransport::GetEnd(const Flow& flow) const
{
    // One that is about to end ends now; of others nobody knows how long they take.
    const bool isKnown = flow.state == SENT || (flow.share > 0 && flow.end <= m_clock.Now());
    return isKnown ? flow.end + GetShape(flow).stored : NEVER / 2;
}

bool
FlowTransport::Overlap(const Flow& a, Tick offsetA, const Flow& b, Tick offsetB) const
{
    return a.start + offsetA < GetEnd(b) + offsetB && b.start + offsetB < GetEnd(a) + offsetA;
}

void
FlowTransport::JudgeBegin(uint32_t id, bool isChained)
{
    Flow& flow = m_flows[id];
    const FlowShape& shape = GetShape(flow);
    bool isShared = false;
    for (uint32_t part = flow.part; part != NONE; part = m_solver.GetSibling(part))
    {
        m_solver.ForOffsets(part, [&](uint32_t link, Tick offset) {
            const Fidelity word = m_solver.GetWord(link);
            flow.word = std::max(flow.word, word);
            if (word == Fidelity::APPROXIMATE)
            {
                return;
            }
            LinkState& known = m_links[link];
            const bool isOneOfMany = word == Fidelity::FAIR && known.start == flow.start &&
                                     known.flits == shape.flits && known.offset <= offset &&
                                     shape.isEven;
            if (isOneOfMany && m_paths.IsEven(link))
            {
                isShared = true; // those before it were looked at
                return;
            }
            for (const uint32_t user : m_solver.GetUsers(link))
            {
                const Flow& other = m_flows[m_solver.GetOwner(user)];
                const Tick otherOffset = m_solver.GetOffset(user, link);
                // Of one queue, and so one after the other, or parts of itself.
                // The wire may be free within this picosecond only.
                const bool touches = other.state == SENT && !isChained &&
                                     GetEnd(other) + otherOffset == flow.start + offset &&
                                     (other.endPart > 0 || !other.isWhole);
                if (IsOneQueue(other, flow))
                {
                    // A short packet catches up with a long one where that is stored.
                    const bool waits = touches || (&other != &flow && shape.stored > 0);
                    flow.word = std::max(flow.word, waits ? Fidelity::FAIR : Fidelity::EXACT);
                    continue;
                }
                if (!Overlap(other, otherOffset, flow, offset))
                {
                    flow.word = std::max(flow.word, touches ? Fidelity::FAIR : Fidelity::EXACT);
                    continue;
                }
                isShared = true;
                const bool isLike = other.start == flow.start &&
                                    GetShape(other).flits == shape.flits &&
                                    GetShape(other).isEven && shape.isEven && m_paths.IsEven(link);
                flow.word = std::max(flow.word, isLike ? Fidelity::FAIR : Fidelity::APPROXIMATE);
            }
            known.offset = known.start == flow.start && known.flits == shape.flits
                               ? std::min(known.offset, offset)
                               : offset;
            known.start = flow.start;
            known.flits = shape.flits;
        });
    }
    if (isShared)
    {
        flow.word = std::max(flow.word, Fidelity::FAIR);
    }
    Spread(id);
    DoubtBefore(flow);
}

void
FlowTransport::NoteHanded(Flow& flow, Tick at)
{
    const Heard& heard = GetHeard(flow.src);
    flow.handed = at;
    flow.earliest = at - heard.early;
    flow.isSurelyHanded = heard.word == Fidelity::EXACT;
}

void
FlowTransport::UseLink(uint32_t link, uint32_t src, Tick from, Fidelity word)
{
    LinkState& known = m_links[link];
    m_solver.SetUsed(link);
    known.user = m_doubts.Join(known.user == NONE ? src : known.user, src);
    if (word > Fidelity::EXACT &&
        from < (word == Fidelity::FAIR ? known.exactUntil : known.fairUntil))
    {
        m_doubts.Doubt(src, from, word);
    }
}

void
FlowTransport::ClaimLink(uint32_t link, Tick until, Fidelity word)
{
    LinkState& known = m_links[link];
    if (word == Fidelity::EXACT)
    {
        known.exactUntil = std::max(known.exactUntil, until);
    }
    if (word != Fidelity::APPROXIMATE)
    {
        known.fairUntil = std::max(known.fairUntil, until);
    }
}

bool
FlowTransport::IsOldNews(const Flow& flow) const
{
    const bool isSure = flow.earliest == flow.start;
    if (!m_doubts.AreOne() || (!isSure && (flow.word != Fidelity::APPROXIMATE ||
                                           !m_doubts.IsInDoubt(flow.src, flow.earliest))))
    {
        return false;
    }
    bool areUsed = true;
    for (uint32_t part = flow.part; part != NONE; part = m_solver.GetSibling(part))
    {
        m_solver.ForSteps(part, [&](uint32_t link, uint32_t) {
            areUsed = areUsed && m_solver.IsUsed(link);
        });
    }
    return areUsed;
}

void
FlowTransport::DoubtBefore(const Flow& flow)
{
    m_doubts.Join(flow.src, flow.dst);
    const bool isSure = flow.earliest == flow.start;
    m_looksAtLinks = !IsOldNews(flow);
    if (!m_looksAtLinks)
    {
        return;
    }
    if (GetShape(flow).isDrawn && !isSure)
    {
        m_doubts.Doubt(flow.src, flow.earliest, flow.word); // it may have other links in packets
    }
    for (uint32_t part = flow.part; part != NONE; part = m_solver.GetSibling(part))
    {
        m_solver.ForOffsets(part, [&](uint32_t link, Tick offset) {
            const Tick from = flow.earliest + offset;
            UseLink(link, flow.src, from, isSure ? Fidelity::EXACT : flow.word);
            if (isSure || from >= m_links[link].sentUntil)
            {
                return;
            }
            for (const uint32_t user : m_solver.GetUsers(link))
            {
                const Flow& other = m_flows[m_solver.GetOwner(user)];
                if (other.state == SENT && !IsOneQueue(other, flow) && other.word < flow.word &&
                    from < GetEnd(other) + m_solver.GetOffset(user, link))
                {
                    m_doubts.Doubt(flow.src, from, flow.word);
                }
            }
        });
    }
}

void
FlowTransport::NoteHeard(uint32_t endpoint, const Flow& flow, Tick earliest)
{
    Heard& heard = GetHeard(endpoint);
    heard.word = std::max(heard.word, flow.word);
    if (flow.word > Fidelity::EXACT)
    {
        const Tick now = m_clock.Now();
        const Tick early = flow.word == Fidelity::FAIR
                               ? flow.start - flow.earliest + (now - flow.start) / FAIR_PART
                               : now - earliest;
        heard.early = std::max(heard.early, early);
    }
}

void
FlowTransport::NoteSent(const Flow& flow)
{
    if (flow.word == Fidelity::APPROXIMATE)
    {
        return;
    }
    for (uint32_t part = flow.part; part != NONE; part = m_solver.GetSibling(part))
    {
        m_solver.ForOffsets(part, [&](uint32_t link, Tick offset) {
            Tick& until = m_links[link].sentUntil;
            until = std::max(until, GetEnd(flow) + offset);
        });
    }
}

void
FlowTransport::NoteClaim(const Flow& flow)
{
    if (flow.word == Fidelity::APPROXIMATE)
    {
        return;
    }
    for (uint32_t part = flow.part; part != NONE; part = m_solver.GetSibling(part))
    {
        m_solver.ForOffsets(part, [&](uint32_t link, Tick offset) {
            ClaimLink(link, GetEnd(flow) + offset, flow.word);
        });
    }
}

Fidelity
FlowTransport::Confirm(Fidelity said, uint32_t endpoint, Tick end) const
{
    return m_doubts.Confirm(said, endpoint, end);
}

void
FlowTransport::Downgrade(uint32_t id, Fidelity word)
{
    if (m_flows[id].word < word)
    {
        m_flows[id].word = word;
        Spread(id);
    }
}

void
FlowTransport::Spread(uint32_t id)
{
    if (m_flows[id].word <= Fidelity::EXACT)
    {
        return;
    }
    m_spread.push_back(id);
    while (!m_spread.empty())
    {
        const Flow& flow = m_flows[m_spread.back()];
        m_spread.pop_back();
        for (uint32_t part = flow.part; part != NONE; part = m_solver.GetSibling(part))
        {
            m_solver.ForOffsets(part, [&](uint32_t link, Tick offset) {
                if (m_solver.GetWord(link) >= flow.word)
                {
                    return;
                }
                m_solver.SetWord(link, flow.word);
                for (const uint32_t user : m_solver.GetUsers(link))
                {
                    const uint32_t other = m_solver.GetOwner(user);
                    if (m_flows[other].word < flow.word &&
                        Overlap(m_flows[other], m_solver.GetOffset(user, link), flow, offset))
                    {
                        m_flows[other].word = flow.word;
                        m_spread.push_back(other);
                    }
                }
            });
        }
    }
}

void
FlowTransport::JudgeEnd(uint32_t id)
{
    const Flow& flow = m_flows[id];
    NoteHeard(flow.src, flow, flow.earliest + flow.least);
    if (flow.word != Fidelity::FAIR)
    {
        return;
    }
    for (uint32_t part = flow.part; part != NONE; part = m_solver.GetSibling(part))
    {
        m_solver.ForSteps(part, [this](uint32_t link, uint32_t) {
            if (m_solver.GetActive(link) > 0)
            {
                m_leftLinks.push_back(link);
            }
        });
    }
    if (!m_leftLinks.empty())
    {
        ScheduleSolve();
    }
}

void
FlowTransport::JudgeShares()
{
    const Tick now = m_clock.Now();
    // Those that started together and leave a link at different times are not alike.
    std::vector<uint32_t> left;
    left.swap(m_leftLinks);
    for (const uint32_t link : left)
    {
        if (m_solver.GetWord(link) == Fidelity::APPROXIMATE)
        {
            continue;
        }
        bool isLeft = false;
        for (const uint32_t user : m_solver.GetUsers(link))
        {
            const Flow& flow = m_flows[m_solver.GetOwner(user)];
            isLeft = isLeft || (flow.state == ACTIVE && flow.start < now && flow.end > now);
        }
        for (std::size_t i = 0; isLeft && i < m_solver.GetUsers(link).size(); ++i)
        {
            const uint32_t id = m_solver.GetOwner(m_solver.GetUsers(link)[i]);
            const Flow& flow = m_flows[id];
            if (flow.state == ACTIVE || flow.end == now)
            {
                Downgrade(id, Fidelity::APPROXIMATE);
            }
        }
    }
    // A switch serves its inputs in turn, and so those who come by a busy one get less.
    for (const uint32_t link : m_solver.GetLevelled())
    {
        if (m_solver.GetWord(link) == Fidelity::APPROXIMATE || m_solver.GetActive(link) < 2 ||
            !m_solver.IsFull(link))
        {
            continue;
        }
        m_askers.clear();
        for (const uint32_t user : m_solver.GetUsers(link))
        {
            const Flow& flow = m_flows[m_solver.GetOwner(user)];
            if (flow.state == ACTIVE)
            {
                m_askers.emplace_back(m_solver.GetLinkBefore(user, link), GetShape(flow).lane);
            }
        }
        std::sort(m_askers.begin(), m_askers.end());
        bool isEven = true;
        std::size_t size = 0; // of the first run of equal ones
        for (std::size_t first = 0; first < m_askers.size();)
        {
            const auto end = std::upper_bound(m_askers.begin(), m_askers.end(), m_askers[first]);
            const std::size_t run = static_cast<std::size_t>(end - m_askers.begin()) - first;
            isEven = isEven && (first == 0 || run == size);
            size = first == 0 ? run : size;
            first += run;
        }
        if (m_askers.front().first == NONE && m_askers.back().first == NONE)
        {
            continue; // the source's own port, which takes its queues in turn
        }
        for (std::size_t i = 0; !isEven && i < m_solver.GetUsers(link).size(); ++i)
        {
            const uint32_t id = m_solver.GetOwner(m_solver.GetUsers(link)[i]);
            if (m_flows[id].state == ACTIVE)
            {
                Downgrade(id, Fidelity::APPROXIMATE);
            }
        }
    }
}

} // namespace mtlink
} // namespace ns3
