/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict-trial.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

const std::string SWITCH = "fabric: {kind: single_switch, endpoints: 8, link: {rate: 200Gbps}}\n";

/** Three leaves of four endpoints, two spines; who sends to gpu8, and one who does not. */
const std::string INCAST =
    "fabric: {kind: fat_tree, down: [4, 3], up: [1, 2]}\n"
    "workloads:\n"
    "  - {name: many, collective: gather, size: 4MiB, ranks: [8, 0, 1, 4, 5, 6, 9, 10]}\n"
    "  - {name: bystander, collective: send_recv, size: 128KiB, ranks: [2, 11]}\n";

const std::string TREE = "fabric: {kind: fat_tree, radix: 8, levels: 2, link: {rate: 100Gbps}}\n";

} // namespace

TEST_SUITE("verdict")
{
    TEST_CASE("of an incast the port is the root, and who does not go there a victim")
    {
        const RunResults results = RunJudged(INCAST);
        const VerdictResult& verdict = *results.verdict;
        CHECK(verdict.boundBy == "congestion");
        REQUIRE(verdict.root);
        CHECK(verdict.root->port == "leaf2:0");
        CHECK(verdict.root->to == "gpu8");
        CHECK(verdict.root->flows == 7);
        REQUIRE(verdict.root->offeredOverRate);
        CHECK(*verdict.root->offeredOverRate > 2);
        CHECK(*verdict.root->offeredOverRate <= 7);
        CHECK(verdict.root->stallShare > 0.5);
        const auto& victims = verdict.root->victims;
        CHECK(std::find(victims.begin(), victims.end(), "gpu2 to gpu11") != victims.end());
        for (const std::string& victim : victims)
        {
            CHECK(!victim.ends_with(" gpu8"));
        }
        CHECK(!verdict.saturated);
        CHECK(Proposes(results, "fabric.endpoint.congestion_control=hpcc"));
        CheckTries(INCAST, {}, results);
        // Where there is control already, it is not proposed.
        const RunResults controlled =
            RunJudged(INCAST, {"fabric.endpoint.congestion_control=swift"});
        CHECK(!Proposes(controlled, "fabric.endpoint.congestion_control=hpcc"));
    }

    TEST_CASE("a run that took what its bytes must is at its bound")
    {
        const std::string text = SWITCH + "workload: {collective: all_reduce, algorithm: ring, "
                                          "size: 16MiB}\n";
        const RunResults results = RunJudged(text);
        CHECK(results.verdict->boundBy == "endpoint_rate");
        CHECK(!results.verdict->share);
        CHECK(!results.verdict->root);
        CHECK(results.verdict->tries.size() == 1);
        CheckTries(text, {}, results);
    }

    TEST_CASE("of one message on idle links the parts are its latency and its bytes")
    {
        const std::string text =
            "fabric: {kind: full_mesh, endpoints: 8, link: {rate: 100Gbps, "
            "latency: 100ns, header: 0B}, endpoint: {packet: 4096B}}\n"
            "workload: {collective: all_gather, algorithm: direct, size: 2KiB, "
            "ranks: [0, 1]}\n";
        const RunResults results = RunJudged(text);
        // 1 KiB at 12.5 B/ns takes 81.92 ns: 45 % of 181.92. Its bound is the way itself: how much
        // of the latency is lost beyond it is not known.
        CHECK(results.verdict->boundBy == "latency");
        CHECK(results.verdict->text.find("take 55") != std::string::npos);
        CHECK(results.verdict->text.find("bytes 45") != std::string::npos);
        CHECK(!results.verdict->share);
        CheckTries(text, {}, results);
    }

    TEST_CASE("of a mesh whose cards all send to one, that one is what bounds it")
    {
        const std::string text = "fabric: {kind: full_mesh, endpoints: 8, links_per_pair: 2, link: "
                                 "{rate: 100Gbps}}\n"
                                 "workload: {collective: reduce, algorithm: direct, size: 4MiB}\n";
        const RunResults results = RunJudged(text);
        CHECK(results.verdict->boundBy == "endpoint_rate");
        CHECK(results.verdict->text.find("the rate of that one endpoint") != std::string::npos);
        CheckTries(text, {}, results);
    }

    TEST_CASE("a taper that holds up one short collective of several is not said to hold up none")
    {
        const std::string text =
            "fabric: {kind: fat_tree, down: [8, 4], up: [1, 8], taper: 4}\n"
            "workloads:\n"
            "  - {collective: all_to_all, size: 1MiB, ranks: [0, 1, 8, 9, 16, 17, 24, 25]}\n"
            "  - {collective: all_reduce, algorithm: ring, size: 64MiB, ranks: [2, 3, 4, 5]}\n";
        const RunResults tapered = RunJudged(text);
        const RunResults flat = RunJudged(text, {"fabric.taper=1"});
        const auto timeOf = [](const RunResults& results) {
            const CollectiveResult& row = results.collectives.front();
            return row.end - row.start;
        };
        REQUIRE(timeOf(flat) * 5 < timeOf(tapered) * 4);
        CHECK(tapered.verdict->text.find("of the bound") == std::string::npos);
        CHECK(!HasNote(tapered, "does not hold it up"));
        CHECK(HasNote(tapered, "the taper of 4 holds up workload0, though not the run"));
    }

    TEST_CASE("a taper holds up what crosses it, and does not what stays below")
    {
        const std::string text = TREE + "workload: {collective: all_to_all, algorithm: pairwise, "
                                        "size: 1MiB}\n";
        const std::vector<std::string> taper{"fabric.taper=4"};
        const RunResults all = RunJudged(text, taper);
        CHECK((all.verdict->boundBy == "link_rate" || all.verdict->boundBy == "congestion"));
        CHECK(Proposes(all, "fabric.taper=1"));
        CheckTries(text, taper, all);

        const std::vector<std::string> near{"fabric.taper=4", "workload.ranks=[0, 1, 2, 3]"};
        const RunResults few = RunJudged(text, near);
        CHECK(!Proposes(few, "fabric.taper=1"));
        CHECK(HasNote(few, "the taper of 4 does not hold it up"));
        CheckTries(text, near, few);
        for (const VerdictLevel& level : few.verdict->levels)
        {
            CHECK(level.bytesShare == (level.cls == "endpoint" ? 1 : 0));

            // The root is a link of the tapered level, though not its busiest.
            const std::string hashed =
                "fabric: {kind: fat_tree, down: [4, 4], up: [1, 4], link: {rate: "
                "400Gbps, latency: 500ns}}\n"
                "workload: {collective: all_to_all, size: 512KiB}\n";
            const RunResults root = RunJudged(hashed, {"fabric.taper=2"});
            REQUIRE(root.verdict->root);
            CHECK(root.verdict->root->to.starts_with("spine"));
            CHECK(Proposes(root, "fabric.taper=1"));
            CHECK(RunJudged(hashed).completionTime < root.completionTime);
        }
    }

    TEST_CASE("links of which each has but one flow too many are told by their load")
    {
        // Eight flows of the first two leaves each choose one of four links by hash.
        const std::string text =
            "fabric: {kind: fat_tree, radix: 8, levels: 2, link: {rate: 100Gbps}}\n"
            "workload: {collective: send_recv, size: 1MiB, "
            "ranks: [0, 4, 1, 5, 2, 6, 3, 7]}\n";
        const RunResults results = RunJudged(text);
        const VerdictResult& verdict = *results.verdict;
        CHECK(verdict.boundBy == "congestion");
        REQUIRE(verdict.root);
        CHECK(verdict.root->flows.value_or(0) >= 2);
        CHECK(verdict.root->to.starts_with("spine"));
        CHECK(Proposes(results, "fabric.routing.granularity=packet"));
        CHECK(HasNote(results, "this is seed 1 alone"));
        CheckTries(text, {}, results);
    }

    TEST_CASE("small messages are bound by latency, large ones are not")
    {
        const std::string text = SWITCH + "workload: {collective: all_reduce, algorithm: ring, "
                                          "size: 2KiB}\n";
        const RunResults results = RunJudged(text);
        CHECK(results.verdict->boundBy == "latency");
        REQUIRE(results.verdict->chain);
        const VerdictChain& chain = *results.verdict->chain;
        CHECK(chain.messages == 14);
        CHECK(chain.wire + chain.latency + chain.software + chain.waiting + chain.compute ==
              *results.completionTime);
        CHECK(chain.waiting == 0);
        CheckTries(text, {}, results);
        CHECK(RunJudged(text, {"workload.size=4MiB"}).verdict->boundBy == "endpoint_rate");
    }

    TEST_CASE(
        "latency that a source's queue of messages hides in part is what is lost to the bound")
    {
        const std::string text = SWITCH + "workload: {collective: all_to_all, algorithm: direct, "
                                          "size: 64KiB}\n";
        const RunResults results = RunJudged(text);
        CHECK(results.verdict->boundBy == "latency");
        CHECK(results.verdict->chain->waiting > results.verdict->chain->latency);
        CHECK(results.verdict->share.value_or(0) > 0.5);
        CheckTries(text, {}, results);
    }

    TEST_CASE("overheads of messages and of operations are software")
    {
        const std::string text = SWITCH + "workload: {collective: all_reduce, algorithm: ring, "
                                          "size: 256KiB}\n";
        for (const char* overhead : {"message_overhead", "operation_overhead"})
        {
            CAPTURE(overhead);
            const std::vector<std::string> settings{std::string("fabric.endpoint.") + overhead +
                                                    "=20us"};
            const RunResults results = RunJudged(text, settings);
            CHECK(results.verdict->boundBy == "software");
            CHECK(results.verdict->share.value_or(0) > 0.7);
            CHECK(Proposes(results, std::string("fabric.endpoint.") + overhead + "=0ns"));
            CheckTries(text, settings, results);
        }
    }

    TEST_CASE("links of a pair that are full while the cards' others are idle are not the "
              "endpoints' rate")
    {
        const std::string text = "fabric: {kind: full_mesh, endpoints: 8}\n"
                                 "workload: {collective: all_reduce, algorithm: ring, size: 16MiB, "
                                 "ranks: [0, 1]}\n";
        const RunResults results = RunJudged(text);
        CHECK(results.verdict->boundBy == "link_rate");
        CHECK(results.verdict->share.value_or(0) > 0.9);
        CheckTries(text, {}, results);
    }

    TEST_CASE("one message that is short for its bound is the links' that it may use")
    {
        const std::string text = "fabric: {kind: full_mesh, endpoints: 8}\n"
                                 "workload: {collective: send_recv, size: 16KiB, ranks: [0, 1]}\n";
        const RunResults results = RunJudged(text);
        CHECK(results.verdict->boundBy == "link_rate");
        CHECK(results.verdict->text.find("The links that are used") != std::string::npos);
        CheckTries(text, {}, results);
    }

    TEST_CASE("a trace that computes is bound by computing")
    {
        const std::string text =
            SWITCH + "workload: {collective: all_reduce, algorithm: ring, size: 1MiB}\n";
        const std::vector<std::string> settings{"fabric.endpoint.reduction_rate=1Gbps"};
        const RunResults results = RunJudged(text, settings);
        CHECK(results.verdict->boundBy == "compute");
        CheckTries(text, settings, results);
    }

    TEST_CASE("levels have all bytes once, and no more time than there is")
    {
        const RunResults results =
            RunJudged(TREE + "workload: {collective: all_to_all, size: 256KiB}\n");
        double bytes = 0;
        for (const VerdictLevel& level : results.verdict->levels)
        {
            bytes += level.bytesShare;
            CHECK(level.utilisation <= level.mostUtilisation);
            CHECK(level.mostUtilisation <= 1);
        }
        CHECK(results.verdict->levels.size() == 2);
        CHECK(bytes == doctest::Approx(1));
    }
}
