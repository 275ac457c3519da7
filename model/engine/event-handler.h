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
     * @param [in] word The word given to EventChannel::Schedule().
     */
    virtual void OnEvent(uint64_t word) = 0;

    /** Steps in which events that are near are announced; see Prefetch(). */
    static constexpr uint32_t PREFETCH_STEPS = 6;

    /**
     * An event is near, some others come before it: bring what it will touch into the cache. It
     * comes in steps, so that each may read what the one before has asked for. It changes no
     * result: it is for large fabrics, see EventClock::AnnounceFrom(), and even there some
     * simulators, and events at short notice, do without.
     * @param [in] word The event's.
     * @param [in] step From 0, below PREFETCH_STEPS.
     */
    virtual void Prefetch([[maybe_unused]] uint64_t word, [[maybe_unused]] uint32_t step)
    {
    }
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EVENT_HANDLER_H
