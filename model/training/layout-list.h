/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LAYOUT_LIST_H
#define MTLINK_LAYOUT_LIST_H

#include "training/training-spec.h"

#include "ns3/mtlink-results.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * Most layouts that are looked at: memory of each takes 10 us to 10 ms, so that all take minutes
 * at most. `parallel: auto` of 10,240 cards has about a thousand.
 */
inline constexpr uint64_t MOST_LAYOUTS = 50'000;

/**
 * @ingroup mtlink
 * What of a training's layout is free to be chosen.
 */
struct LayoutSpace
{
    bool tensor{false};        //!< parallel.tensor
    bool context{false};       //!< parallel.context
    bool pipeline{false};      //!< parallel.pipeline
    bool data{true};           //!< parallel.data
    bool expert{false};        //!< parallel.expert
    bool micro{false};         //!< batch.micro
    bool virtualStages{false}; //!< schedule.virtual; 1 is the schedule 1f1b
    bool zero{false};          //!< zero
    bool recompute{false};     //!< recompute
    bool sequence{true};       //!< Tensor groups share sequences, too, where there are any
    uint32_t runs{3};          //!< How many of the best are simulated, at most

    /** @return whether there is anything to choose; data alone follows from the others. */
    bool IsFree() const
    {
        return tensor || context || pipeline || expert || micro || virtualStages || zero ||
               recompute;
    }
};

/** A layout that does not fit. */
struct LayoutOverflow
{
    TrainingSpec layout;   //!< It
    uint32_t stage{0};     //!< Its fullest stage
    TrainingMemory memory; //!< Of a card there
};

/**
 * @ingroup mtlink
 * The layouts of a training that can be.
 */
struct LayoutList
{
    std::vector<TrainingSpec> layouts;     //!< That fit, in the order in which they were looked at
    uint64_t looked{0};                    //!< All that the cards divide into
    uint64_t indivisible{0};               //!< ... of which heads, layers, batch or sequence don't
    std::string indivisibleWhy;            //!< Why the first of these does not
    uint64_t tooLarge{0};                  //!< ... which do not fit the cards' memory
    std::optional<LayoutOverflow> nearest; //!< Of these, the one that lacks least
};

/**
 * @ingroup mtlink
 * List the layouts of a training: all divisors of the cards for each free size of groups, of the
 * layers of a stage for virtual stages, of the sequences of a replica for a micro-batch, each with
 * all stages of ZeRO and kinds of recomputation that are free; those that CheckTraining() refuses
 * or that do not fit left out. In order of tensor, context, pipeline, expert, virtual stages,
 * micro-batch, ZeRO and recomputation, smaller first.
 * @param [in] base The training; of what is free, its values mean nothing.
 * @param [in] space What is free.
 * @param [in] cards How many cards there are.
 * @return the layouts.
 * @throws ParameterError for more than MOST_LAYOUTS of them.
 */
LayoutList ListLayouts(const TrainingSpec& base, const LayoutSpace& space, uint32_t cards);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LAYOUT_LIST_H
