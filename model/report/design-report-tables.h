/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_REPORT_TABLES_H
#define MTLINK_DESIGN_REPORT_TABLES_H

#include "report/design-results.h"

#include <string>

namespace ns3
{
namespace mtlink
{

// The tables of a page about designs, HTML; each is empty where it would have nothing to say.

/** @return the designs of the front, with their numbers, their files and their runs' results. */
std::string DesignFrontTable(const DesignResults& results);

/** @return what each design of the front is bound by, and what would move it. */
std::string DesignVerdicts(const DesignResults& results);

/** @return how many designs of each chip and kind stand where, and how closely they were looked at.
 */
std::string DesignCounts(const DesignResults& results);

/** @return the cables of the front by link class. InputError if design-cables.csv can't be read. */
std::string DesignCableTable(const DesignResults& results);

/** @return how the front changes with assumed costs, where the search was asked for it. */
std::string DesignSensitivityTable(const DesignResults& results);

/** @return what can't be built or run, and why. InputError if a table can't be read. */
std::string DesignRefusalTables(const DesignResults& results);

/** @return all designs, for those without scripts; the first few hundred. */
std::string DesignStaticTable(const DesignResults& results);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_REPORT_TABLES_H
