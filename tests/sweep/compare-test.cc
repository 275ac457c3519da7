/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/compare.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>

using namespace ns3::mtlink;

namespace
{

/** A run of two collectives, of which the first takes so long. */
StoredRun
MakeRun(Tick duration, const std::string& yaml)
{
    StoredRun run;
    run.results.experimentYaml = yaml;
    run.results.completionTime = duration + 1'000'000;
    run.results.collectives.resize(2);
    run.results.collectives[0].name = "all_reduce";
    run.results.collectives[0].bytes = 4096;
    run.results.collectives[0].start = 0;
    run.results.collectives[0].end = duration;
    run.results.collectives[1].id = 1;
    run.results.collectives[1].name = "barrier";
    run.results.collectives[1].start = duration;
    run.results.collectives[1].end = duration + 1'000'000;
    return run;
}

const FigureChange&
Find(const std::vector<FigureChange>& changes, const std::string& name)
{
    return *std::find_if(changes.begin(), changes.end(), [&name](const FigureChange& change) {
        return change.name == name;
    });
}

const std::string YAML = "name: a\nfabric: {switch: {buffer: 16KiB}, down: [4, 4]}\n"
                         "workloads: [{size: 1MiB, root: 1}]\n";

} // namespace

TEST_SUITE("compare")
{
    TEST_CASE("a run compared with itself differs in nothing")
    {
        const StoredRun run = MakeRun(2'000'000, YAML);
        const Comparison comparison = CompareRuns(run, run);
        CHECK(comparison.parameters.empty());
        for (const auto* figures : {&comparison.figures, &comparison.collectives})
        {
            CHECK(!figures->empty());
            for (const FigureChange& change : *figures)
            {
                CHECK(!change.IsMoved());
                CHECK(!change.IsPast(0));
            }
        }
    }

    TEST_CASE("parameters that differ are told by their path, those of one run only too")
    {
        const Comparison comparison =
            CompareRuns(MakeRun(1, YAML),
                        MakeRun(1,
                                "name: a\nfabric: {switch: {buffer: 64KiB}, down: [4, 8]}\n"
                                "workloads: [{size: 1MiB, chunk: 4KiB}]\n"));
        REQUIRE(comparison.parameters.size() == 4);
        CHECK(comparison.parameters[0].key == "fabric.switch.buffer");
        CHECK(comparison.parameters[0].a == "16KiB");
        CHECK(comparison.parameters[0].b == "64KiB");
        CHECK(comparison.parameters[1].key == "fabric.down");
        CHECK(comparison.parameters[1].b == "[4, 8]");
        CHECK(comparison.parameters[2].key == "workloads.0.root");
        CHECK(!comparison.parameters[2].b);
        CHECK(comparison.parameters[3].key == "workloads.0.chunk");
        CHECK(!comparison.parameters[3].a);
    }

    TEST_CASE("a figure moves by the difference over the first run's, up or down")
    {
        const StoredRun fast = MakeRun(1'000'000, YAML); // whole: 2000 ns
        const StoredRun slow = MakeRun(2'000'000, YAML); // whole: 3000 ns
        const Comparison comparison = CompareRuns(fast, slow);
        const FigureChange& time = Find(comparison.figures, "completion_time_ns");
        CHECK(time.a == 2000);
        CHECK(time.b == 3000);
        CHECK(*time.GetPercent() == 50);
        CHECK(time.IsPast(49.9));
        CHECK(!time.IsPast(50)); // past means beyond
        const FigureChange& collective = Find(comparison.collectives, "duration_ns");
        CHECK(collective.collective == 0U);
        CHECK(*collective.GetPercent() == 100);
        const Comparison back = CompareRuns(slow, fast);
        CHECK(Find(back.figures, "completion_time_ns").IsPast(33));
        CHECK(!Find(back.figures, "completion_time_ns").IsPast(34));
    }

    TEST_CASE("what only one run has, or what grew from 0, is past every threshold")
    {
        StoredRun a = MakeRun(1'000'000, YAML);
        StoredRun b = a;
        b.results.completionTime.reset();
        b.results.collectives.pop_back();
        b.results.creditStall = 1;
        const Comparison comparison = CompareRuns(a, b);
        CHECK(Find(comparison.figures, "completion_time_ns").IsPast(1e9));
        CHECK(!Find(comparison.figures, "completion_time_ns").GetPercent());
        CHECK(Find(comparison.figures, "credit_stall_ns").IsPast(1e9));
        // Ids 0 and 1, each with every figure; those of the one that is gone have moved.
        CHECK(comparison.collectives.size() % 2 == 0);
        CHECK(comparison.collectives.back().collective == 1U);
        CHECK(std::count_if(comparison.collectives.begin(),
                            comparison.collectives.end(),
                            [](const FigureChange& change) { return change.IsMoved(); }) > 0);
    }
}
