/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_HALVING_DOUBLING_H
#define MTLINK_HALVING_DOUBLING_H

#include "workload/collective/collective-context.h"

#include <cstdint>
#include <span>

namespace ns3
{
namespace mtlink
{

/**
 * @file
 * @ingroup mtlink
 * Recursive halving and doubling (Thakur, Rabenseifner and Gropp, "Optimization of collective
 * communication operations in MPICH", IJHPCA 2005; Rabenseifner 2004). They go by pairs, so their
 * core is a power of two of members. With n = 2^k + r members, the first 2 r make r pairs; in each
 * the even one first gives its data to the odd one, which stands for both, and gets the result
 * from it at the end: one more message of the whole buffer each way.
 */

/**
 * Reduce-scatter by recursive halving.
 * @param [in,out] builder Where to add.
 * @param [in] team A power of two of members.
 * @param [in] ranges What each ends with; one range begins where the one before ends.
 * @param [in] flow Flow label.
 */
void HalvingReduceScatter(CollectiveBuilder& builder,
                          const Team& team,
                          std::span<const BlockRange> ranges,
                          uint32_t flow);

/**
 * All-gather by recursive doubling.
 * @param [in,out] builder Where to add.
 * @param [in] team A power of two of members.
 * @param [in] ranges What each begins with; one range begins where the one before ends.
 * @param [in] flow Flow label.
 */
void DoublingAllGather(CollectiveBuilder& builder,
                       const Team& team,
                       std::span<const BlockRange> ranges,
                       uint32_t flow);

/**
 * all_reduce, `halving_doubling` (Rabenseifner): recursive halving, then doubling, the largest
 * messages between neighbours. n = 2^k: 2 k latency + 2 (n-1)/n S / rate. @param [in] context What
 * to do.
 */
void AllReduceByHalvingDoubling(const CollectiveContext& context);

/**
 * all_reduce, `doubling`: recursive doubling, all data in each of k rounds. n = 2^k: k x (latency +
 * S / rate). @param [in] context What to do.
 */
void AllReduceByDoubling(const CollectiveContext& context);

/** reduce_scatter, `halving_doubling`: recursive halving. @param [in] context What to do. */
void ReduceScatterByHalving(const CollectiveContext& context);

/** all_gather, `doubling`: recursive doubling. @param [in] context What to do. */
void AllGatherByDoubling(const CollectiveContext& context);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_HALVING_DOUBLING_H
