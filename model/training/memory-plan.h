/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_MEMORY_PLAN_H
#define MTLINK_MEMORY_PLAN_H

#include "training/training-spec.h"

#include "ns3/mtlink-results.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] spec The training.
 * @param [in] layer A layer.
 * @return bytes that a card keeps of it for backward of one micro-batch: inputs and outputs of its
 *         operators in 16 bit, masks in 8, what recomputation spares left out (Korthikanti et al.
 *         2022, section 4, operator by operator).
 */
double GetActivationBytes(const TrainingSpec& spec, uint32_t layer);

/**
 * @ingroup mtlink
 * Memory of the cards of each stage: weights in 16 bit, gradients, the optimizer's copy and two
 * moments in 32 bit (Adam, 12 B a parameter), each shared by data groups as far as ZeRO goes; and
 * activations of as many micro-batches as the schedule has in flight at most.
 * @param [in] spec The training.
 * @return by stage, and there by kind of card.
 */
std::vector<TrainingMemory> PlanMemory(const TrainingSpec& spec);

/**
 * @ingroup mtlink
 * @param [in] spec The training.
 * @return what the fullest cards need beyond what they have, bytes; 0: it fits.
 */
double GetMemoryExcess(const TrainingSpec& spec);

/**
 * @ingroup mtlink
 * Refuse what does not fit, unless it is to be run all the same.
 * @param [in] spec The training.
 * @throws ParameterError that names the stage, its largest part, and what would fit.
 */
void CheckMemory(const TrainingSpec& spec);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_MEMORY_PLAN_H
