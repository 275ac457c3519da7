/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PATH_CHOICE_H
#define MTLINK_PATH_CHOICE_H

#include "ns3/mtlink-index-span.h"
#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <limits>

namespace ns3
{
namespace mtlink
{

/** No detour lies ahead. */
inline constexpr uint32_t NO_DETOUR = std::numeric_limits<uint32_t>::max();

/**
 * @ingroup mtlink
 * Where a packet may go next: equivalent links, and the virtual-channel class to use on them.
 */
struct Hops
{
    IndexSpan links;    //!< Links, never empty; owned by the routing
    uint8_t vcClass{0}; //!< Virtual-channel class on the chosen link
};

/**
 * @ingroup mtlink
 * All that the choice of a next hop may depend on beside the load: what the deadlock proof
 * enumerates.
 */
struct PathState
{
    uint32_t node{0};        //!< A switch that holds the packet
    uint32_t target{0};      //!< The endpoint at which its leg ends
    uint32_t via{NO_DETOUR}; //!< Packet::via: where a detour leads it before, or NO_DETOUR
    uint8_t vcClass{0};      //!< Class on which it came
};

/**
 * @ingroup mtlink
 * One way on: equivalent links, and what the packet is from there on.
 */
struct Alternative
{
    Hops hops;               //!< Links and class
    uint32_t via{NO_DETOUR}; //!< Packet::via on them
    bool adaptive{false};    //!< Only for a packet that finds credit there, and takes it at once
};

/**
 * @ingroup mtlink
 * A packet that asks for its way on.
 */
struct PathRequest
{
    PathState state;   //!< Where it is and where it goes
    uint32_t flow{0};  //!< Its hash: of its flow, or of itself where packets are sprayed
    uint32_t flits{1}; //!< Its length
    Tick now{0};       //!< The current time
};

/**
 * @ingroup mtlink
 * The answer.
 */
struct PathChoice
{
    uint32_t link{0};        //!< Link to leave by
    uint32_t via{NO_DETOUR}; //!< Packet::via from now on
    uint8_t vcClass{0};      //!< Class on it
    bool adaptive{false};    //!< A VC of the class has credit, which must be taken now
};

/** Equality of states: for tests. */
inline bool
operator==(const PathState& a, const PathState& b)
{
    return a.node == b.node && a.target == b.target && a.via == b.via && a.vcClass == b.vcClass;
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PATH_CHOICE_H
