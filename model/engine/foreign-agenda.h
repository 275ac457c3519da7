/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FOREIGN_AGENDA_H
#define MTLINK_FOREIGN_AGENDA_H

#include "engine/event-calendar.h"
#include "engine/event-handlers.h"

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <memory>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The typed events of a simulation that another ns3::SimulatorImpl runs than FabricSimulatorImpl,
 * in the same order as there. That runs what is due at one instant in the order of scheduling; so
 * this has an ordinary event of its own, the *turn*, that goes to the end of the instant's queue
 * until nobody else has run between two of its turns: then, one a turn, the typed events run.
 */
class ForeignAgenda : public std::enable_shared_from_this<ForeignAgenda>
{
  public:
    /** @return that of the current simulation, made if need be. */
    static std::shared_ptr<ForeignAgenda> GetCurrent();

    /** @return who gets the events. */
    const std::shared_ptr<EventHandlers>& GetHandlers() const
    {
        return m_handlers;
    }

    /**
     * Schedule a typed event.
     * @param [in] at When, not before now.
     * @param [in] key Its key.
     * @throws TimeError for a time that has run over, or NEVER.
     */
    void Schedule(Tick at, uint64_t key);

    /** @return ordinary events that were only for the order of others. */
    uint64_t GetTurns() const
    {
        return m_turns;
    }

  private:
    /** Have a turn when the next event is due, unless there is one by then. */
    void AskTurn();

    /** It is our turn, if it is not out of date. @param [in] turn Its number. */
    void TakeTurn(uint64_t turn);

    /** Run the first event, if it is due. @param [in] now The current time. */
    void RunFirst(Tick now);

    std::shared_ptr<EventHandlers> m_handlers{std::make_shared<EventHandlers>()}; //!< Who gets them
    EventCalendar m_events;                                                       //!< Not run yet
    uint64_t m_nextTurn{0};     //!< Number of the next turn
    Tick m_nextTurnAt{NEVER};   //!< When it is
    uint64_t m_turns{0};        //!< Turns without a typed event
    Tick m_turnAt{NEVER};       //!< Time of the latest turn
    uint64_t m_eventsAtTurn{0}; //!< Events of the simulation that had run then
    bool m_isRunning{false};    //!< A typed event runs
    bool m_isOver{false};       //!< The simulation was destroyed
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FOREIGN_AGENDA_H
