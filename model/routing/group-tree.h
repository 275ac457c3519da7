/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_GROUP_TREE_H
#define MTLINK_GROUP_TREE_H

#include "ns3/mtlink-topology.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace ns3
{
namespace mtlink
{

class Routing;

/** No link. */
inline constexpr uint32_t NO_LINK = std::numeric_limits<uint32_t>::max();

/**
 * @ingroup mtlink
 * A tree of switches over the members of a group: operands go up it and are combined, copies go
 * down.
 */
struct GroupTree
{
    /** A link down. */
    struct Child
    {
        uint32_t link;  //!< From the switch to the child
        bool isMember;  //!< The child is a member; else a switch
        uint32_t index; //!< Of the member, or into `nodes`
    };

    /** A switch. */
    struct Node
    {
        uint32_t node;               //!< Its node in the topology
        uint32_t up;                 //!< Link to its parent, or NO_LINK: it is the root
        uint32_t parent;             //!< Its parent, index into `nodes`
        std::vector<Child> children; //!< Links down
    };

    std::vector<Node> nodes;         //!< The root first, parents before their children
    std::vector<uint32_t> injection; //!< By member: its link into the tree
    std::vector<uint32_t> leaf;      //!< By member: its switch, index into `nodes`
};

/**
 * @ingroup mtlink
 * Builds the trees of groups.
 *
 * Definition: of the domains that hold all members, those of the lowest tier are used together,
 * planes above all. In each, a tree's root is one of the lowest switches that have all members
 * below them; from it the tree follows the routing down to each member, and operands go the same
 * cables up. Of the possible roots it takes, for the t-th tree of a group, one whose link into the
 * first member carries the fewest trees so far, of those one with the fewest trees, of those the
 * first from the t-th on. So trees spread over roots and over the links of a member.
 *
 * Domains of one switch, and fat trees, have such roots: every switch above a leaf reaches it by
 * one path down. Other kinds are refused. Why it can't deadlock: packets of a tree go up, turn
 * once and go down, as all packets of these domains do, so no link waits for one that is lower on
 * that way (see docs/model.md).
 */
class GroupTreeBuilder
{
  public:
    /**
     * @param [in] topology The graph; must outlive this, as the routing.
     * @param [in] routing The routes.
     */
    GroupTreeBuilder(const Topology& topology, const Routing& routing);

    /**
     * @param [in] members Endpoints, at least two, each once.
     * @param [in] channels Trees in each domain; 0: as many as the first member's links into it.
     * @return the trees, domain by domain.
     * @throws ParameterError where there is no such tree.
     */
    std::vector<GroupTree> Build(IndexSpan members, uint32_t channels);

  private:
    /**
     * @param [in] members Endpoints.
     * @return the domains of the lowest tier that hold them all.
     */
    std::vector<uint32_t> FindDomains(IndexSpan members) const;

    /**
     * @param [in] domain A domain.
     * @param [in] members Endpoints in it.
     * @return the lowest switches that have all of them below.
     */
    std::vector<uint32_t> FindRoots(uint32_t domain, IndexSpan members) const;

    /**
     * Walk down.
     * @param [in] domain The domain.
     * @param [in] root Where from.
     * @param [in] member Where to.
     * @param [in] turn Which of parallel links to take.
     * @return the links.
     */
    std::vector<uint32_t> GetPath(uint32_t domain,
                                  uint32_t root,
                                  uint32_t member,
                                  uint32_t turn) const;

    const Topology& m_topology;       //!< The graph
    const Routing& m_routing;         //!< The routes
    std::vector<uint32_t> m_rooted;   //!< Trees by root, a switch's node
    std::vector<uint32_t> m_injected; //!< Trees by link to a first member
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_GROUP_TREE_H
