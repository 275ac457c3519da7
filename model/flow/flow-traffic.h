/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_FLOW_TRAFFIC_H
#define MTLINK_FLOW_FLOW_TRAFFIC_H

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What a link has carried.
 */
struct FlowTraffic
{
    uint64_t payload{0}; //!< Bytes, times ShareSolver::WHOLE
    uint64_t flits{0};   //!< Likewise
    uint64_t packets{0}; //!< Likewise

    /** @param [in] more Is added. */
    void Add(const FlowTraffic& more)
    {
        payload += more.payload;
        flits += more.flits;
        packets += more.packets;
    }
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_FLOW_TRAFFIC_H
