/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRANSPORT_H
#define MTLINK_TRANSPORT_H

#include "ns3/mtlink-fidelity.h"
#include "ns3/mtlink-index-span.h"
#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * One message from one endpoint to another.
 */
struct Message
{
    uint32_t src{0};   //!< Source endpoint, from 0
    uint32_t dst{0};   //!< Destination endpoint, another than the source
    uint64_t bytes{0}; //!< Payload, at least 1
    uint32_t flow{0};  //!< Flow label: messages of one (src, dst, flow) take one path under ECMP
    uint8_t trafficClass{0}; //!< One of the fabric's traffic classes
};

/** No group: the network can't serve it now. */
inline constexpr uint32_t NO_GROUP = std::numeric_limits<uint32_t>::max();

/** @ingroup mtlink What the network does for a group of endpoints. */
enum class GroupAction : uint8_t
{
    ALL_REDUCE, //!< Combines what all members send; every member gets the result
    REDUCE,     //!< Combines what all members send, the root's included; the root gets the result
    MULTICAST,  //!< Copies what the root sends; every other member gets it
};

/**
 * @ingroup mtlink
 * One operation of the network for a group.
 */
struct GroupMessage
{
    uint32_t group{0};                           //!< From Transport::OpenGroup()
    GroupAction action{GroupAction::ALL_REDUCE}; //!< What
    uint32_t root{0};                            //!< Its root, as a member's index
    uint64_t bytes{0};                           //!< Payload of each who sends, at least 1
};

/** No ring: its messages are to be sent one by one. */
inline constexpr uint32_t NO_RING = std::numeric_limits<uint32_t>::max();

/**
 * @ingroup mtlink
 * A ring: n members, each of which sends to the next one only. In each step a member sends a chunk;
 * in the first step its own or that before its own, then the one that came in the step before, as
 * soon as that is in. So in step k the member at place p sends chunk (p + first - k) mod n.
 */
struct Ring
{
    std::vector<uint32_t> endpoints; //!< By place; each is another one than the next
    std::vector<uint64_t> chunks;    //!< By place: bytes, at least 1
    uint32_t first{0};               //!< See above: 0, or n - 1
    uint32_t steps{0};               //!< How many messages each member sends, at least 1
    uint32_t flow{0};                //!< Flow label
    bool isListed{false};            //!< Every message is to be told of, see RingClient
};

/**
 * @ingroup mtlink
 * Who joins rings, and hears of them. Calls come back from events, never from inside JoinRing(),
 * but RingReady(), and RingMessageBegun() from SendInRing().
 */
class RingClient
{
  public:
    virtual ~RingClient() = default;

    /**
     * A member may send a message: SendInRing() is to be called before the instant is over, in the
     * order that the client has for all that it sends then.
     * @param [in] cookie The client's word for the ring.
     * @param [in] place Of its source.
     * @param [in] step Which of its messages.
     */
    virtual void RingReady(uint64_t cookie, uint32_t place, uint32_t step) = 0;

    /**
     * A message of the ring begins, as if it were handed over now.
     * @param [in] cookie The client's word for the ring.
     * @param [in] place Of its source.
     * @param [in] bytes Its payload.
     * @return its number, for RingMessageEnded().
     */
    virtual uint64_t RingMessageBegun(uint64_t cookie, uint32_t place, uint64_t bytes) = 0;

    /**
     * A message is in.
     * @param [in] cookie The client's word for the ring.
     * @param [in] number From RingMessageBegun().
     * @param [in] bytes Its payload.
     */
    virtual void RingMessageEnded(uint64_t cookie, uint64_t number, uint64_t bytes) = 0;

    /**
     * Messages are in that were not told of one by one, the ring not being listed.
     * @param [in] cookie The client's word for the ring.
     * @param [in] messages How many.
     * @param [in] bytes Their payload.
     */
    virtual void RingMessagesCarried(uint64_t cookie, uint64_t messages, uint64_t bytes) = 0;

    /** All that a member sends has left. @param [in] cookie The ring. @param [in] place Whose. */
    virtual void RingSent(uint64_t cookie, uint32_t place) = 0;

    /**
     * All that a member gets is in. It may be told after RingSent() or before.
     * @param [in] cookie The ring.
     * @param [in] place Whose.
     */
    virtual void RingPassed(uint64_t cookie, uint32_t place) = 0;
};

/**
 * @ingroup mtlink
 * Who sends messages, and hears of them.
 */
class MessageClient
{
  public:
    virtual ~MessageClient() = default;

    /**
     * The last bit of a message has left its source: the send buffer is free.
     * @param [in] cookie The sender's word for the message.
     */
    virtual void MessageSent(uint64_t cookie) = 0;

    /**
     * The last bit of a message has come in at its destination.
     * @param [in] cookie The sender's word for the message.
     */
    virtual void MessageDelivered(uint64_t cookie) = 0;

    /**
     * The message can't be delivered whole: a fault took part of it.
     * @param [in] cookie The sender's word for the message.
     */
    virtual void MessageLost(uint64_t cookie) = 0;
};

/**
 * @ingroup mtlink
 * The one seam between workload and network: send a message, hear of its completion. Calls come
 * back from events, at the simulated time when the thing happens, never from inside Send().
 */
class Transport
{
  public:
    virtual ~Transport() = default;

    /** @return the number of endpoints. */
    virtual uint32_t GetEndpoints() const = 0;

    /**
     * Hand over a message now. The endpoint's overhead per message is the transport's to add.
     * @param [in] message What to send; src != dst.
     * @param [in] client Who hears of it.
     * @param [in] cookie The client's word for it, handed back.
     */
    virtual void Send(const Message& message, MessageClient* client, uint64_t cookie) = 0;

    /**
     * To be asked from inside MessageDelivered().
     * @return what the times are worth of the message that was delivered.
     */
    virtual Fidelity GetFidelity() const;

    /**
     * Have the network reduce or copy for a group of endpoints. The same members and actions give
     * the same group again.
     * @param [in] members Its endpoints, at least two, each once, in any order.
     * @param [in] channels Trees in each plane; 0: as many as each member has links into it.
     * @param [in] reduces Whether it will ask for ALL_REDUCE or REDUCE.
     * @param [in] copies Whether it will ask for ALL_REDUCE or MULTICAST.
     * @param [in] trafficClass Of all its packets.
     * @return the group; NO_GROUP if the network has no room left for it, and the fabric is set to
     *         have its operations done otherwise.
     * @throws ParameterError where the network can't do it at all.
     */
    virtual uint32_t OpenGroup(IndexSpan members,
                               uint32_t channels,
                               bool reduces,
                               bool copies,
                               uint8_t trafficClass = 0);

    /**
     * Announce an operation of a group. It starts when all who send have joined, and when the
     * network has room for it.
     * @param [in] message What to do.
     * @param [in] client Who hears of it: MessageSent(cookie + i) as the data of member i has left,
     *             for those who send; MessageDelivered(cookie + i) as member i has the result, for
     *             those who get it.
     * @param [in] cookie The client's word for it.
     * @return its number.
     */
    virtual uint32_t OpenGroupMessage(const GroupMessage& message,
                                      MessageClient* client,
                                      uint64_t cookie);

    /**
     * A member that sends has its data ready, now. To be called once for each of them.
     * @param [in] number From OpenGroupMessage().
     * @param [in] member The member's index.
     */
    virtual void JoinGroupMessage(uint32_t number, uint32_t member);

    /**
     * Announce a ring, to be carried as a whole where that is quicker.
     * @param [in] ring The ring.
     * @param [in] client Who hears of it.
     * @param [in] cookie The client's word for it.
     * @return its number; NO_RING where its messages are to be sent one by one.
     */
    virtual uint32_t OpenRing(const Ring& ring, RingClient* client, uint64_t cookie);

    /**
     * A member begins, now. To be called once for each of them. The ring is over, and its number
     * may be another's, when all members were told of all.
     * @param [in] ring From OpenRing().
     * @param [in] place The member's place.
     */
    virtual void JoinRing(uint32_t ring, uint32_t place);

    /**
     * Hand over the message that RingReady() told of.
     * @param [in] ring From OpenRing().
     * @param [in] place The member's place.
     */
    virtual void SendInRing(uint32_t ring, uint32_t place);

    /**
     * What came later may have shown that something was worth less than GetFidelity() said.
     * @param [in] said The worst of what it said of messages.
     * @param [in] endpoint Where they were from, or went to.
     * @param [in] end When the last of them was in.
     * @return what they are worth by what is known now.
     */
    virtual Fidelity Confirm(Fidelity said, uint32_t endpoint, Tick end) const;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRANSPORT_H
