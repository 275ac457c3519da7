/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DIRECT_H
#define MTLINK_DIRECT_H

#include "workload/collective/collective-context.h"

#include <cstdint>
#include <span>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @file
 * @ingroup mtlink
 * Algorithms in which data goes straight from who has it to who needs it: `direct`, all at once;
 * `pairwise`, one partner at a time; `two_shot`, scattered and gathered again. On a full mesh they
 * use every link at once; elsewhere they make incasts for the network to sort out.
 */

/**
 * @ingroup mtlink
 * The blocks of an all-to-all, end to end by source.
 */
class ExchangeData
{
  public:
    /** @param [in] context An all_to_all or all_to_allv. */
    explicit ExchangeData(const CollectiveContext& context);

    /**
     * @param [in] src A member.
     * @param [in] dst A member.
     * @return what src sends to dst.
     */
    Segment Of(uint32_t src, uint32_t dst) const;

  private:
    uint32_t m_size;                 //!< Members
    uint64_t m_bytes;                //!< Of one source, where all are alike
    std::vector<Segment> m_segments; //!< By source and destination; empty: all are alike
};

/**
 * Reduce-scatter: every member sends every other its part, n - 1 rounds of n messages.
 * @param [in] team Members; must outlive the transfers.
 * @param [in] at The member's place in the team.
 * @param [in] blocks What each ends with.
 * @param [in] flow Flow label.
 * @param [in] rounds Its rounds.
 * @return the member's transfers: all sends, then all receives.
 */
Transfers DirectReduceScatter(const Team& team,
                              uint32_t at,
                              TeamBlocks blocks,
                              uint32_t flow,
                              Rounds rounds);

/**
 * All-gather: every member sends every other what it has, n - 1 rounds of n messages.
 * @param [in] team Members; must outlive the transfers.
 * @param [in] at The member's place in the team.
 * @param [in] blocks What each begins with.
 * @param [in] flow Flow label.
 * @param [in] rounds Its rounds.
 * @param [in] isLast Whether the collective ends with it.
 * @return the member's transfers: all sends, then all receives.
 */
Transfers DirectAllGather(const Team& team,
                          uint32_t at,
                          TeamBlocks blocks,
                          uint32_t flow,
                          Rounds rounds,
                          bool isLast);

/**
 * all_reduce, `direct` (one-shot): every member sends all its data to every other and reduces all
 * that comes: one latency, (n-1) S bytes sent by each. @param [in] context What to do.
 */
ProgramPointer AllReduceDirect(const CollectiveContext& context);
/**
 * all_reduce, `two_shot`: direct reduce-scatter, then direct all-gather: two latencies,
 * 2 (n-1)/n S bytes sent by each. @param [in] context What to do.
 */
ProgramPointer AllReduceByTwoShot(const CollectiveContext& context);
/** all_gather, `direct`. @param [in] context What to do. */
ProgramPointer AllGatherDirect(const CollectiveContext& context);
/** reduce_scatter, `direct`. @param [in] context What to do. */
ProgramPointer ReduceScatterDirect(const CollectiveContext& context);
/**
 * reduce_scatter, `pairwise`: in step k a member sends to the one k further, and waits for what it
 * gets in the same step. @param [in] context What to do.
 */
ProgramPointer ReduceScatterByPairwise(const CollectiveContext& context);
/**
 * all_to_all and all_to_allv, `direct`: all messages at once, those to the next member first.
 * @param [in] context What to do.
 */
ProgramPointer AllToAllDirect(const CollectiveContext& context);
/**
 * all_to_all and all_to_allv, `pairwise`: in step k a member sends to the one k further and gets
 * from the one k before; step k + 1 waits for what came in. @param [in] context What to do.
 */
ProgramPointer AllToAllByPairwise(const CollectiveContext& context);
/** broadcast, `direct`: the root sends to each. @param [in] context What to do. */
ProgramPointer BroadcastDirect(const CollectiveContext& context);
/**
 * broadcast, `two_shot` (van de Geijn 1994): scatter, then all-gather, both direct.
 * @param [in] context What to do.
 */
ProgramPointer BroadcastByTwoShot(const CollectiveContext& context);
/** reduce, `direct`: each sends to the root. @param [in] context What to do. */
ProgramPointer ReduceDirect(const CollectiveContext& context);
/**
 * reduce, `two_shot`: reduce-scatter, then gather, both direct. @param [in] context What to do.
 */
ProgramPointer ReduceByTwoShot(const CollectiveContext& context);
/** gather, `direct`: each sends its chunk to the root. @param [in] context What to do. */
ProgramPointer GatherDirect(const CollectiveContext& context);
/** scatter, `direct`: the root sends each its chunk. @param [in] context What to do. */
ProgramPointer ScatterDirect(const CollectiveContext& context);
/** send_recv, `direct`: each sends all to the next member. @param [in] context What to do. */
ProgramPointer SendRecvDirect(const CollectiveContext& context);
/** barrier, `direct`: each sends a byte to every other. @param [in] context What to do. */
ProgramPointer BarrierDirect(const CollectiveContext& context);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DIRECT_H
