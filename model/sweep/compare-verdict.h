/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COMPARE_VERDICT_H
#define MTLINK_COMPARE_VERDICT_H

#include "measure/result-reader.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * Runs of one point of a sweep that differ by their seeds alone; or one run. */
using RunsOfSeeds = std::vector<StoredRun>;

/**
 * @ingroup mtlink
 * Which of two runs is better.
 */
struct VerdictComparison
{
    char better{0};    //!< 'A' or 'B'; 0: neither, or it can't be said
    std::string text;  //!< A sentence: by which figure, and how much
    std::string whyA;  //!< What the verdict of A says
    std::string whyB;  //!< What that of B says
    std::string seeds; //!< Whether seeds allow to say so
};

/**
 * @ingroup mtlink
 * Read a run, and those of other seeds that a sweep put beside it.
 * @param [in] directory Of the run, as POINT/seed-1.
 * @return their summaries and collectives, that of the directory first.
 * @throws InputError for what can't be read of the first; others that can't be are left out.
 */
RunsOfSeeds ReadRunsOfSeeds(const std::string& directory);

/**
 * @ingroup mtlink
 * Say which is better: of trainings by tokens_per_s; of open-loop traffic that which is not
 * saturated, else by what is accepted, or by latency; of the same collectives by
 * completion_time_ns, of others by bus bandwidth.
 * @param [in] a The first run, and others of its point.
 * @param [in] b The second.
 * @return what can be said.
 */
VerdictComparison CompareVerdicts(const RunsOfSeeds& a, const RunsOfSeeds& b);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_COMPARE_VERDICT_H
