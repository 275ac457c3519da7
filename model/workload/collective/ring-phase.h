/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_RING_PHASE_H
#define MTLINK_RING_PHASE_H

#include "workload/collective/chunk-layout.h"
#include "workload/collective/collective-program.h"

#include <cstdint>
#include <functional>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What one member does in a ring: in each step it sends to the next one the chunk that came in the
 * step before, so n - 1 steps reduce-scatter or all-gather, and twice as many do both. In step k
 * the member at place p sends the chunk of place p - k, or with a reduction of p - 1 - k.
 *
 * All members of a ring yield the same phase, but for their place. What the member's copies of the
 * chunks wait for must be the same for all of them: a ring is begun as a whole.
 */
struct RingPhase
{
    const Team* ring;  //!< Members in ring order, at least two; outlives the transfers
    uint32_t at;       //!< The member's place on the ring
    TeamBlocks blocks; //!< By place: its chunk, which it ends with reduced, or begins with
    uint32_t flow;     //!< Flow label
    Rounds rounds;     //!< Its rounds, one for each step; the first place names the ring
    bool reduces;      //!< Chunks are reduced on their first way round
    bool gathers;      //!< They go round, to be stored

    /** @return members. */
    uint32_t GetSize() const
    {
        return static_cast<uint32_t>(ring->size());
    }

    /** @return steps. */
    uint32_t GetSteps() const
    {
        return (GetSize() - 1) * ((reduces ? 1 : 0) + (gathers ? 1 : 0));
    }

    /** @return the place whose chunk goes from a place. @param [in] place Where. @param [in] step
     *          When. */
    uint32_t ChunkOf(uint32_t place, uint32_t step) const
    {
        const uint64_t n = GetSize();
        return static_cast<uint32_t>((place + 2 * n - (reduces ? 1 : 0) - step % n) % n);
    }

    /** @return all its blocks. */
    BlockRange GetBlocks() const
    {
        return {blocks.base, blocks.base + GetSize() * blocks.stride};
    }
};

/**
 * Visit rings of a program, those of some members, evenly chosen: all where there are few.
 * @param [in] program A program.
 * @param [in] members Its members.
 * @param [in] visit Called with (phase, messages of all rings that it stands for), each ring once.
 */
void ForSomeRings(const CollectiveProgram& program,
                  uint32_t members,
                  const std::function<void(const RingPhase&, double)>& visit);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RING_PHASE_H
