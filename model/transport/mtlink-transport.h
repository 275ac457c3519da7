/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRANSPORT_H
#define MTLINK_TRANSPORT_H

#include "ns3/mtlink-tick.h"

#include <cstdint>

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
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRANSPORT_H
