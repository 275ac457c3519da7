/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CLASS_SCHEDULER_H
#define MTLINK_CLASS_SCHEDULER_H

#include "link/packet.h"

#include "ns3/mtlink-class-profile.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The turns of the traffic classes of one sender: an output, or an endpoint's port.
 *
 * `strict`: in order of their numbers, 0 first.
 *
 * `weighted`: start-time fair queueing (Goyal, Vin and Cheng, "Start-time fair queueing", SIGCOMM
 * 1996), in flits, with a queue per class. The sender's virtual time v is the start tag of the
 * packet that it sent last. The next packet of class c has the start tag max(v, F_c); as it is
 * sent, F_c becomes that plus flits / weight_c. The class with the least start tag goes first, of
 * equal ones the lowest number; who can't go is passed. Between two classes that could always go,
 * flits / weight so never differ by more than one packet of each; and a class that could not, or
 * had nothing, comes back at the time of the others: it owes nothing and is owed at most a turn.
 *
 * `round_robin`: the same with equal weights, a packet counting as 1.
 */
class ClassScheduler
{
  public:
    /** The classes, who goes first first. */
    using Order = std::array<uint8_t, MOST_TRAFFIC_CLASSES>;

    /** @param [in] rules Its rules; must outlive this. */
    explicit ClassScheduler(const ClassRules& rules)
        : m_rules(&rules)
    {
    }

    /** @return the number of classes. */
    uint32_t GetClasses() const
    {
        return m_rules->classes;
    }

    /** @return whether a class may have to wait for ever for those before it. */
    bool IsStrict() const
    {
        return m_rules->policy == CLASS_STRICT;
    }

    /** @return the classes in the order in which they are to be asked now. */
    Order GetOrder() const
    {
        Order order{};
        for (uint32_t c = 0; c < m_rules->classes; ++c)
        {
            uint32_t place = c;
            for (; !IsStrict() && place > 0 && GetStart(c) < GetStart(order[place - 1]); --place)
            {
                order[place] = order[place - 1];
            }
            order[place] = static_cast<uint8_t>(c);
        }
        return order;
    }

    /**
     * A packet is sent.
     * @param [in] trafficClass Its class.
     * @param [in] flits Its length.
     */
    void Served(uint32_t trafficClass, uint32_t flits)
    {
        m_virtualTime = GetStart(trafficClass);
        m_finish[trafficClass] =
            m_virtualTime +
            (m_rules->policy == CLASS_WEIGHTED ? m_rules->steps[trafficClass] * flits : 1);
    }

  private:
    /** @return the start tag of a class's next packet. */
    uint64_t GetStart(uint32_t trafficClass) const
    {
        return std::max(m_virtualTime, m_finish[trafficClass]);
    }

    const ClassRules* m_rules;                             //!< Its rules
    uint64_t m_virtualTime{0};                             //!< v
    std::array<uint64_t, MOST_TRAFFIC_CLASSES> m_finish{}; //!< F, by class
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CLASS_SCHEDULER_H
