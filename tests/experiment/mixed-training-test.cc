/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Trainings on cards of several kinds, as users write them: read, refused, run on two fabrics with
 * a gateway between, and held against what each kind reaches alone.
 */

#include "experiment-trial.h"
#include "experiment/run.h"
#include "measure/summary.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <unistd.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

const std::string FABRIC = "fabric: {kind: full_mesh, endpoints: 8, links_per_pair: 1, "
                           "link: {rate: 100Gbps, latency: 500ns}, endpoint: {packet: 4096B}}\n";

/** Two meshes of four cards; two cards of each are on a switch between them. */
const std::string JOINED =
    "fabric={kind: joined, gateways: 2, link: {rate: 100Gbps, latency: 500ns}, endpoint: {packet: "
    "4096B}, first: {kind: full_mesh, endpoints: 4}, second: {kind: full_mesh, endpoints: 4}, "
    "gateway: {kind: single_switch, link: {rate: 50Gbps}}}";

/** @return a device that does so many operations in a second. */
std::string
MakeDevice(const std::string& peak, const std::string& memory = "1GB")
{
    return "{peak: {bf16: " + peak + "}, memory: {size: " + memory +
           ", rate: 100GBps, efficiency: 80 %}, matmul: {efficiency: 0.5, half_gflop: 0.01}, "
           "attention: {forward: 0.5, backward: 0.5}, launch: 1us, collective_overhead: {fixed: "
           "2us, step: 1us}}";
}

const std::string TRAINING = R"(workload:
  training:
    model: {layers: 4, hidden: 256, heads: 8, vocabulary: 1024, tied_embeddings: true}
    batch: {sequence: 64, global: 8}
    parallel: {tensor: 2, pipeline: 2}
    zero: 1
)";

/** @return lines of a training's kinds: fast and slow cards. */
std::string
MakeKinds(const std::string& fast, const std::string& slow, const std::string& slowPeak)
{
    return "    devices:\n      - {name: fast, device: " + MakeDevice("1Tflops") + fast +
           "}\n      - {name: slow, device: " + MakeDevice(slowPeak) + slow + "}\n";
}

const std::string BY_STAGE = MakeKinds(", stages: 1", "", "500Gflops");

RunResults
Run(const std::string& text, const std::vector<std::string>& settings)
{
    RunOutcome outcome = RunExperiment(ReadTrial(text, settings));
    REQUIRE(outcome.results.complete);
    REQUIRE(outcome.results.training);
    return std::move(outcome.results);
}

bool
Contains(const std::string& text, const std::string& part)
{
    CAPTURE(text);
    CAPTURE(part);
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_SUITE("mixed-training")
{
    TEST_CASE("equal cards that are listed as two kinds are as one kind in every mode")
    {
        const std::string one = FABRIC + TRAINING + "    device: " + MakeDevice("1Tflops") + "\n";
        for (const char* mode : {"simulation.mode=packet", "simulation.mode=flow"})
        {
            const std::vector<std::string> settings{mode, "measure.what_if=false"};
            const TrainingResult a = *Run(one, settings).training;
            for (const std::string& placed : {std::string(", stages: 1"),
                                              std::string(", replicas: [1]"),
                                              std::string(", ranks: [0, 5, 2, 3]")})
            {
                const std::string two = FABRIC + TRAINING + MakeKinds(placed, "", "1Tflops");
                const TrainingResult b = *Run(two, settings).training;
                CHECK(a.iterationTimeNs == b.iterationTimeNs);
                CHECK(a.timeNs == b.timeNs);
                CHECK(a.mfu == b.mfu);
            }
        }
    }

    TEST_CASE("what is lost is told against each kind alone, and against the kernels")
    {
        const TrainingResult result =
            *Run(FABRIC + TRAINING + BY_STAGE, {"measure.what_if=true", "simulation.mode=bound"})
                 .training;
        CHECK(std::accumulate(result.timeNs.begin(), result.timeNs.end(), 0.0) ==
              doctest::Approx(result.iterationTimeNs).epsilon(1e-12));
        REQUIRE(result.mix);
        const TrainingMix& mix = *result.mix;
        REQUIRE(mix.kinds.size() == 2);
        CHECK(mix.kinds[0].name == "fast");
        CHECK(mix.kinds[0].cards == 4);
        CHECK(mix.kinds[0].peak == 1e12);
        CHECK(mix.kinds[1].peak == 5e11);
        // MFU is of the peaks in sum.
        CHECK(result.mfu == doctest::Approx(result.modelFlops / (4 * 1e12 + 4 * 5e11) /
                                            (result.iterationTimeNs * 1e-9)));
        REQUIRE(mix.kinds[0].aloneTokensPerSecond);
        REQUIRE(mix.kinds[1].aloneTokensPerSecond);
        CHECK(*mix.kinds[0].aloneTokensPerSecond > *mix.kinds[1].aloneTokensPerSecond);
        CHECK(mix.kinds[0].aloneLayout == "tensor 2, pipeline 2, data 1, 4 micro-batches each");
        CHECK(mix.aloneMode == "bound");
        REQUIRE(mix.loss);
        CHECK(*mix.loss ==
              doctest::Approx(1 - result.tokensPerSecond / (*mix.kinds[0].aloneTokensPerSecond +
                                                            *mix.kinds[1].aloneTokensPerSecond)));
        CHECK(*mix.loss > 0);
        CHECK(*mix.lossToBound > 0);
        CHECK(mix.boundNs < result.iterationTimeNs);
    }

    TEST_CASE("replicas alone are a part of all, so equal kinds lose what sums of gradients cost")
    {
        const TrainingResult result =
            *Run(FABRIC + TRAINING + MakeKinds(", replicas: 1", "", "1Tflops"),
                 {"measure.what_if=true",
                  "simulation.mode=bound",
                  "workload.zero=0",
                  "fabric.link.rate=100Tbps",
                  "fabric.link.latency=0ns"})
                 .training;
        REQUIRE(result.mix);
        REQUIRE(result.mix->loss);
        CHECK(*result.mix->loss >= 0);
        CHECK(*result.mix->loss < 0.02);
    }

    TEST_CASE("a replica's kind gets its own number of micro-batches")
    {
        const std::string text = FABRIC + TRAINING + MakeKinds(", replicas: 1", "", "500Gflops");
        const Experiment listed = ReadTrial(
            text,
            {"workload.parallel={tensor: 2, pipeline: 1}", "workload.batch.micro_batches=[5, 1]"});
        CHECK(listed.workloads.front().training.microBatches == std::vector<uint32_t>{5, 1, 1, 1});
        CHECK(Contains(WriteExperiment(listed), "micro_batches"));
        CHECK(Contains(GetReadRefusal(text, {"workload.batch.micro_batches=[5, 5]"}),
                       "--set workload.batch.micro_batches=[5, 5]:1:30: error: "
                       "batch.micro_batches: the list has 10 micro-batches"));
        const std::vector<std::string> quick{"simulation.mode=bound", "measure.what_if=false"};
        const auto timeOf = [&](const std::string& list) {
            std::vector<std::string> settings = quick;
            settings.push_back("workload.batch.micro_batches=" + list);
            return Run(text, settings).training->iterationTimeNs;
        };
        CHECK(timeOf("[5, 3]") < timeOf("even"));
        CHECK(timeOf("[4, 4]") == timeOf("even"));
    }

    TEST_CASE("layers and micro-batches are searched on request, and what was tried is told")
    {
        const std::vector<std::string> settings{"workload.model.layers=6",
                                                "workload.parallel.stages=auto",
                                                "workload.batch.micro_batches=auto",
                                                "simulation.mode=bound",
                                                "measure.what_if=false"};
        const std::string text = FABRIC + TRAINING + BY_STAGE;
        const RunResults results = Run(text, settings);
        const std::vector<TrainingBalance>& balances = results.training->balances;
        REQUIRE(balances.size() == 2);
        CHECK(balances[0].what == "stages");
        REQUIRE(balances[0].chosen.size() == 2);
        CHECK(balances[0].chosen[0] > balances[0].chosen[1]);
        CHECK(balances[0].timeNs < balances[0].evenNs);
        CHECK(balances[0].timeNs <= results.training->iterationTimeNs);
        CHECK(balances[1].what == "micro_batches");
        CHECK(balances[1].chosen == std::vector<uint32_t>{4, 4});
        CHECK(nlohmann::json::parse(WriteSummary(results))
                  .at("training")
                  .at("balance")
                  .at(0)
                  .at("tried") == balances[0].tried);
        const Experiment experiment = ReadTrial(text, settings);
        const std::string written = WriteExperiment(experiment);
        CHECK(Contains(written, "stages: auto"));
        CHECK(WriteExperiment(ReadTrial(written)) == written);
        CHECK(Contains(
            GetReadRefusal(text, {"workload.parallel.stages=auto", "workload.model.layers=1"}),
            "parallel.stages: there are 1 layers for 2 stages"));
        CHECK(Contains(GetReadRefusal(text,
                                      {"workload.batch={sequence: 64, global: 1, micro_batches: "
                                       "auto}"}),
                       "batch.micro_batches: 1 sequences in micro-batches of 1"));
    }

    TEST_CASE("mistakes in kinds of cards are refused at their place")
    {
        const std::string text = FABRIC + TRAINING;
        const auto refuse = [&](const std::string& kinds) {
            return GetReadRefusal(text + "    devices: " + kinds + "\n");
        };
        const std::string card = "device: " + MakeDevice("1Tflops");
        CHECK(
            Contains(refuse("[{" + card + ", stages: 1}]"),
                     "test.yaml:8:14: error: 1 of 2 stages have no device, the first is 1: give"));
        CHECK(
            Contains(refuse("[{" + card + ", stages: 3}]"), "3 stages, but only 2 of 2 are left"));
        CHECK(Contains(refuse("[{" + card + ", stages: [0, 2]}, {" + card + "}]"),
                       "stages are 0 to 1: there is no 2"));
        CHECK(Contains(refuse("[{" + card + ", stages: [0]}, {" + card + ", stages: [0, 1]}]"),
                       "number 0 of the stages has a device already"));
        CHECK(Contains(refuse("[{" + card + ", stages: 2}, {" + card + "}]"),
                       "no stages are left for this kind"));
        CHECK(Contains(refuse("[{" + card + "}, {" + card + ", stages: 1}]"),
                       "which cards are of this kind is not said: give 'stages: 4'"));
        CHECK(Contains(refuse("[{" + card + ", stages: 1}, {" + card + ", replicas: 1}]"),
                       "kinds are placed by stages above: give stages here, too"));
        CHECK(Contains(refuse("[{name: a, " + card + ", stages: 1}, {name: a, " + card + "}]"),
                       "two kinds are called a"));
        CHECK(Contains(refuse("[{device: nowhere.yaml}]"),
                       "test.yaml:8:24: error: there is no file nowhere.yaml"));
        CHECK(Contains(refuse("[{" + card + ", steps: 1}]"), "unknown key 'steps'"));
        CHECK(Contains(refuse("5"), "devices should be a list of kinds of cards"));
        CHECK(Contains(
            GetReadRefusal(text + "    device: " + MakeDevice("1Tflops") + "\n" + BY_STAGE),
            "keep device, or devices"));
        CHECK(Contains(GetReadRefusal(text + BY_STAGE, {"workload.parallel.stages=[3, 2]"}),
                       "parallel.stages: the list has 5 layers in 2 stages, the model 4 in 2"));
        CHECK(Contains(GetReadRefusal(text + BY_STAGE, {"workload.precision={compute: fp8}"}),
                       "the device fast has no peak for fp8"));
        const std::string small = MakeKinds(", stages: 1", "", "1Tflops");
        const std::size_t last = small.rfind("1GB");
        CHECK(Contains(GetReadRefusal(text + std::string(small).replace(last, 3, "5MB")),
                       "memory: stage 1 needs"));
    }

    TEST_CASE("kinds, layers and micro-batches are refused where the layout is searched for")
    {
        const std::string text = FABRIC + TRAINING + BY_STAGE;
        for (const std::string setting :
             {"workload.parallel=auto", "workload.batch.micro=auto", "workload.zero=auto"})
        {
            CAPTURE(setting);
            CHECK(Contains(GetReadRefusal(text, {setting}),
                           "cards of several kinds depend on the layout"));
        }
    }

    TEST_CASE("a device laid over kinds takes their place, and kinds that of a device")
    {
        const Experiment one =
            ReadTrial(FABRIC + TRAINING + BY_STAGE, {"workload.device=" + MakeDevice("2Tflops")});
        CHECK(one.workloads.front().training.kinds.empty());
        CHECK(one.workloads.front().training.device.peak.at("bf16") == 2e12);
        const std::string name = "mtlink-kind-of-card-" + std::to_string(getpid());
        const std::string path =
            (std::filesystem::temp_directory_path() / (name + ".yaml")).string();
        std::ofstream(path) << "peak: {bf16: 3Tflops}\nmemory: {size: 1GB, rate: 1GBps, "
                               "efficiency: 1}\nmatmul: {efficiency: 1}\nattention: {forward: 1, "
                               "backward: 1}\n";
        const Experiment two =
            ReadTrial(FABRIC + TRAINING + "    device: " + MakeDevice("1Tflops") + "\n",
                      {"workload.devices=[{device: " + path +
                       ", stages: [1]}, {name: other, device: "
                       "{extends: " +
                       path + ", peak: {bf16: 1Tflops}}}]"});
        const TrainingSpec& spec = two.workloads.front().training;
        REQUIRE(spec.kinds.size() == 2);
        CHECK(spec.kinds[0].name == name);
        CHECK(spec.kinds[0].device.peak.at("bf16") == 3e12);
        CHECK(spec.kinds[1].device.peak.at("bf16") == 1e12);
        CHECK(spec.kindOf == std::vector<uint32_t>{1, 1, 1, 1, 0, 0, 0, 0});
        // Written back it needs no file.
        const std::string text = WriteExperiment(two);
        std::filesystem::remove(path);
        CHECK(WriteExperiment(ReadTrial(text)) == text);
    }

    TEST_CASE("two fabrics with a gateway between carry a pipeline in every mode")
    {
        const std::string text = FABRIC + TRAINING + BY_STAGE;
        std::vector<double> times;
        for (const char* mode : {"bound", "flow", "packet"})
        {
            const RunResults results = Run(text,
                                           {JOINED,
                                            std::string("simulation.mode=") + mode,
                                            "measure.what_if=false",
                                            "workload.overlap={pipeline: false}"});
            CHECK(results.deadlockFree == (std::string(mode) == "packet" ? "true" : "unproved"));
            times.push_back(results.training->iterationTimeNs);
            // Activations and gradients cross, all else stays.
            double crossed = 0;
            for (const LinkResult& link : results.links)
            {
                crossed += link.cls == "gateway/endpoint" && link.to.starts_with("gpu")
                               ? static_cast<double>(link.payloadBytes)
                               : 0;
            }
            double sent = 0;
            for (const TrainingTraffic& row : results.training->traffic)
            {
                sent += row.group == "pipeline"
                            ? static_cast<double>(row.bytes) * static_cast<double>(row.count)
                            : 0;
                // Tied embeddings of the first and last stage are summed across.
                sent += row.members == 2 && row.group == "data" && row.collective == "all_reduce"
                            ? 2 * static_cast<double>(row.bytes) * static_cast<double>(row.count)
                            : 0;
            }
            if (std::string(mode) != "bound")
            {
                CHECK(crossed == sent);
            }
        }
        CHECK(times[0] <= times[1]);
        CHECK(times[0] <= times[2]);
    }

    TEST_CASE("folded tensor groups of several kinds are each of one")
    {
        const std::string text = FABRIC + TRAINING + BY_STAGE;
        const std::vector<std::string> settings{"measure.what_if=false", "simulation.mode=packet"};
        std::vector<std::string> folded = settings;
        folded.emplace_back("workload.fold=always");
        CHECK(Run(text, folded).training->iterationTimeNs ==
              Run(text, settings).training->iterationTimeNs);
        std::string message;
        try
        {
            RunExperiment(
                ReadTrial(FABRIC + TRAINING + MakeKinds(", ranks: [0]", "", "500Gflops"), folded));
        }
        catch (const InputError& error)
        {
            message = error.what();
        }
        CHECK(Contains(message, "tensor groups can't be folded: their cards are of several kinds"));
    }

    TEST_CASE("summary.json has the kinds of cards, and is read back")
    {
        RunResults results =
            Run(FABRIC + TRAINING + BY_STAGE, {"measure.what_if=true", "simulation.mode=bound"});
        const std::string text = WriteSummary(results);
        const nlohmann::json training = nlohmann::json::parse(text).at("training");
        CHECK(training.at("memory_bytes").at(1).at("stage") == 1);
        CHECK(training.at("memory_bytes").at(1).at("device") == "slow");
        const nlohmann::json& mixed = training.at("mixed");
        CHECK(mixed.at("kinds").at(1).at("device") == "slow");
        CHECK(mixed.at("kinds").at(1).at("cards") == 4);
        for (const char* key :
             {"alone_mode", "sum_tokens_per_s", "loss", "bound_ns", "loss_to_bound"})
        {
            CAPTURE(key);
            CHECK(mixed.contains(key));
        }
        results.training->mix.reset();
        CHECK(nlohmann::json::parse(WriteSummary(results)).at("training").at("mixed").is_null());
    }
}
