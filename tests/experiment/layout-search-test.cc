/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Layouts that are searched for: against running all of them, in every mode.
 */

#include "experiment-trial.h"
#include "experiment/layout-search.h"
#include "experiment/run.h"
#include "measure/summary.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <unistd.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** Two servers of four cards, wired to one another, on rails. */
const std::string EXPERIMENT = R"(
fabric: {kind: rails, nodes: 2, node: {kind: full_mesh, endpoints: 4},
         network: {kind: single_switch, link: {rate: 20Gbps}}, link: {rate: 100Gbps},
         endpoint: {packet: 4096B}}
simulation: {mode: flow}
measure: {what_if: false}
workload:
  training:
    model: {layers: 4, hidden: 256, heads: 8, vocabulary: 512}
    batch: {sequence: 64, global: 8}
    parallel: auto
)" + TRIAL_DEVICE;

Experiment
Read(const std::vector<std::string>& settings = {})
{
    return ReadTrial(EXPERIMENT, settings);
}

TrainingResult
Run(const std::vector<std::string>& settings = {})
{
    RunOutcome outcome = RunExperiment(Read(settings));
    REQUIRE(outcome.results.complete);
    REQUIRE(outcome.results.training);
    return std::move(*outcome.results.training);
}

std::string
GetRefusal(const std::vector<std::string>& settings)
{
    return GetRunRefusal(EXPERIMENT, settings);
}

/** @return a layout, as it is written. */
std::vector<std::string>
Write(const TrainingLayout& layout)
{
    return {"workload.parallel={tensor: " + std::to_string(layout.tensor) + ", context: " +
                std::to_string(layout.context) + ", pipeline: " + std::to_string(layout.pipeline) +
                ", data: " + std::to_string(layout.data) + "}",
            "workload.zero=" + std::to_string(layout.zero)};
}

/** @return the row that was chosen. */
const TrainingTried&
GetChosen(const TrainingResult& result)
{
    REQUIRE(result.search);
    const std::vector<TrainingTried>& tried = result.search->tried;
    const auto row = std::find_if(tried.begin(), tried.end(), [](const TrainingTried& one) {
        return one.note == "chosen";
    });
    REQUIRE(row != tried.end());
    return *row;
}

} // namespace

TEST_SUITE("layout-search")
{
    TEST_CASE("the chosen layout is the best of all, and none is quicker than its least time")
    {
        for (const char* mode : {"flow", "bound"})
        {
            CAPTURE(mode);
            const std::string setting = std::string("simulation.mode=") + mode;
            const TrainingResult all = Run({setting, "workload.search.run=1000"});
            REQUIRE(all.search);
            CHECK(all.search->fit > 10);
            CHECK(all.search->tried.size() == all.search->fit);
            double best = 1e30;
            double before = 0;
            for (const TrainingTried& row : all.search->tried)
            {
                REQUIRE(row.iterationTimeNs);
                best = std::min(best, *row.iterationTimeNs);
                CHECK(row.leastTimeNs >= before);
                before = row.leastTimeNs;
                if (std::string(mode) == "flow")
                {
                    CAPTURE(row.layout.tensor);
                    CAPTURE(row.layout.context);
                    CAPTURE(row.layout.pipeline);
                    CHECK(row.leastTimeNs <= *row.iterationTimeNs);
                    std::vector<std::string> settings = Write(row.layout);
                    settings.push_back(setting);
                    const TrainingResult alone = Run(settings);
                    CHECK(alone.iterationTimeNs == *row.iterationTimeNs);
                    CHECK(!alone.search);
                }
            }
            CHECK(all.iterationTimeNs == best);
            CHECK(*GetChosen(all).iterationTimeNs == best);
            // As many as are usual find it, too.
            const TrainingResult usual = Run({setting});
            CHECK(usual.iterationTimeNs == best);
            const auto simulated = std::count_if(
                usual.search->tried.begin(),
                usual.search->tried.end(),
                [](const TrainingTried& row) { return row.iterationTimeNs.has_value(); });
            CHECK(simulated == 3);
        }
    }

    TEST_CASE("packets take no less than the least time")
    {
        const TrainingResult result = Run({"simulation.mode=packet", "workload.search.run=5"});
        REQUIRE(result.search);
        for (const TrainingTried& row : result.search->tried)
        {
            CHECK((!row.iterationTimeNs || row.leastTimeNs <= *row.iterationTimeNs));
        }
    }

    TEST_CASE("the results have the layout as if it had been written")
    {
        const RunOutcome outcome = RunExperiment(Read({"workload.zero=auto",
                                                       "workload.batch.micro=auto",
                                                       "workload.recompute=auto",
                                                       "workload.search.run=1"}));
        const std::string yaml = outcome.results.experimentYaml;
        CHECK(yaml.find("parallel: auto") == std::string::npos);
        CHECK(yaml.find("search") == std::string::npos);
        const Experiment again = ReadExperiment(ParseYaml(yaml, {"again.yaml", ""}), "again");
        CHECK(!FindLayoutSearch(again));
        const RunOutcome other = RunExperiment(again);
        CHECK(other.results.training->iterationTimeNs == outcome.results.training->iterationTimeNs);
        const TrainingLayout& layout = GetChosen(*outcome.results.training).layout;
        const TrainingSpec& spec = again.workloads.front().training;
        CHECK(spec.parallel.tensor == layout.tensor);
        CHECK(spec.parallel.pipeline == layout.pipeline);
        CHECK(spec.parallel.data == layout.data);
        CHECK(spec.micro == layout.micro);
        CHECK(spec.zero == layout.zero);
        CHECK(spec.recompute == Recompute::NONE); // memory is there
    }

    TEST_CASE("an experiment with a search is written back with it")
    {
        const Experiment experiment = Read({"workload.search.run=2"});
        const std::string yaml = WriteExperiment(experiment);
        const Experiment again = ReadExperiment(ParseYaml(yaml, {"again.yaml", ""}), "again");
        CHECK(WriteExperiment(again) == yaml);
        REQUIRE(FindLayoutSearch(again));
        CHECK(FindLayoutSearch(again)->layouts.runs == 2);
    }

    TEST_CASE("what is given stays, and check ranks without simulating")
    {
        const CheckResult check =
            CheckExperiment(Read({"workload.parallel={tensor: auto, pipeline: 2}",
                                  "workload.schedule={kind: interleaved, virtual: auto}"}));
        REQUIRE(check.search);
        CHECK(check.search->fit > 3);
        bool isInterleaved = false;
        for (const TrainingTried& row : check.search->tried)
        {
            CHECK(row.layout.pipeline == 2);
            CHECK(row.layout.context == 1);
            CHECK(row.layout.tensor * row.layout.data == 4);
            CHECK(!row.iterationTimeNs);
            isInterleaved = isInterleaved || row.layout.virtualStages == 2;
        }
        CHECK(isInterleaved);
        REQUIRE(check.trainings.size() == 1);
    }

    TEST_CASE("cards without the memory are never given more than they have")
    {
        const CheckResult check = CheckExperiment(Read({"workload.device.memory.size=14MB"}));
        REQUIRE(check.search);
        CHECK(check.search->tooLarge > 0);
        CHECK(check.search->fit > 0);
        for (const TrainingTried& row : check.search->tried)
        {
            CHECK(row.memoryBytes <= 14e6);
        }
    }

    TEST_CASE("what can't be is refused, with what would fit")
    {
        const std::string full = GetRefusal({"workload.device.memory.size=5MB"});
        CAPTURE(full);
        CHECK(full.find("test.yaml:") == 0);
        CHECK(full.find("none of the ") != std::string::npos);
        CHECK(full.find("Nearest is tensor ") != std::string::npos);
        CHECK(full.find("the largest part is ") != std::string::npos);
        CHECK(GetRefusal({"workload.parallel={tensor: auto, data: 3}"})
                  .find("no layout has 8 cards") != std::string::npos);
        CHECK(GetRefusal({"workload.batch.sequence=63", "workload.batch.global=5"})
                  .find("can be; the first: ") != std::string::npos);
        CHECK(GetRefusal({"workload.parallel={tensor: 2}", "workload.search={run: 3}"})
                  .find("no layout is searched for") != std::string::npos);
        CHECK(GetRefusal({"workload.schedule={kind: gpipe, virtual: auto}"})
                  .find("kind: interleaved") != std::string::npos);
        CHECK(GetRefusal({"workload.search={run: 0}"}).find("out of range") != std::string::npos);
    }

    TEST_CASE("summary.json has what was tried, and reads it back")
    {
        const RunOutcome outcome = RunExperiment(Read());
        const std::string text = WriteSummary(outcome.results);
        const std::string file = "layout-search-test" + std::to_string(getpid()) + ".json";
        std::ofstream(file) << text;
        RunResults results;
        ReadSummary(file, results);
        std::filesystem::remove(file);
        const std::optional<TrainingResult>& read = results.training;
        const auto json = nlohmann::json::parse(text).at("training");
        CHECK(json.at("search").at("fit") == outcome.results.training->search->fit);
        CHECK(json.at("tried").at(0).at("layout").contains("virtual"));
        REQUIRE(read);
        REQUIRE(read->search);
        CHECK(read->search->tried.size() == outcome.results.training->search->tried.size());
        CHECK(GetChosen(*read).mfu == GetChosen(*outcome.results.training).mfu);
    }
}
