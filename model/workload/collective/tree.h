/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TREE_H
#define MTLINK_TREE_H

#include "workload/collective/collective-context.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A rooted tree on vertices 0 to n - 1.
 */
struct Tree
{
    std::vector<uint32_t> parent; //!< By vertex; NONE: the root
    std::vector<uint32_t> order;  //!< All vertices, each after its parent, by depth then number
};

/**
 * @ingroup mtlink
 * One of the two trees of a double binary tree (Sanders, Speck and Traff, "Two-tree algorithms for
 * full bandwidth broadcast, reduction and scan", Parallel Computing 2009): binary, of logarithmic
 * depth, and an inner vertex of one is a leaf of the other, or has one child there, so that
 * together they use every member's links in both directions. Tree 0 is the in-order tree whose
 * vertices with a lowest set bit 2^k are k levels above the leaves, under the root 0; tree 1 is
 * tree 0 mirrored (n even) or shifted by one (n odd). NCCL builds the same two.
 * @param [in] n Vertices, at least 1.
 * @param [in] which 0 or 1.
 * @return the tree.
 */
Tree GetBinaryTree(uint32_t n, uint32_t which);

/**
 * @ingroup mtlink
 * all_reduce, `tree`: each half of the data is reduced up one of the two trees and sent down it
 * again, in pieces, see CollectiveContext::Pieces(). Flow labels 2 c and 2 c + 1 for lot c.
 * @param [in] context What to do.
 */
ProgramPointer AllReduceByTree(const CollectiveContext& context);

/**
 * @ingroup mtlink
 * broadcast, `tree`: the root feeds the roots of a double tree over the other members, as in the
 * paper. @param [in] context What to do.
 */
ProgramPointer BroadcastByTree(const CollectiveContext& context);

/** @ingroup mtlink reduce, `tree`: the same upwards. @param [in] context What to do. */
ProgramPointer ReduceByTree(const CollectiveContext& context);

/**
 * @ingroup mtlink
 * broadcast, `binomial`: in round k the members 0 to 2^k - 1, counted from the root, each send all
 * to the member 2^k further (Thakur, Rabenseifner and Gropp 2005). Takes ceil(log2 n) x (latency +
 * S / rate). @param [in] context What to do.
 */
ProgramPointer BroadcastByBinomial(const CollectiveContext& context);

/** @ingroup mtlink reduce, `binomial`: the same backwards. @param [in] context What to do. */
ProgramPointer ReduceByBinomial(const CollectiveContext& context);

/**
 * @ingroup mtlink
 * gather, `binomial`: as reduce, but each message holds the chunks of the sender's subtree.
 * @param [in] context What to do.
 */
ProgramPointer GatherByBinomial(const CollectiveContext& context);

/** @ingroup mtlink scatter, `binomial`: the same backwards. @param [in] context What to do. */
ProgramPointer ScatterByBinomial(const CollectiveContext& context);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TREE_H
