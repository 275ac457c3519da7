/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../dice.h"
#include "experiment/experiment.h"
#include "experiment/run.h"
#include "experiment/yaml.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <random>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** @return the results of an experiment with a way to tell of its messages. */
RunResults
RunWith(const std::string& text, const std::string& measure)
{
    const YamlNode document = ParseYaml(text + measure, {"trial.yaml", ""});
    return RunExperiment(ReadExperiment(document, "trial")).results;
}

constexpr const char* AS_A_WHOLE = "measure: {messages: none}\n";
constexpr const char* BY_MESSAGE = "measure: {messages: all}\n";
constexpr const char* UNFOLDED = "measure: {messages: none, timeline: true}\n";

/**
 * What two ways of carrying the same must agree in.
 * @param [in] slack ps, where it is not exact; 0: rings share links with one another, and which of
 *             their messages of one instant is first is not said.
 */
void
CheckSame(const RunResults& a, const RunResults& b, Tick slack)
{
    REQUIRE(a.collectives.size() == b.collectives.size());
    for (std::size_t i = 0; i < a.collectives.size(); ++i)
    {
        CAPTURE(i);
        const CollectiveResult& one = a.collectives[i];
        const CollectiveResult& other = b.collectives[i];
        const bool isExact = one.fidelity == Fidelity::EXACT || other.fidelity == Fidelity::EXACT;
        const Tick most = isExact ? 0 : slack > 0 ? slack : other.end / 10;
        CHECK(std::abs(one.start - other.start) <= most);
        CHECK(std::abs(one.end - other.end) <= most);
    }
    for (std::size_t i = 0; i < a.links.size(); ++i)
    {
        CAPTURE(a.links[i].name);
        CHECK(a.links[i].payloadBytes == b.links[i].payloadBytes);
        CHECK(a.links[i].wireBytes == b.links[i].wireBytes);
        CHECK(a.links[i].packets == b.links[i].packets);
        CHECK(a.links[i].busy == b.links[i].busy);
    }
    CHECK(a.payloadBytesDelivered == b.payloadBytesDelivered);
    CHECK(a.packetsDelivered == b.packetsDelivered);
    CHECK(a.packetHops == b.packetHops);
    CHECK(a.rows.messages.all == b.rows.messages.all);
}

} // namespace

TEST_SUITE("flow rings")
{
    TEST_CASE("a ring carried as a whole is what its messages are, whoever comes across it")
    {
        const std::vector<std::pair<std::string, uint32_t>> fabrics{
            {"{kind: full_mesh, endpoints: 2, links_per_pair: 3, endpoint: {KNOBS}}", 2},
            {"{kind: single_switch, endpoints: 3, endpoint: {KNOBS}}", 3},
            {"{kind: full_mesh, endpoints: 6, endpoint: {KNOBS}}", 6},
            {"{kind: single_switch, endpoints: 8, endpoint: {KNOBS}}", 8},
            {"{kind: planes, endpoints: 8, planes: 3, plane: {kind: single_switch}, endpoint: "
             "{KNOBS}}",
             8},
            {"{kind: fat_tree, down: [4, 4], up: [1, 4], endpoint: {KNOBS}}", 16},
            {"{kind: fat_tree, down: [4, 2], up: [1, 2], switch: {switching: store_and_forward}, "
             "endpoint: {KNOBS}}",
             8},
            {"{kind: dragonfly, p: 2, a: 2, h: 1, endpoint: {KNOBS}}", 12},
            {"{kind: torus, dimensions: [4, 2], endpoint: {KNOBS}}", 8},
            {"{kind: rails, nodes: 4, node: {kind: full_mesh, endpoints: 4}, network: {kind: "
             "single_switch}, endpoint: {KNOBS}}",
             16},
            {"{kind: rails, nodes: 4, node: {kind: single_switch, endpoints: 4}, network: {kind: "
             "fat_tree, down: [2, 2], up: [1, 2]}, endpoint: {KNOBS}}",
             16}};
        std::mt19937 random(7);
        const auto pick = [&random](const std::vector<std::string>& of) {
            return of[random() % of.size()];
        };
        uint32_t wholes = 0;
        uint32_t givenUp = 0;
        uint32_t exact = 0;
        const uint32_t trials = GetTrials("MTLINK_FLOW_TRIALS", 165);
        for (uint32_t trial = 0; trial < trials; ++trial)
        {
            auto [fabric, endpoints] = fabrics[trial % fabrics.size()];
            const bool isRails = fabric.find("rails") != std::string::npos;
            fabric.replace(fabric.find("KNOBS"),
                           5,
                           "packet: " + pick({"512B", "1000B", "4KiB"}) +
                               ", message_overhead: " + pick({"0ns", "0ns", "333ns", "1us"}) +
                               ", operation_overhead: " + pick({"0ns", "0ns", "777ns"}));
            std::string text = "name: trial\nfabric: " + fabric + "\nsimulation: {mode: flow}\n";
            const bool isOne = random() % 3 > 0;
            text += fmt::format(
                "workloads:\n  - {{collective: {}, algorithm: {}, size: {}, ranks: {}, repeat: "
                "{}}}\n",
                pick({"all_reduce", "all_gather", "reduce_scatter"}),
                isOne ? "ring, channels: 1"
                      : pick({"ring", "bidirectional_ring", isRails ? "hierarchical" : "ring"}),
                pick({"1000B", "64KiB", "999999B", "8MiB"}),
                pick({"all",
                      "all",
                      "{count: " + std::to_string(endpoints) + ", placement: random}"}),
                random() % 3 + 1);
            for (uint32_t other = random() % 3; other > 0; --other)
            {
                const uint32_t from = random() % endpoints;
                text +=
                    fmt::format("  - {{collective: send_recv, size: {}B, ranks: [{}, {}], start: "
                                "{}ps}}\n",
                                1 + random() % 100000,
                                from,
                                (from + 1 + random() % (endpoints - 1)) % endpoints,
                                random() % 40'000'000);
            }
            CAPTURE(text);
            const RunResults whole = RunWith(text, AS_A_WHOLE);
            const RunResults byMessage = RunWith(text, BY_MESSAGE);
            const RowCount& rows = whole.rows.messages;
            const Tick slack = isOne && rows.unlisted > 0 ? 100 : 0; // of rounded shares
            CheckSame(whole, byMessage, slack);
            CheckSame(whole, RunWith(text, UNFOLDED), slack);
            CHECK(byMessage.rows.messages.unlisted == 0);
            wholes += rows.unlisted > 0 ? 1 : 0;
            givenUp += rows.unlisted > 0 && rows.unlisted < rows.all * 9 / 10 ? 1 : 0;
            const auto& first = whole.collectives[0];
            if (first.fidelity == Fidelity::EXACT)
            {
                ++exact;
                text.replace(text.find("mode: flow"), 10, "mode: packet");
                CHECK(RunWith(text, AS_A_WHOLE).collectives[0].end == first.end);
            }
        }
        // It is no test if hardly any is.
        CHECK(wholes > trials * 3 / 10);
        CHECK(givenUp > trials / 17);
        CHECK(exact > trials / 6);
        MESSAGE("carried as a whole " << wholes << ", in part " << givenUp << ", exact " << exact);
    }
}
