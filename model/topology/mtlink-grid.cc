/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-grid.h"

#include "topology/count-list.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

namespace ns3
{
namespace mtlink
{

Grid::Grid(std::vector<uint32_t> sizes)
    : m_sizes(std::move(sizes))
{
    for (const uint32_t size : m_sizes)
    {
        m_strides.push_back(m_points);
        m_points *= size;
    }
}

Grid
Grid::Parse(const std::string& dimensions, const std::string& kind)
{
    if (dimensions.empty())
    {
        throw ParameterError("dimensions",
                             "a " + kind +
                                 " needs its dimensions, the switches along each: [4, 4, 4]");
    }
    std::vector<uint32_t> sizes = ParseCounts("dimensions", dimensions);
    if (sizes.size() > 16)
    {
        throw ParameterError("dimensions", "more than 16 dimensions");
    }
    if (std::accumulate(sizes.begin(), sizes.end(), 1.0, std::multiplies<>()) > 4194304)
    {
        throw ParameterError("dimensions", "more than 4,194,304 switches: too large to build");
    }
    return Grid(std::move(sizes));
}

std::string
Grid::GetName(uint32_t point) const
{
    std::string name;
    for (uint32_t d = 0; d < GetDimensions(); ++d)
    {
        name += (d > 0 ? "-" : "") + std::to_string(GetCoordinate(point, d));
    }
    return name;
}

std::vector<uint32_t>
Grid::GetCycle(const std::vector<bool>& ring) const
{
    std::vector<uint32_t> rest;
    for (uint32_t d = 0; d < GetDimensions(); ++d)
    {
        if (m_sizes[d] > 1)
        {
            rest.push_back(d);
        }
    }
    // Largest first: a ring can close over a cycle that is at least as long.
    std::stable_sort(rest.begin(), rest.end(), [this](uint32_t a, uint32_t b) {
        return m_sizes[a] > m_sizes[b];
    });
    const auto isEven = [this](uint32_t d) { return m_sizes[d] % 2 == 0; };
    const auto closes = [&](uint32_t d) { return isEven(d) && (ring[d] || m_sizes[d] == 2); };
    auto last = std::find_if(rest.begin(), rest.end(), closes);
    const bool snake = last != rest.end();
    if (!snake)
    {
        last = std::find_if(rest.begin(), rest.end(), isEven);
    }
    const bool comb = !snake && last != rest.end() && rest.size() > 1;
    const bool rings = !snake && !comb &&
                       std::all_of(rest.begin(), rest.end(), [&](uint32_t d) { return ring[d]; });
    if (last != rest.end())
    {
        std::rotate(last, last + 1, rest.end()); // it comes last of all
    }

    std::vector<uint32_t> order{0};
    for (std::size_t i = 0; i < rest.size(); ++i)
    {
        const uint32_t size = m_sizes[rest[i]];
        const uint32_t stride = m_strides[rest[i]];
        const auto length = static_cast<uint32_t>(order.size());
        std::vector<uint32_t> next;
        if (rings && i > 0)
        {
            // All odd: `length` walks round this ring, of which the starts move on by one, and
            // then to and fro, so that the sum of the moves is `size`.
            uint32_t start = 0;
            for (uint32_t walk = 0; walk < length; ++walk)
            {
                const bool up = walk < size || (walk - size) % 2 == 0;
                for (uint32_t step = 0; step < size; ++step)
                {
                    const uint32_t at = (start + (up ? size - step : step)) % size;
                    next.push_back(order[walk] + at * stride);
                }
                start = (start + (up ? 1 : size - 1)) % size;
            }
        }
        else if (comb && i + 1 == rest.size())
        {
            for (uint32_t at = 0; at < size; ++at)
            {
                for (uint32_t k = 1; k < length; ++k)
                {
                    next.push_back(order[at % 2 == 0 ? k : length - k] + at * stride);
                }
            }
            for (uint32_t at = size; at > 0; --at)
            {
                next.push_back(order[0] + (at - 1) * stride);
            }
        }
        else
        {
            for (uint32_t at = 0; at < size; ++at)
            {
                for (uint32_t k = 0; k < length; ++k)
                {
                    next.push_back(order[at % 2 == 0 ? k : length - 1 - k] + at * stride);
                }
            }
        }
        order = std::move(next);
    }
    return order;
}

} // namespace mtlink
} // namespace ns3
