/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_HIERARCHICAL_H
#define MTLINK_HIERARCHICAL_H

#include "workload/collective/collective-context.h"

namespace ns3
{
namespace mtlink
{

/**
 * @file
 * @ingroup mtlink
 * Hierarchical algorithms: within the scale-up nodes, and across them between members at the same
 * place of each node, that is on one rail (as in Jia et al., "Highly scalable deep learning
 * training system with mixed-precision", 2018, and BlueConnect, Cho et al. 2019). Every node must
 * hold as many members as the others; with all in one node, or one in each, only one of the two
 * parts is left. Within a node: direct over a full mesh, else a ring for each path side by side
 * (or channel asked for). Across: a ring where its messages have at least 64 KiB, else recursive
 * halving and doubling (a power of two of nodes, or more than 1,024) or direct.
 */

/**
 * all_reduce, `hierarchical`: reduce-scatter in the node, all-reduce of the share across,
 * all-gather in the node. @param [in] context What to do.
 */
ProgramPointer AllReduceHierarchical(const CollectiveContext& context);

/**
 * reduce_scatter, `hierarchical`: in the node, the chunks of all members at one place to that
 * place; then across. @param [in] context What to do.
 */
ProgramPointer ReduceScatterHierarchical(const CollectiveContext& context);

/** all_gather, `hierarchical`: across, then in the node. @param [in] context What to do. */
ProgramPointer AllGatherHierarchical(const CollectiveContext& context);

/**
 * all_to_all, `hierarchical`: in the node, everything for members at one place of any node to that
 * place; then across, one message for each pair of nodes and place. @param [in] context What to do.
 */
ProgramPointer AllToAllHierarchical(const CollectiveContext& context);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_HIERARCHICAL_H
