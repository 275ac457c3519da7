/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/units.h"

#include "ns3/mtlink-error.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A unit and how many base units it is. */
struct Unit
{
    const char* name; //!< As written
    uint64_t factor;  //!< In base units
};

/** A kind of quantity. */
struct Quantity
{
    const char* what;        //!< "a size"
    const char* base;        //!< "bytes"
    const char* example;     //!< "64KiB"
    std::vector<Unit> units; //!< Smallest first, those to print in first among equals
};

const Quantity&
GetBytes()
{
    static const Quantity quantity{"a size",
                                   "bytes",
                                   "64KiB",
                                   {{"B", 1},
                                    {"KB", 1'000},
                                    {"KiB", 1ULL << 10},
                                    {"MB", 1'000'000},
                                    {"MiB", 1ULL << 20},
                                    {"GB", 1'000'000'000},
                                    {"GiB", 1ULL << 30},
                                    {"TB", 1'000'000'000'000},
                                    {"TiB", 1ULL << 40}}};
    return quantity;
}

const Quantity&
GetRates()
{
    static const Quantity quantity{"a rate",
                                   "bit/s",
                                   "224Gbps or 28GBps",
                                   {{"bps", 1},
                                    {"Bps", 8},
                                    {"Kbps", 1'000},
                                    {"KBps", 8'000},
                                    {"Mbps", 1'000'000},
                                    {"MBps", 8'000'000},
                                    {"Gbps", 1'000'000'000},
                                    {"GBps", 8'000'000'000},
                                    {"Tbps", 1'000'000'000'000},
                                    {"TBps", 8'000'000'000'000}}};
    return quantity;
}

const Quantity&
GetTimes()
{
    static const Quantity quantity{"a time",
                                   "picoseconds",
                                   "150ns",
                                   {{"ps", 1},
                                    {"ns", 1'000},
                                    {"us", 1'000'000},
                                    {"ms", 1'000'000'000},
                                    {"s", 1'000'000'000'000}}};
    return quantity;
}

const Quantity&
GetLengths()
{
    static const Quantity quantity{
        "a length",
        "micrometres",
        "3m",
        {{"um", 1}, {"mm", 1'000}, {"cm", 10'000}, {"m", 1'000'000}, {"km", 1'000'000'000}}};
    return quantity;
}

/** Units of operations per second, as numbers of them. */
constexpr std::pair<const char*, double> FLOPS_UNITS[] = {
    {"Gflops", 1e9},
    {"Tflops", 1e12},
    {"Pflops", 1e15},
};

[[noreturn]] void
Refuse(const std::string& message)
{
    throw ParameterError("", message);
}

std::string
ListUnits(const Quantity& quantity)
{
    std::string list;
    for (const Unit& unit : quantity.units)
    {
        list += (list.empty() ? "" : ", ") + std::string(unit.name);
    }
    return list;
}

bool
IsDigit(char c)
{
    return c >= '0' && c <= '9';
}

/**
 * Read a quantity in base units, exactly.
 * @param [in] text As written.
 * @param [in] quantity What is expected.
 * @param [in] max Most that can be.
 * @return base units.
 */
uint64_t
Parse(const std::string& text, const Quantity& quantity, uint64_t max)
{
    if (text.rfind('-', 0) == 0)
    {
        Refuse(fmt::format("'{}' is negative: give {} of 0 or more, as {}",
                           text,
                           quantity.what,
                           quantity.example));
    }
    std::size_t at = 0;
    uint64_t mantissa = 0;
    uint64_t scale = 1; // the number is mantissa / scale
    bool overflow = false;
    bool digits = false;
    bool point = false;
    for (; at < text.size() && (IsDigit(text[at]) || (text[at] == '.' && !point)); ++at)
    {
        if (text[at] == '.')
        {
            point = true;
            continue;
        }
        digits = true;
        const auto digit = static_cast<uint64_t>(text[at] - '0');
        if (mantissa > (std::numeric_limits<uint64_t>::max() - digit) / 10 ||
            (point && scale > std::numeric_limits<uint64_t>::max() / 10))
        {
            overflow = true;
            continue;
        }
        mantissa = mantissa * 10 + digit;
        scale *= point ? 10 : 1;
    }
    const std::string unitName = text.substr(at);
    if (!digits)
    {
        Refuse(fmt::format("'{}' is not {}: give a number and its unit, as {}",
                           text,
                           quantity.what,
                           quantity.example));
    }
    if (unitName.empty())
    {
        Refuse(fmt::format("'{}' has no unit: give {} in {}, as {}",
                           text,
                           quantity.what,
                           ListUnits(quantity),
                           quantity.example));
    }
    for (const Unit& unit : quantity.units)
    {
        if (unitName != unit.name)
        {
            continue;
        }
        // 64 x 64 bits always fit into 128.
        const unsigned __int128 product = static_cast<unsigned __int128>(mantissa) * unit.factor;
        if (overflow || product / scale > max)
        {
            Refuse(fmt::format("'{}' is too large: give {} of at most {} {}",
                               text,
                               quantity.what,
                               max,
                               quantity.base));
        }
        if (product % scale != 0)
        {
            Refuse(fmt::format("'{}' is not a whole number of {}: give one that is, as {}",
                               text,
                               quantity.base,
                               quantity.example));
        }
        return static_cast<uint64_t>(product / scale);
    }
    Refuse(fmt::format("unknown unit '{}' in '{}': give {} in {}, as {}",
                       unitName,
                       text,
                       quantity.what,
                       ListUnits(quantity),
                       quantity.example));
}

/** Write in the largest of some units in which the value is whole. */
std::string
Format(uint64_t value, const std::vector<Unit>& units)
{
    const Unit* best = &units.front();
    for (const Unit& unit : units)
    {
        if (value != 0 && value % unit.factor == 0 && unit.factor > best->factor)
        {
            best = &unit;
        }
    }
    return fmt::format("{}{}", value / best->factor, best->name);
}

} // namespace

std::vector<std::string>
GetUnitNames(QuantityKind kind)
{
    std::vector<std::string> names;
    if (kind == QuantityKind::FLOPS)
    {
        for (const auto& unit : FLOPS_UNITS)
        {
            names.push_back(unit.first);
        }
        return names;
    }
    const Quantity& quantity = kind == QuantityKind::SIZE   ? GetBytes()
                               : kind == QuantityKind::RATE ? GetRates()
                               : kind == QuantityKind::TIME ? GetTimes()
                                                            : GetLengths();
    for (const Unit& unit : quantity.units)
    {
        names.push_back(unit.name);
    }
    return names;
}

uint64_t
ParseBytes(const std::string& text)
{
    return Parse(text, GetBytes(), std::numeric_limits<int64_t>::max());
}

uint64_t
ParseRate(const std::string& text)
{
    return Parse(text, GetRates(), std::numeric_limits<int64_t>::max());
}

Tick
ParseTime(const std::string& text)
{
    return static_cast<Tick>(Parse(text, GetTimes(), std::numeric_limits<Tick>::max()));
}

double
ParseLength(const std::string& text)
{
    // Doubles hold whole numbers exactly up to 2^53.
    return static_cast<double>(Parse(text, GetLengths(), 1ULL << 53)) / 1e6;
}

uint64_t
ParseInteger(const std::string& text)
{
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range && end == text.data() + text.size())
    {
        Refuse(fmt::format("'{}' is too large: give a whole number of at most {}",
                           text,
                           std::numeric_limits<uint64_t>::max()));
    }
    if (error != std::errc() || end != text.data() + text.size())
    {
        Refuse(
            fmt::format("'{}' is not a whole number: give one of 0 or more, without a unit, as 4",
                        text));
    }
    return value;
}

double
ParseNumber(const std::string& text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    {
        Refuse(fmt::format("'{}' is not a number: give a decimal number without a unit, as 0.8",
                           text));
    }
    return value;
}

double
ParseFlops(const std::string& text)
{
    for (const auto& [unit, factor] : FLOPS_UNITS)
    {
        if (text.ends_with(unit))
        {
            const double value = ParseNumber(text.substr(0, text.size() - 6)) * factor;
            if (value <= 0)
            {
                Refuse(fmt::format("'{}' is no speed: give more than 0, as 312Tflops", text));
            }
            return value;
        }
    }
    Refuse(fmt::format("'{}' has no unit of operations per second: give Gflops, Tflops or Pflops, "
                       "as 312Tflops",
                       text));
}

double
ParseFraction(const std::string& text)
{
    if (!text.ends_with('%'))
    {
        return ParseNumber(text);
    }
    std::string number = text.substr(0, text.size() - 1);
    while (number.ends_with(' '))
    {
        number.pop_back();
    }
    return ParseNumber(number) / 100;
}

bool
ParseBoolean(const std::string& text)
{
    if (text != "true" && text != "false")
    {
        Refuse(fmt::format("'{}' is not a truth value: give true or false", text));
    }
    return text == "true";
}

std::string
FormatBytes(uint64_t bytes)
{
    static const std::vector<Unit> units{{"B", 1},
                                         {"KiB", 1ULL << 10},
                                         {"MiB", 1ULL << 20},
                                         {"GiB", 1ULL << 30},
                                         {"TiB", 1ULL << 40}};
    return Format(bytes, units);
}

std::string
FormatRate(uint64_t rate)
{
    static const std::vector<Unit> units{{"bps", 1},
                                         {"Kbps", 1'000},
                                         {"Mbps", 1'000'000},
                                         {"Gbps", 1'000'000'000},
                                         {"Tbps", 1'000'000'000'000}};
    return Format(rate, units);
}

std::string
FormatTime(Tick time)
{
    return Format(static_cast<uint64_t>(time), GetTimes().units);
}

std::string
FormatLength(double length)
{
    return Format(static_cast<uint64_t>(std::llround(length * 1e6)), GetLengths().units);
}

std::string
FormatNumber(double number)
{
    return fmt::format("{}", number);
}

} // namespace mtlink
} // namespace ns3
