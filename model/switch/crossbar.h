/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CROSSBAR_H
#define MTLINK_CROSSBAR_H

#include "ns3/mtlink-tick.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The lanes of one crossbar port: how many packets it can pass at once (its speedup), and until
 * when each is taken.
 */
class CrossbarLanes
{
  public:
    /** @param [in] lanes Their number, at least 1. */
    explicit CrossbarLanes(uint32_t lanes)
        : m_second(lanes > 1 ? 0 : NEVER)
    {
        if (lanes > 2)
        {
            m_others = std::make_unique<std::vector<Tick>>(lanes - 2, 0);
        }
    }

    /** @return when the next lane is free; it is if that is not later than now. */
    Tick GetFreeAt() const
    {
        return m_first;
    }

    /**
     * Take the lane that is free first.
     * @param [in] until When the packet's last bit is through.
     */
    void Take(Tick until)
    {
        m_first = until;
        if (m_second < m_first)
        {
            std::swap(m_first, m_second);
        }
        if (m_others) [[unlikely]]
        {
            // The second need not be next: the first is the least of all.
            auto first = std::min_element(m_others->begin(), m_others->end());
            if (*first < m_first)
            {
                std::swap(*first, m_first);
            }
        }
    }

  private:
    Tick m_first{0};                             //!< When the lane is free that is so first
    Tick m_second;                               //!< When another is free; NEVER: there is none
    std::unique_ptr<std::vector<Tick>> m_others; //!< When each other lane is free, if there are
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CROSSBAR_H
