/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_MESSAGE_EXPRESS_H
#define MTLINK_MESSAGE_EXPRESS_H

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What can send whole messages, where nobody is in their way: see ExpressMessages. Ports ask it.
 */
class MessageExpress
{
  public:
    virtual ~MessageExpress() = default;

    /**
     * A queue that is alone at a port is to send the first packet of a message of several.
     * @param [in] link The port's link.
     * @param [in] queue The queue.
     * @return whether this sends the message.
     */
    virtual bool Begin(uint32_t link, uint32_t queue) = 0;

    /**
     * A port whose queue this sends from is to be looked at.
     * @param [in] link The port's link.
     * @return whether this goes on sending; else the port does.
     */
    virtual bool GoOn(uint32_t link) = 0;

    /** What is under way goes on as packets: somebody looks at what is where. */
    virtual void TakeBackAll() = 0;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_MESSAGE_EXPRESS_H
