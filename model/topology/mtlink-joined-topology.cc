/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-joined-topology.h"

#include "ns3/mtlink-error.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <tuple>

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(JoinedTopology);

TypeId
JoinedTopology::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::JoinedTopology")
            .SetParent<TopologyBuilder>()
            .SetGroupName("Mtlink")
            .AddConstructor<JoinedTopology>()
            .AddAttribute("Gateways",
                          "Number of endpoints of either fabric that are attached to the gateway, "
                          "and relay for the others; 0: all (the user's design).",
                          UintegerValue(0),
                          MakeUintegerAccessor(&JoinedTopology::m_gateways),
                          MakeUintegerChecker<uint32_t>(0, 1048576));
    return tid;
}

const TopologyBuilder&
JoinedTopology::GetChild(const Ptr<TopologyBuilder>& child, const char* name)
{
    if (!child)
    {
        throw ParameterError(name,
                             "joined needs two fabrics and what joins them: first: {...}, "
                             "second: {...}, gateway: {...}");
    }
    return *child;
}

uint32_t
JoinedTopology::CountEndpoints(const Ptr<TopologyBuilder>& child, const char* name)
{
    const uint32_t endpoints = GetChild(child, name).GetCapacity();
    if (endpoints == 0)
    {
        throw ParameterError(name,
                             "this fabric takes any number of endpoints: say how many it has");
    }
    return endpoints;
}

uint32_t
JoinedTopology::GetCapacity() const
{
    const uint32_t first = CountEndpoints(m_first, "first");
    const uint32_t second = CountEndpoints(m_second, "second");
    const uint32_t fewest = std::min(first, second);
    if (m_gateways > fewest)
    {
        throw ParameterError("gateways",
                             std::to_string(m_gateways) + " gateways, but one of the fabrics has " +
                                 std::to_string(fewest) + " endpoints: give no more");
    }
    const uint32_t places = GetChild(m_gateway, "gateway").GetCapacity();
    const double attached = m_gateways > 0 ? 2.0 * m_gateways : static_cast<double>(first) + second;
    if (places > 0 && attached > places)
    {
        throw ParameterError("gateway",
                             std::to_string(static_cast<uint64_t>(attached)) +
                                 " endpoints are to be attached to the gateway, which has room "
                                 "for " +
                                 std::to_string(places) + ": give fewer 'gateways', or more room");
    }
    CheckSize("kind", static_cast<double>(first) + second, 0);
    return first + second;
}

std::vector<std::string>
JoinedTopology::GetLinkClassNames() const
{
    return {};
}

uint32_t
JoinedTopology::GetTiers() const
{
    return std::max(GetChild(m_first, "first").GetTiers(),
                    GetChild(m_second, "second").GetTiers()) +
           GetChild(m_gateway, "gateway").GetTiers();
}

std::vector<std::string>
JoinedTopology::GetChildNames() const
{
    return {"first", "second", "gateway"};
}

void
JoinedTopology::SetChild(const std::string& name, Ptr<TopologyBuilder> child)
{
    if (name == "first")
    {
        m_first = child;
    }
    else if (name == "second")
    {
        m_second = child;
    }
    else if (name == "gateway")
    {
        m_gateway = child;
    }
    else
    {
        throw ParameterError(name, "joined nests three fabrics, first, second and gateway");
    }
}

void
JoinedTopology::Attach(Topology& topology,
                       const std::vector<uint32_t>& endpoints,
                       const std::string& path,
                       uint32_t tier) const
{
    CheckEndpoints(endpoints.size());
    const std::size_t border =
        std::min<std::size_t>(CountEndpoints(m_first, "first"), endpoints.size());
    const auto middle = endpoints.begin() + static_cast<std::ptrdiff_t>(border);
    std::vector<uint32_t> attached;
    for (const auto& [child, name, part] :
         {std::tuple(m_first, "first", std::vector<uint32_t>(endpoints.begin(), middle)),
          std::tuple(m_second, "second", std::vector<uint32_t>(middle, endpoints.end()))})
    {
        if (part.empty())
        {
            continue;
        }
        child->Attach(topology, part, path + name + "/", tier);
        const std::size_t count =
            m_gateways > 0 ? std::min<std::size_t>(m_gateways, part.size()) : part.size();
        for (std::size_t i = 0; i < count; ++i)
        {
            attached.push_back(part[i * part.size() / count]);
        }
    }
    const uint32_t above = std::max(m_first->GetTiers(), m_second->GetTiers());
    m_gateway->Attach(topology, attached, path + "gateway/", tier + above);
}

} // namespace mtlink
} // namespace ns3
