/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict-trial.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

const std::string TRAINING = "fabric: {kind: single_switch, endpoints: 8, link: {rate: 100Gbps}}\n"
                             "workload:\n"
                             "  training:\n"
                             "    model: {layers: 4, hidden: 512, heads: 8, ffn: 2048, "
                             "vocabulary: 1024}\n" +
                             TRIAL_DEVICE +
                             "    batch: {sequence: 512, micro: 1, global: 16}\n"
                             "    parallel: {tensor: 1, pipeline: 1}\n"
                             "simulation: {mode: flow}\n";

const std::string NO_SOFTWARE = "workload.device.collective_overhead={fixed: 0s, step: 0s}";

} // namespace

TEST_SUITE("verdict")
{
    TEST_CASE("where cards compute nearly all the time kernels bound a training")
    {
        const std::vector<std::string> settings{"workload.device.launch=0s",
                                                NO_SOFTWARE,
                                                "fabric.link.rate=10000Gbps"};
        const RunResults results = RunJudged(TRAINING, settings);
        CHECK(results.verdict->boundBy == "compute");
        CHECK(results.verdict->text.find("kernels bound it") != std::string::npos);
    }

    TEST_CASE("launches of kernels are software")
    {
        const std::vector<std::string> settings{"workload.device.launch=500us"};
        const RunResults results = RunJudged(TRAINING, settings);
        CHECK(results.verdict->boundBy == "software");
        CHECK(results.verdict->share.value_or(0) > 0.5);
        CHECK(Proposes(results, "workload.device.launch=0s"));
        CheckTries(TRAINING, settings, results);
    }

    TEST_CASE("slow cards are told of, and what no slow ones would be worth")
    {
        const std::vector<std::string> settings{"workload.device.launch=0s",
                                                NO_SOFTWARE,
                                                "fabric.link.rate=10000Gbps",
                                                "workload.device.straggler={slow: 50 %, by: 3}"};
        const RunResults results = RunJudged(TRAINING, settings);
        CHECK(results.verdict->boundBy == "compute");
        CHECK(results.verdict->text.find("stragglers") != std::string::npos);
        CHECK(Proposes(results, "workload.device.straggler=none"));
        CHECK(HasNote(results, "cards slow, the slowest takes 3 times as long"));
        CheckTries(TRAINING, settings, results);
        CHECK(!HasNote(RunJudged(TRAINING), "stragglers are asked for"));
    }

    TEST_CASE("where slow cards are asked for and none is drawn it is said so")
    {
        const RunResults results =
            RunJudged(TRAINING, {"workload.device.straggler={slow: 0.001 %, by: 3}"});
        CHECK(HasNote(results, "seed 1 draws none of 8 cards slow"));
    }

    TEST_CASE("gradients over slow links are exposed by these links")
    {
        const std::vector<std::string> settings{"workload.device.launch=0s",
                                                NO_SOFTWARE,
                                                "fabric.link.rate=1Gbps"};
        const RunResults results = RunJudged(TRAINING, settings);
        CHECK(results.verdict->boundBy == "endpoint_rate");
        CHECK(results.verdict->text.find("most of it on endpoint") != std::string::npos);
        CheckTries(TRAINING, settings, results);
    }

    TEST_CASE("a pipeline of few micro-batches waits in its bubble")
    {
        const std::vector<std::string> settings{"workload.device.launch=0s",
                                                NO_SOFTWARE,
                                                "fabric.link.rate=10000Gbps",
                                                "workload.parallel={tensor: 1, pipeline: 4}",
                                                "workload.batch.global=4"};
        const RunResults results = RunJudged(TRAINING, settings);
        CHECK(results.verdict->text.find("bubble") != std::string::npos);
        CHECK(Proposes(results, "workload.batch.global=8"));
        CheckTries(TRAINING, settings, results);
    }
}
