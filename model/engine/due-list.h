/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DUE_LIST_H
#define MTLINK_DUE_LIST_H

#include "engine/pending-look.h"
#include "engine/time-ring.h"

#include "ns3/mtlink-tick.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Things that are due after a while, nearly always the same: at one instant they are dealt with in
 * the order in which they came, however they are numbered, in one event for all.
 */
class DueList
{
  public:
    /**
     * Something is due at a time.
     * @param [in] at When; not before now.
     * @param [in] what What.
     * @return whether it takes an event then.
     */
    bool Add(Tick at, uint32_t what)
    {
        m_things.Insert({at, what});
        return m_look.Ask(at);
    }

    /**
     * The event that Add(), or this, has asked for is there.
     * @param [in] now The current time.
     * @param [in] deal Is given all that is due.
     * @return when it takes an event again; NEVER: it does not, as far as is known.
     */
    template <typename Deal>
    Tick Take(Tick now, Deal deal)
    {
        if (!m_look.Take(now))
        {
            return NEVER;
        }
        while (!m_things.IsEmpty() && m_things[0].at <= now)
        {
            const uint32_t what = m_things[0].what;
            m_things.Pop();
            deal(what);
        }
        const Tick next = m_things.IsEmpty() ? NEVER : m_things[0].at;
        return next != NEVER && m_look.Ask(next) ? next : NEVER;
    }

  private:
    /** Something that is due. */
    struct Thing
    {
        Tick at;       //!< When
        uint32_t what; //!< What
    };

    TimeRing<Thing> m_things; //!< By time, then as they came
    PendingLook m_look;       //!< The pending event
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DUE_LIST_H
