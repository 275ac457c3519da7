/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "engine/fabric-simulator-impl.h"

#include "ns3/abort.h"
#include "ns3/assert.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

NS_LOG_COMPONENT_DEFINE("MtlinkFabricSimulatorImpl");

namespace
{

// EventId::DESTROY and EventId::VALID, which ns-3.35 has as plain numbers.
constexpr uint32_t DESTROY_UID = 2; //!< Of events that ScheduleDestroy() has made
constexpr uint32_t FIRST_UID = 4;   //!< Of ordinary events, from here on

/**
 * Call PreEventHook(), which ns-3.35 does not have.
 * @tparam S Its type.
 * @param [in] simulator Whose.
 * @param [in] id The event that is about to run.
 */
template <typename S>
void
CallHook(S& simulator, const EventId& id)
{
    if constexpr (requires { simulator.PreEventHook(id); })
    {
        simulator.PreEventHook(id);
    }
}

} // namespace

NS_OBJECT_ENSURE_REGISTERED(FabricSimulatorImpl);

TypeId
FabricSimulatorImpl::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mtlink::FabricSimulatorImpl")
                            .SetParent<SimulatorImpl>()
                            .SetGroupName("Mtlink")
                            .AddConstructor<FabricSimulatorImpl>();
    return tid;
}

FabricSimulatorImpl::FabricSimulatorImpl()
    : m_thread(std::this_thread::get_id()),
      m_nextUid(FIRST_UID),
      m_context(Simulator::NO_CONTEXT)
{
}

FabricSimulatorImpl::~FabricSimulatorImpl() = default;

void
FabricSimulatorImpl::DoDispose()
{
    NS_LOG_FUNCTION(this);
    TakeForeignEvents();
    while (m_ordinary && !m_ordinary->IsEmpty())
    {
        m_ordinary->RemoveNext().impl->Unref();
    }
    m_ordinary = nullptr;
    m_typed.Clear();
    m_pending.clear();
    SimulatorImpl::DoDispose();
}

void
FabricSimulatorImpl::Destroy()
{
    NS_LOG_FUNCTION(this);
    while (!m_destroyEvents.empty())
    {
        const Ptr<EventImpl> event = m_destroyEvents.front().PeekEventImpl();
        m_destroyEvents.pop_front();
        if (!event->IsCancelled())
        {
            event->Invoke();
        }
    }
}

void
FabricSimulatorImpl::SetScheduler(ObjectFactory schedulerFactory)
{
    NS_LOG_FUNCTION(this << schedulerFactory);
    const Ptr<Scheduler> scheduler = schedulerFactory.Create<Scheduler>();
    while (m_ordinary && !m_ordinary->IsEmpty())
    {
        scheduler->Insert(m_ordinary->RemoveNext());
    }
    m_ordinary = scheduler;
}

bool
FabricSimulatorImpl::IsFinished() const
{
    return m_stop || (m_typed.IsEmpty() && m_ordinary->IsEmpty());
}

void
FabricSimulatorImpl::Stop()
{
    m_stop = true;
}

FabricSimulatorImpl::StopResult
FabricSimulatorImpl::Stop(const Time& delay)
{
    return static_cast<StopResult>(Simulator::Schedule(delay, &Simulator::Stop));
}

uint32_t
FabricSimulatorImpl::Insert(Tick at, uint32_t context, EventImpl* event)
{
    NS_ABORT_MSG_IF(m_nextUid < FIRST_UID, "more than 2^32 ordinary events");
    const uint32_t uid = m_nextUid++;
    m_pending.insert(uid);
    Scheduler::Event entry;
    entry.impl = event;
    entry.key.m_ts = static_cast<uint64_t>(at);
    entry.key.m_uid = uid;
    entry.key.m_context = context;
    m_ordinary->Insert(entry);
    m_nextOrdinaryAt = std::min(m_nextOrdinaryAt, at);
    return uid;
}

EventId
FabricSimulatorImpl::Schedule(const Time& delay, EventImpl* event)
{
    NS_ASSERT_MSG(std::this_thread::get_id() == m_thread,
                  "from another thread use ScheduleWithContext()");
    NS_ASSERT_MSG(!delay.IsStrictlyNegative(), "an event can't be scheduled in the past");
    const Tick at = m_now + delay.GetTimeStep();
    const uint32_t uid = Insert(at, m_context, event);
    return EventId(event, static_cast<uint64_t>(at), m_context, uid);
}

void
FabricSimulatorImpl::ScheduleWithContext(uint32_t context, const Time& delay, EventImpl* event)
{
    if (std::this_thread::get_id() == m_thread)
    {
        Insert(m_now + delay.GetTimeStep(), context, event);
        return;
    }
    const std::lock_guard lock(m_foreignMutex);
    m_foreignEvents.push_back({context, delay, event});
    __atomic_store_n(&m_foreignWaiting, true, __ATOMIC_RELEASE);
}

void
FabricSimulatorImpl::TakeForeignEvents()
{
    std::vector<ForeignEvent> events;
    {
        const std::lock_guard lock(m_foreignMutex);
        events.swap(m_foreignEvents);
        __atomic_store_n(&m_foreignWaiting, false, __ATOMIC_RELEASE);
    }
    for (const ForeignEvent& e : events)
    {
        Insert(m_now + e.delay.GetTimeStep(), e.context, e.event);
    }
}

EventId
FabricSimulatorImpl::ScheduleNow(EventImpl* event)
{
    return Schedule(TimeStep(0), event);
}

EventId
FabricSimulatorImpl::ScheduleDestroy(EventImpl* event)
{
    const EventId id(Ptr<EventImpl>(event, false),
                     static_cast<uint64_t>(m_now),
                     Simulator::NO_CONTEXT,
                     DESTROY_UID);
    m_destroyEvents.push_back(id);
    return id;
}

void
FabricSimulatorImpl::Remove(const EventId& id)
{
    if (id.GetUid() == DESTROY_UID)
    {
        m_destroyEvents.remove(id);
        return;
    }
    if (IsExpired(id))
    {
        return;
    }
    Scheduler::Event entry;
    entry.impl = id.PeekEventImpl();
    entry.key.m_ts = id.GetTs();
    entry.key.m_context = id.GetContext();
    entry.key.m_uid = id.GetUid();
    m_ordinary->Remove(entry);
    m_pending.erase(id.GetUid());
    m_nextOrdinaryAt =
        m_ordinary->IsEmpty() ? NEVER : static_cast<Tick>(m_ordinary->PeekNext().key.m_ts);
    entry.impl->Cancel();
    entry.impl->Unref();
}

void
FabricSimulatorImpl::Cancel(const EventId& id)
{
    if (!IsExpired(id))
    {
        id.PeekEventImpl()->Cancel();
    }
}

bool
FabricSimulatorImpl::IsExpired(const EventId& id) const
{
    if (id.PeekEventImpl() == nullptr || id.PeekEventImpl()->IsCancelled())
    {
        return true;
    }
    if (id.GetUid() == DESTROY_UID)
    {
        return std::find(m_destroyEvents.begin(), m_destroyEvents.end(), id) ==
               m_destroyEvents.end();
    }
    return m_pending.find(id.GetUid()) == m_pending.end();
}

inline void
FabricSimulatorImpl::RunTyped()
{
    if (m_typed.GetSize() >= m_announceFrom)
    {
        m_typed.Announce([this](const TypedEvent& event, uint32_t step) {
            (*m_handlers)[event.key].Prefetch(EventHandlers::GetWord(event.key), step);
        });
    }
    const TypedEvent event = m_typed.Pop();
    m_now = event.at;
    m_runningKey = event.key;
    m_context = Simulator::NO_CONTEXT;
    ++m_eventCount;
    (*m_handlers)[event.key].OnEvent(EventHandlers::GetWord(event.key));
}

void
FabricSimulatorImpl::RunOrdinary()
{
    const Scheduler::Event next = m_ordinary->RemoveNext();
    m_nextOrdinaryAt =
        m_ordinary->IsEmpty() ? NEVER : static_cast<Tick>(m_ordinary->PeekNext().key.m_ts);
    m_pending.erase(next.key.m_uid);
    CallHook(*this, EventId(next.impl, next.key.m_ts, next.key.m_context, next.key.m_uid));
    m_now = static_cast<Tick>(next.key.m_ts);
    m_context = next.key.m_context;
    m_runningKey = 0;
    ++m_eventCount;
    next.impl->Invoke();
    next.impl->Unref();
}

void
FabricSimulatorImpl::Run()
{
    NS_LOG_FUNCTION(this);
    BeginRun();
    RunBefore(NEVER, 0);
}

void
FabricSimulatorImpl::BeginRun()
{
    m_thread = std::this_thread::get_id();
    m_stop = false;
    TakeForeignEvents();
}

void
FabricSimulatorImpl::RunBefore(Tick at, uint64_t key)
{
    while (!m_stop && !(m_typed.IsEmpty() && m_ordinary->IsEmpty()))
    {
        if (TypedIsNext()) [[likely]]
        {
            if (m_typed.Top().at >= at && !m_typed.Top().IsBefore({at, key})) [[unlikely]]
            {
                return;
            }
            RunTyped();
        }
        else if (m_nextOrdinaryAt < at)
        {
            RunOrdinary();
        }
        else
        {
            return;
        }
        if (__atomic_load_n(&m_foreignWaiting, __ATOMIC_ACQUIRE)) [[unlikely]]
        {
            TakeForeignEvents();
        }
    }
}

Time
FabricSimulatorImpl::Now() const
{
    return TimeStep(static_cast<uint64_t>(m_now));
}

Time
FabricSimulatorImpl::GetDelayLeft(const EventId& id) const
{
    return IsExpired(id) ? TimeStep(0) : TimeStep(id.GetTs() - static_cast<uint64_t>(m_now));
}

Time
FabricSimulatorImpl::GetMaximumSimulationTime() const
{
    return TimeStep(0x7fffffffffffffffULL);
}

uint32_t
FabricSimulatorImpl::GetSystemId() const
{
    return 0;
}

uint32_t
FabricSimulatorImpl::GetContext() const
{
    return m_context;
}

uint64_t
FabricSimulatorImpl::GetEventCount() const
{
    return m_eventCount;
}

} // namespace mtlink
} // namespace ns3
