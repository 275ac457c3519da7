/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../simulation.h"
#include "design-trial.h"
#include "design/design-list.h"
#include "design/design-tables.h"
#include "experiment/fabric-loader.h"
#include "experiment/run.h"
#include "topology/topology-check.h"

#include <algorithm>
#include <cstdint>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <set>
#include <string>

using namespace ns3::mtlink;

namespace
{

/** What the graph of a design must have in common with what was counted. */
void
CheckGraph(const DesignRequest& request, const Design& design)
{
    CAPTURE(design.name);
    CAPTURE(DescribeNetwork(design));
    const FabricDescription description = DescribeFabric(ResolveFabric(design.fabric));
    const Topology topology = description.builder->Build();
    CHECK(topology.GetEndpoints() == request.endpoints);
    CHECK(topology.GetSwitches() == design.chips + design.nodeChips);
    CHECK(topology.GetLinks().size() == 2 * design.CountCables());
    CHECK_NOTHROW(CheckConnected(topology));
    uint64_t ports = 0;
    uint64_t mostPorts = 0;
    std::map<std::string, uint64_t> cables;
    for (uint32_t node = topology.GetEndpoints(); node < topology.GetNodes(); ++node)
    {
        const uint32_t scope = topology.GetDomains()[topology.GetSwitchDomain(node)].scope;
        if (design.nodes == 0 || description.scopes[scope].path.starts_with("network"))
        {
            ports += topology.GetOutLinks(node).size();
            mostPorts = std::max<uint64_t>(mostPorts, topology.GetOutLinks(node).size());
        }
    }
    for (const auto& link : topology.GetLinks())
    {
        const LinkClass& cls = topology.GetLinkClasses()[link.cls];
        const bool isOfNode =
            design.nodes > 0 && !description.scopes[cls.scope].path.starts_with("network");
        ++cables[isOfNode ? "node" : cls.name];
    }
    const uint32_t chipPorts = request.chips[design.chip].ports;
    CHECK(mostPorts <= chipPorts);
    CHECK(mostPorts <= design.network.size.ports);
    CHECK(design.portsLeft == design.chips * chipPorts - ports);
    for (const CableKind& some : design.cables)
    {
        CAPTURE(some.cls);
        CHECK(cables[some.cls] == 2 * some.cables);
    }
}

/** @return the check of a design by the product, as `mtlink check` has it. */
CheckResult
Check(const Design& design)
{
    return CheckExperiment(ReadFabricOnly(design.fabric, design.name), true);
}

/** Whether half of the endpoints can send to the other half at full rate, whatever the halves. */
bool
HasFullBisection(const Design& design)
{
    if (design.network.taper != 1 || design.nodes > 0)
    {
        return false;
    }
    const bool isTree = design.network.kind == "fat_tree" || design.network.kind == "single_switch";
    return isTree;
}

} // namespace

TEST_SUITE_BEGIN("design");

TEST_CASE("What is listed is built as counted and its routes can not deadlock")
{
    const DesignFolder folder("list");
    for (const auto& [endpoints, ports] :
         {std::pair{12, 6}, std::pair{16, 8}, std::pair{21, 9}, std::pair{40, 12}})
    {
        const DesignRequest request = folder.Load(
            fmt::format("endpoints: {}\n"
                        "chips: [{{ports: {}, rate: 100Gbps}}]\n"
                        "kinds: [single_switch, fat_tree, dragonfly, hyperx, torus, planes]\n"
                        "taper: [1, 2, [1, 2]]\n"
                        "levels: [2, 3, 4]\n"
                        "dimensions: [1, 2, 3]\n"
                        "wirings: [palmtree, absolute, circulant]\n"
                        "planes: [2]\n",
                        endpoints,
                        ports));
        const DesignList list = ListDesigns(request);
        std::set<std::string> kinds;
        std::set<std::string> names;
        for (const Design& design : list.designs)
        {
            CHECK(names.insert(design.name).second);
            CheckGraph(request, design);
            if (design.planes > 1 && !kinds.insert("planes " + design.network.kind).second)
            {
                continue; // a plane is proved by itself
            }
            kinds.insert(design.network.kind);
            const Simulation simulation;
            const CheckResult check = Check(design);
            CAPTURE(design.name);
            CAPTURE(DescribeNetwork(design));
            CHECK(check.isProved);
            CHECK(check.isDeadlockFree);
            if (HasFullBisection(design))
            {
                CHECK(check.bisectionBitRate ==
                      request.endpoints / 2 * design.planes * 100'000'000'000);
            }
        }
        CHECK(kinds.count("dragonfly") + kinds.count("hyperx") + kinds.count("torus") == 3);
    }
}

TEST_CASE("Rails of nodes are built as counted, with planes of networks too")
{
    const DesignFolder folder("rails");
    for (const std::string node : {"{kind: full_mesh, endpoints: 4}",
                                   "{kind: planes, endpoints: 4, planes: 3, plane: {kind: "
                                   "single_switch}}"})
    {
        const DesignRequest request = folder.Load("endpoints: 48\n"
                                                  "nodes_of: " +
                                                  node +
                                                  "\n"
                                                  "chips: [{ports: 8, rate: 100Gbps}]\n"
                                                  "kinds: [fat_tree, dragonfly, hyperx, torus, "
                                                  "planes, rails]\n"
                                                  "planes: [2]\n");
        const DesignList list = ListDesigns(request);
        CHECK(list.designs.size() > 4);
        for (const Design& design : list.designs)
        {
            CHECK(design.nodes == 12);
            CHECK(design.rails == 4);
            CheckGraph(request, design);
        }
        const Simulation simulation;
        CHECK(Check(list.designs.front()).isDeadlockFree);
    }
}

TEST_CASE("A design of no ports left over costs what the cost model says of its graph")
{
    const DesignFolder folder("cost");
    const DesignRequest request = folder.Load("endpoints: 128\n"
                                              "chips: [{ports: 8, rate: 100Gbps, price: 10}]\n"
                                              "kinds: [fat_tree]\n"
                                              "levels: [3]\n"
                                              "money: {copper_cable: 1, optical_cable: 2, "
                                              "optical_module: 4, metre: 0.5}\n");
    const DesignList list = ListDesigns(request);
    const Design& design = list.designs.front();
    CHECK(design.portsLeft == 0);
    const Simulation simulation;
    const CheckResult check = Check(design);
    CHECK(design.cost.GetPower() == doctest::Approx(check.cost.GetPower()));
    CHECK(design.cost.GetArea() == doctest::Approx(check.cost.GetArea()));
    CHECK(design.cost.opticalCables == check.cost.opticalCables);
    CHECK(design.cost.opticalCables == 256); // of 10 m and 30 m
    // 80 chips; 128 cables of 2 m, 128 of 10 m, 128 of 30 m.
    CHECK(*design.money ==
          doctest::Approx(80 * 10 + 128 * (1 + 1.0) + 128 * (2 + 8 + 5) + 128 * (2 + 8 + 15)));
}

TEST_CASE("A card's rate says how many planes of which chip there may be")
{
    const DesignFolder folder("rate");
    const DesignList list = ListDesigns(folder.Load("endpoints: 32\n"
                                                    "endpoint_rate: 800Gbps\n"
                                                    "chips:\n"
                                                    "  - {ports: 64, rate: 400Gbps}\n"
                                                    "  - {ports: 32, rate: 800Gbps}\n"
                                                    "  - {ports: 32, rate: 300Gbps}\n"
                                                    "kinds: [single_switch, planes]\n"
                                                    "planes: [2, 4]\n"));
    REQUIRE(list.designs.size() == 2);
    CHECK(list.designs[0].chip == 0);
    CHECK(list.designs[0].planes == 2);
    CHECK(list.designs[1].chip == 1);
    CHECK(list.designs[1].planes == 1);
    CHECK(list.refusals.size() == 1);
}

TEST_CASE("Parameters of chips, cables and all fabrics reach the fabric that is written")
{
    const DesignFolder folder("parameters");
    const DesignRequest request =
        folder.Load("endpoints: 16\n"
                    "chips: [{ports: 8, rate: 100Gbps, buffer: 32KiB, switch: {vcs: 3}}]\n"
                    "kinds: [fat_tree, dragonfly]\n"
                    "levels: [2]\n"
                    "cables: {level1: 25m}\n"
                    "fabric:\n"
                    "  link: {flit: 32B}\n"
                    "  links: {global: {length: 7m}, endpoint: {length: 1m}}\n"
                    "  switch: {vcs: 2, latency: 300ns}\n"
                    "  endpoint: {packet: 2048B}\n");
    const DesignList list = ListDesigns(request);
    const Design& design = list.designs.front();
    REQUIRE(design.network.kind ==
            "fat_tree"); // has no global links: what is said of them is not for it
    const FabricDescription description = DescribeFabric(ResolveFabric(design.fabric));
    CHECK(description.scopes[0].chip->GetVcs() == 3); // the chip knows best
    CHECK(description.scopes[0].chip->GetBuffer() == 32 * 1024);
    CHECK(description.scopes[0].link->GetFlit() == 32);
    CHECK(*description.scopes[0].links.at("endpoint")->GetLength() == 1);
    CHECK(*description.scopes[0].links.at("level1")->GetLength() == 25);
    CHECK(description.endpoint->GetPacket() == 2048);
}

TEST_CASE("Fabrics of designs are files that are read to the same and old ones go")
{
    const DesignFolder folder("files");
    const DesignRequest request = folder.Load("endpoints: 16\n"
                                              "chips: [{ports: 8, rate: 100Gbps}]\n"
                                              "kinds: [fat_tree, torus]\n");
    const DesignList list = ListDesigns(request);
    std::filesystem::create_directories(folder.At("out/designs"));
    std::ofstream(folder.At("out/designs/9999-old.yaml")) << "kind: torus\n";
    std::ofstream(folder.At("out/designs/mine.yaml")) << "kind: torus\n";
    WriteDesigns(request, list, folder.At("out"));
    CHECK(!std::filesystem::exists(folder.At("out/designs/9999-old.yaml")));
    CHECK(std::filesystem::exists(folder.At("out/designs/mine.yaml")));
    for (const Design& design : list.designs)
    {
        const std::string file = folder.At("out/designs/" + design.name + ".yaml");
        CHECK(WriteYaml(LoadYaml(file)) == WriteYaml(design.fabric));
    }
}

TEST_CASE("What a request lacks or has wrong is refused at its place")
{
    const std::string chips = "chips: [{ports: 8, rate: 100Gbps}]\n";
    CHECK(GetDesignRefusal(chips + "kinds: fat_tree\n")
              .find("1:1: error: design lacks the key 'endpoints'") == 0);
    CHECK(GetDesignRefusal("endpoints: 16\n" + chips + "kinds: [fat_tree, mesh]\n")
              .find("3:19: error: ") == 0);
    CHECK(GetDesignRefusal("endpoints: 16\n" + chips + "kinds: [planes]\n")
              .find("3:8: error: planes and rails are of networks") == 0);
    CHECK(GetDesignRefusal("endpoints: 16\n" + chips + "kinds: [fat_tree, rails]\n")
              .find("3:8: error: rails join nodes") == 0);
    CHECK(GetDesignRefusal("endpoints: 16\n" + chips + "kinds: [fat_tree]\nplanes: [2]\n")
              .find("4:9: error: 'kinds' lacks planes") == 0);
    CHECK(GetDesignRefusal("endpoints: 16\nchips: [{ports: 8}]\nkinds: [fat_tree]\n")
              .find("2:9: error: ") == 0);
    CHECK(GetDesignRefusal("endpoints: 16\n" + chips +
                           "kinds: [fat_tree]\nobjectives: [completion_time_ns]\n")
              .find("4:13: error: completion_time_ns is of runs") == 0);
    CHECK(GetDesignRefusal("endpoints: 16\n" + chips +
                           "kinds: [fat_tree]\nobjectives: [cost_money]\n")
              .find("4:13: error: no price is known here") == 0);
    for (const std::string key :
         {"taper: [2]", "levels: [3]", "dimensions: [2]", "wirings: [absolute]"})
    {
        CAPTURE(key);
        CHECK(GetDesignRefusal("endpoints: 8\n" + chips + "kinds: [single_switch]\n" + key + "\n")
                  .find("which 'kinds' lacks") != std::string::npos);
    }
    CHECK(GetDesignRefusal("endpoints: 16\n" + chips +
                           "kinds: [fat_tree]\nworkloads: [{collective: barrier}]\n"
                           "closest: flow\nerrors: {fair: 2 %}\n")
              .find("6:9: error: with 'closest: flow'") == 0);
    const DesignFolder lengths("lengths");
    const DesignRequest wrong =
        lengths.Load("endpoints: 16\n" + chips + "kinds: [fat_tree]\ncables: {levl1: 5m}\n");
    CHECK_THROWS_WITH_AS(ListDesigns(wrong),
                         doctest::Contains("class 'levl1'; there are endpoint, level1"),
                         InputError);
    for (const std::string key :
         {"seeds: [2]", "aggregate: worst", "closest: flow", "budget: 5min"})
    {
        CAPTURE(key);
        CHECK(GetDesignRefusal("endpoints: 16\n" + chips + "kinds: [fat_tree]\n" + key + "\n")
                  .find("is of runs: give 'workloads'") != std::string::npos);
    }
    CHECK(GetDesignRefusal("endpoints: 16\n" + chips + "kinds: [fat_tree]\nbudgets: 5min\n")
              .find("4:1: error: ") == 0);
    CHECK(GetDesignRefusal("endpoints: 16\n" + chips +
                           "kinds: [fat_tree]\nworkloads: [{collective: all_reduce}]\n"
                           "target: {figure: completion_time_ns}\n")
              .find("5:9: error: a target is") == 0);
}

TEST_CASE("A request that nothing answers is refused with the reason")
{
    const DesignFolder folder("nothing");
    const DesignRequest request = folder.Load("endpoints: 1000\n"
                                              "chips: [{ports: 8, rate: 100Gbps}]\n"
                                              "kinds: [fat_tree]\n"
                                              "levels: [2]\n");
    CHECK_THROWS_WITH_AS(ListDesigns(request),
                         doctest::Contains("nothing can be built; fat_tree from chips of 8 ports"),
                         InputError);
}

TEST_CASE("Settings of a class of links that no fabric has are refused at their place")
{
    const DesignFolder folder("class");
    const std::string text = "endpoints: 16\n"
                             "chips: [{ports: 8, rate: 100Gbps}]\n"
                             "kinds: [fat_tree]\n";
    for (const char* key : {"cables: {level1: 3m, global: 10m}",
                            "fabric: {links: {level1: {length: 3m}, global: {length: 10m}}}"})
    {
        CAPTURE(key);
        const DesignRequest request = folder.Load(text + key + "\n");
        CHECK_THROWS_WITH_AS(ListDesigns(request), doctest::Contains("class 'global'"), InputError);
    }
}

TEST_SUITE_END();
