/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-credits.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

void
Credits::Settle(uint32_t index, Tick now)
{
    Ledger& ledger = m_ledgers[index];
    while (ledger.first != NO_ENTRY && m_entries[ledger.first].at <= now)
    {
        const uint32_t first = ledger.first;
        Entry& entry = m_entries[first];
        if (ledger.available < ledger.wanted)
        {
            m_reliefs[index] = {entry.at, entry.departure};
        }
        ledger.available += entry.amount;
        ledger.first = entry.next;
        entry.next = m_free;
        m_free = first;
    }
}

Credits::Relief
Credits::FindRelief(uint32_t index) const
{
    const Ledger& ledger = m_ledgers[index];
    uint32_t sum = ledger.available;
    for (uint32_t e = ledger.first; e != NO_ENTRY; e = m_entries[e].next)
    {
        sum += m_entries[e].amount;
        if (sum >= ledger.wanted)
        {
            return {m_entries[e].at, m_entries[e].departure};
        }
    }
    return {};
}

Tick
Credits::WhenAvailable(const Ledger& ledger, uint32_t amount) const
{
    uint32_t sum = ledger.available;
    for (uint32_t e = ledger.first; e != NO_ENTRY; e = m_entries[e].next)
    {
        sum += m_entries[e].amount;
        if (sum >= amount)
        {
            return m_entries[e].at;
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
Credits::Return(uint32_t ledger, uint32_t amount, Tick at, const Departure& departure)
{
    uint32_t index = m_free;
    if (index == NO_ENTRY)
    {
        index = static_cast<uint32_t>(m_entries.size());
        m_entries.emplace_back();
    }
    else
    {
        m_free = m_entries[index].next;
    }
    Ledger& l = m_ledgers[ledger];
    l.inUse -= amount;
    Entry& entry = m_entries[index];
    entry = {at, amount, NO_ENTRY, departure};
    if (l.first == NO_ENTRY)
    {
        l.first = l.last = index;
    }
    else if (m_entries[l.last].at <= at)
    {
        m_entries[l.last].next = index;
        l.last = index;
    }
    else if (at < m_entries[l.first].at)
    {
        entry.next = l.first;
        l.first = index;
    }
    else
    {
        // Packets that leave by different ports: a later commitment may free earlier.
        uint32_t before = l.first;
        while (m_entries[m_entries[before].next].at <= at)
        {
            before = m_entries[before].next;
        }
        entry.next = m_entries[before].next;
        m_entries[before].next = index;
    }
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

bool
Credits::IsConserved(uint32_t ledger) const
{
    const Ledger& l = m_ledgers[ledger];
    uint64_t sum = static_cast<uint64_t>(l.available) + l.inUse;
    for (uint32_t e = l.first; e != NO_ENTRY; e = m_entries[e].next)
    {
        sum += m_entries[e].amount;
    }
    return sum == l.depth;
}

} // namespace mtlink
} // namespace ns3
