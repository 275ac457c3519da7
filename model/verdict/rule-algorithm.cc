/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
#include "verdict/rules.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A change is better that takes so much of the time. */
constexpr double BETTER = 0.9;

/** A trial stands for the run whose unchanged one is no further from it than this. */
constexpr double TRUSTED = 0.25;

constexpr std::size_t MOST = 2; //!< Algorithms named

/** @return whether a trial stands for the run: its mode takes about as long for what ran. */
bool
IsTrusted(const Reading& reading, const VerdictTrial& trial)
{
    const double took = static_cast<double>(*reading.results.completionTime) / 1e3;
    return std::abs(trial.unchangedNs - took) <= TRUSTED * took;
}

/** @return trials of a kind that stand for the run, the best first. */
std::vector<VerdictTrial>
ListTrials(const Reading& reading, VerdictTrial::Kind kind)
{
    std::vector<VerdictTrial> trials;
    for (const VerdictTrial& trial : reading.facts.trials)
    {
        if (trial.kind == kind && IsTrusted(reading, trial))
        {
            trials.push_back(trial);
        }
    }
    std::stable_sort(trials.begin(), trials.end(), [](const auto& a, const auto& b) {
        return a.timeNs / a.unchangedNs < b.timeNs / b.unchangedNs;
    });
    return trials;
}

/** @return whether a trial did better. */
bool
IsBetter(const VerdictTrial& trial)
{
    return trial.timeNs < BETTER * trial.unchangedNs;
}

/** @return what a trial promises. */
std::string
DescribeTrial(const VerdictTrial& trial)
{
    return fmt::format("a shorter completion_time_ns: in mode {} {} instead of {}, approximate",
                       trial.mode,
                       TimeText(trial.timeNs * 1e3),
                       TimeText(trial.unchangedNs * 1e3));
}

/** @return whether a part of the fabric has a unit in its switches. */
bool
HasUnit(const Reading& reading, const std::string& unit)
{
    const std::string ending = ".switch." + unit;
    return std::any_of(reading.results.settings.begin(),
                       reading.results.settings.end(),
                       [&ending](const SettingResult& setting) {
                           return setting.setting.ends_with(ending) && setting.value == "true";
                       });
}

} // namespace

bool
AddAlgorithms(const Reading& reading, VerdictResult& verdict)
{
    const std::vector<VerdictTrial> trials = ListTrials(reading, VerdictTrial::ALGORITHM);
    std::size_t better = 0;
    for (const VerdictTrial& trial : trials)
    {
        if (IsBetter(trial) && better < MOST)
        {
            // What was simulated goes before what was only thought of.
            verdict.tries.insert(
                verdict.tries.begin() + static_cast<std::ptrdiff_t>(better++),
                {trial.change, "another algorithm was tried", DescribeTrial(trial)});
        }
    }
    if (better == 0 && !trials.empty())
    {
        verdict.notes.push_back(
            fmt::format("{} tried in mode {}, approximate: none is better by a tenth",
                        CountText(trials.size(), "other algorithm was", "other algorithms were"),
                        trials.front().mode));
    }
    if (reading.facts.untried > 0)
    {
        verdict.notes.push_back(fmt::format(
            "{} not tried, as with {} that takes more than 3\u00a0% of the run: "
            "--set simulation.mode=flow beside {}.algorithm tells in little time",
            CountText(reading.facts.untried, "other algorithm was", "other algorithms were"),
            CountText(reading.results.collectives.front().ranks, "member", "members"),
            reading.facts.workloadKey));
    }
    return !trials.empty() || reading.facts.untried > 0;
}

bool
AddNetworkUnits(const Reading& reading, VerdictResult& verdict)
{
    for (const CollectiveResult& collective : reading.results.collectives)
    {
        const std::string& name = collective.name;
        const bool reduces = name == "all_reduce" || name == "reduce_scatter" || name == "reduce";
        const bool copies = name == "all_gather" || name == "broadcast";
        const bool isUsed = collective.algorithm.starts_with("in_network");
        const char* unit = reduces ? "reduction" : "multicast";
        if (!isUsed && (reduces || copies) && HasUnit(reading, unit))
        {
            const bool lacksCopies = name == "all_reduce" && !HasUnit(reading, "multicast");
            verdict.notes.push_back(
                fmt::format("switches have units for {}, which {} by {} does "
                            "not use: algorithm in_network would{}",
                            unit,
                            name,
                            collective.algorithm,
                            lacksCopies ? ", if they had them for multicast too" : ""));
            return true;
        }
    }
    return false;
}

bool
AddSpreading(const Reading& reading, VerdictResult& verdict)
{
    constexpr const char* WHY = "flows whose hashes agree share a link while others idle";
    const std::vector<VerdictTrial> trials = ListTrials(reading, VerdictTrial::SPREAD);
    if (!trials.empty())
    {
        if (!IsBetter(trials.front()))
        {
            return false;
        }
        verdict.tries.insert(verdict.tries.begin(),
                             {trials.front().change, WHY, DescribeTrial(trials.front())});
        return true;
    }
    const bool isHashed = reading.results.fabricKind == "fat_tree" &&
                          reading.FindSetting("fabric.routing.granularity") == "flow";
    const bool isInside = verdict.root && !reading.IsEndpoint(verdict.root->to) &&
                          !reading.IsEndpoint(reading.GetBusiest()->from);
    if (!isHashed || !isInside || verdict.boundBy != "congestion" ||
        reading.results.mode != "packet")
    {
        return false;
    }
    verdict.tries.insert(
        verdict.tries.begin(),
        {"fabric.routing.granularity=packet",
         WHY,
         reading.IsOpenLoop() ? "a higher accepted load" : "a shorter completion_time_ns"});
    return true;
}

} // namespace mtlink
} // namespace ns3
