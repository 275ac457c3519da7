/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_RANK_SPANS_H
#define MTLINK_RANK_SPANS_H

#include "ns3/mtlink-results.h"

#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * The part of a rank in a collective. */
struct RankSpan
{
    uint32_t rank{0};       //!< Endpoint
    uint32_t collective{0}; //!< Index into RunResults::collectives
    Tick start{NEVER};      //!< Its first message, sent or received, starts
    Tick end{0};            //!< Its last message ends
};

/**
 * @ingroup mtlink
 * @param [in] results A run with its messages.
 * @return the part of every rank in every collective that it had a message of, by (rank, start,
 * collective). What had not ended, ends with the run.
 */
std::vector<RankSpan> GetRankSpans(const RunResults& results);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RANK_SPANS_H
