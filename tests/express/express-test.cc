/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Messages that have their way to themselves, and are no packets: who looks at each packet, by a
// trace, has them all as packets, and all figures must be the same.

#include "../fabric/random-load.h"
#include "../trace-sink.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** What a run leaves, in words, and how many events it took. */
struct Course
{
    std::string figures;
    uint64_t events{0};
};

/** @return what parameters are drawn from: such that messages often have room enough. */
KnobOdds
MakeOdds()
{
    KnobOdds odds;
    odds.buffers = {20, 400, 2000};
    odds.rates = {"", "256Gbps", "256Gbps"};
    odds.limitsWindow = {false, true};
    odds.window = {12, 60, 200};
    odds.outputSpeedups = {"1", "1", "1", "1", "2"};
    odds.queueings = {"voq", "voq", "voq", "voq", "fifo"};
    odds.arbiters = {"round_robin", "round_robin", "round_robin", "islip"};
    odds.services = {"round_robin", "in_order"};
    odds.granularities = {"flow"};
    return odds;
}

Course
RunLoad(uint32_t seed,
        const std::string& kind,
        const std::string& implementation,
        const Load& load,
        bool byExpress)
{
    const Simulation simulation(implementation);
    Dice dice(seed);
    RandomFabric random;
    ChooseLayout(dice, kind, random);
    ChooseKnobs(dice, kind, MakeOdds(), random);
    TestFabric& test = random.knobs;
    test.seed = seed;
    test.measure.sampleInterval = load.samples ? static_cast<Tick>(dice.Number(1000, 900000)) : 0;
    test.Build(random.layout, random.scopes);
    uint64_t hops = 0;
    if (!byExpress)
    {
        test.fabric->TraceConnectWithoutContext(
            "PacketHop",
            MakeSink<Callback<void, Time, uint32_t, uint32_t, uint32_t, uint32_t>>(
                [&hops](Time, uint32_t, uint32_t, uint32_t, uint32_t) { ++hops; }));
    }
    const RingFabric ring(test, load, dice);
    const auto links = static_cast<uint64_t>(test.fabric->GetTopology().GetLinks().size());
    for (uint32_t i = 0; i < load.faults; ++i)
    {
        const auto link = static_cast<uint32_t>(dice.Number(0, links - 1));
        LinkFault fault;
        fault.units = {{link, Topology::Reverse(link)}};
        fault.at = static_cast<Tick>(dice.Number(1, 15000000));
        fault.length = static_cast<Tick>(dice.Number(1, 5000000));
        fault.policy = dice.Pick({DownPolicy::REPLAY, DownPolicy::REROUTE, DownPolicy::DROP});
        test.fabric->AddFault(fault);
    }
    if (load.stops)
    {
        Simulator::Stop(PicoSeconds(dice.Number(1, 10000000)));
    }
    const RunResults results = test.Run();
    CHECK((byExpress || load.faults > 0 || hops == results.packetHops));
    return {Describe(results, test, ring) + std::to_string(test.fabric->GetPacketsInFlight()) +
                " in flight",
            Simulator::GetEventCount()};
}

} // namespace

TEST_SUITE_BEGIN("express");

TEST_CASE("messages that are no packets leave the same figures as packets")
{
    const uint32_t trials = GetTrials("MTLINK_EXPRESS_TRIALS", 2); // of each kind and load
    uint32_t runs = 0;
    uint32_t runsByExpress = 0; // in which much went so
    for (const std::string kind : {"single switch",
                                   "full mesh",
                                   "fat tree",
                                   "dragonfly",
                                   "torus",
                                   "hyperx",
                                   "planes",
                                   "planes of trees",
                                   "rails"})
    {
        for (const Load& load : {Load{6, 0, 0, false, false},
                                 Load{4, 6, 0, false, true},
                                 Load{3, 3, 2, false, false},
                                 Load{6, 2, 0, true, true}})
        {
            for (uint32_t seed = 1; seed <= trials; ++seed)
            {
                CAPTURE(kind);
                CAPTURE(load.intrude);
                CAPTURE(load.faults);
                CAPTURE(seed);
                const std::string implementation =
                    seed % 4 == 3 ? Simulation::DEFAULT : Simulation::FABRIC;
                const Course course = RunLoad(seed, kind, implementation, load, true);
                const Course packets = RunLoad(seed, kind, Simulation::FABRIC, load, false);
                CHECK(FindDifference(course.figures, packets.figures) == "");
                ++runs;
                runsByExpress += course.events < packets.events * 9 / 10 ? 1 : 0;
            }
        }
    }
    MESSAGE(runsByExpress, " of ", runs);
    CHECK(runsByExpress > runs / 10);
}

TEST_CASE("a message alone takes a few events, however long, and its closed form")
{
    for (const char* const levels : {"1", "2", "3"})
    {
        for (const uint64_t packets : {2, 3, 1000, 1000000})
        {
            const Simulation simulation;
            TestFabric test; // 512 Gb/s: a packet of 4 KiB takes 64 ns
            test.chip.emplace_back("Buffer", "65536");
            test.Build(MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", levels}}));
            test.Send(0, test.fabric->GetEndpoints() - 1, packets * 4096);
            const RunResults results = test.Run();
            const uint64_t hops = 2 * std::stoul(levels);
            CHECK(results.packetHops == packets * hops);
            CHECK(Simulator::GetEventCount() <= 4);
            const auto latency = static_cast<Tick>(hops * 10000 + (hops - 1) * 2000);
            CHECK(test.sent == std::vector<Delivery>{{0, static_cast<Tick>(packets) * 64000}});
            CHECK(test.delivered ==
                  std::vector<Delivery>{{0, static_cast<Tick>(packets) * 64000 + latency}});
        }
    }
}

TEST_CASE("who comes in the way finds on wires and in buffers what has left")
{
    // Both go to endpoint 2; the second comes to the switch while the first is on its way, and
    // from then on they take turns.
    const Simulation simulation;
    TestFabric test;
    test.chip.emplace_back("Buffer", "65536");
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "4"}}));
    test.Send(0, 2, 1000 * 4096, 1);
    Simulator::Schedule(PicoSeconds(100 * 64000 + 1), [&] { test.Send(1, 2, 10 * 4096, 2); });
    const RunResults results = test.Run();
    // Each of the ten waits for one of the other: 1,010 packets, one behind the other.
    const Tick latency = 10000 + 2000 + 10000;
    REQUIRE(test.delivered.size() == 2);
    CHECK(test.delivered[0] == Delivery{2, 120 * 64000 + latency});
    CHECK(test.delivered[1] == Delivery{1, 1010 * 64000 + latency});
    CHECK(results.packetHops == 2020);
    CHECK(test.fabric->CheckConservation() == "");
}

TEST_SUITE_END();
