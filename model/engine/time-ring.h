/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TIME_RING_H
#define MTLINK_TIME_RING_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A queue in order of time, for what is nearly always appended in that order: to append and to take
 * the first cost a few instructions; what is late in coming moves those behind it. Takes no memory
 * before it is used.
 * @tparam Entry Anything with a time `at`, that can be copied.
 */
template <typename Entry>
class TimeRing
{
  public:
    /** @return whether nothing is in it. */
    bool IsEmpty() const
    {
        return m_count == 0;
    }

    /** @return the number of entries. */
    uint32_t GetSize() const
    {
        return m_count;
    }

    /**
     * @param [in] i Counted from the first entry, from 0; below GetSize().
     * @return the entry.
     */
    const Entry& operator[](uint32_t i) const
    {
        return m_entries[GetPlace(i)];
    }

    /**
     * Insert an entry, behind those due earlier or at the same time.
     * @param [in] entry The entry.
     */
    [[gnu::always_inline]] void Insert(const Entry& entry)
    {
        if (m_count == m_entries.size()) [[unlikely]]
        {
            Grow();
        }
        uint32_t i = m_count++;
        while (i > 0 && entry.at < m_entries[GetPlace(i - 1)].at)
        {
            m_entries[GetPlace(i)] = m_entries[GetPlace(i - 1)];
            --i;
        }
        m_entries[GetPlace(i)] = entry;
    }

    /** Bring an entry into the cache. @param [in] i As above; GetSize(): the place of the next. */
    void Prefetch(uint32_t i) const
    {
        if (!m_entries.empty())
        {
            __builtin_prefetch(&m_entries[GetPlace(i)], 1);
        }
    }

    /**
     * Remove the first entries.
     * @param [in] count How many; there must be as many.
     */
    void Pop(uint32_t count = 1)
    {
        m_first = static_cast<uint32_t>(GetPlace(count));
        m_count -= count;
    }

  private:
    static constexpr std::size_t FEWEST = 4; //!< Entries at first

    /** @return where entry i is. */
    std::size_t GetPlace(uint32_t i) const
    {
        return (m_first + i) & (m_entries.size() - 1);
    }

    /** Make room for twice as many. */
    void Grow()
    {
        std::vector<Entry> entries(m_entries.empty() ? FEWEST : m_entries.size() * 2);
        for (uint32_t i = 0; i < m_count; ++i)
        {
            entries[i] = m_entries[GetPlace(i)];
        }
        m_entries.swap(entries);
        m_first = 0;
    }

    std::vector<Entry> m_entries; //!< A power of two of them, round the ring
    uint32_t m_first{0};          //!< Where the first is
    uint32_t m_count{0};          //!< How many are in it
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TIME_RING_H
