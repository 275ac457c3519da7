/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_REPORT_H
#define MTLINK_DESIGN_REPORT_H

#include "report/phrase-book.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write the report of a search for the best fabric, from its tables and the results of the front's
 * runs alone: which fabric to build and how sure that is, the front drawn and as a table, what each
 * of it is bound by and what would move that, where all designs stand, the front's cables, how it
 * changes with assumed costs, and what can't be built.
 * @param [in] directory What mtlink design wrote; InputError if it can't be read, or no search has
 * come to its end in it.
 * @param [in] file The report; WriteError if it can't be written.
 * @param [in] language In which it opens.
 */
void WriteDesignReport(const std::string& directory,
                       const std::string& file,
                       Language language = Language::ENGLISH);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_REPORT_H
