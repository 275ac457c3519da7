/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_STABILITY_H
#define MTLINK_REPORT_STABILITY_H

#include "report/report-run.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] runs The runs.
 * @return what became of their jobs over days: where the time went as a picture, and tables, HTML;
 *         empty where no run was asked for it.
 */
std::string StabilityContent(const ReportRuns& runs);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_STABILITY_H
