/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_NUMBER_TEXT_H
#define MTLINK_NUMBER_TEXT_H

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Picoseconds as decimal text in a larger unit, exact: no trailing zeroes, no rounding.
 * @param [in] tick Picoseconds.
 * @param [in] decimals The unit is 10^this picoseconds: 3 for nanoseconds, 6 for microseconds.
 * @return such as "1234.567".
 */
std::string TickText(Tick tick, int decimals = 3);

/**
 * @ingroup mtlink
 * TickText() at the end of another text, without one of its own; parameters as there.
 * @param [in,out] text Gets it.
 */
void AppendTick(std::string& text, Tick tick, int decimals = 3);

/**
 * @ingroup mtlink
 * Append a whole number to a text.
 * @param [in,out] text Gets it.
 * @param [in] value The number.
 */
void AppendUnsigned(std::string& text, uint64_t value);

/**
 * @ingroup mtlink
 * NumberText() at the end of another text, without one of its own; parameters as there.
 * @param [in,out] text Gets it.
 */
void AppendNumber(std::string& text, double value);

/**
 * @ingroup mtlink
 * @param [in] value A finite number.
 * @return the shortest decimal text that reads back as the same number; also valid JSON.
 */
std::string NumberText(double value);

/**
 * @ingroup mtlink
 * @param [in] share A part of one.
 * @return the same, rounded to six decimals.
 */
double RoundShare(double share);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_NUMBER_TEXT_H
