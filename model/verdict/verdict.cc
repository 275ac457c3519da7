/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict/verdict.h"

#include "verdict/rules.h"

#include <iterator>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A share of the time lost is said that is at least so much. */
constexpr double LEAST_SHARE = 0.005;

constexpr VerdictRule CAUSES[] = {
    {"stopped", SayStopped},
    {"nothing", SayNothing},
    {"training", SayTraining},
    {"unshared", SayUnshared},
    {"load", SayLoad},
    {"victims", SayVictims},
    {"at the bound", SayAtBound},
    {"full links", SayFullLinks},
    {"window", SayWindow},
    {"stalled sources", SayStalled},
    {"chain", SayChain},
    {"phases", SayPhases},
    {"unsure", SayUnsure},
};

constexpr VerdictRule REMARKS[] = {
    {"algorithms", AddAlgorithms},
    {"routes", AddRoutes},
    {"network units", AddNetworkUnits},
    {"spreading", AddSpreading},
    {"taper", AddTaper},
    {"jobs", AddJobs},
    {"workloads", AddWorkloads},
    {"stragglers", AddStragglers},
    {"faults", AddFaults},
    {"retries", AddRetries},
    {"stability", AddStability},
    {"seeds", AddSeeds},
};

/** @return the classes of links, the part of all bytes that each carried, and how busy it was. */
std::vector<VerdictLevel>
ListLevels(const Reading& reading)
{
    uint64_t all = 0;
    for (const Reading::Level& level : reading.GetLevels())
    {
        all += level.payloadBytes;
    }
    std::vector<VerdictLevel> levels;
    for (const Reading::Level& level : reading.GetLevels())
    {
        if (all > 0) // in mode bound no link carries anything
        {
            levels.push_back({level.cls,
                              static_cast<double>(level.payloadBytes) / static_cast<double>(all),
                              level.filled / static_cast<double>(level.links) / reading.GetTime(),
                              reading.GetUtilisation(*level.busiest)});
        }
    }
    return levels;
}

} // namespace

std::span<const VerdictRule>
GetCauseRules()
{
    return CAUSES;
}

std::span<const VerdictRule>
GetRemarkRules()
{
    return REMARKS;
}

VerdictResult
MakeVerdict(const RunResults& results, const VerdictFacts& facts)
{
    const Reading reading(results, facts);
    VerdictResult verdict;
    verdict.levels = ListLevels(reading);
    verdict.chain = facts.chain;
    for (const VerdictRule& rule : CAUSES)
    {
        if (rule.speak(reading, verdict))
        {
            break;
        }
    }
    if (verdict.share.value_or(1) < LEAST_SHARE)
    {
        verdict.share.reset();
    }
    for (const VerdictRule& rule : REMARKS)
    {
        rule.speak(reading, verdict);
    }
    return verdict;
}

} // namespace mtlink
} // namespace ns3
