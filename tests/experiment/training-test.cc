/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Trainings as users write them: read, refused, run on fabrics in every mode.
 */

#include "experiment/experiment.h"
#include "experiment/later.h"
#include "experiment/run.h"
#include "experiment/training-reader.h"
#include "measure/summary.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

const std::string FABRIC = "fabric: {kind: full_mesh, endpoints: 8, links_per_pair: 1, "
                           "link: {rate: 100Gbps, latency: 500ns}, endpoint: {packet: 4096B}}\n";

const std::string TRAINING = R"(workload:
  training:
    model: {layers: 4, hidden: 256, heads: 8, vocabulary: 1024, tied_embeddings: true}
    batch: {sequence: 64, global: 8}
    parallel: {tensor: 2, pipeline: 2}
    device:
      peak: {bf16: 1Tflops}
      memory: {size: 1GB, rate: 100GBps, efficiency: 80 %}
      matmul: {efficiency: 0.5, half_gflop: 0.01}
      attention: {forward: 0.5, backward: 0.5}
      launch: 1us
      collective_overhead: {fixed: 2us, step: 1us}
    zero: 1
    tokens: 1e9
)";

Experiment
Read(const std::string& text, const std::vector<std::string>& settings = {})
{
    std::vector<Override> overrides;
    for (const std::string& setting : settings)
    {
        overrides.push_back({"--set", setting});
    }
    return ReadExperiment(ParseYaml(text, {"test.yaml", ""}), "test", overrides);
}

std::string
GetRefusal(const std::string& text, const std::vector<std::string>& settings = {})
{
    try
    {
        Read(text, settings);
    }
    catch (const InputError& error)
    {
        return error.what();
    }
    return "accepted";
}

/** @return where a key of a training stands in an experiment. */
std::string
GetPath(const std::string& section, const std::string& key)
{
    return "workload" + section.substr(std::string("training").size()) + "." + key;
}

TrainingResult
Run(const std::vector<std::string>& settings)
{
    const RunOutcome outcome = RunExperiment(Read(FABRIC + TRAINING, settings));
    REQUIRE(outcome.results.complete);
    REQUIRE(outcome.results.training);
    return *outcome.results.training;
}

} // namespace

TEST_SUITE("training-experiment")
{
    TEST_CASE("causes add up to the iteration, and the closed form bounds packets and flows")
    {
        const TrainingResult bound = Run({"simulation.mode=bound"});
        const TrainingResult packet = Run({"simulation.mode=packet"});
        const TrainingResult flow = Run({"simulation.mode=flow"});
        for (const TrainingResult& result : {bound, packet, flow})
        {
            const double sum = std::accumulate(result.timeNs.begin(), result.timeNs.end(), 0.0);
            CHECK(sum == doctest::Approx(result.iterationTimeNs).epsilon(1e-12));
            CHECK(result.mfu > 0);
            CHECK(result.mfu < 1);
            CHECK(result.hfu == result.mfu); // nothing is computed again
            CHECK(*result.daysToTrain == doctest::Approx(1e9 / result.tokensPerSecond / 86400));
        }
        CHECK(bound.iterationTimeNs <= packet.iterationTimeNs);
        CHECK(bound.iterationTimeNs <= flow.iterationTimeNs);
    }

    TEST_CASE("exposed time is told by the level of the fabric that it was exposed to")
    {
        const TrainingResult result = Run({});
        double exposed = 0;
        for (const TrainingCause cause :
             {TrainingCause::TENSOR, TrainingCause::PIPELINE, TrainingCause::DATA})
        {
            exposed += result.timeNs[static_cast<std::size_t>(cause)];
        }
        REQUIRE(result.exposedByLevelNs.size() == 1);
        CHECK(result.exposedByLevelNs.front().first == "peer");
        CHECK(result.exposedByLevelNs.front().second == doctest::Approx(exposed));
    }

    TEST_CASE("cards of a mesh may be numbered anyhow")
    {
        const TrainingResult straight = Run({"workload.ranks=[0, 1, 2, 3, 4, 5, 6, 7]"});
        const TrainingResult shuffled = Run({"workload.ranks=[5, 2, 7, 0, 1, 6, 3, 4]"});
        CHECK(straight.iterationTimeNs == shuffled.iterationTimeNs);
        CHECK(straight.timeNs == shuffled.timeNs);
    }

    TEST_CASE("tensor groups that are alone on their links fold to the picosecond, in every mode")
    {
        const std::string rails =
            "fabric={kind: rails, nodes: 4, node: {kind: full_mesh, endpoints: 2, links_per_pair: "
            "2}, network: {kind: single_switch, link: {rate: 50Gbps}}, link: {rate: 100Gbps, "
            "latency: 500ns}, endpoint: {packet: 4096B}}";
        for (const char* mode : {"packet", "flow", "bound"})
        {
            const std::string setting = std::string("simulation.mode=") + mode;
            for (const std::string& fabric : {rails, std::string("name=mesh")})
            {
                const TrainingResult folded = Run({fabric, setting, "workload.fold=always"});
                const TrainingResult replayed = Run({fabric, setting, "workload.fold=never"});
                CAPTURE(mode);
                CHECK(folded.iterationTimeNs == replayed.iterationTimeNs);
                CHECK(folded.timeNs == replayed.timeNs);
                CHECK(folded.exposedByLevelNs == replayed.exposedByLevelNs);
                CHECK(*folded.foldSkewNs == 0);
                CHECK(!replayed.foldSkewNs);
            }
        }
    }

    TEST_CASE("tensor groups that share links are not folded")
    {
        const std::string text =
            "fabric: {kind: single_switch, endpoints: 8, link: {rate: 100Gbps, latency: 500ns}}\n" +
            TRAINING;
        std::string message;
        try
        {
            RunExperiment(Read(text, {"workload.fold=always"}));
        }
        catch (const InputError& error)
        {
            message = error.what();
        }
        CHECK(message.find("tensor groups can't be folded: messages between stages use link gpu") !=
              std::string::npos);
    }

    TEST_CASE("iterations one after another tell their mean")
    {
        const TrainingResult one = Run({});
        const TrainingResult three = Run({"workload.iterations=3"});
        // Stages that are done begin the next while others end.
        CHECK(three.iterationTimeNs <= one.iterationTimeNs);
        CHECK(three.iterationTimeNs > one.iterationTimeNs / 2);
        CHECK(one.traffic.size() == three.traffic.size());
    }

    TEST_CASE("keys beside the training change it")
    {
        const Experiment plain = Read(FABRIC + TRAINING);
        CHECK(plain.workloads.front().training.parallel.tensor == 2);
        CHECK(plain.workloads.front().training.parallel.data == 2);
        const Experiment set = Read(
            FABRIC + TRAINING,
            {"workload.parallel.tensor=4", "workload.schedule=gpipe", "workload.model.hidden=512"});
        const TrainingSpec& spec = set.workloads.front().training;
        CHECK(spec.parallel.tensor == 4);
        CHECK(spec.parallel.pipeline == 2);
        CHECK(spec.parallel.data == 1);
        CHECK(spec.schedule == ScheduleKind::GPIPE);
        CHECK(spec.model.hidden == 512);
        CHECK(spec.model.layers == 4);
    }

    TEST_CASE("a training is written back as what it is read from")
    {
        const Experiment experiment = Read(FABRIC + TRAINING, {"workload.parallel.tensor=4"});
        const std::string text = WriteExperiment(experiment);
        const Experiment again = Read(text);
        CHECK(WriteExperiment(again) == text);
        CHECK(again.workloads.front().training.parallel.tensor == 4);
    }

    TEST_CASE("summary.json has the training, and null where there is none")
    {
        RunResults results;
        const auto written = [&] { return nlohmann::json::parse(WriteSummary(results)); };
        CHECK(written().at("training").is_null());
        results.training = Run({});
        const nlohmann::json training = written().at("training");
        for (const char* key : {"iteration_time_ns",
                                "mfu",
                                "hfu",
                                "tokens_per_s",
                                "days_to_train",
                                "parameters",
                                "model_flops",
                                "hardware_flops",
                                "time_ns",
                                "exposed_by_level",
                                "hidden",
                                "memory_bytes",
                                "what_if"})
        {
            CAPTURE(key);
            CHECK(training.contains(key));
        }
        for (const char* cause : TRAINING_CAUSE_NAMES)
        {
            CHECK(training.at("time_ns").contains(cause));
        }
        CHECK(training.at("memory_bytes").size() == 2);
        CHECK(training.at("memory_bytes").at(0).at("limit") == 1e9);
    }

    TEST_CASE("what is wrong is refused at its place")
    {
        const std::string text = FABRIC + TRAINING;
        CHECK(GetRefusal(text, {"workload.parallel={tensor: 3, pipeline: 1, data: auto}"})
                  .find("are 3 cards, of which the 8 of the workload are no multiple") !=
              std::string::npos);
        CHECK(GetRefusal(text, {"workload.model.heads=6", "workload.parallel.tensor=4"}) ==
              "--set workload.parallel.tensor=4:1:26: error: parallel.tensor: heads, 6 is not "
              "divisible by tensor, 4: give one that is");
        CHECK(
            GetRefusal(text, {"workload.model.layers=5"})
                .find("parallel.pipeline: the number of layers, 5 is not divisible by stages, 2") !=
            std::string::npos);
        CHECK(GetRefusal(text, {"workload.batch.global=9"})
                  .find("batch.global: the global batch, 9 is not divisible by micro x data, 2") !=
              std::string::npos);
        CHECK(
            GetRefusal(text, {"workload.device.memory.size=10MB"}).find("memory: stage 0 needs") !=
            std::string::npos);
        CHECK(GetRefusal(text, {"workload.device.memory.size=10MB", "workload.memory=ignore"}) ==
              "accepted");
        CHECK(GetRefusal(text, {"workload.precision={compute: fp8}"})
                  .find("the device has no peak for fp8") != std::string::npos);
        CHECK(GetRefusal(text, {"workload.device.peak.bf16=312"})
                  .find("'312' has no unit of operations per second") != std::string::npos);
        CHECK(GetRefusal(text, {"workload.schedule=dualpipe"})
                  .find("dualpipe is not in this version") != std::string::npos);
        CHECK(GetRefusal(text, {"workload.overlap={compute_slowdown: 0.1}"})
                  .find("'compute_slowdown' in training.overlap is not in this version") !=
              std::string::npos);
        CHECK(GetRefusal(text,
                         {"workload.batch.sequence=65536",
                          "workload.device.memory={size: 1TB, rate: 1000TBps, efficiency: 1}",
                          "workload.device.matmul={efficiency: 1}",
                          "workload.device.attention={forward: 2, backward: 2}"})
                  .find("kernels alone would reach an MFU of") != std::string::npos);
        CHECK(GetRefusal(text, {"workload.sise=3"}).find("unknown key 'sise' in workload") !=
              std::string::npos);
        CHECK(
            GetRefusal(FABRIC + "workload: {training: nowhere.yaml}\n") ==
            "test.yaml:2:22: error: there is no file nowhere.yaml: give the path of the YAML file "
            "of a training, relative to the file that names it");
    }

    TEST_CASE("all of a training that comes later is refused by name, as not in this version")
    {
        for (const LaterFeature& feature : GetLaterFeatures())
        {
            if (feature.section.starts_with("training"))
            {
                const std::string path = GetPath(feature.section, feature.key);
                CAPTURE(path);
                CHECK(GetRefusal(FABRIC + TRAINING,
                                 {"workload.model.moe={experts: 4, active: 2, ffn: 64}",
                                  "workload.schedule={kind: 1f1b}",
                                  path + "=" + (feature.value.empty() ? "1" : feature.value)})
                          .find("not in this version") != std::string::npos);
            }
        }
    }

    TEST_CASE("the ready devices and models are read")
    {
        const std::string root = MTLINK_SOURCE_DIR;
        uint32_t files = 0;
        for (const auto& device : std::filesystem::directory_iterator(root + "/topologies/devices"))
        {
            CAPTURE(device.path().string());
            CHECK(GetRefusal(FABRIC + TRAINING, {"workload.device=" + device.path().string()}) ==
                  "accepted");
            ++files;
        }
        for (const auto& model :
             std::filesystem::directory_iterator(root + "/examples/training/models"))
        {
            CAPTURE(model.path().string());
            CHECK(GetRefusal(FABRIC + TRAINING,
                             {"workload.model=" + model.path().string(),
                              "workload.parallel={tensor: 4, pipeline: 1}",
                              "workload.memory=ignore"}) == "accepted");
            ++files;
        }
        CHECK(files >= 15);
    }

    TEST_CASE("the keys in the list are those that are read")
    {
        for (const ExperimentKey& key : GetTrainingKeys())
        {
            if (key.key == "extends")
            {
                continue; // taken before the others are read
            }
            CAPTURE(key.section + "." + key.key);
            const std::string refusal =
                GetRefusal(FABRIC + TRAINING, {GetPath(key.section, key.key) + "=[[], {}]"});
            CHECK(refusal != "accepted");
            CHECK(refusal.find("unknown key") == std::string::npos);
        }
    }
}
