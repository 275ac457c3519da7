/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../dice.h"
#include "experiment/run.h"
#include "measure/result-writer.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

RunResults
Run(const std::string& text, bool memo, const std::string& mode)
{
    const std::string all = text + fmt::format("simulation: {{mode: {}, memo: {}, "
                                               "allow_approximate: true}}\n"
                                               "measure: {{messages: none}}\n",
                                               mode,
                                               memo);
    RunOutcome outcome =
        RunExperiment(ReadExperiment(ParseYaml(all, {"test.yaml", ""}), "test", {}));
    CHECK(outcome.end == RunEnd::COMPLETE);
    return outcome.results;
}

/** All files of a run by name, without what a memo may change: who gave it, events, times. */
std::map<std::string, std::string>
GetFiles(RunResults results, const std::string& mode)
{
    for (CollectiveResult& collective : results.collectives)
    {
        collective.fidelity =
            mode == "packet" ? Fidelity::PACKET : collective.fidelity; // which a memo has, too
    }
    if (mode == "packet")
    {
        results.fidelity = {1};
    }
    results.skippedTimeFraction = 0;
    results.modeReason.clear();
    results.verdict.reset(); // it knows the chain only of messages that were sent
    results.experimentYaml.clear();
    results.settings.clear();
    results.messages.clear();
    results.rows.messages.unlisted = 0;
    results.events = 0;
    results.wallTimeSeconds = 0;
    results.cpuTimeSeconds = 0;
    results.setupTimeSeconds = 0;
    results.peakRssBytes = 0;
    const std::string directory = "memo-test-" + std::to_string(getpid()); // tests run in parallel
    WriteResults(results, directory);
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
    {
        std::ostringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        files[entry.path().filename()] = text.str();
    }
    std::filesystem::remove_all(directory);
    return files;
}

/** @return the share of collectives' time that a memo gave, of a run that is the same without. */
double
Compare(const std::string& text, const std::string& mode)
{
    CAPTURE(text);
    CAPTURE(mode);
    const RunResults with = Run(text, true, mode);
    const RunResults without = Run(text, false, mode);
    const auto files = GetFiles(with, mode);
    for (const auto& [name, content] : GetFiles(without, mode))
    {
        CAPTURE(name);
        REQUIRE(files.count(name) == 1);
        CHECK(files.at(name) == content);
    }
    CHECK(without.skippedTimeFraction == 0);
    double sum = 0;
    for (const double share : with.fidelity)
    {
        sum += share;
    }
    CHECK(sum == doctest::Approx(1).epsilon(1e-12));
    if (mode == "packet")
    {
        CHECK((with.fidelity[1] > 0) == (with.skippedTimeFraction > 0));
    }
    return with.skippedTimeFraction;
}

/** @return parameters of a fabric: odd ones, and such as bind. */
std::string
RollKnobs(Dice& dice)
{
    const uint64_t packet = dice.Pick<uint64_t>({64, 500, 1000, 4096, 8000});
    const uint64_t flit = dice.Pick<uint64_t>({16, 64, 100});
    const uint64_t header = dice.Pick<uint64_t>({0, 16, 30});
    const uint64_t whole = (packet + header + flit - 1) / flit * flit;
    const uint64_t buffer = dice.Number(whole, whole * dice.Pick<uint64_t>({2, 8, 40}));
    const uint64_t window = dice.Pick<uint64_t>({0, packet, packet * 3, packet * 100});
    return fmt::format("  link: {{rate: {}bps, latency: {}ps, flit: {}B, header: {}B}}\n"
                       "  switch: {{latency: 20ns, buffer: {}B}}\n"
                       "  endpoint: {{packet: {}B, window: {}B, buffer: {}B, vcs: {}, service: {}, "
                       "message_overhead: {}ps, operation_overhead: {}ps, reduction_rate: {}}}\n",
                       dice.Pick<uint64_t>({200000000000, dice.Number(1e11, 6e11)}),
                       dice.Number(1, 300000),
                       flit,
                       header,
                       buffer,
                       packet,
                       window,
                       buffer,
                       dice.Number(1, 3),
                       dice.Pick({"round_robin", "in_order"}),
                       dice.Pick<uint64_t>({0, 0, 12345}),
                       dice.Pick<uint64_t>({0, 0, 777, 1000000}),
                       dice.Pick({"0GBps", "0GBps", "100GBps"}));
}

/** @return a collective over some ranks. */
std::string
RollCollective(Dice& dice, const std::string& name, const std::string& ranks)
{
    const auto [collective, algorithm] =
        dice.Pick<std::pair<const char*, const char*>>({{"all_gather", "direct"},
                                                        {"all_gather", "ring"},
                                                        {"reduce_scatter", "direct"},
                                                        {"reduce_scatter", "ring"},
                                                        {"all_reduce", "two_shot"},
                                                        {"all_reduce", "ring"},
                                                        {"all_reduce", "auto"},
                                                        {"all_to_all", "direct"},
                                                        {"all_to_all", "pairwise"},
                                                        {"broadcast", "tree"},
                                                        {"barrier", "dissemination"}});
    const uint64_t bytes = dice.Pick<uint64_t>({4096, 65536, 120000, 99}) * dice.Number(1, 8);
    return fmt::format("  - {{name: {}, collective: {}, algorithm: {}, {}ranks: {}, repeat: {}}}\n",
                       name,
                       collective,
                       algorithm,
                       std::string(collective) == "barrier" ? ""
                                                            : fmt::format("size: {}B, ", bytes),
                       ranks,
                       dice.Number(2, 6));
}

std::string
RollExperiment(uint32_t seed)
{
    Dice dice(seed);
    std::string text = "fabric:\n";
    const uint32_t size = static_cast<uint32_t>(dice.Number(2, 5));
    const uint32_t nodes = static_cast<uint32_t>(dice.Number(1, 3));
    if (nodes == 1)
    {
        text += fmt::format("  kind: full_mesh\n  endpoints: {}\n  links_per_pair: {}\n",
                            size,
                            dice.Number(1, 3));
    }
    else
    {
        text += fmt::format("  kind: rails\n  nodes: {}\n"
                            "  node: {{kind: full_mesh, endpoints: {}, links_per_pair: {}}}\n"
                            "  network: {{kind: single_switch}}\n",
                            nodes,
                            size,
                            dice.Number(1, 3));
    }
    text += RollKnobs(dice) + "workloads:\n";
    for (uint32_t node = 0; node < nodes; ++node)
    {
        std::string ranks;
        for (uint32_t i = 0; i < size; ++i)
        {
            ranks += (i == 0 ? "[" : ", ") + std::to_string(node * size + i);
        }
        // Equal nodes as often as others.
        Dice own(dice.Number(0, 1) == 0 ? seed : seed + node);
        text += RollCollective(own, "node" + std::to_string(node), ranks + "]");
    }
    for (uint32_t rail = 0; nodes > 1 && rail < dice.Number(0, size); ++rail)
    {
        std::string ranks;
        for (uint32_t node = 0; node < nodes; ++node)
        {
            ranks += (node == 0 ? "[" : ", ") + std::to_string(node * size + rail);
        }
        text += RollCollective(dice, "rail" + std::to_string(rail), ranks + "]");
    }
    return text;
}

} // namespace

TEST_SUITE("memo")
{
    TEST_CASE("a memo changes nothing of the results, on random fabrics and workloads")
    {
        // In each mode.
        const uint32_t trials = GetTrials("MTLINK_MEMO_TRIALS", 60);
        for (const std::string mode : {"packet", "flow"})
        {
            uint32_t repeated = 0;
            for (uint32_t seed = 1; seed <= trials; ++seed)
            {
                repeated += Compare(RollExperiment(seed), mode) > 0 ? 1 : 0;
            }
            CAPTURE(mode);
            CHECK(repeated >= trials / 5);
        }
    }

    TEST_CASE("16 nodes of kuae-1k: two rounds are simulated, the others repeated")
    {
        std::string text =
            "fabric: " + std::string(MTLINK_SOURCE_DIR) + "/topologies/kuae-1k.yaml\nworkloads:\n";
        for (uint32_t node = 0; node < 16; ++node)
        {
            text +=
                fmt::format("  - {{name: n{}, collective: all_gather, size: 1MiB, ranks: [", node);
            for (uint32_t i = 0; i < 8; ++i)
            {
                text += (i == 0 ? "" : ", ") + std::to_string(8 * node + i);
            }
            text += "], repeat: 10}\n";
        }
        // The second round finds credits of the first on their way back: it is another start.
        CHECK(Compare(text, "packet") == doctest::Approx(0.8).epsilon(0.01));
        CHECK(Compare(text, "flow") == doctest::Approx(0.9).epsilon(0.01));

        // Nor does it matter what crosses the rails meanwhile.
        text += "  - {name: rail, collective: all_reduce, algorithm: ring, size: 64KiB, repeat: 3, "
                "ranks: [0, 8, 16, 24, 32, 40, 48, 56]}\n";
        CHECK(Compare(text, "packet") > 0.5);
        CHECK(Compare(text, "flow") > 0.5);
    }

    TEST_CASE("groups that share links are simulated, and the results say so")
    {
        const std::string text =
            "fabric: {kind: full_mesh, endpoints: 4}\n"
            "workloads:\n"
            "  - {name: a, collective: all_gather, size: 64KiB, ranks: [0, 1, 2], repeat: 4}\n"
            "  - {name: b, collective: all_gather, size: 64KiB, ranks: [1, 2, 3], repeat: 4}\n";
        for (const std::string mode : {"packet", "flow"})
        {
            CHECK(Compare(text, mode) == 0);
            CHECK(Run(text, true, mode).modeReason ==
                  "memo: no group of a collective has links of its own");
        }
    }

    TEST_CASE("through switches a memo repeats flows, and leaves packets alone")
    {
        const std::string text = "fabric: {kind: single_switch, endpoints: 6}\n"
                                 "workload: {collective: all_gather, algorithm: ring, size: 64KiB, "
                                 "repeat: 5}\n";
        CHECK(Compare(text, "flow") > 0);
        CHECK(Compare(text, "packet") == 0);
    }

    TEST_CASE("what a memo can't give is refused where it is asked for")
    {
        const std::string text = "fabric: {kind: full_mesh, endpoints: 4}\n"
                                 "workload: {collective: all_gather, size: 64KiB, repeat: 4}\n";
        const auto read = [&](const std::string& rest) {
            ReadExperiment(ParseYaml(text + rest, {"test.yaml", ""}), "test", {});
        };
        read("simulation: {memo: true}\nmeasure: {messages: none}\n");
        for (const auto& [rest, what] :
             {std::pair<const char*, const char*>{
                  "simulation: {memo: true}\n",
                  "test.yaml:3:20: error: a memo knows no single message"},
              {"simulation: {memo: true}\nmeasure: {messages: 10}\n",
               "test.yaml:4:21: error: a memo knows no single message"},
              {"simulation: {memo: true}\nmeasure: {messages: none, timeline: true}\n",
               "a memo has no timeline"},
              {"simulation: {memo: true}\nmeasure: {messages: none, sample_every: 1us}\n",
               "a memo has no series"},
              {"simulation: {memo: true, stop: 1s}\nmeasure: {messages: none}\n",
               "half a collective"},
              {"simulation: {memo: true, mode: bound}\nmeasure: {messages: none}\n",
               "mode bound takes no time"},
              {"simulation: {memo: true}\nmeasure: {messages: none}\n"
               "faults: [{link: \"gpu0:0\", at: 1us}]\n",
               "beside faults"}})
        {
            CHECK_THROWS_WITH_AS(read(rest), doctest::Contains(what), InputError);
        }
    }
}
