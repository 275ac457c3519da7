/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_VISIT_STEPS_H
#define MTLINK_VISIT_STEPS_H

#include "training/layer-steps.h"
#include "training/schedule.h"
#include "training/training-spec.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] spec The training, as the replica sees it (TrainingSpec::GetView()).
 * @param [in] visit A visit.
 * @return whether it does more than others of its kind: forward the first, which may have to get
 *         weights; backward the last, with which all gradients of its layers are whole.
 */
bool IsEdge(const TrainingSpec& spec, const Visit& visit);

/**
 * @ingroup mtlink
 * @param [in] spec The training, as the replica sees it.
 * @param [in] steps Of its cards.
 * @param [in] stage A stage.
 * @param [in] visit A visit of it.
 * @return what a card does in it.
 */
Steps MakeVisitSteps(const TrainingSpec& spec,
                     const LayerSteps& steps,
                     uint32_t stage,
                     const Visit& visit);

/** A message between stages. */
struct Hop
{
    bool isThere{false}; //!< There is one
    uint32_t stage{0};   //!< At the other end
    uint32_t tag{0};     //!< Its own
};

/**
 * @ingroup mtlink
 * @param [in] spec The training, as the replica sees it.
 * @param [in] stage A stage.
 * @param [in] visit A pass through it, see GetPasses().
 * @param [in] iteration Its iteration.
 * @param [in] isSend Whether the message that it sends is meant, or that which it receives.
 * @return the message, of which both ends know the same tag: below 2 x micro-batches x
 *         GetPositions() in the first iteration.
 */
Hop GetHop(const TrainingSpec& spec,
           uint32_t stage,
           const Visit& visit,
           uint32_t iteration,
           bool isSend);

/** @return bytes that a card sends to the next stage in a visit. @param [in] spec The training. */
uint64_t GetSendBytes(const TrainingSpec& spec);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_VISIT_STEPS_H
