/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/ring-phase.h"

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return all transfers of a member's part in a ring. */
Transfers
GoRound(RingPhase phase)
{
    const Team& ring = *phase.ring;
    const uint32_t n = phase.GetSize();
    const uint32_t before = (phase.at + n - 1) % n;
    const uint32_t after = (phase.at + 1) % n;
    for (uint32_t step = 0; step < phase.GetSteps(); ++step)
    {
        co_yield SendOf({phase.rounds.Place(step, phase.at),
                         ring[after],
                         phase.blocks[phase.ChunkOf(phase.at, step)],
                         phase.flow});
        const Leg in{phase.rounds.Place(step, before),
                     ring[before],
                     phase.blocks[phase.ChunkOf(before, step)],
                     phase.flow};
        co_yield phase.reduces&& step + 1 < n ? ReduceOf(in) : ReceiveOf(in);
    }
}

} // namespace

std::suspend_always
Transfers::promise_type::yield_value(const RingPhase& phase)
{
    ring = &phase;
    return yield_value(GoRound(phase));
}

} // namespace mtlink
} // namespace ns3
