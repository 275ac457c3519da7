/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_MESSAGE_CHAIN_H
#define MTLINK_MESSAGE_CHAIN_H

#include "ns3/mtlink-results.h"
#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What a message takes on an idle fabric.
 */
struct IdleCosts
{
    /** Time from its first bit to its last, there, ps; by source, destination, bytes. */
    std::function<Tick(uint32_t, uint32_t, uint64_t)> time;
    /** Of it, latency of links and switches, ps; by source, destination. */
    std::function<Tick(uint32_t, uint32_t)> latency;
    Tick messageOverhead{0};   //!< Before each message, ps
    Tick operationOverhead{0}; //!< Before each operation, ps
    bool isGapSoftware{false}; //!< Between messages nobody computes or reduces
};

/**
 * @ingroup mtlink
 * Follow a run back from the message that ended last: to the message that its source had got
 * last when it was sent, and so on to the start. The parts add up to the time from the start to
 * the end. A source may have waited for something else; then what is found is a chain that was
 * long, not the one that was waited for.
 * @param [in] messages All messages of the run; those that did not end are passed over.
 * @param [in] start When the workload began, ps.
 * @param [in] end When it ended, ps.
 * @param [in] costs What messages take on an idle fabric.
 * @return the chain; none of its messages where none ended.
 */
VerdictChain FindChain(const std::vector<MessageResult>& messages,
                       Tick start,
                       Tick end,
                       const IdleCosts& costs);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_MESSAGE_CHAIN_H
