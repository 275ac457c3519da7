/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_SELECTION_H
#define MTLINK_REPORT_SELECTION_H

#include "measure/fabric-layout.h"

#include "ns3/mtlink-results.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * Most links that are on the page one by one. */
inline constexpr size_t MOST_REPORT_LINKS{20000};

/**
 * @ingroup mtlink
 * @param [in] results A run.
 * @param [in] most How many.
 * @return indices of the links that were busy or stalled longest, in order.
 */
std::vector<uint32_t> FindMostActive(const RunResults& results, size_t most);

/**
 * @ingroup mtlink
 * Choose the nodes that are on the page one by one: all, or of more than a limit the topmost of
 * each group and then those at the links that are on the page.
 * @param [in] results A run.
 * @param [in] layout Its layout.
 * @param [in] most The limit.
 * @return indices of the nodes, in order.
 */
std::vector<uint32_t> ChooseNodes(const RunResults& results,
                                  const FabricLayout& layout,
                                  size_t most = 20000);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_SELECTION_H
