/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/fat-tree-routing.h"

#include "routing/domain-links.h"
#include "routing/routing-registry.h"

#include "ns3/assert.h"
#include "ns3/mtlink-fat-tree-topology.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

const Registered<MakeMinimal> REGISTERED(GetMinimalRoutes(),
                                         FatTreeTopology::GetTypeId().GetName(),
                                         MakeRoutes<FatTreeRouting>);

} // namespace

FatTreeRouting::FatTreeRouting(const Topology& topology, uint32_t domain)
    : m_firstSwitch(topology.GetDomains()[domain].firstSwitch),
      m_index(topology.GetDomains()[domain].endpoints)
{
    const Domain& d = topology.GetDomains()[domain];
    const auto* tree = static_cast<const FatTreeTopology*>(d.builder);
    const FatTreeTopology::Shape shape = tree->GetShape();
    const size_t levels = shape.down.size();
    const auto endpoints = static_cast<uint32_t>(d.endpoints.size());
    m_switches.reserve(d.switches);
    uint32_t span = 1;
    uint32_t copies = 1;
    for (size_t l = 0; l < levels; ++l)
    {
        const uint32_t childSpan = span;
        span *= shape.down[l];
        copies *= shape.up[l];
        const uint32_t count = tree->GetCapacity() / span * copies;
        m_levels.push_back({span,
                            childSpan,
                            shape.parallel[l],
                            l + 1 < levels ? shape.up[l + 1] * shape.parallel[l + 1] : 0});
        for (uint32_t i = 0; i < count; ++i)
        {
            const auto links =
                topology.GetOutLinks(m_firstSwitch + static_cast<uint32_t>(m_switches.size()));
            const uint32_t subtree = i / copies;
            // Leaves may be partly filled; above them every child exists.
            const uint32_t children =
                l > 0 ? shape.down[l]
                      : std::min(shape.down[0], endpoints - std::min(endpoints, subtree * span));
            const uint32_t upFirst = children * shape.parallel[l];
            NS_ASSERT_MSG(links.size() == upFirst + m_levels[l].upCount, "a switch has odd links");
            m_switches.push_back({links.data(), subtree, static_cast<uint32_t>(l), upFirst});
        }
    }
    for (const uint32_t endpoint : d.endpoints)
    {
        m_injection.push_back(GetDomainLinks(topology, endpoint, domain));
    }
}

std::string
FatTreeRouting::GetDefinition() const
{
    return "Up/down on a fat tree, minimal: while the destination is not below the switch, every "
           "link up is a candidate; then the one path down, with its parallel links (Leiserson "
           "1985; Öhring, Ibel, Das and Kumar 1995). At the source all its links are candidates. "
           "One VC class; no packet goes up after going down, so dependencies between links "
           "follow the levels and close no cycle.";
}

uint32_t
FatTreeRouting::GetVcClasses() const
{
    return 1;
}

Hops
FatTreeRouting::NextHops(uint32_t node, uint32_t target, uint8_t) const
{
    if (node < m_firstSwitch)
    {
        return {m_injection[m_index[node]], 0};
    }
    const Switch& s = m_switches[node - m_firstSwitch];
    const Level& level = m_levels[s.level];
    const uint32_t below = m_index[target] - s.subtree * level.span; // wraps if to the left of it
    if (below < level.span)
    {
        return {{s.links + below / level.childSpan * level.parallel, level.parallel}, 0};
    }
    return {{s.links + s.upFirst, level.upCount}, 0};
}

bool
FatTreeRouting::IsInjectionUniform(uint32_t) const
{
    return true;
}

bool
FatTreeRouting::AreAlike(uint32_t a, uint32_t b) const
{
    const uint32_t span = m_levels[0].span; // of a leaf
    return m_index[a] / span == m_index[b] / span;
}

} // namespace mtlink
} // namespace ns3
