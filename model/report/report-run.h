/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_RUN_H
#define MTLINK_REPORT_RUN_H

#include "measure/result-reader.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * A run on the page. */
struct ReportRun
{
    StoredRun stored;   //!< Its results
    size_t number{0};   //!< Of its column, from 0
    std::string name;   //!< What the page calls it, plain text
    std::string label;  //!< The same, HTML without tags
    std::string prefix; //!< Before what is about it alone: the label, a colon and a space that
                        //!< does not break, by which it is told from a text; empty for the only run
};

using ReportRuns = std::vector<ReportRun>; //!< In the order of their columns

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_RUN_H
