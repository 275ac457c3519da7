/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ARBITER_H
#define MTLINK_ARBITER_H

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The requests for one output, a bit per input queue, and the round-robin order over them.
 *
 * Definition (Dally and Towles 2004, 18.4): the search starts at the pointer and takes the first
 * request that can be granted; the pointer then stands behind it, so that who was served comes
 * last. A request that waits is served after at most one grant to each other request.
 */
class RoundRobinArbiter
{
  public:
    /** No request. */
    static constexpr uint32_t NONE_WAITING = UINT32_MAX;

    /** Requests, a bit each. */
    using Bits = std::vector<uint64_t>;

    /** @param [in] requests Number of possible requests. */
    explicit RoundRobinArbiter(uint32_t requests)
        : m_words(std::max(1U, (requests + 63) / 64))
    {
        if (m_words > 1)
        {
            m_others = std::make_unique<uint64_t[]>(m_words - 1);
        }
    }

    /**
     * @param [in] request A request, now made.
     */
    void Raise(uint32_t request)
    {
        GetWord(request / 64) |= 1ULL << (request % 64);
        ++m_count;
    }

    /**
     * @param [in] request A request, served or withdrawn.
     */
    void Clear(uint32_t request)
    {
        GetWord(request / 64) &= ~(1ULL << (request % 64));
        --m_count;
    }

    /** @return whether anybody asks. */
    bool HasRequests() const
    {
        return m_count != 0;
    }

    /** @return where the search starts. */
    uint32_t GetPointer() const
    {
        return m_pointer;
    }

    /**
     * @param [in] request Was granted.
     */
    void Served(uint32_t request)
    {
        m_pointer = request + 1;
    }

    /**
     * @param [in] from Where to start.
     * @return the first request at or behind it, without wrapping round; NONE_WAITING: none.
     */
    uint32_t FindFrom(uint32_t from) const
    {
        uint32_t word = from / 64;
        if (word >= m_words)
        {
            return NONE_WAITING;
        }
        uint64_t bits = GetWord(word) & (~0ULL << (from % 64));
        while (bits == 0)
        {
            if (++word == m_words)
            {
                return NONE_WAITING;
            }
            bits = GetWord(word);
        }
        return word * 64 + static_cast<uint32_t>(std::countr_zero(bits));
    }

    /**
     * @param [in] from Where to start.
     * @param [in] among Requests to be looked at alone, as many bits.
     * @return the first request of those at or behind it, without wrapping round; NONE_WAITING:
     *         none.
     */
    uint32_t FindFrom(uint32_t from, const Bits& among) const
    {
        for (uint32_t word = from / 64; word < m_words; ++word)
        {
            const uint64_t behind = word == from / 64 ? ~0ULL << (from % 64) : ~0ULL;
            const uint64_t bits = GetWord(word) & among[word] & behind;
            if (bits != 0)
            {
                return word * 64 + static_cast<uint32_t>(std::countr_zero(bits));
            }
        }
        return NONE_WAITING;
    }

  private:
    /** @return a word of requests. */
    uint64_t& GetWord(uint32_t word)
    {
        return word == 0 ? m_first : m_others[word - 1];
    }

    /** @copydoc GetWord() */
    uint64_t GetWord(uint32_t word) const
    {
        return word == 0 ? m_first : m_others[word - 1];
    }

    uint64_t m_first{0};                  //!< The first 64 requests: often all
    std::unique_ptr<uint64_t[]> m_others; //!< The others
    uint32_t m_words;                     //!< Words of requests
    uint32_t m_count{0};                  //!< Requests made
    uint32_t m_pointer{0};                //!< Where the search starts
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ARBITER_H
