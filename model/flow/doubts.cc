/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "flow/doubts.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace mtlink
{

Doubts::Doubts(uint32_t endpoints)
    : m_isJoined(endpoints),
      m_lots(endpoints)
{
    m_groups.reserve(endpoints);
    for (uint32_t endpoint = 0; endpoint < endpoints; ++endpoint)
    {
        m_groups.push_back({endpoint});
    }
}

uint32_t
Doubts::Find(uint32_t endpoint) const
{
    if (AreOne() && m_isJoined[endpoint])
    {
        return m_latest; // of thousands each is in a line of the cache of its own
    }
    while (m_groups[endpoint].parent != endpoint)
    {
        uint32_t& parent = m_groups[endpoint].parent;
        parent = m_groups[parent].parent;
        endpoint = parent;
    }
    return endpoint;
}

uint32_t
Doubts::Join(uint32_t a, uint32_t b)
{
    a = Find(a);
    b = Find(b);
    if (a == b)
    {
        return a;
    }
    if (m_groups[a].size < m_groups[b].size)
    {
        std::swap(a, b);
    }
    Group& all = m_groups[a];
    Group& part = m_groups[b];
    m_isJoined[a] = true;
    m_isJoined[b] = true;
    m_latest = a;
    m_joined += (all.size == 1 ? 1 : 0) - (part.size == 1 ? 0 : 1);
    part.parent = a;
    all.size += part.size;
    all.fair = std::min(all.fair, part.fair);
    all.approximate = std::min(all.approximate, part.approximate);
    return a;
}

void
Doubts::Doubt(uint32_t endpoint, Tick from, Fidelity word)
{
    Group& group = m_groups[Find(endpoint)];
    Tick& since = word == Fidelity::FAIR ? group.fair : group.approximate;
    since = std::min(since, from);
}

void
Doubts::Note(Fidelity said, uint32_t endpoint, Tick end, uint64_t bytes)
{
    if (said == Fidelity::APPROXIMATE)
    {
        m_approximate += bytes;
        return;
    }
    std::vector<Lot>& lots = m_lots[endpoint];
    if (lots.size() == MOST_LOTS)
    {
        // Doubts come soon: what is old may be known less well.
        for (std::size_t i = 0; i < MOST_LOTS / 2; ++i)
        {
            const Lot& first = lots[2 * i];
            const Lot& second = lots[2 * i + 1];
            lots[i] = {second.end, first.exact + second.exact, first.fair + second.fair};
        }
        lots.resize(MOST_LOTS / 2);
    }
    const bool isExact = said == Fidelity::EXACT;
    lots.push_back({end, isExact ? bytes : 0, isExact ? 0 : bytes});
}

std::array<uint64_t, FIDELITIES>
Doubts::GetBytes() const
{
    std::array<uint64_t, FIDELITIES> bytes{};
    bytes[static_cast<std::size_t>(Fidelity::APPROXIMATE)] = m_approximate;
    for (uint32_t endpoint = 0; endpoint < m_lots.size(); ++endpoint)
    {
        for (const Lot& lot : m_lots[endpoint])
        {
            const auto add = [&](Fidelity said, uint64_t count) {
                bytes[static_cast<std::size_t>(Confirm(said, endpoint, lot.end))] += count;
            };
            add(Fidelity::EXACT, lot.exact);
            add(Fidelity::FAIR, lot.fair);
        }
    }
    return bytes;
}

Fidelity
Doubts::Confirm(Fidelity said, uint32_t endpoint, Tick end) const
{
    const Group& group = m_groups[Find(endpoint)];
    if (end > group.approximate)
    {
        return Fidelity::APPROXIMATE;
    }
    return end > group.fair ? std::max(said, Fidelity::FAIR) : said;
}

} // namespace mtlink
} // namespace ns3
