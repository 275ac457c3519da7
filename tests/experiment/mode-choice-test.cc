/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/mode-choice.h"
#include "experiment/run.h"
#include "experiment/yaml.h"

#include <doctest/doctest.h>
#include <string>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

RunOutcome
Run(const std::string& text, const std::vector<Override>& overrides = {})
{
    return RunExperiment(ReadExperiment(ParseYaml(text, {"test.yaml", ""}), "test", overrides));
}

const std::string COLLECTIVE = "fabric: {kind: single_switch, endpoints: 4}\n"
                               "workload: {collective: all_reduce, algorithm: ring, size: 1MiB}\n";

} // namespace

TEST_SUITE("experiment")
{
    TEST_CASE("auto takes packets where they fit the budget, else flows, and says why")
    {
        const RunResults packets = Run(COLLECTIVE + "simulation: {mode: auto}\n").results;
        CHECK(packets.mode == "packet");
        CHECK(packets.modeAsked == "auto");
        CHECK(packets.modeReason.find("within the budget of 60 s") != std::string::npos);
        CHECK(packets.fidelity[static_cast<std::size_t>(Fidelity::PACKET)] == 1);
        CHECK(packets.deadlockFree == "true");

        const RunResults flows =
            Run(COLLECTIVE + "simulation: {mode: auto, budget: 1us}\n").results;
        CHECK(flows.mode == "flow");
        CHECK(flows.modeReason.find("beyond the budget") != std::string::npos);
        CHECK(flows.collectives.at(0).fidelity == Fidelity::EXACT);
        CHECK(flows.collectives.at(0).end == packets.collectives.at(0).end);
        CHECK(flows.fidelity[static_cast<std::size_t>(Fidelity::EXACT)] == 1);

        const RunResults asked = Run(COLLECTIVE + "simulation: {mode: flow}\n").results;
        CHECK(asked.mode == "flow");
        CHECK(asked.modeReason.empty());
    }

    TEST_CASE("auto takes packets for what flows can't, whatever the budget")
    {
        const RunResults results =
            Run("fabric: {kind: single_switch, endpoints: 4}\n"
                "workload: {traffic: uniform, load: 0.5, packet: 256B, measure: 1us}\n"
                "simulation: {mode: auto, budget: 1ps}\n")
                .results;
        CHECK(results.mode == "packet");
        CHECK(results.modeReason.find("flows can't: mode flow has no packets") !=
              std::string::npos);
    }

    TEST_CASE("flows refuse what they get wrong by far, unless they are asked for all the same")
    {
        const std::string workload = "workload: {collective: send_recv, size: 64KiB, ranks: "
                                     "{count: 8, placement: random}}\n";
        const std::string tree =
            "fabric: {kind: fat_tree, down: [2, 2, 2], up: [1, 2, 2], routing: "
            "{granularity: packet, selection: round_robin}}\n";
        CHECK_THROWS_WITH_AS(Run(tree + workload + "simulation: {mode: flow}\n"),
                             doctest::Contains("in turn at two levels of a tree"),
                             InputError);
        const RunOutcome insisted =
            Run(tree + workload + "simulation: {mode: flow, allow_approximate: true}\n");
        CHECK(insisted.results.mode == "flow");
        const RunOutcome chosen = Run(tree + workload + "simulation: {mode: auto, budget: 1ps}\n");
        CHECK(chosen.results.mode == "packet");
        CHECK(chosen.results.modeReason.find("in turn at two levels") != std::string::npos);
        // So are algorithms whose steps depend on who is served first.
        const std::string hashed = "fabric: {kind: fat_tree, down: [4, 2], up: [1, 2], routing: "
                                   "{granularity: packet, selection: hash}}\n";
        const auto reduce = [](const std::string& algorithm) {
            return "workload: {collective: all_reduce, algorithm: " + algorithm +
                   ", size: 64KiB}\nsimulation: {mode: flow}\n";
        };
        CHECK_THROWS_WITH_AS(Run(hashed + reduce("halving_doubling")),
                             doctest::Contains("test.yaml:2:47: error: mode flow is about 20 %"),
                             InputError);
        CHECK(Run(hashed + reduce("ring")).results.mode == "flow");
        const std::string rails =
            "fabric: {kind: rails, nodes: 4, node: {kind: full_mesh, endpoints: 2}, network: "
            "{kind: single_switch}}\n";
        const auto exchange = [](const std::string& algorithm) {
            return "workload: {collective: all_to_all, algorithm: " + algorithm +
                   ", size: 64KiB}\nsimulation: {mode: flow}\n";
        };
        CHECK_THROWS_WITH_AS(Run(rails + exchange("pairwise")),
                             doctest::Contains("test.yaml:2:47: error: mode flow is up to half"),
                             InputError);
        CHECK(Run(rails + exchange("direct")).results.mode == "flow");
        const std::string servers =
            "fabric: {kind: rails, nodes: 2, node: {kind: full_mesh, endpoints: 4}, network: "
            "{kind: single_switch}}\n";
        const auto among = [](const std::string& ranks) {
            return "workload: {collective: all_to_all, algorithm: pairwise, size: 64KiB, ranks: " +
                   ranks + "}\nsimulation: {mode: flow}\n";
        };
        CHECK(Run(servers + among("[4, 5, 6, 7]")).results.mode == "flow"); // nobody relays
        CHECK_THROWS_AS(Run(servers + among("[3, 4, 5, 6]")), InputError);
        // So are exchanges by which a dragonfly's groups turn to one another in step.
        const std::string dragonfly = "fabric: {kind: dragonfly, p: 2, a: 2, h: 1, groups: 3, "
                                      "switch: {buffer: 128KiB}, endpoint: {packet: 64KiB}}\n";
        CHECK_THROWS_WITH_AS(
            Run(dragonfly + exchange("pairwise")),
            doctest::Contains("test.yaml:2:47: error: mode flow is up to half too slow"),
            InputError);
        CHECK_THROWS_WITH_AS(Run(dragonfly + "workload: {collective: all_to_all, size: 1536KiB}\n"
                                             "simulation: {mode: flow}\n"),
                             doctest::Contains("messages of 2 packets"),
                             InputError); // `auto` chose direct
        CHECK(Run(dragonfly + "workload: {collective: all_to_all, size: 3072KiB}\n"
                              "simulation: {mode: flow}\n")
                  .results.mode == "flow");
        CHECK(Run(dragonfly + "workload: {collective: all_to_all, size: 1536KiB}\n"
                              "simulation: {mode: flow, allow_approximate: true}\n")
                  .results.mode == "flow");
        const RunOutcome both =
            Run(dragonfly + "workload: {collective: all_to_all, size: 1536KiB}\n"
                            "simulation: {mode: auto, budget: 1ps}\n");
        CHECK(both.results.mode == "packet");
        CHECK(both.results.modeReason.find("messages of 2 packets") != std::string::npos);
        // One level that has a choice does no harm.
        const std::string low = "fabric: {kind: fat_tree, down: [4, 2], up: [1, 2], routing: "
                                "{granularity: packet, selection: round_robin}}\n";
        CHECK(Run(low + workload + "simulation: {mode: flow}\n").results.mode == "flow");
    }

    TEST_CASE("the choice is told before the run, and the budget is written back")
    {
        RunOptions options;
        std::string told;
        options.chosen = [&told](const std::string& mode, const std::string&) { told = mode; };
        const Experiment experiment = ReadExperiment(
            ParseYaml(COLLECTIVE + "simulation: {mode: auto, budget: 2us}\n", {"test.yaml", ""}),
            "test");
        RunExperiment(experiment, options);
        CHECK(told == "flow");
        CHECK(WriteExperiment(experiment).find("budget: 2us") != std::string::npos);
    }

    TEST_CASE("flows leave the same under ns-3's own simulator implementation")
    {
        const std::string text = "fabric: {kind: fat_tree, down: [4, 4], up: [1, 2]}\n"
                                 "workload: {collective: all_to_all, size: 1MiB}\n"
                                 "simulation: {mode: flow}\n";
        const RunResults own = Run(text).results;
        const RunResults other = Run(text, {{"--set", "simulation.engine=default"}}).results;
        CHECK(own.completionTime == other.completionTime);
        CHECK(own.fidelity == other.fidelity);
        REQUIRE(own.links.size() == other.links.size());
        for (std::size_t link = 0; link < own.links.size(); ++link)
        {
            CHECK(own.links[link].payloadBytes == other.links[link].payloadBytes);
            CHECK(own.links[link].busy <= own.simulatedTime);
        }
        REQUIRE(!own.congestion.empty());
        CHECK(own.congestion[0].root == other.congestion[0].root);
        CHECK(own.congestion[0].stall == other.congestion[0].stall);
    }

    TEST_CASE("mode bound, which does not look, calls all approximate")
    {
        const RunResults results = Run(COLLECTIVE + "simulation: {mode: bound}\n").results;
        CHECK(results.fidelity[static_cast<std::size_t>(Fidelity::APPROXIMATE)] == 1);
        CHECK(results.collectives.at(0).fidelity == Fidelity::APPROXIMATE);
    }
}
