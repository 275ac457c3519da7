/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REFERENCE_FABRIC_H
#define MTLINK_REFERENCE_FABRIC_H

#include "ns3/mtlink-fabric.h"

#include <compare>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

/** A packet started over a link. */
struct Hop
{
    ns3::mtlink::Tick start; //!< First bit on the wire
    uint32_t link;           //!< The link
    uint32_t src;            //!< Source of its message
    uint32_t dst;            //!< Destination of its message
    uint64_t payload;        //!< Bytes

    auto operator<=>(const Hop&) const = default;
};

/**
 * Several things that happen at a node at one time. What happens then at others is too far away to
 * make a difference.
 */
struct Tie
{
    ns3::mtlink::Tick at; //!< When
    uint32_t node;        //!< Where

    auto operator<=>(const Tie&) const = default;
};

/**
 * The packet model of docs/model.md once more, slowly: every return of a credit, every wire and
 * every lane that falls free is an event of its own, and whoever may be concerned looks again. It
 * shares with the fabric the graph, the candidates of the routing and the profiles, and nothing of
 * links, switches and endpoints. No relays, one set of parameters for all scopes; detours where the
 * fabric is one full mesh.
 */
class ReferenceFabric
{
  public:
    using Tick = ns3::mtlink::Tick;

    /** What is alike all over the fabric. */
    struct Spec
    {
        ns3::Ptr<const ns3::mtlink::SwitchProfile> chip;       //!< All switches
        ns3::Ptr<const ns3::mtlink::EndpointProfile> endpoint; //!< All endpoints
        bool sprayed{false};                                   //!< Granularity is packet
        uint32_t seed{1};                                      //!< Of flow hashes
        uint32_t threshold{0};                                 //!< Of detours, flits
        bool countsStalls{false}; //!< For GetStall(); takes a third more
        /** Where what happens at one time does so in another order than by turns. */
        std::map<Tie, uint64_t> tieOrders;
    };

    /**
     * @param [in] fabric Gives graph, routes and links; must outlive this.
     * @param [in] spec The rest.
     */
    ReferenceFabric(const ns3::MtlinkFabric& fabric, const Spec& spec);

    /**
     * Hand over a message.
     * @param [in] at When.
     * @param [in] message The message.
     */
    void Send(Tick at, const ns3::mtlink::Message& message);

    /**
     * Compare each hop with what it should be as soon as it is decided on, which with a queue
     * behind the output is long before its first bit is on the wire; and stop at the first that is
     * another.
     * @param [in] hops All that there should be, by time.
     */
    void Follow(const std::vector<Hop>& hops);

    /** Until nothing is left to happen, or it parts from what it follows. */
    void Run();

    /**
     * @return when it decided on a hop that should not be, or should have begun one; NEVER: it has
     *         not parted from what it follows.
     */
    Tick GetParting() const
    {
        return m_parting;
    }

    /** @return where that was. */
    uint32_t GetPartingNode() const
    {
        return m_partingNode;
    }

    /** @return how many hops were as they should be up to that time. */
    std::size_t GetShared() const
    {
        return m_shared;
    }

    /** @return all hops, by time and link. */
    std::vector<Hop> GetHops() const;

    /** @return by message, in order of Send(), when its last bit had left its source. */
    const std::vector<Tick>& GetSent() const
    {
        return m_sent;
    }

    /** @return by message, in order of Send(), when it was in whole; -1: it is not. */
    const std::vector<Tick>& GetDelivered() const
    {
        return m_delivered;
    }

    /** @return when and where several things happened, by time. */
    const std::vector<Tie>& GetTies() const
    {
        return m_ties;
    }

    /**
     * @param [in] link A link.
     * @return the time for which its wire was idle, data waited for it, and none had credit, if
     * that is counted.
     */
    Tick GetStall(uint32_t link) const
    {
        return m_links[link].stall;
    }

  private:
    using Packet = uint32_t; //!< Index into m_packets

    static constexpr uint32_t NOBODY = UINT32_MAX; //!< No node, no link

    /** A message. */
    struct MessageState
    {
        ns3::mtlink::Message message; //!< As handed over
        uint64_t number;              //!< Place in the order of handing over
        uint64_t toSend;              //!< Bytes
        uint64_t toDeliver;           //!< Bytes
    };

    /** A packet. */
    struct PacketState
    {
        uint32_t message;     //!< Its message
        uint32_t target;      //!< Where it goes
        uint32_t flow;        //!< Hash
        uint64_t payload;     //!< Bytes
        uint32_t flits;       //!< Length
        uint32_t vc;          //!< On the link that carries, or carried, it
        uint8_t vcClass;      //!< Of vc
        Tick tailIn{0};       //!< Last bit in
        uint32_t out{0};      //!< Chosen link
        uint32_t outVc{0};    //!< Chosen VC
        uint8_t outClass{0};  //!< Its class
        uint32_t via{NOBODY}; //!< Endpoint that is to forward it
        uint32_t cameBy{0};   //!< Link by which it came there
        Tick asksSince{0};    //!< When it came to lead its queue
    };

    /** What an endpoint forwards to another. */
    struct ForwardQueue
    {
        std::vector<uint32_t> links; //!< By these ports
        std::deque<Packet> packets;  //!< In order
        uint32_t nextPort{0};        //!< Is asked first
    };

    /** A port of an endpoint that forwards. */
    struct DetourPort
    {
        uint32_t passed{0};    //!< Own packets sent while one that is forwarded waits
        uint32_t nextGroup{0}; //!< Makes the next detour, index among the endpoint's groups
    };

    /** Who waits at an output: input port and queue there. */
    using Requester = std::pair<uint32_t, uint32_t>;

    /** A link, with the output (or endpoint's port) at its near and the input at its far end. */
    struct LinkState
    {
        Tick latency;                 //!< Of the first bit
        Tick creditLatency;           //!< Of a credit
        uint64_t bitRate;             //!< Bits per second
        uint32_t flit;                //!< Bytes
        std::vector<uint32_t> credit; //!< Flits, by VC
        bool toEndpoint;              //!< Its far end
        uint32_t vcsPerClass;         //!< VCs of each class
        // The wire: since `origin` it has carried, or will have, so many flits without a pause.
        Tick origin{0};    //!< A picosecond at which a packet began
        uint64_t flits{0}; //!< Since then
        Tick freeAt{0};    //!< Last bit of the last packet
        Tick stall{0};     //!< Sum
        // The output behind which it is
        uint32_t busyLanes{0}; //!< Packets that the output takes in
        Requester next{0, 0};  //!< Who is asked first
        // The input into which it leads
        uint32_t readLanes{0};        //!< Packets that the input sends
        std::vector<uint32_t> losers; //!< Outputs that wait for a lane of it
        std::map<std::pair<uint32_t, uint32_t>, std::deque<Packet>> queues; //!< (output, VC)
    };

    /** An endpoint's messages to one destination. */
    struct SendQueue
    {
        uint32_t endpoint;             //!< Whose
        uint32_t destination;          //!< For whom
        uint32_t group;                //!< By which ports
        std::deque<uint32_t> messages; //!< In order
        uint64_t inFlight{0};          //!< Bytes in the window
        uint64_t packets{0};           //!< Packets sent
        bool isListed{false};          //!< In its group's list
        bool hasNoWindow{false};       //!< Has stepped out until its window opens
    };

    /** Equal ports of an endpoint. */
    struct Group
    {
        std::vector<uint32_t> links; //!< The ports
        uint8_t vcClass;             //!< On them
        std::deque<uint32_t> list;   //!< Queues in order of service
        uint32_t nextPort{0};        //!< Is asked first
    };

    /** Something that happens. */
    struct Event
    {
        Tick at;                      //!< When
        uint32_t node;                //!< Where
        bool isTied;                  //!< In any order with others; not: before them
        uint64_t tie;                 //!< Order at one time
        uint64_t sequence;            //!< Order of scheduling
        std::function<void()> action; //!< What

        bool operator<(const Event& other) const
        {
            return std::tie(other.at, other.isTied, other.tie, other.sequence) <
                   std::tie(at, isTied, tie, sequence);
        }
    };

    /** Something will happen. */
    void Push(Event event);
    /** @return what happens next, which is no longer to come. */
    Event Pop();

    /** In which turn something happens at one time: docs/model.md, Determinism. */
    enum Turn : uint8_t
    {
        SEND,      //!< Messages are handed over
        ARRIVAL,   //!< Packets come in, by link
        TIME,      //!< Overheads and waits are over, windows open
        LANE,      //!< Inputs have a lane free, by link
        LOOK,      //!< Outputs and ports look, by link
        LOOK_ANEW, //!< Outputs look at which somebody has just come
        OFFER      //!< What waits is offered for detours
    };

    /**
     * Let something happen at a node.
     * @param [in] at When.
     * @param [in] node Where.
     * @param [in] turn What of all that happens at that time.
     * @param [in] which Of those of one turn the smaller comes first, then who was scheduled first.
     * @param [in] action What.
     */
    void Schedule(Tick at, uint32_t node, Turn turn, uint32_t which, std::function<void()> action);
    /**
     * Something becomes free: for all that happens at that time, in whatever order. Who waits for
     * it looks in an event of his own. Were that one event, it would hide from who looks before it
     * what is free at the same time.
     */
    void ScheduleFree(Tick at, std::function<void()> change);
    /** Something happens now at a node. */
    void NoteTie(uint32_t node);

    /** @return the node at the near end of a link. */
    uint32_t GetSender(uint32_t link) const
    {
        return m_topology.GetLinks()[link].from;
    }

    /** @return the node at the far end of a link. */
    uint32_t GetReceiver(uint32_t link) const
    {
        return m_topology.GetLinks()[link].to;
    }

    /** A link is to carry a packet: compare with what it should carry. */
    void CompareHop(const Hop& hop);
    /** Compare with what should have begun before a time. */
    void CompareMissing(Tick before);
    /** @return for how long the wire has been carrying without a pause. */
    Tick GetWireTime(const LinkState& link, bool isRounded) const;
    /** Put a packet on a wire, its last bit not before a time. @return when that has left. */
    Tick Transmit(uint32_t link, Packet packet, Tick tailReady);
    /** The last bit of a packet has left. */
    void WireFree(uint32_t link);
    /** Room at the far end can be used from a time on: by all that happens then. */
    void ReturnCredit(Tick at, uint32_t link, uint32_t vc, uint32_t flits);
    /** A wire is free, or credit is there: who has waited for it looks. */
    void LookAgain(uint32_t link);
    /** Credit has come: who sends over the link looks. */
    void CreditBack(uint32_t link);

    /** A switch deals with a packet. */
    void Arrive(uint32_t link, Packet packet);
    /** @return where a packet waits at its input. */
    std::deque<Packet>& GetQueue(uint32_t in, Packet packet);
    /** @return the packets that lead their queues and want an output, in order of asking. */
    std::vector<std::pair<Requester, Packet>> GetRequests(uint32_t out) const;
    /** @return when an output can accept a packet; NEVER: an event will tell. */
    Tick GetAcceptTime(uint32_t out, Packet packet) const;
    /** An output passes all packets that can go; an input may have given it the turn. */
    void Look(uint32_t out, uint32_t onBehalfOf);
    /** Pass one packet. @return whether one could go. */
    bool Grant(uint32_t out, uint32_t onBehalfOf);
    /** An input has read a packet to its end. */
    void LaneFree(uint32_t in);

    /** A packet is in whole at an endpoint. */
    void Deliver(uint32_t link, Packet packet);
    /** A message joins its queue. */
    void Enqueue(uint32_t message);
    /** A queue joins its group's list, if it may. */
    void List(uint32_t queue);
    /** The ports of a group look for packets. */
    void ServeGroup(uint32_t group);
    /**
     * A port looks for a packet of a group; for a detour, if it is given its peer.
     * @return whether it has sent one.
     */
    bool ServePort(uint32_t group, uint32_t link, std::vector<bool>& lacks, uint32_t via = NOBODY);
    /** A port looks at all that it may send. */
    void LookAtPort(uint32_t link);

    // Detours: reference-detours.cc.

    /** A port of an endpoint that forwards looks for a packet. */
    void ServeDetourPort(uint32_t link);
    /** It sends what it forwards. @return whether there was any that could go. */
    bool SendForwarded(uint32_t link, std::vector<bool>& lacks);
    /** It takes what waits for other ports. */
    void BeginDetour(uint32_t link);
    /** @return whether more waits in a group than its ports send while a detour takes longer. */
    bool IsWorth(uint32_t group, uint32_t link) const;
    /** A packet may be forwarded. */
    void Forward(Packet packet);
    /** What waits in a group is offered to other ports, when all has happened that does now. */
    void Offer(uint32_t group);
    /** @return what is forwarded by a port. */
    ForwardQueue& GetForwards(uint32_t link);
    /** @return whether the window is open for a queue's next packet. */
    bool HasWindow(const SendQueue& queue) const;
    /** A packet was acknowledged. */
    void OpenWindow(uint32_t queue);
    /** @return the hash of a queue's next packet. */
    uint32_t GetFlow(const SendQueue& queue) const;
    /** @return the payload of a queue's next packet. */
    uint64_t GetPayload(const SendQueue& queue) const;
    /** @return the time of an acknowledgement. */
    Tick GetIdleLatency(uint32_t src, uint32_t dst) const;

    /** @return whether a link is in credit stall. */
    bool IsStalled(uint32_t link) const;

    const ns3::MtlinkFabric& m_fabric;                                //!< Graph, routes, links
    const ns3::mtlink::Topology& m_topology;                          //!< The graph
    Spec m_spec;                                                      //!< The rest
    Tick m_now{0};                                                    //!< The time
    uint64_t m_sequence{0};                                           //!< Of the next event
    std::vector<Event> m_events;                                      //!< What will happen, a heap
    std::set<std::pair<Tick, uint32_t>> m_looks;                      //!< Outputs that look again
    std::vector<LinkState> m_links;                                   //!< By id
    std::vector<PacketState> m_packets;                               //!< All there ever were
    std::vector<MessageState> m_messages;                             //!< In order of Send()
    std::vector<SendQueue> m_queues;                                  //!< Of all endpoints
    std::map<std::pair<uint32_t, uint32_t>, uint32_t> m_queueOf;      //!< (src, dst) -> queue
    std::vector<Group> m_groups;                                      //!< Of all endpoints
    std::map<std::vector<uint32_t>, uint32_t> m_groupOf;              //!< Ports -> group
    std::map<uint32_t, std::vector<uint32_t>> m_groupsOfPort;         //!< Link -> groups
    std::vector<Hop> m_hops;                                          //!< All
    std::vector<Tick> m_sent;                                         //!< By message
    std::vector<Tick> m_delivered;                                    //!< By message
    std::vector<Tie> m_ties;                                          //!< See GetTies()
    uint64_t m_nextNumber{0};                                         //!< Of the next message
    bool m_hasDetours{false};                                         //!< Endpoints forward
    std::map<uint32_t, DetourPort> m_detourPorts;                     //!< By link
    std::map<std::pair<uint32_t, uint32_t>, ForwardQueue> m_forwards; //!< By endpoint and target
    std::map<uint32_t, std::vector<uint32_t>> m_groupsOf; //!< Groups by endpoint, as they came
    std::map<uint32_t, uint32_t> m_nextPort;              //!< By endpoint: takes offers first
    std::map<uint32_t, std::vector<uint32_t>> m_offered;  //!< Groups by endpoint

    std::map<uint32_t, uint32_t> m_happened; //!< What happens now, by node
    bool m_follows{false};                   //!< Is compared as it goes
    std::vector<std::deque<Hop>> m_expected; //!< Hops to come, by link
    Tick m_parting{ns3::mtlink::NEVER};      //!< See GetParting()
    uint32_t m_partingNode{NOBODY};          //!< See GetPartingNode()
    std::size_t m_shared{0};                 //!< See GetShared()
};

#endif // MTLINK_REFERENCE_FABRIC_H
