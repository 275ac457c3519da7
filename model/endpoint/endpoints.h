/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ENDPOINTS_H
#define MTLINK_ENDPOINTS_H

#include "endpoint/congestion-control.h"
#include "endpoint/detours.h"
#include "endpoint/reorder-buffers.h"
#include "endpoint/send-queue.h"
#include "link/class-scheduler.h"
#include "link/links.h"
#include "link/vc-layout.h"
#include "measure/histogram.h"

#include "ns3/mtlink-endpoint-profile.h"
#include "ns3/mtlink-routing.h"
#include "ns3/mtlink-transport.h"
#include "ns3/traced-callback.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What the endpoints need to know of one of their links.
 */
struct PortSpec
{
    uint32_t link{0};                 //!< Link out of an endpoint
    VcLayout layout;                  //!< VCs of its traffic classes and of the routing's classes
    const ClassRules* rules{nullptr}; //!< How several traffic classes take turns; must outlive all
    bool sprayed{false};              //!< Each packet chooses its path anew
    bool controlled{false};           //!< Under the congestion control, if there is one
};

/**
 * @ingroup mtlink
 * A way from an endpoint into a group's tree.
 */
struct StreamSpec
{
    uint32_t endpoint{0};     //!< Whose
    uint32_t link{0};         //!< Its link into the tree
    uint32_t via{0};          //!< What Packet::via is at the first switch
    PacketKind kind{OPERAND}; //!< What its packets are there
    uint8_t vc{0};            //!< Their VC, among those of their traffic class
    uint8_t trafficClass{0};  //!< Of its messages
    uint32_t window{0};       //!< Packets in flight, at most; 0: any number
};

/**
 * @ingroup mtlink
 * Who hears of packets of groups.
 */
class GroupReceiver
{
  public:
    virtual ~GroupReceiver() = default;

    /**
     * @param [in] packet A packet of a group, come in.
     * @return the endpoint where it is.
     */
    virtual uint32_t GetEndpoint(const Packet& packet) const = 0;

    /**
     * A packet of a group is in whole.
     * @param [in] cookie The word for the message of one who sent it.
     * @param [in] packet The packet.
     */
    virtual void ArriveFromGroup(uint64_t cookie, const Packet& packet) = 0;
};

/**
 * @ingroup mtlink
 * Counters of one traffic class, over all endpoints.
 */
struct ClassCounters
{
    uint64_t messages{0};      //!< Messages delivered whole; those of groups not counted
    uint64_t packets{0};       //!< Packets at their destination
    uint64_t bytes{0};         //!< Payload at its destination
    uint64_t bytesMeasured{0}; //!< ... that came in the measured window
    Histogram packetLatency;   //!< Creation to tail delivered, measured window
};

/**
 * @ingroup mtlink
 * Counters of all endpoints.
 */
struct EndpointCounters
{
    uint64_t packetsDelivered{0}; //!< Packets at their destination
    uint64_t bytesDelivered{0};   //!< Payload at its destination
    uint64_t packetsRelayed{0};   //!< Packets taken in and sent on
    uint64_t packetsLost{0};      //!< Packets that faults took
    uint64_t messagesLost{0};     //!< Messages that faults took a part of, and that are over
    Histogram packetLatency;      //!< Creation to tail delivered, measured window
    Histogram networkLatency;     //!< First bit on the source's wire to tail delivered, likewise
};

/**
 * @ingroup mtlink
 * Packets that were delivered in a while, all of them in the measured window.
 */
struct DeliveryRecord
{
    uint64_t bytes{0};        //!< Their payload
    Histogram packetLatency;  //!< As of EndpointCounters
    Histogram networkLatency; //!< As of EndpointCounters
};

/**
 * @ingroup mtlink
 * All endpoints: a message waits in the queue of its destination; each free port pulls a packet
 * from the queues that may use it (round-robin, or oldest message first), as window and credits
 * allow; arrived packets complete messages, or are relayed. Equivalent ports (parallel links to a
 * peer, planes) are used together: a message is striped over them packet by packet. Each traffic
 * class has queues, windows and turns of its own; which class goes first at a port, its
 * ClassScheduler says.
 */
class Endpoints : public EventHandler,
                  public PacketReceiver,
                  public PacketSender,
                  public LossListener
{
  public:
    /** The trace PacketDelivered; see MtlinkFabric. */
    using DeliveredTrace = TracedCallback<Time, Time, uint32_t, uint32_t, uint32_t>;

    /** Gives the latency of the first bit between two endpoints on the idle fabric. */
    using LatencyFunction = std::function<Tick(uint32_t, uint32_t)>;

    /**
     * @param [in] clock The clock; must outlive this, as the others.
     * @param [in] pool The packets.
     * @param [in] links The links.
     * @param [in] routing The routes.
     * @param [in] profile Parameters.
     * @param [in] latency An acknowledgement takes this long to open the window.
     * @param [in] seed Of flow hashes.
     */
    Endpoints(EventClock& clock,
              PacketPool& pool,
              Links& links,
              const Routing& routing,
              Ptr<const EndpointProfile> profile,
              LatencyFunction latency,
              uint32_t seed);

    /**
     * Add a port.
     * @param [in] spec Its link, which must have been added to Links, and how to use it.
     */
    void AddPort(const PortSpec& spec);

    /**
     * Let packets make a detour by a port's peer, which forwards them.
     * @param [in] spec The port, which must have been added.
     */
    void AllowDetours(const DetourSpec& spec);

    /**
     * Only packets created in a window count in the latencies.
     * @param [in] from Its start.
     * @param [in] to Its end.
     */
    void SetMeasuredWindow(Tick from, Tick to)
    {
        m_measureFrom = from;
        m_measureTo = to;
    }

    /**
     * Show each delivered packet to a trace.
     * @param [in] trace The trace.
     */
    void ShowDeliveries(const DeliveredTrace* trace)
    {
        m_deliveredTrace = trace;
    }

    /**
     * Take a message; see Transport::Send().
     * @param [in] message What to send.
     * @param [in] client Who hears of it.
     * @param [in] cookie The client's word for it.
     */
    void Send(const Message& message, MessageClient* client, uint64_t cookie);

    /** @return the reorder buffers, or nullptr if packets are delivered as they come. */
    const ReorderBuffers* GetReorderBuffers() const
    {
        return m_reorder.get();
    }

    /**
     * Open a way into a group's tree.
     * @param [in] spec What it is.
     * @return its number.
     */
    uint32_t OpenStream(const StreamSpec& spec);

    /**
     * Send a message into a group's tree, after those sent on the stream before.
     * @param [in] stream The stream.
     * @param [in] bytes Payload, at least 1.
     * @param [in] distributor Packet::target of its packets.
     * @param [in] client Who hears that it has left.
     * @param [in] cookie The client's word for it.
     * @return the message, to be closed by CloseStreamMessage().
     */
    uint32_t SendOnStream(uint32_t stream,
                          uint64_t bytes,
                          uint32_t distributor,
                          MessageClient* client,
                          uint64_t cookie);

    /**
     * A packet of a stream has been answered for: its window opens.
     * @param [in] stream The stream.
     * @param [in] at When, not before now.
     */
    void AcknowledgeOnStream(uint32_t stream, Tick at);

    /**
     * No packet of a message, and none that was made of one, is under way any more.
     * @param [in] message The message, which has left.
     */
    void CloseStreamMessage(uint32_t message);

    /** @return the host's time before a message's first bit. */
    Tick GetMessageOverhead() const
    {
        return ToTicks(m_profile->GetMessageOverhead());
    }

    /**
     * @param [in] receiver Who hears of packets of groups; must outlive this.
     */
    void SetGroupReceiver(GroupReceiver* receiver)
    {
        m_groupReceiver = receiver;
    }

    /** Gives what the congestion control is to know of the way between two endpoints. */
    using PathFunction = std::function<FlowPath(uint32_t, uint32_t)>;

    /**
     * Control congestion.
     * @param [in] control The algorithm.
     * @param [in] path Describes a flow.
     * @param [in] telemetry What switches write; must outlive this.
     */
    void Control(std::unique_ptr<CongestionControl> control,
                 PathFunction path,
                 Telemetry& telemetry);

    /** A flow of the congestion control. */
    struct ControlledFlow
    {
        uint32_t src;                             //!< Endpoint where it begins
        uint32_t dst;                             //!< Endpoint where its leg ends
        uint32_t trafficClass;                    //!< Its traffic class
        CongestionControl::FlowCounters counters; //!< Counters
        double rate;                              //!< Allowed now, bytes on the wire per ps
        double most;                              //!< Of its ports
    };

    /** @return all flows under the congestion control. */
    std::vector<ControlledFlow> GetControlledFlows() const;

    /** @return the counters. */
    const EndpointCounters& GetCounters() const
    {
        return m_counters;
    }

    /** @return the counters by traffic class; none if there is one class. */
    const std::vector<ClassCounters>& GetClassCounters() const
    {
        return m_classCounters;
    }

    /**
     * @param [in] message A message under way.
     * @return its source and destination endpoint.
     */
    std::pair<uint32_t, uint32_t> GetEnds(uint32_t message) const
    {
        return {m_messages[message].src, m_messages[message].dst};
    }

    // For a memo: endpoint-record.cc.

    /**
     * @param [in] endpoint An endpoint.
     * @param [in] target Another, wired straight to it.
     * @return the queue of what one sends to the other, in traffic class 0.
     */
    uint32_t FindQueue(uint32_t endpoint, uint32_t target);

    /**
     * @param [in] queue A queue, from FindQueue(); below too.
     * @return whether how it is sent depends on nothing but what GetNextPort(), GetPatience() and
     *         ListReturning() say, and on the links.
     */
    bool IsPlain(uint32_t queue) const;

    /** @return whether nothing waits in it. @param [in] queue A queue. */
    bool IsQuiet(uint32_t queue) const;

    /** @return which of its equal ports is asked first. @param [in] queue A queue. */
    uint32_t GetNextPort(uint32_t queue) const
    {
        return m_groups[m_queues[queue].group].nextPort;
    }

    /**
     * @param [in] queue A queue.
     * @param [in] port Index of the port that is to be asked first.
     */
    void SetNextPort(uint32_t queue, uint32_t port)
    {
        m_groups[m_queues[queue].group].nextPort = port;
    }

    /** @return packets before its link is tried as a stream. @param [in] link A port's link. */
    uint8_t GetPatience(uint32_t link) const
    {
        return m_ports[link].patience;
    }

    /** Set GetPatience(). @param [in] link A port's link. @param [in] packets How many. */
    void SetPatience(uint32_t link, uint8_t packets)
    {
        m_ports[link].patience = packets;
    }

    /** @return time from arrival to the opening of its window. @param [in] queue A queue. */
    Tick GetAcknowledgement(uint32_t queue) const
    {
        return m_queues[queue].acknowledgement;
    }

    /**
     * List what is acknowledged of its window and not open yet.
     * @param [in] queue A queue.
     * @param [in] show Gets when each part opens, and its bytes, in order.
     */
    template <typename Show>
    void ListReturning(uint32_t queue, Show show)
    {
        if (HasWindow(m_queues[queue]))
        {
            m_windows.ListReturning(m_queues[queue].window, m_clock.Now(), show);
        }
    }

    /**
     * As if bytes had been sent that are acknowledged, and whose window is not open yet.
     * @param [in] queue A queue that has a window.
     * @param [in] bytes How many.
     * @param [in] at When it opens.
     */
    void PutOnWayBack(uint32_t queue, uint32_t bytes, Tick at)
    {
        m_windows.PutOnWayBack(m_queues[queue].window, bytes, at, m_clock.Now());
    }

    /**
     * Count packets that were delivered once more.
     * @param [in] record The packets.
     * @param [in] times How often.
     */
    void Repeat(const DeliveryRecord& record, uint64_t times);

    /**
     * @param [in] most How many at most.
     * @return queues with data that can't move: (endpoint, target), for a stalled run.
     */
    std::vector<std::pair<uint32_t, uint32_t>> GetWaiting(std::size_t most) const;

    void Arrive(uint32_t link, uint32_t packet) override;
    void PrefetchArrival(uint32_t link, uint32_t packet, uint32_t step) override;
    void CreditComes(uint32_t link, Tick at) override;
    uint32_t FindWaiting(uint32_t link, uint32_t vc) const override;
    void LinkFails(uint32_t link) override;
    void CatchUp(uint32_t link) override;
    void EndStream(uint32_t link) override;

    /** Hand over what has left before now on all ports, as somebody looks at what was sent. */
    void CatchUpAll();

    PacketExit FindExit(uint32_t link, uint32_t vc) const override;
    void PacketLost(uint32_t packet) override;

    /** @copydoc EventHandler::OnEvent(). The low bits of `word` say what, the rest which. */
    void OnEvent(uint64_t word) override;
    void Prefetch(uint64_t word, uint32_t step) override;

  private:
    /** What an event is about. */
    enum EventKind : uint64_t
    {
        SERVE_PORT,    //!< A port's wire may be free
        OPEN_WINDOW,   //!< A queue's window may be open
        START_MESSAGE, //!< A message's overhead is over
        END_SENDING,   //!< A message's last bit has left
        RELAY_PACKET,  //!< A relay has kept a packet for long enough
        PACE_QUEUE,    //!< A queue's pace may allow its next packet
        ACKNOWLEDGE,   //!< A packet's acknowledgement is in
        FORWARD,       //!< An endpoint has kept a packet on a detour for long enough
        OFFER_DETOURS, //!< Ports of an endpoint may take for detours what waits for others
        EVENT_KINDS,   //!< Their number
    };

    /** The turns of the port groups that a port is in. */
    struct PortTurns
    {
        std::vector<uint32_t> groups; //!< Port groups
        uint32_t nextGroup{0};        //!< Whose turn it is, index into groups
    };

    /** A port's traffic classes, where there are several. */
    struct PortClasses
    {
        ClassScheduler scheduler;     //!< Whose turn it is
        std::vector<PortTurns> turns; //!< By class
    };

    /** Packets of one message that leave a port one directly behind the other. */
    struct Stream
    {
        uint32_t queue{NO_QUEUE}; //!< That sends them; NO_QUEUE: there is none
        uint32_t certain{0};      //!< So many more leave, whatever happens
        uint32_t flow{0};         //!< Hash of the next, unless each has its own
        uint32_t flits{0};        //!< Length of each
        uint8_t vc{0};            //!< Their VC
        Tick time{0};             //!< Of each on the wire, rounded down

        /** @return whether there is one. */
        bool IsOn() const
        {
            return queue != NO_QUEUE;
        }
    };

    /** Packets that a port sends before it tries again to stream: credit or window was scarce. */
    static constexpr uint8_t PATIENCE = 8;

    /** A port: the near end of a link. */
    struct Port
    {
        PortTurns turns;                      //!< Its port groups, if it has one traffic class
        Tick nextLook{NEVER};                 //!< Its pending event
        VcLayout layout;                      //!< Its VCs
        bool sprayed{false};                  //!< Each packet chooses its path anew
        bool controlled{false};               //!< Under the congestion control
        bool detours{false};                  //!< Has a place in Detours
        uint8_t patience{0};                  //!< So many packets are not worth a BeginStream()
        std::unique_ptr<PortClasses> classes; //!< Its traffic classes, or nothing
        Stream stream;                        //!< What leaves without an event for each packet
    };

    /** What became of a port's turn. */
    enum class Turn
    {
        IDLE, //!< Nothing can be sent
        BUSY, //!< The wire is busy: an event will look again
        SENT, //!< A packet was sent
    };

    /** What a controlled packet is remembered by until it is in. */
    struct Flight
    {
        uint32_t queue{NO_QUEUE}; //!< That sent it; NO_QUEUE: not controlled
        uint64_t number{0};       //!< Among the packets of its flow
        Tick sent{0};             //!< First bit out
    };

    /** An acknowledgement on its way. */
    struct AckInFlight
    {
        uint32_t queue;      //!< To which
        Tick sent;           //!< First bit of the packet out
        bool isLoss;         //!< It tells of a loss
        Acknowledgement ack; //!< What it tells
    };

    /** Schedule an event. */
    void ScheduleEvent(Tick at, EventKind kind, uint64_t what)
    {
        m_clock.Schedule(at, this, what * EVENT_KINDS + kind);
    }

    /**
     * @param [in] endpoint An endpoint.
     * @param [in] destination Final destination.
     * @param [in] isRelay Whether for packets of others.
     * @param [in] trafficClass Of the packets.
     * @return the queue, made if need be.
     */
    uint32_t GetQueue(uint32_t endpoint, uint32_t destination, bool isRelay, uint32_t trafficClass);

    /**
     * @return the group of ports that lead from an endpoint to a target, for one traffic class,
     *         made if need be.
     */
    uint32_t GetGroup(uint32_t endpoint, uint32_t target, uint32_t trafficClass);

    /** A port group uses a port. */
    void JoinPort(uint32_t link, uint32_t group);

    /** A message joins its queue. */
    void Enqueue(uint32_t message);

    /** A queue that had nothing that may be sent has something. */
    void Wake(uint32_t queue);

    /** A queue with something that may be sent joins the ring of its group. */
    void Activate(uint32_t queue);

    /** Let the ports of a group that are free pull packets. */
    void ServeGroup(uint32_t group);

    /** Let a port pull a packet if its wire is free. */
    void ServePort(uint32_t link);

    /** ServePort() where there are several traffic classes. */
    Turn ServeClasses(uint32_t link, uint64_t& lacking);

    /**
     * Let a port pull a packet of one traffic class.
     * @param [in,out] turns The port groups of that class.
     * @param [in] link The port's link.
     * @param [in,out] lacking VCs that have no credit, as bits.
     * @param [out] flits Length of the packet, if one was sent.
     * @return what became of it.
     */
    Turn ServeTurns(PortTurns& turns, uint32_t link, uint64_t& lacking, uint32_t& flits);

    /** @return whether a port group has something to send. */
    bool HasMore(const PortTurns& turns) const;

    /**
     * @param [in] group A group that a port is in.
     * @param [in] link The port's link, whose wire is free.
     * @param [in,out] lacking VCs that have no credit, as bits.
     * @param [in] via The port's peer, for a detour; the port need not be in the group then.
     * @return the length, in flits, of the packet of the group that was sent; 0: none was.
     */
    uint32_t ServeGroupAt(uint32_t group, uint32_t link, uint64_t& lacking, uint32_t via = NO_VIA);

    /** Take a queue, which stands behind `before`, out of its group's ring. */
    void Unlink(PortGroup& group, uint32_t before, uint32_t queue);

    /** @return whether what leads queue a was sent before what leads queue b. */
    bool IsOlder(uint32_t a, uint32_t b) const;

    /** A queue's window may be open, or its pace allow the next packet. */
    void OpenWindow(uint32_t queue);

    /**
     * @param [in] queue A queue with something to send.
     * @return whether window and congestion control allow its next packet; if not, an event will
     *         look again.
     */
    bool MaySend(uint32_t queue);

    /** A packet goes from an endpoint, controlled or not. */
    void NoteSent(uint32_t queue, uint32_t packet);

    /** A packet is at the end of a leg, or lost: if it is controlled, its source will hear. */
    void NoteEnd(uint32_t packet, bool isLost);

    /** An acknowledgement of a controlled packet is in, or word of its loss. */
    void HearOf(uint32_t ack);

    /**
     * @param [in] queue A queue.
     * @return whether its packets take of a window.
     */
    bool HasWindow(const SendQueue& queue) const
    {
        return queue.window != NO_WINDOW;
    }

    /**
     * @param [in] queue A queue with a window.
     * @param [in] payload Of a packet.
     * @return what the packet takes of it: bytes, or of a stream's one packet.
     */
    uint32_t GetWindowPart(const SendQueue& queue, uint32_t payload) const
    {
        return queue.kind == UNICAST ? std::min(payload, m_window) : 1;
    }

    /**
     * @param [in] queue A queue with something to send.
     * @param [in] port A port.
     * @return the hash of its next packet.
     */
    uint32_t GetNextFlow(const SendQueue& queue, const Port& port) const;

    /** @return the payload of a queue's next packet. */
    uint32_t GetNextPayload(const SendQueue& queue) const;

    /** Send a queue's next packet, on a detour if `via` says so; credit and window were checked. */
    void SendPacket(uint32_t queue, uint32_t link, uint32_t flow, uint8_t vc, uint32_t via);

    /**
     * Make the next packet of the message that leads a queue.
     * @param [in] queue The queue.
     * @param [in] payload The packet's.
     * @param [in] at Its first bit leaves.
     * @return the packet.
     */
    uint32_t MakePacket(uint32_t queue, uint32_t payload, Tick at);

    /**
     * Say where a packet of a queue goes, and take its part of the window.
     * @param [in,out] queue The queue.
     * @param [in,out] packet The packet.
     * @param [in] flow Its hash.
     * @param [in] flits Its length.
     * @param [in] vc Its VC.
     */
    void Address(SendQueue& queue, Packet& packet, uint32_t flow, uint32_t flits, uint8_t vc);

    /** Look at a port again at a time. */
    void LookAtPort(uint32_t link, Tick at);

    // Streams: endpoint-streams.cc.

    /** A port, whose wire is busy, has more to send. @return whether that leaves as a stream. */
    bool BeginStream(uint32_t link);

    /**
     * Count the packets of a stream that leave whatever happens.
     * @return whether they reach up to the next CatchUp().
     */
    bool ExtendStream(uint32_t link);

    /** @return whether no packet of a stream leaves before the next CatchUp() but certain ones. */
    bool IsCertain(uint32_t link) const;

    /** Hand over what of a stream has left until a time. */
    void HandOver(uint32_t link, Tick until);

    /** A packet of another endpoint is to go on. */
    void Relay(uint32_t packet);

    // Detours: endpoint-detours.cc.

    /** A packet on a detour has come by a link to the endpoint that forwards it. */
    void TakeDetour(uint32_t link, uint32_t packet);

    /** A packet on a detour may go on. */
    void Forward(uint32_t packet);

    /** @return the queue of what an endpoint forwards to another, made if need be. */
    uint32_t GetForwardQueue(uint32_t endpoint, uint32_t target);

    /** A packet of a port's own goes: those that it forwards have been passed. */
    void NotePassing(uint32_t link);

    /** @return whether what a port forwards has been passed often enough. */
    bool IsForwardTurn(uint32_t link) const;

    /** Serve what a port forwards. @return whether the port is, or was, busy with it. */
    bool ServeForwards(uint32_t link, uint64_t& lacking);

    /** A port with nothing else to send takes a packet for a detour. @return whether it found one.
     */
    bool BeginDetour(uint32_t link);

    /** @return whether packets of a group should make a detour by a port. */
    bool IsDetourWorth(uint32_t group, uint32_t link);

    /** @return whether more flits than so many wait in a group. */
    bool HasMoreThan(uint64_t flits, const PortGroup& group) const;

    /** @return whether all links are down. */
    bool AreDown(std::span<const uint32_t> links) const;

    /** A link that was down may be up: look at the ports that waited for it beyond their peers. */
    void LookAtDetoursBy(uint32_t link, Tick at);

    /**
     * More waits in a group, or can be sent: other ports may take it for detours; not before all
     * messages that are sent at this instant have joined their queues.
     */
    void OfferDetours(uint32_t group);

    /** Other ports of an endpoint look at the groups that were offered. */
    void TakeOffers(uint32_t endpoint);

    /** Acknowledge a packet to its source if the leg from there ends here. */
    void Acknowledge(const Packet& packet);

    /** A packet is at its destination. */
    void Deliver(uint32_t packet);

    /** A packet of a group is at a member. */
    void DeliverFromGroup(uint32_t packet);

    /** Count a packet at its destination. */
    void CountDelivery(const Packet& packet, uint32_t destination);

    /** @return a new message, not yet in its queue. */
    uint32_t MakeMessage(const MessageState& state);

    /** Bytes of a message have been delivered, or lost; with the last of them it is done. */
    void Settle(uint32_t message, uint32_t bytes);

    /** A message was both sent and delivered. */
    void Free(uint32_t message);

    EventClock& m_clock;                              //!< The clock
    PacketPool& m_pool;                               //!< The packets
    Links& m_links;                                   //!< The links
    const Routing& m_routing;                         //!< The routes
    Ptr<const EndpointProfile> m_profile;             //!< Parameters
    LatencyFunction m_latency;                        //!< Of acknowledgements
    uint64_t m_seed;                                  //!< Of flow hashes
    bool m_inOrder;                                   //!< Oldest message first
    uint32_t m_packetSize;                            //!< Largest payload
    uint32_t m_window;                                //!< Bytes in flight per queue; 0: any number
    std::vector<Port> m_ports;                        //!< By link
    std::vector<PortGroup> m_groups;                  //!< Groups of ports
    std::vector<std::vector<uint32_t>> m_groupsOf;    //!< Groups by endpoint
    std::vector<SendQueue> m_queues;                  //!< Queues
    std::unordered_map<uint64_t, uint32_t> m_queueOf; //!< See GetQueue(); all of it -> queue
    std::vector<MessageState> m_messages;             //!< Messages under way, and free ones
    uint32_t m_freeMessage{NO_MESSAGE};               //!< First free one
    uint64_t m_nextNumber{0};                         //!< Of the next message
    Credits m_windows;                                //!< A ledger per queue
    Tick m_measureFrom{0};                            //!< Measured window
    Tick m_measureTo{NEVER};                          //!< Measured window
    EndpointCounters m_counters;                      //!< Counters
    std::vector<ClassCounters> m_classCounters;       //!< By traffic class; empty: there is one
    std::unique_ptr<ReorderBuffers> m_reorder;        //!< Or none: delivered as they come
    const DeliveredTrace* m_deliveredTrace{nullptr};  //!< PacketDelivered
    GroupReceiver* m_groupReceiver{nullptr};          //!< Hears of packets of groups
    std::map<std::pair<uint32_t, uint32_t>, uint32_t>
        m_streamGroup;                            //!< Port group of streams, by link, class
    std::deque<uint32_t> m_streamLinks;           //!< Their links, at fixed addresses
    std::unique_ptr<CongestionControl> m_control; //!< Of congestion, or none
    PathFunction m_path;                          //!< Describes flows
    Telemetry* m_telemetry{nullptr};              //!< What switches write
    std::vector<Flight> m_flights;                //!< By packet, if there is a control
    std::vector<AckInFlight> m_acks;              //!< On their way, and free ones
    std::vector<uint32_t> m_freeAcks;             //!< Free ones
    std::unique_ptr<Detours> m_detours;           //!< By ports' peers, or none
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ENDPOINTS_H
