/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-topology.h"

#include "ns3/assert.h"

#include <utility>

namespace ns3
{
namespace mtlink
{

uint32_t
Topology::AddEndpoint(const std::string& name)
{
    NS_ASSERT_MSG(GetSwitches() == 0, "endpoints come before the first switch");
    m_names.push_back(name);
    m_out.emplace_back();
    return m_endpoints++;
}

uint32_t
Topology::AddSwitch(const std::string& name)
{
    NS_ASSERT_MSG(!m_domains.empty(), "a switch belongs to a domain");
    const uint32_t node = GetNodes();
    m_names.push_back(name);
    m_out.emplace_back();
    Domain& domain = m_domains.back();
    if (domain.switches == 0)
    {
        domain.firstSwitch = node;
    }
    ++domain.switches;
    m_switchDomain.push_back(static_cast<uint32_t>(m_domains.size() - 1));
    return node;
}

uint32_t
Topology::OpenDomain(const Domain& domain)
{
    m_domains.push_back(domain);
    m_domains.back().firstSwitch = GetNodes();
    m_domains.back().switches = 0;
    return static_cast<uint32_t>(m_domains.size() - 1);
}

uint32_t
Topology::AddLinkClass(const LinkClass& cls)
{
    for (uint32_t i = 0; i < m_classes.size(); ++i)
    {
        const LinkClass& other = m_classes[i];
        if (other.scope == cls.scope && other.name == cls.name && other.overrides == cls.overrides)
        {
            return i;
        }
    }
    m_classes.push_back(cls);
    return static_cast<uint32_t>(m_classes.size() - 1);
}

uint32_t
Topology::AddCable(uint32_t a, uint32_t b, uint32_t cls)
{
    NS_ASSERT_MSG(a < GetNodes() && b < GetNodes() && a != b, "a cable joins two nodes");
    NS_ASSERT_MSG(cls < m_classes.size() && !m_domains.empty(), "no such class, or no domain");
    const auto id = static_cast<uint32_t>(m_links.size());
    const auto domain = static_cast<uint32_t>(m_domains.size() - 1);
    const auto portA = static_cast<uint32_t>(m_out[a].size());
    const auto portB = static_cast<uint32_t>(m_out[b].size());
    m_links.push_back({a, b, portA, portB, cls, domain});
    m_links.push_back({b, a, portB, portA, cls, domain});
    m_out[a].push_back(id);
    m_out[b].push_back(id + 1);
    return id;
}

std::string
Topology::GetLinkName(uint32_t link) const
{
    const Link& l = m_links[link];
    return m_names[l.from] + ":" + std::to_string(l.fromPort);
}

} // namespace mtlink
} // namespace ns3
