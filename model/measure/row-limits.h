/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ROW_LIMITS_H
#define MTLINK_ROW_LIMITS_H

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * A limit that nothing exceeds. */
inline constexpr uint64_t ALL_ROWS{UINT64_MAX};

/** @ingroup mtlink
 * How many rows the large tables of a run may have: the keys of `measure`. */
struct RowLimits
{
    uint64_t messages{1'000'000};      //!< Of messages.csv; beyond, a sample; 0: no such file
    uint64_t links{100'000};           //!< Of links.csv; beyond, levels and the worst links
    uint64_t queues{100'000};          //!< Of queues.csv; beyond, levels and the worst queues
    uint64_t plainMessages{1'000'000}; //!< Beyond so many, messages.csv is compressed
    uint64_t keptMessages{1'000'000};  //!< In memory, for timeline and report
    bool listsRings{false};            //!< Rings are not to be carried as a whole, without rows
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ROW_LIMITS_H
