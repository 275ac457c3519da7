/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_TABLES_H
#define MTLINK_DESIGN_TABLES_H

#include "design/design-list.h"
#include "design/design-search.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write what can be built: designs/NAME.yaml, design.csv, a line per design, design-cables.csv, a
 * line per class of its cables, and design-refused.csv. Each appears whole or not at all; fabrics
 * that a request listed before and does no longer are removed.
 * @param [in] request The request.
 * @param [in] list What was found.
 * @param [in] directory Where; made if need be.
 * @throws WriteError if they can't be written.
 */
void WriteDesigns(const DesignRequest& request,
                  const DesignList& list,
                  const std::string& directory);

/**
 * @ingroup mtlink
 * @param [in] outcome What was found.
 * @return the designs of the front, and those that may be on it where time was over; the least of
 *         the first objective first.
 */
std::vector<std::size_t> ListFront(const SearchOutcome& outcome);

/**
 * @ingroup mtlink
 * Write front.csv, a line per design of the front, and design-search.csv, a line per design: how
 * closely it was looked at, what came of it, and where it stands; with DesignRequest::sensitivity
 * also design-sensitivity.csv, a line per cost that is other than it was taken to be.
 * @param [in] request The request.
 * @param [in] list Its designs.
 * @param [in] outcome What was found.
 * @param [in] directory Where.
 * @throws WriteError if they can't be written.
 */
void WriteFront(const DesignRequest& request,
                const DesignList& list,
                const SearchOutcome& outcome,
                const std::string& directory);

/**
 * @ingroup mtlink
 * @param [in] design A design.
 * @return the numbers of its network, as "down [32, 64], up [1, 32]".
 */
std::string DescribeNetwork(const Design& design);

/**
 * @ingroup mtlink
 * @param [in] design A searched design.
 * @return where it stands: "front", "may be on the front", "dominated", "beyond the target",
 *         "can't be run".
 */
std::string DescribeStatus(const SearchedDesign& design);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_TABLES_H
