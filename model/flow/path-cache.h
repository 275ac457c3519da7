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
#include <memory>
#include <span>
#include <unordered_set>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The ways of messages that were found lately, by ends and label: sets of four, of which the one
 * that was asked for longest ago gives way. Who is looked for is in one line of the cache, a way of
 * few links in two beside one another; what it does to messages is kept once for all that do the
 * same.
 */
class PathCache
{
  public:
    /** @param [in] ways How many to keep; made up to a power of two. */
    explicit PathCache(std::size_t ways)
        : m_sets(std::bit_ceil(std::max<std::size_t>(ways, WAYS)) / WAYS),
          m_ways(m_sets.size() * WAYS)
    {
    }

    /**
     * @param [in] ends Source and destination.
     * @param [in] label Flow label.
     * @param [in] make Called with a FlowPath to be filled in, unless it is known.
     * @return the way, until the next call.
     */
    template <typename Make>
    FlowWay Find(uint64_t ends, uint32_t label, Make make)
    {
        const std::size_t place = Mix(ends + label) & (m_sets.size() - 1);
        Set& set = m_sets[place];
        for (uint32_t i = 0; i < WAYS; ++i)
        {
            const uint8_t way = set.order[i];
            if (set.ends[way] == ends && set.labels[way] == label)
            {
                std::rotate(set.order.begin(), set.order.begin() + i, set.order.begin() + i + 1);
                return m_ways[place * WAYS + way].Get();
            }
        }
        make(m_found);
        const uint8_t way = set.order.back();
        Way& kept = m_ways[place * WAYS + way];
        kept.Keep(m_found, &*m_manners.insert(m_found).first);
        set.ends[way] = ends;
        set.labels[way] = label;
        std::rotate(set.order.begin(), set.order.end() - 1, set.order.end());
        return kept.Get();
    }

    /**
     * Ask for a way, a step further with each call.
     * @param [in] ends Source and destination.
     * @param [in] label Flow label.
     * @param [in] step From 0.
     * @return its links, from step 2 on, if it is known and they are few; else none.
     */
    std::span<const FlowStep> Prefetch(uint64_t ends, uint32_t label, uint32_t step) const
    {
        const std::size_t place = Mix(ends + label) & (m_sets.size() - 1);
        const Set& set = m_sets[place];
        if (step == 0)
        {
            __builtin_prefetch(&set, 1);
            return {};
        }
        for (uint32_t way = 0; way < WAYS; ++way)
        {
            if (set.ends[way] != ends || set.labels[way] != label)
            {
                continue;
            }
            const Way& known = m_ways[place * WAYS + way];
            if (step > 1)
            {
                return known.GetFew();
            }
            __builtin_prefetch(&known);
            __builtin_prefetch(reinterpret_cast<const std::byte*>(&known) + LINE);
        }
        return {};
    }

  private:
    static constexpr std::size_t WAYS = 4;          //!< Of a set
    static constexpr std::size_t LINE = 64;         //!< Bytes of a line of the cache
    static constexpr std::size_t FEW = 5;           //!< Links of a short way, at most
    static constexpr uint64_t NOWHERE = UINT64_MAX; //!< No ends

    /** Whose ways a set has. */
    struct alignas(LINE) Set
    {
        std::array<uint64_t, WAYS> ends{NOWHERE, NOWHERE, NOWHERE, NOWHERE}; //!< By way
        std::array<uint32_t, WAYS> labels{};                                 //!< By way
        std::array<uint8_t, WAYS> order{0, 1, 2, 3};                         //!< Latest first
    };

    static_assert(sizeof(Set) == LINE);

    /** A way. */
    class alignas(2 * LINE) Way
    {
      public:
        /** @param [in] path What it is. @param [in] manner Of it, to outlive this. */
        void Keep(const FlowPath& path, const FlowManner* manner)
        {
            m_manner = manner;
            m_count = 0;
            m_many.reset();
            if (path.parts.size() > 1 || path.steps.size() > FEW)
            {
                m_many = std::make_unique<Many>(Many{path.steps, path.parts});
                return;
            }
            m_count = static_cast<uint32_t>(path.steps.size());
            m_part = path.parts.empty() ? FlowPath::Part{} : path.parts.front();
            std::copy(path.steps.begin(), path.steps.end(), m_few.begin());
        }

        /** @return the way. */
        FlowWay Get() const
        {
            return m_many ? FlowWay{m_manner, m_many->steps, m_many->parts}
                          : FlowWay{m_manner, GetFew(), {&m_part, 1}};
        }

        /** @return its links, if they are few; else none. */
        std::span<const FlowStep> GetFew() const
        {
            return {m_few.data(), m_count};
        }

      private:
        /** Of a way that is not short. */
        struct Many
        {
            std::vector<FlowStep> steps;       //!< See FlowPath
            std::vector<FlowPath::Part> parts; //!< See FlowPath
        };

        const FlowManner* m_manner{nullptr}; //!< What it does to messages
        std::unique_ptr<Many> m_many;        //!< Unless it is short
        uint32_t m_count{0};                 //!< Links of a short one
        FlowPath::Part m_part;               //!< Of a short one
        std::array<FlowStep, FEW> m_few;     //!< Of a short one
    };

    static_assert(sizeof(Way) == 2 * LINE);

    /** Of a manner. */
    struct Hash
    {
        std::size_t operator()(const FlowManner& manner) const
        {
            // What differs where these are the same is told apart by comparing.
            return Mix(static_cast<uint64_t>(manner.latency) ^
                       Mix(manner.room ^ uint64_t{manner.lane} << 32 ^ manner.ports));
        }
    };

    std::vector<Set> m_sets;                        //!< By hash
    std::vector<Way> m_ways;                        //!< Of each set, one behind the other
    std::unordered_set<FlowManner, Hash> m_manners; //!< Of all ways so far
    FlowPath m_found;                               //!< The way that is being found
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_PATH_CACHE_H
