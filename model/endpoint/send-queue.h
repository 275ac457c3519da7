/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SEND_QUEUE_H
#define MTLINK_SEND_QUEUE_H

#include "link/packet.h"

#include "ns3/mtlink-transport.h"

#include <cstdint>
#include <limits>
#include <span>

namespace ns3
{
namespace mtlink
{

/** No message: the end of a queue. */
inline constexpr uint32_t NO_MESSAGE = std::numeric_limits<uint32_t>::max();

/** No limit to what is in flight. */
inline constexpr uint32_t NO_WINDOW = std::numeric_limits<uint32_t>::max();

/** No queue: the end of a ring. */
inline constexpr uint32_t NO_QUEUE = std::numeric_limits<uint32_t>::max();

/** Not a flow of the congestion control. */
inline constexpr uint32_t NO_CONTROL = std::numeric_limits<uint32_t>::max();

/**
 * @ingroup mtlink
 * A message under way.
 */
struct MessageState
{
    uint64_t toSend;         //!< Bytes not yet in packets
    uint64_t toDeliver;      //!< Bytes not yet at the destination
    MessageClient* client;   //!< Who hears of it
    uint64_t cookie;         //!< The client's word for it
    uint64_t number;         //!< Its place in the order of sending
    Tick created;            //!< Came to the endpoint
    Tick lastTail;           //!< The latest last bit of its packets on the source's wires
    uint32_t src;            //!< Source endpoint
    uint32_t dst;            //!< Destination endpoint
    uint32_t flow;           //!< Flow label
    uint32_t packets;        //!< Packets sent
    uint32_t queue;          //!< The queue that sends it
    uint32_t next;           //!< Next message in the queue, or next free one
    bool sent;               //!< MessageSent() was called
    bool lost{false};        //!< A fault took part of it
    uint32_t distributor{0}; //!< To a group: Packet::target of its packets
};

/**
 * @ingroup mtlink
 * What one endpoint has to send to one destination in one traffic class: its own messages, or
 * packets of others that it relays.
 */
struct SendQueue
{
    static constexpr uint32_t NO_LINK = std::numeric_limits<uint32_t>::max(); //!< See readyFor

    /** Where it stands. */
    enum State : uint8_t
    {
        EMPTY,   //!< Nothing to send
        ACTIVE,  //!< In the ring of its port group
        WAITING, //!< For its window
    };

    uint32_t endpoint;                 //!< Whose
    uint32_t target;                   //!< End of the first leg to the destination
    uint32_t group;                    //!< Ports that it may use
    uint32_t firstMessage{NO_MESSAGE}; //!< Own messages
    uint32_t lastMessage{NO_MESSAGE};  //!< Own messages
    PacketQueue relayed;               //!< Packets of others
    uint32_t nextActive{NO_QUEUE};     //!< Next in the ring
    uint32_t readyFor{NO_LINK};        //!< Port by which its next packet may go at once, or none
    uint8_t readyVc{0};                //!< ... on this VC, but for the port's credit
    uint32_t window{NO_WINDOW};        //!< Ledger of its window, or none
    uint32_t packets{0};               //!< Packets sent
    Tick acknowledgement{0};           //!< From a packet's arrival to the opening of the window
    Tick nextLook{NEVER};              //!< Its pending event, if it is paced
    uint32_t flow{NO_CONTROL};         //!< Its flow of the congestion control
    State state{EMPTY};                //!< Where it stands
    bool isRelay{false};               //!< For packets of others
    bool isForward{false};             //!< ... on a detour, which keep their input buffers
    PacketKind kind{UNICAST};          //!< Of its packets; else it is a stream to a group's tree
    uint8_t vc{0};                     //!< Of a stream, among those of its traffic class
    uint8_t trafficClass{0};           //!< Of its packets
    uint32_t via{NO_VIA};              //!< Of a stream: Packet::via of its packets

    /** @return whether it has nothing to send. */
    bool IsEmpty() const
    {
        return isRelay ? relayed.IsEmpty() : firstMessage == NO_MESSAGE;
    }
};

/**
 * @ingroup mtlink
 * Equivalent ports of an endpoint, and the queues of one traffic class that have something for
 * them, in order of service.
 */
struct PortGroup
{
    std::span<const uint32_t> links; //!< The ports' links
    uint8_t vcClass{0};              //!< VC class on them
    uint8_t trafficClass{0};         //!< Of its queues
    uint32_t first{NO_QUEUE};        //!< Queue to be served first
    uint32_t last{NO_QUEUE};         //!< Queue to be served last; undefined if there is none
    uint32_t nextPort{0};            //!< Port to be asked first
    bool stalled{false};             //!< A port of it may be in a credit stall
    bool controlled{false};          //!< Its queues are flows of the congestion control
    bool lacksDetour{false};         //!< A port had no credit for a detour of what leads it

    /** @return whether no queue has anything. */
    bool IsEmpty() const
    {
        return first == NO_QUEUE;
    }
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SEND_QUEUE_H
