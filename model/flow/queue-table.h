/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_QUEUE_TABLE_H
#define MTLINK_FLOW_QUEUE_TABLE_H

#include "engine/random.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The last message of each queue that has any: open addressing, since one comes and goes with
 * nearly every message. Which queue that is, the message knows: of its key only a hash is kept.
 */
class QueueTable
{
  public:
    static constexpr uint32_t NOBODY = std::numeric_limits<uint32_t>::max(); //!< No message

    QueueTable()
        : m_places(FEWEST)
    {
    }

    /**
     * Find a queue's place, made if need be.
     * @param [in] key The queue.
     * @param [in] isLast Tells of a message that is the last of its queue whether it is of this
     *             queue.
     * @return its last message, to be set; NOBODY: it has none; until the next call.
     */
    template <typename IsLast>
    uint32_t& Find(uint64_t key, IsLast isLast)
    {
        if (m_size * 4 >= m_places.size() * 3)
        {
            Grow();
        }
        const auto hash = static_cast<uint32_t>(Mix(key));
        std::size_t place = GetHome(hash);
        while (m_places[place].last != NOBODY)
        {
            if (m_places[place].hash == hash && isLast(m_places[place].last))
            {
                return m_places[place].last;
            }
            place = (place + 1) & (m_places.size() - 1);
        }
        ++m_size;
        m_places[place].hash = hash;
        return m_places[place].last;
    }

    /**
     * Forget a queue.
     * @param [in] key The queue.
     * @param [in] last Its last message.
     */
    void Erase(uint64_t key, uint32_t last)
    {
        const std::size_t mask = m_places.size() - 1;
        std::size_t hole = GetHome(static_cast<uint32_t>(Mix(key)));
        while (m_places[hole].last != last)
        {
            hole = (hole + 1) & mask;
        }
        // Those behind move up, unless that took them before their home.
        for (std::size_t next = (hole + 1) & mask; m_places[next].last != NOBODY;
             next = (next + 1) & mask)
        {
            const std::size_t home = GetHome(m_places[next].hash);
            if (((next - home) & mask) >= ((next - hole) & mask))
            {
                m_places[hole] = m_places[next];
                hole = next;
            }
        }
        m_places[hole].last = NOBODY;
        --m_size;
    }

    /** Ask for a queue's place. @param [in] key The queue. */
    void Prefetch(uint64_t key) const
    {
        __builtin_prefetch(&m_places[GetHome(static_cast<uint32_t>(Mix(key)))], 1);
    }

  private:
    static constexpr std::size_t FEWEST = 64; //!< Places

    /** A queue. */
    struct Place
    {
        uint32_t hash{0};      //!< Of its key
        uint32_t last{NOBODY}; //!< Its last message
    };

    std::size_t GetHome(uint32_t hash) const
    {
        return hash & (m_places.size() - 1);
    }

    void Grow()
    {
        std::vector<Place> old(m_places.size() * 2);
        old.swap(m_places);
        for (const Place& place : old)
        {
            if (place.last != NOBODY)
            {
                std::size_t home = GetHome(place.hash);
                while (m_places[home].last != NOBODY)
                {
                    home = (home + 1) & (m_places.size() - 1);
                }
                m_places[home] = place;
            }
        }
    }

    std::vector<Place> m_places; //!< A power of two of them
    std::size_t m_size{0};       //!< Queues
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_QUEUE_TABLE_H
