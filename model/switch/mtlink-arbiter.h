/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ARBITER_H
#define MTLINK_ARBITER_H

#include <bit>
#include <cstdint>
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
        : m_bits((requests + 63) / 64)
    {
    }

    /**
     * @param [in] request A request, now made.
     */
    void Raise(uint32_t request)
    {
        m_bits[request / 64] |= 1ULL << (request % 64);
        ++m_count;
    }

    /**
     * @param [in] request A request, served or withdrawn.
     */
    void Clear(uint32_t request)
    {
        m_bits[request / 64] &= ~(1ULL << (request % 64));
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
        std::size_t word = from / 64;
        if (word >= m_bits.size())
        {
            return NONE_WAITING;
        }
        uint64_t bits = m_bits[word] & (~0ULL << (from % 64));
        while (bits == 0)
        {
            if (++word == m_bits.size())
            {
                return NONE_WAITING;
            }
            bits = m_bits[word];
        }
        return static_cast<uint32_t>(word * 64 + static_cast<uint32_t>(std::countr_zero(bits)));
    }

    /**
     * @param [in] from Where to start.
     * @param [in] among Requests to be looked at alone, as many bits.
     * @return the first request of those at or behind it, without wrapping round; NONE_WAITING:
     *         none.
     */
    uint32_t FindFrom(uint32_t from, const Bits& among) const
    {
        for (std::size_t word = from / 64; word < m_bits.size(); ++word)
        {
            const uint64_t behind = word == from / 64 ? ~0ULL << (from % 64) : ~0ULL;
            const uint64_t bits = m_bits[word] & among[word] & behind;
            if (bits != 0)
            {
                return static_cast<uint32_t>(word * 64 +
                                             static_cast<uint32_t>(std::countr_zero(bits)));
            }
        }
        return NONE_WAITING;
    }

  private:
    Bits m_bits;           //!< The requests
    uint32_t m_count{0};   //!< Their number
    uint32_t m_pointer{0}; //!< Where the search starts
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ARBITER_H
