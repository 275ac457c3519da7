/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_QUEUE_TABLE_H
#define MTLINK_FLOW_QUEUE_TABLE_H

#include "engine/random.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The last message of each queue that has any: open addressing, since one comes and goes with
 * nearly every message.
 */
class QueueTable
{
  public:
    static constexpr uint64_t NOBODY = UINT64_MAX; //!< No queue's key

    QueueTable()
        : m_places(FEWEST)
    {
    }

    /**
     * Find a queue's place, made if need be.
     * @param [in] key The queue.
     * @return its last message, and whether the place is new; until the next call.
     */
    std::pair<uint32_t*, bool> Find(uint64_t key)
    {
        if (m_size * 4 >= m_places.size() * 3)
        {
            Grow();
        }
        std::size_t place = GetHome(key);
        while (m_places[place].key != NOBODY)
        {
            if (m_places[place].key == key)
            {
                return {&m_places[place].last, false};
            }
            place = (place + 1) & (m_places.size() - 1);
        }
        ++m_size;
        m_places[place].key = key;
        return {&m_places[place].last, true};
    }

    /** Forget a queue. @param [in] key The queue; it is there. */
    void Erase(uint64_t key)
    {
        const std::size_t mask = m_places.size() - 1;
        std::size_t hole = GetHome(key);
        while (m_places[hole].key != key)
        {
            hole = (hole + 1) & mask;
        }
        // Those behind move up, unless that took them before their home.
        for (std::size_t next = (hole + 1) & mask; m_places[next].key != NOBODY;
             next = (next + 1) & mask)
        {
            const std::size_t home = GetHome(m_places[next].key);
            if (((next - home) & mask) >= ((next - hole) & mask))
            {
                m_places[hole] = m_places[next];
                hole = next;
            }
        }
        m_places[hole].key = NOBODY;
        --m_size;
    }

  private:
    static constexpr std::size_t FEWEST = 64; //!< Places

    /** A queue. */
    struct Place
    {
        uint64_t key{NOBODY}; //!< Which
        uint32_t last{0};     //!< Its last message
    };

    std::size_t GetHome(uint64_t key) const
    {
        return Mix(key) & (m_places.size() - 1);
    }

    void Grow()
    {
        std::vector<Place> old(m_places.size() * 2);
        old.swap(m_places);
        m_size = 0;
        for (const Place& place : old)
        {
            if (place.key != NOBODY)
            {
                *Find(place.key).first = place.last;
            }
        }
    }

    std::vector<Place> m_places; //!< A power of two of them
    std::size_t m_size{0};       //!< Queues
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_QUEUE_TABLE_H
