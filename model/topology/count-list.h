/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COUNT_LIST_H
#define MTLINK_COUNT_LIST_H

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Read an attribute that is a list of counts.
 * @param [in] key YAML key, for messages.
 * @param [in] text As "4, 4, 4".
 * @param [in] least Smallest count allowed.
 * @param [in] most Largest.
 * @return the counts, at least one.
 * @throws ParameterError if it is no such list.
 */
std::vector<uint32_t> ParseCounts(const std::string& key,
                                  const std::string& text,
                                  uint32_t least = 1,
                                  uint32_t most = 65536);

/**
 * @ingroup mtlink
 * Read an attribute that is a list of counts, one for each dimension.
 * @param [in] key YAML key, for messages.
 * @param [in] text As "4, 4, 4"; one number counts for all; empty: 1 each.
 * @param [in] dimensions Number of dimensions.
 * @param [in] least Smallest count allowed.
 * @param [in] most Largest.
 * @return the counts by dimension.
 * @throws ParameterError if it is no such list, or not as long.
 */
std::vector<uint32_t> ParseByDimension(const std::string& key,
                                       const std::string& text,
                                       std::size_t dimensions,
                                       uint32_t least,
                                       uint32_t most);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_COUNT_LIST_H
