/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/group-idle-time.h"

#include "engine/time-limit.h"

#include "ns3/mtlink-topology.h"

#include <algorithm>
#include <map>
#include <vector>

namespace ns3
{
namespace mtlink
{

GroupIdleTime::GroupIdleTime(const Links& links,
                             const ChipFunction& chip,
                             const GroupTree& tree,
                             uint32_t packet,
                             uint64_t bytes)
    : m_links(links),
      m_chip(chip),
      m_tree(tree),
      m_packet(packet),
      m_packets((bytes + packet - 1) / packet),
      m_last(bytes - (m_packets - 1) * packet)
{
}

Tick
GroupIdleTime::GetTime(GroupAction action, uint32_t root)
{
    const Way way = action == GroupAction::MULTICAST ? GoOut(root) : GoDown(GoUp(), action, root);
    return AddTicks(way.latency, RoundToTicks(m_slowest + way.stored));
}

GroupIdleTime::Way
GroupIdleTime::GetLonger(const Way& a, const Way& b)
{
    return static_cast<long double>(a.latency) + a.stored <
                   static_cast<long double>(b.latency) + b.stored
               ? b
               : a;
}

GroupIdleTime::Way
GroupIdleTime::Cross(Way way, uint32_t link)
{
    const LinkSpec& spec = m_links.GetSpec(link);
    const WireSpeed speed(spec.profile->GetBitRate(),
                          spec.profile->GetFlit(),
                          spec.profile->GetEncoding());
    const long double flit = speed.GetFlitTime();
    m_slowest = std::max(m_slowest, flit * static_cast<long double>(GetFlits(*spec.profile)));
    way.latency = AddTicks(way.latency, ToTicks(spec.profile->GetLatency()));
    way.latency = AddTicks(way.latency, spec.pipeline);
    if (spec.whole && !spec.last)
    {
        const uint64_t first = m_packets > 1 ? m_packet : m_last;
        way.stored += flit * static_cast<long double>(spec.profile->GetFlits(first));
    }
    return way;
}

GroupIdleTime::Way
GroupIdleTime::Combine(Way way, const GroupTree::Node& node)
{
    if (node.children.size() < 2)
    {
        return way;
    }
    const SwitchProfile& chip = *m_chip(node.node);
    way.latency = AddTicks(way.latency, ToTicks(chip.GetReductionLatency()));
    if (chip.GetReductionRate() > 0)
    {
        const LinkProfile& wire = *m_links.GetSpec(node.children[0].link).profile;
        m_slowest = std::max(m_slowest,
                             static_cast<long double>(GetFlits(wire) * wire.GetFlit()) * 1e12L /
                                 chip.GetReductionRate());
    }
    return way;
}

GroupIdleTime::Way
GroupIdleTime::GoOut(uint32_t root)
{
    // From the root's member up, and to each of the others over their nearest common switch.
    std::map<uint32_t, Way> above;
    Way way = Cross({}, m_tree.injection[root]);
    for (uint32_t at = m_tree.leaf[root];; at = m_tree.nodes[at].parent)
    {
        above[at] = way;
        if (m_tree.nodes[at].up == NO_LINK)
        {
            break;
        }
        way = Cross(way, m_tree.nodes[at].up);
    }
    Way end;
    for (uint32_t member = 0; member < m_tree.injection.size(); ++member)
    {
        if (member == root)
        {
            continue;
        }
        std::vector<uint32_t> links{Topology::Reverse(m_tree.injection[member])};
        uint32_t at = m_tree.leaf[member];
        for (; above.count(at) == 0; at = m_tree.nodes[at].parent)
        {
            links.push_back(Topology::Reverse(m_tree.nodes[at].up));
        }
        Way to = above[at];
        for (auto link = links.rbegin(); link != links.rend(); ++link)
        {
            to = Cross(to, *link);
        }
        end = GetLonger(end, to);
    }
    return end;
}

GroupIdleTime::Way
GroupIdleTime::GoUp()
{
    std::vector<Way> up(m_tree.nodes.size());
    for (uint32_t member = 0; member < m_tree.injection.size(); ++member)
    {
        Way& at = up[m_tree.leaf[member]];
        at = GetLonger(at, Cross({}, m_tree.injection[member]));
    }
    for (auto i = static_cast<uint32_t>(m_tree.nodes.size()); i-- > 0;)
    {
        up[i] = Combine(up[i], m_tree.nodes[i]);
        if (i > 0)
        {
            Way& at = up[m_tree.nodes[i].parent];
            at = GetLonger(at, Cross(up[i], m_tree.nodes[i].up));
        }
    }
    return up[0];
}

GroupIdleTime::Way
GroupIdleTime::GoDown(const Way& way, GroupAction action, uint32_t root)
{
    std::vector<Way> down(m_tree.nodes.size());
    down[0] = way;
    Way end;
    for (uint32_t i = 0; i < m_tree.nodes.size(); ++i)
    {
        for (const GroupTree::Child& child : m_tree.nodes[i].children)
        {
            const Way to = Cross(down[i], child.link);
            if (!child.isMember)
            {
                down[child.index] = to;
            }
            else if (action == GroupAction::ALL_REDUCE || child.index == root)
            {
                end = GetLonger(end, to);
            }
        }
    }
    return end;
}

} // namespace mtlink
} // namespace ns3
