/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_MESSAGES_H
#define MTLINK_MESSAGES_H

#include "ns3/mtlink-tick.h"
#include "ns3/mtlink-transport.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** No message: the end of a queue. */
inline constexpr uint32_t NO_MESSAGE = std::numeric_limits<uint32_t>::max();

/**
 * @ingroup mtlink
 * A message under way.
 */
struct MessageState
{
    uint64_t toSend;           //!< Bytes not yet in packets
    uint64_t toDeliver;        //!< Bytes not yet at the destination
    MessageClient* client;     //!< Who hears of it
    uint64_t cookie;           //!< The client's word for it
    uint64_t number;           //!< Its place in the order of sending
    Tick created;              //!< Came to the endpoint
    Tick lastTail;             //!< The latest last bit of its packets on the source's wires
    uint32_t src;              //!< Source endpoint
    uint32_t dst;              //!< Destination endpoint
    uint32_t flow;             //!< Flow label
    uint32_t packets;          //!< Packets sent
    uint32_t queue;            //!< The queue that sends it
    uint32_t next{NO_MESSAGE}; //!< Next message in the queue, or next free one
    bool sent;                 //!< MessageSent() was called
    bool lost;                 //!< A fault took part of it
    bool marked;               //!< A switch marked a packet of it (ECN)
    uint32_t distributor;      //!< Into a group's tree: Packet::target of its packets
};

/**
 * @ingroup mtlink
 * All messages under way: each is there until it has left, and has come or is lost.
 */
class Messages
{
  public:
    /**
     * @param [in] state A new message; its number is given here.
     * @return its index.
     */
    uint32_t Add(const MessageState& state)
    {
        uint32_t index = m_free;
        if (index == NO_MESSAGE)
        {
            index = static_cast<uint32_t>(m_messages.size());
            m_messages.emplace_back();
        }
        else
        {
            m_free = m_messages[index].next;
        }
        m_messages[index] = state;
        m_messages[index].number = m_nextNumber++;
        return index;
    }

    /**
     * @param [in] index A message.
     * @return it; valid until the next Add().
     */
    MessageState& operator[](uint32_t index)
    {
        return m_messages[index];
    }

    /** @copydoc operator[]() */
    const MessageState& operator[](uint32_t index) const
    {
        return m_messages[index];
    }

    /**
     * Its last bit has left: its client hears.
     * @param [in] index A message.
     */
    void EndSending(uint32_t index)
    {
        MessageState& message = m_messages[index];
        MessageClient* const client = message.client;
        const uint64_t cookie = message.cookie;
        message.sent = true;
        if (message.toDeliver == 0)
        {
            Free(index);
        }
        client->MessageSent(cookie);
    }

    /**
     * Nothing of it is under way any more.
     * @param [in] index A message that has no bytes to deliver.
     */
    void EndDelivery(uint32_t index)
    {
        if (m_messages[index].sent)
        {
            Free(index);
        }
    }

    /**
     * Bring a message into the cache.
     * @param [in] index The message.
     */
    void Prefetch(uint32_t index) const
    {
        __builtin_prefetch(&m_messages[index], 1);
        __builtin_prefetch(&m_messages[index].queue, 1);
    }

  private:
    /** A message was both sent and delivered. */
    void Free(uint32_t index)
    {
        m_messages[index].next = m_free;
        m_free = index;
    }

    std::vector<MessageState> m_messages; //!< Under way, and free ones
    uint32_t m_free{NO_MESSAGE};          //!< First free one
    uint64_t m_nextNumber{0};             //!< Of the next
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_MESSAGES_H
