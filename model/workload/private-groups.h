/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PRIVATE_GROUPS_H
#define MTLINK_PRIVATE_GROUPS_H

#include "workload/operation-graph.h"

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Finds, before a run, the groups whose collectives have links of their own: no message of anything
 * else in any workload may take one of them, whatever its hash, and the group's collectives follow
 * one another, as dependencies say, each member's next after somebody's last. Members are alike if
 * they are in the same order.
 *
 * Where a group's ways are too many to be looked at, or the network reduces for somebody, nobody is
 * private.
 */
class PrivateGroups
{
  public:
    /** Nodes on ways that are looked at, over all groups: some seconds. */
    static constexpr uint64_t MOST_STEPS = 20'000'000;

    /**
     * Visits all links that a message may take; gives the number of nodes that it looked at.
     * Called with sources, a destination, and what to do with each link.
     */
    using LinkWalk = std::function<
        uint64_t(std::span<const uint32_t>, uint32_t, const std::function<void(uint32_t)>&)>;

    /**
     * @param [in] links Links of the fabric.
     * @param [in] walk Knows the ways.
     */
    PrivateGroups(uint32_t links, LinkWalk walk);

    /**
     * Look at a workload; all of them before anything is asked.
     * @param [in] graph Its graph.
     * @param [in] endpoints Endpoint of each rank.
     * @param [in] takesReductions Whether reductions take time, so that those of one rank may wait
     *             for one another.
     */
    void Add(const OperationGraph& graph,
             const std::vector<uint32_t>& endpoints,
             bool takesReductions);

    /**
     * @param [in] workload In the order of Add().
     * @param [in] unfolding Of its graph.
     * @return the group whose collective it is.
     */
    uint32_t GetGroup(uint32_t workload, uint32_t unfolding) const
    {
        return m_groupOf[workload][unfolding];
    }

    /** @return whether a group is private. @param [in] group The group. */
    bool IsPrivate(uint32_t group) const
    {
        return !m_isUnknown && m_groups[group].isPrivate;
    }

    /** @return endpoints of a group's members. @param [in] group The group. */
    const std::vector<uint32_t>& GetMembers(uint32_t group) const
    {
        return m_groups[group].members;
    }

    /** @return the number of groups, private or not. */
    uint32_t GetSize() const
    {
        return static_cast<uint32_t>(m_groups.size());
    }

  private:
    static constexpr uint32_t NOBODY = NONE;     //!< No owner
    static constexpr uint32_t OTHERS = NONE - 1; //!< Several groups, or none

    /** A group. */
    struct Group
    {
        std::vector<uint32_t> members; //!< Endpoints
        bool isPrivate{true};          //!< As far as is known
    };

    /** Find a workload's groups. */
    void FindGroups(const OperationGraph& graph, const std::vector<uint32_t>& endpoints);

    /** All links from one of these endpoints to another are used by somebody. */
    void Use(std::span<const uint32_t> sources, uint32_t destination, uint32_t owner);

    /** A group is not private. */
    void Publish(uint32_t group)
    {
        if (group < OTHERS)
        {
            m_groups[group].isPrivate = false;
        }
    }

    /** Find the groups whose collectives do not follow one another. */
    void CheckOrder(const OperationGraph& graph, uint32_t workload);

    LinkWalk m_walk;                              //!< Knows the ways
    std::vector<Group> m_groups;                  //!< Of all workloads
    std::vector<std::vector<uint32_t>> m_groupOf; //!< By workload and unfolding
    std::vector<uint32_t> m_owners;               //!< By link
    std::vector<uint32_t> m_groupOfEndpoint;      //!< The first of it, or NOBODY
    uint64_t m_steps{0};                          //!< Nodes looked at
    bool m_isUnknown{false};                      //!< Nobody is private
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PRIVATE_GROUPS_H
