/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design-trial.h"
#include "design/design-search.h"
#include "design/design-tables.h"

#include <doctest/doctest.h>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

using namespace ns3::mtlink;

namespace
{

/** A space of a score of designs: each of their runs is a process, which sanitizers make slow. */
const std::string SPACE =
    "endpoints: 12\n"
    "chips: [{ports: 7, rate: 100Gbps}]\n"
    "kinds: [single_switch, fat_tree, dragonfly, hyperx, torus]\n"
    "taper: [1, 2]\n"
    "fabric: {endpoint: {packet: 1024B}}\n"
    "workloads: [{collective: all_to_all, algorithm: pairwise, size: 48KiB}]\n";

/** What a search in a folder of its own finds. */
struct Found
{
    SearchOutcome outcome;
    std::set<std::string> front; //!< Names
};

Found
Search(const DesignFolder& folder,
       const std::string& text,
       const std::string& name,
       bool isExhaustive,
       bool resume = false)
{
    const DesignRequest request = folder.Load(text);
    const DesignList list = ListDesigns(request);
    WriteDesigns(request, list, folder.At(name));
    SearchOptions options;
    options.processes = 2;
    options.isExhaustive = isExhaustive;
    options.resume = resume;
    Found found;
    found.outcome = SearchFront(request, list, folder.At(name), options);
    WriteFront(request, list, found.outcome, folder.At(name));
    for (const std::size_t i : ListFront(found.outcome))
    {
        CHECK(found.outcome.designs[i].mode ==
              (request.isFlowClosest ? LookMode::FLOW : LookMode::PACKET));
        found.front.insert(list.designs[i].name);
    }
    return found;
}

} // namespace

TEST_SUITE_BEGIN("design");

TEST_CASE("The search finds the front of all designs in packets with fewer packets")
{
    const DesignFolder folder("front");
    const Found all = Search(folder, SPACE, "all", true);
    const Found some = Search(folder, SPACE, "some", false);
    CHECK(all.front.size() > 1);
    CHECK(some.front == all.front);
    CHECK(some.outcome.packetHops < 0.5 * all.outcome.packetHops);
    // Each column has a name of its own.
    std::ifstream table(folder.At("some/front.csv"));
    std::string head;
    std::getline(table, head);
    std::istringstream names(head);
    std::set<std::string> seen;
    for (std::string name; std::getline(names, name, ',');)
    {
        CHECK(seen.insert(name).second);
    }
    CHECK(seen.contains("completion_time_ns"));
    // No quick figure was off by more than its error, and no bound was beaten.
    for (std::size_t i = 0; i < all.outcome.designs.size(); ++i)
    {
        const SearchedDesign& quick = some.outcome.designs[i];
        const double packets = *all.outcome.designs[i].figures[1];
        const double error = quick.mode != LookMode::FLOW              ? 0
                             : quick.fidelity == Fidelity::APPROXIMATE ? 0.3
                                                                       : 0.01;
        CAPTURE(i);
        if (quick.mode == LookMode::PACKET)
        {
            CHECK(*quick.figures[1] == packets);
        }
        else
        {
            CHECK(*quick.figures[1] * (1 - error) <= packets);
        }
    }
}

TEST_CASE("The cheapest design within a limit is found and found again")
{
    const DesignFolder folder("target");
    const std::string text = SPACE + "objectives: [cost_power_W]\n"
                                     "target: {figure: completion_time_ns, within: 20 %}\n";
    const Found all = Search(folder, text, "all", true);
    const Found some = Search(folder, text, "some", false);
    CHECK(!all.front.empty());
    CHECK(some.front == all.front);
    REQUIRE(some.outcome.reference);
    const double full = *some.outcome.designs[*some.outcome.reference].figures[1];
    for (const std::size_t i : ListFront(some.outcome))
    {
        CHECK(*some.outcome.designs[i].figures[1] <= 1.2 * full);
    }
    const Found again = Search(folder, text, "some", false, true);
    CHECK(again.front == some.front);
    CHECK(again.outcome.packetHops == some.outcome.packetHops);
}

TEST_CASE("Looked at no closer than by flows the front is that of all designs by flows")
{
    const DesignFolder folder("flows");
    const std::string text = SPACE + "closest: flow\n"
                                     "target: {figure: completion_time_ns, within: 50 %}\n";
    const Found all = Search(folder, text, "all", true);
    const Found some = Search(folder, text, "some", false);
    CHECK(!all.front.empty());
    CHECK(some.front == all.front);
    CHECK(some.outcome.packetHops == 0);
    for (std::size_t i = 0; i < all.outcome.designs.size(); ++i)
    {
        CHECK(all.outcome.designs[i].mode != LookMode::PACKET);
        CHECK(DescribeStatus(some.outcome.designs[i]) != "may be on the front");
    }
}

TEST_CASE("A search whose time is over says what may be on the front")
{
    const DesignFolder folder("budget");
    const DesignRequest request = folder.Load(SPACE + "budget: 1ms\n");
    const DesignList list = ListDesigns(request);
    WriteDesigns(request, list, folder.At("out"));
    const SearchOutcome outcome = SearchFront(request, list, folder.At("out"), {});
    CHECK(outcome.isOverBudget);
    CHECK(DescribeStatus(outcome.designs.front()) == "may be on the front");
}

TEST_CASE("The front at other costs is that of a request with those costs")
{
    const std::string space = "endpoints: 8\n"
                              "chips: [{ports: 4, rate: 100Gbps}, {ports: 6, rate: 100Gbps}]\n"
                              "kinds: [fat_tree, hyperx, torus]\n"
                              "closest: flow\n"
                              "workloads: [{collective: all_to_all, size: 64KiB}]\n";
    const DesignFolder folder("sensitivity");
    const Found found = Search(folder, space + "sensitivity: 2.5\n", "sensitivity", false);
    const std::vector<std::size_t> front = ListFront(found.outcome);
    std::size_t changed = 0;
    std::set<std::string> keys;
    for (const FrontVariant& variant : found.outcome.variants)
    {
        CHECK(variant.isDecided);
        keys.insert(variant.assumption);
        changed += variant.front == front ? 0 : 1;
        if (variant.assumption == "cost.copper_reach" || variant.assumption == "cost.chip_power")
        {
            // value times factor, as the file would have it
            const bool isLess = variant.factor < 1;
            const std::string value = variant.assumption == "cost.copper_reach"
                                          ? (isLess ? "copper_reach: 1.2m" : "copper_reach: 7.5m")
                                          : (isLess ? "chip_power: 4" : "chip_power: 25");
            const Found other =
                Search(folder, space + "cost: {" + value + "}\n", "other-" + value, false);
            CAPTURE(value);
            CHECK(variant.front == ListFront(other.outcome));
            REQUIRE(!variant.front.empty());
            CHECK(variant.best ==
                  doctest::Approx(*other.outcome.designs[variant.front[0]].figures.front()));
        }
    }
    CHECK(keys.size() == 19); // the technology's figures; no price was given
    CHECK(changed > 0);
    // The front that was asked for is what it is without.
    CHECK(front == ListFront(Search(folder, space, "alone", false).outcome));
}

TEST_CASE("Scenarios and sensitivity that would show nothing are refused at their place")
{
    const std::string space =
        "endpoints: 6\nchips: [{ports: 4, rate: 100Gbps}]\nkinds: [fat_tree]\n";
    const std::string load = space + "workloads: [{collective: all_to_all, size: 24KiB}]\n";
    CHECK(GetDesignRefusal(space + "sensitivity: 2\n")
              .starts_with("4:14: error: 'sensitivity' is of runs"));
    CHECK(GetDesignRefusal(load + "sensitivity: 1\n")
              .starts_with("5:14: error: assumed costs are divided"));
    CHECK(GetDesignRefusal(load + "objectives: [completion_time_ns]\nsensitivity: 2\n")
              .starts_with("6:14: error: no objective and no target is a figure of cost"));
    CHECK(GetDesignRefusal(space + "scenarios: {workload.repeat: [1]}\n")
              .starts_with("4:12: error: 'scenarios' is of runs"));
    CHECK(GetDesignRefusal(load + "scenarios: {workload: [{}]}\n")
              .starts_with("5:13: error: what designs must stand are 'workloads'"));
    CHECK(GetDesignRefusal(load + "scenarios: {fabric.link.latency: [1us]}\n")
              .starts_with("5:13: error: the fabric is what is asked for"));
    CHECK(GetDesignRefusal(load + "scenarios: {simulation.mode: [flow]}\n")
              .starts_with("5:13: error: 'simulation.mode' is the search's"));
}

TEST_CASE("Designs must stand their workloads under every scenario")
{
    const std::string space = "endpoints: 6\n"
                              "chips: [{ports: 4, rate: 100Gbps}]\n"
                              "kinds: [fat_tree, hyperx]\n"
                              "dimensions: [1]\n"
                              "fabric: {endpoint: {packet: 1024B}}\n"
                              "workloads: [{collective: all_to_all, size: 24KiB}]\n"
                              "aggregate: worst\n";
    const std::string faults = "scenarios:\n"
                               "  faults: [[], [{links: all, mtbf: 3us, mttr: 2us}]]\n"
                               "  workload.repeat: [1, 2]\n";
    const DesignFolder folder("scenarios");
    const Found all = Search(folder, space + faults, "all", true);
    const Found some = Search(folder, space + faults, "some", false);
    const Found calm = Search(folder, space + "scenarios: {workload.repeat: [2]}\n", "calm", true);
    CHECK(some.front == all.front);
    // The worst is what takes twice as long and has faults, and no better than it is without.
    const std::size_t time = 1;
    REQUIRE(all.outcome.figures[time] == "completion_time_ns");
    for (std::size_t i = 0; i < all.outcome.designs.size(); ++i)
    {
        CHECK(*all.outcome.designs[i].figures[time] > *calm.outcome.designs[i].figures[time]);
    }
}

TEST_SUITE_END();
