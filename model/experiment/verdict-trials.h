/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_VERDICT_TRIALS_H
#define MTLINK_VERDICT_TRIALS_H

#include "experiment/experiment.h"
#include "verdict/verdict-facts.h"

#include "ns3/mtlink-results.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Runs an experiment quietly.
 * @return what it left; nothing: it did not end.
 */
using TrialSimulation = std::function<std::optional<RunResults>(const Experiment&)>;

/**
 * @ingroup mtlink
 * Try what may be better than a single collective that took long for its bound: other algorithms,
 * other ways of packets, other seeds; the fabric without its taper; and each of several workloads
 * without the others. In mode flow, or bound where flows can't; only as long as that takes a few
 * per cent of the run by nominal rates, so that the same is tried on every machine.
 * @param [in] experiment What ran.
 * @param [in] results What it left.
 * @param [in] simulate Runs one.
 * @param [in,out] facts Gets what they took.
 */
void RunTrials(const Experiment& experiment,
               const RunResults& results,
               const TrialSimulation& simulate,
               VerdictFacts& facts);

/**
 * @ingroup mtlink
 * @param [in] experiment What ran.
 * @return how --set names its first workload: "workload", or "workloads.0" of a list.
 */
std::string GetWorkloadKey(const Experiment& experiment);

/**
 * @ingroup mtlink
 * Leave out what could not be tried.
 * @param [in] experiment What ran.
 * @param [in,out] tries Those of a verdict; keeps the ones that --set takes.
 */
void DropRefused(const Experiment& experiment, std::vector<VerdictTry>& tries);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_VERDICT_TRIALS_H
