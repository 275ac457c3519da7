/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/experiment.h"
#include "experiment/run.h"
#include "experiment/yaml.h"
#include "flow-trial.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <map>

using namespace ns3;
using namespace ns3::mtlink;

TEST_SUITE("flow")
{
    TEST_CASE("what was called exact is taken back when one comes that may have met it in packets")
    {
        FlowTrial trial;
        trial.layout = MakeLayout("SingleSwitch", {{"Endpoints", "5"}});
        trial.knobs.endpoint = {{"Packet", "4096"}};
        // Two hold one another up, so that nobody knows when the second ends; what follows it may
        // be so much earlier in packets that it meets one that was over before.
        trial.messages = {{{0, 1, 800'000, 0}, 0, {}},
                          {{2, 1, 700'000, 0}, 5'000'000, {}},
                          {{3, 4, 60'000, 0}, 20'000'000, {}},
                          {{1, 4, 60'000, 0}, 0, {1}},
                          {{3, 4, 60'000, 0}, 2'000'000, {}}};
        const std::vector<Outcome> flows = trial.RunFlows();
        CHECK(flows[1].word == Fidelity::APPROXIMATE);
        CHECK(flows[2].end < flows[3].start);
        CHECK(flows[2].word == Fidelity::APPROXIMATE);
        CHECK(flows[4].word == Fidelity::EXACT); // over before that may have begun
        double all = 0;
        for (const double share : trial.results.fidelity)
        {
            all += share;
        }
        CHECK(all == doctest::Approx(1));
    }

    TEST_CASE(
        "a collective that is called fair takes the time of packets within 1 %, exact: the same")
    {
        const std::vector<std::string> fabrics{
            "kind: single_switch, endpoints: 8",
            "kind: full_mesh, endpoints: 6, links_per_pair: 2",
            "kind: planes, endpoints: 8, planes: 4, plane: {kind: single_switch}",
            "kind: fat_tree, down: [4, 4], up: [1, 4]",
            "kind: fat_tree, down: [4, 4], up: [1, 4], routing: {granularity: packet, selection: "
            "round_robin}",
            "kind: fat_tree, down: [4, 2], up: [1, 2]",
            "kind: dragonfly, p: 2, a: 2, h: 1",
            "kind: torus, dimensions: [4, 2]",
            "kind: hyperx, dimensions: [3, 2], endpoints_per_switch: 2"};
        const std::vector<std::pair<std::string, std::string>> collectives{
            {"all_reduce", "ring"},
            {"all_reduce", "halving_doubling"},
            {"all_reduce", "tree"},
            {"all_reduce", "two_shot"},
            {"all_gather", "bruck"},
            {"all_to_all", "direct"},
            {"all_to_all", "pairwise"},
            {"broadcast", "binomial"},
            {"gather", "direct"},
            {"reduce", "tree"},
            {"send_recv", "direct"}};
        std::map<Fidelity, uint32_t> count;
        Dice dice(1);
        for (const std::string& fabric : fabrics)
        {
            for (const auto& [collective, algorithm] : collectives)
            {
                const std::string text =
                    fmt::format("name: trial\nfabric: {{{}}}\nworkload: {{collective: {}, "
                                "algorithm: {}, size: {}}}\nsimulation: "
                                "{{allow_approximate: true}}\n",
                                fabric,
                                collective,
                                algorithm,
                                dice.Pick<std::string>({"1000B", "64KiB", "8MiB", "7777777B"}));
                CAPTURE(text);
                const auto run = [&text](const std::string& mode) {
                    const YamlNode document = ParseYaml(text, {"trial.yaml", ""});
                    return RunExperiment(
                               ReadExperiment(document, "trial", {{"", "simulation.mode=" + mode}}))
                        .results.collectives.at(0);
                };
                const CollectiveResult flow = run("flow");
                const CollectiveResult packet = run("packet");
                ++count[flow.fidelity];
                CHECK(packet.fidelity == Fidelity::PACKET);
                if (flow.fidelity == Fidelity::EXACT)
                {
                    CHECK(flow.start == packet.start);
                    CHECK(flow.end == packet.end);
                }
                if (flow.fidelity == Fidelity::FAIR)
                {
                    CHECK(static_cast<double>(flow.end - flow.start) ==
                          doctest::Approx(static_cast<double>(packet.end - packet.start))
                              .epsilon(0.01));
                }
            }
        }
        CHECK(count[Fidelity::EXACT] > 20);
        CHECK(count[Fidelity::FAIR] >= 5);
        MESSAGE("exact " << count[Fidelity::EXACT] << ", fair " << count[Fidelity::FAIR]
                         << ", approximate " << count[Fidelity::APPROXIMATE]);
    }

    TEST_CASE("n to one: the last is in when the link of the one has carried all")
    {
        FlowTrial trial;
        trial.layout = MakeLayout("SingleSwitch", {{"Endpoints", "5"}});
        trial.knobs.link.emplace_back("Header", "0");
        trial.knobs.link.emplace_back("Flit", "64");
        trial.knobs.endpoint = {{"Packet", "4096"}};
        for (uint32_t src = 1; src < 5; ++src)
        {
            trial.messages.push_back({{src, 0, 1 << 20, 0}, 0, {}});
        }
        // 1 MiB at 64 B/ns; two links of 10 ns, a switch of 2 ns.
        for (const Outcome& outcome : trial.RunFlows())
        {
            CHECK(outcome.sent == doctest::Approx(4 * 16'384'000));
            CHECK(outcome.end == outcome.sent + 22'000);
            CHECK(outcome.word == Fidelity::APPROXIMATE); // in packets they would be sent earlier
        }
        REQUIRE(trial.results.congestion.size() == 4);
        CHECK(trial.results.congestion[0].root == "switch:0");
        CHECK(trial.results.congestion[0].stall == doctest::Approx(3 * 16'384'000));
        const std::vector<Outcome> packets = trial.RunPackets();
        Tick last = 0;
        for (const Outcome& outcome : packets)
        {
            last = std::max(last, outcome.end);
        }
        CHECK(last == 4 * 16'384'000 + 22'000);
    }

    TEST_CASE("a later message takes its share from then on, and gives it back")
    {
        FlowTrial trial;
        trial.layout = MakeLayout("SingleSwitch", {{"Endpoints", "3"}});
        trial.knobs.link.emplace_back("Header", "0");
        trial.knobs.endpoint = {{"Packet", "4096"}};
        trial.messages.push_back({{1, 0, 1 << 20, 0}, 0, {}});
        trial.messages.push_back({{2, 0, 1 << 18, 0}, 4'096'000, {}});
        const std::vector<Outcome> outcomes = trial.RunFlows();
        // A quarter alone; then half rates for twice the time of the other's quarter.
        CHECK(outcomes[1].sent == doctest::Approx(4'096'000 + 2 * 4'096'000));
        CHECK(outcomes[0].sent == doctest::Approx(16'384'000 + 4'096'000));
        CHECK(outcomes[0].word == Fidelity::APPROXIMATE);
        CHECK(outcomes[1].word == Fidelity::APPROXIMATE);
    }

    TEST_CASE("an oversubscribed tree gives each its part of the links up")
    {
        FlowTrial trial;
        trial.layout = MakeLayout("FatTree", {{"Down", "4,2"}, {"Up", "1,1"}});
        trial.knobs.link.emplace_back("Header", "0");
        trial.knobs.endpoint = {{"Packet", "4096"}};
        for (uint32_t src = 0; src < 4; ++src)
        {
            trial.messages.push_back({{src, 4 + src, 1 << 20, 0}, 0, {}});
        }
        for (const Outcome& outcome : trial.RunFlows())
        {
            CHECK(outcome.sent == doctest::Approx(4 * 16'384'000));
        }
    }

    TEST_CASE("packets that draw their ways by hash load links as they do, not evenly")
    {
        FlowTrial trial;
        trial.layout = MakeLayout("FatTree", {{"Down", "4,2"}, {"Up", "1,4"}});
        trial.knobs.link.emplace_back("Header", "0");
        trial.knobs.endpoint = {{"Packet", "4096"}};
        trial.knobs.routing = {{"Granularity", "packet"}};
        for (uint32_t src = 0; src < 4; ++src)
        {
            trial.messages.push_back({{src, 4 + src, 4096 * 12, 0}, 0, {}});
            trial.messages.push_back({{src, 4 + src, 4096 * 9, 0}, 0, {}});
        }
        const std::vector<Outcome> flows = trial.RunFlows();
        const RunResults byFlows = trial.results;
        const std::vector<Outcome> packets = trial.RunPackets();
        for (uint32_t link = 0; link < byFlows.links.size(); ++link)
        {
            CAPTURE(trial.results.links[link].name);
            // Parts of a packet are rounded.
            CHECK(static_cast<double>(byFlows.links[link].payloadBytes) ==
                  doctest::Approx(static_cast<double>(trial.results.links[link].payloadBytes))
                      .epsilon(0.001));
        }
        Tick last = 0;
        Tick lastInPackets = 0;
        for (std::size_t i = 0; i < flows.size(); ++i)
        {
            last = std::max(last, flows[i].end);
            lastInPackets = std::max(lastInPackets, packets[i].end);
        }
        CHECK(last > 21 * 64'000 * 1.1); // longer than 21 packets of 64 ns each, spread evenly
        CHECK(static_cast<double>(last) ==
              doctest::Approx(static_cast<double>(lastInPackets)).epsilon(0.25));
    }

    TEST_CASE("links up that are slow are as good as one of their sum to who spreads packets")
    {
        FlowTrial trial;
        trial.layout = MakeLayout("FatTree", {{"Down", "2,2"}, {"Up", "1,4"}});
        trial.knobs.link.emplace_back("Header", "0");
        trial.knobs.chip.emplace_back("InputSpeedup", "4"); // else an input has two at once
        // Else a packet that still comes in by a slow link holds up a fast one.
        trial.knobs.chip.emplace_back("Switching", "store_and_forward");
        trial.knobs.links = {{"level1", {{"Rate", "128Gbps"}}}};
        trial.knobs.endpoint = {{"Packet", "4096"}};
        trial.knobs.routing = {{"Granularity", "packet"}, {"Selection", "round_robin"}};
        trial.messages.push_back({{0, 2, 4096 * 1000, 0}, 0, {}});
        const std::vector<Outcome> flows = trial.RunFlows();
        const std::vector<Outcome> packets = trial.RunPackets();
        CHECK(static_cast<double>(flows[0].end) ==
              doctest::Approx(static_cast<double>(packets[0].end)).epsilon(0.01));
    }

    TEST_CASE("it is told where more waits than buffers hold")
    {
        FlowTrial trial;
        trial.layout = MakeLayout("SingleSwitch", {{"Endpoints", "3"}});
        trial.knobs.chip.emplace_back("Buffer", "65536");
        trial.knobs.endpoint = {{"Packet", "4096"}};
        trial.messages = {{{0, 2, 100'000, 0}, 0, {}}, {{1, 2, 100'000, 0}, 0, {}}};
        trial.RunFlows();
        CHECK(trial.results.beyondBuffers == 0); // half of each waits at most
        trial.messages = {{{0, 2, 200'000, 0}, 0, {}}, {{1, 2, 200'000, 0}, 0, {}}};
        trial.RunFlows();
        CHECK(trial.results.beyondBuffers == 1);
    }

    TEST_CASE("a window bounds a flow: so many packets a round trip")
    {
        FlowTrial trial;
        trial.layout = MakeLayout("SingleSwitch", {{"Endpoints", "2"}});
        trial.knobs.link.emplace_back("Header", "0");
        trial.knobs.endpoint = {{"Packet", "4096"}, {"Window", "8192"}};
        trial.knobs.link[1].second = "1us";
        trial.messages.push_back({{0, 1, 4096 * 101, 0}, 0, {}});
        const std::vector<Outcome> flows = trial.RunFlows();
        const std::vector<Outcome> packets = trial.RunPackets();
        CHECK(flows[0].end == doctest::Approx(packets[0].end).epsilon(1e-4));
        CHECK(flows[0].word == Fidelity::APPROXIMATE);
    }

    TEST_CASE("messages to one destination wait for one another, to the picosecond")
    {
        FlowTrial trial;
        trial.layout = MakeLayout("SingleSwitch", {{"Endpoints", "3"}});
        trial.knobs.link[0].second = "224Gbps"; // no whole picoseconds
        trial.knobs.chip.emplace_back("Buffer", "65536");
        trial.knobs.endpoint = {{"Packet", "4096"}};
        for (uint64_t bytes : {70'000, 1, 12'345, 4096, 333})
        {
            trial.messages.push_back({{0, 1, bytes, 0}, 0, {}});
        }
        const std::vector<Outcome> flows = trial.RunFlows();
        const std::vector<Outcome> packets = trial.RunPackets();
        for (uint32_t i = 0; i < flows.size(); ++i)
        {
            CAPTURE(i);
            CHECK(flows[i].word == Fidelity::EXACT);
            CHECK(flows[i].sent == packets[i].sent);
            CHECK(flows[i].end == packets[i].end);
        }
    }
}
