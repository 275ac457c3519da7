/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EVENT_CHANNEL_H
#define MTLINK_EVENT_CHANNEL_H

#include "engine/event-clock.h"

#include <cstdint>
#include <memory>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * By this a handler schedules its events of one phase.
 */
class EventChannel
{
  public:
    /**
     * @param [in] clock The clock; must outlive this.
     * @param [in] handler Who gets the events; must outlive them, and this.
     * @param [in] phase When in an instant.
     */
    EventChannel(EventClock& clock, EventHandler& handler, EventPhase phase)
        : m_clock(clock),
          m_handlers(clock.GetHandlers()),
          m_key(m_handlers->Enroll(handler, phase))
    {
    }

    ~EventChannel()
    {
        m_handlers->Withdraw(m_key);
    }

    EventChannel(const EventChannel&) = delete;
    EventChannel& operator=(const EventChannel&) = delete;

    /**
     * Schedule an event. It can't be cancelled: a handler ignores what is out of date.
     * @param [in] at When, not before now.
     * @param [in] word Handed to the handler; below 2^EventHandlers::WORD_BITS. Of the handler's
     *                  events of this phase at one time the smaller word comes first.
     * @throws TimeError for a time that has run over, or NEVER.
     */
    [[gnu::always_inline]] void Schedule(Tick at, uint64_t word)
    {
        m_clock.Schedule(at, m_key | word);
    }

  private:
    EventClock& m_clock;                       //!< The clock
    std::shared_ptr<EventHandlers> m_handlers; //!< Where the handler is known
    uint64_t m_key;                            //!< Of its event whose word is 0
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EVENT_CHANNEL_H
