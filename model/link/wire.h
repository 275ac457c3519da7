/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_WIRE_H
#define MTLINK_WIRE_H

#include "ns3/mtlink-tick.h"

#include <cmath>
#include <cstdint>
#include <numeric>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * An instant finer than a picosecond: ticks and a fraction in parts of WireSpeed::GetParts().
 * It is kept along a link, so that rounding never accumulates.
 */
struct WireTime
{
    Tick whole{0};    //!< Picoseconds
    uint64_t part{0}; //!< Fraction, below GetParts()
};

/**
 * @ingroup mtlink
 * Time of a flit on the wire, as an exact fraction.
 */
class WireSpeed
{
  public:
    /**
     * @param [in] bitRate Rate, bit/s, at least 1.
     * @param [in] flit Bytes of a flit.
     * @param [in] encoding Wire bits per flit bit, at least 1.
     */
    WireSpeed(uint64_t bitRate, uint32_t flit, double encoding)
    {
        // ps of a flit = bits * encoding * 1e12 / rate; the encoding to 12 digits.
        using Wide = unsigned __int128;
        Wide numerator = static_cast<Wide>(flit) * 8 * 1000000000000ULL;
        Wide denominator = bitRate;
        if (encoding != 1.0)
        {
            numerator *= static_cast<uint64_t>(std::llround(encoding * 1e12));
            denominator *= 1000000000000ULL;
        }
        Wide a = numerator;
        Wide b = denominator;
        while (b != 0)
        {
            const Wide rest = a % b;
            a = b;
            b = rest;
        }
        numerator /= a;
        denominator /= a;
        // Keep the product with a packet's flits within 64 bits.
        while (denominator >= (1ULL << 40))
        {
            numerator >>= 1;
            denominator >>= 1;
        }
        m_whole = static_cast<uint64_t>(numerator / denominator);
        m_part = static_cast<uint64_t>(numerator % denominator);
        m_parts = static_cast<uint64_t>(denominator);
    }

    /**
     * @param [in] from An instant.
     * @param [in] flits A length, below 2^24.
     * @return the instant at which so many flits that start at `from` are through.
     */
    WireTime After(WireTime from, uint64_t flits) const
    {
        WireTime end{from.whole + static_cast<Tick>(flits * m_whole), from.part + flits * m_part};
        if (end.part >= m_parts) [[unlikely]]
        {
            end.whole += static_cast<Tick>(end.part / m_parts);
            end.part %= m_parts;
        }
        return end;
    }

    /**
     * @param [in] time An instant.
     * @return the nearest tick.
     */
    Tick Round(WireTime time) const
    {
        return time.whole + (2 * time.part >= m_parts ? 1 : 0);
    }

    /** @return picoseconds of a flit. */
    long double GetFlitTime() const
    {
        return static_cast<long double>(m_whole) +
               static_cast<long double>(m_part) / static_cast<long double>(m_parts);
    }

    /** @return the number of parts in a picosecond. */
    uint64_t GetParts() const
    {
        return m_parts;
    }

    bool operator==(const WireSpeed&) const = default;

  private:
    uint64_t m_whole; //!< Picoseconds of a flit
    uint64_t m_part;  //!< ... and its fraction
    uint64_t m_parts; //!< Parts in a picosecond
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_WIRE_H
