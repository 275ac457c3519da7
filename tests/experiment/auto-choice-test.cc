/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment-trial.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** A random fabric whose switches may reduce, and a collective on it. */
struct Draw
{
    explicit Draw(uint32_t seed)
    {
        std::mt19937 random(seed);
        const auto pick = [&random](const std::vector<std::string>& from) {
            return from[random() % from.size()];
        };
        const std::string link = "link: {rate: " + pick({"100Gbps", "400Gbps"}) +
                                 ", latency: " + pick({"10ns", "200ns", "1us"}) +
                                 ", header: " + pick({"0B", "16B", "82B"}) + "}";
        units = ", multicast: true, reduction: true, reduction_latency: " +
                pick({"0ns", "50ns", "2us"}) +
                ", reduction_rate: " + pick({"0bps", "1600Gbps", "100Gbps", "20Gbps"}) +
                ", reduction_contexts: " + pick({"256", "32", "4"});
        const std::string kind =
            pick({"kind: single_switch, endpoints: 6",
                  "kind: planes, endpoints: 8, planes: 4, plane: {kind: single_switch}",
                  "kind: planes, endpoints: 5, planes: 2, plane: {kind: single_switch}",
                  "kind: fat_tree, down: [3, 3], up: [1, 3]",
                  "kind: fat_tree, down: [4, 2], up: [1, 2]"});
        fabric = "{" + kind + ", " + link + ", switch: {latency: 100ns, buffer: 128KiB";
        endpoint = "}, endpoint: {packet: 4KiB, message_overhead: " + pick({"0ns", "1us"}) +
                   ", reduction_rate: " + pick({"0Bps", "200GBps"}) + "}}";
        const std::string name = pick({"all_reduce", "all_reduce", "broadcast", "reduce"});
        workload = "workload: {collective: " + name +
                   ", size: " + pick({"1KiB", "8KiB", "40KiB", "300KiB", "1MiB"}) + ", algorithm: ";
    }

    /** @return the time by an algorithm, and which ran. */
    std::pair<Tick, std::string> Run(const std::string& algorithm, bool reduces) const
    {
        const std::string text = fabric + (reduces ? units : "") + endpoint;
        const RunOutcome outcome =
            RunExperiment(ReadTrial("fabric: " + text + "\n" + workload + algorithm + "}\n"));
        const CollectiveResult& row = outcome.results.collectives.front();
        return {row.end - row.start, row.algorithm};
    }

    std::string fabric;
    std::string units;
    std::string endpoint;
    std::string workload;
};

} // namespace

TEST_SUITE("auto")
{
    TEST_CASE(
        "auto takes no longer than where no network reduces, and mostly no longer than the best")
    {
        uint32_t network = 0;
        uint32_t best = 0;
        const uint32_t trials = 60;
        for (uint32_t seed = 1; seed <= trials; ++seed)
        {
            const Draw draw(seed);
            CAPTURE(seed);
            CAPTURE(draw.fabric);
            CAPTURE(draw.units);
            CAPTURE(draw.workload);
            const auto chosen = draw.Run("auto", true);
            const Tick time = chosen.first; // Clang captures no bindings
            const std::string& algorithm = chosen.second;
            const Tick byNetwork = draw.Run("in_network", true).first;
            const auto table = draw.Run("auto", false);
            const Tick byTable = table.first;
            const std::string& other = table.second;
            CAPTURE(algorithm);
            CAPTURE(byNetwork);
            CAPTURE(byTable);
            CHECK(other != "in_network");
            CHECK((algorithm == "in_network" || algorithm == other));
            // It takes the network only where that is less than the other takes at least.
            CHECK(static_cast<double>(time) <= 1.05 * static_cast<double>(byTable));
            best += static_cast<double>(time) <=
                            1.05 * static_cast<double>(std::min(byNetwork, byTable))
                        ? 1
                        : 0;
            network += algorithm == "in_network" ? 1 : 0;
        }
        CHECK(best >= trials * 9 / 10);
        CHECK(network > trials / 4);
        CHECK(network < trials);
    }

    TEST_CASE("what flows, trainings and traces can't have is not chosen")
    {
        const std::string text =
            "fabric: {kind: single_switch, endpoints: 8, switch: {reduction: true, multicast: "
            "true}}\n"
            "workload: {collective: all_reduce, size: 1MiB}\n";
        CHECK(RunExperiment(ReadTrial(text)).results.collectives[0].algorithm == "in_network");
        CHECK(RunExperiment(ReadTrial(text, {"simulation.mode=bound"}))
                  .results.collectives[0]
                  .algorithm == "in_network");
        CHECK(RunExperiment(ReadTrial(text, {"simulation.mode=flow"}))
                  .results.collectives[0]
                  .algorithm == "two_shot");
        CHECK(RunExperiment(ReadTrial(text + "faults: [{link: \"gpu0:0\", at: 1s, state: down}]\n"))
                  .results.collectives[0]
                  .algorithm == "two_shot");
        CHECK(RunExperiment(ReadTrial(text, {"fabric.switch.multicast=false"}))
                  .results.collectives[0]
                  .algorithm == "two_shot");
        CHECK(RunExperiment(ReadTrial(text, {"workload.collective=all_gather"}))
                  .results.collectives[0]
                  .algorithm == "direct");
        CHECK(RunExperiment(ReadTrial(text, {"workload.ranks=[0, 1]"}))
                  .results.collectives[0]
                  .algorithm == "direct");
    }
}
