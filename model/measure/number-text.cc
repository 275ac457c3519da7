/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/number-text.h"

#include <array>
#include <cmath>
#include <fmt/compile.h>
#include <fmt/format.h>
#include <string_view>

namespace ns3
{
namespace mtlink
{

void
AppendTick(std::string& text, Tick tick, int decimals)
{
    if (tick < 0)
    {
        text += '-';
    }
    const fmt::format_int digits(tick < 0 ? -static_cast<uint64_t>(tick)
                                          : static_cast<uint64_t>(tick));
    const std::string_view all(digits.data(), digits.size());
    const auto places = static_cast<size_t>(decimals);
    const size_t whole = all.size() > places ? all.size() - places : 0;
    text += whole > 0 ? all.substr(0, whole) : "0";
    const size_t last = all.find_last_not_of('0');
    if (last == std::string_view::npos || last < whole)
    {
        return; // no decimals
    }
    text += '.';
    text.append(all.size() < places ? places - all.size() : 0, '0');
    text += all.substr(whole, last + 1 - whole);
}

std::string
TickText(Tick tick, int decimals)
{
    std::string text;
    AppendTick(text, tick, decimals);
    return text;
}

void
AppendUnsigned(std::string& text, uint64_t value)
{
    const fmt::format_int digits(value);
    text.append(digits.data(), digits.size());
}

void
AppendNumber(std::string& text, double value)
{
    constexpr size_t LONGEST = 32; // of a double are 24
    std::array<char, LONGEST> digits;
    const auto* const end = fmt::format_to(digits.data(), FMT_COMPILE("{}"), value);
    text.append(digits.data(), static_cast<size_t>(end - digits.data()));
}

std::string
NumberText(double value)
{
    std::string text;
    AppendNumber(text, value);
    return text;
}

double
RoundShare(double share)
{
    constexpr double DECIMALS = 1e6;
    return std::round(share * DECIMALS) / DECIMALS;
}

} // namespace mtlink
} // namespace ns3
