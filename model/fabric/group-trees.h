/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_GROUP_TREES_H
#define MTLINK_GROUP_TREES_H

#include "endpoint/endpoints.h"
#include "fabric/group-contexts.h"
#include "link/vc-layout.h"
#include "routing/group-tree.h"
#include "switch/multicast.h"
#include "switch/switches.h"

#include "ns3/mtlink-routing.h"
#include "ns3/mtlink-topology.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A group's tree, set up in the switches.
 */
struct NetworkTree
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

/**
 * @ingroup mtlink
 * A group of endpoints for which the network reduces and copies.
 */
struct NetworkGroup
{
    std::vector<uint32_t> members;  //!< Endpoints; none: it was not admitted
    std::vector<uint32_t> key;      //!< What it was asked for
    std::vector<NetworkTree> trees; //!< Its trees
    uint8_t trafficClass{0};        //!< Of its packets
    ContextClaim claim;             //!< Its contexts
    uint32_t active{0};             //!< Operations that have started
    uint32_t next{0};               //!< Tree with which the next operation begins
};

/** @ingroup mtlink What groups must know of the fabric; all must outlive them. */
struct GroupFabric
{
    const Topology& topology; //!< The graph
    const Routing& routing;   //!< The routes
    Links& links;             //!< The links
    Switches& switches;       //!< The chips
    Endpoints& endpoints;     //!< The endpoints
    ChipFunction chip;        //!< Parameters of a switch
    /** VCs of the traffic classes and classes on a link. */
    std::function<VcLayout(uint32_t)> layout;
    /** Idle latency from one endpoint to another. */
    LatencyFunction latency;
    uint32_t packet{0}; //!< Largest payload
    uint64_t window{0}; //!< Of the endpoints, bytes; 0: any number
};

/**
 * @ingroup mtlink
 * All groups, and their trees in the switches: collectors that combine operands on the way up,
 * distributors that copy, and the members' queues into them.
 */
class GroupTrees
{
  public:
    /**
     * @param [in] parts The fabric.
     * @param [in] contexts The reduction contexts; must outlive this.
     */
    GroupTrees(const GroupFabric& parts, GroupContexts& contexts)
        : m_parts(parts),
          m_contexts(contexts),
          m_builder(parts.topology, parts.routing)
    {
    }

    /** @copydoc Transport::OpenGroup() */
    uint32_t Open(std::span<const uint32_t> members,
                  uint32_t channels,
                  bool reduces,
                  bool copies,
                  uint8_t trafficClass);

    /**
     * Find what Open() would give, and leave all as it is.
     * @return the group's trees and windows, not set up in the switches; nothing where Open()
     *         would refuse it, or has no room.
     */
    std::optional<NetworkGroup> Plan(std::span<const uint32_t> members,
                                     uint32_t channels,
                                     bool reduces,
                                     bool copies) const;

    /** @return a group; valid until the next Open(). @param [in] group From Open(). */
    NetworkGroup& operator[](uint32_t group)
    {
        return m_groups[group];
    }

    /** @copydoc operator[]() */
    const NetworkGroup& operator[](uint32_t group) const
    {
        return m_groups[group];
    }

    /**
     * @param [in,out] tree A tree.
     * @param [in] member A member.
     * @return the root's distributor of results to the member, made if need be.
     */
    uint32_t GetWayToMember(NetworkTree& tree, uint32_t member);

    /**
     * @param [in] via Packet::via of a packet that has come in at a member.
     * @return its endpoint, and which member of the group that is.
     */
    std::pair<uint32_t, uint32_t> GetDelivery(uint32_t via) const
    {
        return m_deliveries[via];
    }

  private:
    /**
     * Find the trees of a new group, which builder and contexts remember.
     * @return the group, its trees without what is in the switches; without members: no room.
     */
    NetworkGroup Shape(std::span<const uint32_t> members,
                       uint32_t channels,
                       bool reduces,
                       bool copies,
                       GroupTreeBuilder& builder,
                       GroupContexts& contexts) const;

    /** Check that all switches of a tree can do what it is for. */
    void CheckChips(const GroupTree& tree, bool reduces, bool copies) const;

    /** Set up a tree in the switches, and the queues into it. */
    void Open(const NetworkGroup& group,
              NetworkTree& tree,
              uint32_t turn,
              bool reduces,
              bool copies);

    /** Set up what copies, in all switches of a tree. */
    void OpenDistributors(NetworkTree& tree);

    /** Set up what combines. @return what an operand is at each switch. */
    std::vector<MulticastOutput> OpenCollectors(const NetworkTree& tree);

    GroupFabric m_parts;                                     //!< The fabric
    GroupContexts& m_contexts;                               //!< Reduction contexts
    GroupTreeBuilder m_builder;                              //!< Of trees
    std::vector<NetworkGroup> m_groups;                      //!< Groups
    std::vector<std::pair<uint32_t, uint32_t>> m_deliveries; //!< See GetDelivery()
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_GROUP_TREES_H
