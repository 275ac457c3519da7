/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/partition.h"
#include "random-fabric.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <numeric>
#include <string>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** @return how soon what happens at one end of a link is heard of at the other. */
Tick
GetReach(const MtlinkFabric& fabric, uint32_t link)
{
    const LinkProfile& profile = *fabric.GetLinkProfile(link);
    return std::min(ToTicks(profile.GetLatency()), ToTicks(profile.GetCreditLatency()));
}

} // namespace

TEST_SUITE_BEGIN("spread");

TEST_CASE("a partition gives each node to one process and its lookahead holds on every cut link")
{
    for (const std::string kind : {"single switch", "fat tree", "dragonfly", "torus", "rails"})
    {
        for (uint32_t seed = 1; seed <= 10; ++seed)
        {
            CAPTURE(kind);
            CAPTURE(seed);
            const Simulation simulation;
            Dice dice(seed);
            RandomFabric random;
            ChooseLayout(dice, kind, random);
            random.knobs.link = {{"Rate", "512Gbps"}, {"Latency", dice.Text(1, 300000, "ps")}};
            random.knobs.Build(random.layout, random.scopes);
            const MtlinkFabric& fabric = *random.knobs.fabric;
            const Topology& topology = fabric.GetTopology();
            const auto processes = static_cast<uint32_t>(dice.Number(2, 5));
            const Partition partition = fabric.FindPartition(processes);
            REQUIRE(partition.processOf.size() == topology.GetNodes());
            for (uint32_t node = 0; node < topology.GetNodes(); ++node)
            {
                CHECK(partition.processOf[node] < processes);
                CHECK((!topology.IsEndpoint(node) || partition.processOf[node] == 0));
            }
            uint32_t cut = 0;
            Tick least = NEVER;
            for (uint32_t link = 0; link < topology.GetLinks().size(); ++link)
            {
                const Topology::Link& ends = topology.GetLinks()[link];
                if (partition.processOf[ends.from] != partition.processOf[ends.to])
                {
                    ++cut;
                    least = std::min(least, GetReach(fabric, link));
                }
            }
            CHECK(partition.cutLinks == cut);
            CHECK(partition.lookahead == least);
            // All work is somebody's, and what is cut is more of it.
            const double sum =
                std::accumulate(partition.shares.begin(), partition.shares.end(), 0.);
            CHECK(sum >= doctest::Approx(1));
            CHECK((cut > 0 || sum == doctest::Approx(1)));
        }
    }
}

TEST_CASE("each of two processes has about half of a fat tree")
{
    const Simulation simulation;
    TestFabric test;
    test.Build(MakeLayout("FatTree", {{"Radix", "8"}, {"Levels", "3"}}));
    const Partition partition = test.fabric->FindPartition(2);
    CHECK(partition.shares[0] < 0.6);
    CHECK(partition.shares[1] < 0.6);
}

TEST_CASE("short links are not cut where long ones do")
{
    // Leaves near their endpoints, spines far away.
    const Simulation simulation;
    TestFabric test;
    test.links = {{"level1", {{"Latency", "1us"}}}};
    test.Build(MakeLayout("FatTree", {{"Down", "2,8"}, {"Up", "1,8"}}));
    const Partition partition = test.fabric->FindPartition(2);
    CHECK(partition.cutLinks > 0);
    CHECK(partition.lookahead == 1000000);
}

TEST_CASE("what several processes can't know of is refused")
{
    const Simulation simulation;
    TestFabric shared;
    shared.chip.emplace_back("SharedBuffer", "100000");
    shared.Build(MakeLayout("SingleSwitch", {{"Endpoints", "4"}}));
    CHECK_THROWS_WITH_AS(shared.fabric->FindPartition(2),
                         doctest::Contains("share a buffer"),
                         ParameterError);
    TestFabric global;
    global.routing = {{"Algorithm", "ugal_g"}};
    global.chip.emplace_back("Vcs", "3");
    global.Build(MakeLayout("Dragonfly", {{"P", "2"}, {"A", "2"}, {"H", "1"}}));
    CHECK_THROWS_WITH_AS(global.fabric->FindPartition(2),
                         doctest::Contains("all switches at once"),
                         ParameterError);
    TestFabric faulty;
    faulty.Build(MakeLayout("SingleSwitch", {{"Endpoints", "4"}}));
    LinkFault fault;
    fault.units = {{0}};
    fault.at = 1000;
    faulty.fabric->AddFault(fault);
    CHECK_THROWS_WITH_AS(faulty.fabric->FindPartition(2),
                         doctest::Contains("faults"),
                         ParameterError);
}

TEST_SUITE_END();
