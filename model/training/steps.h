/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_STEPS_H
#define MTLINK_STEPS_H

#include "training/expert-routing.h"
#include "training/group-kind.h"
#include "training/kernel-times.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

inline constexpr double BF16 = 2; //!< Bytes of an activation

/**
 * @ingroup mtlink
 * A step of what a card does.
 */
struct Step
{
    /** What it is. */
    enum Type : uint8_t
    {
        COMPUTE,   //!< Kernels that the model needs
        RECOMPUTE, //!< Kernels that are run a second time
        OPTIMIZER, //!< Kernels that change the weights
        LAUNCH,    //!< A collective begins
        WAIT,      //!< What comes next waits for the first such collective not waited for yet
        WAIT_ALL,  //!< ... for all collectives of the card that are not waited for yet
    };

    Type type{COMPUTE};                 //!< What it is
    GroupKind group{GroupKind::TENSOR}; //!< LAUNCH, WAIT: among whom
    Work work;                          //!< Kernels
    const char* collective{nullptr};    //!< LAUNCH, WAIT: which
    uint64_t bytes{0};                  //!< LAUNCH: nccl-tests' size
    ExpertRoute route;                  //!< LAUNCH in an expert group: who sends how much to whom
};

/** Steps in order. */
using Steps = std::vector<Step>;

/** Which half of backward. */
enum class BackwardPart : uint8_t
{
    WHOLE,  //!< Both
    INPUT,  //!< Gradients of inputs: what the stage before waits for
    WEIGHT, //!< Gradients of weights
};

/** @return whether a part of backward makes gradients of inputs. @param [in] part Which. */
constexpr bool
HasInput(BackwardPart part)
{
    return part != BackwardPart::WEIGHT;
}

/** @return whether a part of backward makes gradients of weights. @param [in] part Which. */
constexpr bool
HasWeight(BackwardPart part)
{
    return part != BackwardPart::INPUT;
}

/** @return kernels, if they are wanted. */
inline Work
If(bool wanted, const Work& work)
{
    return wanted ? work : Work{};
}

/**
 * Add kernels, to those before where nothing stands between.
 * @param [in,out] steps Where.
 * @param [in] type What they are for.
 * @param [in] work They.
 */
void Add(Steps& steps, Step::Type type, const Work& work);

/**
 * @param [in] type LAUNCH or WAIT.
 * @param [in] group Among whom.
 * @param [in] collective Which.
 * @param [in] bytes LAUNCH: nccl-tests' size.
 * @return a step of a collective.
 */
Step MakeStep(Step::Type type, GroupKind group, const char* collective, uint64_t bytes = 0);

/** @return steps after steps. @param [in] first Those. @param [in] second These. */
Steps Join(const Steps& first, const Steps& second);

/**
 * Let one micro-batch's kernels run while another's tokens are on their way to experts and back:
 * steps of one as far as it sends tokens, then those of the other as far as it does, and so on.
 * @param [in] first Steps of one micro-batch.
 * @param [in] second Of the other.
 * @return steps of both; waits find the sends in their order.
 */
Steps Interleave(const Steps& first, const Steps& second);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_STEPS_H
