/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_REPORT_H
#define MTLINK_SWEEP_REPORT_H

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * A figure that a choice among points is made by. */
struct Objective
{
    std::string figure;      //!< A column of sweep.csv
    bool isMaximised{false}; //!< The more the better
};

/**
 * @ingroup mtlink
 * @param [in] text "FIGURE", "FIGURE:min" or "FIGURE:max"; min where nothing is said.
 * @return the objective; anything else after the colon is an InputError.
 */
Objective ParseObjective(const std::string& text);

/**
 * @ingroup mtlink
 * @param [in] directory A directory.
 * @return whether mtlink sweep wrote it.
 */
bool IsSweepDirectory(const std::string& directory);

/**
 * @ingroup mtlink
 * Write the report of a sweep: its table, the main effect of each varied key, and the Pareto front
 * of chosen objectives; where the sweep has several seeds, of the means over them. The objectives
 * can be changed in the page. Bounded: the first 20,000 points.
 * @param [in] directory What mtlink sweep wrote; InputError if it can't be read.
 * @param [in] objectives What to begin with; empty: chosen by what the sweep has. A figure that it
 * has not is an InputError.
 * @param [in] file The report; WriteError if it can't be written.
 */
void WriteSweepReport(const std::string& directory,
                      const std::vector<Objective>& objectives,
                      const std::string& file);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWEEP_REPORT_H
