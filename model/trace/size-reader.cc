/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/size-reader.h"

#include "trace/trace-input.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double MOST_BYTES = 1125899906842624.0; //!< 1 PiB

/** A number of a line. */
struct Number
{
    double value{0};    //!< It
    uint64_t column{1}; //!< Where it stands
};

/** @return the two numbers of a line. */
std::pair<Number, Number>
ReadLine(const std::string& file, uint64_t line, std::string_view text)
{
    constexpr std::string_view BLANKS = " \t\r";
    std::vector<Number> numbers;
    for (std::size_t at = text.find_first_not_of(BLANKS); at != std::string_view::npos;)
    {
        const std::size_t end = std::min(text.find_first_of(BLANKS, at), text.size());
        Number number{0, at + 1};
        const auto [stop, error] =
            std::from_chars(text.data() + at, text.data() + end, number.value);
        if (error != std::errc() || stop != text.data() + end || !std::isfinite(number.value) ||
            numbers.size() == 2)
        {
            throw InputError({file, line, at + 1},
                             "here is " + Quote(text.substr(at, end - at)) +
                                 ", but a line 'bytes percent', as '10000 15', would be right");
        }
        numbers.push_back(number);
        at = text.find_first_not_of(BLANKS, end);
    }
    if (numbers.size() < 2)
    {
        throw InputError({file, line, 1}, "a line 'bytes percent', as '10000 15', would be right");
    }
    return {numbers[0], numbers[1]};
}

} // namespace

SizeDistribution
ReadSizes(const std::string& file)
{
    std::vector<std::pair<double, double>> points;
    const std::string content = ReadText(file);
    std::string_view rest = content;
    uint64_t line = 0;
    while (!rest.empty())
    {
        ++line;
        const std::string_view text = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(text.size() + 1, rest.size()));
        const std::size_t first = text.find_first_not_of(" \t\r");
        if (first == std::string_view::npos || text[first] == '#')
        {
            continue;
        }
        const auto [bytes, percent] = ReadLine(file, line, text);
        const double least = points.empty() ? 0 : points.back().first;
        const double share = points.empty() ? 0 : points.back().second;
        if (bytes.value < least || bytes.value > MOST_BYTES)
        {
            throw InputError({file, line, bytes.column},
                             "sizes must grow from line to line, to at most 1 PiB");
        }
        if (percent.value / 100 < share || percent.value > 100)
        {
            throw InputError({file, line, percent.column},
                             "percentages must grow from line to line, to 100 in the last");
        }
        points.emplace_back(bytes.value, percent.value / 100);
    }
    if (points.empty() || points.back().second < 1)
    {
        throw InputError({file, std::max<uint64_t>(line, 1), 1},
                         "the last line must reach 100 percent");
    }
    return SizeDistribution(std::move(points));
}

} // namespace mtlink
} // namespace ns3
