/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
#include "verdict/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <string>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A level holds up whose links were busy for so much of the time, in the mean. */
constexpr double HOLDS_UP = 0.7;

/** @return whether a link is of a class. */
bool
IsOf(const RunResults& results, const std::string& link, const std::string& cls)
{
    return std::any_of(results.links.begin(), results.links.end(), [&](const LinkResult& row) {
        return row.name == link && row.cls == cls;
    });
}

/** A collective that took so much longer than its bound was held up by something. */
constexpr double HELD_UP = 1.1;

/**
 * @return the shortest time that a collective took which was held up, ps; that of the run where
 *         there is none. What a link carried may all have been of that one.
 */
double
GetShortestHeldUp(const Reading& reading)
{
    double shortest = reading.GetTime();
    for (const CollectiveResult& row : reading.results.collectives)
    {
        const bool isKnown = row.start != NEVER && row.end != NEVER && row.bound > 0;
        const auto time = static_cast<double>(row.end - row.start);
        if (isKnown && time > HELD_UP * static_cast<double>(row.bound))
        {
            shortest = std::min(shortest, time);
        }
    }
    return shortest;
}

} // namespace

bool
AddTaper(const Reading& reading, VerdictResult& verdict)
{
    const RunResults& results = reading.results;
    bool isAny = false;
    for (const Reading::Level& level : reading.GetLevels())
    {
        const std::string key = level.cls.ends_with("level1")
                                    ? reading.FindPartSetting(level.cls, "taper")
                                    : std::string();
        const auto taper = key.empty() ? std::nullopt : reading.FindSetting(key);
        if (!taper || *taper == "1" || results.payloadBytesDelivered == 0)
        {
            continue;
        }
        isAny = true;
        const double busy = level.filled / static_cast<double>(level.links) / reading.GetTime();
        const double most = reading.GetUtilisation(*level.busiest);
        const double crossing = static_cast<double>(level.payloadBytes) / 2 /
                                static_cast<double>(results.payloadBytesDelivered);
        const std::string bytes = fmt::format("{} of the bytes cross {}, whose links were busy {} "
                                              "in the mean and {} at most{}",
                                              PercentText(crossing),
                                              level.cls,
                                              PercentText(busy),
                                              PercentText(most),
                                              reading.GetCaution());
        const bool isRoot = verdict.root && IsOf(results, verdict.root->port, level.cls);
        if (busy >= HOLDS_UP || (isRoot && verdict.boundBy != "load"))
        {
            verdict.tries.insert(
                verdict.tries.begin(),
                {key + "=1",
                 fmt::format("the taper of {} holds it up: {}", *taper, bytes),
                 reading.IsOpenLoop() ? "a higher accepted load" : "a shorter completion_time_ns"});
        }
        else
        {
            verdict.notes.push_back(
                Reading::GetFilled(*level.busiest) < HOLDS_UP * GetShortestHeldUp(reading)
                    ? fmt::format("the taper of {} does not hold it up: {}", *taper, bytes)
                    : fmt::format("whether the taper of {} holds it up can't be said for sure: {}",
                                  *taper,
                                  bytes));
        }
    }
    return isAny;
}

} // namespace mtlink
} // namespace ns3
