/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TIME_ACCOUNT_H
#define MTLINK_TIME_ACCOUNT_H

#include "training/iteration-graph.h"
#include "workload/replayer.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** Whom a card waited for: a group of a kind, or a peer of another stage (NONE: a group). */
using ExposedTo = std::pair<GroupKind, uint32_t>;

/**
 * @ingroup mtlink
 * Where the time of one card went.
 */
struct CardAccount
{
    uint32_t rank{0};            //!< Which card
    Tick start{0};               //!< Of the first iteration
    Tick end{0};                 //!< Of the card's part in the last one
    Composition time{};          //!< By cause; adds up to end - start
    Composition communication{}; //!< Of each kind, hidden or not; beside the others
    /** Communication in `time`, by whom it is with; of input what was on its way. */
    std::map<ExposedTo, Tick> exposed;
};

/**
 * @ingroup mtlink
 * Accounts for the time of a replayed iteration.
 *
 * While a card's kernels run, time goes where the kernels belong. Where they pause, the next kernel
 * waited for something: the last of what it required. That is followed back through the pause: a
 * collective is host time while it is launched, waiting for others until its last member has
 * launched it, and exposed communication from then on; a message between stages is exposed
 * communication from when it was sent, and a bubble before; what is waited for training data, or
 * for a card that waits for it before it hands it on, is input. So each picosecond goes to one
 * cause.
 */
class TimeAccount
{
  public:
    /**
     * @param [in] iteration What was replayed.
     * @param [in] graph Its graph.
     * @param [in] replayer Who replayed it, to its end.
     */
    TimeAccount(const IterationGraph& iteration,
                const OperationGraph& graph,
                const Replayer& replayer);

    /** @return the card that ended last; of several, that whose kernels took longest. */
    uint32_t GetSlowestRank() const;

    /**
     * @param [in] rank A card.
     * @param [in] start When the workload began.
     * @return where its time went.
     */
    CardAccount Account(uint32_t rank, Tick start) const;

    /**
     * @return the longest that a member of a folded group was ready before another: 0 where folding
     *         was exact.
     */
    Tick GetSkew() const;

  private:
    /** Operations that one requires, by its id: those of one card and its team. */
    using Requirements = std::map<uint32_t, std::vector<uint32_t>>;

    /**
     * Account for a pause.
     * @param [in] waiting What waited.
     * @param [in] lo The pause's start.
     * @param [in] hi Its end.
     */
    void AccountPause(CardAccount& account,
                      const Requirements& requirements,
                      const std::vector<uint32_t>& waiting,
                      Tick lo,
                      Tick hi) const;

    /**
     * Account for the part of a pause that lies in an operation.
     * @return its beginning, and what began it.
     */
    std::pair<Tick, uint32_t> AccountOperation(CardAccount& account,
                                               uint32_t operation,
                                               Tick lo,
                                               Tick hi) const;

    /** @return when all members of a collective had launched it. */
    Tick GetAllLaunched(const IterationCollective& collective) const;

    /** @return whether an operation is a member's end of a collective. */
    bool IsEnd(uint32_t operation) const;

    const IterationGraph& m_iteration; //!< What was replayed
    const OperationGraph& m_graph;     //!< Its graph
    const Replayer& m_replayer;        //!< Who replayed it
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TIME_ACCOUNT_H
