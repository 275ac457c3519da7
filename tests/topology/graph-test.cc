/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "builders.h"
#include "topology/graphml.h"
#include "topology/topology-check.h"
#include "topology/topology-export.h"

#include "ns3/mtlink-graph-topology.h"

#include <doctest/doctest.h>
#include <sstream>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** The start of a GraphML file with the usual keys; line 6 is the first of the graph's body. */
const std::string HEAD = "<?xml version=\"1.0\"?>\n"
                         "<graphml><key id=\"t\" for=\"node\" attr.name=\"type\"/>\n"
                         "<key id=\"c\" for=\"edge\" attr.name=\"count\"/>\n"
                         "<key id=\"r\" for=\"edge\" attr.name=\"rate\"/>\n"
                         "<graph edgedefault=\"undirected\">\n";

/** Two nodes to join; lines 6 and 7. */
const std::string NODES = "<node id=\"a\"><data key=\"t\">endpoint</data></node>\n"
                          "<node id=\"s\"><data key=\"t\">switch</data></node>\n";

/** The end of a GraphML file. */
const std::string TAIL = "</graph></graphml>\n";

/** What reading a text refuses, or "". */
std::string
ReadRefusal(const std::string& text)
{
    const auto graph = CreateObject<GraphTopology>();
    return Refusal([&] { ReadGraphMl(text, "g.graphml", *graph); });
}

/** Both must be the same but for domains. */
void
CheckSame(const Topology& a, const Topology& b)
{
    REQUIRE(a.GetNodes() == b.GetNodes());
    REQUIRE(a.GetEndpoints() == b.GetEndpoints());
    REQUIRE(a.GetLinks().size() == b.GetLinks().size());
    for (uint32_t node = 0; node < a.GetNodes(); ++node)
    {
        CHECK(a.GetName(node) == b.GetName(node));
    }
    for (uint32_t i = 0; i < a.GetLinks().size(); ++i)
    {
        const auto& x = a.GetLinks()[i];
        const auto& y = b.GetLinks()[i];
        CHECK(x.from == y.from);
        CHECK(x.to == y.to);
        CHECK(x.fromPort == y.fromPort);
        CHECK(x.toPort == y.toPort);
        CHECK(a.GetLinkClasses()[x.cls].name == b.GetLinkClasses()[y.cls].name);
        CHECK(a.GetLinkClasses()[x.cls].overrides == b.GetLinkClasses()[y.cls].overrides);
    }
}

} // namespace

TEST_CASE("A graph in place keeps parallel edges, unequal links and wires between endpoints")
{
    const auto graph = CreateObject<GraphTopology>();
    graph->AddNode("g0", false);
    graph->AddNode("s0", true);
    graph->AddNode("g1", false);
    graph->AddEdge("g0", "s0", 2);
    graph->AddEdge("s0", "g1", 1, {{"rate", "400Gbps"}});
    graph->AddEdge("g0", "s0", 1, {}, "slow");
    graph->AddEdge("g0", "g1");
    CHECK(graph->GetLinkClassNames() == std::vector<std::string>{"edge", "slow"});
    const Topology topology = graph->Build();
    CHECK(topology.GetEndpoints() == 2);
    CHECK(topology.GetName(1) == "g1");
    CHECK(topology.GetName(2) == "s0");
    CHECK(topology.GetLinks().size() == 10);
    CHECK(topology.GetOutLinks(0).size() == 4);
    CHECK(topology.GetLinkClasses().size() == 3);
    CHECK(topology.GetLinkClasses()[1].overrides.at("rate") == "400Gbps");
    CHECK(GetDiameter(topology) == 1);
    const std::vector<uint64_t> rates{1, 1, 1, 1, 400, 400, 1, 1, 1, 1};
    CHECK(GetBisection(topology, rates) == 4);
    CHECK(GetBisection(topology) == 2);
}

TEST_CASE("Impossible graphs in place are refused")
{
    const auto graph = CreateObject<GraphTopology>();
    graph->AddNode("g0", false);
    graph->AddNode("s0", true);
    CHECK(Refusal([&] { graph->AddNode("g0", true); }) == "nodes: two nodes are named 'g0'");
    CHECK(Refusal([&] { graph->AddNode("", true); }) == "nodes: a node has no name");
    CHECK(Refusal([&] { graph->AddEdge("g0", "s1"); }) ==
          "edges: an edge names 's1', but there is no such node");
    CHECK(Refusal([&] { graph->AddEdge("s0", "s0"); }) ==
          "edges: an edge joins 's0' to itself; it must join two nodes");
    CHECK(Refusal([&] { graph->AddEdge("g0", "s0", 0); }) ==
          "edges: an edge of 0 links between 'g0' and 's0'; 1 to 4096 are possible");
    CHECK(Refusal([&] { graph->AddEdge("g0", "s0", 4000000000); }) ==
          "edges: an edge of 4000000000 links between 'g0' and 's0'; 1 to 4096 are possible");
    CHECK(Refusal([&] { graph->Build(); }) ==
          "edges: the graph falls apart: no edges lead from 'g0' to 's0'");
    graph->AddEdge("g0", "s0");
    CHECK(Refusal([&] { graph->Build(); }) == "");
    CHECK(Refusal([&] {
              for (int i = 0; i < 10000; ++i)
              {
                  graph->AddEdge("g0", "s0", 4096);
              }
          }) == "edges: more than 33,554,432 cables: too large to build");
    CHECK(Refusal([&] { graph->SetAttribute("File", StringValue("x")); }) ==
          "file: the graph is given twice: either file, or nodes and edges");
    CHECK(Refusal([&] {
              CreateObject<GraphTopology>()->SetAttribute("File", StringValue("no/such.graphml"));
          }) == "file: can't read 'no/such.graphml'");
}

TEST_CASE("A graph nests as the node of rails under the names of its place")
{
    const auto graph = CreateObject<GraphTopology>();
    graph->AddNode("left", false);
    graph->AddNode("hub", true);
    graph->AddNode("right", false);
    graph->AddEdge("left", "hub");
    graph->AddEdge("hub", "right");
    auto rails = MakeBuilder("Rails", {{"Nodes", "3"}});
    rails->SetChild("node", graph);
    rails->SetChild("network", MakeBuilder("SingleSwitch"));
    const Topology topology = rails->Build();
    CHECK(topology.GetEndpoints() == 6);
    CHECK(topology.GetName(0) == "gpu0");
    CHECK(topology.GetName(6) == "node0/hub");
}

TEST_CASE("GraphML is read with names, counts, classes, defaults and parameters")
{
    const auto graph = CreateObject<GraphTopology>();
    ReadGraphMl(
        "<?xml version='1.0'?><!-- <a><b> -->\n"
        "<graphml xmlns='x'><key id='t' for='node' attr.name='type'>"
        "<default>endpoint</default></key>"
        "<key id='n' for='node' attr.name='name'/><key id='y' for='node' yfiles.type='g'/>"
        "<key id='c' for='edge' attr.name='count'/><key id='k' attr.name='class' for='edge'/>"
        "<key id='r' for='edge' attr.name='rate'><default>200Gbps</default></key>"
        "<graph edgedefault='undirected'>"
        "<edge source='1' target='2'><data key='c'> 3 </data><data key='k'>up</data></edge>"
        "<node id='1'><data key='y'><Shape><Fill/></Shape></data></node>"
        "<node id='2'><data key='t'>switch</data><data key='n'>a &amp; b</data></node>"
        "<node id='3'><data key='n'/></node>"
        "<edge source='3' target='2'><data key='r'><![CDATA[400Gbps]]></data></edge>"
        "</graph></graphml>",
        "g.graphml",
        *graph);
    const Topology topology = graph->Build();
    CHECK(topology.GetEndpoints() == 2);
    CHECK(topology.GetName(0) == "1");
    CHECK(topology.GetName(2) == "a & b");
    CHECK(topology.GetLinks().size() == 8);
    const auto& classes = topology.GetLinkClasses();
    CHECK(classes[0].name == "up");
    CHECK(classes[0].overrides.at("rate") == "200Gbps");
    CHECK(classes[1].name == "edge");
    CHECK(classes[1].overrides.at("rate") == "400Gbps");
}

TEST_CASE("GraphML round-trips every kind of fabric")
{
    std::vector<Ptr<TopologyBuilder>> builders{
        MakeBuilder("Dragonfly"),
        MakeBuilder("FatTree", {{"Down", "2,4"}, {"Up", "1,2"}, {"Parallel", "2,3"}}),
        MakeBuilder("FullMesh", {{"Endpoints", "5"}, {"LinksPerPair", "3"}}),
        MakeRails(5, 3, "4")};
    const auto graph = CreateObject<GraphTopology>();
    graph->AddNode("a<&>\"b", false);
    graph->AddNode("c, d", false);
    graph->AddEdge("a<&>\"b", "c, d", 2, {{"latency", "10ns"}});
    graph->AddEdge("c, d", "a<&>\"b", 1, {{"rate", "1Gbps"}}, "other");
    builders.push_back(graph);
    for (const auto& builder : builders)
    {
        const Topology topology = builder->Build();
        std::ostringstream text;
        WriteGraphMl(text, topology);
        const auto again = CreateObject<GraphTopology>();
        ReadGraphMl(text.str(), "again.graphml", *again);
        CheckSame(topology, again->Build());
    }
}

TEST_CASE("Malformed GraphML is refused with place and reason")
{
    const std::pair<std::string, std::string> cases[] = {
        {"", "1:1: error: this is no GraphML: its outermost element must be <graphml>"},
        {"<graph/>", "1:1: error: this is no GraphML: its outermost element must be <graphml>"},
        {"<graphml>\n  <key id='a'/>\n", "3:1: error: not well-formed XML: unexpected end of data"},
        {"<graphml>\n</graph>", "2:8: error: not well-formed XML: invalid closing tag name"},
        {"<graphml></graphml>", "1:1: error: there is no <graph> in it"},
        {HEAD + NODES + "</graph><graph/></graphml>",
         "8:9: error: a second <graph>; there must be one"},
        {HEAD + TAIL, "5:1: error: the graph has no node"},
        {HEAD + NODES + "<node/>" + TAIL, "8:1: error: <node> has no attribute 'id'"},
        {HEAD + NODES + "  <node id='b'/>" + TAIL,
         "8:3: error: node 'b' has no type; its attribute type must be switch or endpoint"},
        {HEAD + NODES + "<node id='b'><data key='t'>router</data></node>" + TAIL,
         "8:1: error: node 'b' is of unknown type 'router'; its attribute type must be switch or "
         "endpoint"},
        {HEAD + NODES + "<node id='a'><data key='t'>switch</data></node>" + TAIL,
         "8:1: error: two nodes have the id 'a'"},
        {HEAD + NODES + "<node id='b'><data key='q'>switch</data></node>" + TAIL,
         "8:14: error: no <key> has the id 'q'"},
        {HEAD + NODES + "<edge source='a' target='z'/>" + TAIL,
         "8:1: error: an edge names 'z', but there is no such node"},
        {HEAD + NODES + "<edge source='a'/>" + TAIL,
         "8:1: error: <edge> has no attribute 'target'"},
        {HEAD + NODES + "<edge source='s' target='s'/>" + TAIL,
         "8:1: error: an edge joins 's' to itself; it must join two nodes"},
        {HEAD + NODES + "<edge source='a' target='s'><data key='c'>-1</data></edge>" + TAIL,
         "8:1: error: count '-1' is not a whole number from 1 to 4096"},
        {HEAD + NODES + "<edge source='a' target='s'><data key='c'>99999999999</data></edge>" +
             TAIL,
         "8:1: error: count '99999999999' is not a whole number from 1 to 4096"},
        {HEAD + NODES + "<edge source='a' target='s' directed='true'/>" + TAIL,
         "8:1: error: a directed edge; an edge here is one link each way"},
        {HEAD + NODES + "<hyperedge/>" + TAIL,
         "8:1: error: hyperedges are not supported; use a switch"},
        {HEAD + NODES + "<vertex id='v'/>" + TAIL,
         "8:1: error: <vertex> is not known here; a graph has <node> and <edge>"},
        {HEAD + NODES + "<node id='b'><port/></node>" + TAIL,
         "8:1: error: node 'b' has ports or a nested graph, which are not supported"},
        {"<graphml><graph edgedefault='directed'/></graphml>",
         "1:10: error: edgedefault is 'directed'; it must be undirected: an edge is one link each "
         "way"},
        {std::string("<graphml>\0</graphml>", 20), "1:10: error: a zero byte: this is no XML text"},
    };
    for (const auto& [text, message] : cases)
    {
        CAPTURE(text);
        CHECK(ReadRefusal(text) == "g.graphml:" + message);
    }
    std::string deep;
    for (int i = 0; i < 1000000; ++i)
    {
        deep += "<a>";
    }
    CHECK(ReadRefusal(deep) ==
          "g.graphml:1:193: error: elements nested more than 64 deep; a graph needs 4 levels");
}

TEST_CASE("A GraphML text cut short or garbled anywhere is read or refused, never more")
{
    std::ostringstream out;
    WriteGraphMl(out, MakeBuilder("FullMesh", {{"Endpoints", "3"}})->Build());
    const std::string text = out.str();
    for (size_t i = 0; i < text.size(); ++i)
    {
        ReadRefusal(text.substr(0, i));
        for (const char c : {'<', '>', '"', '&', '/', ' '})
        {
            std::string garbled = text;
            garbled[i] = c;
            ReadRefusal(garbled);
        }
    }
    CHECK(ReadRefusal(text.substr(0, text.size() / 2)) != "");
}

TEST_CASE("An unreachable node is named")
{
    Topology topology;
    topology.AddEndpoint("a");
    topology.AddEndpoint("b");
    topology.AddEndpoint("c");
    topology.OpenDomain({nullptr, 0, 0, "", {0, 1, 2}});
    topology.AddCable(0, 1, topology.AddLinkClass({0, "edge", {}}));
    CHECK(Refusal([&] { CheckConnected(topology); }) ==
          ": the fabric falls apart: no links lead from 'a' to 'c'");
}

TEST_CASE("Links are exported as CSV and DOT")
{
    const auto graph = CreateObject<GraphTopology>();
    graph->AddNode("a,b", false);
    graph->AddNode("s", true);
    graph->AddEdge("a,b", "s", 2);
    const Topology topology = graph->Build();
    std::ostringstream csv;
    WriteLinksCsv(csv, topology);
    CHECK(csv.str() == "link,name,from,from_port,to,to_port,class,domain,reverse\n"
                       "0,\"a,b:0\",\"a,b\",0,s,0,edge,,1\n"
                       "1,s:0,s,0,\"a,b\",0,edge,,0\n"
                       "2,\"a,b:1\",\"a,b\",1,s,1,edge,,3\n"
                       "3,s:1,s,1,\"a,b\",1,edge,,2\n");
    std::ostringstream dot;
    WriteDot(dot, topology);
    CHECK(dot.str() == "graph G {\n"
                       "0[label=\"a,b\", shape=ellipse];\n"
                       "1[label=s, shape=box];\n"
                       "0--1 [color=black, label=\"2\"];\n"
                       "}\n");
}

TEST_CASE("The bisection is not computed where it would take too long")
{
    const auto mesh = MakeBuilder("FullMesh", {{"Endpoints", "60"}, {"LinksPerPair", "100"}});
    CHECK(!GetBisection(mesh->Build()).has_value());
    CHECK(!GetBisection(MakeBuilder("SingleSwitch", {{"Endpoints", "1"}})->Build()).has_value());
}
