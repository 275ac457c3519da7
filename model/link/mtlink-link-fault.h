/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LINK_FAULT_H
#define MTLINK_LINK_FAULT_H

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** What becomes of packets while a link is down. */
enum class DownPolicy : uint8_t
{
    REPLAY,  //!< They wait; those on the wire are sent again
    REROUTE, //!< As REPLAY, but those that wait in a switch take another candidate, if one is up
    DROP,    //!< They are lost, but for those that wait at an endpoint
};

/**
 * @ingroup mtlink
 * A fault: at one time, or again and again at random.
 */
struct LinkFault
{
    /** Links that change together; at random, each of these has its own times. */
    std::vector<std::vector<uint32_t>> units;
    bool repairs{false};                   //!< Ends what earlier faults with a time did
    bool isDown{true};                     //!< Down; else degraded
    uint32_t lanes{0};                     //!< Degraded: lanes that stay up
    DownPolicy policy{DownPolicy::REPLAY}; //!< Down: what becomes of packets
    Tick at{0};                            //!< When
    Tick length{NEVER};                    //!< For how long; NEVER: for good
    Tick mtbf{0};                          //!< At random: mean time up before a fault; 0: not so
    Tick mttr{0};                          //!< At random: mean time of a fault
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LINK_FAULT_H
