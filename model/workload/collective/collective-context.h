/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COLLECTIVE_CONTEXT_H
#define MTLINK_COLLECTIVE_CONTEXT_H

#include "workload/collective/collective-program.h"
#include "workload/collective/collective.h"
#include "workload/collective/placement.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * All that an algorithm works with. Algorithms are functions of this; their names and the
 * collectives that they can do stand in one table, in collective.cc.
 */
struct CollectiveContext
{
    const CollectiveSpec& spec;       //!< What to do
    const Placement& placement;       //!< Where the members sit
    mutable bool usesChannels{false}; //!< The algorithm has asked for channels
    mutable bool usesChunk{false};    //!< The algorithm has asked for the pieces of a pipeline

    /** @return the number of members, at least 2. */
    uint32_t Size() const
    {
        return static_cast<uint32_t>(spec.ranks.size());
    }

    /** @return all the data. */
    Segment Whole() const
    {
        return {0, spec.bytes};
    }

    /** @return the channels asked for; 0: to be chosen. */
    uint32_t Channels() const
    {
        usesChannels = true;
        return spec.channels;
    }

    /**
     * @param [in] message Bytes of a message.
     * @return lots to cut it into, see Placement::GetLots().
     */
    uint32_t Lots(uint64_t message) const
    {
        return placement.GetLots(Channels(), message);
    }

    /**
     * Pieces of a pipeline: of the chunk asked for, or else 64 pieces of at least 64 KiB, which
     * keeps a pipeline of d steps busy for 64 of 64 + d - 1 of its time.
     * @param [in] bytes What flows through it.
     * @return their number, at least 1 and at most 65536.
     * @throws ParameterError for a chunk that would make more.
     */
    uint32_t Pieces(uint64_t bytes) const
    {
        constexpr uint64_t LEAST = 64 * 1024;
        constexpr uint64_t MOST = 64;
        constexpr uint64_t LIMIT = 65536;
        const uint64_t chunk =
            spec.chunk > 0 ? spec.chunk : std::max(LEAST, (bytes + MOST - 1) / MOST);
        usesChunk = true;
        const uint64_t pieces = bytes / chunk + (bytes % chunk > 0);
        if (pieces > LIMIT)
        {
            throw ParameterError("chunk",
                                 "a chunk of " + std::to_string(chunk) + " B cuts " +
                                     std::to_string(bytes) + " B into more than " +
                                     std::to_string(LIMIT) + " pieces; make it larger");
        }
        return static_cast<uint32_t>(std::max<uint64_t>(pieces, 1));
    }
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_COLLECTIVE_CONTEXT_H
