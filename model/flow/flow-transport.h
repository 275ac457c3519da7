/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_FLOW_TRANSPORT_H
#define MTLINK_FLOW_FLOW_TRANSPORT_H

#include "engine/due-list.h"
#include "engine/event-channel.h"
#include "flow/doubts.h"
#include "flow/end-queue.h"
#include "flow/flow-load.h"
#include "flow/flow-losses.h"
#include "flow/flow-path.h"
#include "flow/flow-rings.h"
#include "flow/flow-shapes.h"
#include "flow/flow-watcher.h"
#include "flow/queue-table.h"
#include "flow/share-solver.h"

#include "ns3/mtlink-fidelity.h"
#include "ns3/mtlink-transport.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * How endpoints send, as flows see it.
 */
struct FlowSettings
{
    Tick messageOverhead{0};   //!< Host time before a message's first bit, ps
    uint32_t packet{1};        //!< Largest payload of a packet, bytes
    bool inOrder{false};       //!< A port serves the oldest message, not destinations in turn
    bool sharesHistory{false}; //!< What an endpoint sends may wait for what others have heard
};

/**
 * @ingroup mtlink
 * A transport without packets: messages are flows. One that is alone on its links takes its closed
 * form; those that share links have max-min fair shares of them, found anew as flows come and go.
 * Messages of one source to one destination wait for one another, as in packets. Nothing is kept
 * of a message that is over. Rings whose members share no link are carried as a whole, see
 * FlowRings. See docs/model.md, Mode flow.
 *
 * Of each message it is found out what its times are worth: see Fidelity.
 */
class FlowTransport : public Transport, public EventHandler
{
  public:
    /**
     * @param [in] paths The ways; must outlive this.
     * @param [in] settings How endpoints send.
     */
    FlowTransport(FlowPaths& paths, const FlowSettings& settings);

    uint32_t GetEndpoints() const override;
    void Send(const Message& message, MessageClient* client, uint64_t cookie) override;
    Fidelity GetFidelity() const override;
    Fidelity Confirm(Fidelity said, uint32_t endpoint, Tick end) const override;
    uint32_t OpenRing(const Ring& ring, RingClient* client, uint64_t cookie) override;
    void JoinRing(uint32_t ring, uint32_t place) override;
    void SendInRing(uint32_t ring, uint32_t place) override;
    void OnEvent(uint64_t word) override;

    /** Count all that has happened so far, where a run is ended early. */
    void Settle();

    /** @return payload bytes delivered so far, by Fidelity, as it is known now. */
    std::array<uint64_t, FIDELITIES> GetBytes() const
    {
        return m_doubts.GetBytes();
    }

    /** @return of the payload delivered so far, what was held up by more than buffers hold. */
    uint64_t GetBytesBeyondBuffers() const
    {
        return m_beyondBuffers;
    }

    /** @return messages delivered so far. */
    uint64_t GetMessages() const
    {
        return m_messages;
    }

    /** @return packets that the messages delivered so far would have had. */
    uint64_t GetPackets() const
    {
        return m_packets;
    }

    /**
     * @param [in] link A link of a step.
     * @return what it has carried, counted as messages have left their sources.
     */
    FlowTraffic GetTraffic(uint32_t link) const
    {
        return link < m_solver.GetLinks() ? m_solver.GetTraffic(link) : FlowTraffic{};
    }

    /** @return who was held up by which link, and for how long. */
    const FlowLosses& GetLosses() const
    {
        return m_losses;
    }

    /** @return the shares. */
    const ShareSolver& GetSolver() const
    {
        return m_solver;
    }

    // For a memo, see FlowParts.

    /** @param [in] watcher Hears of what is counted; nullptr: nobody does. */
    void SetWatcher(FlowWatcher* watcher)
    {
        m_watcher = watcher;
    }

    /** What an endpoint has heard so far. */
    struct Heard
    {
        Fidelity word{Fidelity::EXACT}; //!< The worst of all
        Tick early{0};                  //!< So much earlier it may have been in packets, ps
    };

    /** @return what an endpoint has heard. @param [in] endpoint The endpoint. */
    const Heard& GetHeard(uint32_t endpoint) const
    {
        return m_history[m_settings.sharesHistory ? 0 : endpoint];
    }

    /** @return the worst of what a link has carried. @param [in] link A link of a step. */
    Fidelity GetWord(uint32_t link) const
    {
        return link < m_solver.GetLinks() ? m_solver.GetWord(link) : Fidelity::EXACT;
    }

    /**
     * Count messages that were delivered as others before.
     * @param [in] sum What they were.
     * @param [in] word What their times are worth.
     * @param [in] endpoint One of their ends.
     */
    void CountAgain(const FlowSum& sum, Fidelity word, uint32_t endpoint);

    /**
     * Count what a link has carried again.
     * @param [in] link The link.
     * @param [in] traffic What.
     * @param [in] word The worst that its messages' times are worth.
     */
    void CountAgain(uint32_t link, const FlowTraffic& traffic, Fidelity word);

    /**
     * Count what was carried beside all that is simulated; once that is over.
     * @param [in] link The link.
     * @param [in] traffic What.
     */
    void AddTraffic(uint32_t link, const FlowTraffic& traffic)
    {
        AddLinks(); // it may not have carried anything yet
        m_solver.AddTraffic(link, traffic);
    }

    /** Count time that was lost again. @param [in] loss How much, and to what. */
    void CountAgain(const FlowLosses::Row& loss)
    {
        m_losses.Add(loss);
    }

  private:
    friend class FlowRings;

    static constexpr uint32_t NONE = ShareSolver::NONE; //!< No message, or nobody

    /** What an event is about; in a word's lowest bits. */
    enum EventKind : uint64_t
    {
        START,   //!< Overheads of messages are over
        END,     //!< Last bits leave
        DELIVER, //!< A message's last bit is in
        SOLVE,   //!< Shares are to be found
    };

    static constexpr uint32_t KIND_BITS = 2; //!< Of a word

    static uint64_t MakeWord(EventKind kind, uint32_t id)
    {
        return uint64_t{id} << KIND_BITS | kind;
    }

    static EventKind GetKind(uint64_t word)
    {
        return static_cast<EventKind>(word & ((1U << KIND_BITS) - 1));
    }

    static uint32_t GetId(uint64_t word)
    {
        return static_cast<uint32_t>(word >> KIND_BITS);
    }

    /** Where a message stands. */
    enum State : uint8_t
    {
        WAITING, //!< For its overhead, or for those before it
        ACTIVE,  //!< Its bits leave the source
        SENT,    //!< They are on their way
    };

    /** A message. A change of rates looks at the first line of the cache only. */
    struct alignas(64) Flow
    {
        Tick start;            //!< First bit out; while it waits: when it came to its queue
        Tick last;             //!< When `left` was so
        Tick end;              //!< Last bit out, as it looks now
        int64_t left;          //!< Work: ps at its own rate, times WHOLE
        int64_t lost;          //!< Time lost to `root` so far, ps
        int32_t share;         //!< Of its own rate, in ShareSolver::ONE
        uint32_t root;         //!< Link that holds it up, or NONE
        uint32_t part;         //!< Its first flow in the solver, or NONE
        uint32_t shape;        //!< In m_shapes
        State state;           //!< Where it stands
        Fidelity word;         //!< What its times are worth, so far
        bool isSurelyHanded;   //!< It came into its queue at that time in packets, too
        bool isWhole;          //!< It has always had its own rate
        bool isBeyondBuffers;  //!< It was held up by more than buffers on its way hold
        bool roundsUp;         //!< Its last bit is in at the next picosecond
        bool hasSpare;         //!< `spare` is not 0
        bool isListed;         //!< See RingPassage
        MessageClient* client; //!< Who hears of it, if it is of no ring
        uint64_t cookie;       //!< The client's word; a ring's client's number
        uint64_t bytes;        //!< Payload
        uint64_t endPart;      //!< Last bit out if it is never held up: so much behind `end`
        int64_t spare;         //!< Of `left`, what its less busy ports have not to do
        Tick handed;           //!< When it came into its queue
        Tick earliest;         //!< First bit out in packets, at the earliest
        Tick least;            //!< Its time on the wires if nobody holds it up
        uint32_t src;          //!< Source endpoint
        uint32_t dst;          //!< Destination endpoint
        uint32_t label;        //!< Flow label
        uint32_t next;         //!< Behind it in the queue, or NONE
        uint32_t ring;         //!< Of which it is part, or NO_RING
        uint32_t place;        //!< Of its source there
    };

    static_assert(sizeof(Flow) == 192);

    /** What is known of a link, and of the flows on it. */
    struct alignas(64) LinkState
    {
        Tick start{-1};      //!< When the latest of them started
        Tick offset{0};      //!< The least distance of those that started then
        Tick exactUntil{-1}; //!< Last bit of those that were called exact
        Tick fairUntil{-1};  //!< ... exact or fair
        Tick sentUntil{-1};  //!< ... though they may not be in yet
        uint32_t flits{0};   //!< Their size
        uint32_t user{NONE}; //!< An endpoint joined with all that have sent on it
    };

    static_assert(sizeof(LinkState) == 64);

    /** @return a new message's slot. */
    uint32_t Make(const Message& message,
                  MessageClient* client,
                  uint64_t cookie,
                  const RingPassage& passage);
    /** Send(), for a ring or nobody. */
    void SendFrom(const Message& message,
                  MessageClient* client,
                  uint64_t cookie,
                  const RingPassage& passage);
    /** Take over a message of a ring that has begun before now. */
    void Resume(const Message& message,
                const RingPassage& passage,
                const RingMessage& course,
                Fidelity word);

    /** @return a message as it was sent. */
    static Message GetMessage(const Flow& flow)
    {
        return {flow.src, flow.dst, flow.bytes, flow.label};
    }

    /** @return its shape. */
    const FlowShape& GetShape(const Flow& flow) const
    {
        return m_shapes[flow.shape];
    }

    /** @return a number for the queue of messages from one endpoint to another. */
    static uint64_t GetQueueOf(uint32_t src, uint32_t dst)
    {
        return uint64_t{src} << 32 | dst;
    }

    /** @return a number for its queue: those that wait for one another. */
    uint64_t GetQueue(const Flow& flow);
    /** Make it the last of its queue. @return the one before it, or NONE. */
    uint32_t PutLast(uint32_t id);
    /** @return whether they are in one queue, both begun. */
    bool IsOneQueue(const Flow& a, const Flow& b) const;
    /** @return its first link. */
    uint32_t GetFirstLink(const Flow& flow) const;
    /** Make room for links that ways name and that were not known before. */
    void AddLinks();
    /** @return the way of a message; all its links are known to the solver. */
    FlowWay FindPath(const Message& message);

    /** Have a message wait for its overhead. */
    void EnqueueAt(uint32_t id, Tick at);
    /** Overheads of messages are over. */
    void StartDue();
    /** Have a message wait for those before it, or begin. */
    void Enqueue(uint32_t id);
    /** Its first bit leaves. @param [in] previous The message before it in its queue, or NONE. */
    void Begin(uint32_t id, uint32_t previous);
    /**
     * Its bits leave, since Flow::start.
     * @param [in] id The message.
     * @param [in] path Its way.
     * @param [in] load What it puts on that.
     * @param [in] begin Flow::start, to a fraction.
     * @param [in] ahead Work of it that is done on ports that were free before.
     * @return whether its rate is known at once.
     */
    bool Open(uint32_t id,
              const FlowWay& path,
              const FlowLoad& load,
              WireTime begin,
              int64_t ahead);
    /** It has no more bits to send; what it has sent is in later. */
    void StopSending(uint32_t id);
    /** It is on no link any more. */
    void LeaveLinks(Flow& flow);
    /** Its last bit has left. */
    void End(uint32_t id);
    /** Its last bit is in. */
    void Deliver(uint32_t id);
    /** Its shares have changed. */
    void SetRate(uint32_t id);
    /** Count what it has had until now. */
    void Advance(Flow& flow);
    /** Note who holds it up, from now on. */
    void Charge(Flow& flow, uint32_t root);
    /** End what ends now. */
    void EndAll();
    /** Have EndAll() called at the first end. */
    void ScheduleEnds();
    /** Have Solve() called soon. */
    void ScheduleSolve();
    /** Find all shares anew. */
    void Solve();
    /** Count what its links carry. */
    void CountTraffic(const Flow& flow);

    // What will be touched soon: flow-prefetch.cc

    /** See EventHandler. */
    void Prefetch(uint64_t word, uint32_t step) override;
    /** Ask for a message. */
    void PrefetchFlow(uint32_t id) const;
    /** Ask for what is known of a link. */
    void PrefetchLink(uint32_t link) const;
    /** Ask for what the first end will touch, a step further with each call. */
    void PrefetchFirstEnd();
    /** Ask for what a message will touch as it begins. @param [in] step From 0, in order. */
    void PrefetchSend(const Message& message, uint32_t step);

    // What times are worth: flow-fidelity.cc

    /** @return what an endpoint has heard. */
    Heard& GetHeard(uint32_t endpoint)
    {
        return m_history[m_settings.sharesHistory ? 0 : endpoint];
    }

    /** A message comes into its queue. */
    void NoteHanded(Flow& flow, Tick at);
    /** A message has begun. @param [in] isChained Directly behind the one before it in its queue.
     */
    void JudgeBegin(uint32_t id, bool isChained);
    /** Its last bit has left. */
    void JudgeEnd(uint32_t id);
    /** Links have new levels, or lost flows. */
    void JudgeShares();
    /** @return when its last bit leaves its source, and is sent on where it is stored. */
    Tick GetEnd(const Flow& flow) const;
    /** @return whether two flows have packets on a link at once. */
    bool Overlap(const Flow& a, Tick offsetA, const Flow& b, Tick offsetB) const;
    /**
     * @return whether all that have used its links are joined with its source, and what it could
     *         bring into doubt is: then its links need not be looked at, as mostly where links were
     *         shared for long.
     */
    bool IsOldNews(const Flow& flow) const;
    /** What was said of those before it on its links may be wrong, if it was earlier in packets. */
    void DoubtBefore(const Flow& flow);
    /**
     * A link is used.
     * @param [in] link The link.
     * @param [in] src By whom.
     * @param [in] from Since when, in packets, at the earliest.
     * @param [in] word What that is worth.
     */
    void UseLink(uint32_t link, uint32_t src, Tick from, Fidelity word);
    /** Its last bit has left: note how long its links are used by such as are exact, or fair. */
    void NoteSent(const Flow& flow);
    /** A link was used until a time. @param [in] word What that is worth. */
    void ClaimLink(uint32_t link, Tick until, Fidelity word);
    /** It is over: note how long its links were used by such as are exact, or fair. */
    void NoteClaim(const Flow& flow);
    /** Its source, or who gets it, may have been so much earlier in packets. */
    void NoteHeard(uint32_t endpoint, const Flow& flow, Tick earliest);
    /** A message is worth so much; so are those that it meets. */
    void Downgrade(uint32_t id, Fidelity word);
    /** All links of a message, and those whom it meets there, are worth no more than it. */
    void Spread(uint32_t id);

    FlowPaths& m_paths;                                        //!< The ways
    FlowSettings m_settings;                                   //!< How endpoints send
    EventClock m_clock;                                        //!< Time
    EventChannel m_events{m_clock, *this, EventPhase::ARRIVE}; //!< All but
    EventChannel m_solves{m_clock, *this, EventPhase::SOLVE};  //!< SOLVE
    DueList m_starting;                //!< Messages whose overhead is not over
    ShareSolver m_solver;              //!< The shares
    std::vector<Flow> m_flows;         //!< By slot
    std::vector<uint32_t> m_free;      //!< Slots to use again
    QueueTable m_queues;               //!< The last message of each
    EndQueue m_ends;                   //!< Ends of those that are ACTIVE
    Tick m_endsAt{NEVER};              //!< Pending EndAll()
    uint32_t m_endAhead{NONE};         //!< See PrefetchFirstEnd()
    uint32_t m_endStep{0};             //!< How far that is
    bool m_isCrowd{false};             //!< Many ends are being set at once
    FlowShapes m_shapes;               //!< Of those that have begun
    std::vector<LinkState> m_links;    //!< By number
    bool m_looksAtLinks{true};         //!< The latest message had to, see DoubtBefore()
    FlowLosses m_losses;               //!< Who was held up
    FlowRings m_rings;                 //!< Rings
    Tick m_solveAt{NEVER};             //!< Pending Solve()
    Tick m_restUntil{0};               //!< No Solve() before
    int64_t m_budget;                  //!< Flows that solutions may look at
    std::vector<Heard> m_history;      //!< By endpoint
    Doubts m_doubts;                   //!< What was said too soon
    std::vector<uint32_t> m_leftLinks; //!< Links that lost flows, now
    std::vector<uint32_t> m_spread;    //!< Scratch of Spread()
    std::vector<std::pair<uint32_t, uint32_t>> m_askers; //!< Scratch of JudgeShares()
    Fidelity m_delivered{Fidelity::EXACT};               //!< See GetFidelity()
    uint64_t m_beyondBuffers{0};                         //!< See GetBytesBeyondBuffers()
    uint64_t m_messages{0};                              //!< See GetMessages()
    uint64_t m_packets{0};                               //!< See GetPackets()
    FlowWatcher* m_watcher{nullptr};                     //!< See SetWatcher()
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_FLOW_TRANSPORT_H
