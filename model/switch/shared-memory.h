/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SHARED_MEMORY_H
#define MTLINK_SHARED_MEMORY_H

#include "ns3/mtlink-tick.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The memory of a shared-memory switch: who may put how much in.
 *
 * It has a queue per output and VC. A queue admits a packet while its length is below alpha times
 * what is free (the dynamic threshold of Choudhury and Hahne, "Dynamic queue length thresholds for
 * shared-memory packet switches", IEEE/ACM Transactions on Networking 6(2), 1998) and the whole
 * packet fits. Besides, each queue has a place of its own for one packet: whatever the others hold,
 * a packet gets in once its queue is empty, so that queues never wait for one another in a circle.
 * What leaves frees the shared part first.
 */
class SharedMemory
{
  public:
    /**
     * @param [in] flits Size of the shared part.
     * @param [in] alpha Of the threshold; above 0.
     * @param [in] queues Number of queues.
     */
    SharedMemory(uint32_t flits, double alpha, uint32_t queues)
        : m_size(flits),
          m_free(flits),
          m_alpha(alpha),
          m_queues(queues)
    {
    }

    /**
     * Put a packet in, if that may be.
     * @param [in] queue Its queue.
     * @param [in] flits Its length.
     * @param [in] now The current time.
     * @return whether it is in.
     */
    bool Admit(uint32_t queue, uint32_t flits, Tick now)
    {
        Settle(now);
        Queue& q = m_queues[queue];
        if (m_free >= flits && q.shared + q.own < m_alpha * m_free)
        {
            m_free -= flits;
            q.shared += flits;
            return true;
        }
        if (q.own == 0)
        {
            q.own = flits;
            return true;
        }
        return false;
    }

    /**
     * A packet that is in will be out.
     * @param [in] queue Its queue.
     * @param [in] flits Its length.
     * @param [in] at When its last bit leaves; not before now.
     */
    void Leave(uint32_t queue, uint32_t flits, Tick at)
    {
        m_leaving.push({at, queue, flits});
    }

    /** @return when something leaves next, as far as is known; NEVER: not known. */
    Tick GetNextLeave() const
    {
        return m_leaving.empty() ? NEVER : m_leaving.top().at;
    }

    /** @return whether free and used add up. */
    bool IsConserved() const
    {
        uint64_t sum = m_free;
        for (const Queue& queue : m_queues)
        {
            sum += queue.shared;
        }
        return sum == m_size;
    }

  private:
    /** What a queue holds, flits. */
    struct Queue
    {
        uint32_t shared{0}; //!< Of the shared part
        uint32_t own{0};    //!< In its own place
    };

    /** A packet that will be out. */
    struct Entry
    {
        Tick at;        //!< When
        uint32_t queue; //!< Whose
        uint32_t flits; //!< How long

        /** @return whether it comes after another; at one time the order makes no difference. */
        bool operator>(const Entry& other) const
        {
            return at > other.at;
        }
    };

    /** Free what has left. */
    void Settle(Tick now)
    {
        while (!m_leaving.empty() && m_leaving.top().at <= now)
        {
            const Entry& entry = m_leaving.top();
            Queue& queue = m_queues[entry.queue];
            const uint32_t shared = std::min(entry.flits, queue.shared);
            queue.shared -= shared;
            queue.own -= entry.flits - shared;
            m_free += shared;
            m_leaving.pop();
        }
    }

    uint32_t m_size;             //!< Of the shared part, flits
    uint32_t m_free;             //!< Of it
    double m_alpha;              //!< Of the threshold
    std::vector<Queue> m_queues; //!< By output and VC
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> m_leaving; //!< Soonest first
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SHARED_MEMORY_H
