/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SEND_WINDOWS_H
#define MTLINK_SEND_WINDOWS_H

#include "endpoint/endpoint-event.h"
#include "endpoint/send-queues.h"
#include "link/credits.h"

#include "ns3/abort.h"

#include <algorithm>
#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The windows of all queues: how much of each may be in flight, opened again by acknowledgements.
 * Whoever may not send hears of it by OPEN_WINDOW. A window counts bytes; that of a queue into a
 * group's tree counts packets.
 */
class SendWindows
{
  public:
    /**
     * @param [in] events Tells of windows that open; must outlive this, as the others.
     * @param [in] messages The messages.
     * @param [in] queues The queues.
     * @param [in] bytes In flight per queue; 0: any number.
     */
    SendWindows(EndpointEvents& events,
                const Messages& messages,
                const SendQueues& queues,
                uint64_t bytes)
        : m_events(events),
          m_messages(messages),
          m_queues(queues),
          m_bytes(static_cast<uint32_t>(std::min<uint64_t>(bytes, UINT32_MAX)))
    {
    }

    /** @return the ledger of a new queue's window, or NO_WINDOW where there are none. */
    uint32_t Open()
    {
        return Open(m_bytes);
    }

    /** @return the ledger of a window of so much, or NO_WINDOW. @param [in] size 0: no limit. */
    uint32_t Open(uint32_t size)
    {
        return size > 0 ? m_ledgers.Open(size) : NO_WINDOW;
    }

    /**
     * @param [in] index A queue that has a window.
     * @param [in] payload Of its next packet.
     * @return whether its window allows that; if not, an event will tell when.
     */
    bool MaySend(uint32_t index, uint32_t payload)
    {
        const SendQueue& queue = m_queues[index];
        const uint32_t part = GetPart(queue, payload);
        if (m_ledgers.Has(queue.window, part, m_events.Now()))
        {
            return true;
        }
        TellOf(index, m_ledgers.Ask(queue.window, part));
        return false;
    }

    /**
     * @param [in] queue A queue that has a window.
     * @param [in] payload Of its packets.
     * @return how many of them its window allows now.
     */
    uint32_t CountAllowed(const SendQueue& queue, uint32_t payload)
    {
        return m_ledgers.GetAvailable(queue.window, m_events.Now()) / GetPart(queue, payload);
    }

    /**
     * A packet goes.
     * @param [in] queue Its queue.
     * @param [in] payload Its payload; the window, if there is one, allows it.
     */
    void Take(const SendQueue& queue, uint32_t payload)
    {
        if (queue.HasWindow())
        {
            m_ledgers.Take(queue.window, GetPart(queue, payload));
        }
    }

    /**
     * A packet has gone; as Take(), when it is told later.
     * @param [in] queue Its queue.
     * @param [in] payload Its payload; the window, if there is one, allowed it.
     * @param [in] at When.
     */
    void TakeAt(const SendQueue& queue, uint32_t payload, Tick at)
    {
        if (queue.HasWindow())
        {
            const bool isOpen = m_ledgers.Has(queue.window, GetPart(queue, payload), at);
            NS_ABORT_MSG_IF(!isOpen, "an express message has waited for its window");
            m_ledgers.Take(queue.window, GetPart(queue, payload));
        }
    }

    /**
     * TakeAt() and AcknowledgeAt() of equal packets, one after the other.
     * @param [in] queue Their queue; its leg ends where they are acknowledged.
     * @param [in] payload Of each.
     * @param [in] count How many.
     * @param [in] lag From one to the next.
     * @param [in] sent The first was sent.
     * @param [in] at It came.
     */
    void PassRun(const SendQueue& queue,
                 uint32_t payload,
                 uint32_t count,
                 Tick lag,
                 Tick sent,
                 Tick at)
    {
        if (queue.HasWindow())
        {
            const Tick lastSent = sent + (count - 1) * lag;
            m_ledgers.TakeRun(
                queue.window,
                {GetPart(queue, payload), count, lag, lastSent, at + queue.acknowledgement, {}});
        }
    }

    /**
     * A packet is at the end of a leg, or lost: if its source's leg ends there, it is acknowledged.
     * @param [in] packet The packet, of a message from one endpoint to another.
     */
    void Acknowledge(const Packet& packet)
    {
        AcknowledgeAt(packet, m_events.Now());
    }

    /**
     * Acknowledge() a packet that came at another time than now.
     * @param [in] packet As there.
     * @param [in] at When it came.
     */
    void AcknowledgeAt(const Packet& packet, Tick at)
    {
        const uint32_t index = m_messages[packet.message].queue;
        const SendQueue& sender = m_queues[index];
        if (m_bytes != 0 && sender.target == packet.target)
        {
            TellOf(index,
                   m_ledgers.Return(sender.window,
                                    std::min(packet.payload, m_bytes),
                                    at + sender.acknowledgement));
        }
    }

    /**
     * A packet that went into a group's tree has been answered for.
     * @param [in] index Its queue.
     * @param [in] at When its window opens, not before now.
     */
    void AcknowledgeFromTree(uint32_t index, Tick at)
    {
        if (m_queues[index].HasWindow())
        {
            TellOf(index, m_ledgers.Return(m_queues[index].window, 1, at));
        }
    }

    // For a memo: PairState.

    /** @return whether nothing of a queue's window is in flight. @param [in] queue The queue. */
    bool IsUnused(const SendQueue& queue) const
    {
        return !queue.HasWindow() || m_ledgers.GetInUse(queue.window) == 0;
    }

    /**
     * List what is acknowledged of a queue's window and not open yet.
     * @param [in] queue A queue.
     * @param [in] show Gets when each part opens, and its bytes, in order.
     */
    template <typename Show>
    void ListReturning(const SendQueue& queue, Show show)
    {
        if (queue.HasWindow())
        {
            m_ledgers.ListReturning(queue.window, m_events.Now(), show);
        }
    }

    /**
     * As if bytes had been sent that are acknowledged, and whose window is not open yet.
     * @param [in] queue A queue that has a window.
     * @param [in] bytes How many.
     * @param [in] at When it opens.
     */
    void PutOnWayBack(const SendQueue& queue, uint32_t bytes, Tick at)
    {
        m_ledgers.PutOnWayBack(queue.window, bytes, at, m_events.Now());
    }

    /** Bring a queue's window into the cache. @param [in] queue The queue; it is there. */
    void Prefetch(const SendQueue& queue) const
    {
        if (queue.HasWindow())
        {
            m_ledgers.Prefetch(queue.window);
        }
    }

    /** The same for what an acknowledgement will touch. @param [in] queue The queue. */
    void PrefetchReturn(const SendQueue& queue) const
    {
        if (queue.HasWindow())
        {
            m_ledgers.PrefetchReturns(queue.window, Credits::NEXT_NEW);
        }
    }

  private:
    /** @return what a packet of a queue takes of its window. */
    uint32_t GetPart(const SendQueue& queue, uint32_t payload) const
    {
        return queue.kind == UNICAST ? std::min(payload, m_bytes) : 1;
    }

    /** A queue's window may open; NEVER: an acknowledgement that is to come will tell. */
    void TellOf(uint32_t index, Tick open)
    {
        if (open != NEVER)
        {
            m_events.Schedule(open, EndpointEvent::OPEN_WINDOW, index);
        }
    }

    EndpointEvents& m_events;   //!< Tells of windows that open
    const Messages& m_messages; //!< The messages
    const SendQueues& m_queues; //!< The queues
    uint32_t m_bytes;           //!< Bytes in flight per queue; 0: any number
    Credits m_ledgers;          //!< A ledger per window
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SEND_WINDOWS_H
