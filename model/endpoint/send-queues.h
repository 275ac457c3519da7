/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SEND_QUEUES_H
#define MTLINK_SEND_QUEUES_H

#include "endpoint/messages.h"
#include "endpoint/send-queue.h"
#include "engine/random.h"

#include "ns3/mtlink-endpoint-profile.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What waits to be sent at all endpoints, and in which order: messages and relayed packets in the
 * queue of their destination, queues that may send in the ring of their port group (round robin, or
 * oldest message first); and what the next packet of a queue is.
 */
class SendQueues
{
  public:
    /**
     * @param [in] pool The packets; must outlive this, as the messages.
     * @param [in] messages The messages.
     * @param [in] profile Packet size, and whether the oldest message goes first.
     * @param [in] seed Of flow hashes.
     */
    SendQueues(PacketPool& pool, Messages& messages, const EndpointProfile& profile, uint32_t seed)
        : m_pool(pool),
          m_messages(messages),
          m_seed(Mix(seed)),
          m_inOrder(profile.GetService() == EndpointProfile::IN_ORDER),
          m_packetSize(profile.GetPacket())
    {
    }

    /** @return the index of a new queue. @param [in] queue The queue; its group is there. */
    uint32_t AddQueue(const SendQueue& queue);

    /**
     * @param [in] endpoint Whose ports they are.
     * @param [in] group The group.
     * @param [in] isListed Whether GetGroupsOf() is to name it.
     * @return its index.
     */
    uint32_t AddGroup(uint32_t endpoint, const PortGroup& group, bool isListed);

    /** @return the number of queues. */
    uint32_t GetSize() const
    {
        return static_cast<uint32_t>(m_queues.size());
    }

    /**
     * @param [in] index A queue.
     * @return it; valid until the next AddQueue().
     */
    SendQueue& operator[](uint32_t index)
    {
        return m_queues[index];
    }

    /** @copydoc operator[]() */
    const SendQueue& operator[](uint32_t index) const
    {
        return m_queues[index];
    }

    /**
     * @param [in] index A port group.
     * @return it; valid until the next AddGroup().
     */
    PortGroup& GetGroup(uint32_t index)
    {
        return m_groups[index];
    }

    /** @copydoc GetGroup() */
    const PortGroup& GetGroup(uint32_t index) const
    {
        return m_groups[index];
    }

    /** @return the listed port groups of an endpoint. @param [in] endpoint The endpoint. */
    std::span<const uint32_t> GetGroupsOf(uint32_t endpoint) const
    {
        return endpoint < m_groupsOf.size() ? m_groupsOf[endpoint] : std::span<const uint32_t>();
    }

    /** @return the largest payload of a packet, bytes. */
    uint32_t GetPacketSize() const
    {
        return m_packetSize;
    }

    /** A message joins its queue, as the last. @param [in] message The message. */
    void Append(uint32_t message);

    /**
     * A queue with something that may be sent joins the ring of its group.
     * @param [in] index The queue.
     */
    void JoinRing(uint32_t index);

    /**
     * A queue leaves the ring of its group.
     * @param [in,out] group The group.
     * @param [in] before The queue before it there, or NO_QUEUE.
     * @param [in] index The queue.
     * @param [in] state Where it stands from now on.
     */
    void LeaveRing(PortGroup& group, uint32_t before, uint32_t index, SendQueue::State state)
    {
        SendQueue& queue = m_queues[index];
        (before == NO_QUEUE ? group.first : m_queues[before].nextActive) = queue.nextActive;
        group.last = group.last == index ? before : group.last;
        queue.state = state;
    }

    /** @return the message of a queue's next packet. @param [in] queue A queue, not empty. */
    uint32_t GetNextMessage(const SendQueue& queue) const
    {
        return queue.isRelay ? m_pool[queue.relayed.head].message : queue.firstMessage;
    }

    /** @return the payload of a queue's next packet. @param [in] queue A queue, not empty. */
    uint32_t GetNextPayload(const SendQueue& queue) const
    {
        return queue.isRelay
                   ? m_pool[queue.relayed.head].payload
                   : static_cast<uint32_t>(
                         std::min<uint64_t>(m_messages[queue.firstMessage].toSend, m_packetSize));
    }

    /**
     * @param [in] queue A queue, not empty.
     * @param [in] sprayed Whether each packet chooses its path anew.
     * @return the hash by which its next packet chooses among equal paths and VCs.
     */
    uint32_t GetNextFlow(const SendQueue& queue, bool sprayed) const
    {
        if (queue.kind != UNICAST)
        {
            return queue.vc; // all on one VC: a tree's packets keep their order
        }
        const MessageState& message = m_messages[GetNextMessage(queue)];
        uint64_t hash = Mix(m_seed ^ (static_cast<uint64_t>(message.src) << 32 | message.dst));
        hash = Mix(hash ^ message.flow);
        return static_cast<uint32_t>(sprayed ? Mix(hash + queue.packets) : hash);
    }

    /**
     * Take the next packet of a queue: the first that it relays, or a new one of the message that
     * leads.
     * @param [in] index The queue, not empty.
     * @param [in] payload GetNextPayload() of it.
     * @param [in] at The packet's first bit leaves.
     * @return the packet.
     */
    uint32_t TakePacket(uint32_t index, uint32_t payload, Tick at)
    {
        SendQueue& queue = m_queues[index];
        return queue.isRelay ? queue.relayed.Pop(m_pool) : MakePacket(queue, payload, at);
    }

    /**
     * Make the next packet of the message that leads a queue.
     * @param [in] queue The queue.
     * @param [in] payload The packet's.
     * @param [in] at Its first bit leaves.
     * @return the packet.
     */
    uint32_t MakePacket(const SendQueue& queue, uint32_t payload, Tick at);

    /**
     * Say where a packet of a queue goes.
     * @param [in,out] queue The queue.
     * @param [in,out] packet The packet.
     * @param [in] flow Its hash.
     * @param [in] flits Its length.
     * @param [in] vc Its VC.
     */
    void Address(SendQueue& queue, Packet& packet, uint32_t flow, uint32_t flits, uint8_t vc);

    /**
     * A packet that was made of the message that leads a queue is on the wire.
     * @param [in,out] queue The queue.
     * @param [in] payload The packet's; or that of several.
     * @param [in] lastBit When its last bit has left.
     * @return the message if that was its last packet, and another one leads now; else NO_MESSAGE.
     */
    uint32_t NoteSent(SendQueue& queue, uint64_t payload, Tick lastBit)
    {
        const uint32_t index = queue.firstMessage;
        MessageState& message = m_messages[index];
        message.toSend -= payload;
        message.lastTail = std::max(message.lastTail, lastBit);
        if (message.toSend > 0)
        {
            return NO_MESSAGE;
        }
        queue.firstMessage = message.next;
        return index;
    }

    /**
     * @param [in] most How many at most.
     * @return queues that are not empty: (endpoint, target).
     */
    std::vector<std::pair<uint32_t, uint32_t>> GetWaiting(std::size_t most) const;

    /** Bring a queue into the cache. @param [in] index The queue. */
    void Prefetch(uint32_t index) const
    {
        __builtin_prefetch(&m_queues[index]);
    }

  private:
    /** @return whether what leads queue a was sent before what leads queue b. */
    bool IsOlder(uint32_t a, uint32_t b) const
    {
        return m_messages[GetNextMessage(m_queues[a])].number <
               m_messages[GetNextMessage(m_queues[b])].number;
    }

    PacketPool& m_pool;                            //!< The packets
    Messages& m_messages;                          //!< The messages
    uint64_t m_seed;                               //!< Of flow hashes
    bool m_inOrder;                                //!< Oldest message first
    uint32_t m_packetSize;                         //!< Largest payload
    std::vector<SendQueue> m_queues;               //!< Queues
    std::vector<PortGroup> m_groups;               //!< Groups of ports, with their rings
    std::vector<std::vector<uint32_t>> m_groupsOf; //!< See GetGroupsOf()
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SEND_QUEUES_H
