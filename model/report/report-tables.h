/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_TABLES_H
#define MTLINK_REPORT_TABLES_H

#include "report/report-run.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] runs The runs.
 * @return a table of the runs' main figures, HTML.
 */
std::string SummaryTable(const ReportRuns& runs);

/**
 * @ingroup mtlink
 * @param [in] runs The runs.
 * @return a table of time, bandwidths and bound of the collectives, HTML; equal ones in one line
 * where there are many.
 */
std::string CollectivesTable(const ReportRuns& runs);

/**
 * @ingroup mtlink
 * @param [in] runs The runs.
 * @return a table of packet and network latency, HTML.
 */
std::string LatencyTable(const ReportRuns& runs);

/**
 * @ingroup mtlink
 * @param [in] runs The runs.
 * @return a table of the traffic classes' figures, HTML; empty where no run has several.
 */
std::string ClassTable(const ReportRuns& runs);

/**
 * @ingroup mtlink
 * @param [in] run A run.
 * @return a table of the links that stalled longest, HTML.
 */
std::string StallTable(const ReportRun& run);

/**
 * @ingroup mtlink
 * @param [in] run A run.
 * @return a table of congestion roots and their victims, HTML.
 */
std::string CongestionTable(const ReportRun& run);

/**
 * @ingroup mtlink
 * @param [in] run A run.
 * @return a table of the flows that congestion held up longest, HTML; empty if there are none.
 */
std::string CongestionFlowTable(const ReportRun& run);

/**
 * @ingroup mtlink
 * @param [in] run A run.
 * @return a table of the flows under congestion control with the longest delays, HTML; empty if
 * there are none.
 */
std::string ControlledFlowTable(const ReportRun& run);

/**
 * @ingroup mtlink
 * @param [in] run A run.
 * @return a table of the fullest queues, HTML.
 */
std::string QueueTable(const ReportRun& run);

/**
 * @ingroup mtlink
 * @param [in] runs The runs.
 * @return a table of where the figures come from, HTML.
 */
std::string ProvenanceTable(const ReportRuns& runs);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_TABLES_H
