/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SEND_QUEUE_H
#define MTLINK_SEND_QUEUE_H

#include "endpoint/messages.h"
#include "engine/pending-look.h"
#include "link/packet.h"

#include <cstdint>
#include <limits>
#include <span>

namespace ns3
{
namespace mtlink
{

/** No limit to what is in flight. */
inline constexpr uint32_t NO_WINDOW = std::numeric_limits<uint32_t>::max();

/** No queue: the end of a ring. */
inline constexpr uint32_t NO_QUEUE = std::numeric_limits<uint32_t>::max();

/** No group of ports. */
inline constexpr uint32_t NO_PORT_GROUP = std::numeric_limits<uint32_t>::max();

/** Not a flow of the congestion control. */
inline constexpr uint32_t NO_CONTROL = std::numeric_limits<uint32_t>::max();

/**
 * @ingroup mtlink
 * What one endpoint has to send to one destination in one traffic class: its own messages, or
 * packets of others that it relays.
 */
struct SendQueue
{
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
    uint32_t window{NO_WINDOW};        //!< Ledger of its window, or none
    uint32_t packets{0};               //!< Packets sent
    Tick acknowledgement{0};           //!< From a packet's arrival to the opening of the window
    PendingLook look;                  //!< Its pending event, if it is paced
    uint32_t controlFlow{NO_CONTROL};  //!< Its flow of the congestion control
    State state{EMPTY};                //!< Where it stands
    bool isRelay{false};               //!< For packets of others
    bool isForward{false};             //!< ... on a detour, which keep their input buffers
    PacketKind kind{UNICAST};          //!< Of its packets; else they go into a group's tree
    uint8_t vc{0};                     //!< Into a tree: among those of its traffic class
    uint8_t trafficClass{0};           //!< Of its packets
    uint32_t via{NO_VIA};              //!< Into a tree: Packet::via of its packets

    /** @return whether it has nothing to send. */
    bool IsEmpty() const
    {
        return isRelay ? relayed.IsEmpty() : firstMessage == NO_MESSAGE;
    }

    /** @return whether its packets take of a window. */
    bool HasWindow() const
    {
        return window != NO_WINDOW;
    }

    /** @return whether window or congestion control may hold its packets back. */
    bool IsLimited() const
    {
        return HasWindow() || controlFlow != NO_CONTROL;
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
