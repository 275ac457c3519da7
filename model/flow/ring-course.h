/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_RING_COURSE_H
#define MTLINK_FLOW_RING_COURSE_H

#include "link/wire.h"

#include "ns3/mtlink-tick.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What a message of one length does on a leg of a ring, alone.
 */
struct RingHop
{
    WireTime duration; //!< First bit out to last bit out, begun at a whole picosecond
    Tick behind;       //!< Last bit out to last bit in, without rounding
    bool isAligned;    //!< All ports end at once
};

/**
 * @ingroup mtlink
 * A leg of a ring, from a member to the next one; of all that are alike.
 */
struct RingLeg
{
    WireSpeed speed{1, 1, 1.0}; //!< Of the slowest link
    bool roundsUp{true};        //!< Arrival to the nearest ps, not the last one that has passed
    bool isStored{false};       //!< Packets are taken in whole somewhere
    std::vector<RingHop> hops;  //!< By length
};

/**
 * @ingroup mtlink
 * A message of a ring: what happened to it, or will.
 */
struct RingMessage
{
    Tick handed;    //!< To be sent, ps
    Tick asked;     //!< The source's overhead is over, ps
    WireTime begun; //!< First bit out
    WireTime end;   //!< Last bit out
    Tick in;        //!< Last bit in, ps
};

/**
 * @ingroup mtlink
 * The course of a ring whose members share no link: each message in closed form, from those that
 * it waits for. Step by step, for all members at once: n members and k steps take n k times a few
 * nanoseconds.
 */
class RingCourse
{
  public:
    /** What a ring is. */
    struct Plan
    {
        std::vector<RingLeg> legs;    //!< Kinds of legs
        std::vector<uint16_t> legOf;  //!< By place
        std::vector<uint8_t> lengths; //!< By place: which of the lengths its chunk has
        std::vector<Tick> joined;     //!< By place: when it begins, ps
        uint32_t first{0};            //!< See Ring::first
        uint32_t steps{0};            //!< See Ring::steps
        Tick overhead{0};             //!< Of each message, ps
    };

    /** @param [in] plan What the ring is; must outlive this. */
    explicit RingCourse(const Plan& plan)
        : m_plan(plan),
          m_ends(plan.legOf.size()),
          m_in(plan.legOf.size(), 0),
          m_next(plan.legOf.size(), 0)
    {
    }

    /**
     * Follow all messages that are handed over until a time.
     * @param [in] until The time, ps.
     * @param [in] visit Called with (place of the source, step, message).
     * @return false: a message's time hangs on which of two things of one picosecond comes first,
     *         or on ports that are not free at once; the rest was not followed.
     */
    template <typename Visitor>
    bool Follow(Tick until, Visitor&& visit)
    {
        const auto n = static_cast<uint32_t>(m_plan.legOf.size());
        for (uint32_t step = 0; step < m_plan.steps; ++step)
        {
            bool isAnyHanded = false;
            uint32_t chunk = (m_plan.first + n - step % n) % n; // of the member at place 0
            for (uint32_t place = 0; place < n; ++place, chunk = chunk + 1 == n ? 0 : chunk + 1)
            {
                const Tick handed = std::max(m_plan.joined[place], m_in[place]);
                const uint32_t next = place + 1 == n ? 0 : place + 1;
                if (handed > until)
                {
                    m_next[next] = NEVER; // so that nothing that waits for it is handed over
                    continue;
                }
                isAnyHanded = true;
                const RingLeg& leg = m_plan.legs[m_plan.legOf[place]];
                const uint8_t length = m_plan.lengths[chunk];
                const RingHop& hop = leg.hops[length];
                const Tick asked = handed + m_plan.overhead;
                RingMessage message{handed, asked, {asked, 0}, {}, 0};
                const WireTime before = m_ends[place];
                if (step > 0 && asked <= before.whole)
                {
                    const uint32_t last = chunk + 1 == n ? 0 : chunk + 1; // what it sent before
                    if (!leg.hops[m_plan.lengths[last]].isAligned ||
                        (asked == before.whole && before.part > 0))
                    {
                        return false;
                    }
                    message.begun = before;
                    message.end = WireTime{before.whole + hop.duration.whole,
                                           before.part + hop.duration.part};
                    if (message.end.part >= leg.speed.GetParts())
                    {
                        message.end.part -= leg.speed.GetParts();
                        ++message.end.whole;
                    }
                }
                else
                {
                    message.end = {asked + hop.duration.whole, hop.duration.part};
                }
                const bool isUp = leg.roundsUp && 2 * message.end.part >= leg.speed.GetParts();
                message.in = message.end.whole + hop.behind + (isUp ? 1 : 0);
                // A short packet catches up with a long one where that is stored.
                m_isFair =
                    m_isFair || (leg.isStored && step > 0 && message.begun.whole <= m_in[next]);
                m_ends[place] = message.end;
                m_next[next] = message.in;
                visit(place, step, message);
            }
            m_in.swap(m_next);
            if (!isAnyHanded)
            {
                break;
            }
        }
        return true;
    }

    /** @return whether some message came so near to the one before it that it is fair only. */
    bool IsFair() const
    {
        return m_isFair;
    }

    /** @param [in] place A place. @return when its last message followed has left it. */
    Tick GetSent(uint32_t place) const
    {
        return m_ends[place].whole;
    }

    /** @param [in] place A place. @return when the last message followed has come to it. */
    Tick GetPassed(uint32_t place) const
    {
        return m_in[place];
    }

  private:
    const Plan& m_plan;           //!< What the ring is
    std::vector<WireTime> m_ends; //!< By place: last bit out, of its latest message
    std::vector<Tick> m_in;       //!< By place: last bit in, of the step before
    std::vector<Tick> m_next;     //!< ..., of this step
    bool m_isFair{false};         //!< See IsFair()
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_RING_COURSE_H
