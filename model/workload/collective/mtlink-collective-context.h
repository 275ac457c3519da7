/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COLLECTIVE_CONTEXT_H
#define MTLINK_COLLECTIVE_CONTEXT_H

#include "mtlink-collective-builder.h"
#include "mtlink-placement.h"

#include <algorithm>
#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * All that an algorithm works with. Algorithms are functions of this; their names and the
 * collectives that they can do stand in one table, in mtlink-collective.cc.
 */
struct CollectiveContext
{
    CollectiveBuilder& builder; //!< Where to add the operations
    const CollectiveSpec& spec; //!< What to do
    const Placement& placement; //!< Where the members sit

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

    /**
     * @param [in] message Bytes of a message.
     * @return lots to cut it into, see Placement::GetLots().
     */
    uint32_t Lots(uint64_t message) const
    {
        return placement.GetLots(spec.channels, message);
    }

    /**
     * Pieces of a pipeline: of the chunk asked for, or else 64 pieces of at least 64 KiB, which
     * keeps a pipeline of d steps busy for 64 of 64 + d - 1 of its time.
     * @param [in] bytes What flows through it.
     * @return their number, at least 1 and at most 65536.
     */
    uint32_t Pieces(uint64_t bytes) const
    {
        constexpr uint64_t LEAST = 64 * 1024;
        constexpr uint64_t MOST = 64;
        constexpr uint64_t LIMIT = 65536;
        const uint64_t chunk =
            spec.chunk > 0 ? spec.chunk : std::max(LEAST, (bytes + MOST - 1) / MOST);
        return static_cast<uint32_t>(
            std::clamp<uint64_t>(bytes / chunk + (bytes % chunk > 0), 1, LIMIT));
    }
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_COLLECTIVE_CONTEXT_H
