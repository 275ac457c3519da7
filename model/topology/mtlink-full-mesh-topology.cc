/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-full-mesh-topology.h"

#include "ns3/uinteger.h"

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(FullMeshTopology);

TypeId
FullMeshTopology::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::FullMeshTopology")
            .SetParent<TopologyBuilder>()
            .SetGroupName("Mtlink")
            .AddConstructor<FullMeshTopology>()
            .AddAttribute("Endpoints",
                          "Number of endpoints, each wired to every other; 0: as many as the "
                          "fabric around it attaches (the user's design).",
                          UintegerValue(0),
                          MakeUintegerAccessor(&FullMeshTopology::m_endpoints),
                          MakeUintegerChecker<uint32_t>(0, 8192))
            .AddAttribute("LinksPerPair",
                          "Number of links, each way, between two endpoints (assumed: 1).",
                          UintegerValue(1),
                          MakeUintegerAccessor(&FullMeshTopology::m_linksPerPair),
                          MakeUintegerChecker<uint32_t>(1, 1024));
    return tid;
}

uint32_t
FullMeshTopology::GetCapacity() const
{
    return m_endpoints;
}

std::vector<std::string>
FullMeshTopology::GetLinkClassNames() const
{
    return {"peer"};
}

void
FullMeshTopology::Attach(Topology& topology,
                         const std::vector<uint32_t>& endpoints,
                         const std::string& path,
                         uint32_t tier) const
{
    CheckEndpoints(endpoints.size());
    const auto n = static_cast<double>(endpoints.size());
    CheckSize("endpoints", n, n * (n - 1) / 2 * m_linksPerPair);
    topology.OpenDomain({this, GetScope(), tier, path, endpoints});
    const uint32_t cls = topology.AddLinkClass({GetScope(), "peer", {}});
    for (size_t i = 0; i < endpoints.size(); ++i)
    {
        for (size_t j = i + 1; j < endpoints.size(); ++j)
        {
            for (uint32_t k = 0; k < m_linksPerPair; ++k)
            {
                topology.AddCable(endpoints[i], endpoints[j], cls);
            }
        }
    }
}

} // namespace mtlink
} // namespace ns3
