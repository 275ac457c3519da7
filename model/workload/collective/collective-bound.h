/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COLLECTIVE_BOUND_H
#define MTLINK_COLLECTIVE_BOUND_H

#include "workload/collective/collective.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The factor of bus bandwidth over algorithm bandwidth, as nccl-tests defines it
 * (doc/PERFORMANCE.md there): all_reduce 2 (n-1)/n; all_gather, reduce_scatter, all_to_all,
 * all_to_allv, gather, scatter (n-1)/n; broadcast, reduce, send_recv, barrier 1. The size that
 * algorithm bandwidth is based on is that of the larger of a rank's two buffers: all_gather's and
 * gather's is what is received, n shares; reduce_scatter's and scatter's what is sent, n shares;
 * all_to_all's all that one rank sends, its own share included.
 * @param [in] collective Its name.
 * @param [in] ranks Participants, at least 1.
 * @return the factor; 1 for one rank.
 */
double GetBusFactor(const std::string& collective, uint32_t ranks);

/**
 * @ingroup mtlink
 * A time that no algorithm without reduction in the network can beat, the largest of
 * - what some endpoint must send or receive over its whole rate, whatever way it takes; for
 *   all_reduce 2 (n-1)/n S, since n - 1 buffers must be sent to be reduced and n - 1 results to be
 *   had, by n endpoints (Patarasuk and Yuan 2009);
 * - where the group holds all endpoints: what must cross from one half of them to the other over
 *   the bisection's rate;
 * - the longest of the shortest chains of latency between two members of whom one must hear of the
 *   other, on ways through other members too (up to 128 members; of more, the nearest neighbour's
 *   latency).
 * Host overheads, headers and reduction come on top. Members on one endpoint count as one.
 * @param [in] spec The collective.
 * @param [in] hints The fabric.
 * @return the bound in ps, rounded down; 0: not known.
 */
Tick GetCollectiveBound(const CollectiveSpec& spec, const FabricHints& hints);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_COLLECTIVE_BOUND_H
