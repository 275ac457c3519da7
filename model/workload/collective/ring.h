/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_RING_H
#define MTLINK_RING_H

#include "workload/collective/collective-context.h"

#include <span>

namespace ns3
{
namespace mtlink
{

/**
 * @file
 * @ingroup mtlink
 * Ring algorithms (Patarasuk and Yuan, "Bandwidth optimal all-reduce algorithms for clusters of
 * workstations", JPDC 2009; as NCCL's). Every member sends only to the next on the ring. The data
 * is cut into one chunk for each member; in step k of n - 1 a member sends on the chunk that it
 * received, or reduced, in step k - 1, so a chunk is received whole before it goes on. Reduction
 * leaves member i with chunk i. Each chunk is cut into lots, one for each channel, and each
 * channel has a ring of its own, see Placement::GetRings(); its number is the flow label. A
 * `chunk` in bytes cuts lots further: the pieces follow one another round the ring.
 *
 * One channel on idle links: all_gather and reduce_scatter take (n - 1) x (overhead + latency +
 * S/n / rate), all_reduce twice that.
 */

/**
 * Reduce-scatter on a ring.
 * @param [in,out] builder Where to add.
 * @param [in] ring Members in ring order.
 * @param [in] ranges What the member at each place on the ring ends with.
 * @param [in] flow Flow label.
 */
void RingReduceScatter(CollectiveBuilder& builder,
                       const Team& ring,
                       std::span<const BlockRange> ranges,
                       uint32_t flow);

/**
 * All-gather on a ring.
 * @param [in,out] builder Where to add.
 * @param [in] ring Members in ring order.
 * @param [in] ranges What the member at each place on the ring begins with.
 * @param [in] flow Flow label.
 */
void RingAllGather(CollectiveBuilder& builder,
                   const Team& ring,
                   std::span<const BlockRange> ranges,
                   uint32_t flow);

/** all_reduce, `ring`. @param [in] context What to do. */
void AllReduceByRing(const CollectiveContext& context);
/** all_gather, `ring`. @param [in] context What to do. */
void AllGatherByRing(const CollectiveContext& context);
/** reduce_scatter, `ring`. @param [in] context What to do. */
void ReduceScatterByRing(const CollectiveContext& context);
/** all_reduce, `bidirectional_ring`: half the data each way. @param [in] context What to do. */
void AllReduceByBidirectionalRing(const CollectiveContext& context);
/** all_gather, `bidirectional_ring`. @param [in] context What to do. */
void AllGatherByBidirectionalRing(const CollectiveContext& context);
/** reduce_scatter, `bidirectional_ring`. @param [in] context What to do. */
void ReduceScatterByBidirectionalRing(const CollectiveContext& context);
/**
 * broadcast, `ring`: the ring cut open before the root, a pipeline of pieces, see
 * CollectiveContext::Pieces(). P pieces on idle links take (n - 1) x (latency + piece / rate) +
 * (P - 1) x piece / rate. @param [in] context What to do.
 */
void BroadcastByRing(const CollectiveContext& context);
/** reduce, `ring`: the same towards the root. @param [in] context What to do. */
void ReduceByRing(const CollectiveContext& context);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RING_H
