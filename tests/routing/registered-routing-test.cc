/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../fabric/test-fabric.h"
#include "routing/routing-registry.h"
#include "routing/shortest-path-routing.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <memory>
#include <string>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** Of all shortest ways the one by the lowest link. */
class LowestLink : public ShortestPathRouting
{
  public:
    using ShortestPathRouting::ShortestPathRouting;

    std::string GetDefinition() const override
    {
        return "Of all shortest ways the one by the lowest link.";
    }

    Hops NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const override
    {
        const Hops hops = ShortestPathRouting::NextHops(node, target, vcClass);
        return {hops.links.subspan(0, 1), hops.vcClass};
    }
};

std::unique_ptr<RoutingAlgorithm>
Make(const Topology& topology, uint32_t domain, const RoutingProfile&)
{
    return std::make_unique<LowestLink>(topology, domain);
}

/** @return by how many links into a fat tree's upper level one leaf's messages go. */
std::size_t
CountWaysUp(const std::string& algorithm)
{
    const Simulation simulation;
    TestFabric test;
    test.routing = {{"Algorithm", algorithm}};
    test.Build(MakeLayout("FatTree", {{"Down", "4, 4"}, {"Up", "1, 4"}}));
    for (uint32_t flow = 0; flow < 32; ++flow)
    {
        test.Send(flow % 4, 4 + flow % 12, 4096, flow, flow);
    }
    const RunResults results = test.Run();
    REQUIRE(test.delivered.size() == 32);
    const Topology& topology = test.fabric->GetTopology();
    const auto links = topology.GetOutLinks(topology.GetEndpoints()); // of the first leaf
    return static_cast<std::size_t>(std::count_if(links.begin(), links.end(), [&](uint32_t link) {
        return !topology.IsEndpoint(topology.GetLinks()[link].to) &&
               results.links[link].packets > 0;
    }));
}

} // namespace

TEST_SUITE_BEGIN("routing");

TEST_CASE("a routing algorithm that registers itself is a word for fabrics, and leads packets")
{
    const Registered<RoutingKind> registered(GetRoutingAlgorithms(), "lowest_link", {.make = Make});
    CHECK(CountWaysUp("auto") == 4);
    CHECK(CountWaysUp("lowest_link") == 1);
}

TEST_CASE("each routing algorithm is known, and each kind of fabric with closed forms has its own")
{
    for (const std::string name : {"auto",
                                   "minimal",
                                   "shortest",
                                   "dimension_order",
                                   "valiant",
                                   "ugal_l",
                                   "ugal_g",
                                   "par",
                                   "adaptive",
                                   "detour",
                                   "table"})
    {
        CHECK(GetRoutingAlgorithms().Find(name) != nullptr);
    }
    for (const std::string kind :
         {"Dragonfly", "FatTree", "FullMesh", "Hyperx", "SingleSwitch", "Torus"})
    {
        CHECK(GetMinimalRoutes().Find("ns3::mtlink::" + kind + "Topology") != nullptr);
    }
    CHECK(GetMinimalRoutes().Find("ns3::mtlink::GraphTopology") == nullptr);
}

TEST_SUITE_END();
