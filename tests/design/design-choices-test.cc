/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design-trial.h"
#include "design/design-choices.h"
#include "design/design-list.h"
#include "design/design-search.h"
#include "design/design-tables.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fstream>
#include <map>
#include <set>
#include <string>

using namespace ns3::mtlink;

namespace
{

const std::string BARE = "endpoints: 12\n"
                         "chips: [{ports: 8, rate: 100Gbps}]\n"
                         "kinds: [fat_tree, dragonfly]\n"
                         "levels: [2]\n";

/** @return designs by kind. */
std::map<std::string, std::size_t>
CountKinds(const DesignList& list)
{
    std::map<std::string, std::size_t> counts;
    for (const Design& design : list.designs)
    {
        ++counts[design.network.kind];
    }
    return counts;
}

/** @return why a request can't be answered; "accepted" if it can. */
std::string
GetListRefusal(const std::string& text)
{
    const DesignFolder folder("choices-refusal");
    try
    {
        ListDesigns(folder.Load(text));
    }
    catch (const InputError& error)
    {
        return std::to_string(error.GetWhere().line) + ":" + error.GetMessage();
    }
    return "accepted";
}

} // namespace

TEST_SUITE_BEGIN("design");

TEST_CASE("Every design is made in each way that its kind takes")
{
    const DesignFolder folder("choices");
    const DesignList bare = ListDesigns(folder.Load(BARE));
    const DesignList list = ListDesigns(folder.Load(BARE + "choices:\n"
                                                           "  switch.queueing: [voq, fifo]\n"
                                                           "  switch.buffer: [64KiB, 128KiB]\n"
                                                           "  endpoint.packet: [1KiB]\n"));
    CHECK(list.designs.size() == 4 * bare.designs.size());
    std::set<std::string> ways;
    for (const Design& design : list.designs)
    {
        ways.insert(DescribeChoices(design.choices));
        const YamlNode* network = design.fabric.Find("plane");
        network = network ? network : &design.fabric;
        CHECK(network->Find("switch")->Find("queueing")->text == design.choices[0].value.text);
        CHECK(network->Find("switch")->Find("buffer")->text == design.choices[1].value.text);
        CHECK(design.fabric.Find("endpoint")->Find("packet")->text == "1KiB");
    }
    CHECK(ways.size() == 4);
    // What is chosen is paid for: twice the buffer is more area.
    CHECK(*GetDesignCost(list.designs[1], "cost_area_mm2") >
          *GetDesignCost(list.designs[0], "cost_area_mm2"));
}

TEST_CASE(
    "A key of which a kind takes no value is left out of it and a value of some kinds is of these")
{
    const DesignFolder folder("choices-kinds");
    const std::string space = "endpoints: 24\n" + BARE.substr(BARE.find("chips"));
    const auto bare = CountKinds(ListDesigns(folder.Load(space)));
    const std::string routed = space + "choices:\n"
                                       "  routing.algorithm: [valiant, ugal_l]\n"
                                       "  switch.vcs: [2, 4]\n";
    const DesignList list = ListDesigns(folder.Load(routed));
    auto counts = CountKinds(list);
    CHECK(counts["fat_tree"] == 2 * bare.at("fat_tree")); // by VCs alone
    CHECK(counts["dragonfly"] % bare.at("dragonfly") == 0);
    CHECK(counts["dragonfly"] >= bare.at("dragonfly"));
    CHECK(counts["dragonfly"] < 4 * bare.at("dragonfly")); // two VCs are too few
    CHECK(std::any_of(list.refusals.begin(), list.refusals.end(), [](const auto& refusal) {
        return refusal.second.kind == "dragonfly" &&
               refusal.second.what.find("switch.vcs 2") != std::string::npos;
    }));
    CHECK(std::none_of(list.refusals.begin(), list.refusals.end(), [](const auto& refusal) {
        return refusal.second.kind == "fat_tree" &&
               refusal.second.what.find("routing") != std::string::npos;
    }));
}

TEST_CASE(
    "A way that mode flow can't carry goes to packets, and a workload that is wrong is refused")
{
    const DesignFolder folder("choices-flow");
    const std::string text = "endpoints: 12\n"
                             "chips: [{ports: 6, rate: 100Gbps}]\n"
                             "kinds: [fat_tree, dragonfly]\n"
                             "choices:\n"
                             "  switch.vcs: [3]\n"
                             "  routing.algorithm: [minimal, ugal_l]\n"
                             "workloads: [{collective: all_to_all, algorithm: ";
    const DesignRequest request = folder.Load(text + "direct, size: 48KiB}]\n");
    const DesignList list = ListDesigns(request);
    // Of a tree it is told once that it takes no ugal_l, and nothing else is.
    const auto toldOfTrees = [](const auto& refusal) {
        return refusal.second.kind == "fat_tree" &&
               refusal.second.what.find("ugal_l") != std::string::npos;
    };
    CHECK(std::count_if(list.refusals.begin(), list.refusals.end(), toldOfTrees) == 1);
    const auto isRouted = [](const Design& design) {
        return DescribeChoices(design.choices).find("ugal_l") != std::string::npos;
    };
    CHECK(std::any_of(list.designs.begin(), list.designs.end(), isRouted));
    WriteDesigns(request, list, folder.At("out"));
    WriteDesigns(request, list, folder.At("all"));
    SearchOptions options;
    options.isExhaustive = true;
    const SearchOutcome all = SearchFront(request, list, folder.At("all"), options);
    const SearchOutcome some = SearchFront(request, list, folder.At("out"), {});
    CHECK(ListFront(all) == ListFront(some));
    CHECK(!ListFront(some).empty());
    for (std::size_t i = 0; i < list.designs.size(); ++i)
    {
        CHECK((all.designs[i].mode == LookMode::PACKET) !=
              (all.designs[i].status == FrontStatus::OUT));
    }
    CHECK_THROWS_AS(
        SearchFront(folder.Load(text + "bogus, size: 48KiB}]\n"), list, folder.At("out"), {}),
        InputError);
}

TEST_CASE("Choices that can't be are refused at their place")
{
    const std::string choices = BARE + "choices:\n  ";
    CHECK(GetListRefusal(choices + "switch.queueing: [voq, bogus]\n")
              .starts_with("6:no fabric of those asked for takes it: unknown queueing 'bogus'"));
    CHECK(GetListRefusal(choices + "routing.algorithm: [dimension_order]\n").starts_with("6:"));
    CHECK(
        GetListRefusal(choices + "workload.size: [1MiB]\n").find("is no key of a fabric's parts") !=
        std::string::npos);
    CHECK(GetListRefusal(choices + "switch: [{}]\n").find("is no key of a fabric's parts") !=
          std::string::npos);
    CHECK(GetListRefusal(choices + "link.rate: [1Gbps]\n").find("the chips' own") !=
          std::string::npos);
    CHECK(GetListRefusal("endpoints: 12\n"
                         "chips: [{ports: 8, rate: 100Gbps, buffer: 64KiB}]\n"
                         "kinds: [fat_tree]\n"
                         "choices: {switch.buffer: [1MiB]}\n")
              .find("given of chip") != std::string::npos);
    CHECK(GetListRefusal(choices + "switch.buffer: [64KiB, 64KiB]\n").find("a second time") !=
          std::string::npos);
}

TEST_CASE("The search tells chips apart by what was chosen for them")
{
    const DesignFolder folder("choices-search");
    // What 0 has for 3 waits behind what it has for 1, which others send to, unless queues are
    // apart.
    std::ofstream(folder.At("messages.csv")) << "start_ns,src,dst,bytes\n"
                                                "0,0,1,65536\n0,0,3,262144\n"
                                                "0,2,1,65536\n0,4,1,65536\n0,5,1,65536\n";
    const DesignRequest request = folder.Load("endpoints: 8\n"
                                              "chips: [{ports: 8, rate: 100Gbps}]\n"
                                              "kinds: [single_switch]\n"
                                              "choices: {switch.queueing: [fifo, voq]}\n"
                                              "fabric: {endpoint: {packet: 1024B}}\n"
                                              "workloads: [{trace: messages.csv}]\n"
                                              "objectives: [completion_time_ns]\n");
    const DesignList list = ListDesigns(request);
    REQUIRE(list.designs.size() == 2);
    WriteDesigns(request, list, folder.At("out"));
    const SearchOutcome outcome = SearchFront(request, list, folder.At("out"), {});
    const auto front = ListFront(outcome);
    REQUIRE(front.size() == 1);
    CHECK(DescribeChoices(list.designs[front[0]].choices) == "switch.queueing voq");
}

TEST_SUITE_END();
