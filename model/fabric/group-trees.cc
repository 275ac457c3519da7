/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/group-trees.h"

#include "ns3/mtlink-error.h"
#include "ns3/mtlink-transport.h"

#include <algorithm>
#include <set>
#include <string>

namespace ns3
{
namespace mtlink
{

void
GroupTrees::CheckChips(const GroupTree& tree, bool reduces, bool copies) const
{
    for (const GroupTree::Node& node : tree.nodes)
    {
        const SwitchProfile& chip = *m_parts.chip(node.node);
        const auto refuse = [&](const char* key) {
            throw ParameterError("algorithm",
                                 "in_network needs switches with " + std::string(key) +
                                     ": true, and it is false at " +
                                     m_parts.topology.GetName(node.node));
        };
        if (reduces && !chip.HasReduction())
        {
            refuse("reduction");
        }
        if (copies && !chip.HasMulticast())
        {
            refuse("multicast");
        }
    }
}

NetworkGroup
GroupTrees::Shape(std::span<const uint32_t> members,
                  uint32_t channels,
                  bool reduces,
                  bool copies,
                  GroupTreeBuilder& builder,
                  GroupContexts& contexts) const
{
    const std::set<uint32_t> distinct(members.begin(), members.end());
    if (distinct.size() < members.size() || members.size() < 2)
    {
        throw ParameterError("algorithm",
                             "in_network needs two members or more, each on an endpoint of its "
                             "own");
    }
    std::vector<GroupTree> shapes = builder.Build(members, channels);
    for (const GroupTree& shape : shapes)
    {
        CheckChips(shape, reduces, copies);
    }
    NetworkGroup group;
    group.claim.holds = group.claim.keeps = !reduces;
    std::vector<uint32_t> windows;
    if (reduces && !contexts.Admit(shapes, windows, group.claim))
    {
        return group;
    }
    group.members.assign(members.begin(), members.end());
    group.trees.resize(shapes.size());
    for (uint32_t i = 0; i < shapes.size(); ++i)
    {
        group.trees[i].shape = std::move(shapes[i]);
        group.trees[i].window = reduces ? windows[i] : 0;
    }
    return group;
}

uint32_t
GroupTrees::Open(std::span<const uint32_t> members,
                 uint32_t channels,
                 bool reduces,
                 bool copies,
                 uint8_t trafficClass)
{
    std::vector<uint32_t> key(members.begin(), members.end());
    key.insert(key.end(), {channels, reduces ? 1U : 0U, copies ? 1U : 0U, trafficClass});
    const auto known = std::find_if(m_groups.begin(),
                                    m_groups.end(),
                                    [&](const NetworkGroup& group) { return group.key == key; });
    if (known != m_groups.end())
    {
        return known->members.empty() ? NO_GROUP : static_cast<uint32_t>(known - m_groups.begin());
    }
    NetworkGroup group = Shape(members, channels, reduces, copies, m_builder, m_contexts);
    group.key = std::move(key);
    group.trafficClass = trafficClass;
    const bool isAdmitted = !group.members.empty();
    const auto number = static_cast<uint32_t>(m_groups.size());
    group.next = isAdmitted ? static_cast<uint32_t>(number % group.trees.size()) : 0;
    for (uint32_t i = 0; i < group.trees.size(); ++i)
    {
        Open(group, group.trees[i], number + i, reduces, copies);
    }
    m_groups.push_back(std::move(group));
    return isAdmitted ? number : NO_GROUP;
}

std::optional<NetworkGroup>
GroupTrees::Plan(std::span<const uint32_t> members,
                 uint32_t channels,
                 bool reduces,
                 bool copies) const
{
    try
    {
        GroupTreeBuilder builder = m_builder;
        GroupContexts contexts = m_contexts;
        NetworkGroup group = Shape(members, channels, reduces, copies, builder, contexts);
        return group.members.empty() ? std::nullopt : std::optional(std::move(group));
    }
    catch (const ParameterError&)
    {
        return std::nullopt;
    }
}

void
GroupTrees::Open(const NetworkGroup& group,
                 NetworkTree& tree,
                 uint32_t turn,
                 bool reduces,
                 bool copies)
{
    // Groups and trees take turns over the VCs of their traffic class.
    const VcLayout layout = m_parts.layout(tree.shape.injection[0]);
    tree.vc = layout.Choose(group.trafficClass, 0, turn);
    tree.firstDelivery = static_cast<uint32_t>(m_deliveries.size());
    const auto members = static_cast<uint32_t>(group.members.size());
    for (uint32_t member = 0; member < members; ++member)
    {
        m_deliveries.emplace_back(group.members[member], member);
    }
    if (copies)
    {
        OpenDistributors(tree);
    }
    const std::vector<MulticastOutput> in =
        reduces ? OpenCollectors(tree) : std::vector<MulticastOutput>();
    const uint64_t window = m_parts.window / m_parts.packet;
    for (uint32_t member = 0; member < members; ++member)
    {
        const uint32_t leaf = tree.shape.leaf[member];
        TreeQueueSpec queue;
        queue.endpoint = group.members[member];
        queue.link = tree.shape.injection[member];
        queue.vc = layout.Choose(0, 0, turn);
        queue.trafficClass = group.trafficClass;
        queue.window = m_parts.window == 0
                           ? 0
                           : static_cast<uint32_t>(std::clamp<uint64_t>(window, 1, UINT32_MAX));
        if (copies)
        {
            queue.kind = COPY;
            queue.via = tree.distributors[leaf];
            tree.out.push_back(m_parts.endpoints.OpenTreeQueue(queue));
        }
        if (reduces)
        {
            queue.kind = in[leaf].kind;
            queue.via = in[leaf].via;
            queue.window = queue.window == 0 ? tree.window : std::min(queue.window, tree.window);
            tree.up.push_back(m_parts.endpoints.OpenTreeQueue(queue));
        }
    }
}

void
GroupTrees::OpenDistributors(NetworkTree& tree)
{
    // A switch's distributor is named by those of its neighbours, so all are numbered first.
    // Distributors are opened one after another.
    Multicast& multicast = m_parts.switches.GetMulticast();
    const uint32_t first = multicast.GetSize();
    for (const GroupTree::Node& node : tree.shape.nodes)
    {
        std::vector<MulticastOutput> outputs;
        for (const GroupTree::Child& child : node.children)
        {
            const uint32_t via = (child.isMember ? tree.firstDelivery : first) + child.index;
            outputs.push_back({child.link, via, tree.vc, COPY});
        }
        if (node.up != NO_LINK)
        {
            outputs.push_back({node.up, first + node.parent, tree.vc, COPY});
        }
        const uint32_t chip = m_parts.switches.GetGroupParts(node.node).chip;
        tree.distributors.push_back(multicast.OpenDistributor(chip, std::move(outputs)));
    }
}

std::vector<MulticastOutput>
GroupTrees::OpenCollectors(const NetworkTree& tree)
{
    const std::vector<GroupTree::Node>& nodes = tree.shape.nodes;
    std::vector<MulticastOutput> in(nodes.size());
    for (uint32_t i = 0; i < nodes.size(); ++i) // parents come before their children
    {
        const Switches::GroupParts parts = m_parts.switches.GetGroupParts(nodes[i].node);
        MulticastOutput up;
        if (nodes[i].up != NO_LINK)
        {
            up = in[nodes[i].parent];
            up.link = nodes[i].up;
        }
        const auto children = static_cast<uint32_t>(nodes[i].children.size());
        in[i].vc = tree.vc;
        if (children > 1)
        {
            in[i].kind = OPERAND;
            in[i].via = m_parts.switches.GetReductionUnits().OpenCollector(parts.unit,
                                                                           children,
                                                                           tree.window,
                                                                           parts.chip,
                                                                           up);
        }
        else
        {
            in[i].kind = COPY;
            in[i].via = m_parts.switches.GetMulticast().OpenDistributor(parts.chip, {up});
        }
    }
    return in;
}

uint32_t
GroupTrees::GetWayToMember(NetworkTree& tree, uint32_t member)
{
    const auto [entry, isNew] = tree.toMember.try_emplace(member);
    if (isNew)
    {
        Multicast& multicast = m_parts.switches.GetMulticast();
        uint32_t via = tree.firstDelivery + member;
        uint32_t link = Topology::Reverse(tree.shape.injection[member]);
        for (uint32_t at = tree.shape.leaf[member];; at = tree.shape.nodes[at].parent)
        {
            const GroupTree::Node& node = tree.shape.nodes[at];
            via = multicast.OpenDistributor(m_parts.switches.GetGroupParts(node.node).chip,
                                            {{link, via, tree.vc, COPY}});
            if (node.up == NO_LINK)
            {
                break;
            }
            link = Topology::Reverse(node.up);
        }
        entry->second = via;
    }
    return entry->second;
}

} // namespace mtlink
} // namespace ns3
