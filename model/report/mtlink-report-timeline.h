/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_TIMELINE_H
#define MTLINK_REPORT_TIMELINE_H

#include "mtlink-report-run.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] runs The runs.
 * @return a picture per run of its collectives and of its ranks' sending over time, all on one
 * scale, HTML. Bounded: many ranks share rows.
 */
std::string TimelineCharts(const ReportRuns& runs);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_TIMELINE_H
