/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "builders.h"
#include "topology/topology-check.h"

#include "ns3/mtlink-dragonfly-topology.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <set>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** Cables of one class. */
size_t
CountCables(const Topology& topology, const std::string& cls)
{
    size_t links = 0;
    for (const auto& link : topology.GetLinks())
    {
        links += topology.GetLinkClasses()[link.cls].name == cls ? 1 : 0;
    }
    return links / 2;
}

/** What holds in every graph. */
void
CheckGraph(const Topology& topology)
{
    std::set<std::string> names;
    for (uint32_t node = 0; node < topology.GetNodes(); ++node)
    {
        CHECK(names.insert(topology.GetName(node)).second);
        uint32_t port = 0;
        for (const uint32_t link : topology.GetOutLinks(node))
        {
            CHECK(topology.GetLinks()[link].from == node);
            CHECK(topology.GetLinks()[link].fromPort == port++);
        }
    }
    for (uint32_t link = 0; link < topology.GetLinks().size(); ++link)
    {
        const auto& forth = topology.GetLinks()[link];
        const auto& back = topology.GetLinks()[Topology::Reverse(link)];
        CHECK(forth.from == back.to);
        CHECK(forth.to == back.from);
        CHECK(forth.fromPort == back.toPort);
        CHECK(forth.from != forth.to);
    }
    uint32_t next = topology.GetEndpoints();
    for (const auto& domain : topology.GetDomains())
    {
        CHECK(domain.firstSwitch == next);
        next += domain.switches;
    }
    CHECK(next == topology.GetNodes());
    CheckConnected(topology);
}

} // namespace

TEST_CASE("A single switch has one link to each endpoint, port i to endpoint i")
{
    const auto builder = MakeBuilder("SingleSwitch", {{"Endpoints", "9"}});
    const Topology topology = builder->Build();
    CheckGraph(topology);
    CHECK(topology.GetEndpoints() == 9);
    CHECK(topology.GetSwitches() == 1);
    CHECK(topology.GetLinks().size() == 18);
    CHECK(GetDiameter(topology) == 2);
    CHECK(topology.GetLinks()[topology.GetOutLinks(9)[4]].to == 4);
    CHECK(topology.GetName(9) == "switch");
    CHECK(topology.GetLinkName(topology.GetOutLinks(9)[4]) == "switch:4");
}

TEST_CASE("A full mesh has n(n-1)/2 cables for each link per pair and no switch")
{
    const auto builder = MakeBuilder("FullMesh", {{"Endpoints", "8"}, {"LinksPerPair", "2"}});
    const Topology topology = builder->Build();
    CheckGraph(topology);
    CHECK(topology.GetSwitches() == 0);
    CHECK(topology.GetLinks().size() == 2 * 2 * 28);
    CHECK(topology.GetOutLinks(5).size() == 14);
    CHECK(topology.GetLinks()[topology.GetOutLinks(5)[8]].to == 4);
    CHECK(topology.GetLinks()[topology.GetOutLinks(5)[10]].to == 6);
    CHECK(GetDiameter(topology) == 1);
}

TEST_CASE("A fat tree of equal switches has 2 (r/2)^L endpoints and every port in use")
{
    for (const uint32_t radix : {2u, 4u, 6u, 8u})
    {
        for (const uint32_t levels : {1u, 2u, 3u, 4u})
        {
            CAPTURE(radix);
            CAPTURE(levels);
            const auto builder =
                MakeBuilder("FatTree",
                            {{"Radix", std::to_string(radix)}, {"Levels", std::to_string(levels)}});
            const Topology topology = builder->Build();
            CheckGraph(topology);
            uint32_t power = 1;
            for (uint32_t l = 0; l < levels; ++l)
            {
                power *= radix / 2;
            }
            CHECK(topology.GetEndpoints() == 2 * power);
            CHECK(topology.GetSwitches() == (2 * levels - 1) * power * 2 / radix);
            for (uint32_t s = topology.GetEndpoints(); s < topology.GetNodes(); ++s)
            {
                CHECK(topology.GetOutLinks(s).size() == radix);
            }
            CHECK(CountCables(topology, "endpoint") == 2 * power);
            for (uint32_t l = 1; l < levels; ++l)
            {
                CHECK(CountCables(topology, "level" + std::to_string(l)) == 2 * power);
            }
            CHECK(GetDiameter(topology) == 2 * levels);
            CHECK(GetBisection(topology) == power);
        }
    }
}

TEST_CASE("A 4-ary 3-tree has 64 endpoints, 48 switches and 192 cables")
{
    const auto builder = MakeBuilder("FatTree", {{"Down", "4, 4,4"}, {"Up", "1,4,4"}});
    const Topology topology = builder->Build();
    CheckGraph(topology);
    CHECK(topology.GetEndpoints() == 64);
    CHECK(topology.GetSwitches() == 48);
    CHECK(topology.GetLinks().size() == 2 * 192);
    CHECK(builder->GetLinkClassNames() == std::vector<std::string>{"endpoint", "level1", "level2"});
}

TEST_CASE("Taper divides the links above the leaves and the bisection")
{
    const auto builder = MakeBuilder("FatTree", {{"Radix", "8"}, {"Levels", "2"}, {"Taper", "2"}});
    const Topology topology = builder->Build();
    CheckGraph(topology);
    CHECK(topology.GetEndpoints() == 32);
    CHECK(topology.GetSwitches() == 8 + 2);
    CHECK(CountCables(topology, "level1") == 16);
    CHECK(GetBisection(topology) == 8);
}

TEST_CASE("Parallel links and endpoints on several leaves are counted as written")
{
    const auto builder =
        MakeBuilder("FatTree", {{"Down", "4,4"}, {"Up", "2,2"}, {"Parallel", "1,3"}});
    const Topology topology = builder->Build();
    CheckGraph(topology);
    CHECK(topology.GetEndpoints() == 16);
    CHECK(topology.GetSwitches() == 4 * 2 + 2 * 2);
    CHECK(CountCables(topology, "endpoint") == 32);
    CHECK(CountCables(topology, "level1") == 8 * 2 * 3);
    CHECK(topology.GetOutLinks(16).size() == 4 + 6);
}

TEST_CASE("A partly filled tree fills leaf by leaf and has all its switches")
{
    auto planes = MakeBuilder("Planes", {{"Endpoints", "11"}});
    planes->SetChild("plane", MakeBuilder("FatTree", {{"Radix", "8"}, {"Levels", "2"}}));
    const Topology topology = planes->Build();
    CheckGraph(topology);
    CHECK(topology.GetSwitches() == 12);
    CHECK(topology.GetOutLinks(11).size() == 8);
    CHECK(topology.GetOutLinks(13).size() == 3 + 4);
    CHECK(topology.GetOutLinks(14).size() == 4);
}

TEST_CASE("A dragonfly has a h links out of each group and a full mesh in it")
{
    const auto builder = MakeBuilder("Dragonfly");
    const Topology topology = builder->Build();
    CheckGraph(topology);
    CHECK(topology.GetEndpoints() == 72);
    CHECK(topology.GetSwitches() == 36);
    CHECK(CountCables(topology, "endpoint") == 72);
    CHECK(CountCables(topology, "local") == 9 * 6);
    CHECK(CountCables(topology, "global") == 36);
    CHECK(GetDiameter(topology) == 5);
    for (uint32_t s = 72; s < 108; ++s)
    {
        CHECK(topology.GetOutLinks(s).size() == 2 + 3 + 2);
    }
}

TEST_CASE("Global wirings are symmetric, without own links, and as even as can be")
{
    for (const std::string wiring : {"palmtree", "absolute", "circulant"})
    {
        for (const uint32_t a : {1u, 2u, 4u, 5u})
        {
            for (const uint32_t h : {1u, 2u, 3u})
            {
                for (uint32_t groups = 1; groups <= a * h + 1; ++groups)
                {
                    CAPTURE(wiring);
                    CAPTURE(a);
                    CAPTURE(h);
                    CAPTURE(groups);
                    const auto builder = MakeBuilder("Dragonfly",
                                                     {{"A", std::to_string(a)},
                                                      {"H", std::to_string(h)},
                                                      {"Groups", std::to_string(groups)},
                                                      {"Wiring", wiring}});
                    const auto dragonfly = DynamicCast<DragonflyTopology>(builder);
                    std::map<std::pair<uint32_t, uint32_t>, uint32_t> pairs;
                    for (uint32_t group = 0; group < groups; ++group)
                    {
                        uint32_t unused = 0;
                        for (uint32_t port = 0; port < a * h; ++port)
                        {
                            const auto peer = dragonfly->GetPeer({group, port});
                            const auto back = dragonfly->GetPeer(peer);
                            CHECK(back.group == group);
                            CHECK(back.port == port);
                            REQUIRE(peer.group < groups);
                            REQUIRE(peer.port < a * h);
                            if (peer.group == group)
                            {
                                CHECK(peer.port == port);
                                ++unused;
                                continue;
                            }
                            ++pairs[{group, peer.group}];
                        }
                        const bool odd = groups > 1 && groups % 2 == 1 && a * h % (groups - 1) % 2;
                        CHECK(unused == (groups == 1 ? a * h : odd ? 1 : 0));
                    }
                    CHECK(pairs.size() == groups * (groups - 1));
                    uint32_t least = UINT32_MAX;
                    uint32_t most = 0;
                    for (const auto& [pair, links] : pairs)
                    {
                        least = std::min(least, links);
                        most = std::max(most, links);
                    }
                    if (groups > 1)
                    {
                        CHECK(most - least <= 1);
                    }
                    if (groups == a * h + 1)
                    {
                        CHECK(most == 1);
                    }
                    CheckGraph(builder->Build());
                }
            }
        }
    }
}

TEST_CASE("Global wirings follow their published definitions")
{
    const auto peer = [](const std::string& wiring, uint32_t group, uint32_t port) {
        const auto builder = MakeBuilder("Dragonfly", {{"Wiring", wiring}});
        const auto p = DynamicCast<DragonflyTopology>(builder)->GetPeer({group, port});
        return std::pair(p.group, p.port);
    };
    // 9 groups of 8 global ports.
    CHECK(peer("palmtree", 0, 0) == std::pair(8u, 7u));
    CHECK(peer("palmtree", 3, 2) == std::pair(0u, 5u));
    CHECK(peer("absolute", 3, 2) == std::pair(2u, 2u));
    CHECK(peer("absolute", 3, 3) == std::pair(4u, 3u));
    CHECK(peer("absolute", 0, 7) == std::pair(8u, 0u));
    CHECK(peer("circulant", 3, 0) == std::pair(4u, 1u));
    CHECK(peer("circulant", 3, 1) == std::pair(2u, 0u));
    CHECK(peer("circulant", 3, 6) == std::pair(7u, 7u));
}

TEST_CASE("Planes attach every endpoint to every copy")
{
    auto planes = MakeBuilder("Planes", {{"Endpoints", "8"}, {"Planes", "7"}});
    planes->SetChild("plane", MakeBuilder("SingleSwitch"));
    const Topology topology = planes->Build();
    CheckGraph(topology);
    CHECK(topology.GetSwitches() == 7);
    CHECK(topology.GetDomains().size() == 7);
    CHECK(topology.GetOutLinks(3).size() == 7);
    CHECK(topology.GetName(8 + 6) == "plane6/switch");
    CHECK(GetBisection(topology) == 28);
}

TEST_CASE("Rails number endpoints node by node and join equal places of all nodes")
{
    const auto rails = MakeRails(5, 4, "4");
    const Topology topology = rails->Build();
    CheckGraph(topology);
    CHECK(topology.GetEndpoints() == 20);
    CHECK(topology.GetSwitches() == 4 * 6);
    REQUIRE(topology.GetDomains().size() == 5 + 4);
    CHECK(topology.GetDomains()[1].path == "node1/");
    CHECK(topology.GetDomains()[1].tier == 0);
    CHECK(topology.GetDomains()[1].endpoints == std::vector<uint32_t>{4, 5, 6, 7});
    CHECK(topology.GetDomains()[6].path == "rail1/");
    CHECK(topology.GetDomains()[6].tier == 1);
    CHECK(topology.GetDomains()[6].endpoints == std::vector<uint32_t>{1, 5, 9, 13, 17});
}

TEST_CASE("Fabrics nest in any depth, and tiers stack")
{
    auto inner = MakeBuilder("Rails", {{"Nodes", "2"}, {"EndpointsPerNode", "2"}});
    auto node = MakeBuilder("Planes", {{"Planes", "3"}});
    node->SetChild("plane", MakeBuilder("SingleSwitch"));
    inner->SetChild("node", node);
    inner->SetChild("network", MakeBuilder("SingleSwitch"));
    auto outer = MakeBuilder("Rails", {{"Nodes", "3"}});
    outer->SetChild("node", inner);
    outer->SetChild("network", MakeBuilder("FullMesh"));
    CHECK(outer->GetTiers() == 3);
    const Topology topology = outer->Build();
    CheckGraph(topology);
    CHECK(topology.GetEndpoints() == 12);
    // Three outer nodes, each of two inner nodes of three planes and two rails; four outer rails.
    CHECK(topology.GetDomains().size() == 3 * (2 * 3 + 2) + 4);
    CHECK(topology.GetDomains().back().tier == 2);
    CHECK(topology.GetDomains()[0].path == "node0/node0/plane0/");
    CHECK(topology.GetDomains()[6].tier == 1);
}

TEST_CASE("Joined number one fabric's endpoints after the other's, with a gateway above both")
{
    const auto make = [](const std::string& gateways) {
        auto joined = MakeBuilder("Joined", {{"Gateways", gateways}});
        joined->SetChild("first", MakeRails(2, 4, "4"));
        joined->SetChild("second", MakeBuilder("FullMesh", {{"Endpoints", "6"}}));
        joined->SetChild("gateway", MakeBuilder("SingleSwitch"));
        return joined;
    };
    const auto two = make("2");
    CHECK(two->GetTiers() == 3);
    const Topology topology = two->Build();
    CheckGraph(topology);
    CHECK(topology.GetEndpoints() == 14);
    REQUIRE(topology.GetDomains().size() == 2 + 4 + 1 + 1);
    CHECK(topology.GetDomains()[0].path == "first/node0/");
    CHECK(topology.GetDomains()[6].path == "second/");
    CHECK(topology.GetDomains()[6].tier == 0);
    CHECK(topology.GetDomains()[6].endpoints == std::vector<uint32_t>{8, 9, 10, 11, 12, 13});
    CHECK(topology.GetDomains()[7].path == "gateway/");
    CHECK(topology.GetDomains()[7].tier == 2);
    CHECK(topology.GetDomains()[7].endpoints == std::vector<uint32_t>{0, 4, 8, 11});
    CHECK(make("0")->Build().GetDomains()[7].endpoints.size() == 14);
    CHECK(Refusal([&] { make("7")->Build(); }) ==
          "gateways: 7 gateways, but one of the fabrics has 6 endpoints: give no more");
    const auto small = make("2");
    small->SetChild("gateway", MakeBuilder("FatTree", {{"Radix", "2"}, {"Levels", "1"}}));
    CHECK(Refusal([&] { small->Build(); }) ==
          "gateway: 4 endpoints are to be attached to the gateway, which has room for 2: give "
          "fewer 'gateways', or more room");
    CHECK(Refusal([&] {
              MakeBuilder("Joined")->Build();
          }).find("first: joined needs two fabrics and what joins them") == 0);
}

TEST_CASE("Scopes mark whose parameters rule a domain and its links")
{
    auto rails = MakeRails(2, 2, "4");
    Ptr<TopologyBuilder> node = MakeBuilder("FullMesh", {{"Endpoints", "2"}});
    node->SetScope(3);
    rails->SetChild("node", node);
    const Topology topology = rails->Build();
    CHECK(topology.GetDomains()[0].scope == 3);
    CHECK(topology.GetLinkClasses()[0].scope == 3);
    CHECK(topology.GetLinkClasses()[0].name == "peer");
    CHECK(topology.GetLinkClasses()[1].scope == 0);
    CHECK(topology.GetLinkClasses()[1].name == "endpoint");
}

TEST_CASE("Parameters that can't be are refused by key, with what would be right")
{
    const auto refusal = [](const std::string& kind,
                            std::initializer_list<std::pair<std::string, std::string>> values) {
        const auto builder = MakeBuilder(kind, values);
        return Refusal([&] { builder->Build(); });
    };
    CHECK(refusal("SingleSwitch", {}) == "endpoints: the number of endpoints is missing");
    CHECK(refusal("FullMesh", {}) == "endpoints: the number of endpoints is missing");
    CHECK(refusal("FatTree", {}) ==
          "up: a fat_tree is given by radix and levels, or by down and up");
    CHECK(refusal("FatTree", {{"Radix", "5"}, {"Levels", "2"}}) ==
          "radix: radix 5 is odd: half the ports go down, half up; 6 would do");
    CHECK(refusal("FatTree", {{"Radix", "4"}}) ==
          "levels: radix needs levels, the number of switch levels");
    CHECK(refusal("FatTree", {{"Levels", "4"}}) ==
          "radix: levels needs radix, the ports per switch");
    CHECK(refusal("FatTree", {{"Radix", "4"}, {"Levels", "2"}, {"Down", "4,4"}}) ==
          "down: the tree is given twice: give either radix and levels, or down and up");
    CHECK(refusal("FatTree", {{"Down", "4,4"}, {"Up", "1"}}) ==
          "up: down has 2 levels, up has 1: one number per level in each");
    CHECK(refusal("FatTree", {{"Down", "4,x"}, {"Up", "1,2"}}) ==
          "down: '4,x' is not a list of counts from 1 to 65536; a right one is [4, 4, 4]");
    CHECK(refusal("FatTree", {{"Down", "4,"}, {"Up", "1,2"}}) ==
          "down: '4,' is not a list of counts from 1 to 65536; a right one is [4, 4, 4]");
    CHECK(refusal("FatTree", {{"Down", "0"}, {"Up", "1"}}) ==
          "down: '0' is not a list of counts from 1 to 65536; a right one is [4, 4, 4]");
    CHECK(refusal("FatTree", {{"Radix", "8"}, {"Levels", "2"}, {"Taper", "3"}}) ==
          "taper: a leaf's 4 parents divided by the taper are not a whole number, at least 1");
    CHECK(refusal("FatTree", {{"Radix", "8"}, {"Levels", "1"}, {"Taper", "2"}}) ==
          "taper: a tree of one level has no links above its leaves");
    CHECK(refusal("FatTree", {{"Radix", "1000"}, {"Levels", "9"}}) ==
          "radix: more than 4,194,304 endpoints and switches: too large to build");
    CHECK(refusal("FatTree", {{"Down", "2,2"}, {"Up", "60000,60000"}}) ==
          "down: more than 4,194,304 endpoints and switches: too large to build");
    CHECK(refusal("Dragonfly", {{"Groups", "10"}}) ==
          "groups: 10 groups, but the a*h = 8 global links of a group reach only as many others: "
          "at most 9");
    CHECK(refusal("Planes", {}) == "plane: planes needs the fabric that is repeated: plane: {...}");
    CHECK(refusal("Rails", {}) == "network: rails needs the fabric of a rail: network: {...}");
    CHECK(refusal("Graph", {}) ==
          "nodes: the graph has no endpoint: at least one node needs type endpoint");

    auto planes = MakeBuilder("Planes", {{"Endpoints", "20"}});
    planes->SetChild("plane", MakeBuilder("FatTree", {{"Radix", "4"}, {"Levels", "3"}}));
    CHECK(Refusal([&] { planes->Build(); }) ==
          "endpoints: 20 endpoints, but a plane attaches 16 at most");
    CHECK(Refusal([&] { planes->SetChild("plan", planes); }) ==
          "plan: planes nests one fabric, plane");
    auto rails = MakeRails(9, 4, "4");
    CHECK(Refusal([&] { rails->Build(); }) ==
          "nodes: 9 nodes, but the network of a rail attaches 8 at most");
    rails->SetChild("node", MakeBuilder("SingleSwitch"));
    rails->SetAttribute("Nodes", StringValue("3"));
    CHECK(Refusal([&] { rails->Build(); }) ==
          "endpoints_per_node: the node fabric takes any number of endpoints: say how many a node "
          "has");
    CHECK(Refusal([&] { MakeBuilder("FatTree")->SetChild("plane", rails); }) ==
          "plane: this kind nests no fabric");
}
