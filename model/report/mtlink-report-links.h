/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_LINKS_H
#define MTLINK_REPORT_LINKS_H

#include "mtlink-report-run.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] runs The runs.
 * @return a picture per run of its links' utilisation and credit stall, HTML: over time where
 * there are samples, else as a whole. Bounded: of many links those that did most, and the mean of
 * each class.
 */
std::string LinkCharts(const ReportRuns& runs);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_LINKS_H
