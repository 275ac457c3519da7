/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PAIR_STATE_H
#define MTLINK_PAIR_STATE_H

#include "endpoint/congestion-feedback.h"
#include "endpoint/deliveries.h"
#include "endpoint/endpoint-ports.h"
#include "endpoint/queue-directory.h"
#include "endpoint/send-queues.h"
#include "endpoint/send-windows.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * For a memo: what an endpoint remembers between two collectives of how it sends to another one,
 * wired straight to it. See docs/model.md, Memo.
 */
class PairState
{
  public:
    /** The parts that remember it; all must outlive this. */
    struct Parts
    {
        SendQueues& queues;                 //!< The queues
        SendWindows& windows;               //!< Their windows
        EndpointPorts& ports;               //!< Their ports
        QueueDirectory& directory;          //!< Finds queues
        const CongestionFeedback& feedback; //!< Of the congestion control
        const Deliveries& deliveries;       //!< What comes in
    };

    /** @param [in] parts The parts. */
    explicit PairState(const Parts& parts)
        : m_parts(parts)
    {
    }

    /**
     * @param [in] endpoint An endpoint.
     * @param [in] target Another, wired straight to it.
     * @return the queue of what one sends to the other, in traffic class 0.
     */
    uint32_t FindQueue(uint32_t endpoint, uint32_t target);

    /**
     * @param [in] queue A queue, from FindQueue(); below too.
     * @return whether how it is sent depends on nothing but what GetNextPort() and ListReturning()
     *         say, and on the links.
     */
    bool IsPlain(uint32_t queue) const;

    /** @return whether nothing waits in it. @param [in] queue A queue. */
    bool IsQuiet(uint32_t queue) const;

    /** @return which of its equal ports is asked first. @param [in] queue A queue. */
    uint32_t GetNextPort(uint32_t queue) const
    {
        return GetGroup(queue).nextPort;
    }

    /**
     * @param [in] queue A queue.
     * @param [in] port Index of the port that is to be asked first.
     */
    void SetNextPort(uint32_t queue, uint32_t port)
    {
        m_parts.queues.GetGroup(m_parts.queues[queue].group).nextPort = port;
    }

    /** @return time from arrival to the opening of its window. @param [in] queue A queue. */
    Tick GetAcknowledgement(uint32_t queue) const
    {
        return m_parts.queues[queue].acknowledgement;
    }

    /** As SendWindows::ListReturning(), of a queue by number. */
    template <typename Show>
    void ListReturning(uint32_t queue, Show show)
    {
        m_parts.windows.ListReturning(m_parts.queues[queue], show);
    }

    /** As SendWindows::PutOnWayBack(), of a queue by number. */
    void PutOnWayBack(uint32_t queue, uint32_t bytes, Tick at)
    {
        m_parts.windows.PutOnWayBack(m_parts.queues[queue], bytes, at);
    }

  private:
    /** @return the port group of a queue. */
    const PortGroup& GetGroup(uint32_t queue) const
    {
        return m_parts.queues.GetGroup(m_parts.queues[queue].group);
    }

    Parts m_parts; //!< The parts
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PAIR_STATE_H
