/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_INDEX_SPAN_H
#define MTLINK_INDEX_SPAN_H

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Numbers of links, nodes or endpoints that somebody else owns: what public headers have in place
 * of std::span, as scripts may be C++17. The two turn into one another.
 */
class IndexSpan
{
  public:
    using value_type = uint32_t;            //!< As of the standard's containers
    using const_iterator = const uint32_t*; //!< As of the standard's containers

    constexpr IndexSpan() = default;

    /**
     * @param [in] data The first.
     * @param [in] size How many.
     */
    constexpr IndexSpan(const uint32_t* data, std::size_t size)
        : m_data(data),
          m_size(size)
    {
    }

    /** @param [in] range Of numbers that lie together: a vector, an array, a span. */
    template <typename Range,
              typename = std::enable_if_t<
                  std::is_convertible_v<decltype(std::declval<const Range&>().data()),
                                        const uint32_t*>>>
    constexpr IndexSpan(const Range& range) // NOLINT: it stands for them
        : m_data(range.data()),
          m_size(range.size())
    {
    }

    /** @return the first. */
    constexpr const uint32_t* data() const
    {
        return m_data;
    }

    /** @return how many there are. */
    constexpr std::size_t size() const
    {
        return m_size;
    }

    /** @return whether there is none. */
    constexpr bool empty() const
    {
        return m_size == 0;
    }

    /** @return the first. */
    constexpr const uint32_t* begin() const
    {
        return m_data;
    }

    /** @return behind the last. */
    constexpr const uint32_t* end() const
    {
        return m_data + m_size;
    }

    /** @return one of them. @param [in] i Which. */
    constexpr uint32_t operator[](std::size_t i) const
    {
        return m_data[i];
    }

    /** @return the first; there must be one. */
    constexpr uint32_t front() const
    {
        return m_data[0];
    }

    /** @return the last; there must be one. */
    constexpr uint32_t back() const
    {
        return m_data[m_size - 1];
    }

    /**
     * @param [in] first The first of those wanted, at most size().
     * @param [in] count How many; all from there on, if there are no more.
     * @return these.
     */
    constexpr IndexSpan subspan(std::size_t first, std::size_t count = SIZE_MAX) const
    {
        return {m_data + first, count < m_size - first ? count : m_size - first};
    }

  private:
    const uint32_t* m_data{nullptr}; //!< The first
    std::size_t m_size{0};           //!< How many
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_INDEX_SPAN_H
