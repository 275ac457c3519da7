/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PENDING_LOOK_H
#define MTLINK_PENDING_LOOK_H

#include "ns3/mtlink-tick.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * When somebody looks again whether something can go on. Of the times that are asked for the
 * soonest counts; an event can't be cancelled, so one whose place was taken by a sooner one is out
 * of date when it comes.
 */
class PendingLook
{
  public:
    /**
     * Ask for a look.
     * @param [in] at When.
     * @return whether it takes an event then: no look as soon as that is pending.
     */
    bool Ask(Tick at)
    {
        if (at >= m_at)
        {
            return false;
        }
        m_at = at;
        return true;
    }

    /**
     * An event is there.
     * @param [in] now The current time.
     * @return whether it is the pending look, which it is not any more.
     */
    bool Take(Tick now)
    {
        if (m_at != now)
        {
            return false;
        }
        m_at = NEVER;
        return true;
    }

    /** @return whether a look is pending. */
    bool IsPending() const
    {
        return m_at != NEVER;
    }

  private:
    Tick m_at{NEVER}; //!< The pending look, or NEVER
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PENDING_LOOK_H
