/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_MESSAGE_SINK_H
#define MTLINK_MESSAGE_SINK_H

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <optional>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * One message of a replay, for messages.csv.
 */
struct MessageRecord
{
    uint32_t src;         //!< Source endpoint
    uint32_t dst;         //!< Destination endpoint
    uint64_t bytes;       //!< Payload as carried: 1 for an empty message
    uint32_t collective;  //!< Index, or NONE
    uint8_t trafficClass; //!< Its traffic class
    Tick start;           //!< Handed to the transport
    Tick end;             //!< Delivered; NEVER: not yet
    uint32_t flow;        //!< Flow label
};

/**
 * @ingroup mtlink
 * Who is told of a replay's messages while it goes.
 */
class MessageSink
{
  public:
    virtual ~MessageSink() = default;

    /**
     * A message is handed to the transport.
     * @param [in] message The message; it starts no earlier than those before it.
     * @return its number, for MessageEnded().
     */
    virtual uint64_t MessageBegun(const MessageRecord& message) = 0;

    /**
     * A message is handed to the transport: count it, if nothing else of it will be asked for.
     * @return its number, for MessageEnded(); nothing: MessageBegun() is to tell what it is.
     */
    virtual std::optional<uint64_t> MessageLeftOut()
    {
        return std::nullopt;
    }

    /**
     * A message is delivered.
     * @param [in] number Its number.
     * @param [in] end When, ps.
     */
    virtual void MessageEnded(uint64_t number, Tick end) = 0;

    /** @return whether every message is to be told of, where a mode could do without. */
    virtual bool WantsAll() const = 0;

    /** Messages were carried as a whole, of which nobody tells. @param [in] messages How many. */
    virtual void MessagesUnlisted(uint64_t messages) = 0;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_MESSAGE_SINK_H
