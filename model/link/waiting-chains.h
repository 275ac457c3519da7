/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_WAITING_CHAINS_H
#define MTLINK_WAITING_CHAINS_H

#include "ns3/mtlink-tick.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * How a packet left the buffer in which it freed room.
 */
struct Departure
{
    static constexpr uint32_t NO_LEDGER = std::numeric_limits<uint32_t>::max(); //!< See ledger

    Tick arrived{0};            //!< From then on it could have left
    Tick left{0};               //!< Its first bit left
    uint32_t ledger{NO_LEDGER}; //!< Whose credit it took, of which link and VC; or of none
};

/**
 * @ingroup mtlink
 * Time for which something waited, and how often.
 */
struct WaitSum
{
    Tick time{0};      //!< Sum
    uint64_t times{0}; //!< Number of waits

    /** @param [in] more Time of one more wait. */
    void Add(Tick more)
    {
        Add({more, 1});
    }

    /** @param [in] more More waits. */
    void Add(const WaitSum& more)
    {
        time += more.time;
        times += more.times;
    }
};

/**
 * @ingroup mtlink
 * Follows the waiting chain of each credit stall to its root.
 *
 * A *wait* is the time for which data asks a link in vain for credit on one VC. It ends with the
 * room that a packet P frees at the link's far end. P could have left there from `arrived` on, did
 * so at `left`, by link O, and its room could be used here `shift` after that. What lies of the
 * wait within [arrived, left) + shift is due to P's waiting, and is charged instant by instant to
 * what P waited for: to the root of O's wait while O waited itself for credit on the VC that P
 * took; else to O, which sent other packets or had no lane of the crossbar. The rest would have
 * been there had P not waited at all, as the buffer is shorter than its credit loop: there the link
 * is its own root.
 *
 * When P left, O's waits were over and their roots known. A link and VC remembers its last
 * PAST_WAITS pieces; what lies before them counts as the oldest does.
 *
 * A *credit stall* of a link lies within a wait of one of its VCs, and is split as that wait is.
 */
class WaitingChains
{
  public:
    static constexpr std::size_t PAST_WAITS = 64; //!< Pieces that a link and VC remembers

    /** A flow that a root holds up. */
    struct Flow
    {
        uint32_t root; //!< Link
        uint32_t src;  //!< Source endpoint
        uint32_t dst;  //!< Destination endpoint

        auto operator<=>(const Flow&) const = default;
    };

    /** Waits by (link that waited, root). */
    using VictimLinks = std::map<std::pair<uint32_t, uint32_t>, WaitSum>;
    /** Waits by root and flow. */
    using VictimFlows = std::map<Flow, WaitSum>;

    /** How a wait ends. */
    struct WaitEnd
    {
        Tick at;             //!< When it ends; not after `freed`
        Tick freed;          //!< When the room of `departure` can be used
        Departure departure; //!< How that room was freed
        uint32_t src;        //!< Source endpoint of what waited, or NOBODY
        uint32_t dst;        //!< Its destination
    };

    /**
     * Add a link's VC; its ledger is numbered as those before it.
     * @param [in] link The link.
     */
    void Open(uint32_t link)
    {
        m_ledgers.push_back({link, NO_WAIT});
    }

    static constexpr uint32_t NOBODY = std::numeric_limits<uint32_t>::max(); //!< No endpoint

    /**
     * Data begins to wait for credit.
     * @param [in] ledger The link's VC.
     * @param [in] at When.
     */
    void BeginWait(uint32_t ledger, Tick at);

    /**
     * A credit stall is over, which lies within the current wait of a VC.
     * @param [in] ledger The link's VC.
     * @param [in] begin When it began.
     * @param [in] end When it ended.
     */
    void AddStall(uint32_t ledger, Tick begin, Tick end);

    /**
     * Data that waited goes: charge the stalls within its wait.
     * @param [in] link The link.
     * @param [in] ledger Its VC.
     * @param [in] end How the wait ends.
     */
    void EndWait(uint32_t link, uint32_t ledger, const WaitEnd& end);

    /**
     * A wait may soon end: bring what that touches into the cache, in three steps.
     * @param [in] ledger The link's VC, for which something waits.
     * @param [in] step From 0.
     */
    void Prefetch(uint32_t ledger, uint32_t step) const
    {
        if (step == 0)
        {
            __builtin_prefetch(&m_ledgers[ledger]);
            return;
        }
        const Wait& wait = m_waits[m_ledgers[ledger].wait];
        if (step == 1)
        {
            __builtin_prefetch(&wait, 1);
            __builtin_prefetch(&wait.past, 1);
            return;
        }
        __builtin_prefetch(wait.stalls.data());
        __builtin_prefetch(wait.past.data() +
                               (wait.past.size() < PAST_WAITS ? wait.past.size() : wait.oldest),
                           1);
    }

    /** What was charged to a link for its own waits: its buffer is shorter than its credit loop. */
    struct OwnWaits
    {
        WaitSum link; //!< All of them
        WaitSum flow; //!< Of one flow
    };

    /**
     * @param [in] ledger A link's VC.
     * @param [in] src Source endpoint of a flow.
     * @param [in] dst Its destination.
     * @return what was charged to the link for its own waits, on any VC.
     */
    OwnWaits GetOwnWaits(uint32_t ledger, uint32_t src, uint32_t dst) const;

    /**
     * Charge a link for its own waits once more.
     * @param [in] ledger A link's VC.
     * @param [in] src Source endpoint of the flow.
     * @param [in] dst Its destination.
     * @param [in] waits How much.
     */
    void AddOwnWaits(uint32_t ledger, uint32_t src, uint32_t dst, const OwnWaits& waits);

    /** Enter in the sums what a VC has charged: they can be read by link and flow. */
    void Book(uint32_t ledger)
    {
        if (m_ledgers[ledger].wait != NO_WAIT)
        {
            Book(m_waits[m_ledgers[ledger].wait]);
        }
    }

    /** @return what was charged, by link that waited and root. */
    VictimLinks GetLinks() const;

    /** @return what was charged, by root and flow. */
    VictimFlows GetFlows() const;

  private:
    static constexpr uint32_t NO_WAIT = std::numeric_limits<uint32_t>::max(); //!< Never waited

    /** A part of a wait, with one root. */
    struct Piece
    {
        Tick begin;    //!< From
        Tick end;      //!< To
        uint32_t root; //!< Link
    };

    /** A ledger's link and waits. */
    struct Ledger
    {
        uint32_t link; //!< The link
        uint32_t wait; //!< In m_waits, or NO_WAIT
    };

    /** The waits of a link's VC. */
    struct alignas(64) Wait
    {
        Tick begin{0}; //!< Of the current wait
        /** Charged, and not booked yet: most often the next is charged to the same. */
        WaitSum charged;
        Flow flow{0, NOBODY, NOBODY};              //!< Root and flow of what is not booked
        uint32_t link{0};                          //!< The link
        std::vector<std::pair<Tick, Tick>> stalls; //!< Within the current wait
        std::vector<Piece> past;                   //!< Earlier waits; a ring once it is full
        std::size_t oldest{0};                     //!< Where the ring begins
    };

    /** Spreads flows over a hash table. */
    struct FlowHash
    {
        std::size_t operator()(const Flow& flow) const;
    };

    /** Spreads pairs of links over a hash table. */
    struct LinkHash
    {
        std::size_t operator()(const std::pair<uint32_t, uint32_t>& links) const;
    };

    /** Split a wait into m_pieces. */
    void Follow(uint32_t link, Tick begin, const WaitEnd& end);

    /** Append to m_pieces, as part of the last piece where that has the same root. */
    void AddPiece(Tick begin, Tick end, uint32_t root);

    /** Charge a stall by m_pieces. */
    void Charge(Wait& wait, Tick begin, Tick end, const WaitEnd& how);

    /** Enter what a wait has charged in the sums. */
    void Book(Wait& wait);

    /** Remember a part of a wait. */
    static void Remember(Wait& wait, const Piece& piece);

    std::vector<Ledger> m_ledgers; //!< All of them
    std::vector<Wait> m_waits;     //!< Of those that ever waited
    /** Booked, by link and root */
    std::unordered_map<std::pair<uint32_t, uint32_t>, WaitSum, LinkHash> m_links;
    std::unordered_map<Flow, WaitSum, FlowHash> m_flows; //!< Booked, by flow
    std::vector<Piece> m_pieces;                         //!< Of the wait that is followed
    std::vector<std::pair<uint32_t, Tick>> m_shares;     //!< Of the stall that is charged, by root
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_WAITING_CHAINS_H
