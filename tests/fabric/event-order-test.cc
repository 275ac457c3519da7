/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What happens at one instant happens in an order of its own: not in that in which it was
// scheduled.

#include "../trace-sink.h"
#include "random-fabric.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** What of a run must be the same. */
struct Course
{
    /** When, on which link, from whom to whom, bytes; by these. */
    std::vector<std::tuple<Tick, uint32_t, uint32_t, uint32_t, uint32_t>> hops;
    std::vector<std::pair<uint64_t, Tick>> delivered; //!< Message and time, by message
    std::vector<Tick> stalls;                         //!< By link

    bool operator==(const Course&) const = default;
};

/** @return what parameters are drawn from: such that much happens at one time. */
KnobOdds
MakeOdds()
{
    KnobOdds odds;
    odds.buffers = {2, 8};
    odds.rates = {"256Gbps"};
    odds.limitsWindow = {false, true};
    odds.window = {12};
    odds.outputSpeedups = {"1", "1", "2"};
    odds.queueings = {"voq", "voq", "fifo", "output"};
    odds.arbiters = {"round_robin", "round_robin", "islip", "oldest_first"};
    odds.services = {"round_robin", "in_order"};
    odds.granularities = {"packet", "flow"};
    return odds;
}

/**
 * Run a load that begins in rounds, in each of which all endpoints send at once.
 * @param [in] seed Of everything.
 * @param [in] kind Of the fabric.
 * @param [in] implementation Of the simulator.
 * @param [in] firstSource Is told to send first in each round, then those behind it, round.
 */
Course
RunRounds(uint32_t seed,
          const std::string& kind,
          const std::string& implementation,
          uint32_t firstSource)
{
    const Simulation simulation(implementation);
    Dice dice(seed);
    RandomFabric random;
    ChooseLayout(dice, kind, random);
    ChooseKnobs(dice, kind, MakeOdds(), random);
    TestFabric& test = random.knobs;
    test.seed = seed;
    if (std::find(test.chip.begin(),
                  test.chip.end(),
                  std::pair<std::string, std::string>("Queueing", "output")) != test.chip.end())
    {
        // A memory, and no crossbar.
        std::erase_if(test.chip, [](const auto& value) {
            return value.first == "Arbiter" || value.first.find("put") != std::string::npos;
        });
        test.chip.emplace_back("SharedBuffer", "100000");
    }
    test.Build(random.layout, random.scopes);
    Course course;
    test.fabric->TraceConnectWithoutContext(
        "PacketHop",
        MakeSink<Callback<void, Time, uint32_t, uint32_t, uint32_t, uint32_t>>(
            [&course](Time start, uint32_t link, uint32_t src, uint32_t dst, uint32_t payload) {
                course.hops.emplace_back(start.GetPicoSeconds(), link, src, dst, payload);
            }));
    const uint32_t n = test.fabric->GetEndpoints();
    const uint64_t bytes = dice.Number(1, 40000);
    for (uint64_t round = 0; round < 3; ++round)
    {
        const uint64_t step = dice.Number(1, n - 1);
        Simulator::Schedule(PicoSeconds(round * 1000000),
                            [&test, n, step, bytes, round, firstSource] {
                                for (uint32_t i = 0; i < n; ++i)
                                {
                                    const uint32_t src = (firstSource + i) % n;
                                    const auto dst = static_cast<uint32_t>((src + step) % n);
                                    test.Send(src, dst, bytes, round * n + src, src * n + dst);
                                }
                            });
    }
    const RunResults results = test.Run();
    std::sort(course.hops.begin(), course.hops.end());
    for (const Delivery& delivery : test.delivered)
    {
        course.delivered.emplace_back(delivery.cookie, delivery.at);
    }
    std::sort(course.delivered.begin(), course.delivered.end());
    for (const LinkResult& link : results.links)
    {
        course.stalls.push_back(link.creditStall);
    }
    CHECK(course.delivered.size() == 3 * n);
    CHECK(test.fabric->CheckConservation() == "");
    return course;
}

} // namespace

TEST_SUITE_BEGIN("event order");

TEST_CASE("who is told first, and which simulator runs, makes no difference at one instant")
{
    const uint32_t trials = GetTrials("MTLINK_ORDER_TRIALS", 4); // of each kind
    for (const std::string kind : {"single switch",
                                   "full mesh",
                                   "fat tree",
                                   "dragonfly",
                                   "dragonfly valiant",
                                   "torus",
                                   "hyperx",
                                   "planes",
                                   "planes of trees",
                                   "rails"})
    {
        for (uint32_t seed = 1; seed <= trials; ++seed)
        {
            CAPTURE(kind);
            CAPTURE(seed);
            const Course course = RunRounds(seed, kind, Simulation::FABRIC, 0);
            CHECK(course == RunRounds(seed, kind, Simulation::DEFAULT, 0));
            CHECK(course == RunRounds(seed, kind, Simulation::FABRIC, 1 + seed));
        }
    }
}

TEST_SUITE_END();
