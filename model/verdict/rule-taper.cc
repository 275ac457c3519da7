/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
#include "verdict/rules.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>
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

/** @return whether all collectives took about as long as their bound. */
bool
IsAtBound(const Reading& reading)
{
    const auto& rows = reading.results.collectives;
    return reading.GetLoss() && std::all_of(rows.begin(), rows.end(), [](const auto& row) {
               return static_cast<double>(row.end - row.start) <=
                      HELD_UP * static_cast<double>(row.bound);
           });
}

/** @return the run without its taper, as far as its mode stands for what ran; null: not tried. */
const VerdictTrial*
FindTrial(const Reading& reading, const std::string& change)
{
    constexpr double TRUSTED = 0.25;
    for (const VerdictTrial& trial : reading.facts.trials)
    {
        const double took = static_cast<double>(*reading.results.completionTime) / 1e3;
        if (trial.kind == VerdictTrial::TAPER && trial.change == change &&
            std::abs(trial.unchangedNs - took) <= TRUSTED * took)
        {
            return &trial;
        }
    }
    return nullptr;
}

/** Without the taper a workload is held up by it that takes so much of the time. */
constexpr double SHORTER = 0.9;

/** @return the workload that is held up most by the taper; nothing: none is. */
std::optional<std::size_t>
FindHeldUp(const VerdictTrial& trial)
{
    std::optional<std::size_t> worst;
    const auto part = [&trial](std::size_t job) {
        return trial.jobsNs[job] / trial.unchangedJobsNs[job];
    };
    for (std::size_t job = 0; job < trial.jobsNs.size(); ++job)
    {
        if (part(job) < SHORTER && (!worst || part(job) < part(*worst)))
        {
            worst = job;
        }
    }
    return worst;
}

/** @return what a trial without the taper tells, for people; empty: that it holds up the run. */
std::string
JudgeTrial(const Reading& reading, const VerdictTrial& trial, const std::string& taper)
{
    const std::optional<std::size_t> held = FindHeldUp(trial);
    if (!held)
    {
        constexpr double SAME = 0.98;
        return fmt::format("the taper of {} {}: in mode {}, approximate, it takes {} with it and "
                           "{} without",
                           taper,
                           trial.timeNs < SAME * trial.unchangedNs ? "costs it less than a tenth"
                                                                   : "does not hold it up",
                           trial.mode,
                           TimeText(trial.unchangedNs * 1e3),
                           TimeText(trial.timeNs * 1e3));
    }
    const std::string name =
        reading.FindSetting(fmt::format("workloads[{}].name", *held)).value_or("workload");
    return fmt::format("the taper of {} holds up {}, though not the run: in mode {}, approximate, "
                       "that takes {} with it and {} without",
                       taper,
                       name,
                       trial.mode,
                       TimeText(trial.unchangedJobsNs[*held] * 1e3),
                       TimeText(trial.jobsNs[*held] * 1e3));
}

/** @return what is said of a taper that does not hold up the run, for people. */
std::string
JudgeRest(const Reading& reading,
          const Reading::Level& level,
          const VerdictTrial* trial,
          const std::string& taper)
{
    if (trial)
    {
        return JudgeTrial(reading, *trial, taper);
    }
    return IsAtBound(reading) ||
                   Reading::GetFilled(*level.busiest) < HOLDS_UP * GetShortestHeldUp(reading)
               ? fmt::format("the taper of {} does not hold it up", taper)
               : fmt::format("whether the taper of {} holds it up can't be said for sure", taper);
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
        const VerdictTrial* trial = FindTrial(reading, key + "=1");
        const bool isSeen = busy >= HOLDS_UP || (isRoot && verdict.boundBy != "load");
        if (trial ? trial->timeNs < SHORTER * trial->unchangedNs : isSeen)
        {
            verdict.tries.insert(
                verdict.tries.begin(),
                {key + "=1",
                 fmt::format("the taper of {} holds it up: {}", *taper, bytes),
                 reading.IsOpenLoop() ? "a higher accepted load" : "a shorter completion_time_ns"});
        }
        else
        {
            verdict.notes.push_back(JudgeRest(reading, level, trial, *taper) +
                                    (trial ? "; " : ": ") + bytes);
        }
    }
    return isAny;
}

} // namespace mtlink
} // namespace ns3
