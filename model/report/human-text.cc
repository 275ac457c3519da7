/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/**
 * @param [in] digits A number as text.
 * @return the same with a comma between thousands.
 */
std::string
SetThousandsApart(std::string digits)
{
    constexpr size_t GROUP = 3;
    const size_t first = digits.starts_with('-') ? 1 : 0;
    for (size_t i = std::min(digits.find('.'), digits.size()); i > first + GROUP;)
    {
        i -= GROUP;
        digits.insert(i, 1, ',');
    }
    return digits;
}

} // namespace

std::string
DecimalText(double value, int digits)
{
    if (!std::isfinite(value))
    {
        return UNKNOWN_TEXT;
    }
    const int whole =
        value == 0 ? 1 : static_cast<int>(std::floor(std::log10(std::abs(value)))) + 1;
    std::string text = fmt::format("{:.{}f}", value, std::clamp(digits - whole, 0, 12));
    if (text.find('.') != std::string::npos)
    {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.')
        {
            text.pop_back();
        }
    }
    return SetThousandsApart(text);
}

std::string
CountText(uint64_t count)
{
    return SetThousandsApart(std::to_string(count));
}

std::string
CountText(uint64_t count, const char* one, const char* several)
{
    return CountText(count) + "\u00a0" + (count == 1 ? one : several);
}

TimeUnit
GetTimeUnit(double ticks)
{
    static constexpr std::array<TimeUnit, 5> UNITS{
        {{1e12, "s"}, {1e9, "ms"}, {1e6, "\u00b5s"}, {1e3, "ns"}, {1, "ps"}}};
    // Rounded to four digits, 999.96 ns are a microsecond.
    constexpr double ROUNDS_UP = 0.99995;
    for (const auto& unit : UNITS)
    {
        if (ticks >= unit.ticks * ROUNDS_UP)
        {
            return unit;
        }
    }
    return UNITS.back();
}

std::string
TimeText(double ticks)
{
    if (!std::isfinite(ticks))
    {
        return UNKNOWN_TEXT;
    }
    if (ticks == 0)
    {
        return "0";
    }
    const auto unit = GetTimeUnit(ticks);
    return DecimalText(ticks / unit.ticks) + "\u00a0" + unit.name;
}

std::string
TimeText(Tick tick)
{
    return tick == NEVER ? UNKNOWN_TEXT : TimeText(static_cast<double>(tick));
}

std::string
DurationText(double nanoseconds)
{
    constexpr double PICOSECONDS = 1000; // in a nanosecond
    constexpr double MINUTE = 60e9;
    constexpr double HOUR = 60 * MINUTE;
    constexpr double DAY = 24 * HOUR;
    const double longEnough = 2; // of a unit, to be told in it
    for (const auto& [unit, name] :
         {std::pair(DAY, "days"), std::pair(HOUR, "h"), std::pair(MINUTE, "min")})
    {
        if (std::isfinite(nanoseconds) && nanoseconds >= longEnough * unit)
        {
            return DecimalText(nanoseconds / unit) + "\u00a0" + name;
        }
    }
    return TimeText(nanoseconds * PICOSECONDS);
}

std::string
BytesText(uint64_t bytes)
{
    static constexpr std::array<const char*, 7>
        UNITS{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    constexpr double STEP = 1024;
    auto value = static_cast<double>(bytes);
    size_t unit = 0;
    for (; value >= STEP; ++unit)
    {
        value /= STEP;
    }
    return DecimalText(value) + "\u00a0" + UNITS[unit];
}

std::string
WordsText(std::string name)
{
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

std::string
PercentText(double share)
{
    constexpr double PERCENT = 100;
    return std::isfinite(share) ? DecimalText(share * PERCENT, 3) + "\u00a0%" : UNKNOWN_TEXT;
}

std::string
FidelityText(const std::array<double, FIDELITIES>& shares)
{
    std::string text;
    for (std::size_t i = 0; i < FIDELITIES; ++i)
    {
        if (shares[i] > 0)
        {
            text += (text.empty() ? "" : ", ") + PercentText(shares[i]) + " " + FIDELITY_NAMES[i];
        }
    }
    return text;
}

} // namespace mtlink
} // namespace ns3
