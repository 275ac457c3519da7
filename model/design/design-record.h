/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_RECORD_H
#define MTLINK_DESIGN_RECORD_H

#include "design/design-list.h"
#include "design/design-request.h"
#include "design/design-search.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write design.json: what was asked of a search and how it ended, which its tables do not tell and
 * whoever reads them, as its report does, must know.
 * @param [in] request The request.
 * @param [in] list Its designs.
 * @param [in] outcome What was found.
 * @param [in] directory Where.
 * @throws WriteError if it can't be written.
 */
void WriteDesignRecord(const DesignRequest& request,
                       const DesignList& list,
                       const SearchOutcome& outcome,
                       const std::string& directory);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_RECORD_H
