/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EVENT_HANDLER_H
#define MTLINK_EVENT_HANDLER_H

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Receiver of typed events: no allocation, no closure, no reference count. One handler serves
 * all objects of its kind; the word says which object, and what.
 */
class EventHandler
{
  public:
    virtual ~EventHandler() = default;

    /**
     * An event is due.
     * @param [in] word The word given to EventClock::Schedule().
     */
    virtual void OnEvent(uint64_t word) = 0;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EVENT_HANDLER_H
