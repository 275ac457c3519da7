/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_TRAINING_H
#define MTLINK_REPORT_TRAINING_H

#include "report/report-run.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] runs The runs.
 * @return the content of the page's part on trainings, HTML: where the time goes, memory, what if,
 *         pictures before tables; empty where no run is one.
 */
std::string TrainingContent(const ReportRuns& runs);

/**
 * @ingroup mtlink
 * @param [in] runs The runs.
 * @param [in] file A file or key of the results.
 * @return a note that folded collectives are not in it, HTML; empty where that has no folded ones.
 */
std::string FoldedNote(const ReportRuns& runs, const std::string& file);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_TRAINING_H
