/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EVENT_PHASE_H
#define MTLINK_EVENT_PHASE_H

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What is due at one instant happens in this order, whoever has scheduled it, and when: first what
 * changes the fabric and what comes in, then who looks at it.
 */
enum class EventPhase : uint8_t
{
    FAULT,  //!< Links fail, and come back
    ARRIVE, //!< Packets come in, times are over, messages begin
    START,  //!< A workload starts what is ready in this instant
    GATHER, //!< What was started together begins together
    INPUT,  //!< Inputs of switches: who has lost a turn before goes first
    OUTPUT, //!< Outputs of switches and ports of endpoints send
    DECIDE, //!< Who decides for many ports at once
    SOLVE,  //!< Shares of links are found anew
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EVENT_PHASE_H
