/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EVENT_HANDLERS_H
#define MTLINK_EVENT_HANDLERS_H

#include "engine/event-handler.h"
#include "engine/event-phase.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Who gets the typed events of a simulation. An event is named by its key: its phase, a number of
 * its handler, and the handler's word for it. Of two events due at one time that of the smaller key
 * runs first.
 */
class EventHandlers
{
  public:
    static constexpr uint32_t WORD_BITS = 46; //!< Of a key, for the handler's word
    static constexpr uint32_t SLOT_BITS = 14; //!< ..., for the handler's number

    /**
     * @param [in] handler A handler; until Withdraw().
     * @param [in] phase The phase of some events of its.
     * @return the key of its event whose word is 0. Handlers are numbered as they come.
     * @throws std::length_error for more than 2^SLOT_BITS at once.
     */
    uint64_t Enroll(EventHandler& handler, EventPhase phase);

    /** A handler gets no more events of a phase. @param [in] key As Enroll() has given. */
    void Withdraw(uint64_t key);

    /** @return who gets an event. @param [in] key The event's. */
    EventHandler& operator[](uint64_t key) const
    {
        return *m_handlers[GetSlot(key)];
    }

    /** @return the word in a key. */
    static uint64_t GetWord(uint64_t key)
    {
        return key & ((1ULL << WORD_BITS) - 1);
    }

  private:
    /** @return the handler's number in a key. */
    static uint32_t GetSlot(uint64_t key)
    {
        return static_cast<uint32_t>(key >> WORD_BITS) & ((1U << SLOT_BITS) - 1);
    }

    std::vector<EventHandler*> m_handlers; //!< By number; nullptr: free
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EVENT_HANDLERS_H
