/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EVENT_CLOCK_H
#define MTLINK_EVENT_CLOCK_H

#include "engine/event-handler.h"
#include "engine/fabric-simulator-impl.h"

#include "ns3/mtlink-tick.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The one way by which the fabric tells the time and schedules. Under FabricSimulatorImpl typed
 * events go straight into its event set; under any other ns3::SimulatorImpl each becomes one
 * ordinary event. Both run them in the same order: time, then order of scheduling.
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

    /**
     * Schedule a typed event. It can't be cancelled: a handler ignores what is out of date.
     * @param [in] at When, not before Now().
     * @param [in] handler Who gets it; must outlive it.
     * @param [in] word Handed to the handler.
     * @throws TimeError for a time that has run over, or NEVER.
     */
    void Schedule(Tick at, EventHandler* handler, uint64_t word)
    {
        if (m_impl) [[likely]]
        {
            m_impl->ScheduleTyped(at, handler, word);
        }
        else
        {
            ScheduleElsewhere(at, handler, word);
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
    Tick NowElsewhere() const;

    /** Schedule() under a foreign simulator; parameters as there. */
    void ScheduleElsewhere(Tick at, EventHandler* handler, uint64_t word);

    FabricSimulatorImpl* m_impl; //!< The fast implementation, or nullptr
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EVENT_CLOCK_H
