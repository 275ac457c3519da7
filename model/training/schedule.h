/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SCHEDULE_H
#define MTLINK_SCHEDULE_H

#include "training/training-spec.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A micro-batch's pass through a chunk of layers.
 */
struct Visit
{
    /** Which way. */
    enum Kind : uint8_t
    {
        FORWARD,         //!< Forward
        BACKWARD,        //!< Backward, all of it
        BACKWARD_INPUT,  //!< Backward, gradients of inputs
        BACKWARD_WEIGHT, //!< Backward, gradients of weights
        BOTH,            //!< Forward, and backward of another micro-batch beside it
    };

    Kind kind{FORWARD};  //!< Which way
    uint32_t micro{0};   //!< Micro-batch, from 0
    uint32_t chunk{0};   //!< Virtual stage, from 0
    uint32_t partner{0}; //!< BOTH: the micro-batch that goes backward, through the other chunk
};

/**
 * @ingroup mtlink
 * @param [in] visit A visit.
 * @return the passes of which it is made: itself, or forward and backward.
 */
std::vector<Visit> GetPasses(const Visit& visit);

/**
 * @ingroup mtlink
 * The order in which a stage does its visits.
 *
 * - gpipe: all forward, then all backward, the last first (Huang et al. 2019);
 * - 1f1b: as many forward as there are stages behind, then one backward for each forward
 *   (Narayanan et al. 2021);
 * - interleaved: likewise with virtual stages, by groups of as many micro-batches as there are
 *   stages, in the order of Megatron-LM's forward_backward_pipelining_with_interleaving;
 * - zero_bubble: 1f1b whose gradients of weights are put off, at stage i of i micro-batches, to
 *   where it would wait (Qi et al. 2023, ZB-H1);
 * - dualpipe: half of the micro-batches from either end, two chunks on each card; forward of one
 *   beside backward of another, gradients of weights put off where it would wait (DeepSeek-V3,
 *   arXiv 2412.19437, section 3.2.1, in the order of its authors' DualPipe).
 * @param [in] spec The training.
 * @param [in] stage The stage.
 * @return its visits of one iteration.
 */
std::vector<Visit> MakeSchedule(const TrainingSpec& spec, uint32_t stage);

/**
 * @ingroup mtlink
 * @param [in] schedule A stage's visits.
 * @return the most passes forward whose backward is not done.
 */
uint32_t GetMostInFlight(const std::vector<Visit>& schedule);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SCHEDULE_H
