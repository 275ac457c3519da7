/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-routing-profile.h"

#include "engine/choice-attribute.h"
#include "engine/enum-attribute.h"
#include "routing/routing-registry.h"

#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <cstdint>

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
                          "closed-form routes, else shortest), minimal, shortest (all shortest "
                          "paths over the graph, 1 VC class), valiant, ugal_l, ugal_g or par "
                          "(dragonfly: detours), dimension_order (torus and hyperx: one dimension "
                          "after another), adaptive (torus and hyperx: any link that leads "
                          "nearer, by load, with dimension order as the escape), detour (full "
                          "mesh: direct, or forwarded by one other endpoint, by load), or table "
                          "(as the file of table says) (assumed: auto).",
                          StringValue("auto"),
                          MakeStringAccessor(&RoutingProfile::m_algorithm),
                          MakeChoiceChecker([] { return GetRoutingAlgorithms().GetNames(); }))
            .AddAttribute("Granularity",
                          "What keeps to one of several candidates: flow (all packets of one "
                          "source, destination and flow label, by hash), flowlet (those of a flow "
                          "without a pause of flowlet_gap) or packet (each packet chooses anew) "
                          "(assumed: flow).",
                          EnumValue(FLOW),
                          EnumAccessor<Granularity>(&RoutingProfile::m_granularity),
                          MakeEnumChecker(FLOW, "flow", FLOWLET, "flowlet", PACKET, "packet"))
            .AddAttribute("Selection",
                          "How one of several equal links is chosen at a switch: hash, or, with "
                          "granularity flowlet or packet, random, round_robin or least_loaded "
                          "(fewest flits queued at the switch and on their way or lying at the far "
                          "end, in the packet's VC class) (assumed: hash).",
                          EnumValue(HASH),
                          EnumAccessor<Selection>(&RoutingProfile::m_selection),
                          MakeEnumChecker(HASH,
                                          "hash",
                                          RANDOM,
                                          "random",
                                          ROUND_ROBIN,
                                          "round_robin",
                                          LEAST_LOADED,
                                          "least_loaded"))
            .AddAttribute("FlowletGap",
                          "With granularity flowlet: pause of a flow at a switch after which it "
                          "may change its link; longer than equal paths differ, packets keep their "
                          "order. 0: no flowlets.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&RoutingProfile::m_flowletGap),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Intermediate",
                          "Where detours on a dragonfly lead: group (any switch of a random group) "
                          "or switch (a random switch, one VC class more). Assumed: group, as Kim "
                          "et al. 2008.",
                          EnumValue(GROUP),
                          EnumAccessor<Intermediate>(&RoutingProfile::m_intermediate),
                          MakeEnumChecker(GROUP, "group", SWITCH, "switch"))
            .AddAttribute("Threshold",
                          "How much more the minimal way may be loaded than the detour and still "
                          "be taken: flits for ugal_g and detour, flits x hops for ugal_l and par. "
                          "Assumed: none.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&RoutingProfile::m_threshold),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("Table",
                          "With algorithm table: CSV of routes, columns node, destination, next "
                          "and vc_class, as 'mtlink topology --routes' writes it (the user's "
                          "design).",
                          StringValue(""),
                          MakeStringAccessor(&RoutingProfile::m_table),
                          MakeStringChecker());
    return tid;
}

} // namespace mtlink
} // namespace ns3
