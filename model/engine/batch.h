/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_BATCH_H
#define MTLINK_BATCH_H

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink What goes from one process to another: values one behind the other. */
using Batch = std::vector<std::byte>;

/** Append a value to a batch. @param [in,out] batch The batch. @param [in] value The value. */
template <typename T>
void
Put(Batch& batch, const T& value)
{
    static_assert(std::is_trivially_copyable_v<T>);
    const std::size_t size = batch.size();
    batch.resize(size + sizeof(T));
    std::memcpy(batch.data() + size, &value, sizeof(T));
}

/**
 * @ingroup mtlink
 * Takes values out of a batch, in the order in which Put() has put them in.
 */
class BatchReader
{
  public:
    /** @param [in] bytes The batch; must outlive this. */
    explicit BatchReader(std::span<const std::byte> bytes)
        : m_bytes(bytes)
    {
    }

    /** @return whether nothing is left. */
    bool IsEmpty() const
    {
        return m_bytes.empty();
    }

    /**
     * @return the next value.
     * @throws std::logic_error where less is left.
     */
    template <typename T>
    T Get()
    {
        T value;
        const std::span<const std::byte> bytes = Take(sizeof(T));
        std::memcpy(&value, bytes.data(), sizeof(T));
        return value;
    }

    /** @return the next bytes. @param [in] count How many. @throws std::logic_error as Get(). */
    std::span<const std::byte> Take(std::size_t count)
    {
        if (count > m_bytes.size())
        {
            throw std::logic_error("a batch from another process is shorter than it says");
        }
        const std::span<const std::byte> taken = m_bytes.first(count);
        m_bytes = m_bytes.subspan(count);
        return taken;
    }

  private:
    std::span<const std::byte> m_bytes; //!< What is left
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_BATCH_H
