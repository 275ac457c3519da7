/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_LINK_USERS_H
#define MTLINK_FLOW_LINK_USERS_H

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The flows on links that have had many at once.
 */
class LinkCrowds
{
  public:
    /** @param [in] flows The first of them. @return the crowd's number. */
    uint32_t Make(std::span<const uint32_t> flows)
    {
        if (m_free.empty())
        {
            m_free.push_back(static_cast<uint32_t>(m_crowds.size()));
            m_crowds.emplace_back();
        }
        const uint32_t crowd = m_free.back();
        m_free.pop_back();
        m_crowds[crowd].assign(flows.begin(), flows.end());
        return crowd;
    }

    /** @param [in] crowd A crowd that is over: its number is used again, its memory given back. */
    void Drop(uint32_t crowd)
    {
        m_crowds[crowd] = {};
        m_free.push_back(crowd);
    }

    /** @param [in] crowd A crowd. @return its flows. */
    std::vector<uint32_t>& operator[](uint32_t crowd)
    {
        return m_crowds[crowd];
    }

    /** @param [in] crowd A crowd. @return its flows. */
    const std::vector<uint32_t>& operator[](uint32_t crowd) const
    {
        return m_crowds[crowd];
    }

  private:
    std::vector<std::vector<uint32_t>> m_crowds; //!< By number
    std::vector<uint32_t> m_free;                //!< Numbers to use again
};

/**
 * @ingroup mtlink
 * The flows on a link, in no order of their own. Few are kept here, in the link's own line of the
 * cache, and are searched for; once there have been more than that, each has to know its index,
 * until all are gone.
 */
class LinkUsers
{
  public:
    static constexpr uint32_t FEW = 5; //!< Kept here, at most

    /** @param [in] crowds Of all links. @return the flows. */
    std::span<const uint32_t> Get(const LinkCrowds& crowds) const
    {
        return IsMany() ? std::span<const uint32_t>(crowds[m_few[0]]) : std::span(m_few, m_size);
    }

    /** @return whether flows have to know their index. */
    bool IsMany() const
    {
        return m_size > FEW;
    }

    /** @return whether they would have to, with one more. */
    bool WouldBeMany() const
    {
        return m_size >= FEW;
    }

    /** @param [in] flow Comes last. @param [in] crowds Of all links. */
    void Add(uint32_t flow, LinkCrowds& crowds)
    {
        if (!WouldBeMany())
        {
            m_few[m_size++] = flow;
            return;
        }
        if (!IsMany())
        {
            m_few[0] = crowds.Make({m_few, m_size});
            m_size = MANY;
        }
        crowds[m_few[0]].push_back(flow);
    }

    /** @param [in] flow Goes; the last takes its place; not IsMany(). */
    void Remove(uint32_t flow)
    {
        *std::find(m_few, m_few + m_size, flow) = m_few[m_size - 1];
        --m_size;
    }

    /**
     * Where IsMany(): a flow goes, and the last takes its place.
     * @param [in] index Its index.
     * @param [in] crowds Of all links.
     */
    void RemoveAt(uint32_t index, LinkCrowds& crowds)
    {
        std::vector<uint32_t>& all = crowds[m_few[0]];
        all[index] = all.back();
        all.pop_back();
        if (all.empty())
        {
            crowds.Drop(m_few[0]);
            m_size = 0;
        }
    }

  private:
    static constexpr uint32_t MANY = FEW + 1; //!< Of m_size: all are in the crowd m_few[0]

    uint32_t m_few[FEW]; //!< All, if they are few
    uint32_t m_size{0};  //!< Of m_few
};

static_assert(sizeof(LinkUsers) == 24);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_LINK_USERS_H
