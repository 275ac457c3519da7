/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_BALANCE_H
#define MTLINK_BALANCE_H

#include "training/training-spec.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The time of an iteration without communication: kernels, their launches and the host's time
 * before collectives, in the order of the schedule, messages and collectives taking none.
 * @param [in] spec The training, checked.
 * @return it, ps: that of the slowest replica.
 */
Tick GetQuickTime(const TrainingSpec& spec);

/** @return layers of each of so many stages, as evenly as they go; the first get more. */
std::vector<uint32_t> SpreadEvenly(uint32_t layers, uint32_t stages);

/**
 * @ingroup mtlink
 * Choose the layers of each stage, or virtual stage, by GetQuickTime(): from the most even split,
 * and from the one in proportion to the speed of each stage's cards, a layer is moved from one
 * stage to another for as long as that makes the iteration quicker. Splits whose memory does not
 * fit are passed over, unless it is ignored.
 * @param [in,out] spec The training; gets `parallel.stages`, and the search in `balances`.
 * @throws ParameterError where no split that was tried fits.
 */
void BalanceStages(TrainingSpec& spec);

/**
 * @ingroup mtlink
 * Give replicas as even numbers of micro-batches as the schedule allows.
 * @param [in,out] spec The training; gets `microBatches`.
 * @throws ParameterError for a batch of too few micro-batches.
 */
void SpreadMicroBatches(TrainingSpec& spec);

/**
 * @ingroup mtlink
 * Choose how many micro-batches each replica has, by GetQuickTime(): one after another goes to the
 * replica that is done with it first. As a replica's time grows with each, no other split is
 * quicker.
 * @param [in,out] spec The training; gets `microBatches`, and the search in `balances`.
 * @throws ParameterError for a batch of too few micro-batches.
 */
void BalanceMicroBatches(TrainingSpec& spec);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_BALANCE_H
