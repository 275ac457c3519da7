/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-shards.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Of a process's start and of what is built: cheap runs weigh something, too. */
constexpr uint64_t MICROSECONDS_PER_RUN = 50'000;

/** @return the numbers of "7:9"; nothing: it is none such. */
std::optional<std::pair<uint32_t, uint32_t>>
SplitNumbers(const std::string& text, char between)
{
    uint32_t first = 0;
    uint32_t second = 0;
    const char* const end = text.data() + text.size();
    const auto left = std::from_chars(text.data(), end, first);
    if (left.ec != std::errc() || left.ptr == end || *left.ptr != between)
    {
        return std::nullopt;
    }
    const auto right = std::from_chars(left.ptr + 1, end, second);
    if (right.ec != std::errc() || right.ptr != end)
    {
        return std::nullopt;
    }
    return std::pair(first, second);
}

} // namespace

PointRange
ParsePointRange(const std::string& text)
{
    const auto numbers = SplitNumbers(text, ':');
    if (!numbers || numbers->first == 0 || numbers->first > numbers->second)
    {
        throw std::invalid_argument(
            fmt::format("'{}' is no range A:B of points: give the numbers of the first and the "
                        "last, from 1, as 11:20",
                        text));
    }
    return {numbers->first, numbers->second};
}

Shard
ParseShard(const std::string& text)
{
    const auto numbers = SplitNumbers(text, '/');
    if (!numbers || numbers->first == 0 || numbers->first > numbers->second ||
        numbers->second > MOST_SHARDS)
    {
        throw std::invalid_argument(
            fmt::format("'{}' is no shard I/N: give one of 1/N to N/N, as 2/4, N at most {}",
                        text,
                        MOST_SHARDS));
    }
    return {numbers->first, numbers->second};
}

std::vector<bool>
SelectPoints(const Sweep& sweep, const PointRange& range)
{
    if (range.last > sweep.points.size())
    {
        throw std::invalid_argument(fmt::format("'{}:{}' ends beyond the sweep, which has {} "
                                                "points: give a range within 1:{}",
                                                range.first,
                                                range.last,
                                                sweep.points.size(),
                                                sweep.points.size()));
    }
    std::vector<bool> selected;
    for (const SweepJob& job : sweep.jobs)
    {
        const uint32_t number = sweep.points[job.point].number;
        selected.push_back(range.first == 0 || (number >= range.first && number <= range.last));
    }
    return selected;
}

std::vector<uint32_t>
CutIntoShards(const Sweep& sweep,
              const std::vector<bool>& selected,
              const std::vector<uint64_t>& microseconds,
              uint32_t count)
{
    std::vector<std::size_t> order(sweep.jobs.size());
    std::iota(order.begin(), order.end(), 0);
    const auto getTime = [&](std::size_t i) { return microseconds[sweep.jobs[i].point]; };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return getTime(a) > getTime(b);
    });
    std::vector<uint32_t> shards(sweep.jobs.size());
    std::map<std::string, uint32_t> byContent;
    // Loads and shards: of those that have the least so far, the first.
    std::set<std::pair<uint64_t, uint32_t>> loads;
    for (uint32_t shard = 1; shard <= count; ++shard)
    {
        loads.emplace(0, shard);
    }
    for (const std::size_t i : order)
    {
        if (!selected[i])
        {
            continue;
        }
        const auto same = byContent.find(sweep.jobs[i].content);
        const auto least = *loads.begin();
        const bool isRun = same == byContent.end() && !sweep.jobs[i].content.empty();
        shards[i] = same == byContent.end() ? least.second : same->second;
        if (isRun)
        {
            byContent.emplace(sweep.jobs[i].content, least.second);
            loads.erase(loads.begin());
            loads.emplace(least.first + getTime(i) + MICROSECONDS_PER_RUN, least.second);
        }
    }
    return shards;
}

} // namespace mtlink
} // namespace ns3
