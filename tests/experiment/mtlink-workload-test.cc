/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../simulation.h"
#include "experiment/run.h"

#include "ns3/mtlink-error.h"
#include "ns3/mtlink-helper.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** @return a fabric of the repository. */
std::string
GetFabric(const std::string& name)
{
    return MTLINK_SOURCE_DIR "/topologies/" + name + ".yaml";
}

/** @return start and end of a workload as the command's run has them. */
std::pair<Tick, Tick>
RunExperimentOf(const std::string& fabric, const std::string& workload)
{
    const std::string text =
        "fabric: " + GetFabric(fabric) + "\nworkload: {" + workload + "}\nsimulation: {seed: 3}\n";
    const RunOutcome outcome =
        RunExperiment(ReadExperiment(ParseYaml(text, {"test.yaml", ""}), "test", {}));
    REQUIRE(outcome.results.collectives.size() == 1);
    return {outcome.results.collectives[0].start, outcome.results.collectives[0].end};
}

/** Hears of the end of a workload. */
struct Ends
{
    /** All is done. */
    void Hear(Time start, Time end)
    {
        spans.emplace_back(start.GetPicoSeconds(), end.GetPicoSeconds());
        CHECK(Simulator::Now() == end);
    }

    std::vector<std::pair<Tick, Tick>> spans; //!< What was told
};

} // namespace

TEST_SUITE_BEGIN("workloads in scripts");

TEST_CASE("a collective takes as long as in an experiment, and tells when it is over")
{
    for (const char* simulator : {Simulation::FABRIC, Simulation::DEFAULT})
    {
        for (const auto& [fabric, workload] :
             {std::pair<std::string, std::string>{
                  "s5000-mesh-8",
                  "collective: all_reduce, algorithm: ring, size: 1MiB, start: 5us"},
              {"fat-tree-128",
               "collective: all_to_all, size: 64KiB, ranks: {count: 16, placement: packed}"},
              {"s5000-switch-8", "collective: all_gather, size: 256KiB, ranks: [1, 4, 7]"}})
        {
            const std::pair<Tick, Tick> expected = RunExperimentOf(fabric, workload);
            const Simulation simulation(simulator);
            MtlinkHelper mtlink;
            mtlink.SetSeed(3);
            const Ptr<MtlinkFabric> net = mtlink.Build(GetFabric(fabric));
            const Ptr<MtlinkWorkload> work = mtlink.InstallWorkload(net, "{" + workload + "}");
            Ends ends;
            work->TraceConnectWithoutContext("End", MakeCallback(&Ends::Hear, &ends));
            CHECK(!work->IsComplete());
            CHECK(work->GetEnd().IsStrictlyNegative());
            Simulator::Run();
            CHECK(work->IsComplete());
            CHECK(ends.spans == std::vector<std::pair<Tick, Tick>>{expected});
            RunResults results;
            work->Collect(results);
            REQUIRE(results.collectives.size() == 1);
            CHECK(results.collectives[0].end == expected.second);
        }
    }
}

TEST_CASE("start counts from when a workload is installed, which may be in the middle of a run")
{
    const Simulation simulation;
    MtlinkHelper mtlink;
    const Ptr<MtlinkFabric> net = mtlink.Build(GetFabric("s5000-mesh-8"));
    const std::string text = "{collective: all_reduce, algorithm: ring, size: 64KiB, start: 1us}";
    const Ptr<MtlinkWorkload> first = mtlink.InstallWorkload(net, text);
    Ptr<MtlinkWorkload> second;
    Simulator::Schedule(MilliSeconds(1), [&] { second = mtlink.InstallWorkload(net, text); });
    Simulator::Run();
    CHECK(first->GetStart() == MicroSeconds(1));
    CHECK(second->GetStart() == MilliSeconds(1) + MicroSeconds(1));
    CHECK(second->GetEnd() - second->GetStart() == first->GetEnd() - first->GetStart());
}

TEST_CASE("traffics draw from random streams of their own")
{
    const Simulation simulation;
    MtlinkHelper mtlink;
    const Ptr<MtlinkFabric> net = mtlink.Build(GetFabric("fat-tree-128"));
    const std::string text = "traffic: uniform\nload: 0.05\nwarmup: 0us\nmeasure: 20us";
    std::vector<std::pair<uint32_t, uint32_t>> pairs;

    struct Hear
    {
        static void At(std::vector<std::pair<uint32_t, uint32_t>>* pairs,
                       Time,
                       Time,
                       uint32_t src,
                       uint32_t dst,
                       uint32_t)
        {
            pairs->emplace_back(src, dst);
        }
    };

    net->TraceConnectWithoutContext("PacketDelivered", MakeBoundCallback(&Hear::At, &pairs));
    const Ptr<MtlinkWorkload> first = mtlink.InstallWorkload(net, text);
    Simulator::Run();
    const auto alone = pairs.size();
    CHECK(alone > 100);
    pairs.clear();
    const Ptr<MtlinkWorkload> second = mtlink.InstallWorkload(net, text);
    Simulator::Run();
    CHECK(pairs.size() > 100);
    CHECK(pairs.size() != alone); // the same draws would give as many
}

TEST_CASE("what can't be is refused with its place")
{
    const Simulation simulation;
    MtlinkHelper mtlink;
    const Ptr<MtlinkFabric> net = mtlink.Build(GetFabric("s5000-mesh-8"));
    const auto refusal = [&](const std::string& text) -> std::string {
        try
        {
            mtlink.InstallWorkload(net, text);
        }
        catch (const InputError& error)
        {
            return error.what();
        }
        return "";
    };
    CHECK(refusal("{collective: all_redouce, size: 1MiB}").starts_with("workload:1:14: error: "));
    CHECK(refusal("collective: all_reduce\nsize: 1MiB\nranks: [0, 8]").starts_with("workload:3:"));
    CHECK(refusal("collective: all_reduce\nsise: 1MiB").find("size") != std::string::npos);
    CHECK(refusal("training: nowhere.yaml").starts_with("workload:1:"));
}

TEST_SUITE_END();
