/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_PATH_CACHE_H
#define MTLINK_FLOW_PATH_CACHE_H

#include "engine/random.h"
#include "flow/flow-path.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The ways of messages that were found lately, by ends and label: sets of four, of which the one
 * that was asked for longest ago gives way. Who is looked for is in one line of the cache, apart
 * from the ways.
 */
class PathCache
{
  public:
    /** @param [in] ways How many to keep; made up to a power of two. */
    explicit PathCache(std::size_t ways)
        : m_sets(std::bit_ceil(std::max<std::size_t>(ways, WAYS)) / WAYS),
          m_paths(m_sets.size() * WAYS)
    {
    }

    /**
     * @param [in] ends Source and destination.
     * @param [in] label Flow label.
     * @param [in] make Called with a FlowPath to be filled in, unless it is known.
     * @return the way, until the next call.
     */
    template <typename Make>
    const FlowPath& Find(uint64_t ends, uint32_t label, Make make)
    {
        const std::size_t place = Mix(ends + label) & (m_sets.size() - 1);
        Set& set = m_sets[place];
        for (uint32_t i = 0; i < WAYS; ++i)
        {
            const uint8_t way = set.order[i];
            if (set.ends[way] == ends && set.labels[way] == label)
            {
                std::rotate(set.order.begin(), set.order.begin() + i, set.order.begin() + i + 1);
                return m_paths[place * WAYS + way];
            }
        }
        const uint8_t way = set.order.back();
        FlowPath& path = m_paths[place * WAYS + way];
        set.ends[way] = NOWHERE; // if it throws
        make(path);
        set.ends[way] = ends;
        set.labels[way] = label;
        std::rotate(set.order.begin(), set.order.end() - 1, set.order.end());
        return path;
    }

    /**
     * Ask for a way, a step further with each call.
     * @param [in] ends Source and destination.
     * @param [in] label Flow label.
     * @param [in] step From 0.
     * @return the way, from step 2 on, if it is known; else nullptr.
     */
    const FlowPath* Prefetch(uint64_t ends, uint32_t label, uint32_t step) const
    {
        const std::size_t place = Mix(ends + label) & (m_sets.size() - 1);
        const Set& set = m_sets[place];
        if (step == 0)
        {
            __builtin_prefetch(&set, 1);
            return nullptr;
        }
        for (uint32_t way = 0; way < WAYS; ++way)
        {
            if (set.ends[way] != ends || set.labels[way] != label)
            {
                continue;
            }
            const FlowPath& path = m_paths[place * WAYS + way];
            if (step > 1)
            {
                __builtin_prefetch(path.parts.data());
                return &path;
            }
            for (std::size_t at = 0; at < sizeof(FlowPath); at += sizeof(Set))
            {
                __builtin_prefetch(reinterpret_cast<const std::byte*>(&path) + at);
            }
        }
        return nullptr;
    }

  private:
    static constexpr std::size_t WAYS = 4;          //!< Of a set
    static constexpr uint64_t NOWHERE = UINT64_MAX; //!< No ends

    /** Whose ways a set has. */
    struct alignas(64) Set
    {
        std::array<uint64_t, WAYS> ends{NOWHERE, NOWHERE, NOWHERE, NOWHERE}; //!< By way
        std::array<uint32_t, WAYS> labels{};                                 //!< By way
        std::array<uint8_t, WAYS> order{0, 1, 2, 3};                         //!< Latest first
    };

    static_assert(sizeof(Set) == 64);

    std::vector<Set> m_sets;       //!< By hash
    std::vector<FlowPath> m_paths; //!< Of each set, one behind the other
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_PATH_CACHE_H
