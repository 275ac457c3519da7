/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TEST_EXPANDED_COLLECTIVE_H
#define MTLINK_TEST_EXPANDED_COLLECTIVE_H

#include "workload/collective/collective.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** One message of an expanded collective, and the data that it carries. */
struct DataMove
{
    uint32_t send;                 //!< The SEND
    uint32_t receive;              //!< The RECEIVE
    uint32_t reduce;               //!< The REDUCE that takes it in, or NONE: it is stored
    bool original;                 //!< Sent from the caller's buffer, not from the running result
    std::vector<Segment> segments; //!< What it carries
};

/**
 * Write a collective out: every operation that unfolds of it in a run, all at once, in one graph,
 * with the dependencies that the data's way demands. What makes a member's copy of a block is found
 * by going through all messages in program order: another way than a run's, which must come to
 * the same.
 * @param [in,out] graph Where to add them.
 * @param [in] spec What to expand.
 * @param [in] hints The fabric.
 * @param [out] moves Gets every message with the data that it carries; may be nullptr.
 * @return where it begins and ends.
 */
CollectiveEnds ExpandCollective(OperationGraph& graph,
                                const CollectiveSpec& spec,
                                const FabricHints& hints,
                                std::vector<DataMove>* moves = nullptr);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TEST_EXPANDED_COLLECTIVE_H
