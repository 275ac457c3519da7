/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TICK_H
#define MTLINK_TICK_H

#include "ns3/nstime.h"

#include <cstdint>
#include <limits>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Simulated time inside the fabric: integer picoseconds since the start (range 106 days).
 */
using Tick = int64_t;

/** Later than every event: "no time known". */
inline constexpr Tick NEVER = std::numeric_limits<Tick>::max();

/**
 * @param [in] time An ns-3 time of any resolution.
 * @return the same in picoseconds.
 */
inline Tick
ToTicks(const Time& time)
{
    return time.GetPicoSeconds();
}

/**
 * @param [in] tick Picoseconds.
 * @return the same as an ns-3 time.
 */
inline Time
ToTime(Tick tick)
{
    return PicoSeconds(static_cast<uint64_t>(tick));
}

/**
 * @param [in] tick Picoseconds.
 * @return the same in nanoseconds, for reports.
 */
inline double
ToNanoseconds(Tick tick)
{
    return static_cast<double>(tick) * 1e-3;
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TICK_H
