/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_TABLES_H
#define MTLINK_SWEEP_TABLES_H

#include "measure/statistics.h"
#include "sweep/sweep-record.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A point of a sweep over all its seeds.
 */
struct PointMeans
{
    std::size_t done{0};                              //!< Runs that are done
    std::size_t openLoop{0};                          //!< Of them, of open-loop traffic
    std::size_t saturated{0};                         //!< Of these, saturated
    std::vector<std::optional<MeanInterval>> figures; //!< By GetFigures(), over those runs
};

/**
 * @ingroup mtlink
 * @param [in] sweep A sweep.
 * @param [in] outcomes By Sweep::jobs.
 * @return means and confidence intervals, by Sweep::points.
 */
std::vector<PointMeans> GetPointMeans(const Sweep& sweep,
                                      const std::vector<std::optional<JobOutcome>>& outcomes);

/**
 * @ingroup mtlink
 * Write sweep.csv, a line per job that is over; sweep-costs.csv, their times and memory;
 * designs.csv, a line per design; and, where the sweep gives seeds, sweep-means.csv, a line per
 * point. Each appears whole or not at all.
 * @param [in] sweep The sweep.
 * @param [in] outcomes By Sweep::jobs; nothing: not over.
 * @param [in] directory Where.
 * @throws WriteError if they can't be written.
 */
void WriteSweepTables(const Sweep& sweep,
                      const std::vector<std::optional<JobOutcome>>& outcomes,
                      const std::string& directory);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWEEP_TABLES_H
