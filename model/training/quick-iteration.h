/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_QUICK_ITERATION_H
#define MTLINK_QUICK_ITERATION_H

#include "training/group-kind.h"
#include "training/steps.h"
#include "training/training-spec.h"

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <functional>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What communication takes where nobody else is on its way, ps; never more than it does take.
 */
struct QuickCosts
{
    /** Of a collective that a step launches, from its launch by all members to its end. */
    std::function<Tick(const Step& step)> collective;
    /** Of what a card sends from a stage to another in a visit, until it is there. */
    std::function<Tick(uint32_t from, uint32_t to)> message;
    /** ... until it has left, which a stage that does not go on while it sends waits for. */
    std::function<Tick(uint32_t from, uint32_t to)> leaving;
};

/**
 * @ingroup mtlink
 * Least time of an iteration: the schedule replayed for one card of each stage, of nominal speed,
 * that waits for its own kernels, for the host, for collectives and for messages of other stages
 * as they take alone. Nothing is said of links that are shared, of cards that wait for slower ones
 * of their group, nor of kernels slowed by communication: so no iteration is quicker, where costs
 * are never more than what communication takes.
 *
 * Takes about as many steps as a replica has passes of micro-batches through chunks of layers:
 * milliseconds, whatever the number of replicas.
 * @param [in] spec The training, checked.
 * @param [in] costs What communication takes.
 * @return time from start to the end of the last stage, ps.
 */
Tick GetQuickIteration(const TrainingSpec& spec, const QuickCosts& costs);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_QUICK_ITERATION_H
