/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_NUMBERS_H
#define MTLINK_DESIGN_NUMBERS_H

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] a A number.
 * @param [in] b Another, not 0.
 * @return a / b, rounded up.
 */
constexpr uint64_t
DivideUp(uint64_t a, uint64_t b)
{
    return (a + b - 1) / b;
}

/**
 * @ingroup mtlink
 * @param [in] counts Numbers.
 * @return them as a list of YAML, "[4, 4, 4]".
 */
std::string WriteCountList(const std::vector<uint32_t>& counts);

/**
 * @ingroup mtlink
 * @param [in] taper A taper by level, leaf upwards.
 * @return it as people write it: "1", "[1, 7]".
 */
std::string WriteTaper(const std::vector<double>& taper);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_NUMBERS_H
