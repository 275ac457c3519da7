/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_H
#define MTLINK_REPORT_H

#include "report/phrase-book.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write the report of one run, or of several side by side: one HTML file that needs no other.
 * What can't be read is an InputError, what can't be written a WriteError.
 * @param [in] directories Results directories of the runs, at least one.
 * @param [in] file The report's name.
 * @param [in] language In which it opens.
 */
void WriteReport(const std::vector<std::string>& directories,
                 const std::string& file,
                 Language language = Language::ENGLISH);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_H
