/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-single-switch-topology.h"

#include "ns3/uinteger.h"

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(SingleSwitchTopology);

TypeId
SingleSwitchTopology::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::SingleSwitchTopology")
            .SetParent<TopologyBuilder>()
            .SetGroupName("Mtlink")
            .AddConstructor<SingleSwitchTopology>()
            .AddAttribute("Endpoints",
                          "Number of endpoints, each with one link to the switch; 0: as many as "
                          "the fabric around it attaches (the user's design).",
                          UintegerValue(0),
                          MakeUintegerAccessor(&SingleSwitchTopology::m_endpoints),
                          MakeUintegerChecker<uint32_t>(0, 1048576));
    return tid;
}

uint32_t
SingleSwitchTopology::GetCapacity() const
{
    return m_endpoints;
}

std::vector<std::string>
SingleSwitchTopology::GetLinkClassNames() const
{
    return {"endpoint"};
}

void
SingleSwitchTopology::Attach(Topology& topology,
                             const std::vector<uint32_t>& endpoints,
                             const std::string& path,
                             uint32_t tier) const
{
    CheckEndpoints(endpoints.size());
    topology.OpenDomain({this, GetScope(), tier, path, endpoints});
    const uint32_t cls = topology.AddLinkClass({GetScope(), "endpoint", {}});
    const uint32_t node = topology.AddSwitch(path + "switch");
    for (const uint32_t endpoint : endpoints)
    {
        topology.AddCable(endpoint, node, cls);
    }
}

} // namespace mtlink
} // namespace ns3
