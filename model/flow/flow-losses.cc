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

std::size_t
FlowLosses::Hash::operator()(const Key& key) const
{
    return Mix(key.ends ^ Mix(key.root));
}

void
FlowLosses::Add(const Row& loss)
{
    const Key key{uint64_t{loss.src} << 32 | loss.dst, loss.root};
    auto row = m_rows.find(key);
    if (row == m_rows.end())
    {
        if (m_rows.size() >= MOST)
        {
            m_leftOut += loss.lost;
            return;
        }
        row = m_rows.emplace(key, Row{loss.root, loss.src, loss.dst, loss.first}).first;
    }
    row->second.lost += loss.lost;
    row->second.times += loss.times;
}

std::vector<FlowLosses::Row>
FlowLosses::GetRows() const
{
    std::vector<Row> rows;
    rows.reserve(m_rows.size());
    for (const auto& [key, row] : m_rows)
    {
        rows.push_back(row);
    }
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
        return std::tie(a.root, a.src, a.dst) < std::tie(b.root, b.src, b.dst);
    });
    return rows;
}

} // namespace mtlink
} // namespace ns3
