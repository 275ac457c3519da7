/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SHARED_CREDITS_H
#define MTLINK_SHARED_CREDITS_H

#include "link/credits.h"

#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Pools of buffer that several ledgers may use beside their own: the shared part of a switch
 * chip's input buffer, seen by the senders as extra credit.
 *
 * A packet takes the credit of its ledger first and the rest of its length from the pool, at once.
 * It may as long as what its ledger has of the pool is less than alpha times what is free there
 * (the dynamic threshold of Choudhury and Hahne, "Dynamic queue length thresholds for
 * shared-memory packet switches", IEEE/ACM Transactions on Networking 6(2), 1998). What comes back
 * goes to the pool first, and can be used, by all, when it could upstream. An idealisation: every
 * sender knows at once what the others take. At every instant: free + taken, or on its way back, by
 * all ledgers = the pool's depth.
 */
class SharedCredits
{
  public:
    /** Told of the ledger of somebody who waits, and when to look again. */
    using Wake = std::function<void(uint32_t, Tick)>;

    /**
     * @param [in,out] credits The ledgers; must outlive this.
     * @param [in] wake Wakes who waits.
     */
    SharedCredits(Credits& credits, Wake wake)
        : m_credits(credits),
          m_wake(std::move(wake))
    {
    }

    /**
     * Open a pool.
     * @param [in] depth Its size.
     * @param [in] alpha Share of what is free that one ledger may take; above 0.
     * @return its index.
     */
    uint32_t Open(uint32_t depth, double alpha);

    /**
     * A ledger may use a pool.
     * @param [in] ledger The ledger.
     * @param [in] pool The pool.
     */
    void Join(uint32_t ledger, uint32_t pool);

    /**
     * @param [in] ledger A ledger.
     * @return whether it may use a pool.
     */
    bool IsMember(uint32_t ledger) const
    {
        return ledger < m_members.size() && m_members[ledger].pool != NO_POOL;
    }

    /**
     * @param [in] ledger A member.
     * @param [in] amount What is wanted.
     * @param [in] now The current time.
     * @return whether ledger and pool have it now.
     */
    bool Has(uint32_t ledger, uint32_t amount, Tick now);

    /**
     * Take what Has() has found.
     * @param [in] ledger A member.
     * @param [in] amount How much.
     * @param [in] now The current time.
     */
    void Take(uint32_t ledger, uint32_t amount, Tick now);

    /**
     * Ask to be told when more comes back, to the ledger or to its pool.
     * @param [in] ledger A member.
     * @param [in] now The current time.
     * @return when it will, as far as is known; NEVER: not known.
     */
    Tick Ask(uint32_t ledger, Tick now);

    /**
     * Give back, the pool's share first.
     * @param [in] ledger A member.
     * @param [in] amount How much.
     * @param [in] at When it is usable; not before now.
     * @param [in] departure How what had taken it left.
     */
    void Return(uint32_t ledger, uint32_t amount, Tick at, const Departure& departure);

    /**
     * @param [in] ledger A member.
     * @return the depth of its pool.
     */
    uint32_t GetDepth(uint32_t ledger) const
    {
        return m_pools[m_members[ledger].pool].depth;
    }

    /**
     * @param [in] ledger A member.
     * @param [in] now The current time.
     * @return what it has taken of its pool that is not usable again.
     */
    uint32_t GetHeld(uint32_t ledger, Tick now)
    {
        Settle(m_pools[m_members[ledger].pool], now);
        return m_members[ledger].held;
    }

    /** @return whether every pool adds up. */
    bool AreConserved() const;

  private:
    static constexpr uint32_t NO_POOL = UINT32_MAX; //!< Not a member

    /** A ledger that may use a pool. */
    struct Member
    {
        uint32_t pool{NO_POOL}; //!< Which
        uint32_t inUse{0};      //!< Taken of it, no time of return yet
        uint32_t held{0};       //!< Taken of it and not usable again
        Tick toldAt{NEVER};     //!< When it looks again, as far as was told
        bool waits{false};      //!< Is in the pool's list
    };

    /** A return to a pool on its way. */
    struct Entry
    {
        Tick at;             //!< When it is usable
        uint64_t number;     //!< Order at one time
        uint32_t ledger;     //!< Whose
        uint32_t amount;     //!< How much
        Departure departure; //!< What freed it

        /** @return whether it comes after another. */
        bool operator>(const Entry& other) const
        {
            return std::pair(at, number) > std::pair(other.at, other.number);
        }
    };

    /** A pool. */
    struct Pool
    {
        uint32_t depth;       //!< Its size
        uint32_t free;        //!< Settled
        double alpha;         //!< Of the threshold
        Credits::Relief last; //!< The return settled last
        std::priority_queue<Entry, std::vector<Entry>, std::greater<>> returns; //!< On their way
        std::vector<uint32_t> waiting; //!< Ledgers that have asked, first come first
    };

    /** Make returns available that are due. */
    void Settle(Pool& pool, Tick now);

    Credits& m_credits;            //!< The ledgers
    Wake m_wake;                   //!< Wakes who waits
    std::vector<Member> m_members; //!< By ledger
    std::vector<Pool> m_pools;     //!< By index
    uint64_t m_nextNumber{0};      //!< Of the next entry
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SHARED_CREDITS_H
