/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_UNITS_H
#define MTLINK_UNITS_H

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Quantities as users write them: a decimal number with its unit at once behind it, as `28GBps`,
 * `64MiB`, `1.5us`. The arithmetic is exact; what does not come out in whole bytes, bit/s,
 * picoseconds or micrometres is refused, and so are a missing unit, a wrong one, a negative
 * number and one that is too large. All Parse functions throw ParameterError without a key.
 */

/** @ingroup mtlink What is written with a unit. */
enum class QuantityKind
{
    SIZE,   //!< See ParseBytes()
    RATE,   //!< See ParseRate()
    TIME,   //!< See ParseTime()
    LENGTH, //!< See ParseLength()
    FLOPS,  //!< See ParseFlops()
};

/**
 * @ingroup mtlink
 * @param [in] kind A kind of quantity.
 * @return its units, smallest first.
 */
std::vector<std::string> GetUnitNames(QuantityKind kind);

/**
 * @ingroup mtlink
 * @param [in] text B; KB, MB, GB, TB (powers of 1000); KiB, MiB, GiB, TiB (powers of 1024).
 * @return bytes.
 */
uint64_t ParseBytes(const std::string& text);

/**
 * @ingroup mtlink
 * @param [in] text bps, Kbps, Mbps, Gbps, Tbps; or Bps, KBps, MBps, GBps, TBps (8 bits each).
 * @return bit/s.
 */
uint64_t ParseRate(const std::string& text);

/**
 * @ingroup mtlink
 * @param [in] text ps, ns, us, ms, s.
 * @return picoseconds.
 */
Tick ParseTime(const std::string& text);

/**
 * @ingroup mtlink
 * @param [in] text um, mm, cm, m, km.
 * @return metres.
 */
double ParseLength(const std::string& text);

/**
 * @ingroup mtlink
 * @param [in] text A whole number without a unit.
 * @return the number.
 */
uint64_t ParseInteger(const std::string& text);

/**
 * @ingroup mtlink
 * @param [in] text A decimal number without a unit, as 0.8 or 1e-6.
 * @return the number.
 */
double ParseNumber(const std::string& text);

/**
 * @ingroup mtlink
 * @param [in] text Gflops, Tflops, Pflops, as 312Tflops.
 * @return floating point operations per second.
 */
double ParseFlops(const std::string& text);

/**
 * @ingroup mtlink
 * @param [in] text A decimal number, or one in percent, as 0.75 or 75 %.
 * @return the fraction.
 */
double ParseFraction(const std::string& text);

/**
 * @ingroup mtlink
 * @param [in] text true or false.
 * @return the truth value.
 */
bool ParseBoolean(const std::string& text);

/**
 * @ingroup mtlink
 * @param [in] bytes Bytes.
 * @return text that ParseBytes() reads to the same, in the largest unit that is whole.
 */
std::string FormatBytes(uint64_t bytes);

/**
 * @ingroup mtlink
 * @param [in] rate bit/s.
 * @return text that ParseRate() reads to the same, in the largest unit that is whole.
 */
std::string FormatRate(uint64_t rate);

/**
 * @ingroup mtlink
 * @param [in] time Picoseconds, not negative.
 * @return text that ParseTime() reads to the same, in the largest unit that is whole.
 */
std::string FormatTime(Tick time);

/**
 * @ingroup mtlink
 * @param [in] length Metres, a whole number of micrometres.
 * @return text that ParseLength() reads to the same.
 */
std::string FormatLength(double length);

/**
 * @ingroup mtlink
 * @param [in] number A number.
 * @return the shortest text that ParseNumber() reads to the same.
 */
std::string FormatNumber(double number);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_UNITS_H
