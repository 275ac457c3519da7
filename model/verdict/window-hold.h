/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_WINDOW_HOLD_H
#define MTLINK_WINDOW_HOLD_H

#include "verdict/verdict-facts.h"

#include "ns3/mtlink-results.h"
#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * An endpoint's window, and what a way takes on the idle fabric.
 */
struct WindowCosts
{
    uint64_t window{0}; //!< Bytes under way to one destination at most; 0: no limit
    uint64_t packet{0}; //!< Payload of the largest packet, bytes
    /** From a packet's first bit to its acknowledgement, ps; by source and destination. */
    std::function<Tick(uint32_t, uint32_t)> roundTrip;
    /** Payload bytes/s that one message can reach; by source and destination. */
    std::function<double(uint32_t, uint32_t)> rate;
};

/**
 * @ingroup mtlink
 * Find out whether windows held messages up: whether those that took most of the time went as fast
 * as a window for each round trip, which is less than their way could carry.
 * @param [in] messages Messages of the run, or a sample; those that did not end are passed over.
 * @param [in] costs The window and the ways.
 * @return the longest message that was held up; nothing: they were not.
 */
std::optional<VerdictWindow> FindWindowHold(const std::vector<MessageResult>& messages,
                                            const WindowCosts& costs);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_WINDOW_HOLD_H
