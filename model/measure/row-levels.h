/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ROW_LEVELS_H
#define MTLINK_ROW_LEVELS_H

#include "measure/row-limits.h"

#include "ns3/mtlink-results.h"

#include <optional>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * Of links or queues beyond their limit, so many stay that are worst in each way. */
inline constexpr size_t WORST_ROWS{500};

/**
 * @ingroup mtlink
 * Fold the links and queues of a run that has more of them than its tables may have. Links are
 * summed up by class and by the groups of nodes at their ends, queues by group and by the class of
 * the link that fills them. In full stay the WORST_ROWS links that stalled longest, of the others
 * those that were busiest, and the roots of the longest stalls; the WORST_ROWS queues that were
 * fullest in the mean, and of the others those that ever held most; and the samples of the links
 * that stay.
 * @param [in] results The run.
 * @param [in] limits How many rows.
 * @return what the tables of nodes, links, queues and samples have; nothing if no limit is
 * exceeded.
 */
std::optional<RunResults> FoldRows(const RunResults& results, const RowLimits& limits);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ROW_LEVELS_H
