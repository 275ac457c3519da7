/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../trace-sink.h"
#include "routing/deadlock.h"
#include "routing/route-table.h"
#include "test-fabric.h"

#include "ns3/callback.h"
#include "ns3/mtlink-error.h"
#include "ns3/mtlink-graph-topology.h"
#include "ns3/mtlink-routing.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <unistd.h>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** A table in a file of this directory, as long as the test lasts. */
class TableFile
{
  public:
    explicit TableFile(const std::string& text)
        : m_path("table-routing-test-" + std::to_string(getpid()) + ".csv") // tests run in parallel
    {
        std::ofstream(m_path) << text;
    }

    ~TableFile()
    {
        std::filesystem::remove(m_path);
    }

    /** @return its name. */
    const std::string& GetPath() const
    {
        return m_path;
    }

    /** @return the parameters of a routing that reads it. */
    Values GetRouting() const
    {
        return {{"Algorithm", "table"}, {"Table", m_path}};
    }

    /** @return a profile that reads it. */
    Ptr<RoutingProfile> GetProfile() const
    {
        return DynamicCast<RoutingProfile>(MakeObject("RoutingProfile", GetRouting()));
    }

  private:
    std::string m_path;
};

/** @return the routes of a fabric as a table. */
std::string
Export(const Topology& topology, const Routing& routing)
{
    std::ostringstream out;
    WriteRouteTable(out, topology, routing);
    return out.str();
}

/** @return planes of another layout. */
Ptr<TopologyBuilder>
MakePlanes(const std::string& endpoints, const Ptr<TopologyBuilder>& plane)
{
    const Ptr<TopologyBuilder> planes =
        MakeLayout("Planes", {{"Endpoints", endpoints}, {"Planes", "2"}});
    planes->SetChild("plane", plane);
    return planes;
}

/** @return a random graph: a tree of switches with more edges, endpoints on one or two of them. */
Ptr<GraphTopology>
MakeRandomGraph(uint32_t seed)
{
    std::mt19937_64 random(seed);
    const auto draw = [&](uint32_t below) { return static_cast<uint32_t>(random() % below); };
    const auto graph = CreateObject<GraphTopology>();
    const uint32_t switches = 2 + draw(6);
    for (uint32_t s = 0; s < switches; ++s)
    {
        graph->AddNode("s" + std::to_string(s), true);
        if (s > 0)
        {
            graph->AddEdge("s" + std::to_string(draw(s)), "s" + std::to_string(s), 1 + draw(2));
        }
    }
    for (uint32_t i = draw(5); i > 0; --i)
    {
        const uint32_t a = draw(switches);
        graph->AddEdge("s" + std::to_string(a),
                       "s" + std::to_string((a + 1 + draw(switches - 1)) % switches));
    }
    for (uint32_t e = 0; e < 6; ++e)
    {
        const std::string name = "g" + std::to_string(e);
        graph->AddNode(name, false);
        const uint32_t a = draw(switches);
        graph->AddEdge(name, "s" + std::to_string(a), 1 + draw(2));
        if (draw(2) == 0)
        {
            graph->AddEdge(name, "s" + std::to_string((a + 1) % switches));
        }
        if (e > 0 && draw(3) == 0)
        {
            graph->AddEdge(name, "g" + std::to_string(e - 1));
        }
    }
    return graph;
}

/** All candidates that packets may meet: node, target, class, links. */
std::set<std::string>
WalkRoutes(const Topology& topology, const Routing& routing)
{
    std::set<std::string> all;
    for (uint32_t target = 0; target < topology.GetEndpoints(); ++target)
    {
        std::set<std::pair<uint32_t, uint8_t>> seen;
        std::vector<std::pair<uint32_t, uint8_t>> open;
        for (uint32_t source = 0; source < topology.GetEndpoints(); ++source)
        {
            if (source != target && routing.IsDirect(source, target))
            {
                open.emplace_back(source, 0);
            }
        }
        while (!open.empty())
        {
            const auto [node, vcClass] = open.back();
            open.pop_back();
            const Hops hops = routing.NextHops(node, target, vcClass);
            std::string line = std::to_string(node) + " " + std::to_string(target) + " class " +
                               std::to_string(hops.vcClass) + ":";
            for (const uint32_t link : hops.links)
            {
                line += " " + std::to_string(link);
                const uint32_t next = topology.GetLinks()[link].to;
                if (!topology.IsEndpoint(next) && seen.emplace(next, hops.vcClass).second)
                {
                    open.emplace_back(next, hops.vcClass);
                }
            }
            all.insert(line);
        }
    }
    return all;
}

/** A ring of four switches with an endpoint each, all routes clockwise but that of one's own. */
Ptr<GraphTopology>
MakeRing()
{
    const auto graph = CreateObject<GraphTopology>();
    for (uint32_t i = 0; i < 4; ++i)
    {
        graph->AddNode("s" + std::to_string(i), true);
        graph->AddNode("g" + std::to_string(i), false);
        graph->AddEdge("g" + std::to_string(i), "s" + std::to_string(i));
    }
    for (uint32_t i = 0; i < 4; ++i)
    {
        graph->AddEdge("s" + std::to_string(i), "s" + std::to_string((i + 1) % 4));
    }
    return graph;
}

/** @return the table of that ring; with a dateline behind s3, or in one class. */
std::string
GetClockwise(bool hasDateline)
{
    std::string table = "node,destination,next,vc_class\n";
    for (uint32_t s = 0; s < 4; ++s)
    {
        for (uint32_t g = 0; g < 4; ++g)
        {
            if (s != g)
            {
                // Class 0 while the link from s3 to s0 lies ahead, as Dally and Seitz have it.
                const uint32_t vcClass = hasDateline && s <= g ? 1 : 0;
                table += "s" + std::to_string(s) + ",g" + std::to_string(g) + ",s" +
                         std::to_string((s + 1) % 4) + "," + std::to_string(vcClass) + "\n";
            }
        }
    }
    return table;
}

} // namespace

TEST_SUITE_BEGIN("routing");

TEST_CASE("a table that is written from other routes has their candidates, in order, and classes")
{
    std::vector<std::pair<Ptr<TopologyBuilder>, std::string>> fabrics{
        {MakeLayout("SingleSwitch", {{"Endpoints", "5"}}), "auto"},
        {MakeLayout("FullMesh", {{"Endpoints", "4"}, {"LinksPerPair", "2"}}), "minimal"},
        {MakeLayout("FatTree", {{"Down", "3,2,2"}, {"Up", "2,2,2"}, {"Parallel", "1,2,1"}}),
         "minimal"},
        {MakeLayout("Dragonfly", {{"P", "2"}, {"A", "4"}, {"H", "2"}, {"Groups", "5"}}), "minimal"},
        {MakeLayout("Torus", {{"Dimensions", "4,5"}, {"EndpointsPerSwitch", "2"}}), "minimal"},
        {MakeLayout("Hyperx", {{"Dimensions", "3,2"}, {"EndpointsPerSwitch", "2"}}), "minimal"},
        {MakePlanes("8", MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", "2"}})), "shortest"},
        {MakePlanes("4", MakeLayout("FullMesh", {})), "auto"}};
    for (uint32_t seed = 1; seed <= 60; ++seed)
    {
        fabrics.emplace_back(MakeRandomGraph(seed), "shortest");
    }
    for (std::size_t i = 0; i < fabrics.size(); ++i)
    {
        CAPTURE(i);
        const auto& [layout, algorithm] = fabrics[i];
        const Topology topology = layout->Build();
        const Routing routing(topology,
                              {DynamicCast<RoutingProfile>(
                                  MakeObject("RoutingProfile", {{"Algorithm", algorithm}}))});
        const std::string text = Export(topology, routing);
        const TableFile file(text);
        const Routing table(topology, {file.GetProfile()});
        CHECK(WalkRoutes(topology, table) == WalkRoutes(topology, routing));
        CHECK(Export(topology, table) == text);
        CHECK(table.GetAlgorithm(0).GetVcClasses() == routing.GetAlgorithm(0).GetVcClasses());
        CHECK(table.GetAlgorithm(0).GetDefinition().find("VC class") != std::string::npos);
        const DeadlockProof proof = ProveDeadlockFree(topology, routing);
        const DeadlockProof proved = ProveDeadlockFree(topology, table);
        CHECK(proved.acyclic == proof.acyclic);
        CHECK(proved.channels == proof.channels);
        CHECK(proved.dependencies == proof.dependencies);
    }
}

TEST_CASE("a table of the shortest paths gives each hop of a run at the same picosecond")
{
    for (uint32_t seed = 1; seed <= 10; ++seed)
    {
        CAPTURE(seed);
        std::string logs[2];
        for (const bool isTable : {false, true})
        {
            const Simulation simulation;
            TestFabric test;
            const Ptr<TopologyBuilder> layout =
                seed == 1 ? MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", "3"}})
                          : Ptr<TopologyBuilder>(MakeRandomGraph(seed));
            const Topology topology = layout->Build();
            const Ptr<RoutingProfile> shortest = DynamicCast<RoutingProfile>(
                MakeObject("RoutingProfile", {{"Algorithm", "shortest"}}));
            const TableFile file(Export(topology, Routing(topology, {shortest})));
            test.routing = isTable ? file.GetRouting() : Values{{"Algorithm", "shortest"}};
            test.Build(layout);
            std::string& log = logs[isTable];
            test.fabric->TraceConnectWithoutContext(
                "PacketHop",
                MakeSink<Callback<void, Time, uint32_t, uint32_t, uint32_t, uint32_t>>(
                    [&log](Time start, uint32_t link, uint32_t, uint32_t, uint32_t) {
                        log += std::to_string(start.GetPicoSeconds()) + " " + std::to_string(link) +
                               "\n";
                    }));
            std::mt19937_64 random(seed);
            for (uint32_t i = 0; i < 40; ++i)
            {
                const auto endpoints = topology.GetEndpoints();
                const auto src = static_cast<uint32_t>(random() % endpoints);
                const auto dst =
                    static_cast<uint32_t>((src + 1 + random() % (endpoints - 1)) % endpoints);
                test.Send(src, dst, 1 + random() % 60000, i, i % 3);
            }
            test.Run();
            // Shortest paths over a random graph may have a deadlock, the same with both.
        }
        CHECK(!logs[0].empty());
        CHECK(logs[0] == logs[1]);
    }
}

TEST_CASE("a table leads packets as its rows say, and by no other way")
{
    // Two spines; gpu0 reaches gpu2 by the first alone, and by one of two parallel links.
    const auto graph = CreateObject<GraphTopology>();
    for (const std::string name : {"leaf0", "leaf1", "spine0", "spine1"})
    {
        graph->AddNode(name, true);
    }
    for (uint32_t g = 0; g < 4; ++g)
    {
        graph->AddNode("g" + std::to_string(g), false);
        graph->AddEdge("g" + std::to_string(g), g < 2 ? "leaf0" : "leaf1");
    }
    for (const std::string leaf : {"leaf0", "leaf1"})
    {
        graph->AddEdge(leaf, "spine0", 2);
        graph->AddEdge(leaf, "spine1");
    }
    // leaf0's ports: g0, g1, two to spine0, one to spine1.
    const TableFile file("node,destination,next\n"
                         "leaf0,g2,leaf0:3\n"
                         "leaf0,g3,spine1\n"
                         "leaf0,g3,spine0\n"
                         "spine0,g2,leaf1\n"
                         "spine0,g3,leaf1\n"
                         "spine1,g3,leaf1\n"
                         "leaf1,g0,spine1\n"
                         "leaf1,g1,spine1\n"
                         "spine1,g0,leaf0\n"
                         "spine1,g1,leaf0\n");
    const Topology topology = graph->Build();
    const Routing routing(topology, {file.GetProfile()});
    const auto getEnds = [&](uint32_t node, uint32_t target) {
        std::string ends;
        for (const uint32_t link : routing.NextHops(node, target, 0).links)
        {
            const Topology::Link& l = topology.GetLinks()[link];
            ends += topology.GetName(l.to) + ":" + std::to_string(l.fromPort) + " ";
        }
        return ends;
    };
    CHECK(topology.GetName(4) == "leaf0");
    CHECK(getEnds(4, 2) == "spine0:3 ");
    CHECK(getEnds(4, 3) == "spine1:4 spine0:2 spine0:3 ");
    CHECK(getEnds(4, 1) == "g1:1 ");
    CHECK(getEnds(5, 0) == "spine1:4 ");
    CHECK(getEnds(0, 2) == "leaf0:0 ");

    const Simulation simulation;
    TestFabric test;
    test.routing = file.GetRouting();
    test.Build(graph);
    test.Send(0, 2, 40960);
    const RunResults results = test.Run();
    CHECK(test.delivered.size() == 1);
    for (const LinkResult& link : results.links)
    {
        const bool isUsed = link.name == "g0:0" || link.name == "leaf0:3" ||
                            (link.from == "spine0" && link.to == "leaf1") || link.to == "g2";
        CHECK((link.packets > 0 ? isUsed : true));
        CHECK((link.name == "leaf0:3" ? link.packets == 10 : true));
    }
}

TEST_CASE("a circle of routes in one VC class is found, and one with a dateline is free of it")
{
    const auto ring = MakeRing();
    const Topology topology = ring->Build();
    {
        const TableFile file(GetClockwise(false));
        const Routing routing(topology, {file.GetProfile()});
        CHECK(!ProveDeadlockFree(topology, routing).acyclic);
    }
    const TableFile file(GetClockwise(true));
    const Routing routing(topology, {file.GetProfile()});
    CHECK(routing.GetAlgorithm(0).GetVcClasses() == 2);
    CHECK(ProveDeadlockFree(topology, routing).acyclic);
}

TEST_CASE("rows that can't be are refused at their line")
{
    const auto ring = MakeRing();
    const Topology topology = ring->Build();
    const std::string rows = "node,destination,next,vc_class\n";
    const auto refuse = [&](const std::string& text, const std::string& message) {
        CAPTURE(text);
        const TableFile file(text);
        try
        {
            const Routing routing(topology, {file.GetProfile()});
            FAIL_CHECK("is not refused");
        }
        catch (const InputError& error)
        {
            CHECK(std::string(error.what()) == file.GetPath() + ":" + message);
        }
    };
    refuse("node,destination\n", "1:1: error: there is no column next");
    refuse("node,destination,next,class\n",
           "1:1: error: a table of routes has the columns node, destination, next and vc_class, "
           "each once, not 'class'");
    refuse(rows + "s9,g1,s1,0\n",
           "2:1: error: column node has \"s9\", expected the name of a node of this fabric");
    refuse(rows + "s0,s1,s1,0\n",
           "2:1: error: column destination has \"s1\", expected the name of an endpoint");
    refuse(rows + "g1,g1,s1,0\n",
           "2:1: error: column destination has \"g1\", expected another than the node");
    refuse(rows + "s0,g2,s2,0\n",
           "2:1: error: column next has \"s2\", expected a neighbour of s0, or one of its ports, "
           "as s0:0");
    refuse(rows + "s0,g2,s0:3,0\n",
           "2:1: error: column next has \"s0:3\", expected a neighbour of s0, or one of its ports, "
           "as s0:0");
    refuse(rows + "s0,g2,g0,0\n",
           "2:1: error: column next has \"g0\", expected a switch, or the destination: other "
           "endpoints pass "
           "nothing on");
    refuse(rows + "s0,g2,s1,32\n",
           "2:1: error: column vc_class has \"32\", expected a VC class from 0 to 31");
    refuse(rows + "s0,g2,s1,0\ns0,g2,s3,1\n",
           "3:1: error: the rows of one node and destination are equal candidates, in one VC "
           "class, and line 2 says 0");
    refuse(rows + "s0,g2,s1,0\ns0,g2,s1,0\n",
           "3:1: error: column next has \"s1\", expected another than in the rows above");
    refuse(rows + "s0,g2,s1\n", "2:1: error: 3 cells, expected 4 as there are column names");
    refuse(rows, "1:1: error: g1 leads to s1, which has no route to g0");

    // A dead end, and a loop, in a table that is whole else.
    const std::string table = GetClockwise(false);
    const auto replace = [](std::string text, const std::string& row, const std::string& by) {
        return text.replace(text.find(row), row.size(), by);
    };
    refuse(replace(table, "s1,g3,s2,0\n", ""),
           "4:1: error: s0 leads to s1, which has no route to g3");
    refuse(replace(table, "s2,g3,s3,0", "s2,g3,s1,0"),
           "10:1: error: a loop on the way to g3: s1 -> s2 -> s1");
    refuse(replace(table, "s1,g3,s2,0\n", "s1,g3,s2,0\ns1,g3,s0,0\n"),
           "7:1: error: a loop on the way to g3: s0 -> s1 -> s0");
}

TEST_SUITE_END();
