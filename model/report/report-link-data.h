/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_LINK_DATA_H
#define MTLINK_REPORT_LINK_DATA_H

#include "measure/json-writer.h"

#include "ns3/mtlink-results.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write what the page draws of links, as an object: `observed_ns`, `loads_known` (not in mode
 * bound, where no message loads a link), `classes`, `class_figures`, of each class [links, least
 * rate, greatest, mean utilisation, greatest, mean stall, greatest], rates in bit/s; `links_all`,
 * `by_level` (the links are the worst, the rest is known by level); `links`, each [id, port, from,
 * to, class, utilisation, stall], nodes by their place in `nodes` and shares in 1/10000; `sorted`,
 * per class the shares of its links in falling order; and `heat`, links over time, or null without
 * samples: `interval_ns`, `bin_ns`, `bins` and `rows`, each a link, or the mean of a class, with
 * `u` and `s`, mean shares per bin in 1/10000, and `q`, the most flits held at the end of an
 * interval in the bin. Arrays end with their last value that is not 0. Bounded: the 20,000 links
 * busy or stalled longest; 64 rows of links and 8 of classes, 300 bins.
 * @param [in] results A run.
 * @param [in] nodes Nodes that are on the page, by index; at others `from` and `to` are null.
 * @param [in,out] json Gets it.
 */
void WriteLinkData(const RunResults& results, const std::vector<uint32_t>& nodes, JsonWriter& json);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_LINK_DATA_H
