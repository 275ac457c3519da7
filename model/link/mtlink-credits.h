/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CREDITS_H
#define MTLINK_CREDITS_H

#include "mtlink-time-ring.h"
#include "mtlink-waiting-chains.h"

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Ledgers of credit: how much of a buffer elsewhere a sender may still fill. One ledger per link
 * and VC, in flits; an endpoint's window to a destination is a ledger in bytes.
 *
 * Credits return without events: when the moment of return is known it is written down, sorted by
 * time, and read when the sender asks. Only a sender that has asked in vain is told of a return.
 * At every instant: available + returning + in use = depth.
 */
class Credits
{
  public:
    /** A return of credit that brought what was asked for. */
    struct Relief
    {
        Tick at{NEVER};      //!< When it was usable; NEVER: there was none since ForgetRelief()
        Departure departure; //!< What freed it
    };

    /**
     * Open a ledger.
     * @param [in] depth Its size.
     * @return its index.
     */
    uint32_t Open(uint32_t depth)
    {
        m_ledgers.push_back({depth, depth, 0, 0, NEVER, {}});
        m_reliefs.emplace_back();
        return static_cast<uint32_t>(m_ledgers.size() - 1);
    }

    /**
     * @param [in] ledger A ledger.
     * @param [in] amount What is wanted.
     * @param [in] now The current time.
     * @return whether it is available now.
     */
    bool Has(uint32_t ledger, uint32_t amount, Tick now)
    {
        Ledger& l = m_ledgers[ledger];
        if (l.available < amount)
        {
            Settle(ledger, now);
        }
        return l.available >= amount;
    }

    /**
     * @param [in] ledger A ledger.
     * @param [in] now The current time.
     * @return what is available now.
     */
    uint32_t GetAvailable(uint32_t ledger, Tick now)
    {
        Settle(ledger, now);
        return m_ledgers[ledger].available;
    }

    /**
     * Take credit that is available. What was asked for before is forgotten: ask again.
     * @param [in] ledger A ledger.
     * @param [in] amount How much.
     */
    void Take(uint32_t ledger, uint32_t amount)
    {
        Ledger& l = m_ledgers[ledger];
        l.available -= amount;
        l.inUse += amount;
        l.wanted = 0;
        l.wantedAt = NEVER;
    }

    /**
     * Ask to be told when an amount comes back; holds until the next Take().
     * @param [in] ledger A ledger.
     * @param [in] amount What is wanted; of several askers the least counts.
     * @return when it will be available as far as is known; NEVER: not known.
     */
    Tick Ask(uint32_t ledger, uint32_t amount);

    /**
     * Give credit back.
     * @param [in] ledger A ledger.
     * @param [in] amount How much.
     * @param [in] at When it is usable; not before now.
     * @param [in] departure How what had taken it left.
     * @return when what somebody asked for will be there, if this brings it or brings it earlier;
     *         NEVER: nobody to be told.
     */
    Tick Return(uint32_t ledger, uint32_t amount, Tick at, const Departure& departure = {});

    /**
     * Bring a ledger into the cache.
     * @param [in] ledger A ledger.
     */
    void Prefetch(uint32_t ledger) const
    {
        __builtin_prefetch(&m_ledgers[ledger], 1);
    }

    /**
     * Bring what returns to a ledger into the cache; the ledger is there.
     * @param [in] ledger A ledger.
     */
    void PrefetchReturns(uint32_t ledger) const
    {
        m_ledgers[ledger].returns.Prefetch();
    }

    /**
     * Somebody begins to wait: what brought credit to others before is of no interest.
     * @param [in] ledger A ledger.
     */
    void ForgetRelief(uint32_t ledger)
    {
        m_reliefs[ledger].at = NEVER;
    }

    /**
     * @param [in] ledger A ledger.
     * @return the return that brought what was asked for, as far as Has() has seen it.
     */
    const Relief& GetRelief(uint32_t ledger) const
    {
        return m_reliefs[ledger];
    }

    /**
     * What was asked for was brought by another buffer, that is shared; see SharedCredits.
     * @param [in] ledger A ledger.
     * @param [in] relief What brought it; counts if it is later than what is known.
     */
    void AddRelief(uint32_t ledger, const Relief& relief)
    {
        Relief& known = m_reliefs[ledger];
        if (known.at == NEVER || known.at < relief.at)
        {
            known = relief;
        }
    }

    /**
     * @param [in] ledger A ledger.
     * @return the return that will bring what was asked for, if it is on its way.
     */
    Relief FindRelief(uint32_t ledger) const;

    /**
     * @param [in] ledger A ledger.
     * @return its depth.
     */
    uint32_t GetDepth(uint32_t ledger) const
    {
        return m_ledgers[ledger].depth;
    }

    /**
     * @param [in] ledger A ledger.
     * @return what was taken and has no time of return yet.
     */
    uint32_t GetInUse(uint32_t ledger) const
    {
        return m_ledgers[ledger].inUse;
    }

    /**
     * @param [in] ledger A ledger.
     * @return whether available + returning + in use = depth.
     */
    bool IsConserved(uint32_t ledger) const;

  private:
    /** A return that is on its way. */
    struct Entry
    {
        Tick at{0};          //!< When it is usable
        Departure departure; //!< What freed it
        uint32_t amount{0};  //!< How much
    };

    /** A ledger: one cache line. */
    struct alignas(64) Ledger
    {
        uint32_t depth;          //!< Size of the buffer
        uint32_t available;      //!< Settled
        uint32_t inUse;          //!< Taken, no time of return yet
        uint32_t wanted;         //!< Least amount asked for; 0: nobody waits
        Tick wantedAt;           //!< When it will be there as far as was told
        TimeRing<Entry> returns; //!< On their way
    };

    static_assert(sizeof(Ledger) == 64);

    /**
     * Make returns available that are due.
     * @param [in] ledger The ledger.
     * @param [in] now The current time.
     */
    void Settle(uint32_t ledger, Tick now);

    /**
     * @param [in] ledger A ledger.
     * @param [in] amount What is wanted.
     * @return when it is there; NEVER: not known.
     */
    Tick WhenAvailable(const Ledger& ledger, uint32_t amount) const;

    std::vector<Ledger> m_ledgers; //!< By index
    std::vector<Relief> m_reliefs; //!< By ledger; written only where somebody waits
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CREDITS_H
