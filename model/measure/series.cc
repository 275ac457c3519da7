/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/series.h"

#include "ns3/assert.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

LinkSeries::LinkSeries(Tick interval, uint32_t links)
    : m_interval(interval),
      m_links(links)
{
    NS_ASSERT_MSG(interval > 0, "an interval takes time");
}

LinkSeries::Cell&
LinkSeries::GetCell(uint32_t link, Tick start)
{
    auto& cells = m_links[link];
    // Nearly always the last one, or a new one after it.
    if (cells.empty() || cells.back().start < start)
    {
        cells.push_back({start});
        return cells.back();
    }
    if (cells.back().start == start)
    {
        return cells.back();
    }
    auto cell = std::lower_bound(cells.begin(), cells.end(), start, [](const Cell& c, Tick s) {
        return c.start < s;
    });
    if (cell->start != start)
    {
        cell = cells.insert(cell, {start});
    }
    return *cell;
}

void
LinkSeries::SpreadFar(uint32_t link, Tick from, Tick to, Tick Cell::*member, Tick sign)
{
    while (from < to)
    {
        const Tick into = from % m_interval;
        const Tick part = std::min(to - from, m_interval - into);
        GetCell(link, from - into).*member += sign * part;
        from += part;
    }
}

void
LinkSeries::Pack(Batch& batch) const
{
    for (const std::vector<Cell>& cells : m_links)
    {
        Put<uint64_t>(batch, cells.size());
        for (const Cell& cell : cells)
        {
            Put(batch, cell);
        }
    }
}

void
LinkSeries::Merge(BatchReader& reader)
{
    for (uint32_t link = 0; link < m_links.size(); ++link)
    {
        for (auto left = reader.Get<uint64_t>(); left > 0; --left)
        {
            const auto other = reader.Get<Cell>();
            Cell& cell = GetCell(link, other.start);
            cell.busy += other.busy;
            cell.stall += other.stall;
            cell.flits = std::max(cell.flits, other.flits);
        }
    }
}

void
LinkSeries::Collect(std::vector<SampleResult>& samples) const
{
    const auto length = static_cast<double>(m_interval);
    const size_t first = samples.size();
    for (uint32_t link = 0; link < m_links.size(); ++link)
    {
        int64_t flits = 0;
        for (const auto& cell : m_links[link])
        {
            flits = cell.flits < 0 ? flits : cell.flits;
            samples.push_back({cell.start,
                               link,
                               static_cast<double>(cell.busy) / length,
                               static_cast<double>(cell.stall) / length,
                               static_cast<uint32_t>(flits)});
        }
    }
    std::sort(samples.begin() + first, samples.end(), [](const auto& a, const auto& b) {
        return a.start != b.start ? a.start < b.start : a.link < b.link;
    });
}

} // namespace mtlink
} // namespace ns3
