/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_LINK_USERS_H
#define MTLINK_FLOW_LINK_USERS_H

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The flows on a link, in no order of their own. Few are kept here, in the link's own line of the
 * cache, and are searched for; once there have been more than that, each has to know its index,
 * until all are gone.
 */
class LinkUsers
{
  public:
    static constexpr uint32_t FEW = 6; //!< Kept here, at most

    /** @return the flows. */
    std::span<const uint32_t> Get() const
    {
        return m_many ? std::span<const uint32_t>(*m_many) : std::span(m_few, m_size);
    }

    /** @return whether flows have to know their index. */
    bool IsMany() const
    {
        return m_many != nullptr;
    }

    /** @return whether they would have to, with one more. */
    bool WouldBeMany() const
    {
        return IsMany() || m_size == FEW;
    }

    /** @param [in] flow Comes last. */
    void Add(uint32_t flow)
    {
        if (!WouldBeMany())
        {
            m_few[m_size++] = flow;
            return;
        }
        if (!m_many)
        {
            m_many = std::make_unique<std::vector<uint32_t>>(m_few, m_few + m_size);
            m_size = 0;
        }
        m_many->push_back(flow);
    }

    /** @param [in] flow Goes; the last takes its place; not IsMany(). */
    void Remove(uint32_t flow)
    {
        *std::find(m_few, m_few + m_size, flow) = m_few[m_size - 1];
        --m_size;
    }

    /** @param [in] index Of who goes; the last takes its place; IsMany(). */
    void RemoveAt(uint32_t index)
    {
        (*m_many)[index] = m_many->back();
        m_many->pop_back();
        if (m_many->empty())
        {
            m_many.reset();
        }
    }

  private:
    std::unique_ptr<std::vector<uint32_t>> m_many; //!< All, if there have been many
    uint32_t m_size{0};                            //!< Of m_few
    uint32_t m_few[FEW];                           //!< Else all
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_LINK_USERS_H
