/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_FLOW_LOAD_H
#define MTLINK_FLOW_FLOW_LOAD_H

#include "flow/flow-path.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What a message puts on its way. Equal ports take its packets in turn; the busiest counts.
 */
struct FlowLoad
{
    uint64_t packets;   //!< All
    uint64_t perPort;   //!< Of the busiest port
    uint64_t flits;     //!< Of the busiest port
    uint64_t wireFlits; //!< All
    Tick packetTime;    //!< A whole packet's on the slowest link, ps
    Tick stored;        //!< What its last packet is kept where packets are taken in whole, ps
    bool isAligned;     //!< All ports end at once
};

/**
 * @param [in] path The way.
 * @param [in] bytes Payload, at least 1.
 * @param [in] packet Largest payload of a packet, bytes.
 * @return the load.
 */
FlowLoad MeasureLoad(const FlowManner& path, uint64_t bytes, uint32_t packet);

/**
 * @param [in] path The way.
 * @param [in] load A message's.
 * @param [in] work Its time on the slowest link, ps.
 * @return its rate, where windows and credits bind, of what it has alone; in ShareSolver::ONE.
 */
int64_t FindCap(const FlowManner& path, const FlowLoad& load, Tick work);

/**
 * @param [in] speed Of a wire.
 * @param [in] from An instant.
 * @param [in] flits A length, any.
 * @return the instant at which they are through.
 */
WireTime AfterFlits(const WireSpeed& speed, WireTime from, uint64_t flits);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_FLOW_LOAD_H
