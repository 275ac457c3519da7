/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_MIXED_CLUSTER_H
#define MTLINK_MIXED_CLUSTER_H

#include "training/training-spec.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @file
 * @ingroup mtlink
 * What the kinds of cards of a mixed cluster could do: marks to hold its iteration against.
 */

/**
 * @ingroup mtlink
 * The training that the cards of one kind would do without the others. It has the layout of the
 * mixed one, tensor, context and expert groups as they are, with as many stages as the mixed one
 * has, or the most below that among which its cards divide, and the rest in replicas; layers spread
 * as evenly as they go; each replica the mean number of micro-batches of the mixed one, rounded, so
 * that with as many stages the bubble is as large a share. Memory is not asked about.
 * @param [in] spec A training of several kinds.
 * @param [in] kind One of them.
 * @return its training, of that kind alone.
 * @throws ParameterError where there is no such layout.
 */
TrainingSpec MakeAlone(const TrainingSpec& spec, uint32_t kind);

/** @return the ranks of a kind's cards, ascending. */
std::vector<uint32_t> ListRanks(const TrainingSpec& spec, uint32_t kind);

/**
 * @ingroup mtlink
 * The least time that an iteration can take: kernels of all layers and micro-batches, each spread
 * over the cards as suits them best, while nothing else takes time. With w micro-batches, piece j
 * of the model (a layer, with embedding or output layer where it has them) taking a_jk on the cards
 * of kind k that share it, n_k such groups of cards and W_k = sum of a_jk over j:
 *
 *     w / (sum of n_k / W_k) x sum over j of min over k of a_jk / W_k
 *
 * which is the dual of the linear program that spreads them, at prices 1 / W_k: no spread is
 * quicker. Where a card of one kind takes as many times longer than another for all pieces, the
 * second factor is 1, and the first is what speeds in sum give.
 * @param [in] spec A training.
 * @return it, ps.
 */
double GetKernelBound(const TrainingSpec& spec);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_MIXED_CLUSTER_H
