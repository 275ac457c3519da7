/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CROSSBAR_H
#define MTLINK_CROSSBAR_H

#include "ns3/mtlink-tick.h"

#include <algorithm>
#include <cstdint>
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
        : m_until(lanes, 0)
    {
    }

    /** @return when the next lane is free; it is if that is not later than now. */
    Tick GetFreeAt() const
    {
        return m_until.size() == 1 ? m_until[0] : *std::min_element(m_until.begin(), m_until.end());
    }

    /**
     * Take the lane that is free first.
     * @param [in] until When the packet's last bit is through.
     */
    void Take(Tick until)
    {
        *std::min_element(m_until.begin(), m_until.end()) = until;
    }

  private:
    std::vector<Tick> m_until; //!< When each lane is free
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CROSSBAR_H
