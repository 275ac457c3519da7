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
 *
 * A ring is yielded as a whole, see RingPhase, so that whoever carries it may do so.
 */

/**
 * @param [in] teams Orders of the same members.
 * @return by team, then member: the member's place in it.
 */
std::vector<Team> PlacesIn(const std::vector<Team>& teams);

/** all_reduce, `ring`. @param [in] context What to do. */
ProgramPointer AllReduceByRing(const CollectiveContext& context);
/** all_gather, `ring`. @param [in] context What to do. */
ProgramPointer AllGatherByRing(const CollectiveContext& context);
/** reduce_scatter, `ring`. @param [in] context What to do. */
ProgramPointer ReduceScatterByRing(const CollectiveContext& context);
/** all_reduce, `bidirectional_ring`: half the data each way. @param [in] context What to do. */
ProgramPointer AllReduceByBidirectionalRing(const CollectiveContext& context);
/** all_gather, `bidirectional_ring`. @param [in] context What to do. */
ProgramPointer AllGatherByBidirectionalRing(const CollectiveContext& context);
/** reduce_scatter, `bidirectional_ring`. @param [in] context What to do. */
ProgramPointer ReduceScatterByBidirectionalRing(const CollectiveContext& context);
/**
 * broadcast, `ring`: the ring cut open before the root, a pipeline of pieces, see
 * CollectiveContext::Pieces(). P pieces on idle links take (n - 1) x (latency + piece / rate) +
 * (P - 1) x piece / rate. @param [in] context What to do.
 */
ProgramPointer BroadcastByRing(const CollectiveContext& context);
/** reduce, `ring`: the same towards the root. @param [in] context What to do. */
ProgramPointer ReduceByRing(const CollectiveContext& context);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RING_H
