/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CONTENT_HASH_H
#define MTLINK_CONTENT_HASH_H

#include <cstdint>
#include <fmt/format.h>
#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A hash of texts: FNV-1a (Fowler, Noll, Vo) of 64 bits, each text ended by a byte of its own.
 */
class ContentHash
{
  public:
    /** Add a text. */
    void Add(const std::string& text)
    {
        constexpr uint64_t PRIME = 0x100000001b3;
        for (const char c : text)
        {
            m_hash = (m_hash ^ static_cast<unsigned char>(c)) * PRIME;
        }
        m_hash = (m_hash ^ 0xff) * PRIME; // no byte of UTF-8
    }

    /** @return what it is of all that was added, 16 hexadecimal digits. */
    std::string Get() const
    {
        return fmt::format("{:016x}", m_hash);
    }

  private:
    uint64_t m_hash{0xcbf29ce484222325}; //!< So far
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CONTENT_HASH_H
