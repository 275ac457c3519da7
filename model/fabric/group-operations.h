/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_GROUP_OPERATIONS_H
#define MTLINK_GROUP_OPERATIONS_H

#include "endpoint/endpoints.h"
#include "routing/group-tree.h"
#include "switch/switches.h"

#include "ns3/mtlink-switch-profile.h"
#include "ns3/mtlink-transport.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Groups of endpoints for which the network reduces and copies: their trees, contexts and
 * operations.
 *
 * An operation's bytes are cut into packets, which go over the group's trees in turn, beginning
 * with another tree for each operation. It starts when all who send have joined and its group has
 * contexts. A group takes its contexts in all switches of its trees at once, or none of them; those
 * that wait are served first come first served, and none passes one that waits for a switch of
 * both. With `reduction_overflow: wait` it gives them back when its last operation is done, or as
 * soon as another group waits for one of its switches and what it has begun is done; with
 * `fall_back` it keeps them from OpenGroup() on.
 *
 * On each tree a member has at most as many packets under way as its group has contexts in each
 * switch there: so every operand finds one. A packet is answered for: for ALL_REDUCE when its
 * result comes to the member, for REDUCE one idle latency after it is at the root, for MULTICAST
 * one idle latency after all members have it.
 *
 * Why nothing can deadlock here: contexts are held only by operations that all members have
 * joined, whose packets wait for links alone, see GroupTreeBuilder; nobody who holds some waits
 * for more.
 */
class GroupOperations : public EventHandler, public MessageClient, public GroupReceiver
{
  public:
    /** What the trees must know of the fabric. */
    struct Parts
    {
        const Topology& topology; //!< The graph
        const Routing& routing;   //!< The routes
        Links& links;             //!< The links
        Switches& switches;       //!< The chips
        Endpoints& endpoints;     //!< The endpoints
        /** Parameters of a switch, by its node. */
        std::function<Ptr<const SwitchProfile>(uint32_t)> chip;
        /** VCs of the traffic classes and classes on a link. */
        std::function<VcLayout(uint32_t)> layout;
        /** Idle latency from one endpoint to another. */
        LatencyFunction latency;
        uint32_t packet{0}; //!< Largest payload
        uint64_t window{0}; //!< Of the endpoints, bytes; 0: any number
    };

    /** @param [in] parts The fabric; must outlive this. */
    explicit GroupOperations(Parts parts);

    /** @copydoc Transport::OpenGroup() */
    uint32_t OpenGroup(std::span<const uint32_t> members,
                       uint32_t channels,
                       bool reduces,
                       bool copies,
                       uint8_t trafficClass);

    /** @copydoc Transport::OpenGroupMessage() */
    uint32_t OpenGroupMessage(const GroupMessage& message, MessageClient* client, uint64_t cookie);

    /** @copydoc Transport::JoinGroupMessage() */
    void JoinGroupMessage(uint32_t number, uint32_t member);

    /**
     * Time of an operation alone on the fabric, from the last member's first bit out to the last
     * bit in, as far as neither contexts nor a window bound it: the closed form of model.md.
     * @param [in] message The operation.
     * @return the time, to the picosecond where all links have one rate.
     */
    Tick GetIdleTime(const GroupMessage& message) const;

    /**
     * @param [in] group A group.
     * @return links that a packet of it crosses, up and down, on one of its trees.
     */
    uint32_t GetLinks(uint32_t group) const;

    /**
     * @param [in] group A group.
     * @return its members.
     */
    const std::vector<uint32_t>& GetMembers(uint32_t group) const
    {
        return m_groups[group].members;
    }

    /** @return operations that have not got their contexts, for a stalled run. */
    uint64_t GetWaiting() const
    {
        return m_waiting.size();
    }

    void OnEvent(uint64_t word) override;
    void MessageSent(uint64_t cookie) override;
    void MessageDelivered(uint64_t cookie) override;
    void MessageLost(uint64_t cookie) override;
    uint32_t GetEndpoint(const Packet& packet) const override;
    void ArriveFromGroup(uint64_t cookie, const Packet& packet) override;

  private:
    /** A group's tree, set up in the switches. */
    struct Tree
    {
        GroupTree shape;                       //!< Its switches and links
        uint8_t vc{0};                         //!< VC on all its links
        uint32_t window{0};                    //!< Packets that a member may have under way
        std::vector<uint32_t> distributors;    //!< By switch: to all its links
        std::vector<uint32_t> up;              //!< By member: queue of operands
        std::vector<uint32_t> out;             //!< By member: queue of copies
        std::map<uint32_t, uint32_t> toMember; //!< Root's distributor for results to one member
        uint32_t firstDelivery{0};             //!< Packet::via at member 0; the others follow
    };

    /** A group. */
    struct Group
    {
        std::vector<uint32_t> members; //!< Endpoints
        std::vector<uint32_t> key;     //!< What OpenGroup() was asked for
        std::vector<Tree> trees;       //!< Its trees
        uint8_t trafficClass{0};       //!< Of its packets
        /** (switch, contexts there, all trees). */
        std::vector<std::pair<uint32_t, uint32_t>> contexts;
        uint32_t active{0}; //!< Operations that have started
        bool holds{false};  //!< Has its contexts
        bool keeps{false};  //!< ... for ever
        uint32_t next{0};   //!< Tree with which the next operation begins
    };

    /** Of one operation, what one tree carries. */
    struct Part
    {
        uint32_t tree{0};    //!< Which
        uint64_t bytes{0};   //!< How much
        uint32_t reached{0}; //!< MULTICAST: packets that all have
        /** MULTICAST: packets by member. */
        std::vector<uint32_t> packets;
        /** MULTICAST: how many members have each packet, from `reached` on. */
        std::deque<uint32_t> copies;
        std::vector<uint32_t> messages; //!< Messages of those who send
    };

    /** An operation under way. */
    struct Operation
    {
        GroupMessage message;            //!< What
        MessageClient* client{nullptr};  //!< Who hears of it
        uint64_t cookie{0};              //!< The client's word for it
        uint32_t joins{0};               //!< Members that are to join
        uint32_t left{0};                //!< Results and sent messages that are to come
        std::vector<Part> parts;         //!< What its trees carry
        std::vector<uint32_t> toSend;    //!< By member: messages that have not left
        std::vector<uint64_t> toDeliver; //!< By member: bytes that have not come
        uint32_t next{0};                //!< Next free one
    };

    /** Bits of a word for a member. */
    static constexpr uint32_t MEMBER_BITS = 24;

    /** @return whether an operation combines. */
    static bool Reduces(const GroupMessage& message)
    {
        return message.action != GroupAction::MULTICAST;
    }

    /** @return the parts of an operation, by the trees that have one. */
    std::vector<Part> Cut(const Group& group, uint64_t bytes, uint32_t first) const;

    /** Check that all switches of a tree can do what it is for. */
    void CheckChips(const GroupTree& tree, bool reduces, bool copies) const;

    /** Find VC, contexts and window of a new group's trees, and whether there is room. */
    bool Admit(Group& group, bool reduces);

    /** Set up a tree in the switches, and the queues into it. */
    void OpenTree(Group& group, Tree& tree, bool reduces, bool copies);

    /** @return the root's distributor of results to a member. */
    uint32_t GetWayToMember(Tree& tree, uint32_t member);

    /** @return whether a group can have its contexts now. */
    bool HasRoom(const Group& group) const;

    /** Take, or give back, a group's contexts. */
    void Hold(Group& group, bool take);

    /** Start the operations that wait and can. */
    void ServeWaiting();

    /** An operation's members are ready, and it has contexts. */
    void Start(uint32_t number);

    /** @return the idle latency from one endpoint to another, or to itself. */
    Tick GetLatency(uint32_t from, uint32_t to);

    /** A result or a sent message has come. */
    void Finish(uint32_t number);

    Parts m_parts;                                           //!< The fabric
    EventClock m_clock;                                      //!< The clock
    GroupTreeBuilder m_builder;                              //!< Of trees
    std::vector<Group> m_groups;                             //!< Groups
    std::vector<std::pair<uint32_t, uint32_t>> m_deliveries; //!< Packet::via -> endpoint, member
    std::map<uint32_t, uint32_t> m_free;                     //!< Contexts left, by switch
    std::vector<Operation> m_operations;                     //!< Operations, and free ones
    uint32_t m_freeOperation{UINT32_MAX};                    //!< First free one
    std::unordered_map<uint64_t, Tick> m_latencies;          //!< Idle latencies, by both ends
    std::deque<uint32_t> m_waiting;                          //!< Operations that wait for contexts
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_GROUP_OPERATIONS_H
