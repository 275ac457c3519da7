/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_HALVING_DOUBLING_H
#define MTLINK_HALVING_DOUBLING_H

#include "workload/collective/collective-context.h"

#include <cstdint>
#include <span>

namespace ns3
{
namespace mtlink
{

/**
 * @file
 * @ingroup mtlink
 * Recursive halving and doubling (Thakur, Rabenseifner and Gropp, "Optimization of collective
 * communication operations in MPICH", IJHPCA 2005; Rabenseifner 2004). They go by pairs, so their
 * core is a power of two of members. With n = 2^k + r members, the first 2 r make r pairs; in each
 * the even one first gives its data to the odd one, which stands for both, and gets the result
 * from it at the end: one more message of the whole buffer each way.
 */

/**
 * The members that make the core, and what they stand for.
 */
class Core
{
  public:
    /** @param [in] n Members. */
    explicit Core(uint32_t n);

    /** @return members of the core, a power of two. */
    uint32_t GetSize() const
    {
        return m_size;
    }

    /** @return how many pairs there are, of members 2 i and 2 i + 1. */
    uint32_t GetPairs() const
    {
        return m_pairs;
    }

    /** @return rounds of halving, or of doubling: log2 of the size. */
    uint32_t GetRounds() const;

    /**
     * @param [in] place A place in the core.
     * @return the member there.
     */
    uint32_t At(uint32_t place) const
    {
        return place < m_pairs ? 2 * place + 1 : place + m_pairs;
    }

    /** @return the core, in order. */
    Team GetTeam() const;

    /**
     * @param [in] member A member.
     * @return its place in the core; NONE: another one stands for it.
     */
    uint32_t GetPlace(uint32_t member) const;

  private:
    uint32_t m_size;  //!< Members of the core
    uint32_t m_pairs; //!< Pairs
};

/** The core of a team: a power of two of its members, in order. */
class CoreTeam
{
  public:
    /** @param [in] team The team; must outlive this. @param [in] core Its core. */
    CoreTeam(const Team& team, const Core& core)
        : m_team(&team),
          m_core(core)
    {
    }

    /** @return how many they are. */
    uint32_t GetSize() const
    {
        return m_core.GetSize();
    }

    /** @return the member at a place. @param [in] place The place. */
    uint32_t operator[](uint32_t place) const
    {
        return (*m_team)[m_core.At(place)];
    }

  private:
    const Team* m_team; //!< All
    Core m_core;        //!< Who is in the core
};

/**
 * Reduce-scatter by recursive halving, log2 n rounds of 2 n messages at most.
 * @param [in] team A power of two of members.
 * @param [in] at The member's place in the team.
 * @param [in] blocks What each ends with.
 * @param [in] flow Flow label.
 * @param [in] rounds Its rounds.
 * @return the member's transfers.
 */
Transfers HalvingReduceScatter(CoreTeam team,
                               uint32_t at,
                               TeamBlocks blocks,
                               uint32_t flow,
                               Rounds rounds);

/**
 * All-gather by recursive doubling, log2 n rounds of 2 n messages at most.
 * @param [in] team A power of two of members.
 * @param [in] at The member's place in the team.
 * @param [in] blocks What each begins with.
 * @param [in] flow Flow label.
 * @param [in] rounds Its rounds.
 * @return the member's transfers.
 */
Transfers DoublingAllGather(CoreTeam team,
                            uint32_t at,
                            TeamBlocks blocks,
                            uint32_t flow,
                            Rounds rounds);

/**
 * Reduce-scatter by halving over any number of members: pairs, core, pairs; two rounds more.
 * @param [in] team Any members; must outlive the transfers.
 * @param [in] core Of as many; must outlive the transfers.
 * @param [in] at The member's place in the team.
 * @param [in] blocks What each ends with, in order.
 * @param [in] flow Flow label.
 * @param [in] rounds Its rounds.
 * @return the member's transfers.
 */
Transfers HalvesReduceScatter(const Team& team,
                              const Core& core,
                              uint32_t at,
                              TeamBlocks blocks,
                              uint32_t flow,
                              Rounds rounds);

/**
 * All-gather by doubling over any number of members: pairs, core, pairs; two rounds more.
 * @param [in] team Any members; must outlive the transfers.
 * @param [in] core Of as many; must outlive the transfers.
 * @param [in] at The member's place in the team.
 * @param [in] blocks What each begins with, in order.
 * @param [in] flow Flow label.
 * @param [in] rounds Its rounds.
 * @return the member's transfers.
 */
Transfers HalvesAllGather(const Team& team,
                          const Core& core,
                          uint32_t at,
                          TeamBlocks blocks,
                          uint32_t flow,
                          Rounds rounds);

/**
 * all_reduce, `halving_doubling` (Rabenseifner): recursive halving, then doubling, the largest
 * messages between neighbours. n = 2^k: 2 k latency + 2 (n-1)/n S / rate. @param [in] context What
 * to do.
 */
ProgramPointer AllReduceByHalvingDoubling(const CollectiveContext& context);

/**
 * all_reduce, `doubling`: recursive doubling, all data in each of k rounds. n = 2^k: k x (latency +
 * S / rate). @param [in] context What to do.
 */
ProgramPointer AllReduceByDoubling(const CollectiveContext& context);

/** reduce_scatter, `halving_doubling`: recursive halving. @param [in] context What to do. */
ProgramPointer ReduceScatterByHalving(const CollectiveContext& context);

/** all_gather, `doubling`: recursive doubling. @param [in] context What to do. */
ProgramPointer AllGatherByDoubling(const CollectiveContext& context);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_HALVING_DOUBLING_H
