/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/experiment.h"
#include "experiment/later.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

const std::string BASE = "fabric: {kind: full_mesh, endpoints: 8, link: {latency: 10ns}}\n"
                         "workload: {collective: all_reduce, size: 1MiB}\n";

Experiment
Read(const std::string& text, const std::vector<Override>& overrides = {})
{
    return ReadExperiment(ParseYaml(text, {"test.yaml", ""}), "test", overrides);
}

std::string
GetMessage(const std::string& text, const std::vector<Override>& overrides = {})
{
    try
    {
        Read(text, overrides);
    }
    catch (const InputError& error)
    {
        return error.what();
    }
    return "accepted";
}

std::vector<uint32_t>
Place(const std::string& ranks)
{
    const std::string text = "fabric: {kind: full_mesh, endpoints: 8}\n"
                             "workload: {collective: all_reduce, size: 1MiB, ranks: " +
                             ranks + "}\n";
    return Read(text).workloads[0].endpoints;
}

} // namespace

TEST_SUITE("experiment")
{
    TEST_CASE("ranks are placed packed, scattered, at random, or as listed")
    {
        CHECK(Place("all") == std::vector<uint32_t>{0, 1, 2, 3, 4, 5, 6, 7});
        CHECK(Place("[5, 1]") == std::vector<uint32_t>{5, 1});
        CHECK(Place("{count: 3}") == std::vector<uint32_t>{0, 1, 2});
        CHECK(Place("{count: 4, placement: scattered}") == std::vector<uint32_t>{0, 2, 4, 6});
        std::vector<uint32_t> random = Place("{count: 8, placement: random}");
        CHECK(random == Place("{count: 8, placement: random}"));
        CHECK(random == Place("{placement: random}"));
        CHECK(Place("{count: 4, placement: scattered, block: 2}") ==
              std::vector<uint32_t>{0, 1, 4, 5});
        const std::vector<uint32_t> blocks = Place("{placement: random, block: 2}");
        CHECK(blocks == Place("{placement: random, block: 2}"));
        CHECK(std::set<uint32_t>(blocks.begin(), blocks.end()).size() == 8);
        for (std::size_t i = 0; i < blocks.size(); i += 2)
        {
            CHECK(blocks[i] % 2 == 0);
            CHECK(blocks[i + 1] == blocks[i] + 1);
        }
        CHECK(random != Place("all"));
        std::sort(random.begin(), random.end());
        CHECK(random == Place("all"));
    }

    TEST_CASE("overrides reach every value, list indices too")
    {
        const Experiment experiment = Read(BASE,
                                           {{"--set", "fabric.switch.buffer=64KiB"},
                                            {"--set", "workload.ranks=[0, 3, 5]"},
                                            {"--set", "workload.ranks.2=7"},
                                            {"--set", "measure.timeline=true"},
                                            {"--seed", "simulation.seed=9"}});
        CHECK(experiment.fabric.scopes[0].chip->GetBuffer() == 65'536);
        CHECK(experiment.workloads[0].endpoints == std::vector<uint32_t>{0, 3, 7});
        CHECK(experiment.timeline);
        CHECK(experiment.seed == 9);
    }

    TEST_CASE("an override of a latency's part takes the place of the whole")
    {
        const Experiment experiment = Read(BASE, {{"--set", "fabric.link.length=2m"}});
        CHECK(experiment.fabric.scopes[0].link->GetLatency() == ns3::PicoSeconds(130'000));
    }

    TEST_CASE("an override can put in another fabric")
    {
        const Experiment experiment =
            Read(BASE,
                 {{"--set", "fabric.endpoints=4"},
                  {"--set", "fabric={kind: single_switch, endpoints: 16}"}});
        CHECK(experiment.fabric.kind == "single_switch");
        CHECK(experiment.endpoints == 4);
    }

    TEST_CASE("an override can put in a nested fabric from a file, or one that extends it")
    {
        const std::string text =
            "fabric: {kind: rails, nodes: 2, node: {kind: full_mesh, endpoints: "
            "4}, network: {kind: single_switch}}\n"
            "workload: {collective: all_reduce, size: 1MiB}\n";
        const std::string mesh = MTLINK_SOURCE_DIR "/topologies/s5000-mesh-8.yaml";
        CHECK(Read(text, {{"--set", "fabric.node=" + mesh}}).endpoints == 16);
        const Experiment extended =
            Read(text, {{"--set", "fabric.node={extends: " + mesh + ", endpoints: 6}"}});
        CHECK(extended.endpoints == 12);
        CHECK(WriteExperiment(Read(WriteExperiment(extended))) == WriteExperiment(extended));
        CHECK(GetMessage(text, {{"--set", "fabric.node={endpoints: 6}"}})
                  .find("lacks the key 'kind'") != std::string::npos);
    }

    TEST_CASE("an override can change what is in a file, and leave out all faults")
    {
        const std::string file = MTLINK_SOURCE_DIR "/examples/training/llama3-8b-32.yaml";
        const Experiment experiment =
            LoadExperiment(file, {{"--set", "workload.training.device.launch=7us"}});
        CHECK(experiment.workloads[0].training.device.launch == 7'000'000);
        const std::string faulty = MTLINK_SOURCE_DIR "/examples/alltoall-link-down.yaml";
        CHECK(!LoadExperiment(faulty, {}).faults.empty());
        CHECK(LoadExperiment(faulty, {{"--set", "faults=[]"}}).faults.empty());
    }

    TEST_CASE("overrides are checked as strictly as files, and name their option")
    {
        CHECK(GetMessage(BASE, {{"--set", "fabric.switch.bufer=64KiB"}})
                  .starts_with("--set fabric.switch.bufer=64KiB:1:15: error: unknown key 'bufer' "
                               "in switch: did you mean 'buffer'?"));
        CHECK(GetMessage(BASE, {{"--set", "fabric.switch.buffer=64"}})
                  .starts_with("--set fabric.switch.buffer=64:1:22: error: '64' has no unit"));
        CHECK(GetMessage(BASE, {{"--mode", "simulation.mode=flows"}})
                  .starts_with("--mode flows:1:1: error: unknown mode 'flows'"));
        CHECK(GetMessage(BASE, {{"--set", "fabric.kind.x=1"}}) ==
              "--set fabric.kind.x=1:1:13: error: 'x' can't be below 'fabric.kind', which is a "
              "single value");
        CHECK(GetMessage(BASE, {{"--set", "nonsense"}}) ==
              "--set nonsense:1:1: error: no KEY=VALUE: give one, as fabric.switch.buffer=64KiB");
        CHECK(GetMessage(BASE, {{"--set", "a..b=1"}})
                  .starts_with("--set a..b=1:1:3: error: an empty key"));
        CHECK(GetMessage(BASE + "simulation: {seed: 1}\n", {{"--set", "simulation={seed: [}"}})
                  .find("error: not YAML") != std::string::npos);
    }

    TEST_CASE("what is written back is the same experiment, and is written back as itself")
    {
        for (const std::string& rest : std::vector<std::string>{
                 "workload: {collective: all_reduce, size: 1MiB, ranks: {count: 3, placement: "
                 "random}, channels: 2}\n",
                 "workloads:\n"
                 "  - {name: a, collective: broadcast, size: 64KiB, root: 1, ranks: [0, 1, 2]}\n"
                 "  - {name: b, traffic: uniform, load: 0.5, measure: 10us, start: 1us}\n",
                 "workload: {collective: all_to_allv, ranks: [0, 1], counts: [[0B, 1KiB], [2KiB, "
                 "0B]]}\n"
                 "simulation: {seed: 7, stop: 1ms, event_limit: 1000, allow_deadlock: true, "
                 "allow_approximate: true}\n"
                 "measure: {timeline: true, sample_every: 1us}\n",
                 "workload: {collective: barrier}\n"
                 "measure: {messages: none, links: all, queues: 5000}\n",
                 "workload: {collective: barrier}\n"
                 "measure: {messages: all, links: 10}\n"})
        {
            const std::string text =
                "name: again\nfabric: {kind: full_mesh, endpoints: 8}\n" + rest;
            const Experiment first = Read(text);
            const std::string once = WriteExperiment(first);
            CAPTURE(once);
            const Experiment second = Read(once);
            CHECK(WriteExperiment(second) == once);
            CHECK(second.workloads.size() == first.workloads.size());
            CHECK(second.workloads[0].endpoints == first.workloads[0].endpoints);
            CHECK(second.seed == first.seed);
            CHECK(second.stop == first.stop);
            CHECK(second.sampleEvery == first.sampleEvery);
        }
    }

    TEST_CASE("every example is read and written back as itself")
    {
        int count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(MTLINK_SOURCE_DIR "/examples"))
        {
            const std::string name = entry.path().filename().string();
            const bool isOther = name.starts_with("sweep-") || name.starts_with("design-");
            if (entry.path().extension() == ".yaml" && !isOther)
            {
                CAPTURE(entry.path().string());
                const std::string once = WriteExperiment(LoadExperiment(entry.path().string()));
                CHECK(WriteExperiment(Read(once)) == once);
                ++count;
            }
        }
        CHECK(count > 0);
    }

    TEST_CASE("all that comes later is refused by name, as not in this version")
    {
        for (const LaterFeature& feature : GetLaterFeatures())
        {
            const std::string value = feature.value.empty() ? "1" : feature.value;
            const std::string line = feature.key + ": " + value;
            std::string text;
            if (feature.section.starts_with("training"))
            {
                continue; // in training-test.cc
            }
            if (feature.section == "experiment")
            {
                text = BASE + line + "\n";
            }
            else if (feature.section == "simulation")
            {
                text = BASE + "simulation: {" + line + "}\n";
            }
            else if (feature.section == "workload")
            {
                text = "fabric: {kind: full_mesh, endpoints: 8}\nworkload: {" + line +
                       (feature.value.empty() ? "}\n" : ", collective: all_reduce, size: 1B}\n");
            }
            else if (feature.section == "fabric")
            {
                text = "fabric: {" + line + "}\nworkload: {collective: all_reduce, size: 1B}\n";
            }
            else
            {
                text = "fabric: {kind: full_mesh, endpoints: 8, " + feature.section + ": {" + line +
                       "}}\nworkload: {collective: all_reduce, size: 1B}\n";
            }
            CAPTURE(text);
            CHECK(GetMessage(text).find("is not in this version") != std::string::npos);
        }
    }
}
