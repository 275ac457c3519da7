/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_VERDICT_RULES_H
#define MTLINK_VERDICT_RULES_H

#include "verdict/reading.h"

#include <span>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A rule: what it looks at, when it speaks and what it says stands in docs/verdict.md.
 */
struct VerdictRule
{
    const char* name; //!< As in docs/verdict.md
    /**
     * @param [in] reading The run.
     * @param [in,out] verdict What is said so far; gets what this rule says.
     * @return whether it spoke.
     */
    bool (*speak)(const Reading& reading, VerdictResult& verdict);
};

/** @return rules that say what held the run up, in order: the first that speaks decides. */
std::span<const VerdictRule> GetCauseRules();

/** @return rules that add what to try and what to know; all of them are asked. */
std::span<const VerdictRule> GetRemarkRules();

// Each is told of in docs/verdict.md, and is in a file of its family.
bool SayStopped(const Reading& reading, VerdictResult& verdict);
bool SayNothing(const Reading& reading, VerdictResult& verdict);
bool SayTraining(const Reading& reading, VerdictResult& verdict);
bool SayUnshared(const Reading& reading, VerdictResult& verdict);
bool SayLoad(const Reading& reading, VerdictResult& verdict);
bool SayVictims(const Reading& reading, VerdictResult& verdict);
bool SayAtBound(const Reading& reading, VerdictResult& verdict);
bool SayFullLinks(const Reading& reading, VerdictResult& verdict);
bool SayWindow(const Reading& reading, VerdictResult& verdict);
bool SayStalled(const Reading& reading, VerdictResult& verdict);
bool SayChain(const Reading& reading, VerdictResult& verdict);
bool SayPhases(const Reading& reading, VerdictResult& verdict);
bool SayUnsure(const Reading& reading, VerdictResult& verdict);
bool AddAlgorithms(const Reading& reading, VerdictResult& verdict);
bool AddRoutes(const Reading& reading, VerdictResult& verdict);
bool AddNetworkUnits(const Reading& reading, VerdictResult& verdict);
bool AddSpreading(const Reading& reading, VerdictResult& verdict);
bool AddTaper(const Reading& reading, VerdictResult& verdict);
bool AddJobs(const Reading& reading, VerdictResult& verdict);
bool AddWorkloads(const Reading& reading, VerdictResult& verdict);
bool AddStragglers(const Reading& reading, VerdictResult& verdict);
bool AddFaults(const Reading& reading, VerdictResult& verdict);
bool AddRetries(const Reading& reading, VerdictResult& verdict);
bool AddStability(const Reading& reading, VerdictResult& verdict);
bool AddSeeds(const Reading& reading, VerdictResult& verdict);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_VERDICT_RULES_H
