/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REQUEST_ROUND_H
#define MTLINK_REQUEST_ROUND_H

#include "switch/output-classes.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Goes once round the requests of an output that has one traffic class.
 */
class RequestRound
{
  public:
    static constexpr bool HAS_CLASSES = false; //!< Whether a class may go before another

    /**
     * @param [in] requests The output's requests; must outlive this.
     * @param [in] kept The request that is asked first, or NONE_WAITING: by the pointer.
     */
    RequestRound(const RoundRobinArbiter& requests, uint32_t kept, const OutputClasses*)
        : m_requests(requests),
          m_first(kept == RoundRobinArbiter::NONE_WAITING ? requests.GetPointer() : kept),
          m_from(m_first)
    {
    }

    /** @return the next request; NONE_WAITING: the round is over. */
    uint32_t Next()
    {
        uint32_t request = m_requests.FindFrom(m_from);
        if (request == RoundRobinArbiter::NONE_WAITING && !m_hasWrapped)
        {
            m_hasWrapped = true;
            request = m_requests.FindFrom(0);
        }
        if (m_hasWrapped && request >= m_first)
        {
            return RoundRobinArbiter::NONE_WAITING;
        }
        m_from = request + 1;
        return request;
    }

    /** @return the request with which the round began, or would have. */
    uint32_t GetFirst() const
    {
        return m_first;
    }

  private:
    const RoundRobinArbiter& m_requests; //!< The requests
    uint32_t m_first;                    //!< Where the round begins
    uint32_t m_from;                     //!< Where it is
    bool m_hasWrapped{false};            //!< It has been at the end
};

/**
 * @ingroup mtlink
 * Goes once round the requests of an output with several traffic classes, class by class in the
 * order of their turns.
 */
class ClassRound
{
  public:
    static constexpr bool HAS_CLASSES = true; //!< Whether a class may go before another

    /**
     * @param [in] requests The output's requests; must outlive this, as the others.
     * @param [in] kept The request that is asked first of its class, or NONE_WAITING.
     * @param [in] classes The output's classes.
     */
    ClassRound(const RoundRobinArbiter& requests, uint32_t kept, const OutputClasses* classes)
        : m_requests(requests),
          m_classes(*classes),
          m_kept(kept),
          m_order(classes->GetScheduler().GetOrder())
    {
        BeginClass();
    }

    /** @return the next request; NONE_WAITING: the round is over. */
    uint32_t Next()
    {
        while (m_rank < m_classes.GetScheduler().GetClasses())
        {
            const RoundRobinArbiter::Bits& own = m_classes.GetChip().GetRequests(m_order[m_rank]);
            uint32_t request = m_requests.FindFrom(m_from, own);
            if (request == RoundRobinArbiter::NONE_WAITING && !m_hasWrapped)
            {
                m_hasWrapped = true;
                request = m_requests.FindFrom(0, own);
            }
            if (!(m_hasWrapped && request >= m_first))
            {
                m_from = request + 1;
                return request;
            }
            ++m_rank;
            BeginClass();
        }
        return RoundRobinArbiter::NONE_WAITING;
    }

    /** @return the request with which the round of the current class began, or would have. */
    uint32_t GetFirst() const
    {
        return m_first;
    }

    /**
     * @param [in] request A request of the output.
     * @return whether the class that is asked now goes before its class.
     */
    bool IsBehind(uint32_t request) const
    {
        const uint32_t trafficClass = m_classes.GetChip().GetClass(request);
        for (uint32_t rank = 0; rank <= m_rank; ++rank)
        {
            if (m_order[rank] == trafficClass)
            {
                return false;
            }
        }
        return true;
    }

  private:
    /** Begin the round of the class whose turn it is. */
    void BeginClass()
    {
        const uint8_t trafficClass = m_order[m_rank % MOST_TRAFFIC_CLASSES];
        const bool isKept = m_kept != RoundRobinArbiter::NONE_WAITING &&
                            m_classes.GetChip().GetClass(m_kept) == trafficClass;
        m_first = isKept ? m_kept : m_classes.GetPointer(trafficClass);
        m_from = m_first;
        m_hasWrapped = false;
    }

    const RoundRobinArbiter& m_requests; //!< The requests
    const OutputClasses& m_classes;      //!< The classes
    uint32_t m_kept;                     //!< Asked first of its class
    ClassScheduler::Order m_order;       //!< Of the classes
    uint32_t m_rank{0};                  //!< The class's place in it
    uint32_t m_first{0};                 //!< Where its round begins
    uint32_t m_from{0};                  //!< Where it is
    bool m_hasWrapped{false};            //!< It has been at the end
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REQUEST_ROUND_H
