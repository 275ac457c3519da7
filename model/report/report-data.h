/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_DATA_H
#define MTLINK_REPORT_DATA_H

#include "report/report-run.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] runs The runs.
 * @return what the page draws, as JSON that may stand in a script element: {"runs": [...]}, each
 * with `label`, `complete`, `open_loop`, `delivered` (whether anything was), `messages` (null, or
 * where not all are known `all`, `one_in`, 0: none, and `unlisted`) and its parts, see the
 * functions of the parts for what is in each.
 */
std::string WriteReportData(const ReportRuns& runs);

/**
 * @ingroup mtlink
 * @param [in] json JSON.
 * @return the same without any "<", which a script element would read as its end.
 */
std::string EscapeJsonForHtml(std::string json);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_DATA_H
