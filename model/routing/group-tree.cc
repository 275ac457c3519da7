/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/group-tree.h"

#include "routing/domain-links.h"
#include "routing/endpoint-index.h"
#include "routing/table-routing.h"

#include "ns3/mtlink-error.h"
#include "ns3/mtlink-fat-tree-topology.h"
#include "ns3/mtlink-routing.h"
#include "ns3/mtlink-single-switch-topology.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <unordered_map>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return the fabric's kind: "dragonfly" of ns3::mtlink::DragonflyTopology. */
std::string
GetKind(const TopologyBuilder& builder)
{
    std::string name = builder.GetInstanceTypeId().GetName();
    name = name.substr(name.rfind(':') + 1);
    name = name.substr(0, name.rfind("Topology"));
    std::string kind;
    for (const char letter : name)
    {
        const bool isUpper = letter >= 'A' && letter <= 'Z';
        kind += isUpper && !kind.empty() ? "_" : "";
        kind += isUpper ? static_cast<char>(letter - 'A' + 'a') : letter;
    }
    return kind;
}

} // namespace

GroupTreeBuilder::GroupTreeBuilder(const Topology& topology, const Routing& routing)
    : m_topology(topology),
      m_routing(routing)
{
}

std::vector<uint32_t>
GroupTreeBuilder::FindDomains(IndexSpan members) const
{
    std::vector<uint32_t> found;
    uint32_t tier = UINT32_MAX;
    const auto& domains = m_topology.GetDomains();
    for (uint32_t domain = 0; domain < domains.size(); ++domain)
    {
        const bool all = std::all_of(members.begin(), members.end(), [&](uint32_t member) {
            return !GetDomainLinks(m_topology, member, domain).empty();
        });
        if (!all || domains[domain].tier > tier)
        {
            continue;
        }
        if (domains[domain].tier < tier)
        {
            found.clear();
            tier = domains[domain].tier;
        }
        found.push_back(domain);
    }
    return found;
}

std::vector<uint32_t>
GroupTreeBuilder::FindRoots(uint32_t domain, IndexSpan members) const
{
    const Domain& d = m_topology.GetDomains()[domain];
    if (dynamic_cast<const TableRouting*>(&m_routing.GetAlgorithm(domain)))
    {
        throw ParameterError("algorithm",
                             "in_network needs routes up and down a tree, which a table of routes "
                             "need not have: take routing.algorithm: auto");
    }
    if (dynamic_cast<const SingleSwitchTopology*>(d.builder))
    {
        return {d.firstSwitch};
    }
    const auto* tree = dynamic_cast<const FatTreeTopology*>(d.builder);
    if (!tree)
    {
        throw ParameterError("algorithm",
                             "in_network needs a tree of switches over its members: a "
                             "single_switch, a fat_tree, or planes of them, not a " +
                                 GetKind(*d.builder));
    }
    const FatTreeTopology::Shape shape = tree->GetShape();
    const EndpointIndex index(d.endpoints);
    uint32_t span = 1;
    uint32_t copies = 1;
    uint32_t first = d.firstSwitch; // of the level
    for (std::size_t level = 0; level < shape.down.size(); ++level)
    {
        span *= shape.down[level];
        copies *= shape.up[level];
        const uint32_t subtree = index[members[0]] / span;
        const bool all = std::all_of(members.begin(), members.end(), [&](uint32_t member) {
            return index[member] / span == subtree;
        });
        if (all)
        {
            std::vector<uint32_t> roots(copies);
            for (uint32_t i = 0; i < copies; ++i)
            {
                roots[i] = first + subtree * copies + i;
            }
            return roots;
        }
        first += tree->GetCapacity() / span * copies;
    }
    return {}; // the top has all below it
}

std::vector<uint32_t>
GroupTreeBuilder::GetPath(uint32_t domain, uint32_t root, uint32_t member, uint32_t turn) const
{
    std::vector<uint32_t> path;
    for (uint32_t node = root; node != member;)
    {
        const Hops hops = m_routing.GetAlgorithm(domain).NextHops(node, member, 0);
        path.push_back(hops.links[turn % hops.links.size()]);
        node = m_topology.GetLinks()[path.back()].to;
    }
    return path;
}

std::vector<GroupTree>
GroupTreeBuilder::Build(IndexSpan members, uint32_t channels)
{
    const std::vector<uint32_t> domains = FindDomains(members);
    if (domains.empty())
    {
        throw ParameterError("algorithm",
                             "in_network needs a tree of switches that all members are attached "
                             "to, and no node, plane or rail holds them all");
    }
    m_rooted.resize(m_topology.GetNodes());
    m_injected.resize(m_topology.GetLinks().size());
    std::vector<GroupTree> trees;
    for (const uint32_t domain : domains)
    {
        const std::vector<uint32_t> roots = FindRoots(domain, members);
        const auto links =
            static_cast<uint32_t>(GetDomainLinks(m_topology, members[0], domain).size());
        const uint32_t count = channels > 0 ? channels : links;
        for (uint32_t t = 0; t < count; ++t)
        {
            // Parallel links take turns from one tree to the next.
            std::tuple<uint32_t, uint32_t, uint32_t> least{UINT32_MAX, 0, 0};
            uint32_t root = 0;
            for (uint32_t i = 0; i < roots.size(); ++i)
            {
                const uint32_t candidate = roots[(t + i) % roots.size()];
                const uint32_t last = GetPath(domain, candidate, members[0], t).back();
                const std::tuple load{m_injected[last], m_rooted[candidate], i};
                if (load < least)
                {
                    least = load;
                    root = candidate;
                }
            }
            ++m_rooted[root];
            ++m_injected[GetPath(domain, root, members[0], t).back()];

            GroupTree tree;
            tree.nodes.push_back({root, NO_LINK, 0, {}});
            std::unordered_map<uint32_t, uint32_t> indexOf{{root, 0}};
            for (uint32_t member = 0; member < members.size(); ++member)
            {
                uint32_t at = 0;
                for (const uint32_t link : GetPath(domain, root, members[member], t))
                {
                    const uint32_t to = m_topology.GetLinks()[link].to;
                    if (m_topology.IsEndpoint(to))
                    {
                        tree.nodes[at].children.push_back({link, true, member});
                        tree.injection.push_back(Topology::Reverse(link));
                        tree.leaf.push_back(at);
                        break;
                    }
                    const auto [entry, isNew] =
                        indexOf.try_emplace(to, static_cast<uint32_t>(tree.nodes.size()));
                    if (isNew)
                    {
                        tree.nodes[at].children.push_back({link, false, entry->second});
                        tree.nodes.push_back({to, Topology::Reverse(link), at, {}});
                    }
                    at = entry->second;
                }
            }
            trees.push_back(std::move(tree));
        }
    }
    return trees;
}

} // namespace mtlink
} // namespace ns3
