/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/ring-phase.h"

#include <algorithm>
#include <map>
#include <utility>

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

void
ForSomeRings(const CollectiveProgram& program,
             uint32_t members,
             const std::function<void(const RingPhase&, double)>& visit)
{
    constexpr uint32_t MOST_MEMBERS = 64;
    constexpr uint32_t MOST_TRANSFERS = 10'000; // before the first ring, and between two
    const uint32_t looked = std::min(members, MOST_MEMBERS);
    const double weight = static_cast<double>(members) / looked;
    std::map<uint64_t, std::pair<RingPhase, double>> rings; // and messages, by first place
    for (uint32_t i = 0; i < looked; ++i)
    {
        const auto member = static_cast<uint32_t>(uint64_t{i} * members / looked);
        for (uint32_t strand = 0; strand < program.GetStrands(); ++strand)
        {
            Transfers transfers = program.Open(member, strand, false);
            for (uint32_t count = 0; count < MOST_TRANSFERS; ++count)
            {
                const Transfers::Step step = transfers.NextOrRing();
                if (step == Transfers::END)
                {
                    break;
                }
                if (step == Transfers::RING)
                {
                    const RingPhase& phase = transfers.GetRing();
                    const auto ring = rings.try_emplace(phase.rounds.Place(0, 0), phase, 0).first;
                    ring->second.second += static_cast<double>(phase.GetSteps()) * weight;
                    transfers.SkipRing();
                    count = 0;
                }
            }
        }
    }
    for (const auto& [place, ring] : rings)
    {
        visit(ring.first, ring.second);
    }
}

} // namespace mtlink
} // namespace ns3
