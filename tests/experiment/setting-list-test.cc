/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/experiment.h"
#include "experiment/setting-list.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <map>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** @param [in] experiment An experiment. @return its settings, by path. */
std::map<std::string, SettingResult>
Settings(const Experiment& experiment)
{
    std::map<std::string, SettingResult> settings;
    for (const SettingResult& setting : ListSettings(ResolveExperiment(experiment)))
    {
        CHECK(settings.emplace(setting.setting, setting).second);
    }
    return settings;
}

} // namespace

TEST_SUITE("experiment setting list")
{
    TEST_CASE("each setting says its value, where that comes from, and what it means")
    {
        std::ofstream("settings-fabric.yaml") << "kind: dragonfly  # press: a paper\n"
                                                 "p: 1\n"
                                                 "a: 2\n"
                                                 "h: 1\n"
                                                 "link:\n"
                                                 "  rate: 100Gbps  # vendor: \"a # sheet\"\n"
                                                 "links:\n"
                                                 "  global: {latency: 1us}  # assumed\n"
                                                 "switch: {vcs: 4}\n";
        std::ofstream("settings.yaml") << "fabric: settings-fabric.yaml\n"
                                          "workload:\n"
                                          "  collective: all_gather\n"
                                          "  size: 4KiB # as asked for, not assumedly\n"
                                          "  ranks: [0, 1]\n"
                                          "faults:\n"
                                          "- {link: \"ep0:0\", at: 1us, state: down}\n";
        const auto settings = Settings(LoadExperiment(
            "settings.yaml",
            {{"--set", "fabric.switch.buffer=4KiB"}, {"--seed", "simulation.seed=3"}}));
        std::filesystem::remove("settings-fabric.yaml");
        std::filesystem::remove("settings.yaml");

        const SettingResult& rate = settings.at("fabric.link.rate");
        CHECK(rate.value == "100Gbps");
        CHECK(rate.source == "settings-fabric.yaml:6");
        CHECK(rate.provenance == "vendor");
        CHECK(rate.note == "vendor: \"a # sheet\"");
        CHECK(rate.meaning.find("Rate on the wire") == 0);
        // What a link class does not say itself comes from where all links have it.
        CHECK(settings.at("fabric.links.global.rate").source == "settings-fabric.yaml:6");
        CHECK(settings.at("fabric.links.global.latency").source == "settings-fabric.yaml:8");
        CHECK(settings.at("fabric.links.global.latency").provenance == "assumed");
        CHECK(settings.at("fabric.kind").provenance == "press");
        CHECK(settings.at("fabric.p").source == "settings-fabric.yaml:2");
        CHECK(settings.at("fabric.p").provenance.empty());
        CHECK(settings.at("fabric.switch.vcs").source == "settings-fabric.yaml:9");
        CHECK(settings.at("fabric.switch.buffer").source == "--set fabric.switch.buffer=4KiB");
        CHECK(settings.at("simulation.seed").source == "--seed 3");
        CHECK(settings.at("simulation.seed").value == "3");
        CHECK(settings.at("workloads[0].size").source == "settings.yaml:4");
        CHECK(settings.at("workloads[0].size").provenance.empty());
        CHECK(settings.at("workloads[0].ranks").source == "settings.yaml:5");
        CHECK(settings.at("workloads[0].ranks").value == "[0, 1]");
        CHECK(settings.at("faults[0].state").source == "settings.yaml:7");
        CHECK(settings.at("faults[0].state").value == "down");

        const SettingResult& flit = settings.at("fabric.link.flit");
        CHECK(flit.value == "64B");
        CHECK(flit.source.empty());
        CHECK(flit.note.empty());
        CHECK(flit.provenance == "assumed");
        CHECK(settings.at("fabric.endpoint.packet").source.empty());
        CHECK(settings.at("workloads[0].repeat").source.empty());
        CHECK(settings.at("name").source.empty());
        CHECK(settings.at("name").value == "settings");
        for (const auto& [path, setting] : settings)
        {
            CAPTURE(path);
            CHECK(!setting.meaning.empty());
            CHECK(setting.value.find('\n') == std::string::npos);
        }
    }

    TEST_CASE("fabrics nested in one another are listed, and long lists by their length")
    {
        const YamlNode document =
            ParseYaml("fabric:\n"
                      "  kind: planes\n"
                      "  endpoints: 80\n"
                      "  planes: 2\n"
                      "  link: {rate: 100Gbps}\n"
                      "  plane: {kind: single_switch, link: {flit: 32B}}\n"
                      "workload: {collective: all_gather, size: 4KiB, ranks: {count: 70}}\n",
                      {"nested.yaml", ""});
        const auto settings = Settings(ReadExperiment(document, "nested"));
        CHECK(settings.at("fabric.planes").source == "nested.yaml:4");
        CHECK(settings.at("fabric.plane.link.rate").source == "nested.yaml:5");
        CHECK(settings.at("fabric.plane.link.flit").source == "nested.yaml:6");
        CHECK(settings.at("fabric.link.flit").source.empty());
        CHECK(settings.at("workloads[0].ranks").value == "a list of 70");
    }
}
