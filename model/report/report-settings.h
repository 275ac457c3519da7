/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_SETTINGS_H
#define MTLINK_REPORT_SETTINGS_H

#include "report/report-run.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Name runs by what differs between them, where that is little: at most three settings but their
 * names, with short values.
 * @param [in] runs The runs.
 * @return by run, as "buffer 4KiB, seed 2"; empty where too much differs, or nothing.
 */
std::vector<std::string> NameByDifferences(const ReportRuns& runs);

/**
 * @ingroup mtlink
 * @param [in] runs The runs.
 * @return a table of the settings in which the runs differ, or a sentence that there is none; empty
 * for a single run. HTML.
 */
std::string SettingsTable(const ReportRuns& runs);

/**
 * @ingroup mtlink
 * @param [in] run A run.
 * @return a table of the settings that files or options gave: value, place, provenance as it stands
 * beside the value, meaning. HTML.
 */
std::string GivenSettingsTable(const ReportRun& run);

/**
 * @ingroup mtlink
 * @param [in] run A run.
 * @return a table of the settings left at their defaults: value, provenance, meaning. HTML.
 */
std::string DefaultSettingsTable(const ReportRun& run);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_SETTINGS_H
