/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-number-text.h"

#include <cmath>
#include <fmt/format.h>

namespace ns3
{
namespace mtlink
{

std::string
TickText(Tick tick, int decimals)
{
    std::string digits = std::to_string(tick < 0 ? -static_cast<uint64_t>(tick) : tick);
    const auto places = static_cast<size_t>(decimals);
    if (digits.size() <= places)
    {
        digits.insert(0, places + 1 - digits.size(), '0');
    }
    digits.insert(digits.size() - places, 1, '.');
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.')
    {
        digits.pop_back();
    }
    return tick < 0 ? '-' + digits : digits;
}

std::string
NumberText(double value)
{
    return fmt::format("{}", value);
}

std::string
ShareText(double share)
{
    constexpr double DECIMALS = 1e6;
    return NumberText(std::round(share * DECIMALS) / DECIMALS);
}

} // namespace mtlink
} // namespace ns3
