/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "flow/flow-losses.h"

#include "engine/random.h"

#include <algorithm>
#include <tuple>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr std::size_t FEWEST = 64; //!< Places

} // namespace

FlowLosses::FlowLosses()
    : m_places(FEWEST, NOBODY)
{
}

std::size_t
FlowLosses::GetHome(const Row& row) const
{
    return Mix((uint64_t{row.src} << 32 | row.dst) ^ Mix(row.root)) & (m_places.size() - 1);
}

std::size_t
FlowLosses::FindPlace(const Row& row) const
{
    std::size_t place = GetHome(row);
    while (m_places[place] != NOBODY)
    {
        const Row& known = m_rows[m_places[place]];
        if (known.root == row.root && known.src == row.src && known.dst == row.dst)
        {
            break;
        }
        place = (place + 1) & (m_places.size() - 1);
    }
    return place;
}

void
FlowLosses::Grow() const
{
    m_places.assign(m_places.size() * 2, NOBODY);
    for (uint32_t number = 0; number < m_rows.size(); ++number)
    {
        m_places[FindPlace(m_rows[number])] = number;
    }
}

void
FlowLosses::Enter() const
{
    for (const Row& loss : m_latest)
    {
        __builtin_prefetch(&m_places[GetHome(loss)]);
    }
    for (const Row& loss : m_latest)
    {
        const uint32_t number = m_places[GetHome(loss)];
        if (number != NOBODY)
        {
            __builtin_prefetch(&m_rows[number], 1);
        }
    }
    for (const Row& loss : m_latest)
    {
        Enter(loss);
    }
    m_latest.clear();
}

void
FlowLosses::Enter(const Row& loss) const
{
    const std::size_t place = FindPlace(loss);
    if (m_places[place] != NOBODY)
    {
        Row& row = m_rows[m_places[place]];
        row.lost += loss.lost;
        row.times += loss.times;
        return;
    }
    if (m_rows.size() >= MOST)
    {
        m_leftOut += loss.lost;
        return;
    }
    m_places[place] = static_cast<uint32_t>(m_rows.size());
    m_rows.push_back(loss);
    if (m_rows.size() * 2 > m_places.size())
    {
        Grow();
    }
}

std::vector<FlowLosses::Row>
FlowLosses::GetRows() const
{
    Enter();
    std::vector<Row> rows(m_rows);
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
        return std::tie(a.root, a.src, a.dst) < std::tie(b.root, b.src, b.dst);
    });
    return rows;
}

} // namespace mtlink
} // namespace ns3
