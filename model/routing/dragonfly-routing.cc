/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/dragonfly-routing.h"

#include "routing/domain-links.h"
#include "routing/routing-registry.h"

#include "ns3/mtlink-dragonfly-topology.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

const Registered<MakeMinimal> REGISTERED(GetMinimalRoutes(),
                                         DragonflyTopology::GetTypeId().GetName(),
                                         MakeRoutes<DragonflyRouting>);

} // namespace

DragonflyRouting::DragonflyRouting(const Topology& topology, uint32_t domain)
    : m_topology(topology),
      m_firstSwitch(topology.GetDomains()[domain].firstSwitch),
      m_index(topology.GetDomains()[domain].endpoints)
{
    const Domain& d = topology.GetDomains()[domain];
    const auto* dragonfly = static_cast<const DragonflyTopology*>(d.builder);
    m_p = dragonfly->GetP();
    m_a = dragonfly->GetA();
    m_groups = dragonfly->GetGroups();
    for (const uint32_t endpoint : d.endpoints)
    {
        m_injection.push_back(GetDomainLinks(topology, endpoint, domain));
    }

    const auto endpoints = static_cast<uint32_t>(d.endpoints.size());
    const uint32_t switches = m_groups * m_a;
    std::vector<std::vector<uint32_t>> global(static_cast<size_t>(switches) * m_groups);
    for (uint32_t s = 0; s < switches; ++s)
    {
        const auto out = topology.GetOutLinks(m_firstSwitch + s);
        const uint32_t attached = std::min(m_p, endpoints - std::min(endpoints, s * m_p));
        m_links.push_back(out.data());
        m_localFirst.push_back(attached);
        for (const uint32_t link : out.subspan(attached + m_a - 1))
        {
            const uint32_t group = (topology.GetLinks()[link].to - m_firstSwitch) / m_a;
            global[static_cast<size_t>(s) * m_groups + group].push_back(link);
        }
    }
    m_toGroup.reserve(global.size());
    for (uint32_t s = 0; s < switches; ++s)
    {
        const uint32_t base = s / m_a * m_a;
        for (uint32_t group = 0; group < m_groups; ++group)
        {
            const auto& own = global[static_cast<size_t>(s) * m_groups + group];
            const auto first = static_cast<uint32_t>(m_pool.size());
            m_pool.insert(m_pool.end(), own.begin(), own.end());
            for (uint32_t i = 0; own.empty() && group != s / m_a && i < m_a; ++i)
            {
                if (!global[static_cast<size_t>(base + i) * m_groups + group].empty())
                {
                    const uint32_t other = base + i < s ? i : i - 1;
                    m_pool.push_back(m_links[s][m_localFirst[s] + other]);
                }
            }
            const uint8_t vcClass = own.empty() ? 0 : 1;
            m_toGroup.push_back({first, static_cast<uint32_t>(m_pool.size()) - first, vcClass});
        }
    }
}

std::string
DragonflyRouting::GetDefinition() const
{
    return "Minimal on a dragonfly (Kim, Dally, Scott and Abts 2008): at most one local link to a "
           "switch of the source's group that has a global link to the destination's group, that "
           "global link, and one local link to the destination's switch. A switch with own global "
           "links to the group uses only these, all being candidates; otherwise all local links to "
           "switches that have one are candidates. Two VC classes: 0 on the first local link (and "
           "from the endpoint), 1 from the global link on and within the destination's group; "
           "local 0, global 1, local 1 close no cycle.";
}

uint32_t
DragonflyRouting::GetVcClasses() const
{
    return 2;
}

Hops
DragonflyRouting::NextHops(uint32_t node, uint32_t target, uint8_t) const
{
    if (node < m_firstSwitch)
    {
        return {m_injection[m_index[node]], 0};
    }
    const uint32_t s = node - m_firstSwitch;
    const uint32_t endpoint = m_index[target];
    const uint32_t t = endpoint / m_p;
    if (t == s)
    {
        return {{m_links[s] + endpoint % m_p, 1}, 1};
    }
    const uint32_t group = t / m_a;
    return group == s / m_a ? GetLocalHops(node, t) : GetHopsToGroup(node, group);
}

DragonflyRouting::Place
DragonflyRouting::GetPlace(uint32_t node, uint32_t target) const
{
    const uint32_t s = node - m_firstSwitch;
    const uint32_t group = GetSwitchOf(target) / m_a;
    if (group == s / m_a)
    {
        return IN_GROUP;
    }
    return m_toGroup[static_cast<size_t>(s) * m_groups + group].vcClass == 0 ? BEFORE_GLOBAL
                                                                             : AT_GLOBAL;
}

Hops
DragonflyRouting::GetLocalHops(uint32_t node, uint32_t to) const
{
    const uint32_t s = node - m_firstSwitch;
    const uint32_t local = to % m_a - (to < s ? 0 : 1);
    return {{m_links[s] + m_localFirst[s] + local, 1}, 1};
}

Hops
DragonflyRouting::GetHopsToGroup(uint32_t node, uint32_t group) const
{
    const ToGroup& hop = m_toGroup[static_cast<size_t>(node - m_firstSwitch) * m_groups + group];
    return {{m_pool.data() + hop.first, hop.count}, hop.vcClass};
}

bool
DragonflyRouting::IsInjectionUniform(uint32_t) const
{
    return true;
}

bool
DragonflyRouting::AreAlike(uint32_t a, uint32_t b) const
{
    return m_index[a] / m_p == m_index[b] / m_p;
}

} // namespace mtlink
} // namespace ns3
