/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_VERDICT_H
#define MTLINK_REPORT_VERDICT_H

#include "report/report-run.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] tries What a verdict says may be worth trying.
 * @return a list of it, with why and what to expect, HTML; empty where there is nothing.
 */
std::string VerdictTriesText(const std::vector<VerdictTry>& tries);

/**
 * @ingroup mtlink
 * @param [in] runs The runs.
 * @return what held each up, and what to try, HTML; empty where no run has a verdict.
 */
std::string VerdictContent(const ReportRuns& runs);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_VERDICT_H
