/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "link/credits.h"

#include "ns3/abort.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

void
Credits::Settle(uint32_t index, Tick now)
{
    Ledger& ledger = m_ledgers[index];
    const uint32_t before = ledger.settled;
    uint32_t& i = ledger.settled;
    for (; i < ledger.returns.GetSize() && ledger.returns[i].at <= now; ++i)
    {
        const Entry& entry = ledger.returns[i];
        if (ledger.available < ledger.wanted)
        {
            m_reliefs[index] = {entry.at, entry.GetDeparture()};
        }
        ledger.available += entry.amount;
    }
    if (i != before)
    {
        ledger.Forget();
    }
}

Credits::Relief
Credits::FindRelief(uint32_t index) const
{
    const Ledger& ledger = m_ledgers[index];
    uint32_t sum = ledger.available;
    for (uint32_t i = ledger.settled; i < ledger.returns.GetSize(); ++i)
    {
        sum += ledger.returns[i].amount;
        if (sum >= ledger.wanted)
        {
            return {ledger.returns[i].at, ledger.returns[i].GetDeparture()};
        }
    }
    return {};
}

Tick
Credits::WhenAvailable(const Ledger& ledger, uint32_t amount) const
{
    uint32_t sum = ledger.available;
    for (uint32_t i = ledger.settled; i < ledger.returns.GetSize(); ++i)
    {
        sum += ledger.returns[i].amount;
        if (sum >= amount)
        {
            return ledger.returns[i].at;
        }
    }
    return NEVER;
}

Tick
Credits::Ask(uint32_t ledger, uint32_t amount)
{
    Ledger& l = m_ledgers[ledger];
    l.wanted = l.wanted == 0 ? amount : std::min(l.wanted, amount);
    l.wantedAt = WhenAvailable(l, l.wanted);
    return l.wantedAt;
}

Tick
Credits::Return(uint32_t ledger, uint32_t amount, Tick at, const Departure& departure, bool isLost)
{
    Ledger& l = m_ledgers[ledger];
    l.inUse -= amount;
    // Packets that leave by different ports: a later commitment may free earlier.
    l.returns.Insert(
        {at, departure.arrived, departure.left, departure.ledger, amount, isLost ? 1U : 0U});
    if (l.wanted == 0 || at >= l.wantedAt)
    {
        return NEVER;
    }
    const Tick when = WhenAvailable(l, l.wanted);
    if (when >= l.wantedAt)
    {
        return NEVER;
    }
    l.wantedAt = when;
    return when;
}

void
Credits::TakeRun(uint32_t index, const Run& run)
{
    Settle(index, run.lastTaken);
    Ledger& l = m_ledgers[index];
    // What is back by then need not be written down.
    const uint32_t back =
        run.back > run.lastTaken
            ? 0
            : static_cast<uint32_t>(
                  std::min<Tick>(run.count, (run.lastTaken - run.back) / run.lag + 1));
    const uint64_t held = uint64_t{run.count - back} * run.amount;
    NS_ABORT_MSG_IF(l.available < held, "a run has waited for credit");
    l.available -= static_cast<uint32_t>(held);
    l.wanted = 0;
    l.wantedAt = NEVER;
    for (uint32_t i = back; i < run.count; ++i)
    {
        const Tick later = i * run.lag;
        l.returns.Insert({run.back + later,
                          run.departure.arrived + later,
                          run.departure.left + later,
                          run.departure.ledger,
                          run.amount,
                          0});
    }
}

bool
Credits::IsConserved(uint32_t ledger) const
{
    const Ledger& l = m_ledgers[ledger];
    uint64_t sum = static_cast<uint64_t>(l.available) + l.inUse;
    for (uint32_t i = l.settled; i < l.returns.GetSize(); ++i)
    {
        sum += l.returns[i].amount;
    }
    return sum == l.depth;
}

} // namespace mtlink
} // namespace ns3
