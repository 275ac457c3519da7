/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EVENT_CLOCK_H
#define MTLINK_EVENT_CLOCK_H

#include "engine/event-handlers.h"
#include "engine/fabric-simulator-impl.h"
#include "engine/foreign-agenda.h"

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <memory>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The one way by which the fabric tells the time and schedules. Under FabricSimulatorImpl typed
 * events go straight into its event set; under any other ns3::SimulatorImpl into a ForeignAgenda.
 * Both run them in the same order: by time; at one instant ordinary events of ns-3 first, then
 * typed ones by their keys, see EventHandlers.
 *
 * Create it after the simulator implementation was selected; needs Time::PS (or finer).
 */
class EventClock
{
  public:
    /** Binds the current simulator implementation. */
    EventClock();

    /** @return the current time. */
    Tick Now() const
    {
        return m_impl ? m_impl->NowTicks() : NowElsewhere();
    }

    /** @return who gets the events of this simulation. */
    const std::shared_ptr<EventHandlers>& GetHandlers() const
    {
        return m_impl ? m_impl->GetHandlers() : m_agenda->GetHandlers();
    }

    /**
     * Schedule a typed event: see EventChannel.
     * @param [in] at When, not before Now().
     * @param [in] key Its key.
     * @throws TimeError for a time that has run over, or NEVER.
     */
    [[gnu::always_inline]] void Schedule(Tick at, uint64_t key)
    {
        if (m_impl) [[likely]]
        {
            m_impl->ScheduleTyped(at, key);
        }
        else
        {
            m_agenda->Schedule(at, key);
        }
    }

    /**
     * @return when the next event is due, NEVER if there is none; other simulators don't tell: then
     *         Now().
     */
    Tick GetNext()
    {
        return m_impl ? m_impl->GetNextTick() : NowElsewhere();
    }

    /**
     * @return whether nothing else is due now: what is to be scheduled for now, to be done when all
     *         else has happened, can be done at once, and counts as an event that has run. Other
     *         simulators don't tell.
     */
    bool TakeLastTurn()
    {
        return m_impl && m_impl->TakeLastTurn();
    }

    /** @return how many events have run, ordinary and typed ones. */
    uint64_t GetEventCount() const;

    /**
     * Have handlers told of events that are near, as long as so many are pending: see
     * FabricSimulatorImpl::AnnounceFrom(). Other simulators don't.
     * @param [in] pending From so many on.
     */
    void AnnounceFrom(std::size_t pending)
    {
        if (m_impl)
        {
            m_impl->AnnounceFrom(pending);
        }
    }

    /** Ask the simulator to stop after the event that now runs. */
    void Stop();

  private:
    /** @return the current time of a foreign simulator. */
    static Tick NowElsewhere();

    FabricSimulatorImpl* m_impl;             //!< The fast implementation, or nullptr
    std::shared_ptr<ForeignAgenda> m_agenda; //!< Under another implementation, or nullptr
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EVENT_CLOCK_H
