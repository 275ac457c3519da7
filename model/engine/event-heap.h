/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EVENT_HEAP_H
#define MTLINK_EVENT_HEAP_H

#include "ns3/mtlink-tick.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A typed event: plain data.
 */
struct TypedEvent
{
    Tick at;      //!< Due time
    uint64_t key; //!< What, and for whom; breaks ties: see EventHandlers

    /** @return whether it is due before another; without a branch. */
    bool IsBefore(const TypedEvent& other) const
    {
        return GetOrder() < other.GetOrder();
    }

    /** @return time and key as one number: its order among events. */
    unsigned __int128 GetOrder() const
    {
        return static_cast<unsigned __int128>(at) << 64 | key;
    }
};

/**
 * @ingroup mtlink
 * A set of typed events, ordered by (time, key): an implicit 4-ary heap.
 *
 * Four children lie in one cache line, or two, so that it costs about half the cache misses of a
 * binary heap. Removal moves the hole down to a leaf and then lifts the last entry ("bottom-up"),
 * which saves a comparison per level: the last entry nearly always belongs near the bottom.
 */
class EventHeap
{
  public:
    /** @return whether no event is pending. */
    bool IsEmpty() const
    {
        return m_events.empty();
    }

    /** @return the number of pending events. */
    std::size_t GetSize() const
    {
        return m_events.size();
    }

    /** @return the first event; there must be one. */
    const TypedEvent& Top() const
    {
        return m_events.front();
    }

    /**
     * Insert an event.
     * @param [in] event The event.
     */
    void Push(const TypedEvent& event)
    {
        m_events.push_back(event);
        Lift(m_events.size() - 1, event);
    }

    /** Remove the first event. */
    void Pop()
    {
        const TypedEvent last = m_events.back();
        m_events.pop_back();
        if (!m_events.empty())
        {
            Lift(SinkHole(), last);
        }
    }

    /** Remove all. */
    void Clear()
    {
        m_events.clear();
    }

  private:
    static constexpr std::size_t ARITY = 4; //!< Children per node

    /** @return where the hole at the root ends, moved down along the earliest children. */
    std::size_t SinkHole()
    {
        const std::size_t n = m_events.size();
        TypedEvent* const a = m_events.data();
        std::size_t hole = 0;
        for (;;)
        {
            const std::size_t first = hole * ARITY + 1;
            if (first + ARITY <= n)
            {
                const std::size_t left = first + a[first + 1].IsBefore(a[first]);
                const std::size_t right = first + 2 + a[first + 3].IsBefore(a[first + 2]);
                const std::size_t least = a[right].IsBefore(a[left]) ? right : left;
                a[hole] = a[least];
                hole = least;
                continue;
            }
            if (first >= n)
            {
                return hole;
            }
            std::size_t least = first;
            for (std::size_t c = first + 1; c < n; ++c)
            {
                least = a[c].IsBefore(a[least]) ? c : least;
            }
            a[hole] = a[least];
            hole = least;
        }
    }

    /** Put an event into the hole, or above it. */
    void Lift(std::size_t hole, const TypedEvent event)
    {
        TypedEvent* const a = m_events.data();
        while (hole > 0)
        {
            const std::size_t parent = (hole - 1) / ARITY;
            if (!event.IsBefore(a[parent]))
            {
                break;
            }
            a[hole] = a[parent];
            hole = parent;
        }
        a[hole] = event;
    }

    std::vector<TypedEvent> m_events; //!< In heap order
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EVENT_HEAP_H
