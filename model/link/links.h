/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LINKS_H
#define MTLINK_LINKS_H

#include "engine/event-channel.h"
#include "link/buffer-meter.h"
#include "link/credits.h"
#include "link/cut-links.h"
#include "link/flight.h"
#include "link/link-log.h"
#include "link/link-record.h"
#include "link/link-retry.h"
#include "link/link-state.h"
#include "link/packet.h"
#include "link/shared-credits.h"
#include "link/waiting-chains.h"
#include "link/wire.h"

#include "ns3/mtlink-link-profile.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * How a packet leaves the buffer behind a link.
 */
struct PacketExit
{
    static constexpr uint32_t NO_LINK = UINT32_MAX; //!< See link

    uint32_t link{NO_LINK}; //!< By which it leaves; NO_LINK: it waits for no link
    uint32_t vc{0};         //!< VC there
    Tick arrived{0};        //!< From then on it could leave
};

/**
 * @ingroup mtlink
 * Who is at the far end of a link: gets what it carries.
 */
class PacketReceiver
{
  public:
    virtual ~PacketReceiver() = default;

    /**
     * A packet may be dealt with: its head is through the pipeline, or it is in whole.
     * @param [in] link By which it came.
     * @param [in] packet The packet; the receiver's from now on.
     */
    virtual void Arrive(uint32_t link, uint32_t packet) = 0;

    /**
     * A packet is soon to Arrive(): bring what that will touch into the cache; see
     * EventHandler::Prefetch().
     * @param [in] link By which it comes.
     * @param [in] packet The packet; in the cache from step 2 on.
     * @param [in] step The event's.
     */
    virtual void PrefetchArrival([[maybe_unused]] uint32_t link,
                                 [[maybe_unused]] uint32_t packet,
                                 [[maybe_unused]] uint32_t step)
    {
    }

    /**
     * Say why a buffer is full; for a run that ends while data waits.
     * @param [in] link The link that fills it.
     * @param [in] vc Its VC.
     * @return how the packet will leave that has been in it longest.
     */
    virtual PacketExit FindExit([[maybe_unused]] uint32_t link, [[maybe_unused]] uint32_t vc) const
    {
        return {};
    }
};

/**
 * @ingroup mtlink
 * Who is at the near end of a link: waits for credit.
 */
class PacketSender
{
  public:
    virtual ~PacketSender() = default;

    /**
     * Credit that was asked for will be there.
     * @param [in] link The link.
     * @param [in] at When.
     */
    virtual void CreditComes(uint32_t link, Tick at) = 0;

    static constexpr uint32_t NO_MESSAGE_WAITS = UINT32_MAX; //!< See FindWaiting()

    /**
     * Say who waits; for a run that ends while data does.
     * @param [in] link The link.
     * @param [in] vc Its VC.
     * @return the message of a packet that waits for credit on it, or NO_MESSAGE_WAITS.
     */
    virtual uint32_t FindWaiting(uint32_t link, uint32_t vc) const = 0;

    /**
     * A link has gone down: GetFreeAt() is NEVER until CreditComes() tells that it is up; or, where
     * packets are dropped, the link takes and loses what it is given.
     * @param [in] link The link.
     */
    virtual void LinkFails(uint32_t link) = 0;
};

/**
 * @ingroup mtlink
 * Who has links for express messages: see Links::SetExpress().
 */
class ExpressOwner
{
  public:
    virtual ~ExpressOwner() = default;

    /**
     * Somebody else is about to use an express link, or the buffers before and behind it: from now
     * on it carries packets again.
     * @param [in] link The link.
     */
    virtual void TakeBack(uint32_t link) = 0;

    /** A link is about to change its state: all carry packets again. */
    virtual void TakeBackAll() = 0;

    /**
     * What Links::ScheduleExpress() has asked for is due.
     * @param [in] link The link.
     */
    virtual void ArriveByExpress(uint32_t link) = 0;
};

/**
 * @ingroup mtlink
 * What one link is made of.
 */
struct LinkSpec
{
    static constexpr uint32_t NO_POOL = UINT32_MAX; //!< No shared buffer

    Ptr<const LinkProfile> profile;    //!< Rate, latency, flit
    uint32_t vcs{1};                   //!< Virtual channels
    uint64_t buffer{0};                //!< Bytes behind each VC at the receiver
    uint32_t pool{NO_POOL};            //!< Buffer that all VCs may use beside, see AddPool()
    PacketSender* sender{nullptr};     //!< Near end
    PacketReceiver* receiver{nullptr}; //!< Far end
    bool whole{false};   //!< The receiver takes packets in whole: an endpoint, store and forward
    bool first{false};   //!< The sender is an endpoint
    bool last{false};    //!< The receiver is an endpoint
    uint32_t longest{0}; //!< Flits of the longest packet
    Tick pipeline{0};    //!< From head (or tail) in to Arrive()
};

/**
 * @ingroup mtlink
 * When a packet that starts over a link at some time is where.
 */
struct WireTrip
{
    WireTime end; //!< Last bit out, the wire free
    Tick headIn;  //!< First bit in, at the far end
    Tick tailIn;  //!< Last bit in, likewise
};

/**
 * @ingroup mtlink
 * All links of the fabric, each one direction: serialisation, propagation, and the credits of the
 * buffers at their far ends. Packets on a wire wait in the link's FIFO; only the first of them has
 * an event.
 */
class Links : public EventHandler, private CutLinks::Taker
{
  public:
    /**
     * @param [in] clock The clock; must outlive this.
     * @param [in] pool The packets; must outlive this.
     * @param [in] seed The run's, for what happens at random on a link.
     */
    Links(EventClock& clock, PacketPool& pool, uint32_t seed);

    /**
     * Add a link.
     * @param [in] spec What it is made of.
     * @return its id, counted from 0.
     */
    uint32_t Add(const LinkSpec& spec);

    /**
     * Add a buffer that the VCs of several links share; see SharedCredits.
     * @param [in] flits Its size.
     * @param [in] alpha Of its dynamic threshold.
     * @return its index, for LinkSpec::pool.
     */
    uint32_t AddPool(uint32_t flits, double alpha);

    /**
     * Keep a series of samples.
     * @param [in] interval Length of a sample.
     */
    void KeepSeries(Tick interval);

    /** Keep the times at which links stall or are not up, one by one. */
    void KeepLog();

    /** @return these times, up to now; empty unless KeepLog() was called. */
    LinkLog GetLog() const;

    /** The trace PacketHop; see MtlinkFabric. */
    using HopTrace = TracedCallback<Time, uint32_t, uint32_t, uint32_t, uint32_t>;

    /**
     * Show each hop to a trace.
     * @param [in] trace The trace.
     * @param [in] ends Gives source and destination endpoint of a message.
     */
    void ShowHops(const HopTrace* trace,
                  std::function<std::pair<uint32_t, uint32_t>(uint32_t)> ends);

    /**
     * @param [in] link A link.
     * @return when its wire is free, to the tick.
     */
    Tick GetFreeAt(uint32_t link) const
    {
        return m_links[link].free.whole;
    }

    /**
     * @param [in] link A link.
     * @param [in] vc A VC of it.
     * @return the number of its ledger, counted from 0 over all links and VCs.
     */
    uint32_t GetLedger(uint32_t link, uint32_t vc) const
    {
        return m_links[link].firstLedger + vc;
    }

    /** @return the number of ledgers. */
    uint32_t GetLedgers() const
    {
        return static_cast<uint32_t>(m_occupancies.size());
    }

    /**
     * @param [in] link A link.
     * @param [in] vc A VC of it.
     * @param [in] flits A packet's length.
     * @return whether the far end has room for it now.
     */
    bool HasCredit(uint32_t link, uint32_t vc, uint32_t flits)
    {
        const uint32_t ledger = GetLedger(link, vc);
        return m_credits.Has(ledger, flits, m_clock.Now()) ||
               (IsShared(ledger) && m_shared->Has(ledger, flits, m_clock.Now()));
    }

    /**
     * Reserve room at the far end; HasCredit() must hold.
     * @param [in] link A link.
     * @param [in] vc A VC of it.
     * @param [in] flits A packet's length.
     */
    void TakeCredit(uint32_t link, uint32_t vc, uint32_t flits)
    {
        const uint32_t ledger = GetLedger(link, vc);
        if (IsShared(ledger)) [[unlikely]]
        {
            m_shared->Take(ledger, flits, m_clock.Now());
            return;
        }
        m_credits.Take(ledger, flits);
    }

    /**
     * @param [in] link A link.
     * @param [in] vc A VC of it.
     * @return flits of its credit that are not available now: on the wire, in the far end's
     *         buffer, or free again with the credit on its way back.
     */
    uint32_t GetInUse(uint32_t link, uint32_t vc)
    {
        const uint32_t ledger = GetLedger(link, vc);
        return m_credits.GetDepth(ledger) - m_credits.GetAvailable(ledger, m_clock.Now()) +
               (IsShared(ledger) ? m_shared->GetHeld(ledger, m_clock.Now()) : 0);
    }

    /**
     * Ask to be told, by CreditComes(), when there is room.
     * @param [in] link A link.
     * @param [in] vc A VC of it.
     * @param [in] flits A packet's length.
     * @return when, as far as is known; NEVER: CreditComes() will tell.
     */
    Tick AskCredit(uint32_t link, uint32_t vc, uint32_t flits)
    {
        const uint32_t ledger = GetLedger(link, vc);
        if ((m_links[link].waiting >> vc & 1) == 0)
        {
            m_links[link].waiting |= 1U << vc;
            m_credits.ForgetRelief(ledger);
            BeginWait(link, ledger);
        }
        return IsShared(ledger) ? m_shared->Ask(ledger, m_clock.Now())
                                : m_credits.Ask(ledger, flits);
    }

    /**
     * Send a packet: it takes its credit, unless that was taken when its way was chosen, and the
     * wire; see Transmit().
     * @param [in] link The link.
     * @param [in] packet The packet; vc and vcClass are those on this link.
     * @param [in] tailReady Its last bit can't leave before.
     * @return when its last bit leaves, to the tick.
     */
    Tick Send(uint32_t link, uint32_t packet, Tick tailReady)
    {
        Packet& sent = m_pool[packet];
        if (!sent.hasOutCredit)
        {
            TakeCredit(link, sent.vc, sent.flits);
        }
        sent.hasOutCredit = 0;
        return Transmit(link, packet, tailReady);
    }

    /**
     * Send a packet, for which credit was taken. Its first bit leaves now, or when the wire is
     * free.
     * @param [in] link The link.
     * @param [in] packet The packet; vc and vcClass are those on this link.
     * @param [in] tailReady Its last bit can't leave before.
     * @return when its last bit leaves, to the tick.
     */
    Tick Transmit(uint32_t link, uint32_t packet, Tick tailReady);

    /**
     * @param [in] link A link.
     * @param [in] vc A VC of it.
     * @return flits for which the far end has room now, apart from buffers that it shares.
     */
    uint32_t GetCredit(uint32_t link, uint32_t vc)
    {
        return m_credits.GetAvailable(GetLedger(link, vc), m_clock.Now());
    }

    /**
     * A packet leaves the buffer at a link's far end: its credit goes back.
     * @param [in] link The link by which it came.
     * @param [in] vc The VC on which it came.
     * @param [in] flits Its length.
     * @param [in] at When its last bit leaves; not before now.
     * @param [in] exit How it leaves.
     */
    void ReturnCredit(uint32_t link,
                      uint32_t vc,
                      uint32_t flits,
                      Tick at,
                      const PacketExit& exit = {})
    {
        ReturnCreditOf(link, vc, flits, at, exit, m_clock.Now());
    }

    /**
     * The wire is idle, data waits, and no VC has credit for it: until the next Transmit().
     * @param [in] link The link.
     * @param [in] vcs The VCs for which data waits, as bits.
     */
    void BeginStall(uint32_t link, uint32_t vcs);

    /**
     * What waits now waits for another reason than credit.
     * @param [in] link The link.
     * @param [in] vc The VC whose credit came.
     */
    void EndStall(uint32_t link, uint32_t vc);

    /**
     * @param [in] link A link.
     * @return how fast its wire is.
     */
    const WireSpeed& GetSpeed(uint32_t link) const
    {
        return GetKind(m_links[link]).speed;
    }

    /**
     * @param [in] link A link.
     * @param [in] payload Payload of a packet, bytes.
     * @return the packet's length on it, in flits.
     */
    uint32_t GetFlits(uint32_t link, uint64_t payload) const
    {
        return GetKind(m_links[link]).profile->GetFlits(payload);
    }

    /**
     * @param [in] link A link.
     * @return what it is made of.
     */
    const LinkSpec& GetSpec(uint32_t link) const
    {
        return m_specs[link];
    }

    /**
     * @param [in] link A link.
     * @return its counters.
     */
    const LinkCounters& GetCounters(uint32_t link) const
    {
        return m_tallies[link].counters;
    }

    /**
     * @param [in] link A link.
     * @return the time until now for which data waited and no VC had credit for it.
     */
    Tick GetStall(uint32_t link) const
    {
        const Tick past = m_tallies[link].counters.stall;
        return m_links[link].stalled ? past + m_clock.Now() - m_links[link].stallBegin : past;
    }

    /**
     * @param [in] link A link.
     * @param [in] vc A VC of it.
     * @return its far end's buffer, with what it may share, in flits.
     */
    uint32_t GetDepth(uint32_t link, uint32_t vc) const
    {
        const uint32_t ledger = GetLedger(link, vc);
        return m_credits.GetDepth(ledger) + (IsShared(ledger) ? m_shared->GetDepth(ledger) : 0);
    }

    /**
     * @param [in] link A link.
     * @param [in] vc A VC of it.
     * @return the occupancy of its far end's buffer until now.
     */
    OccupancyMeter GetOccupancy(uint32_t link, uint32_t vc) const;

    /**
     * Hand out the series of samples until now.
     * @param [out] samples Where to; stays empty if none is kept.
     */
    void CollectSamples(std::vector<SampleResult>& samples);

    /**
     * @param [in] link A link.
     * @return what its retries came to.
     */
    RetryCounters GetRetryCounters(uint32_t link) const
    {
        return m_retry.GetCounters(link);
    }

    /**
     * A link goes down, up, or to another number of lanes.
     *
     * Down: a packet that the far end deals with already (Arrive() was called) gets through, with
     * its last bits; what else is on the wire is sent again when the link is up, in order, or lost,
     * by policy. Another number of lanes: the rate of what is handed over from now on.
     * @param [in] link The link.
     * @param [in] state Its new state.
     */
    void SetState(uint32_t link, const LinkState& state);

    /**
     * @param [in] link A link.
     * @return whether who can choose should choose another: it is down, and to be routed round.
     */
    bool IsAvoided(uint32_t link) const
    {
        return m_links[link].down && m_outages[link].state.policy == DownPolicy::REROUTE;
    }

    /**
     * @param [in] link A link.
     * @return whether it is down.
     */
    bool IsDown(uint32_t link) const
    {
        return HasFaults() && m_links[link].down; // most often without a look at the link
    }

    /**
     * @param [in] link A link.
     * @return what faults did to it until now.
     */
    OutageCounters GetOutageCounters(uint32_t link) const;

    /** @return whether any link has, or has had, a fault. */
    bool HasFaults() const
    {
        return !m_outages.empty();
    }

    /** @param [in] listener Who accounts for lost packets; must outlive this. */
    void SetLossListener(LossListener* listener)
    {
        m_lost.SetListener(listener);
    }

    /**
     * @param [in] link A link.
     * @param [in] packet A packet that it carries, or has carried last.
     * @return when Arrive() is, or was, due for it.
     */
    Tick GetArrival(uint32_t link, const Packet& packet) const
    {
        const Kind& kind = GetKind(m_links[link]);
        return (kind.whole ? packet.tailIn : packet.headIn) + kind.pipeline;
    }

    /** As above, of a packet of which only that is known. */
    Tick GetArrival(uint32_t link, const WireTrip& trip) const
    {
        const Kind& kind = GetKind(m_links[link]);
        return (kind.whole ? trip.tailIn : trip.headIn) + kind.pipeline;
    }

    /** @return from head (or tail) in at a link's far end to Arrive(). @param [in] link A link. */
    Tick GetPipeline(uint32_t link) const
    {
        return GetKind(m_links[link]).pipeline;
    }

    /**
     * Follow all waiting chains to their roots, those too that have not ended yet.
     * @return who waited for whom until now.
     */
    WaitingChains FollowChains() const;

    /** @return packets sent over all links so far. */
    uint64_t GetPacketHops() const
    {
        return m_packetHops;
    }

    /** @return packets sent again by all links since they went down. */
    uint64_t GetResent() const;

    /** @return the number of links. */
    uint32_t GetSize() const
    {
        return static_cast<uint32_t>(m_links.size());
    }

    /**
     * @param [in] link A link.
     * @param [in] vc A VC of it.
     * @return whether the flits in use, returning and available add up to the buffer's depth.
     */
    bool IsConserved(uint32_t link, uint32_t vc) const
    {
        return m_credits.IsConserved(GetLedger(link, vc));
    }

    /** @return whether all shared buffers add up. */
    bool ArePoolsConserved() const
    {
        return !m_shared || m_shared->AreConserved();
    }

    // For a fabric that is spread over processes: link-spread.cc.

    /**
     * Have this process simulate some of the links' ends alone. Before anything is sent; there are
     * no shared buffers, faults or express links.
     * @param [in] process The number of this process.
     * @param [in] processes How many there are.
     * @param [in] places By link: where its ends are.
     */
    void Spread(uint32_t process, uint32_t processes, std::vector<LinkPlace> places);

    /** @return whether the fabric is spread over processes. */
    bool IsSpread() const
    {
        return m_cut != nullptr;
    }

    /** @return what crosses to other processes; only if IsSpread(). */
    CutLinks& GetCut()
    {
        return *m_cut;
    }

    /**
     * Take what another process has packed.
     * @param [in,out] reader Its batch.
     */
    void UnpackCrossings(BatchReader& reader);

    /** In process 0: follow the waits of all processes until now. */
    void FollowWaits();

    /**
     * The run is over: hand over what links have come to.
     * @param [in,out] batch Gets it, of the ends that this process has.
     */
    void PackResults(Batch& batch);

    /**
     * In process 0, the run is over: take what links have come to in another process.
     * @param [in] process Its number.
     * @param [in,out] reader As it has packed that.
     */
    void UnpackResults(uint32_t process, BatchReader& reader);

    // For express messages: links that serve one flow alone, whose packets are not looked at one
    // by one; what each does to a link is told afterwards, in the order in which it happened.

    /** @param [in] owner Who has express links; must outlive this. */
    void SetExpressOwner(ExpressOwner* owner)
    {
        m_express = owner;
    }

    /** @return whether a link is express. @param [in] link The link. */
    bool IsExpress(uint32_t link) const
    {
        return m_links[link].express;
    }

    /**
     * A link serves an express message alone, or not any more.
     * @param [in] link The link; it is quiet when it begins to.
     * @param [in] isExpress Whether it does.
     */
    void SetExpress(uint32_t link, bool isExpress)
    {
        m_links[link].express = isExpress;
    }

    /** Somebody is about to use a link: it carries packets. @param [in] link The link. */
    void TakeBack(uint32_t link)
    {
        if (m_links[link].express) [[unlikely]]
        {
            m_express->TakeBack(link);
        }
    }

    /** @return whether each hop is shown to somebody. */
    bool IsTraced() const
    {
        return m_hopTrace && !m_hopTrace->IsEmpty();
    }

    /**
     * Have the owner told, in the turn of a packet that arrives by this link.
     * @param [in] link An express link.
     * @param [in] at When.
     */
    void ScheduleExpress(uint32_t link, Tick at)
    {
        m_arrivals.Schedule(at, static_cast<uint64_t>(link) << 1 | EXPRESS);
    }

    /**
     * @param [in] link A link without retries.
     * @param [in] start A packet's first bit leaves.
     * @param [in] flits Its length.
     * @param [in] tailReady Its last bit can't leave before.
     * @return when it is where.
     */
    WireTrip GetTrip(uint32_t link, WireTime start, uint32_t flits, Tick tailReady) const
    {
        return GetTrip(GetKind(m_links[link]), start, flits, tailReady);
    }

    /** @return when a link's wire is free. @param [in] link The link. */
    WireTime GetFree(uint32_t link) const
    {
        return m_links[link].free;
    }

    /**
     * @param [in] link A link.
     * @return from when room is free at its far end to when that is usable here.
     */
    Tick GetCreditLatency(uint32_t link) const
    {
        return GetKind(m_links[link]).creditLatency;
    }

    /**
     * A packet was sent over an express link: it has taken its credit and the wire.
     * @param [in] link The link.
     * @param [in,out] packet The packet, not in the pool; gets its times.
     * @param [in] at When it could go: it went then, or when the wire was free.
     * @param [in] tailReady Its last bit could not leave before.
     * @return when its last bit left, to the tick.
     */
    Tick Carry(uint32_t link, Packet& packet, Tick at, Tick tailReady);

    /** Equal packets that an express link carries one after the other, and what becomes of them. */
    struct Run
    {
        uint32_t vc;      //!< Their VC
        uint32_t flits;   //!< Length of each
        uint32_t payload; //!< Likewise, bytes
        uint32_t count;   //!< How many
        Tick lag;         //!< From one to the next, here and all along their way
        Tick granted;     //!< First bit of the first out
        Tick left;        //!< Its last bit out
        Tick headIn;      //!< Its first bit in
        Tick freed;       //!< It has left the buffer
        PacketExit exit;  //!< How, see ReturnCredit()
        Tick exitGranted; //!< ... and when that was granted
    };

    /**
     * As Carry(), Fill() and ReturnCreditOf() for each packet of a run.
     * @param [in] link The link; no series of samples is kept.
     * @param [in] run The run.
     */
    void CarryRun(uint32_t link, const Run& run);

    /** @return whether a series of samples is kept. */
    bool HasSeries() const
    {
        return m_series != nullptr;
    }

    /**
     * A packet that has its times is on the wire, and will arrive by itself: an express link has
     * carried it, or it comes from another process.
     * @param [in] link The link.
     * @param [in] packet The packet, in the pool.
     */
    void PutInFlight(uint32_t link, uint32_t packet);

    /**
     * A packet began to come in at the far end.
     * @param [in] link The link.
     * @param [in] packet The packet.
     */
    void FillByExpress(uint32_t link, const Packet& packet);

    /**
     * As ReturnCredit(), at another time than now.
     * @param [in] link As there.
     * @param [in] vc As there.
     * @param [in] flits As there.
     * @param [in] at As there.
     * @param [in] exit As there.
     * @param [in] left When its way out was granted.
     */
    void ReturnCreditOf(uint32_t link,
                        uint32_t vc,
                        uint32_t flits,
                        Tick at,
                        const PacketExit& exit,
                        Tick left);

    // For a memo: link-record.cc. The links lead from one endpoint to another, and serve that flow
    // alone.

    /**
     * @param [in] link A link.
     * @return whether nothing is on it, and nobody waits for it: but for credits on their way back
     *         it is as idle as if it had never been used, and it has no retries, faults or shared
     *         buffers.
     */
    bool IsQuiet(uint32_t link);

    /** @return what links of equal parameters and ends have in common. @param [in] link A link. */
    uint32_t GetKindNumber(uint32_t link) const
    {
        return m_links[link].kind;
    }

    /**
     * @param [in] link A quiet link.
     * @param [in] vc A VC of it.
     * @param [in] show Gets the time and the flits of each credit on its way back, in order.
     */
    template <typename Show>
    void ListReturning(uint32_t link, uint32_t vc, Show show)
    {
        m_credits.ListReturning(GetLedger(link, vc), m_clock.Now(), show);
    }

    /**
     * As if packets had been sent whose credit is on its way back now.
     * @param [in] link A quiet link.
     * @param [in] vc A VC of it.
     * @param [in] flits Their length.
     * @param [in] at When the credit is usable.
     */
    void PutOnWayBack(uint32_t link, uint32_t vc, uint32_t flits, Tick at)
    {
        m_credits.PutOnWayBack(GetLedger(link, vc), flits, at, m_clock.Now());
    }

    /**
     * From now on what a link does is recorded; it is quiet.
     * @param [in] link The link.
     * @param [in] ends Its endpoints.
     * @param [out] record For EndRecord() alone.
     */
    void BeginRecord(uint32_t link, std::pair<uint32_t, uint32_t> ends, LinkRecord& record);

    /**
     * The record ends; the link is quiet.
     * @param [in] link The link.
     * @param [in] ends Its endpoints.
     * @param [in,out] record From BeginRecord(); gets what the link has done since.
     */
    void EndRecord(uint32_t link, std::pair<uint32_t, uint32_t> ends, LinkRecord& record);

    /**
     * As if nothing had been recorded; the link need not be quiet.
     * @param [in] link The link.
     * @param [in] record From BeginRecord().
     */
    void DropRecord(uint32_t link, const LinkRecord& record);

    /**
     * Count what a link has done once more.
     * @param [in] link A link, as quiet as the recorded one was.
     * @param [in] ends Its endpoints.
     * @param [in] record What it has done.
     * @param [in] times How often.
     */
    void Repeat(uint32_t link,
                std::pair<uint32_t, uint32_t> ends,
                const LinkRecord& record,
                uint64_t times);

    /**
     * @copydoc EventHandler::OnEvent(). The first packet on the wire of a link is there; with
     * RESUME, the link hears of a corrupted packet; with EXPRESS its owner is told.
     */
    void OnEvent(uint64_t word) override;
    void Prefetch(uint64_t word, uint32_t step) override;

    /**
     * A packet may soon be sent over a link: bring the link into the cache.
     * @param [in] link The link.
     */
    void PrefetchLink(uint32_t link) const
    {
        __builtin_prefetch(&m_links[link], 1);
        __builtin_prefetch(&m_tallies[link], 1);
    }

    /**
     * The same for the packet's place on the wire; the link is in the cache.
     * @param [in] link The link.
     */
    void PrefetchLaunch(uint32_t link) const
    {
        m_links[link].flight.PrefetchPlace();
    }

    /**
     * The same for the credit that the packet will take, in two steps; the link is in the cache.
     * @param [in] link The link.
     * @param [in] vc The VC.
     * @param [in] isSecond Whether it is the second step.
     */
    void PrefetchCredit(uint32_t link, uint32_t vc, bool isSecond) const
    {
        const uint32_t ledger = GetLedger(link, vc);
        if (isSecond)
        {
            m_credits.PrefetchReturns(ledger, Credits::NEXT_USABLE);
            return;
        }
        m_credits.Prefetch(ledger);
    }

    /**
     * The same for the account of a wait for that credit, if there is one, in three steps; the link
     * is in the cache.
     * @param [in] link The link.
     * @param [in] vc The VC.
     * @param [in] step From 0.
     */
    void PrefetchWait(uint32_t link, uint32_t vc, uint32_t step) const
    {
        if ((m_links[link].waiting >> vc & 1) == 0)
        {
            return;
        }
        const uint32_t ledger = GetLedger(link, vc);
        m_chains.Prefetch(ledger, step);
        if (step == 0)
        {
            m_credits.PrefetchRelief(ledger);
        }
    }

    /**
     * A packet may soon come into the buffer at a link's far end: bring what counts it into the
     * cache, in two steps; the link is there.
     * @param [in] link The link.
     * @param [in] vc The VC.
     * @param [in] isSecond Whether it is the second step.
     */
    void PrefetchFill(uint32_t link, uint32_t vc, bool isSecond) const
    {
        const uint32_t ledger = GetLedger(link, vc);
        if (isSecond)
        {
            m_occupancies[ledger].Prefetch();
            m_credits.PrefetchReturns(ledger, Credits::NEXT_WATCHED);
            return;
        }
        __builtin_prefetch(&m_occupancies[ledger], 1);
        m_credits.Prefetch(ledger);
    }

    /**
     * A packet may soon leave the buffer at a link's far end: bring what that touches into the
     * cache, in three steps.
     * @param [in] link The link.
     * @param [in] vc The VC.
     * @param [in] step From 0.
     */
    void PrefetchReturn(uint32_t link, uint32_t vc, uint32_t step) const
    {
        if (step == 0)
        {
            __builtin_prefetch(&m_links[link]);
            return;
        }
        const uint32_t ledger = GetLedger(link, vc);
        if (step == 1)
        {
            m_credits.Prefetch(ledger);
            return;
        }
        m_credits.PrefetchReturns(ledger, Credits::NEXT_NEW);
    }

  private:
    // An event's word: whether it is the express owner's, the link, how often that had gone down,
    // and whether it is no arrival.
    static constexpr uint64_t EXPRESS = 1;      //!< See ScheduleExpress()
    static constexpr uint32_t EPOCH_SHIFT = 33; //!< Behind the link
    static constexpr uint32_t EPOCH_BITS = 12;  //!< Of how often
    static constexpr uint64_t RESUME = 1ULL << (EPOCH_SHIFT + EPOCH_BITS); //!< No arrival

    /** What many links have in common: kinds are few, and stay in the cache. */
    struct Kind
    {
        Ptr<const LinkProfile> profile; //!< Parameters
        PacketSender* sender;           //!< Near end
        PacketReceiver* receiver;       //!< Far end
        Tick pipeline;                  //!< See LinkSpec
        bool whole;                     //!< See LinkSpec
        bool last;                      //!< See LinkSpec
        Tick latency;                   //!< First bit out to first bit in
        Tick creditLatency;             //!< Room free at the far end to credit usable here
        WireSpeed speed;                //!< How fast the wire is
    };

    /** What a hop touches: one cache line. */
    struct alignas(64) Link
    {
        WireTime free;        //!< The wire is free
        Flight flight;        //!< What is on the wire
        Tick stallBegin;      //!< Of the current, or latest, stall
        uint32_t stalledVcs;  //!< VCs for which data waits in it, as bits
        uint32_t firstLedger; //!< Credits of VC 0; the other VCs follow
        uint32_t waiting;     //!< VCs for which credit was asked in vain, as bits
        uint32_t kind : 25;   //!< Index into m_kinds
        bool sentFromFar : 1; //!< Its near end is in another process
        bool goesFar : 1;     //!< Its far end is
        bool express : 1;     //!< See SetExpress()
        bool stalled : 1;     //!< Between BeginStall() and EndStall()
        bool retries : 1;     //!< Has a place in LinkRetry
        bool down : 1;        //!< Carries nothing
        bool hasFailed : 1;   //!< It has been down: some events may be out of date
    };

    static_assert(sizeof(Link) == 64);

    static constexpr uint32_t NO_KIND = UINT32_MAX; //!< Not known

    /** @return what a link has in common with others. */
    const Kind& GetKind(const Link& link) const
    {
        return m_kinds[link.kind];
    }

    /** @return the kind of a new link, added if it is a new one. */
    uint32_t FindKind(const LinkSpec& spec);

    /** Of a link with faults: cold. */
    struct Outage
    {
        LinkState state;            //!< Now
        Tick since{0};              //!< For how long
        Tick downAt{0};             //!< Went down
        Tick through{0};            //!< Last bit of what got through then
        uint32_t epoch{0};          //!< Times that it did: older events are out of date
        uint32_t fullKind{NO_KIND}; //!< With all lanes, index into m_kinds
        OutageCounters counters;    //!< Until `since`
    };

    /** @return a link's outages; the first call makes room for all. */
    Outage& GetOutage(uint32_t link);
    /** Change a link's rate; parameters as in LinkState. */
    void SetLanes(uint32_t link, uint32_t lanes);
    /** A link goes down. */
    void GoDown(uint32_t link);
    /** A link comes back. */
    void GoUp(uint32_t link);
    /** Transmit() over a link that is down; parameters as there. */
    Tick TransmitDown(uint32_t link, uint32_t packet, Tick tailReady);
    /** A fault takes a packet for which credit was taken. */
    void Lose(uint32_t link, uint32_t packet);

    /**
     * Put a packet on the wire, and count it.
     * @param [in] link The link.
     * @param [in] packet The packet.
     * @param [in] start First bit.
     * @param [in] tailReady Its last bit can't leave before.
     * @return when its last bit has left the sender.
     */
    Tick Launch(uint32_t link, uint32_t packet, WireTime start, Tick tailReady);

    /** GetTrip() of a link of some kind. */
    static WireTrip GetTrip(const Kind& kind, WireTime start, uint32_t flits, Tick tailReady)
    {
        WireTime end = kind.speed.After(start, flits);
        if (end.whole < tailReady)
        {
            end = {tailReady, 0};
        }
        // On the way only whole ticks that have passed bind; the delivery is rounded to the
        // nearest.
        return {end,
                start.whole + kind.latency,
                (kind.last ? kind.speed.Round(end) : end.whole) + kind.latency};
    }

    /** A packet that has its times is on the wire. */
    void AddToFlight(uint32_t link, uint32_t packet);

    /** A packet begins to come in at the far end. */
    void Fill(uint32_t link, const Packet& packet);

    /** Show a run, and what left before, to the meter of a buffer's occupancy. */
    void FillRun(uint32_t ledger, Tick back, const Run& run);

    /** An event by its word that is no arrival, or out of date. */
    void OnRareEvent(uint64_t word);

    /**
     * Give a packet its times on the wire and at the far end.
     * @param [in] link The link.
     * @param [in,out] packet The packet.
     * @param [in] start First bit.
     * @param [in] tailReady Its last bit can't leave before.
     * @return when its last bit has left the sender.
     */
    Tick PutOnWire(uint32_t link, Packet& packet, WireTime start, Tick tailReady);

    /** Count a packet that is handed over. */
    void CountPacket(uint32_t link, const Packet& packet)
    {
        LinkCounters& counters = m_tallies[link].counters;
        ++counters.packets;
        counters.payload += packet.payload;
        counters.flits += packet.flits;
        ++m_packetHops;
    }

    /** Have the first packet on the wire of a link arrive. */
    void ScheduleArrival(uint32_t link)
    {
        m_arrivals.Schedule(m_links[link].flight.GetDue(), GetWord(link));
    }

    /**
     * @return how often a link has gone down, as words of events have it: none of them waits until
     *         that has begun anew.
     */
    uint64_t GetEpoch(uint32_t link) const
    {
        return m_links[link].hasFailed ? m_outages[link].epoch & ((1U << EPOCH_BITS) - 1) : 0;
    }

    /** @return the word of an arrival by a link. */
    uint64_t GetWord(uint32_t link) const
    {
        return GetEpoch(link) << EPOCH_SHIFT | static_cast<uint64_t>(link) << 1;
    }

    /** @return the link that an event is about. @param [in] word Its word. */
    static uint32_t GetLinkOf(uint64_t word)
    {
        return static_cast<uint32_t>(word >> 1);
    }

    /** What is counted of a link: one cache line. */
    struct alignas(64) Tally
    {
        LinkCounters counters; //!< Counters
        Tick sampled{0};       //!< Until when the current stall is in the series
    };

    /** Bits are on the wire of a link for a time. */
    void CountBusy(uint32_t link, Tick from, Tick to)
    {
        m_tallies[link].counters.busy += to - from;
        if (m_series)
        {
            m_series->AddBusy(link, from, to);
        }
    }

    /**
     * Send a packet over a link that retries.
     * @param [in] link The link.
     * @param [in] flits The packet's length.
     * @param [in] start First bit, if nothing is in the way.
     * @param [in] tailReady Its last bit can't leave before.
     * @return when the copy that gets through is on the wire, and when the first has left.
     */
    LinkRetry::Trip TransmitWithRetry(uint32_t link,
                                      uint32_t flits,
                                      WireTime start,
                                      Tick tailReady);

    /** Show what has left a buffer by now to the meter of its occupancy. */
    void CatchUpOccupancy(uint32_t ledger, Tick back);

    /** Show a stall in the series until now. */
    void SampleStall(uint32_t link);

    /** Show in the series what has happened until now. */
    void SettleSeries();

    /** @return whether another process has a link's near end, and shows its stalls. */
    bool IsSentElsewhere(uint32_t link) const
    {
        return m_cut && !m_cut->HasSender(link);
    }

    /** @return the VC as whose wait a link's stall counts that ends by one VC. */
    static uint32_t GetStalledVc(const Link& link, uint32_t vc);

    /** @return whether a ledger may use a shared buffer too. */
    bool IsShared(uint32_t ledger) const
    {
        return m_shared && m_shared->IsMember(ledger);
    }

    /**
     * A stall is over.
     * @param [in] link The link that waited.
     * @param [in] vc The VC whose credit came.
     */
    void CountStall(uint32_t link, uint32_t vc);

    /** Data begins to wait for credit on a link's VC. */
    void BeginWait(uint32_t link, uint32_t ledger)
    {
        if (m_cut) [[unlikely]]
        {
            m_cut->Note(
                {m_clock.Now(), 0, {}, link, ledger, WaitStep::NO_MESSAGE, WaitStep::BEGIN});
            return;
        }
        m_chains.BeginWait(ledger, m_clock.Now());
    }

    /** A packet goes on a VC for whose credit was waited: if for its sake, the wait is over. */
    void EndWait(uint32_t link, const Packet& packet);

    /** The same of a fabric that is spread over processes. */
    void NoteEndOfWait(uint32_t link, uint32_t ledger, const Packet& packet);

    /** A stall is over and has taken time: a line of the log, and part of a wait. */
    void KeepStall(uint32_t link, uint32_t ledger, Tick begin, Tick end)
    {
        if (m_log)
        {
            m_log->AddStall(link, begin, end);
        }
        m_chains.AddStall(ledger, begin, end);
    }

    /** A wait that has not ended: who waits, and for what. */
    struct OpenWait
    {
        Credits::Relief relief; //!< What will end it, if that is known
        uint32_t message;       //!< Of what waits, or PacketSender::NO_MESSAGE_WAITS
    };

    /** @return a wait that has not ended. @param [in] link The link. @param [in] vc Its VC. */
    OpenWait FindOpenWait(uint32_t link, uint32_t vc) const;

    /** @return see PacketReceiver::FindExit(). */
    PacketExit FindExit(uint32_t link, uint32_t vc) const;

    /** What only the process has that simulates an end of a link, as the run is over. */
    struct FarEnds
    {
        std::map<uint32_t, OpenWait> waits;   //!< By ledger
        std::map<uint32_t, PacketExit> exits; //!< Likewise
    };

    void TakePacket(const CutLinks::PacketCrossing& crossing) override;
    void TakeCredit(const CutLinks::CreditCrossing& crossing) override;

    /** A packet comes in by a link whose near end is elsewhere: it has taken its credit there. */
    void TakeFarCredit(uint32_t link, const Packet& packet);

    /** End a wait that has not ended, and those that it waits for, in a copy of the chains. */
    void CloseWait(WaitingChains& chains,
                   uint32_t link,
                   uint32_t vc,
                   std::vector<bool>& isClosed) const;

    EventClock& m_clock;              //!< The clock
    EventChannel m_arrivals;          //!< And ends of retries
    PacketPool& m_pool;               //!< The packets
    Credits m_credits;                //!< A ledger per link and VC
    LinkRetry m_retry;                //!< Links that send again
    LostPackets m_lost;               //!< What faults took
    ExpressOwner* m_express{nullptr}; //!< Who has express links, or nobody
    std::vector<Outage> m_outages;    //!< By link, if there are faults
    std::map<std::pair<uint32_t, uint32_t>, uint32_t> m_degradedKinds; //!< (kind, lanes)
    std::vector<Link> m_links;                                         //!< Hot state
    std::vector<LinkSpec> m_specs;                                     //!< What they are made of
    std::vector<Kind> m_kinds;                                         //!< What they share: few
    std::vector<Tally> m_tallies;                                      //!< What is counted
    WaitingChains m_chains;                                            //!< What waited for what
    std::vector<OccupancyMeter> m_occupancies;          //!< Of the buffers, per ledger
    std::vector<BufferMeter<QueueSeries>> m_totals;     //!< Per link, all VCs, if there is a series
    std::vector<BufferMeter<OccupancyMeter>> m_sharing; //!< Per ledger, with shared buffers
    std::unique_ptr<LinkSeries> m_series;               //!< Samples, or nothing
    std::unique_ptr<LinkLog> m_log;                     //!< For the timeline, or nothing
    std::unique_ptr<CutLinks> m_cut;                    //!< If spread over processes
    FarEnds m_far;                                      //!< Of others, as the run is over
    const HopTrace* m_hopTrace{nullptr};                //!< PacketHop
    std::unique_ptr<SharedCredits> m_shared;            //!< Shared buffers, or nothing
    std::vector<uint32_t> m_linkOfLedger; //!< By ledger, where there are shared buffers
    std::function<std::pair<uint32_t, uint32_t>(uint32_t)> m_ends; //!< Ends of a message
    uint64_t m_packetHops{0};                                      //!< Packets sent
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LINKS_H
