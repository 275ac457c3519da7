/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_HISTOGRAM_H
#define MTLINK_HISTOGRAM_H

#include "measure/wide-int.h"

#include "ns3/mtlink-results.h"

#include <array>
#include <bit>
#include <cstdint>
#include <memory>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Histogram of non-negative integers (picoseconds) of any size with a bounded relative error,
 * after HdrHistogram: values below 2048 are counted exactly, every further octave is cut into
 * 1024 equal buckets, so that a bucket is at most 2^-10 of its values wide. Count, sum, least
 * and greatest are exact. An octave takes 8 KiB, from its first value on.
 */
class Histogram
{
  public:
    /**
     * Count a value.
     * @param [in] value Not negative (a negative one counts as 0), in picoseconds.
     * @param [in] times How often.
     */
    void Add(int64_t value, uint64_t times = 1)
    {
        const auto v = static_cast<uint64_t>(value < 0 ? 0 : value);
        const auto shift = GetShift(v);
        // v >> shift is in [1024, 2048) from the second block on: its top bit counts the block.
        const uint32_t block = shift + static_cast<uint32_t>(v >> shift >> BLOCK_BITS);
        auto& buckets = m_blocks[block];
        if (!buckets) [[unlikely]]
        {
            buckets = std::make_unique<Block>();
        }
        (*buckets)[(v >> shift) % BLOCK_SIZE] += times;
        m_count += times;
        m_sum += v * times;
        m_min = v < m_min ? v : m_min;
        m_max = v > m_max ? v : m_max;
    }

    /**
     * Count all that another histogram has counted.
     * @param [in] other The other one.
     * @param [in] times How often, at least once.
     */
    void Merge(const Histogram& other, uint64_t times = 1);

    /** @return the number of values. */
    uint64_t GetCount() const
    {
        return m_count;
    }

    /** @return the exact sum of the values, in picoseconds. */
    WideInt GetSum() const
    {
        return m_sum;
    }

    /** @return the least value, in picoseconds; 0 if there is none. */
    int64_t GetMin() const;

    /** @return the greatest value, in picoseconds; 0 if there is none. */
    int64_t GetMax() const;

    /** @return the mean, exact but for its rounding, in picoseconds; 0 if there is no value. */
    double GetMean() const;

    /**
     * The least v such that at least the given part of all values is at most v.
     * @param [in] percent The part, 0 to 100, such as 99.9.
     * @return the upper edge of v's bucket, but not more than the greatest value: never below
     * the true one, and above it by less than 2^-10 of it. In picoseconds; 0 if there is no value.
     */
    int64_t GetPercentile(double percent) const;

    /** @return mean, percentiles and greatest value, in nanoseconds. */
    LatencyResult ToLatency() const;

  private:
    static constexpr uint32_t BLOCK_BITS{10};               //!< An octave has 2^this buckets
    static constexpr uint32_t BLOCK_SIZE{1U << BLOCK_BITS}; //!< Buckets of an octave
    static constexpr uint32_t BLOCK_COUNT{64 - BLOCK_BITS}; //!< Octaves of an int64, and below

    using Block = std::array<uint64_t, BLOCK_SIZE>; //!< Counts of an octave

    /**
     * @param [in] value A value.
     * @return the number of its low bits that its bucket ignores.
     */
    static uint32_t GetShift(uint64_t value)
    {
        const auto width = static_cast<uint32_t>(std::bit_width(value));
        return width > BLOCK_BITS + 1 ? width - BLOCK_BITS - 1 : 0;
    }

    std::array<std::unique_ptr<Block>, BLOCK_COUNT> m_blocks; //!< By octave; null: not used
    uint64_t m_count{0};                                      //!< Values
    WideInt m_sum{0};                                         //!< Sum of the values
    uint64_t m_min{UINT64_MAX};                               //!< Least
    uint64_t m_max{0};                                        //!< Greatest
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_HISTOGRAM_H
