/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment-trial.h"

#include <doctest/doctest.h>
#include <numeric>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

const std::string TIMELINE = "measure: {timeline: true}\n";

/** @return the critical paths of a run, of which it is seen that they have no gaps and add up. */
std::vector<CriticalPathResult>
FindPaths(const std::string& text, const std::vector<std::string>& settings = {})
{
    RunOutcome outcome = RunExperiment(ReadTrial(text + TIMELINE, settings));
    const RunResults& results = outcome.results;
    REQUIRE(results.complete);
    REQUIRE(outcome.criticalPaths.paths.size() == results.workloadSpans.size());
    for (std::size_t i = 0; i < outcome.criticalPaths.paths.size(); ++i)
    {
        const CriticalPathResult& path = outcome.criticalPaths.paths[i];
        const auto [first, last] = results.workloadSpans[i];
        CHECK(path.leftOut == 0);
        CHECK(std::accumulate(path.time.begin(), path.time.end(), Tick{0}) == last - first);
        Tick at = first;
        for (const CriticalStepResult& step : path.list)
        {
            CHECK(step.start == at);
            CHECK(step.end > at);
            at = step.end;
        }
        CHECK(at == last);
    }
    return outcome.criticalPaths.paths;
}

} // namespace

TEST_SUITE("critical path")
{
    TEST_CASE("of a ring it is transfers alone, each named by who waited for whom, in any mode")
    {
        const std::string text =
            "fabric: {kind: single_switch, endpoints: 6, link: {rate: 100Gbps, latency: 10ns}}\n"
            "workload: {collective: all_reduce, algorithm: ring, size: 96KiB}\n";
        for (const char* mode : {"packet", "flow", "bound"})
        {
            CAPTURE(mode);
            const auto paths = FindPaths(text, {std::string("simulation.mode=") + mode});
            REQUIRE(paths[0].list.size() == 10);
            CHECK(paths[0].steps == 10);
            CHECK(paths[0].time[CriticalStepResult::WAIT] == 0);
            for (std::size_t i = 0; i < 10; ++i)
            {
                const CriticalStepResult& step = paths[0].list[i];
                CHECK(step.kind == CriticalStepResult::TRANSFER);
                CHECK(step.collective == 0);
                CHECK(step.after ==
                      (i == 0 ? "the start of the workload" : paths[0].list[i - 1].name));
            }
            CHECK(paths[0].list[0].name.starts_with("16KiB from gpu"));
        }
    }

    TEST_CASE("overheads and waiting are told apart from what a message takes alone")
    {
        const auto paths = FindPaths(
            "fabric: {kind: single_switch, endpoints: 3, link: {rate: 100Gbps}, endpoint: "
            "{message_overhead: 3us, operation_overhead: 7us}}\n"
            "workload: {collective: gather, algorithm: direct, size: 300KiB}\n");
        // Two send 100 KiB each to one: the later one waits for about as long as the other takes.
        CHECK(paths[0].time[CriticalStepResult::OVERHEAD] == 10'000'000);
        const auto transfer = static_cast<double>(paths[0].time[CriticalStepResult::TRANSFER]);
        CHECK(paths[0].time[CriticalStepResult::WAIT] == doctest::Approx(transfer).epsilon(0.2));
        CHECK(paths[0].list.front().name.starts_with("launch of gather on gpu"));
    }

    TEST_CASE("it adds up over nodes on rails, with reductions by cards")
    {
        for (const char* algorithm : {"hierarchical", "ring", "halving_doubling"})
        {
            CAPTURE(algorithm);
            const auto paths = FindPaths(
                "fabric: {kind: rails, nodes: 2, node: {kind: full_mesh, endpoints: 4}, network: "
                "{kind: single_switch}, endpoint: {reduction_rate: 50GBps}}\n"
                "workload: {collective: all_reduce, size: 256KiB}\n",
                {std::string("workload.algorithm=") + algorithm});
            CHECK(paths[0].time[CriticalStepResult::REDUCE] > 0);
            CHECK(paths[0].time[CriticalStepResult::TRANSFER] > 0);
        }
    }

    TEST_CASE("what the network reduces is one step, from when the last member joined")
    {
        const auto paths =
            FindPaths("fabric: {kind: single_switch, endpoints: 4, switch: {reduction: true, "
                      "multicast: true}}\n"
                      "workload: {collective: all_reduce, algorithm: in_network, size: 64KiB}\n");
        REQUIRE(paths[0].list.size() == 1);
        CHECK(paths[0].list[0].kind == CriticalStepResult::TRANSFER);
        CHECK(paths[0].list[0].name.find("in the network") != std::string::npos);
    }

    TEST_CASE("workloads side by side have one each")
    {
        const auto paths = FindPaths(
            "fabric: {kind: single_switch, endpoints: 6}\n"
            "workloads:\n"
            "  - {name: a, collective: all_reduce, algorithm: ring, size: 64KiB, ranks: [0, 1, "
            "2]}\n"
            "  - {name: b, collective: all_to_all, size: 64KiB, ranks: [3, 4, 5], start: 2us}\n");
        REQUIRE(paths.size() == 2);
        CHECK(paths[0].workload == "a");
        CHECK(paths[1].workload == "b");
    }

    TEST_CASE("of a training on one card it is the card's kernels, of several what they wait for")
    {
        const std::string text =
            "fabric: {kind: single_switch, endpoints: 4, link: {rate: 100Gbps}}\n"
            "workload:\n"
            "  training:\n"
            "    model: {layers: 4, hidden: 256, heads: 4, ffn: 1024, vocabulary: 512}\n" +
            TRIAL_DEVICE + "    batch: {sequence: 128, micro: 1, global: 4}\n";
        const auto alone =
            FindPaths(text, {"workload.parallel={tensor: 1, pipeline: 1}", "workload.ranks=[0]"});
        CHECK(alone[0].time[CriticalStepResult::TRANSFER] == 0);
        CHECK(alone[0].time[CriticalStepResult::WAIT] == 0);
        CHECK(alone[0].time[CriticalStepResult::COMPUTE] > 0);
        for (const char* parallel : {"{tensor: 2, pipeline: 2}", "{tensor: 1, pipeline: 4}"})
        {
            for (const char* mode : {"packet", "flow"})
            {
                CAPTURE(parallel);
                CAPTURE(mode);
                const auto paths = FindPaths(text,
                                             {std::string("workload.parallel=") + parallel,
                                              std::string("simulation.mode=") + mode});
                CHECK(paths[0].time[CriticalStepResult::TRANSFER] > 0);
                CHECK(paths[0].time[CriticalStepResult::COMPUTE] > 0);
            }
        }
    }
}
