/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-planes-topology.h"

#include "ns3/mtlink-error.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(PlanesTopology);

TypeId
PlanesTopology::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::PlanesTopology")
            .SetParent<TopologyBuilder>()
            .SetGroupName("Mtlink")
            .AddConstructor<PlanesTopology>()
            .AddAttribute("Endpoints",
                          "Number of endpoints, each attached to every plane; 0: as many as a "
                          "plane takes (the user's design).",
                          UintegerValue(0),
                          MakeUintegerAccessor(&PlanesTopology::m_endpoints),
                          MakeUintegerChecker<uint32_t>(0, 4194304))
            .AddAttribute("Planes",
                          "Number of equal, separate fabrics that every endpoint is attached to "
                          "(assumed: 1).",
                          UintegerValue(1),
                          MakeUintegerAccessor(&PlanesTopology::m_planes),
                          MakeUintegerChecker<uint32_t>(1, 1024));
    return tid;
}

const TopologyBuilder&
PlanesTopology::GetPlane() const
{
    if (!m_plane)
    {
        throw ParameterError("plane", "planes needs the fabric that is repeated: plane: {...}");
    }
    return *m_plane;
}

uint32_t
PlanesTopology::GetCapacity() const
{
    const uint32_t capacity = GetPlane().GetCapacity();
    if (capacity > 0 && m_endpoints > capacity)
    {
        throw ParameterError("endpoints",
                             std::to_string(m_endpoints) + " endpoints, but a plane attaches " +
                                 std::to_string(capacity) + " at most");
    }
    return m_endpoints > 0 ? m_endpoints : capacity;
}

std::vector<std::string>
PlanesTopology::GetLinkClassNames() const
{
    return {};
}

uint32_t
PlanesTopology::GetTiers() const
{
    return GetPlane().GetTiers();
}

std::vector<std::string>
PlanesTopology::GetChildNames() const
{
    return {"plane"};
}

void
PlanesTopology::SetChild(const std::string& name, Ptr<TopologyBuilder> child)
{
    if (name != "plane")
    {
        throw ParameterError(name, "planes nests one fabric, plane");
    }
    m_plane = child;
}

void
PlanesTopology::Attach(Topology& topology,
                       const std::vector<uint32_t>& endpoints,
                       const std::string& path,
                       uint32_t tier) const
{
    CheckEndpoints(endpoints.size());
    for (uint32_t i = 0; i < m_planes; ++i)
    {
        GetPlane().Attach(topology, endpoints, path + "plane" + std::to_string(i) + "/", tier);
    }
}

} // namespace mtlink
} // namespace ns3
