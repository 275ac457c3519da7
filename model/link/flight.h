/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLIGHT_H
#define MTLINK_FLIGHT_H

#include "link/packet.h"

#include "ns3/mtlink-tick.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The packets on a wire, first out first in, each with the time at which it is due at the far end.
 * They lie in a ring: one that leaves or arrives touches none of the others. Takes no memory before
 * it is used; the first packet's number is where the ring itself is.
 */
class Flight
{
  public:
    /** @return whether nothing is on the wire. */
    bool IsEmpty() const
    {
        return m_count == 0;
    }

    /** @return the number of packets. */
    uint32_t GetSize() const
    {
        return m_count;
    }

    /** @return the first packet, or NO_PACKET. */
    uint32_t GetFirst() const
    {
        return m_head;
    }

    /**
     * @param [in] i Counted from the first, from 0; below GetSize().
     * @return the packet.
     */
    uint32_t GetPacket(uint32_t i) const
    {
        return GetEntry(i).packet;
    }

    /** @return when the first packet is due; there must be one. */
    Tick GetDue() const
    {
        return GetEntry(0).due;
    }

    /**
     * A packet's times have changed.
     * @param [in] i Counted from the first, from 0; below GetSize().
     * @param [in] due When it is due.
     */
    void SetDue(uint32_t i, Tick due)
    {
        GetEntry(i).due = due;
    }

    /**
     * Append a packet.
     * @param [in] packet Which.
     * @param [in] due When it is due; not before those ahead of it.
     */
    [[gnu::always_inline]] void Push(uint32_t packet, Tick due)
    {
        if (m_count == GetCapacity()) [[unlikely]]
        {
            Grow();
        }
        m_head = m_count == 0 ? packet : m_head;
        GetEntry(m_count++) = {due, packet};
    }

    /** Take the first packet; there must be one. @return which. */
    uint32_t Pop()
    {
        const uint32_t packet = m_head;
        ++m_first;
        --m_count;
        m_head = m_count == 0 ? NO_PACKET : GetEntry(0).packet;
        return packet;
    }

    /** Bring the first packet's time into the cache. */
    void PrefetchFirst() const
    {
        if (m_lines)
        {
            __builtin_prefetch(&GetEntry(0), 1);
        }
    }

    /** Bring the place of the next to come into the cache. */
    void PrefetchPlace() const
    {
        if (m_lines)
        {
            __builtin_prefetch(&GetEntry(m_count), 1);
        }
    }

  private:
    /** A packet on the wire. */
    struct Entry
    {
        Tick due;        //!< When it is at the far end
        uint32_t packet; //!< Which
    };

    static constexpr uint32_t PER_LINE = 4; //!< Entries in a cache line
    static constexpr uint8_t FEWEST = 2;    //!< Capacity at first: 2^this

    /** Some entries: a cache line. */
    struct alignas(64) Line
    {
        std::array<Entry, PER_LINE> entries; //!< The entries
    };

    static_assert(sizeof(Line) == 64);

    /** @return how many have room. */
    uint32_t GetCapacity() const
    {
        return m_lines ? 1U << m_log : 0;
    }

    /** @return where entry i is. */
    Entry& GetEntry(uint32_t i)
    {
        const uint32_t place = (m_first + i) & ((1U << m_log) - 1);
        return m_lines[place / PER_LINE].entries[place % PER_LINE];
    }

    /** @copydoc GetEntry() */
    const Entry& GetEntry(uint32_t i) const
    {
        const uint32_t place = (m_first + i) & ((1U << m_log) - 1);
        return m_lines[place / PER_LINE].entries[place % PER_LINE];
    }

    /** Make room for twice as many. */
    void Grow()
    {
        const uint8_t log = m_lines ? static_cast<uint8_t>(m_log + 1) : FEWEST;
        auto lines = std::make_unique<Line[]>((std::size_t{1} << log) / PER_LINE);
        for (uint32_t i = 0; i < m_count; ++i)
        {
            lines[i / PER_LINE].entries[i % PER_LINE] = GetEntry(i);
        }
        m_lines = std::move(lines);
        m_log = log;
        m_first = 0;
    }

    std::unique_ptr<Line[]> m_lines; //!< Entries, round the ring
    uint32_t m_first{0};             //!< The first is there, counted round and round
    uint32_t m_count{0};             //!< Packets on the wire
    uint32_t m_head{NO_PACKET};      //!< The first of them
    uint8_t m_log{0};                //!< There is room for 2^this
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLIGHT_H
