/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ns3
{
namespace mtlink
{

void
Histogram::Merge(const Histogram& other, uint64_t times)
{
    for (uint32_t block = 0; block < BLOCK_COUNT; ++block)
    {
        if (!other.m_blocks[block])
        {
            continue;
        }
        if (!m_blocks[block])
        {
            m_blocks[block] = std::make_unique<Block>();
        }
        for (uint32_t i = 0; i < BLOCK_SIZE; ++i)
        {
            (*m_blocks[block])[i] += (*other.m_blocks[block])[i] * times;
        }
    }
    m_count += other.m_count * times;
    m_sum += other.m_sum * times;
    m_min = std::min(m_min, other.m_min);
    m_max = std::max(m_max, other.m_max);
}

int64_t
Histogram::GetMin() const
{
    return m_count == 0 ? 0 : static_cast<int64_t>(m_min);
}

int64_t
Histogram::GetMax() const
{
    return static_cast<int64_t>(m_max);
}

double
Histogram::GetMean() const
{
    return m_count == 0 ? 0
                        : static_cast<double>(static_cast<long double>(m_sum) /
                                              static_cast<long double>(m_count));
}

int64_t
Histogram::GetPercentile(double percent) const
{
    // 99.9 % of 1000 must be 999, though 99.9 is not a binary fraction.
    constexpr double ROUNDING = 1 - 4 * std::numeric_limits<double>::epsilon();
    const double rank =
        std::ceil(std::clamp(percent, 0.0, 100.0) / 100 * static_cast<double>(m_count) * ROUNDING);
    const auto needed = std::max<uint64_t>(1, static_cast<uint64_t>(rank));
    uint64_t seen = 0;
    for (uint32_t block = 0; block < BLOCK_COUNT; ++block)
    {
        if (!m_blocks[block])
        {
            continue;
        }
        for (uint64_t i = 0; i < BLOCK_SIZE; ++i)
        {
            seen += (*m_blocks[block])[i];
            if (seen >= needed)
            {
                const uint32_t shift = block > 1 ? block - 1 : 0;
                const uint64_t head = block > 0 ? BLOCK_SIZE + i : i;
                return static_cast<int64_t>(std::min(((head + 1) << shift) - 1, m_max));
            }
        }
    }
    return GetMax();
}

LatencyResult
Histogram::ToLatency() const
{
    // Division, not multiplication by 0.001: the nearest double prints as the exact decimal.
    return {GetMean() / 1000,
            static_cast<double>(GetPercentile(50)) / 1000,
            static_cast<double>(GetPercentile(99)) / 1000,
            static_cast<double>(GetPercentile(99.9)) / 1000,
            static_cast<double>(GetMax()) / 1000};
}

} // namespace mtlink
} // namespace ns3
