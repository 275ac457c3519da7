/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_SHARDS_H
#define MTLINK_SWEEP_SHARDS_H

#include "sweep/sweep.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * Points of a sweep by their numbers, from 1, both ends included. */
struct PointRange
{
    uint32_t first{0}; //!< 0: all points
    uint32_t last{0};  //!< Of the range
};

/** @ingroup mtlink
 * One of the parts into which a sweep is cut. */
struct Shard
{
    uint32_t index{0}; //!< From 1; 0: no part, all of it
    uint32_t count{0}; //!< How many there are
};

/** Most shards of a sweep. */
inline constexpr uint32_t MOST_SHARDS = 100'000;

/**
 * @ingroup mtlink
 * @param [in] text "A:B".
 * @return the range.
 * @throws std::invalid_argument with what would be right.
 */
PointRange ParsePointRange(const std::string& text);

/**
 * @ingroup mtlink
 * @param [in] text "I/N".
 * @return the shard.
 * @throws std::invalid_argument with what would be right.
 */
Shard ParseShard(const std::string& text);

/**
 * @ingroup mtlink
 * @param [in] sweep A sweep.
 * @param [in] range Of its points.
 * @return by Sweep::jobs, whether it is of the range.
 * @throws std::invalid_argument for a range beyond the sweep's end.
 */
std::vector<bool> SelectPoints(const Sweep& sweep, const PointRange& range);

/**
 * @ingroup mtlink
 * Cut a sweep by content into shards that take equally long, as far as estimates go: the longest
 * jobs first, each into the shard that has the least so far. Jobs of the same content are in the
 * same shard. The same on every machine.
 * @param [in] sweep A sweep.
 * @param [in] selected By Sweep::jobs, those to be cut.
 * @param [in] microseconds By Sweep::points, estimated times, as by EstimatePoints().
 * @param [in] count How many shards.
 * @return by Sweep::jobs, the shard from 1; 0: not selected.
 */
std::vector<uint32_t> CutIntoShards(const Sweep& sweep,
                                    const std::vector<bool>& selected,
                                    const std::vector<uint64_t>& microseconds,
                                    uint32_t count);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWEEP_SHARDS_H
