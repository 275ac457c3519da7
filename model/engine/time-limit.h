/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TIME_LIMIT_H
#define MTLINK_TIME_LIMIT_H

#include "ns3/mtlink-tick.h"

#include <stdexcept>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Something would happen later than simulated time can tell.
 */
class TimeError : public std::overflow_error
{
  public:
    TimeError()
        : std::overflow_error("simulated time would pass its end, 106 days (2^63 ps): make what "
                              "takes so long shorter, latencies, computations, or messages")
    {
    }
};

/**
 * @param [in] a A time, 0 or more.
 * @param [in] b Another.
 * @return their sum; NEVER if it is later than simulated time can tell.
 */
inline Tick
AddTicks(Tick a, Tick b)
{
    return a > NEVER - b ? NEVER : a + b;
}

/**
 * @param [in] time In ps, 0 or more.
 * @return the same, rounded; NEVER if it is later than simulated time can tell.
 */
inline Tick
RoundToTicks(long double time)
{
    return time < static_cast<long double>(NEVER) - 1 ? static_cast<Tick>(time + 0.5L) : NEVER;
}

/**
 * @param [in] at When something is to happen.
 * @param [in] now The current time.
 * @return whether that is no time to come: NEVER, or a sum that ran over.
 */
inline bool
IsBeyondTime(Tick at, Tick now)
{
    return at < now || at == NEVER;
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TIME_LIMIT_H
