/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_SETTINGS_H
#define MTLINK_REPORT_SETTINGS_H

#include "mtlink-report-run.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] runs The runs.
 * @return a table of the settings in which the runs differ, or a sentence that there is none; empty
 * for a single run. HTML.
 */
std::string SettingsTable(const ReportRuns& runs);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_SETTINGS_H
