/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_BRUCK_H
#define MTLINK_BRUCK_H

#include "workload/collective/collective-context.h"

namespace ns3
{
namespace mtlink
{

/**
 * @file
 * @ingroup mtlink
 * Bruck's algorithms (Bruck, Ho, Kipnis, Upfal and Weathersby, "Efficient algorithms for all-to-all
 * communications in multiport message-passing systems", IEEE TPDS 1997): ceil(log2 n) rounds for
 * any n.
 */

/**
 * all_gather, `bruck`: in the round of distance d = 1, 2, 4, ... a member sends its own and the
 * next chunks, as many as it has and the other lacks, to the member d before it. Takes
 * ceil(log2 n) latency + (n-1)/n S / rate. @param [in] context What to do.
 */
ProgramPointer AllGatherByBruck(const CollectiveContext& context);

/**
 * all_to_all, `bruck`: a block that has x places to go travels by the powers of two of which x is
 * the sum, the smallest first. Fewer, larger messages; about log2(n)/2 times the bytes.
 * @param [in] context What to do.
 */
ProgramPointer AllToAllByBruck(const CollectiveContext& context);

/**
 * barrier, `dissemination` (Hensgen, Finkel and Manber, "Two algorithms for barrier
 * synchronization", 1988): the same pattern with a token of one byte; in the round of distance
 * d = 1, 2, 4, ... a member tells the one d further, once it has heard in all rounds before.
 * @param [in] context What to do.
 */
ProgramPointer BarrierByDissemination(const CollectiveContext& context);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_BRUCK_H
