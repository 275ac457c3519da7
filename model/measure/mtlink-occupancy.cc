/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-occupancy.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint32_t FEWEST_BINS{8}; //!< Enough for a buffer of a few packets of one flit
constexpr uint32_t MOST_BINS{64};  //!< 512 bytes

} // namespace

OccupancyMeter::OccupancyMeter(Tick start)
    : m_start(start),
      m_last(start)
{
}

uint32_t
OccupancyMeter::Grow()
{
    while ((m_flits - 1) >> m_shift >= MOST_BINS)
    {
        for (size_t i = 0; i < m_bins.size(); i += 2)
        {
            m_bins[i / 2] = m_bins[i] + m_bins[i + 1];
        }
        std::fill(m_bins.begin() + m_bins.size() / 2, m_bins.end(), 0);
        ++m_shift;
    }
    const uint32_t bin = (m_flits - 1) >> m_shift;
    if (bin >= m_bins.size())
    {
        m_bins.resize(std::max(FEWEST_BINS, std::bit_ceil(bin + 1)));
    }
    return bin;
}

double
OccupancyMeter::GetMean() const
{
    return m_last == m_start ? 0
                             : static_cast<double>(m_area) / static_cast<double>(m_last - m_start);
}

uint32_t
OccupancyMeter::GetPercentile(double percent) const
{
    const Tick total = m_last - m_start;
    const auto allowed =
        static_cast<Tick>(static_cast<double>(total) * (1 - std::clamp(percent, 0.0, 100.0) / 100));
    // From the top: the time spent above the answer may be at most the rest.
    Tick above = 0;
    for (size_t i = m_bins.size(); i-- > 0;)
    {
        above += m_bins[i];
        if (above > allowed)
        {
            return std::min(static_cast<uint32_t>((i + 1) << m_shift), m_max);
        }
    }
    return 0;
}

} // namespace mtlink
} // namespace ns3
