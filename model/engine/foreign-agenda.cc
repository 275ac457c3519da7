/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "engine/foreign-agenda.h"

#include "engine/time-limit.h"

#include "ns3/simulator.h"

namespace ns3
{
namespace mtlink
{

std::shared_ptr<ForeignAgenda>
ForeignAgenda::GetCurrent()
{
    static std::weak_ptr<ForeignAgenda> current;
    std::shared_ptr<ForeignAgenda> agenda = current.lock();
    if (!agenda || agenda->m_isOver)
    {
        agenda = std::make_shared<ForeignAgenda>();
        current = agenda;
        Simulator::ScheduleDestroy([] {
            if (const std::shared_ptr<ForeignAgenda> ended = current.lock())
            {
                ended->m_isOver = true;
            }
        });
    }
    return agenda;
}

void
ForeignAgenda::Schedule(Tick at, uint64_t key)
{
    if (IsBeyondTime(at, Simulator::Now().GetTimeStep()))
    {
        throw TimeError();
    }
    m_events.Push({at, key});
    AskTurn();
}

void
ForeignAgenda::AskTurn()
{
    // While one runs it may yet schedule ordinary events, which go before the next.
    if (m_isRunning || m_events.IsEmpty() || m_events.Top().at >= m_nextTurnAt)
    {
        return;
    }
    m_nextTurnAt = m_events.Top().at;
    const Tick delay = m_nextTurnAt - Simulator::Now().GetTimeStep();
    // Without a context, as typed events are under FabricSimulatorImpl.
    Simulator::ScheduleWithContext(Simulator::NO_CONTEXT,
                                   TimeStep(static_cast<uint64_t>(delay)),
                                   [weak = weak_from_this(), turn = ++m_nextTurn] {
                                       if (const auto agenda = weak.lock())
                                       {
                                           agenda->TakeTurn(turn);
                                       }
                                   });
}

void
ForeignAgenda::TakeTurn(uint64_t turn)
{
    ++m_turns;
    if (turn != m_nextTurn)
    {
        return; // an earlier one took its place
    }
    m_nextTurnAt = NEVER;
    const Tick now = Simulator::Now().GetTimeStep();
    const uint64_t events = Simulator::GetEventCount();
    const bool nobodyElse = m_turnAt == now && events == m_eventsAtTurn + 1;
    m_turnAt = now;
    m_eventsAtTurn = events;
    if (nobodyElse)
    {
        RunFirst(now);
    }
    AskTurn();
}

void
ForeignAgenda::RunFirst(Tick now)
{
    if (m_events.IsEmpty() || m_events.Top().at != now)
    {
        return;
    }
    const TypedEvent event = m_events.Pop();
    --m_turns;
    m_isRunning = true;
    (*m_handlers)[event.key].OnEvent(EventHandlers::GetWord(event.key));
    m_isRunning = false;
}

} // namespace mtlink
} // namespace ns3
