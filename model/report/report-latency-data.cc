/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-latency-data.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr size_t MOST_KINDS{6};      //!< Kinds of collectives, or classes, with curves of their own
constexpr size_t LINEAR_POINTS{200}; //!< At equal distances of the share
constexpr size_t TAIL_POINTS{20};    //!< Per decade of what is left to 1
constexpr size_t TAIL_DECADES{7};    //!< Of what is left to 1

/**
 * @param [in] count Number of values, more than 0.
 * @return which order statistics to write, rising: all if they are few.
 */
std::vector<size_t>
ChooseRanks(size_t count)
{
    std::vector<size_t> ranks{0};
    const auto last = static_cast<double>(count - 1);
    for (size_t i = 1; i <= LINEAR_POINTS; ++i)
    {
        ranks.push_back(static_cast<size_t>(
            std::llround(last * static_cast<double>(i) / static_cast<double>(LINEAR_POINTS))));
    }
    for (size_t i = 1; i <= TAIL_POINTS * TAIL_DECADES; ++i)
    {
        const double left =
            std::pow(10.0, -static_cast<double>(i) / static_cast<double>(TAIL_POINTS));
        ranks.push_back(static_cast<size_t>(std::llround(last * (1 - left))));
    }
    std::sort(ranks.begin(), ranks.end());
    ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
    return ranks;
}

/**
 * @param [in] times Rising.
 * @return of which of them a curve is drawn, by rank: of equal ones the last, whose share is what
 *         is within them.
 */
std::vector<size_t>
ChooseSteps(const std::vector<Tick>& times)
{
    auto ranks = ChooseRanks(times.size());
    for (auto& rank : ranks)
    {
        const auto next = std::upper_bound(times.begin() + static_cast<std::ptrdiff_t>(rank),
                                           times.end(),
                                           times[rank]);
        rank = static_cast<size_t>(next - times.begin()) - 1;
    }
    ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
    return ranks;
}

/**
 * Write a distribution.
 * @param [in] name Of what.
 * @param [in] times Its values; sorted by this.
 * @param [in,out] json Gets an object.
 */
void
WriteDistribution(const std::string& name, std::vector<Tick>& times, JsonWriter& json)
{
    std::sort(times.begin(), times.end());
    const auto ranks = ChooseSteps(times);
    json.BeginObject();
    json.Key("name");
    json.String(name);
    json.Key("messages");
    json.Unsigned(times.size());
    json.Key("percentiles");
    json.BeginArray();
    for (const double part : {0.5, 0.9, 0.99, 0.999, 1.0})
    {
        // The least value that this part of all does not exceed.
        const auto rank =
            static_cast<size_t>(std::ceil(part * static_cast<double>(times.size()) * (1 - 1e-12)));
        json.Nanoseconds(times[std::max<size_t>(rank, 1) - 1]);
    }
    json.EndArray();
    json.Key("share");
    json.BeginArray();
    for (const size_t rank : ranks)
    {
        json.Number(static_cast<double>(rank + 1) / static_cast<double>(times.size()));
    }
    json.EndArray();
    json.Key("ns");
    json.BeginArray();
    for (const size_t rank : ranks)
    {
        json.Nanoseconds(times[rank]);
    }
    json.EndArray();
    json.EndObject();
}

} // namespace

void
WriteLatencyData(const RunResults& results, JsonWriter& json)
{
    std::map<uint64_t, const std::string*> nameOf;
    for (const auto& collective : results.collectives)
    {
        nameOf[collective.id] = &collective.name;
    }
    std::vector<Tick> all;
    std::map<std::string, std::vector<Tick>> kinds;
    std::map<std::string, std::vector<Tick>> classes;
    for (const auto& message : results.messages)
    {
        if (message.start == NEVER || message.end == NEVER)
        {
            continue;
        }
        const auto name = message.collective < 0
                              ? nameOf.end()
                              : nameOf.find(static_cast<uint64_t>(message.collective));
        all.push_back(message.end - message.start);
        kinds[name == nameOf.end() ? "other messages" : *name->second].push_back(all.back());
        classes[fmt::format("traffic class {}", message.trafficClass)].push_back(all.back());
    }
    json.BeginArray();
    if (!all.empty())
    {
        WriteDistribution("all messages", all, json);
    }
    for (auto* groups : {&kinds, &classes})
    {
        if (groups->size() > 1 && groups->size() <= MOST_KINDS)
        {
            for (auto& [name, times] : *groups)
            {
                WriteDistribution(name, times, json);
            }
        }
    }
    json.EndArray();
}

} // namespace mtlink
} // namespace ns3
