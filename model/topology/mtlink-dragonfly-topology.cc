/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-dragonfly-topology.h"

#include "engine/enum-attribute.h"

#include "ns3/mtlink-error.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(DragonflyTopology);

TypeId
DragonflyTopology::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::DragonflyTopology")
            .SetParent<TopologyBuilder>()
            .SetGroupName("Mtlink")
            .AddConstructor<DragonflyTopology>()
            .AddAttribute("P",
                          "Endpoints per switch (assumed: 2, the 72-endpoint example of Kim et al. "
                          "2008).",
                          UintegerValue(2),
                          MakeUintegerAccessor(&DragonflyTopology::m_p),
                          MakeUintegerChecker<uint32_t>(1, 4096))
            .AddAttribute("A",
                          "Switches per group, each joined to every other by one local link "
                          "(assumed: 4, as P).",
                          UintegerValue(4),
                          MakeUintegerAccessor(&DragonflyTopology::m_a),
                          MakeUintegerChecker<uint32_t>(1, 4096))
            .AddAttribute("H",
                          "Global links per switch (assumed: 2, as P).",
                          UintegerValue(2),
                          MakeUintegerAccessor(&DragonflyTopology::m_h),
                          MakeUintegerChecker<uint32_t>(0, 4096))
            .AddAttribute("Groups",
                          "Number of groups, at most a h + 1; 0: a h + 1, one global link between "
                          "any two groups (the user's design).",
                          UintegerValue(0),
                          MakeUintegerAccessor(&DragonflyTopology::m_groups),
                          MakeUintegerChecker<uint32_t>(0, 65536))
            .AddAttribute("Wiring",
                          "Which global port goes to which group: palmtree, absolute or circulant "
                          "(assumed: palmtree).",
                          EnumValue(PALMTREE),
                          EnumAccessor<Wiring>(&DragonflyTopology::m_wiring),
                          MakeEnumChecker(PALMTREE,
                                          "palmtree",
                                          ABSOLUTE,
                                          "absolute",
                                          CIRCULANT,
                                          "circulant"));
    return tid;
}

uint32_t
DragonflyTopology::GetGroups() const
{
    const uint32_t most = m_a * m_h + 1;
    if (m_groups > most)
    {
        throw ParameterError("groups",
                             std::to_string(m_groups) +
                                 " groups, but the a*h = " + std::to_string(most - 1) +
                                 " global links of a group reach only as many others: at most " +
                                 std::to_string(most));
    }
    return m_groups == 0 ? most : m_groups;
}

uint32_t
DragonflyTopology::GetCapacity() const
{
    const double endpoints = static_cast<double>(GetGroups()) * m_a * m_p;
    CheckSize("a", endpoints, 0);
    return static_cast<uint32_t>(endpoints);
}

std::vector<std::string>
DragonflyTopology::GetLinkClassNames() const
{
    return {"endpoint", "local", "global"};
}

DragonflyTopology::GlobalPort
DragonflyTopology::GetPeer(const GlobalPort& from) const
{
    const uint32_t g = GetGroups();
    const uint32_t n = g - 1;
    if (n == 0)
    {
        return from;
    }
    const uint32_t ports = m_a * m_h;
    const uint32_t i = from.group;
    const uint32_t q = from.port % n;
    const uint32_t round = from.port - q;
    const uint32_t inRound = std::min(n, ports - round);
    if (inRound < n || m_wiring == CIRCULANT)
    {
        const uint32_t offset = q / 2 + 1;
        if (q % 2 == 1)
        {
            return {(i + g - offset) % g, from.port - 1};
        }
        if (q + 1 < inRound)
        {
            return {(i + offset) % g, from.port + 1};
        }
        // The odd one out: half-way round, where both ends see the same offset.
        return g % 2 == 0 ? GlobalPort{(i + g / 2) % g, from.port} : from;
    }
    if (m_wiring == ABSOLUTE)
    {
        const uint32_t j = q < i ? q : q + 1;
        return {j, round + (i < j ? i : i - 1)};
    }
    return {(i + g - q - 1) % g, round + n - 1 - q};
}

void
DragonflyTopology::Attach(Topology& topology,
                          const std::vector<uint32_t>& endpoints,
                          const std::string& path,
                          uint32_t tier) const
{
    const uint32_t groups = GetGroups();
    CheckEndpoints(endpoints.size());
    const double switches = static_cast<double>(groups) * m_a;
    CheckSize("a", switches, switches * (m_a + m_h) / 2);

    topology.OpenDomain({this, GetScope(), tier, path, endpoints});
    const uint32_t endpointClass = topology.AddLinkClass({GetScope(), "endpoint", {}});
    const uint32_t localClass = topology.AddLinkClass({GetScope(), "local", {}});
    const uint32_t globalClass = topology.AddLinkClass({GetScope(), "global", {}});

    uint32_t first = 0;
    for (uint32_t i = 0; i < groups * m_a; ++i)
    {
        const uint32_t node = topology.AddSwitch(path + "group" + std::to_string(i / m_a) +
                                                 "/switch" + std::to_string(i % m_a));
        first = i == 0 ? node : first;
    }
    for (uint32_t e = 0; e < endpoints.size(); ++e)
    {
        topology.AddCable(endpoints[e], first + e / m_p, endpointClass);
    }
    for (uint32_t group = 0; group < groups; ++group)
    {
        for (uint32_t i = 0; i < m_a; ++i)
        {
            for (uint32_t j = i + 1; j < m_a; ++j)
            {
                topology.AddCable(first + group * m_a + i, first + group * m_a + j, localClass);
            }
        }
    }
    for (uint32_t group = 0; group < groups; ++group)
    {
        for (uint32_t port = 0; port < m_a * m_h; ++port)
        {
            const GlobalPort peer = GetPeer({group, port});
            if (peer.group > group)
            {
                topology.AddCable(first + group * m_a + port / m_h,
                                  first + peer.group * m_a + peer.port / m_h,
                                  globalClass);
            }
        }
    }
}

} // namespace mtlink
} // namespace ns3
