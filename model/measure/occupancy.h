/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_OCCUPANCY_H
#define MTLINK_OCCUPANCY_H

#include "engine/batch.h"
#include "measure/wide-int.h"

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <memory>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Time-weighted occupancy of a buffer, in flits. Mean and greatest are exact. The percentile is
 * exact as long as the buffer never holds more than 64 flits; beyond, 64 bins share the range,
 * each at most 1/32 of the greatest occupancy wide. Bins are allocated when first needed: an
 * unused buffer costs one cache line, any other less than 600 bytes, and no depth needs to be
 * known.
 */
class alignas(64) OccupancyMeter
{
  public:
    /** @param [in] start When watching an empty buffer began. */
    explicit OccupancyMeter(Tick start = 0);
    OccupancyMeter(const OccupancyMeter& other);
    OccupancyMeter(OccupancyMeter&& other) = default;
    OccupancyMeter& operator=(OccupancyMeter other);
    ~OccupancyMeter() = default;

    /**
     * Flits came or went.
     * @param [in] at When, not before the last change.
     * @param [in] delta Flits that came; negative: that went, at most those held.
     */
    void Change(Tick at, int32_t delta)
    {
        Advance(at);
        m_flits = static_cast<uint32_t>(static_cast<int64_t>(m_flits) + delta);
        m_max = m_flits > m_max ? m_flits : m_max;
    }

    /**
     * Again and again flits go and as many come: it holds what it does, then less, then the same.
     * @param [in] delta How many go, at most those held.
     * @param [in] before Time until they go.
     * @param [in] after Time from then until others come.
     * @param [in] times How often; it begins at the last change.
     */
    void Swing(uint32_t delta, Tick before, Tick after, uint64_t times)
    {
        const auto ticks = static_cast<Tick>(times);
        Advance(m_last + before * ticks);
        m_flits -= delta;
        Advance(m_last + after * ticks);
        m_flits += delta;
    }

    /**
     * Watching ends; the figures below hold for the time until then.
     * @param [in] at When, not before the last change.
     */
    void Finish(Tick at)
    {
        Advance(at);
    }

    /**
     * Count what another meter has seen, as if it had been seen here while this one was empty.
     * @param [in] other The other; empty now.
     * @param [in] times How often, at least once.
     */
    void Merge(const OccupancyMeter& other, uint64_t times = 1);

    /** Hand over all that was seen to another process. @param [in,out] batch Gets it. */
    void Pack(Batch& batch) const;

    /** @return a meter as another process has packed it. @param [in,out] reader Where it is. */
    static OccupancyMeter Unpack(BatchReader& reader);

    /** Bring the bin of the occupancy held into the cache. */
    void Prefetch() const
    {
        const uint32_t bin = (m_flits - 1) >> m_shift; // beyond all where it is empty
        if (bin < m_size)
        {
            __builtin_prefetch(&m_bins[bin], 1);
        }
    }

    /** @return the flits held now. */
    uint32_t GetCurrent() const
    {
        return m_flits;
    }

    /** @return the mean over time, in flits. */
    double GetMean() const;

    /** @return the most flits ever held, be it for no time at all. */
    uint32_t GetMax() const
    {
        return m_max;
    }

    /**
     * @param [in] percent A part of the time, 0 to 100.
     * @return the least occupancy not exceeded in that part of the time, in flits; rounded up to
     * its bin's edge, never above the most.
     */
    uint32_t GetPercentile(double percent) const;

  private:
    /** Charge the time since the last change to the occupancy held; @param [in] at Now. */
    void Advance(Tick at)
    {
        const Tick elapsed = at - m_last;
        m_last = at;
        // Most buffers are empty most of the time: that time is what the bins leave over.
        if (m_flits != 0 && elapsed > 0)
        {
            m_area += static_cast<WideInt>(elapsed) * m_flits;
            uint32_t bin = (m_flits - 1) >> m_shift;
            if (bin >= m_size) [[unlikely]]
            {
                bin = Grow(m_flits);
            }
            m_bins[bin] += elapsed;
        }
    }

    /** Make bins twice as wide. */
    void Widen();

    /**
     * Make room for an occupancy, with more or with wider bins.
     * @param [in] flits The occupancy, at least 1.
     * @return its bin.
     */
    uint32_t Grow(uint32_t flits);

    WideInt m_area{0};              //!< Flits x picoseconds
    Tick m_start;                   //!< Watching began
    Tick m_last;                    //!< Last change
    std::unique_ptr<Tick[]> m_bins; //!< Time with (i << shift) < flits <= (i + 1) << shift
    uint32_t m_flits{0};            //!< Held now
    uint32_t m_max{0};              //!< Most ever held
    uint8_t m_size{0};              //!< Number of bins
    uint8_t m_shift{0};             //!< A bin is 2^this flits wide
};

static_assert(sizeof(OccupancyMeter) == 64);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_OCCUPANCY_H
