/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ENDPOINT_EVENT_H
#define MTLINK_ENDPOINT_EVENT_H

#include "engine/event-channel.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink What an event at the endpoints is about; the looks at ports are not of them. */
enum class EndpointEvent : uint64_t
{
    START_MESSAGE, //!< Overheads of messages are over
    END_SENDING,   //!< A message's last bit has left
    OPEN_WINDOW,   //!< A queue's window may be open
    PACE_QUEUE,    //!< A queue's pace may allow its next packet
    ACKNOWLEDGE,   //!< The next acknowledgement for a queue is in
    RELAY_PACKET,  //!< Relays have kept packets for long enough
    FORWARD,       //!< Endpoints have kept packets on detours for long enough
    OFFER_DETOURS, //!< Ports of an endpoint may take for detours what waits for others
    KINDS,         //!< Their number
};

/**
 * @ingroup mtlink
 * How the parts of the endpoints schedule what one of them, or another, is to do later: all of it
 * comes to one handler, which knows whose each kind is.
 */
class EndpointEvents
{
  public:
    /**
     * @param [in] clock The clock; must outlive this.
     * @param [in] handler Who gets the events; likewise.
     */
    EndpointEvents(EventClock& clock, EventHandler& handler)
        : m_clock(clock),
          m_events(clock, handler, EventPhase::ARRIVE),
          m_offers(clock, handler, EventPhase::DECIDE)
    {
    }

    /** @return the current time. */
    Tick Now() const
    {
        return m_clock.Now();
    }

    /**
     * @param [in] at When, not before Now().
     * @param [in] kind What about.
     * @param [in] which Which queue, message or endpoint; 0: of which there is a DueList.
     */
    void Schedule(Tick at, EndpointEvent kind, uint64_t which)
    {
        // What others have left is offered when they have had their turns.
        EventChannel& channel = kind == EndpointEvent::OFFER_DETOURS ? m_offers : m_events;
        channel.Schedule(at, which * KINDS + static_cast<uint64_t>(kind));
    }

    /** @return what an event is about. @param [in] word Its word. */
    static EndpointEvent GetKind(uint64_t word)
    {
        return static_cast<EndpointEvent>(word % KINDS);
    }

    /** @return which queue, message or endpoint an event is about. @param [in] word Its word. */
    static uint32_t GetWhich(uint64_t word)
    {
        return static_cast<uint32_t>(word / KINDS);
    }

  private:
    static constexpr auto KINDS = static_cast<uint64_t>(EndpointEvent::KINDS); //!< Their number

    EventClock& m_clock;   //!< The clock
    EventChannel m_events; //!< All but
    EventChannel m_offers; //!< OFFER_DETOURS
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ENDPOINT_EVENT_H
