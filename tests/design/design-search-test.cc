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

/** A space of a few dozen designs. */
const std::string SPACE = "endpoints: 12\n"
                          "chips:\n"
                          "  - {ports: 6, rate: 100Gbps}\n"
                          "  - {ports: 8, rate: 100Gbps}\n"
                          "kinds: [single_switch, fat_tree, dragonfly, hyperx, torus]\n"
                          "taper: [1, 2]\n"
                          "fabric: {endpoint: {packet: 1024B}}\n"
                          "workloads: [{collective: all_to_all, algorithm: direct, size: 48KiB}]\n";

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
    CHECK(some.outcome.packetHops < 0.7 * all.outcome.packetHops);
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

TEST_SUITE_END();
