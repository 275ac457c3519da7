/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_IN_NETWORK_H
#define MTLINK_IN_NETWORK_H

#include "workload/collective/collective.h"

#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink An operation of a member of a collective. */
struct MemberOperation
{
    uint32_t member;    //!< The member
    uint32_t operation; //!< Its id
};

/**
 * @ingroup mtlink
 * Add a collective that the network does: switches combine on the way up their tree and copy on
 * the way down (Graham et al. 2016, SHARP; Klenk et al. 2020).
 *
 * - all_reduce, broadcast, reduce: one step over all the data. Who sends, sends all once: every
 *   member, the root of a broadcast alone; who gets the result, gets it once.
 * - reduce_scatter: chunk by chunk, each combined on the way to its owner: every member sends all,
 *   its own chunk included, and receives its chunk.
 * - all_gather: every member sends its share once; switches copy it to the others.
 * @param [in,out] graph Where to add its steps.
 * @param [in] planned The collective, its group open.
 * @param [in] ends Its launches.
 * @return all operations added.
 */
std::vector<MemberOperation> AddInNetwork(OperationGraph& graph,
                                          const PlannedCollective& planned,
                                          const CollectiveEnds& ends);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_IN_NETWORK_H
