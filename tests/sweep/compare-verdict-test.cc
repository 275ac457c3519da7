/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/compare-verdict.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** A run of a collective that takes so long. */
StoredRun
MakeRun(Tick duration, uint64_t bytes = 4096)
{
    StoredRun run;
    run.results.complete = true;
    run.results.completionTime = duration;
    run.results.payloadBytesDelivered = bytes;
    run.results.collectives.resize(1);
    run.results.collectives[0].name = "all_reduce";
    run.results.collectives[0].bytes = bytes;
    run.results.collectives[0].start = 0;
    run.results.collectives[0].end = duration;
    run.results.verdict = VerdictResult{};
    run.results.verdict->text = "It took " + std::to_string(duration) + ".";
    return run;
}

/** A run of open-loop traffic. */
StoredRun
MakeLoad(double offered, double accepted, double latency)
{
    StoredRun run;
    run.results.complete = true;
    run.results.offeredLoad = offered;
    run.results.acceptedLoad = accepted;
    run.results.packetLatency = LatencyResult{latency, latency, latency, latency, latency};
    run.results.verdict = VerdictResult{};
    run.results.verdict->saturated = accepted < offered;
    return run;
}

} // namespace

TEST_SUITE("compare")
{
    TEST_CASE("of the same collective that is better which takes less time")
    {
        const VerdictComparison comparison =
            CompareVerdicts({MakeRun(2'000'000)}, {MakeRun(1'000'000)});
        CHECK(comparison.better == 'B');
        CHECK(comparison.text == "B is better: completion_time_ns 1,000 instead of 2,000, -50 %");
        CHECK(comparison.whyA == "It took 2000000.");
        CHECK(comparison.whyB == "It took 1000000.");
        CHECK(CompareVerdicts({MakeRun(5)}, {MakeRun(5)}).better == 0);
    }

    TEST_CASE("of different sizes that is better which has more bus bandwidth")
    {
        const VerdictComparison comparison =
            CompareVerdicts({MakeRun(2'000'000, 8192)}, {MakeRun(1'500'000, 4096)});
        CHECK(comparison.better == 'A');
        CHECK(comparison.text.find("collective_busbw_GBps_mean") != std::string::npos);
    }

    TEST_CASE("of one load that is better which is not saturated, and of those the quicker")
    {
        CHECK(CompareVerdicts({MakeLoad(0.5, 0.5, 300)}, {MakeLoad(0.5, 0.3, 100)}).better == 'A');
        CHECK(CompareVerdicts({MakeLoad(0.5, 0.5, 300)}, {MakeLoad(0.5, 0.5, 200)}).better == 'B');
        CHECK(CompareVerdicts({MakeLoad(0.5, 0.5, 300)}, {MakeLoad(0.3, 0.3, 200)}).better == 0);
    }

    TEST_CASE("seeds say whether it may be luck")
    {
        const RunsOfSeeds quick{MakeRun(1'000'000), MakeRun(1'010'000), MakeRun(990'000)};
        const RunsOfSeeds slow{MakeRun(2'000'000), MakeRun(2'010'000), MakeRun(1'990'000)};
        const RunsOfSeeds spread{MakeRun(1'100'000), MakeRun(700'000), MakeRun(2'000'000)};
        CHECK(CompareVerdicts(quick, slow).seeds.find("no luck") != std::string::npos);
        CHECK(CompareVerdicts(quick, spread).seeds.find("may be luck") != std::string::npos);
        StoredRun hashed = MakeRun(1'000'000);
        hashed.results.verdict->notes = {"a hash chooses among equal links"};
        CHECK(CompareVerdicts({hashed}, {MakeRun(2'000'000)}).seeds.find("how much is luck") !=
              std::string::npos);
        CHECK(CompareVerdicts({MakeRun(1)}, {MakeRun(2)}).seeds.find("nothing seen") !=
              std::string::npos);
    }

    TEST_CASE("what did not come to its end, or did something else, is not judged")
    {
        StoredRun stopped = MakeRun(1'000);
        stopped.results.complete = false;
        CHECK(CompareVerdicts({stopped}, {MakeRun(2'000)}).better == 0);
        CHECK(CompareVerdicts({MakeRun(1'000)}, {MakeLoad(0.5, 0.5, 1)}).better == 0);
    }
}
