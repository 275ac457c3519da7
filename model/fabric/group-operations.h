/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_GROUP_OPERATIONS_H
#define MTLINK_GROUP_OPERATIONS_H

#include "endpoint/endpoints.h"
#include "engine/due-list.h"
#include "engine/event-channel.h"
#include "fabric/group-contexts.h"
#include "fabric/group-trees.h"

#include "ns3/mtlink-transport.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Operations of groups of endpoints for which the network reduces and copies; their trees are
 * those of GroupTrees, their contexts of GroupContexts.
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
    /** @param [in] parts The fabric. */
    explicit GroupOperations(const GroupFabric& parts);

    /** @copydoc Transport::OpenGroup() */
    uint32_t OpenGroup(IndexSpan members,
                       uint32_t channels,
                       bool reduces,
                       bool copies,
                       uint8_t trafficClass)
    {
        return m_groups.Open(members, channels, reduces, copies, trafficClass);
    }

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
     * Time of an operation of a group that is to be opened, alone on the fabric, contexts and
     * windows included: the time above, or as many rounds of what a member may have under way as
     * its bytes are, whichever is more.
     * @param [in] members The group's, as for OpenGroup().
     * @param [in] channels Likewise.
     * @param [in] message The operation; its group is not looked at.
     * @return the time, ps; nothing where OpenGroup() would refuse it, or has no room.
     */
    std::optional<Tick> EstimateTime(std::span<const uint32_t> members,
                                     uint32_t channels,
                                     const GroupMessage& message) const;

    /**
     * @param [in] group A group.
     * @return links that a packet of it crosses, up and down, on one of its trees.
     */
    uint32_t GetLinks(uint32_t group) const;

    /** @copydoc EventHandler::OnEvent(). Members' overheads are over. */
    void OnEvent(uint64_t word) override;
    void MessageSent(uint64_t cookie) override;
    void MessageDelivered(uint64_t cookie) override;
    void MessageLost(uint64_t cookie) override;
    uint32_t GetEndpoint(const Packet& packet) const override;
    void ArriveFromGroup(uint64_t cookie, const Packet& packet) override;

  private:
    /** A member joins an operation. */
    void Join(uint32_t number);

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

    /** @return whether an operation combines. */
    static bool Reduces(const GroupMessage& message)
    {
        return message.action != GroupAction::MULTICAST;
    }

    /** @return the time of what a tree carries, see GetIdleTime(). */
    Tick GetTreeTime(const NetworkTree& tree, const GroupMessage& message, uint64_t bytes) const;

    /** @return the parts of an operation, by the trees that have one. */
    std::vector<Part> Cut(const NetworkGroup& group, uint64_t bytes, uint32_t first) const;

    /** Start the operations that wait and can. */
    void ServeWaiting();

    /** An operation's members are ready, and it has contexts. */
    void Start(uint32_t number);

    /** Those members send who do, what one tree of an operation carries. */
    void SendPart(uint32_t number, NetworkTree& tree, Part& part);

    /** @return the idle latency from one endpoint to another, or to itself. */
    Tick GetLatency(uint32_t from, uint32_t to);

    /** @return whether an operation can start: nobody before it waits for a switch of its group. */
    bool CanStart(const ContextClaim& claim, const std::set<uint32_t>& claimed) const;

    /** A packet of a part has come to a member: where that answers for it, who sent it hears. */
    void Acknowledge(const Operation& operation, Part& part, uint32_t member);

    /** A result or a sent message has come. */
    void Finish(uint32_t number);

    GroupFabric m_parts;                                       //!< The fabric
    EventClock m_clock;                                        //!< The clock
    EventChannel m_events{m_clock, *this, EventPhase::ARRIVE}; //!< Members join
    DueList m_joining;                                         //!< Operations, a place each
    GroupContexts m_contexts;                                  //!< Reduction contexts of switches
    GroupTrees m_groups;                                       //!< Groups
    std::vector<Operation> m_operations;                       //!< Operations, and free ones
    uint32_t m_freeOperation{UINT32_MAX};                      //!< First free one
    std::unordered_map<uint64_t, Tick> m_latencies;            //!< Idle latencies, by both ends
    std::deque<uint32_t> m_waiting; //!< Operations that wait for contexts
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_GROUP_OPERATIONS_H
