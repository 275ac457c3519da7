/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../topology/builders.h"
#include "engine/random.h"
#include "topology/topology-check.h"
#include "walk.h"

#include "ns3/mtlink-graph-topology.h"

#include <doctest/doctest.h>
#include <map>
#include <set>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** Links of a span as a set. */
std::set<uint32_t>
AsSet(std::span<const uint32_t> links)
{
    return {links.begin(), links.end()};
}

/** Every candidate route between any two endpoints arrives, within a bound, without a loop. */
void
CheckAllRoutes(const Topology& topology, const Routing& routing, size_t bound)
{
    for (uint32_t src = 0; src < topology.GetEndpoints(); ++src)
    {
        for (uint32_t dst = 0; dst < topology.GetEndpoints(); ++dst)
        {
            if (src == dst)
            {
                continue;
            }
            CHECK(routing.IsReachable(src, dst));
            uint32_t at = src;
            uint32_t legs = 0;
            size_t longest = 0;
            while (at != dst)
            {
                REQUIRE(++legs <= topology.GetEndpoints());
                const uint32_t end = routing.GetLegEnd(at, dst);
                CHECK(routing.IsDirect(at, end));
                size_t longestLeg = 0;
                size_t routes = 0;
                ForEachRoute(topology, routing, at, end, [&](const std::vector<Step>& route) {
                    ++routes;
                    longestLeg = std::max(longestLeg, route.size());
                    if (topology.GetLinks()[route.back().first].to != end)
                    {
                        FAIL("a route from ", at, " to ", end, " ends elsewhere");
                    }
                });
                CHECK(routes > 0);
                longest += longestLeg;
                at = end;
            }
            CHECK(longest <= bound);
        }
    }
}

/** The candidates wherever a packet to any destination may be are the same in both. */
void
CheckSameCandidates(const Topology& topology, const Routing& a, const Routing& b)
{
    for (uint32_t dst = 0; dst < topology.GetEndpoints(); ++dst)
    {
        for (uint32_t node = 0; node < topology.GetNodes(); ++node)
        {
            if (node != dst)
            {
                CHECK(AsSet(a.NextHops(node, dst, 0).links) ==
                      AsSet(b.NextHops(node, dst, 0).links));
            }
        }
    }
}

/** Random number in a range, both ends included. */
uint32_t
Pick(RandomStream& random, uint32_t low, uint32_t high)
{
    return low + static_cast<uint32_t>(random.Integer(high - low + 1));
}

} // namespace

TEST_CASE("Routes on one switch take two links, on a mesh any of the parallel ones")
{
    const auto star = MakeBuilder("SingleSwitch", {{"Endpoints", "7"}});
    const Topology topology = star->Build();
    const Routing routing(topology, {});
    CheckAllRoutes(topology, routing, 2);
    CHECK(routing.GetAlgorithm(0).GetVcClasses() == 1);

    const auto mesh = MakeBuilder("FullMesh", {{"Endpoints", "6"}, {"LinksPerPair", "3"}});
    const Topology wires = mesh->Build();
    const Routing direct(wires, {});
    CheckAllRoutes(wires, direct, 1);
    CHECK(direct.NextHops(4, 1, 0).links.size() == 3);
    const Routing shortest(wires, {MakeProfile("shortest")});
    CheckSameCandidates(wires, direct, shortest);
}

TEST_CASE("Closed-form fat-tree candidates are the shortest paths of the graph")
{
    std::vector<Ptr<TopologyBuilder>> trees{
        MakeBuilder("FatTree", {{"Radix", "6"}, {"Levels", "1"}}),
        MakeBuilder("FatTree", {{"Radix", "8"}, {"Levels", "2"}}),
        MakeBuilder("FatTree", {{"Radix", "4"}, {"Levels", "4"}}),
        MakeBuilder("FatTree", {{"Radix", "8"}, {"Levels", "3"}, {"Taper", "2"}}),
        MakeBuilder("FatTree", {{"Down", "4,4,4"}, {"Up", "1,4,4"}}),
        MakeBuilder("FatTree", {{"Down", "3,2,4"}, {"Up", "2,3,1"}, {"Parallel", "1,2,3"}})};
    RandomStream random(20240701, 1);
    MESSAGE("seed 20240701");
    for (int i = 0; i < 20; ++i)
    {
        const auto counts = [&](uint32_t levels) {
            std::string text;
            for (uint32_t l = 0; l < levels; ++l)
            {
                text += (l > 0 ? "," : "") + std::to_string(Pick(random, 1, 4));
            }
            return text;
        };
        const uint32_t levels = Pick(random, 1, 3);
        auto tree = MakeBuilder(
            "FatTree",
            {{"Down", counts(levels)}, {"Up", counts(levels)}, {"Parallel", counts(levels)}});
        auto planes =
            MakeBuilder("Planes",
                        {{"Endpoints", std::to_string(Pick(random, 1, tree->GetCapacity()))}});
        planes->SetChild("plane", tree);
        trees.push_back(planes);
    }
    for (const auto& tree : trees)
    {
        const Topology topology = tree->Build();
        const Routing closed(topology, {MakeProfile("minimal")});
        const Routing shortest(topology, {MakeProfile("shortest")});
        for (uint32_t dst = 0; dst < topology.GetEndpoints(); ++dst)
        {
            for (uint32_t src = 0; src < topology.GetEndpoints(); ++src)
            {
                if (src == dst)
                {
                    continue;
                }
                std::set<uint32_t> nodes{src};
                for (bool more = true; more;)
                {
                    more = false;
                    for (const uint32_t node : std::set<uint32_t>(nodes))
                    {
                        if (node == dst)
                        {
                            continue;
                        }
                        const auto links = AsSet(closed.NextHops(node, dst, 0).links);
                        REQUIRE(links == AsSet(shortest.NextHops(node, dst, 0).links));
                        for (const uint32_t link : links)
                        {
                            more |= nodes.insert(topology.GetLinks()[link].to).second;
                        }
                    }
                }
                CHECK(nodes.count(dst) == 1);
            }
        }
    }
}

TEST_CASE("Every fat-tree route arrives within the diameter, partly filled or not")
{
    for (const std::string endpoints : {"1", "2", "9", "16"})
    {
        auto planes = MakeBuilder("Planes", {{"Endpoints", endpoints}, {"Planes", "2"}});
        planes->SetChild("plane", MakeBuilder("FatTree", {{"Radix", "4"}, {"Levels", "3"}}));
        const Topology topology = planes->Build();
        CheckAllRoutes(topology, Routing(topology, {}), GetDiameter(topology));
    }
}

TEST_CASE(
    "Dragonfly routes are at most local, global, local, and change class with the global link")
{
    RandomStream random(20240702, 1);
    MESSAGE("seed 20240702");
    for (const std::string wiring : {"palmtree", "absolute", "circulant"})
    {
        for (int i = 0; i < 12; ++i)
        {
            const uint32_t p = Pick(random, 1, 2);
            const uint32_t a = Pick(random, 1, 4);
            const uint32_t h = Pick(random, 1, 2);
            const uint32_t groups = Pick(random, 1, a * h + 1);
            CAPTURE(wiring);
            CAPTURE(a);
            CAPTURE(h);
            CAPTURE(groups);
            const auto builder = MakeBuilder("Dragonfly",
                                             {{"P", std::to_string(p)},
                                              {"A", std::to_string(a)},
                                              {"H", std::to_string(h)},
                                              {"Groups", std::to_string(groups)},
                                              {"Wiring", wiring}});
            auto planes =
                MakeBuilder("Planes",
                            {{"Endpoints", std::to_string(Pick(random, 1, p * a * groups))}});
            planes->SetChild("plane", builder);
            const Topology topology = planes->Build();
            const Routing routing(topology, {});
            CHECK(routing.GetAlgorithm(0).GetVcClasses() == 2);
            CheckAllRoutes(topology, routing, 5);
            const std::set<std::string> allowed{"e0 e1",
                                                "e0 l1 e1",
                                                "e0 g1 e1",
                                                "e0 l0 g1 e1",
                                                "e0 g1 l1 e1",
                                                "e0 l0 g1 l1 e1"};
            for (uint32_t src = 0; src < topology.GetEndpoints(); ++src)
            {
                for (uint32_t dst = 0; dst < topology.GetEndpoints(); ++dst)
                {
                    if (src == dst)
                    {
                        continue;
                    }
                    ForEachRoute(topology, routing, src, dst, [&](const std::vector<Step>& route) {
                        std::string text;
                        for (const auto& [link, vcClass] : route)
                        {
                            const uint32_t cls = topology.GetLinks()[link].cls;
                            text += (text.empty() ? "" : " ") +
                                    topology.GetLinkClasses()[cls].name.substr(0, 1) +
                                    std::to_string(vcClass);
                        }
                        CAPTURE(text);
                        CHECK(allowed.count(text) == 1);
                    });
                }
            }
        }
    }
}

TEST_CASE("Parallel global links between two groups are all candidates")
{
    const auto builder =
        MakeBuilder("Dragonfly", {{"P", "1"}, {"A", "2"}, {"H", "4"}, {"Groups", "3"}});
    const Topology topology = builder->Build();
    const Routing routing(topology, {});
    // 8 global ports, 2 other groups: 4 links to each, 2 of them on each switch.
    CHECK(routing.NextHops(6, 2, 0).links.size() == 2);
    CHECK(routing.NextHops(6, 2, 0).vcClass == 1);
}

TEST_CASE("Planes are used together: one span over all their links")
{
    auto planes = MakeBuilder("Planes", {{"Endpoints", "8"}, {"Planes", "3"}});
    planes->SetChild("plane", MakeBuilder("FatTree", {{"Radix", "4"}, {"Levels", "2"}}));
    const Topology topology = planes->Build();
    const Routing routing(topology, {});
    const auto links = routing.NextHops(5, 2, 0).links;
    CHECK(links.size() == 3);
    CHECK(AsSet(links) == AsSet(topology.GetOutLinks(5)));
    CHECK(links.data() == routing.NextHops(5, 1, 0).links.data());
    CheckAllRoutes(topology, routing, 4);
}

TEST_CASE("Planes of meshes join the wires to the same peer")
{
    auto planes = MakeBuilder("Planes", {{"Endpoints", "5"}, {"Planes", "2"}});
    planes->SetChild("plane", MakeBuilder("FullMesh", {{"LinksPerPair", "2"}}));
    const Topology topology = planes->Build();
    const Routing routing(topology, {});
    const auto links = routing.NextHops(4, 1, 0).links;
    CHECK(links.size() == 4);
    CHECK(links.data() == routing.NextHops(4, 1, 0).links.data());
    CheckAllRoutes(topology, routing, 1);
}

TEST_CASE("On rails the relay is the node mate on the destination's rail")
{
    const auto rails = MakeRails(6, 4, "4");
    const Topology topology = rails->Build();
    const Routing routing(topology, {});
    for (uint32_t src = 0; src < 24; ++src)
    {
        for (uint32_t dst = 0; dst < 24; ++dst)
        {
            if (src == dst)
            {
                continue;
            }
            const bool direct = src / 4 == dst / 4 || src % 4 == dst % 4;
            CHECK(routing.IsDirect(src, dst) == direct);
            CHECK(routing.GetLegEnd(src, dst) == (direct ? dst : src / 4 * 4 + dst % 4));
            if (!direct)
            {
                CHECK(routing.NextHops(src, dst, 0).links.empty());
            }
        }
    }
    // Within the node the mesh, never the rail.
    CHECK(topology.GetLinks()[routing.NextHops(5, 6, 0).links[0]].to == 6);
    CheckAllRoutes(topology, routing, 5);
}

TEST_CASE("A node without a mate on the rail relays through the destination's node")
{
    auto outer = MakeBuilder("Planes", {{"Endpoints", "10"}});
    outer->SetChild("plane", MakeRails(3, 4, "4"));
    const Topology topology = outer->Build();
    const Routing routing(topology, {});
    CHECK(routing.GetLegEnd(9, 3) == 1);
    CHECK(routing.GetLegEnd(9, 0) == 8);
    CheckAllRoutes(topology, routing, 5);
}

TEST_CASE("Rails of planes and of rails deliver everything")
{
    auto inner = MakeBuilder("Rails", {{"Nodes", "2"}, {"EndpointsPerNode", "2"}});
    auto node = MakeBuilder("Planes", {{"Planes", "3"}});
    node->SetChild("plane", MakeBuilder("SingleSwitch"));
    inner->SetChild("node", node);
    inner->SetChild("network", MakeBuilder("SingleSwitch"));
    auto outer = MakeBuilder("Rails", {{"Nodes", "3"}});
    outer->SetChild("node", inner);
    outer->SetChild("network", MakeBuilder("FullMesh"));
    const Topology topology = outer->Build();
    const Routing routing(topology, {});
    CHECK(routing.NextHops(0, 1, 0).links.size() == 3);
    CheckAllRoutes(topology, routing, 2 + 2 + 1);
}

TEST_CASE("Packets on a ring of endpoints are relayed along a shortest way round")
{
    const auto graph = CreateObject<GraphTopology>();
    for (int i = 0; i < 7; ++i)
    {
        graph->AddNode("g" + std::to_string(i), false);
    }
    for (int i = 0; i < 7; ++i)
    {
        graph->AddEdge("g" + std::to_string(i), "g" + std::to_string((i + 1) % 7), 1 + i % 2);
    }
    const Topology topology = graph->Build();
    const Routing routing(topology, {});
    CHECK(routing.GetLegEnd(0, 3) == 1);
    CHECK(routing.GetLegEnd(0, 4) == 6);
    CHECK(routing.GetLegEnd(5, 1) == 6);
    CHECK(routing.NextHops(1, 2, 0).links.size() == 2);
    CheckAllRoutes(topology, routing, 3);
}

TEST_CASE("What no link joins is not reachable")
{
    Topology topology;
    topology.AddEndpoint("a");
    topology.AddEndpoint("b");
    topology.AddEndpoint("c");
    topology.OpenDomain({nullptr, 0, 0, "", {0, 1, 2}});
    topology.AddCable(0, 1, topology.AddLinkClass({0, "edge", {}}));
    const Routing routing(topology, {});
    CHECK(routing.IsReachable(0, 1));
    CHECK(!routing.IsReachable(0, 2));
    CHECK(!routing.IsDirect(2, 1));
}

TEST_CASE("Minimal is refused where there are no closed-form routes")
{
    const auto graph = CreateObject<GraphTopology>();
    graph->AddNode("a", false);
    graph->AddNode("b", false);
    graph->AddEdge("a", "b");
    const Topology topology = graph->Build();
    CHECK(Refusal([&] { Routing(topology, {MakeProfile("minimal")}); }) ==
          "algorithm: this kind of fabric has no closed-form minimal routes; use shortest or auto");
    CHECK(Refusal([&] { Routing(topology, {MakeProfile("auto")}); }) == "");
}

TEST_CASE("On random graphs every pair is served in as few legs and links as there can be")
{
    const uint32_t seed = 20240703;
    MESSAGE("seed ", seed);
    RandomStream random(seed, 1);
    for (int round = 0; round < 60; ++round)
    {
        CAPTURE(round);
        const auto graph = CreateObject<GraphTopology>();
        const uint32_t endpoints = Pick(random, 2, 9);
        const uint32_t nodes = endpoints + Pick(random, 0, 7);
        std::vector<std::string> names;
        for (uint32_t i = 0; i < nodes; ++i)
        {
            names.push_back("n" + std::to_string(i));
            graph->AddNode(names.back(), i >= endpoints);
        }
        for (uint32_t i = 1; i < nodes; ++i)
        {
            graph->AddEdge(names[i], names[Pick(random, 0, i - 1)], Pick(random, 1, 2));
        }
        for (uint32_t i = 0; i < nodes / 2; ++i)
        {
            const uint32_t a = Pick(random, 0, nodes - 1);
            const uint32_t b = Pick(random, 0, nodes - 1);
            if (a != b)
            {
                graph->AddEdge(names[a], names[b], Pick(random, 1, 3));
            }
        }
        const Topology topology = graph->Build();
        const Routing routing(topology, {});
        CheckAllRoutes(topology, routing, 2 * nodes);

        // Links of a shortest path through switches alone, by relaxation; then legs likewise.
        const uint32_t far = 1000;
        std::vector<std::vector<uint32_t>> links(endpoints, std::vector<uint32_t>(nodes, far));
        std::vector<std::vector<uint32_t>> legs(endpoints, std::vector<uint32_t>(endpoints, far));
        for (uint32_t src = 0; src < endpoints; ++src)
        {
            links[src][src] = 0;
            for (uint32_t i = 0; i < nodes; ++i)
            {
                for (const auto& link : topology.GetLinks())
                {
                    if (link.from == src || !topology.IsEndpoint(link.from))
                    {
                        links[src][link.to] =
                            std::min(links[src][link.to], links[src][link.from] + 1);
                    }
                }
            }
            for (uint32_t dst = 0; dst < endpoints; ++dst)
            {
                legs[src][dst] = src == dst ? 0 : links[src][dst] < far ? 1 : far;
            }
        }
        for (uint32_t via = 0; via < endpoints; ++via)
        {
            for (auto& row : legs)
            {
                for (uint32_t dst = 0; dst < endpoints; ++dst)
                {
                    row[dst] = std::min(row[dst], row[via] + legs[via][dst]);
                }
            }
        }
        for (uint32_t src = 0; src < endpoints; ++src)
        {
            for (uint32_t dst = 0; dst < endpoints; ++dst)
            {
                uint32_t at = src;
                uint32_t taken = 0;
                while (at != dst)
                {
                    const uint32_t end = routing.GetLegEnd(at, dst);
                    ForEachRoute(topology, routing, at, end, [&](const std::vector<Step>& route) {
                        CHECK(route.size() == links[at][end]);
                    });
                    ++taken;
                    at = end;
                }
                CHECK(taken == legs[src][dst]);
            }
        }
    }
}

TEST_CASE("Every algorithm states its definition and classes")
{
    for (const std::string kind : {"FatTree", "Dragonfly", "FullMesh", "SingleSwitch"})
    {
        auto builder = kind == "FatTree"     ? MakeBuilder(kind, {{"Radix", "4"}, {"Levels", "2"}})
                       : kind == "Dragonfly" ? MakeBuilder(kind)
                                             : MakeBuilder(kind, {{"Endpoints", "4"}});
        const Topology topology = builder->Build();
        const Routing routing(topology, {});
        CHECK(routing.GetAlgorithm(0).GetDefinition().find("VC class") != std::string::npos);
        if (kind == "FullMesh")
        {
            const Routing detours(topology, {MakeProfile("detour")});
            CHECK(detours.GetAlgorithm(0).GetDefinition().find("VC class") != std::string::npos);
            CHECK(detours.GetAlgorithm(0).GetVcClasses() == 2);
        }
    }
}
