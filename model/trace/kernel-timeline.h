/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_KERNEL_TIMELINE_H
#define MTLINK_KERNEL_TIMELINE_H

#include "trace/call-trace.h"

#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink A kernel on a card: from when to when. */
struct KernelSpan
{
    Tick start; //!< ps, from the origin of calls' starts
    Tick end;   //!< Likewise
};

/**
 * @ingroup mtlink
 * Put computations between a rank's calls, which have times, so that their replay is the recorded
 * course if calls take as long as measured. All that the card computes is one chain, cut where
 * calls begin and end. A call waits for the chain up to where it began, and for calls that had
 * ended then; the chain goes on, behind a call that has ended, with the next kernel. While the card
 * is idle and a call runs that the chain then waits for, nothing is computed: this is exposed
 * communication. All other gaps between kernels are computation of the host, and stay.
 * @param [in,out] rank Its calls, with start and duration; gets the chain, on stream 0; streams of
 *                      calls count from 1 on.
 * @param [in] kernels What the card computes; in any order.
 */
void ChainByTime(CallRank& rank, std::vector<KernelSpan> kernels);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_KERNEL_TIMELINE_H
