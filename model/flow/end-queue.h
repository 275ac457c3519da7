/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_END_QUEUE_H
#define MTLINK_FLOW_END_QUEUE_H

#include "ns3/mtlink-tick.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * When messages end, as it looks now: a 4-ary heap that knows where each message is in it, since
 * ends move with every change of rates. What ends at one instant comes in order of numbers.
 */
class EndQueue
{
  public:
    /** @return the first end; NEVER: there is none. */
    Tick GetFirst() const
    {
        return m_heap.empty() ? NEVER : m_heap.front().at;
    }

    /** @return the message of the first end; there must be one. */
    uint32_t GetFirstId() const
    {
        return m_heap.front().id;
    }

    /** @param [in] id A message. @return its end as it was set; NEVER: it has none. */
    Tick Get(uint32_t id) const
    {
        return id < m_places.size() && m_places[id] != NOWHERE ? m_heap[m_places[id]].at : NEVER;
    }

    /**
     * A message has an end, or another one.
     * @param [in] id The message.
     * @param [in] at Its end.
     */
    void Set(uint32_t id, Tick at)
    {
        const uint32_t place = SetUnordered(id, at);
        if (place > 0 && m_heap[place].IsBefore(m_heap[(place - 1) / 4]))
        {
            Rise(place);
        }
        else
        {
            Sink(place);
        }
    }

    /**
     * The same, of many: Order() is to be called before anything else is asked for.
     * @param [in] id The message.
     * @param [in] at Its end.
     * @return its place in the heap.
     */
    uint32_t SetUnordered(uint32_t id, Tick at)
    {
        if (id >= m_places.size())
        {
            m_places.resize(std::max<std::size_t>(id + 1, m_places.size() * 2), NOWHERE);
        }
        if (m_places[id] == NOWHERE)
        {
            m_places[id] = static_cast<uint32_t>(m_heap.size());
            m_heap.push_back({at, id});
        }
        m_heap[m_places[id]].at = at;
        return m_places[id];
    }

    /** Put what SetUnordered() has set where it belongs. */
    void Order()
    {
        for (auto place = static_cast<uint32_t>((m_heap.size() + 2) / 4); place-- > 0;)
        {
            Sink(place);
        }
    }

    /** Remove the first end; there must be one. */
    void Pop()
    {
        m_places[m_heap.front().id] = NOWHERE;
        const Entry last = m_heap.back();
        m_heap.pop_back();
        if (!m_heap.empty())
        {
            Put(0, last);
            Sink(0);
        }
    }

  private:
    static constexpr uint32_t NOWHERE = std::numeric_limits<uint32_t>::max(); //!< Not in the heap

    /** An end. */
    struct Entry
    {
        Tick at;     //!< When
        uint32_t id; //!< Of which message

        bool IsBefore(const Entry& other) const
        {
            return at < other.at || (at == other.at && id < other.id);
        }
    };

    void Put(uint32_t place, const Entry& entry)
    {
        m_heap[place] = entry;
        m_places[entry.id] = place;
    }

    void Rise(uint32_t place)
    {
        const Entry entry = m_heap[place];
        for (; place > 0 && entry.IsBefore(m_heap[(place - 1) / 4]); place = (place - 1) / 4)
        {
            Put(place, m_heap[(place - 1) / 4]);
        }
        Put(place, entry);
    }

    void Sink(uint32_t place)
    {
        const Entry entry = m_heap[place];
        for (;;)
        {
            const std::size_t first = 4 * std::size_t{place} + 1;
            const std::size_t end = std::min(first + 4, m_heap.size());
            std::size_t best = first;
            for (std::size_t child = first + 1; child < end; ++child)
            {
                best = m_heap[child].IsBefore(m_heap[best]) ? child : best;
            }
            if (first >= end || !m_heap[best].IsBefore(entry))
            {
                break;
            }
            Put(place, m_heap[best]);
            place = static_cast<uint32_t>(best);
        }
        Put(place, entry);
    }

    std::vector<Entry> m_heap;      //!< Ends
    std::vector<uint32_t> m_places; //!< By message: where in the heap
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_END_QUEUE_H
