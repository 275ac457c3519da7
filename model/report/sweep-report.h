/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_REPORT_H
#define MTLINK_SWEEP_REPORT_H

#include "report/objectives.h"
#include "report/phrase-book.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] directory A directory.
 * @return whether mtlink sweep wrote it.
 */
bool IsSweepDirectory(const std::string& directory);

/**
 * @ingroup mtlink
 * Write the report of a sweep: its table, the main effect of each varied key, latency over load
 * where that is varied, and the Pareto front of the designs for chosen objectives; where the sweep
 * has several seeds, of the means over them. The objectives can be changed in the page. Bounded:
 * the first 20,000 points.
 * @param [in] directory What mtlink sweep wrote; InputError if it can't be read.
 * @param [in] objectives What to begin with; empty: chosen by what the sweep has. A figure that it
 * has not is an InputError.
 * @param [in] file The report; WriteError if it can't be written.
 * @param [in] language In which it opens.
 */
void WriteSweepReport(const std::string& directory,
                      const std::vector<Objective>& objectives,
                      const std::string& file,
                      Language language = Language::ENGLISH);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWEEP_REPORT_H
