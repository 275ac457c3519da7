/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TIMELINE_H
#define MTLINK_TIMELINE_H

#include "measure/critical-paths.h"

#include "ns3/mtlink-results.h"

namespace ns3
{
namespace mtlink
{

class AtomicFile;

/**
 * @ingroup mtlink
 * What of a run goes into a timeline at most, so that a viewer still opens it. What is left out
 * is counted in the file's `otherData`.
 */
struct TimelineLimits
{
    size_t collectives{20000}; //!< Slices of collectives; the longest stay
    size_t spans{100000};      //!< Slices of a collective on one rank; the longest stay
    size_t operations{200000}; //!< Slices of operations; the longest stay
    size_t messages{100000};   //!< Slices of messages; the longest stay
    size_t arrows{50000};      //!< Of these: that have a slice where they come in, and an arrow
    size_t linkSpans{100000};  //!< Slices of links' stalls and states; the longest stay
    size_t ranks{1024};        //!< Ranks; of more, one of every k, k a power of two
    size_t rankProcesses{64};  //!< Processes of ranks; of more ranks, several share one
    size_t lanes{32};          //!< Overlapping operations of one kind on one rank
    size_t links{64};          //!< Links with a counter; those longest busy or stalled stay
    size_t samples{200000};    //!< Values of all counters; whole links go
};

/**
 * @ingroup mtlink
 * Write a run as Chrome trace events (ui.perfetto.dev opens them), in this order: a process for the
 * critical path, a thread per workload; one for the collectives as a whole; of a training one per
 * stage, a thread per lane; one per rank, or for several, with its part in each collective (from
 * its first message to its last), its operations, the messages that it sent, a thread per channel,
 * and those that it got, with an arrow from the one to the other; one for the links, with a thread
 * for the credit stalls of each, one for the times at which it was DOWN or DEGRADED, and its
 * utilisation, stall and queue as counters.
 * @param [in] results The run.
 * @param [in] paths Its critical paths.
 * @param [in] limits What goes in at most.
 * @param [in,out] file Gets the JSON.
 */
void WriteTimeline(const RunResults& results,
                   const CriticalPaths& paths,
                   const TimelineLimits& limits,
                   AtomicFile& file);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TIMELINE_H
