/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "engine/event-handlers.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace mtlink
{

uint64_t
EventHandlers::Enroll(EventHandler& handler, EventPhase phase)
{
    const auto free = std::find(m_handlers.begin(), m_handlers.end(), nullptr);
    const auto slot = static_cast<uint64_t>(free - m_handlers.begin());
    if (slot >> SLOT_BITS != 0)
    {
        throw std::length_error("a simulation has at most 16384 sources of events at once: run "
                                "fewer workloads side by side");
    }
    if (free == m_handlers.end())
    {
        m_handlers.push_back(&handler);
    }
    else
    {
        *free = &handler;
    }
    return static_cast<uint64_t>(phase) << (WORD_BITS + SLOT_BITS) | slot << WORD_BITS;
}

void
EventHandlers::Withdraw(uint64_t key)
{
    m_handlers[GetSlot(key)] = nullptr;
}

} // namespace mtlink
} // namespace ns3
