/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_FLOW_SHAPES_H
#define MTLINK_FLOW_FLOW_SHAPES_H

#include "engine/random.h"

#include "ns3/mtlink-tick.h"

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
 * What messages of one length on ways of one kind have in common.
 */
struct FlowShape
{
    uint64_t packets{0};   //!< Their number
    uint64_t wireFlits{0}; //!< Their flits, all together
    Tick behind{0};        //!< Last bit out to last bit in, ps
    Tick stored{0};        //!< Of it, what the last packet is kept where packets are stored
    int64_t full{0};       //!< Rate of one that is alone
    uint32_t flits{0};     //!< Of its busiest port, of their like's too
    uint32_t lane{0};      //!< VC among those of a class
    uint32_t ports{0};     //!< Equal ports
    bool isAligned{false}; //!< All its ports end at once
    bool isEven{false};    //!< Others may share with it and be served alike
    bool isDrawn{false};   //!< See FlowPath
    uint64_t room{0};      //!< Bytes that buffers on its way hold

    bool operator==(const FlowShape&) const = default;
};

/**
 * @ingroup mtlink
 * The shapes of all messages under way, each kept once: of millions at once few differ.
 */
class FlowShapes
{
  public:
    FlowShapes()
        : m_places(FEWEST, NOBODY)
    {
    }

    /**
     * A message has a shape.
     * @param [in] shape The shape.
     * @return its number, until as many messages have dropped it as have taken it.
     */
    uint32_t Take(const FlowShape& shape)
    {
        if (m_size * 2 >= m_places.size())
        {
            Grow();
        }
        const uint64_t hash = GetHash(shape);
        std::size_t place = hash & (m_places.size() - 1);
        while (m_places[place] != NOBODY)
        {
            Entry& entry = m_entries[m_places[place]];
            if (entry.hash == hash && entry.shape == shape)
            {
                ++entry.messages;
                return m_places[place];
            }
            place = (place + 1) & (m_places.size() - 1);
        }
        if (m_free.empty())
        {
            m_free.push_back(static_cast<uint32_t>(m_entries.size()));
            m_entries.emplace_back();
        }
        const uint32_t id = m_free.back();
        m_free.pop_back();
        m_entries[id] = {shape, hash, 1};
        m_places[place] = id;
        ++m_size;
        return id;
    }

    /** A message has it no more. @param [in] id Its number. */
    void Drop(uint32_t id)
    {
        if (--m_entries[id].messages > 0)
        {
            return;
        }
        const std::size_t mask = m_places.size() - 1;
        std::size_t hole = m_entries[id].hash & mask;
        while (m_places[hole] != id)
        {
            hole = (hole + 1) & mask;
        }
        // Those behind move up, unless that took them before their home.
        for (std::size_t next = (hole + 1) & mask; m_places[next] != NOBODY;
             next = (next + 1) & mask)
        {
            const std::size_t home = m_entries[m_places[next]].hash & mask;
            if (((next - home) & mask) >= ((next - hole) & mask))
            {
                m_places[hole] = m_places[next];
                hole = next;
            }
        }
        m_places[hole] = NOBODY;
        m_free.push_back(id);
        --m_size;
    }

    /** @return a shape. @param [in] id Its number. */
    const FlowShape& operator[](uint32_t id) const
    {
        return m_entries[id].shape;
    }

    /** @return the number of shapes. */
    std::size_t GetSize() const
    {
        return m_size;
    }

  private:
    static constexpr std::size_t FEWEST = 64;                                //!< Places
    static constexpr uint32_t NOBODY = std::numeric_limits<uint32_t>::max(); //!< No shape

    /** A shape that messages have. */
    struct Entry
    {
        FlowShape shape;   //!< It
        uint64_t hash;     //!< Of it
        uint64_t messages; //!< That have it
    };

    static uint64_t GetHash(const FlowShape& shape)
    {
        // What differs where these are the same is told apart by comparing.
        return Mix(shape.wireFlits ^ Mix(static_cast<uint64_t>(shape.behind) ^ shape.lane));
    }

    void Grow()
    {
        m_places.assign(m_places.size() * 2, NOBODY);
        std::vector<bool> isFree(m_entries.size());
        for (const uint32_t id : m_free)
        {
            isFree[id] = true;
        }
        for (uint32_t id = 0; id < m_entries.size(); ++id)
        {
            std::size_t place = m_entries[id].hash & (m_places.size() - 1);
            while (!isFree[id] && m_places[place] != NOBODY)
            {
                place = (place + 1) & (m_places.size() - 1);
            }
            if (!isFree[id])
            {
                m_places[place] = id;
            }
        }
    }

    std::vector<uint32_t> m_places; //!< Numbers by hash: open addressing
    std::vector<Entry> m_entries;   //!< By number
    std::vector<uint32_t> m_free;   //!< Numbers to use again
    std::size_t m_size{0};          //!< Shapes
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_FLOW_SHAPES_H
