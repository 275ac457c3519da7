/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/group-contexts.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <string>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return whether a switch of a tree combines what comes from several. */
bool
Combines(const GroupTree::Node& node)
{
    return node.children.size() > 1;
}

} // namespace

uint32_t
GroupContexts::GetUsable(const GroupTree::Node& node) const
{
    const LinkProfile& wire = *m_links.GetSpec(node.children[0].link).profile;
    return m_chip(node.node)->GetUsableContexts(uint64_t{wire.GetFlits(m_packet)} * wire.GetFlit());
}

uint32_t
GroupContexts::GetWindow(const GroupTree& tree, const std::map<uint32_t, uint32_t>& trees)
{
    uint32_t window = UINT32_MAX;
    for (const GroupTree::Node& node : tree.nodes)
    {
        if (!Combines(node))
        {
            continue;
        }
        const uint32_t usable = GetUsable(node);
        const uint32_t sharing = trees.at(node.node);
        m_free.try_emplace(node.node, usable);
        if (usable < sharing)
        {
            throw ParameterError("algorithm",
                                 "in_network has " + std::to_string(sharing) + " trees in " +
                                     m_topology.GetName(node.node) + ", which has " +
                                     std::to_string(usable) +
                                     " reduction contexts: fewer channels, or larger "
                                     "switch.reduction_contexts or reduction_memory");
        }
        window =
            std::min({window, m_chip(node.node)->GetReductionGroupContexts(), usable / sharing});
    }
    return window;
}

bool
GroupContexts::Admit(std::span<const GroupTree> trees,
                     std::vector<uint32_t>& windows,
                     ContextClaim& claim)
{
    // A chip's contexts are shared by the group's trees that combine there.
    std::map<uint32_t, uint32_t> sharing;
    for (const GroupTree& tree : trees)
    {
        for (const GroupTree::Node& node : tree.nodes)
        {
            sharing[node.node] += Combines(node) ? 1 : 0;
        }
    }
    std::map<uint32_t, uint32_t> contexts;
    for (const GroupTree& tree : trees)
    {
        windows.push_back(GetWindow(tree, sharing));
        for (const GroupTree::Node& node : tree.nodes)
        {
            if (Combines(node))
            {
                contexts[node.node] += windows.back();
                claim.keeps = m_chip(node.node)->GetReductionOverflow() == SwitchProfile::FALL_BACK;
            }
        }
    }
    claim.contexts.assign(contexts.begin(), contexts.end());
    if (claim.keeps)
    {
        if (!HasRoom(claim))
        {
            return false;
        }
        Take(claim);
    }
    return true;
}

bool
GroupContexts::HasRoom(const ContextClaim& claim) const
{
    return std::all_of(claim.contexts.begin(), claim.contexts.end(), [this](const auto& need) {
        return m_free.at(need.first) >= need.second;
    });
}

void
GroupContexts::Take(ContextClaim& claim)
{
    claim.holds = true;
    for (const auto& [node, count] : claim.contexts)
    {
        m_free.at(node) -= count;
    }
}

void
GroupContexts::GiveBack(ContextClaim& claim)
{
    claim.holds = false;
    for (const auto& [node, count] : claim.contexts)
    {
        m_free.at(node) += count;
    }
}

} // namespace mtlink
} // namespace ns3
