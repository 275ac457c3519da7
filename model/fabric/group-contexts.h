/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_GROUP_CONTEXTS_H
#define MTLINK_GROUP_CONTEXTS_H

#include "link/links.h"
#include "routing/group-tree.h"

#include "ns3/mtlink-switch-profile.h"
#include "ns3/mtlink-topology.h"

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

/** @ingroup mtlink Gives the parameters of a switch, by its node. */
using ChipFunction = std::function<Ptr<const SwitchProfile>(uint32_t)>;

/**
 * @ingroup mtlink
 * The reduction contexts of one group, all its trees: (switch, contexts there).
 */
struct ContextClaim
{
    std::vector<std::pair<uint32_t, uint32_t>> contexts; //!< What it needs
    bool holds{false};                                   //!< Has them
    bool keeps{false};                                   //!< ... for ever
};

/**
 * @ingroup mtlink
 * The reduction contexts of all switches, and who holds them. A group has all of its contexts at
 * once, or none of them.
 */
class GroupContexts
{
  public:
    /**
     * @param [in] topology The graph; must outlive this, as the links.
     * @param [in] links The links.
     * @param [in] chip Parameters of switches.
     * @param [in] packet Largest payload, bytes.
     */
    GroupContexts(const Topology& topology, const Links& links, ChipFunction chip, uint32_t packet)
        : m_topology(topology),
          m_links(links),
          m_chip(std::move(chip)),
          m_packet(packet)
    {
    }

    /**
     * Find what a new group needs. Where it is to keep it for ever, it gets it now.
     * @param [in] trees Its trees.
     * @param [out] windows By tree: packets that a member may have under way.
     * @param [out] claim What it needs.
     * @return whether there is room for what it would keep.
     * @throws ParameterError for more trees than a switch has contexts.
     */
    bool Admit(std::span<const GroupTree> trees,
               std::vector<uint32_t>& windows,
               ContextClaim& claim);

    /** @return whether a group can have its contexts now. @param [in] claim The group's. */
    bool HasRoom(const ContextClaim& claim) const;

    /** A group takes its contexts. @param [in,out] claim The group's; HasRoom() holds. */
    void Take(ContextClaim& claim);

    /** A group gives its contexts back. @param [in,out] claim The group's. */
    void GiveBack(ContextClaim& claim);

  private:
    /** @return contexts for packets of these links that a switch of a tree has. */
    uint32_t GetUsable(const GroupTree::Node& node) const;

    /**
     * @param [in] tree A tree of a new group.
     * @param [in] trees Trees of the group that combine in a switch, by switch.
     * @return packets that a member may have under way on the tree.
     */
    uint32_t GetWindow(const GroupTree& tree, const std::map<uint32_t, uint32_t>& trees);

    const Topology& m_topology;          //!< The graph
    const Links& m_links;                //!< The links
    ChipFunction m_chip;                 //!< Parameters of switches
    uint32_t m_packet;                   //!< Largest payload
    std::map<uint32_t, uint32_t> m_free; //!< Contexts left, by switch
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_GROUP_CONTEXTS_H
