/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-series.h"

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
LinkSeries::GetCell(uint32_t link, int64_t interval)
{
    auto& cells = m_links[link];
    // Nearly always the last one, or a new one after it.
    if (cells.empty() || cells.back().interval < interval)
    {
        cells.push_back({interval});
        return cells.back();
    }
    if (cells.back().interval == interval)
    {
        return cells.back();
    }
    auto cell =
        std::lower_bound(cells.begin(), cells.end(), interval, [](const Cell& c, int64_t i) {
            return c.interval < i;
        });
    if (cell->interval != interval)
    {
        cell = cells.insert(cell, {interval});
    }
    return *cell;
}

void
LinkSeries::Spread(uint32_t link, Tick from, Tick to, Tick Cell::*member, Tick sign)
{
    while (from < to)
    {
        const int64_t interval = from / m_interval;
        const Tick part = std::min(to - from, m_interval - from % m_interval);
        GetCell(link, interval).*member += sign * part;
        from += part;
    }
}

void
LinkSeries::SetQueue(uint32_t link, Tick at, uint32_t flits)
{
    GetCell(link, at / m_interval).flits = flits;
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
            samples.push_back({cell.interval * m_interval,
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
