/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "link/shared-credits.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

uint32_t
SharedCredits::Open(uint32_t depth, double alpha)
{
    Pool pool{};
    pool.depth = pool.free = depth;
    pool.alpha = alpha;
    m_pools.push_back(std::move(pool));
    return static_cast<uint32_t>(m_pools.size() - 1);
}

void
SharedCredits::Join(uint32_t ledger, uint32_t pool)
{
    m_members.resize(std::max<std::size_t>(m_members.size(), ledger + 1));
    m_members[ledger].pool = pool;
}

void
SharedCredits::Settle(Pool& pool, Tick now)
{
    while (!pool.returns.empty() && pool.returns.top().at <= now)
    {
        const Entry& entry = pool.returns.top();
        pool.free += entry.amount;
        pool.last = {entry.at, entry.departure};
        m_members[entry.ledger].held -= entry.amount;
        pool.returns.pop();
    }
}

bool
SharedCredits::Has(uint32_t ledger, uint32_t amount, Tick now)
{
    const uint32_t own = m_credits.GetAvailable(ledger, now);
    if (own >= amount)
    {
        return true;
    }
    Pool& pool = m_pools[m_members[ledger].pool];
    Settle(pool, now);
    return pool.free >= amount - own && m_members[ledger].held < pool.alpha * pool.free;
}

void
SharedCredits::Take(uint32_t ledger, uint32_t amount, Tick now)
{
    Member& member = m_members[ledger];
    Pool& pool = m_pools[member.pool];
    const uint32_t own = std::min(amount, m_credits.GetAvailable(ledger, now));
    const uint32_t shared = amount - own;
    m_credits.Take(ledger, own);
    pool.free -= shared;
    member.inUse += shared;
    member.held += shared;
    member.toldAt = NEVER;
    if (member.waits)
    {
        if (shared > 0 && pool.last.at != NEVER)
        {
            m_credits.AddRelief(ledger, pool.last);
        }
        member.waits = false;
        std::erase(pool.waiting, ledger);
    }
}

Tick
SharedCredits::Ask(uint32_t ledger, Tick now)
{
    Member& member = m_members[ledger];
    Pool& pool = m_pools[member.pool];
    if (!member.waits)
    {
        member.waits = true;
        pool.waiting.push_back(ledger);
    }
    Settle(pool, now);
    const Tick own = m_credits.Ask(ledger, m_credits.GetAvailable(ledger, now) + 1);
    const Tick shared = pool.returns.empty() ? NEVER : pool.returns.top().at;
    member.toldAt = std::min(own, shared);
    return member.toldAt;
}

void
SharedCredits::Return(uint32_t ledger, uint32_t amount, Tick at, const Departure& departure)
{
    Member& member = m_members[ledger];
    Pool& pool = m_pools[member.pool];
    const uint32_t shared = std::min(amount, member.inUse);
    if (amount > shared)
    {
        const Tick wanted = m_credits.Return(ledger, amount - shared, at, departure);
        if (wanted != NEVER)
        {
            m_wake(ledger, wanted);
        }
    }
    if (shared == 0)
    {
        return;
    }
    member.inUse -= shared;
    pool.returns.push({at, m_nextNumber++, ledger, shared, departure});
    for (const uint32_t waiting : pool.waiting)
    {
        if (at < m_members[waiting].toldAt)
        {
            m_members[waiting].toldAt = at;
            m_wake(waiting, at);
        }
    }
}

bool
SharedCredits::AreConserved() const
{
    std::vector<uint64_t> held(m_pools.size(), 0);
    std::vector<uint64_t> back(m_pools.size(), 0);
    for (const Member& member : m_members)
    {
        if (member.pool != NO_POOL)
        {
            held[member.pool] += member.held;
            back[member.pool] += member.held - member.inUse;
        }
    }
    for (std::size_t p = 0; p < m_pools.size(); ++p)
    {
        uint64_t returning = 0;
        for (auto rest = m_pools[p].returns; !rest.empty(); rest.pop())
        {
            returning += rest.top().amount;
        }
        if (m_pools[p].free + held[p] != m_pools[p].depth || returning != back[p])
        {
            return false;
        }
    }
    return true;
}

} // namespace mtlink
} // namespace ns3
