/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_IN_NETWORK_H
#define MTLINK_IN_NETWORK_H

#include "workload/collective/collective-context.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Every member sends all it has once and receives the result once: switches combine on the way up
 * their tree and copy on the way down (Graham et al. 2016, SHARP; Klenk et al. 2020).
 * @param [in] context What to do.
 */
void AllReduceInNetwork(const CollectiveContext& context);

/**
 * @ingroup mtlink
 * Chunk by chunk, each combined on the way to its owner: every member sends all, its own chunk
 * included, and receives its chunk.
 * @param [in] context What to do.
 */
void ReduceScatterInNetwork(const CollectiveContext& context);

/**
 * @ingroup mtlink
 * Every member sends its share once; switches copy it to the others.
 * @param [in] context What to do.
 */
void AllGatherInNetwork(const CollectiveContext& context);

/**
 * @ingroup mtlink
 * The root sends once; switches copy it to the others.
 * @param [in] context What to do.
 */
void BroadcastInNetwork(const CollectiveContext& context);

/**
 * @ingroup mtlink
 * Every member sends once, the root included; switches combine it on the way to the root.
 * @param [in] context What to do.
 */
void ReduceInNetwork(const CollectiveContext& context);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_IN_NETWORK_H
