/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LINK_RECORD_H
#define MTLINK_LINK_RECORD_H

#include "link/waiting-chains.h"
#include "measure/occupancy.h"

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Counters of one link.
 */
struct LinkCounters
{
    uint64_t packets{0}; //!< Packets sent
    uint64_t payload{0}; //!< Payload bytes sent
    uint64_t flits{0};   //!< Flits sent
    Tick busy{0};        //!< Time from first to last bit of each packet
    Tick stall{0};       //!< Time that data waited and no VC had credit: stalls that are over
};

/**
 * @ingroup mtlink
 * What a link between two endpoints, which it alone serves, has done in a while.
 */
struct LinkRecord
{
    LinkCounters counters;                 //!< What was counted
    WaitingChains::OwnWaits waits;         //!< Of its one flow
    std::vector<OccupancyMeter> occupancy; //!< Of the buffer behind it, by VC
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LINK_RECORD_H
