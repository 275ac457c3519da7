/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_FLOW_WATCHER_H
#define MTLINK_FLOW_FLOW_WATCHER_H

#include "flow/flow-losses.h"
#include "flow/flow-traffic.h"

#include "ns3/mtlink-fidelity.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Messages that were delivered.
 */
struct FlowSum
{
    uint64_t messages{0}; //!< Their number
    uint64_t packets{0};  //!< Packets that they would have had
    uint64_t bytes{0};    //!< Their payload
};

/**
 * @ingroup mtlink
 * Who watches what FlowTransport counts.
 */
class FlowWatcher
{
  public:
    virtual ~FlowWatcher() = default;

    /**
     * Messages have left their source.
     * @param [in] src Their source.
     * @param [in] dst Their destination.
     * @param [in] link A link of a step.
     * @param [in] traffic What the link carries of them.
     */
    virtual void Carried(uint32_t src, uint32_t dst, uint32_t link, const FlowTraffic& traffic) = 0;

    /** A message has lost time. @param [in] loss How much, and to what. */
    virtual void Lost(const FlowLosses::Row& loss) = 0;

    /**
     * Messages are in.
     * @param [in] src Their source.
     * @param [in] dst Their destination.
     * @param [in] sum What they were.
     * @param [in] word What their times are worth.
     */
    virtual void Delivered(uint32_t src, uint32_t dst, const FlowSum& sum, Fidelity word) = 0;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_FLOW_WATCHER_H
