/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ROOT_FLOWS_H
#define MTLINK_ROOT_FLOWS_H

#include "ns3/mtlink-results.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * A flow that a link held up without being on its way. */
struct VictimFlow
{
    uint32_t src{0}; //!< Source endpoint
    uint32_t dst{0}; //!< Destination
    double lost{0};  //!< Time, ps
};

/**
 * @ingroup mtlink
 * @param [in] results A run.
 * @param [in] link One of its links.
 * @param [in] target The endpoint that it leads to; nothing: it leads to a switch.
 * @return flows that lead over it, source and destination, as far as they were held up or can be
 *         seen from its ends.
 */
std::set<std::pair<uint32_t, uint32_t>> FindRootFlows(const RunResults& results,
                                                      const LinkResult& link,
                                                      std::optional<uint32_t> target);

/**
 * @ingroup mtlink
 * @param [in] results A run.
 * @param [in] root A link that held others up.
 * @return its victims, longest first.
 */
std::vector<VictimFlow> FindVictimFlows(const RunResults& results, std::string_view root);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ROOT_FLOWS_H
