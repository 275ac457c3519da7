/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/size-distribution.h"

#include "workload/trace/trace-input.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

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

SizeDistribution::SizeDistribution(const std::string& file)
{
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
        const double least = m_points.empty() ? 0 : m_points.back().first;
        const double share = m_points.empty() ? 0 : m_points.back().second;
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
        m_points.emplace_back(bytes.value, percent.value / 100);
    }
    if (m_points.empty() || m_points.back().second < 1)
    {
        throw InputError({file, std::max<uint64_t>(line, 1), 1},
                         "the last line must reach 100 percent");
    }
}

double
SizeDistribution::GetMean() const
{
    double mean = m_points.front().first * m_points.front().second;
    for (std::size_t i = 1; i < m_points.size(); ++i)
    {
        mean += (m_points[i - 1].first + m_points[i].first) / 2 *
                (m_points[i].second - m_points[i - 1].second);
    }
    return std::max(mean, 1.0);
}

uint64_t
SizeDistribution::GetQuantile(double share) const
{
    const auto above =
        std::lower_bound(m_points.begin(),
                         m_points.end(),
                         share,
                         [](const auto& point, double wanted) { return point.second < wanted; });
    double bytes = m_points.back().first;
    if (above == m_points.begin())
    {
        bytes = above->first;
    }
    else if (above != m_points.end())
    {
        const auto& below = *(above - 1);
        bytes = below.first + (above->first - below.first) * (share - below.second) /
                                  (above->second - below.second);
    }
    return std::max<uint64_t>(1, static_cast<uint64_t>(std::llround(bytes)));
}

} // namespace mtlink
} // namespace ns3
