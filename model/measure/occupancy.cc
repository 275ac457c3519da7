/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/occupancy.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

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

OccupancyMeter::OccupancyMeter(const OccupancyMeter& other)
    : m_area(other.m_area),
      m_start(other.m_start),
      m_last(other.m_last),
      m_bins(other.m_size == 0 ? nullptr : std::make_unique<Tick[]>(other.m_size)),
      m_flits(other.m_flits),
      m_max(other.m_max),
      m_size(other.m_size),
      m_shift(other.m_shift)
{
    std::copy_n(other.m_bins.get(), m_size, m_bins.get());
}

OccupancyMeter&
OccupancyMeter::operator=(OccupancyMeter other)
{
    std::swap(m_area, other.m_area);
    std::swap(m_start, other.m_start);
    std::swap(m_last, other.m_last);
    std::swap(m_bins, other.m_bins);
    std::swap(m_flits, other.m_flits);
    std::swap(m_max, other.m_max);
    std::swap(m_size, other.m_size);
    std::swap(m_shift, other.m_shift);
    return *this;
}

void
OccupancyMeter::Pack(Batch& batch) const
{
    Put(batch, m_area);
    Put(batch, m_start);
    Put(batch, m_last);
    Put(batch, m_flits);
    Put(batch, m_max);
    Put(batch, m_size);
    Put(batch, m_shift);
    for (uint8_t i = 0; i < m_size; ++i)
    {
        Put(batch, m_bins[i]);
    }
}

OccupancyMeter
OccupancyMeter::Unpack(BatchReader& reader)
{
    OccupancyMeter meter;
    meter.m_area = reader.Get<WideInt>();
    meter.m_start = reader.Get<Tick>();
    meter.m_last = reader.Get<Tick>();
    meter.m_flits = reader.Get<uint32_t>();
    meter.m_max = reader.Get<uint32_t>();
    meter.m_size = reader.Get<uint8_t>();
    meter.m_shift = reader.Get<uint8_t>();
    meter.m_bins = meter.m_size == 0 ? nullptr : std::make_unique<Tick[]>(meter.m_size);
    for (uint8_t i = 0; i < meter.m_size; ++i)
    {
        meter.m_bins[i] = reader.Get<Tick>();
    }
    return meter;
}

void
OccupancyMeter::Widen()
{
    for (uint32_t i = 0; i < m_size; i += 2)
    {
        m_bins[i / 2] = m_bins[i] + m_bins[i + 1];
    }
    std::fill_n(m_bins.get() + m_size / 2, m_size / 2, 0);
    ++m_shift;
}

uint32_t
OccupancyMeter::Grow(uint32_t flits)
{
    while ((flits - 1) >> m_shift >= MOST_BINS)
    {
        Widen();
    }
    const uint32_t bin = (flits - 1) >> m_shift;
    if (bin >= m_size)
    {
        const uint32_t size = std::max(FEWEST_BINS, std::bit_ceil(bin + 1));
        auto bins = std::make_unique<Tick[]>(size);
        std::copy_n(m_bins.get(), m_size, bins.get());
        m_bins = std::move(bins);
        m_size = static_cast<uint8_t>(size);
    }
    return bin;
}

void
OccupancyMeter::Merge(const OccupancyMeter& other, uint64_t times)
{
    m_area += other.m_area * times;
    m_max = std::max(m_max, other.m_max);
    // Its bins are no wider than what it held for a time asks for: so must these be.
    while (m_shift < other.m_shift)
    {
        Widen();
    }
    for (uint32_t i = 0; i < other.m_size; ++i)
    {
        if (other.m_bins[i] > 0)
        {
            m_bins[Grow((i << other.m_shift) + 1)] += other.m_bins[i] * static_cast<Tick>(times);
        }
    }
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
    for (uint32_t i = m_size; i-- > 0;)
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
