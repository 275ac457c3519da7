/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_VERDICT_TRIAL_H
#define MTLINK_VERDICT_TRIAL_H

#include "../experiment/experiment-trial.h"
#include "../report/phrase-check.h"
#include "experiment/run.h"
#include "measure/set-options.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @return what a run of an experiment leaves, with its verdict, which has its translation. */
inline RunResults
RunJudged(const std::string& text, const std::vector<std::string>& settings = {})
{
    RunOutcome outcome = RunExperiment(ReadTrial(text, settings));
    REQUIRE(outcome.results.verdict);
    CheckTranslation(*outcome.results.verdict);
    return std::move(outcome.results);
}

/** @return whether one of a verdict's notes has a text in it. */
inline bool
HasNote(const RunResults& results, const std::string& text)
{
    for (const std::string& note : results.verdict->notes)
    {
        if (note.find(text) != std::string::npos)
        {
            return true;
        }
    }
    return false;
}

/** @return whether a verdict proposes a change. */
inline bool
Proposes(const RunResults& results, const std::string& change)
{
    for (const VerdictTry& one : results.verdict->tries)
    {
        if (one.change == change)
        {
            return true;
        }
    }
    return false;
}

/** @return bus bandwidth of the first collective, bytes/ps times a constant. */
inline double
GetBusbw(const RunResults& results)
{
    const CollectiveResult& row = results.collectives.front();
    return static_cast<double>(row.bytes) * row.busFactor /
           static_cast<double>(row.end - row.start);
}

/** @return what all collectives took, added up, ps. */
inline Tick
AddDurations(const RunResults& results)
{
    Tick sum = 0;
    for (const CollectiveResult& row : results.collectives)
    {
        sum += row.end - row.start;
    }
    return sum;
}

/** @return time that flows stood still for links where they do not go, ps. */
inline double
GetVictimStall(const RunResults& results)
{
    double stall = 0;
    for (const CongestionFlowResult& row : results.congestionFlows)
    {
        stall += row.role == "victim" ? static_cast<double>(row.stall) : 0;
    }
    return stall;
}

/**
 * Do what a verdict proposes, one by one, and see that each does what it should.
 * @param [in] text The experiment.
 * @param [in] settings As it ran.
 * @param [in] results What it left.
 */
inline void
CheckTries(const std::string& text,
           const std::vector<std::string>& settings,
           const RunResults& results)
{
    for (const VerdictTry& one : results.verdict->tries)
    {
        CAPTURE(one.change);
        CAPTURE(one.expected);
        std::vector<std::string> changed = settings;
        const std::vector<std::string> parts = SplitSettings(one.change);
        changed.insert(changed.end(), parts.begin(), parts.end());
        const RunResults then = RunJudged(text, changed);
        const auto promises = [&one](const char* what) { return one.expected.starts_with(what); };
        if (promises("a shorter completion_time_ns"))
        {
            CHECK(*then.completionTime < *results.completionTime);
        }
        else if (promises("shorter collectives"))
        {
            CHECK(AddDurations(then) < AddDurations(results));
        }
        else if (promises("a higher busbw_GBps"))
        {
            CHECK(GetBusbw(then) > GetBusbw(results));
        }
        else if (promises("not saturated"))
        {
            CHECK(then.verdict->saturated == false);
        }
        else if (promises("a higher accepted load"))
        {
            CHECK(*then.acceptedLoad > *results.acceptedLoad);
        }
        else if (promises("victims stand still for less"))
        {
            CHECK(GetVictimStall(then) < GetVictimStall(results));
        }
        else if (promises("a higher stability.goodput"))
        {
            CHECK(then.stability->goodput.value > results.stability->goodput.value);
        }
        else if (promises("a higher mfu"))
        {
            CHECK(then.training->mfu > results.training->mfu);
        }
        else
        {
            const bool isIteration = promises("a shorter iteration") || promises("an iteration of");
            REQUIRE(isIteration);
            CHECK(then.training->iterationTimeNs < results.training->iterationTimeNs);
        }
    }
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_VERDICT_TRIAL_H
