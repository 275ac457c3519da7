/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_HUMAN_TEXT_H
#define MTLINK_HUMAN_TEXT_H

#include "ns3/mtlink-fidelity.h"
#include "ns3/mtlink-tick.h"

#include <array>
#include <cstdint>
#include <string>

namespace ns3
{
namespace mtlink
{

/** What stands where a value is not known. */
inline constexpr const char* UNKNOWN_TEXT{"\u2013"};

/**
 * @ingroup mtlink
 * @param [in] value A number; UNKNOWN_TEXT if not finite.
 * @param [in] digits Significant digits.
 * @return the number without an exponent, thousands set apart: "1,234", "0.0123".
 */
std::string DecimalText(double value, int digits = 4);

/**
 * @ingroup mtlink
 * @param [in] count A count.
 * @return the same with thousands set apart: "1,234,567".
 */
std::string CountText(uint64_t count);

/**
 * @ingroup mtlink
 * @param [in] count A count.
 * @param [in] one What one of them is called.
 * @param [in] several What several are called.
 * @return both: "1 switch", "1,024 switches".
 */
std::string CountText(uint64_t count, const char* one, const char* several);

/**
 * @ingroup mtlink
 * @param [in] ticks A time in picoseconds; UNKNOWN_TEXT for NEVER and what is not finite.
 * @return the same with four digits, in the unit that suits: "1.235 ms".
 */
std::string TimeText(double ticks);

/**
 * @ingroup mtlink
 * @param [in] tick A time in picoseconds.
 * @return as above.
 */
std::string TimeText(Tick tick);

/**
 * @ingroup mtlink
 * @param [in] nanoseconds A time, of any length; UNKNOWN_TEXT if not finite.
 * @return as TimeText(), from two minutes on in minutes, hours or days: "4.95 h".
 */
std::string DurationText(double nanoseconds);

/**
 * @ingroup mtlink
 * @param [in] bytes Bytes.
 * @return the same in binary units: "64 MiB".
 */
std::string BytesText(uint64_t bytes);

/**
 * @ingroup mtlink
 * @param [in] name As in results: "perfect_fabric".
 * @return the same for people: "perfect fabric".
 */
std::string WordsText(std::string name);

/**
 * @ingroup mtlink
 * @param [in] share A part of one; UNKNOWN_TEXT if not finite.
 * @return the same in percent: "97.3 %".
 */
std::string PercentText(double share);

/**
 * @param [in] shares Of the payload, by Fidelity.
 * @return those that are not 0, "45 % exact, 55 % approximate".
 */
std::string FidelityText(const std::array<double, FIDELITIES>& shares);

/** @ingroup mtlink
 * A unit in which to write a time. */
struct TimeUnit
{
    double ticks;     //!< Picoseconds in it
    const char* name; //!< "ns"
};

/**
 * @ingroup mtlink
 * @param [in] ticks A time in picoseconds.
 * @return the largest unit of which it is at least one.
 */
TimeUnit GetTimeUnit(double ticks);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_HUMAN_TEXT_H
