/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_BLOCKS_H
#define MTLINK_BLOCKS_H

#include "training/layer-steps.h"

#include "ns3/mtlink-fidelity.h"
#include "ns3/mtlink-results.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** What the time of a computation is made of, ps by TrainingCause. */
using Composition = std::array<Tick, TRAINING_CAUSES>;

/** @return what a cause has of it, ps. */
inline Tick&
PartOf(Composition& composition, TrainingCause cause)
{
    return composition[static_cast<std::size_t>(cause)];
}

/** A collective of a tensor group that is alone on its links, begun by all members at once. */
struct TensorTime
{
    Tick time{0};                        //!< From launch to end, ps
    double bytes{0};                     //!< Payload of its messages
    Fidelity fidelity{Fidelity::PACKET}; //!< How that was found out
};

/** By name and nccl-tests' size; a collective's place is its number in this order. */
using TensorTimes = std::map<std::pair<std::string, uint64_t>, TensorTime>;

/** Tensor groups that are replayed as one card each. */
struct TensorFold
{
    static constexpr uint32_t APART = UINT32_MAX; //!< A group that is replayed card by card

    std::vector<TensorTimes> times; //!< Of their collectives, by class of groups that are alike
    /** By group, those of a stage after those of the stages before: its class, or APART. */
    std::vector<uint32_t> classOf;
};

/**
 * @ingroup mtlink
 * A run of kernels without a collective between them that must be replayed, or a step of one.
 */
struct Block
{
    Step step;             //!< LAUNCH, WAIT, WAIT_ALL; else kernels
    const char* name;      //!< For people
    Composition time{};    //!< Kernels
    Tick communication{0}; //!< Of a tensor group, folded into it, hidden or not
    double bytes{0};       //!< Payload of that
    /** Collectives folded into it, by place in TensorTimes, and how often each comes. */
    std::vector<std::pair<uint32_t, uint32_t>> folded{};

    /** @return how long the kernels take, with what is folded into them. */
    Tick GetDuration() const;

    /** @return whether most of its kernels compute, compute again, or optimise. */
    TrainingCause GetMainCause() const;

    /** @return how long the kernels alone take: without the host and without what is folded. */
    Tick GetKernelTime() const;
};

/**
 * @ingroup mtlink
 * Turns steps into blocks. Folded, the collectives of a tensor group are within the kernels: they
 * take their time, and hide behind kernels as they would if they were replayed.
 * @param [in] spec The training.
 * @param [in] name Of the steps, for people.
 * @param [in] steps What a card does.
 * @param [in] slowness Times that its kernels take longer; folded, of the slowest member.
 * @param [in] folded Times of the tensor group's collectives; nullptr: they are replayed.
 * @return the blocks.
 */
std::vector<Block> MakeBlocks(const TrainingSpec& spec,
                              const char* name,
                              const Steps& steps,
                              double slowness,
                              const TensorTimes* folded);

/** @return host's time before a collective, ps. @param [in] members How many it has. */
Tick GetCollectiveOverhead(const Device& device, std::size_t members);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_BLOCKS_H
