/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-routing-profile.h"

#include "ns3/mtlink-enum-attribute.h"

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(RoutingProfile);

TypeId
RoutingProfile::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::RoutingProfile")
            .SetParent<Object>()
            .SetGroupName("Mtlink")
            .AddConstructor<RoutingProfile>()
            .AddAttribute("Algorithm",
                          "How candidate next hops are found: auto (minimal where the topology has "
                          "closed-form routes, else shortest), minimal, or shortest (all shortest "
                          "paths over the graph, 1 VC class) (assumed: auto).",
                          EnumValue(AUTO),
                          EnumAccessor<Algorithm>(&RoutingProfile::m_algorithm),
                          MakeEnumChecker(AUTO, "auto", MINIMAL, "minimal", SHORTEST, "shortest"))
            .AddAttribute("Granularity",
                          "What keeps to one of several candidates: flow (all packets of one "
                          "source, destination and flow label, by hash) or packet (each packet "
                          "chooses anew, by a hash of its number) (assumed: flow).",
                          EnumValue(FLOW),
                          EnumAccessor<Granularity>(&RoutingProfile::m_granularity),
                          MakeEnumChecker(FLOW, "flow", PACKET, "packet"));
    return tid;
}

} // namespace mtlink
} // namespace ns3
