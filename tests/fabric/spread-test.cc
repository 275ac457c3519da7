/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// One run in several processes leaves the figures of one process, all of them.

#include "engine/socket-exchange.h"
#include "fabric/fabric-spread.h"
#include "random-load.h"

#include <algorithm>
#include <array>
#include <doctest/doctest.h>
#include <string>
#include <tuple>
#include <unistd.h>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** @return what parameters are drawn from: such that much is held up. */
KnobOdds
MakeSpreadOdds()
{
    KnobOdds odds;
    odds.buffers = {2, 8, 40};
    odds.rates = {"", "256Gbps", "256Gbps"};
    odds.limitsWindow = {false, true};
    odds.window = {2, 12, 60};
    odds.outputSpeedups = {"1", "1", "2"};
    odds.queueings = {"voq", "voq", "voq", "fifo"};
    odds.arbiters = {"round_robin", "round_robin", "islip", "oldest_first", "wavefront"};
    odds.services = {"round_robin", "in_order"};
    odds.granularities = {"flow", "packet"};
    return odds;
}

/** A load on a fabric, both at random. */
struct Trial
{
    std::string kind; //!< Of the fabric
    Load load;        //!< What runs on it
    uint32_t seed;    //!< Of both
};

/** @return all figures of a trial in so many processes. */
std::string
RunTrial(const Trial& trial, uint32_t processes)
{
    const auto exchange = processes > 1 ? SocketExchange::Fork(processes) : nullptr;
    const bool isServer = exchange && exchange->GetProcess() != 0;
    const Simulation simulation;
    Dice dice(trial.seed);
    RandomFabric random;
    ChooseLayout(dice, trial.kind, random);
    ChooseKnobs(dice, trial.kind, MakeSpreadOdds(), random);
    TestFabric& test = random.knobs;
    test.seed = trial.seed;
    if (dice.Number(0, 3) == 0)
    {
        test.link.emplace_back("ErrorRate", "1e-5");
        test.link.emplace_back("Retry", "go_back_n");
    }
    test.measure.sampleInterval =
        trial.load.samples ? static_cast<Tick>(dice.Number(1000, 900000)) : 0;
    test.measure.linkLog = trial.load.samples;
    test.Build(random.layout, random.scopes);
    if (isServer)
    {
        try
        {
            test.fabric->Spread(*exchange).Run();
        }
        catch (const std::exception&)
        {
            _exit(1); // process 0 misses this one
        }
        _exit(0);
    }
    const RingFabric ring(test, trial.load, dice);
    const Tick stop = static_cast<Tick>(dice.Number(1, 10000000));
    if (trial.load.stops)
    {
        Simulator::Stop(PicoSeconds(static_cast<uint64_t>(stop)));
    }
    RunResults results;
    if (exchange)
    {
        EventClock().AnnounceFrom(test.announceFrom);
        test.fabric->Spread(*exchange).Run([&] {
            return EventWindows::EndHint{trial.load.stops ? stop : NEVER, false};
        });
        test.fabric->Collect(results);
    }
    else
    {
        results = test.Run();
    }
    std::ostringstream spans;
    std::sort(results.linkSpans.begin(), results.linkSpans.end(), [](const auto& a, const auto& b) {
        return std::tie(a.link, a.start) < std::tie(b.link, b.start);
    });
    for (const LinkSpanResult& span : results.linkSpans)
    {
        spans << span.link << ' ' << span.start << ' ' << span.end << '\n';
    }
    return Describe(results, test, ring) + spans.str();
}

} // namespace

TEST_SUITE_BEGIN("spread");

TEST_CASE("one run in several processes leaves the figures of one")
{
    const uint32_t trials = GetTrials("MTLINK_SPREAD_TRIALS", 2); // of each kind and load
    for (const std::string kind : {"single switch",
                                   "fat tree",
                                   "dragonfly",
                                   "dragonfly valiant",
                                   "torus",
                                   "hyperx",
                                   "planes",
                                   "planes of trees",
                                   "rails"})
    {
        for (const Load& load :
             {Load{6, 0, 0, false, false}, Load{4, 40, 0, false, true}, Load{6, 20, 0, true, true}})
        {
            for (uint32_t seed = 1; seed <= trials; ++seed)
            {
                const Trial trial{kind, load, seed};
                CAPTURE(kind);
                CAPTURE(load.intrude);
                CAPTURE(seed);
                const uint32_t processes = std::array{2, 3, 4, 8}[seed % 4];
                CAPTURE(processes);
                CHECK(FindDifference(RunTrial(trial, 1), RunTrial(trial, processes)) == "");
            }
        }
    }
}

TEST_SUITE_END();
