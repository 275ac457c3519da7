/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CREDITS_H
#define MTLINK_CREDITS_H

#include "engine/time-ring.h"
#include "link/waiting-chains.h"

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
 *
 * What returns has left a buffer. Who measures how full that is can Watch() the returns: they are
 * kept until they have been both made available and watched.
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
     * @param [in] isWatched Whether somebody watches its returns.
     * @return its index.
     */
    uint32_t Open(uint32_t depth, bool isWatched = false)
    {
        m_ledgers.push_back({depth, depth, 0, 0, NEVER, {}, 0, isWatched ? 0 : NOT_WATCHED});
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
     * @param [in] isLost Whether it never came to the buffer: nobody is to watch it.
     * @return when what somebody asked for will be there, if this brings it or brings it earlier;
     *         NEVER: nobody to be told.
     */
    Tick Return(uint32_t ledger,
                uint32_t amount,
                Tick at,
                const Departure& departure = {},
                bool isLost = false);

    /** Equal amounts that are taken one after the other, each for as long. */
    struct Run
    {
        uint32_t amount;     //!< Of each
        uint32_t count;      //!< How many
        Tick lag;            //!< From one to the next
        Tick lastTaken;      //!< The last is taken
        Tick back;           //!< The first is usable again; how it had left, below
        Departure departure; //!< ... and the others `lag` later each
    };

    /**
     * All of a run is taken, and its time of return is known; there is always enough for it.
     * @param [in] ledger A ledger.
     * @param [in] run The run.
     */
    void TakeRun(uint32_t ledger, const Run& run);

    /** Nobody watches a ledger any more. @param [in] ledger A ledger. */
    void StopWatching(uint32_t ledger)
    {
        m_ledgers[ledger].watched = NOT_WATCHED;
    }

    /** @return whether returns wait to be watched. @param [in] ledger A ledger. */
    bool HasUnwatched(uint32_t ledger) const
    {
        return m_ledgers[ledger].watched < m_ledgers[ledger].returns.GetSize();
    }

    /**
     * Show the returns that were not shown before, in order of time.
     * @param [in] ledger A ledger that is watched.
     * @param [in] until Up to those that are usable then; not in the future of what is shown.
     * @param [in] show Gets the time and the amount of each.
     */
    template <typename Show>
    void Watch(uint32_t ledger, Tick until, Show show)
    {
        Ledger& l = m_ledgers[ledger];
        const uint32_t before = l.watched;
        l.watched = ShowReturns(l, until, show);
        if (l.watched != before)
        {
            l.Forget();
        }
    }

    /** As Watch(), but they can be watched again. */
    template <typename Show>
    void Peek(uint32_t ledger, Tick until, Show show) const
    {
        ShowReturns(m_ledgers[ledger], until, show);
    }

    /**
     * List the returns that are not usable yet, in order of time.
     * @param [in] ledger A ledger.
     * @param [in] now The current time.
     * @param [in] show Gets the time and the amount of each.
     */
    template <typename Show>
    void ListReturning(uint32_t ledger, Tick now, Show show)
    {
        Settle(ledger, now);
        const Ledger& l = m_ledgers[ledger];
        for (uint32_t i = l.settled; i < l.returns.GetSize(); ++i)
        {
            show(l.returns[i].at, static_cast<uint32_t>(l.returns[i].amount));
        }
    }

    /**
     * As if an amount had been taken, and were on its way back: nobody is to watch it.
     * @param [in] ledger A ledger that has as much available.
     * @param [in] amount How much.
     * @param [in] at When it is usable; not before now.
     * @param [in] now The current time.
     */
    void PutOnWayBack(uint32_t ledger, uint32_t amount, Tick at, Tick now)
    {
        Settle(ledger, now);
        Take(ledger, amount);
        Return(ledger, amount, at, {}, true);
    }

    /**
     * Bring a ledger into the cache.
     * @param [in] ledger A ledger.
     */
    void Prefetch(uint32_t ledger) const
    {
        __builtin_prefetch(&m_ledgers[ledger], 1);
    }

    /** One of a ledger's returns. */
    enum ReturnToPrefetch : uint8_t
    {
        NEXT_USABLE,  //!< To be made available next
        NEXT_WATCHED, //!< To be watched next
        NEXT_NEW      //!< The place of what is to come
    };

    /**
     * Bring one of the returns to a ledger into the cache; the ledger is there.
     * @param [in] ledger A ledger.
     * @param [in] which Which.
     */
    void PrefetchReturns(uint32_t ledger, ReturnToPrefetch which) const
    {
        const Ledger& l = m_ledgers[ledger];
        l.returns.Prefetch(which == NEXT_USABLE    ? l.settled
                           : which == NEXT_WATCHED ? l.watched
                                                   : l.returns.GetSize());
    }

    /**
     * Bring into the cache where GetRelief() looks.
     * @param [in] ledger A ledger.
     */
    void PrefetchRelief(uint32_t ledger) const
    {
        __builtin_prefetch(&m_reliefs[ledger], 1);
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
    static constexpr uint32_t NOT_WATCHED = UINT32_MAX; //!< Nobody watches

    /** A return that is on its way: half a cache line, and in one. */
    struct alignas(32) Entry
    {
        Tick at{0};           //!< When it is usable
        Tick arrived{0};      //!< What freed it: see Departure
        Tick left{0};         //!< Likewise
        uint32_t ledger{0};   //!< Likewise
        uint32_t amount : 31; //!< How much
        uint32_t isLost : 1;  //!< See Return()

        /** @return what freed it. */
        Departure GetDeparture() const
        {
            return {arrived, left, ledger};
        }
    };

    static_assert(sizeof(Entry) == 32);

    /** A ledger: one cache line. */
    struct alignas(64) Ledger
    {
        uint32_t depth;          //!< Size of the buffer
        uint32_t available;      //!< Settled
        uint32_t inUse;          //!< Taken, no time of return yet
        uint32_t wanted;         //!< Least amount asked for; 0: nobody waits
        Tick wantedAt;           //!< When it will be there as far as was told
        TimeRing<Entry> returns; //!< On their way, or kept
        uint32_t settled;        //!< So many of the first are available
        uint32_t watched;        //!< So many of the first were watched; or NOT_WATCHED

        /** Forget the returns that are of no more use. */
        void Forget()
        {
            const uint32_t count = watched < settled ? watched : settled;
            if (count > 0)
            {
                returns.Pop(count);
                settled -= count;
                watched -= watched == NOT_WATCHED ? 0 : count;
            }
        }
    };

    static_assert(sizeof(Ledger) == 64);

    /** Watch() without its effect. @return how many of the first have been shown then. */
    template <typename Show>
    static uint32_t ShowReturns(const Ledger& ledger, Tick until, Show& show)
    {
        uint32_t i = ledger.watched;
        for (; i < ledger.returns.GetSize() && ledger.returns[i].at <= until; ++i)
        {
            const Entry& entry = ledger.returns[i];
            if (!entry.isLost)
            {
                show(entry.at, static_cast<uint32_t>(entry.amount));
            }
        }
        return i;
    }

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
