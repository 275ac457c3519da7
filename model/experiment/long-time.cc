/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/long-time.h"

#include "experiment/units.h"
#include "experiment/yaml-mapping.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <iterator>
#include <string>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double MOST_SECONDS = 36500.0 * 86400; //!< A hundred years
constexpr double PICOSECONDS = 1e12;             //!< In a second

} // namespace

double
ReadSeconds(const YamlNode& node, bool mayBeZero)
{
    const std::string& text = ReadText(node, "a time, as 60s, 5min, 12h or 30 days");
    double seconds = 0;
    const std::size_t end = text.find_first_not_of("0123456789.");
    const std::size_t unit = end == std::string::npos ? end : text.find_first_not_of(' ', end);
    const std::string name = unit == std::string::npos ? "" : text.substr(unit);
    try
    {
        const auto known = std::find_if(std::begin(LONG_UNITS), std::end(LONG_UNITS), [&](auto& u) {
            return name == u.first;
        });
        seconds = known == std::end(LONG_UNITS) ? static_cast<double>(ParseTime(text)) / PICOSECONDS
                                                : ParseNumber(text.substr(0, end)) * known->second;
    }
    catch (const ParameterError&)
    {
        node.Refuse(fmt::format("'{}' is no time: give a number and its unit, as 200ms, 60s, 5min, "
                                "12h or 30 days",
                                text));
    }
    if (seconds > MOST_SECONDS || (seconds == 0 && !mayBeZero))
    {
        node.Refuse(fmt::format("{} should be {} and at most 36500 days",
                                text,
                                mayBeZero ? "a time" : "above 0"));
    }
    return seconds;
}

} // namespace mtlink
} // namespace ns3
