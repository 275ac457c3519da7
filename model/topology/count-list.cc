/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "topology/count-list.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <charconv>

namespace ns3
{
namespace mtlink
{

std::vector<uint32_t>
ParseCounts(const std::string& key, const std::string& text, uint32_t least, uint32_t most)
{
    std::vector<uint32_t> counts;
    size_t begin = 0;
    while (begin <= text.size())
    {
        const size_t end = std::min(text.find(',', begin), text.size());
        const size_t first = std::min(text.find_first_not_of(' ', begin), end);
        const size_t last = text.find_last_not_of(' ', end == 0 ? 0 : end - 1);
        const char* stop =
            text.data() + (last == std::string::npos || last < first ? first : last + 1);
        uint32_t count = 0;
        const auto [rest, error] = std::from_chars(text.data() + first, stop, count);
        if (error != std::errc() || rest != stop || count < least || count > most)
        {
            throw ParameterError(key,
                                 "'" + text + "' is not a list of counts from " +
                                     std::to_string(least) + " to " + std::to_string(most) +
                                     "; a right one is " + (most >= 4 ? "[4, 4, 4]" : "[1, 1, 0]"));
        }
        counts.push_back(count);
        begin = end + 1;
    }
    return counts;
}

std::vector<uint32_t>
ParseByDimension(const std::string& key,
                 const std::string& text,
                 std::size_t dimensions,
                 uint32_t least,
                 uint32_t most)
{
    if (text.empty())
    {
        return std::vector<uint32_t>(dimensions, 1);
    }
    std::vector<uint32_t> counts = ParseCounts(key, text, least, most);
    if (counts.size() == 1)
    {
        counts.resize(dimensions, counts.front());
    }
    if (counts.size() != dimensions)
    {
        throw ParameterError(key,
                             "dimensions has " + std::to_string(dimensions) + " numbers, " + key +
                                 " has " + std::to_string(counts.size()) +
                                 ": give one for each dimension, or one for all");
    }
    return counts;
}

} // namespace mtlink
} // namespace ns3
