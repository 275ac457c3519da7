/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FABRIC_SIMULATOR_IMPL_H
#define MTLINK_FABRIC_SIMULATOR_IMPL_H

#include "engine/event-calendar.h"
#include "engine/event-handlers.h"
#include "engine/time-limit.h"

#include "ns3/event-id.h"
#include "ns3/event-impl.h"
#include "ns3/nstime.h"
#include "ns3/scheduler.h"
#include "ns3/simulator-impl.h"

#include <algorithm>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * An ns3::SimulatorImpl with two ordered sets under one clock: typed events of the fabric in an
 * EventCalendar, and ordinary ns-3 events in an ns3::Scheduler (SchedulerType applies to these).
 * At one instant ordinary events come first, in the order of scheduling as everywhere in ns-3, then
 * typed ones by their keys: their order does not depend on who has scheduled first.
 *
 * Select it with
 * `GlobalValue::Bind("SimulatorImplementationType",
 * StringValue("ns3::mtlink::FabricSimulatorImpl"))` before the first call of ns3::Simulator.
 */
class FabricSimulatorImpl final : public SimulatorImpl
{
  public:
    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    FabricSimulatorImpl();
    ~FabricSimulatorImpl() override;

    /// ns-3.37 returns void here, ns-3.41 and later an EventId.
    using StopResult = decltype(std::declval<SimulatorImpl&>().Stop(std::declval<const Time&>()));

    void Destroy() override;
    bool IsFinished() const override;
    void Stop() override;
    StopResult Stop(const Time& delay) override;
    EventId Schedule(const Time& delay, EventImpl* event) override;
    void ScheduleWithContext(uint32_t context, const Time& delay, EventImpl* event) override;
    EventId ScheduleNow(EventImpl* event) override;
    EventId ScheduleDestroy(EventImpl* event) override;
    void Remove(const EventId& id) override;
    void Cancel(const EventId& id) override;
    bool IsExpired(const EventId& id) const override;
    void Run() override;
    Time Now() const override;
    Time GetDelayLeft(const EventId& id) const override;
    Time GetMaximumSimulationTime() const override;
    void SetScheduler(ObjectFactory schedulerFactory) override;
    uint32_t GetSystemId() const override;
    uint32_t GetContext() const override;
    uint64_t GetEventCount() const override;

    /** @return the current time, in ticks of ns-3's resolution. */
    Tick NowTicks() const
    {
        return m_now;
    }

    /** @return who gets typed events. */
    const std::shared_ptr<EventHandlers>& GetHandlers() const
    {
        return m_handlers;
    }

    /** @return when the next event is due, in ticks of ns-3's resolution; NEVER: there is none. */
    Tick GetNextTick()
    {
        return m_typed.IsEmpty() ? m_nextOrdinaryAt : std::min(m_typed.Top().at, m_nextOrdinaryAt);
    }

    /** See EventClock. */
    bool TakeLastTurn()
    {
        const bool isLast = GetNextTick() > m_now;
        m_eventCount += isLast;
        return isLast;
    }

    /**
     * Announce typed events to their handlers before they run, see EventHandler::Prefetch(), as
     * long as many are pending: what each will touch are some 2 KB, so that 2,048 of them, unless
     * said otherwise, are at work on more than a cache holds. Measured: permutations over fat trees
     * took 1.2 of the time with 770 events pending, the same with 1,550, 0.85 of it with 2,340.
     * @param [in] pending From so many on.
     */
    void AnnounceFrom(std::size_t pending)
    {
        m_announceFrom = pending;
    }

    /**
     * Schedule a typed event; it runs without a context. It can't be cancelled.
     * @param [in] at When, in ticks of ns-3's resolution, not before NowTicks().
     * @param [in] key Its key, see EventHandlers.
     * @throws TimeError for a time that has run over, or NEVER.
     */
    void ScheduleTyped(Tick at, uint64_t key)
    {
        if (IsBeyondTime(at, m_now)) [[unlikely]]
        {
            throw TimeError();
        }
        m_typed.Push({at, key});
    }

    // For a simulation that is spread over processes: EventWindows.

    /** Run() is about to be done in parts. */
    void BeginRun();

    /**
     * Run what comes before an event, until Stop().
     * @param [in] at When that is due.
     * @param [in] key Its key; 0: before all events of that time.
     */
    void RunBefore(Tick at, uint64_t key);

    /** @return whether Stop() was called since the run began. */
    bool IsStopped() const
    {
        return m_stop;
    }

    /** @return the key of the typed event that runs, or has run last; 0: of an ordinary one. */
    uint64_t GetRunningKey() const
    {
        return m_runningKey;
    }

    /** It is some time now. @param [in] now Not before anything that has had an effect. */
    void SetNow(Tick now)
    {
        m_now = now;
    }

  private:
    void DoDispose() override;

    /** An ordinary event from another thread, until the loop takes it in. */
    struct ForeignEvent
    {
        uint32_t context; //!< Its context
        Time delay;       //!< From when it is taken in
        EventImpl* event; //!< The event
    };

    /**
     * Insert an ordinary event.
     * @param [in] at Due time in ticks.
     * @param [in] context Its context.
     * @param [in] event The event; takes over one reference.
     * @return its uid.
     */
    uint32_t Insert(Tick at, uint32_t context, EventImpl* event);

    /** Take in what other threads have scheduled. */
    void TakeForeignEvents();

    /** @return whether the next typed event comes before the next ordinary one. */
    bool TypedIsNext()
    {
        return !m_typed.IsEmpty() && m_typed.Top().at < m_nextOrdinaryAt;
    }

    /** Run the next typed event. */
    void RunTyped();

    /** Run the next ordinary event. */
    void RunOrdinary();

    std::shared_ptr<EventHandlers> m_handlers{std::make_shared<EventHandlers>()}; //!< Of them
    EventCalendar m_typed;                                                        //!< Typed events
    std::size_t m_announceFrom{2048};          //!< See AnnounceFrom()
    Ptr<Scheduler> m_ordinary;                 //!< Ordinary events
    std::unordered_set<uint32_t> m_pending;    //!< Uids of ordinary events
    std::list<EventId> m_destroyEvents;        //!< Run by Destroy()
    std::vector<ForeignEvent> m_foreignEvents; //!< From other threads
    std::mutex m_foreignMutex;                 //!< Guards m_foreignEvents
    bool m_foreignWaiting{false};              //!< Hint: m_foreignEvents is not empty
    std::thread::id m_thread;                  //!< The simulation's thread
    Tick m_now{0};                             //!< Current time
    Tick m_nextOrdinaryAt{NEVER};              //!< Due time of the next ordinary event
    uint64_t m_runningKey{0};                  //!< See GetRunningKey()
    uint64_t m_eventCount{0};                  //!< Events run
    uint32_t m_nextUid;                        //!< Of the next ordinary event
    uint32_t m_context;                        //!< Of the event that now runs
    bool m_stop{false};                        //!< Stop() was called
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FABRIC_SIMULATOR_IMPL_H
