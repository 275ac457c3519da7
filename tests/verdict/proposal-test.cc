/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/set-options.h"
#include "verdict-trial.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

const std::string DRAGONFLY = "fabric: {kind: dragonfly, p: 2, a: 4, h: 2}\n";

} // namespace

TEST_SUITE("verdict")
{
    TEST_CASE("settings that go together are joined and taken apart and quoted for a shell")
    {
        CHECK(JoinSettings({"a=1", "", "b=[2, 3]"}) == "a=1 --set b=[2, 3]");
        CHECK(JoinSettings({"a=1"}) == "a=1");
        CHECK(SplitSettings("a=1 --set b=[2, 3]") == std::vector<std::string>{"a=1", "b=[2, 3]"});
        CHECK(SplitSettings("a=1") == std::vector<std::string>{"a=1"});
        CHECK(SetOptionsText("a=1 --set b=[2, 3]") == "--set a=1 --set 'b=[2, 3]'");
    }

    TEST_CASE("two cards of a mesh whose link is full are told of detours over the others")
    {
        const std::string text = "fabric: {kind: full_mesh, endpoints: 8, link: {rate: 100Gbps}}\n"
                                 "workload: {collective: all_reduce, algorithm: ring, size: 16MiB, "
                                 "ranks: [0, 1]}\n";
        const RunResults results = RunJudged(text);
        CHECK(Proposes(results, "fabric.routing.algorithm=detour --set fabric.endpoint.vcs=2"));
        CheckTries(text, {}, results);
        const std::vector<std::string> two{"fabric.endpoint.vcs=2"};
        CHECK(Proposes(RunJudged(text, two), "fabric.routing.algorithm=detour"));
        // All cards use their links: there is nobody to forward.
        const RunResults all = RunJudged(text, {"workload.ranks=all"});
        for (const VerdictTry& one : all.verdict->tries)
        {
            CHECK(one.change.find("detour") == std::string::npos);
        }
    }

    TEST_CASE("traffic that leaves most global links of a dragonfly idle is told of routes round "
              "the full ones")
    {
        for (const std::string pattern :
             {"permutation, shift: 8", "permutation, shift: 3", "tornado", "group_adversarial"})
        {
            CAPTURE(pattern);
            const std::string text = DRAGONFLY + "workload: {traffic: " + pattern +
                                     ", load: 0.6, packet: 256B, warmup: 20us, measure: 20us}\n";
            const RunResults results = RunJudged(text);
            REQUIRE(results.verdict->saturated == true);
            CHECK(Proposes(results, "fabric.routing.algorithm=ugal_l"));
            CheckTries(text, {}, results);
        }
        const std::string uniform =
            DRAGONFLY +
            "workload: {traffic: uniform, load: 1, packet: 256B, warmup: 20us, measure: 20us}\n";
        const RunResults even = RunJudged(uniform);
        for (const VerdictTry& one : even.verdict->tries)
        {
            CHECK(one.change.find("ugal") == std::string::npos);
        }
    }

    TEST_CASE("a collective between two groups of a dragonfly is told of routes by others")
    {
        const std::string text = DRAGONFLY + "workload: {collective: send_recv, size: 1MiB, ranks: "
                                             "[0, 8, 1, 9, 2, 10, 3, 11]}\n";
        const std::vector<std::string> few{"fabric.switch.vcs=2"};
        const RunResults results = RunJudged(text, few);
        CHECK(results.verdict->text.find("while the others carry nothing") != std::string::npos);
        CHECK(Proposes(results, "fabric.routing.algorithm=ugal_l --set fabric.switch.vcs=3"));
        CheckTries(text, few, results);
    }

    TEST_CASE("a window shorter than the round trip is what holds a message up")
    {
        const std::string text =
            "fabric: {kind: single_switch, endpoints: 4, link: {rate: 400Gbps, latency: 1us}, "
            "switch: {buffer: 1MiB}, endpoint: {window: 64KiB, buffer: 1MiB}}\n"
            "workload: {collective: send_recv, size: 16MiB, ranks: [0, 1]}\n";
        const RunResults results = RunJudged(text);
        CHECK(results.verdict->boundBy == "latency");
        // 400 Gb/s for 4.4 us, there and back, are 220 KB.
        CHECK(results.verdict->text.find("The window: of gpu0 to gpu1") == 0);
        CHECK(Proposes(results, "fabric.endpoint.window=256KiB"));
        CheckTries(text, {}, results);
        const RunResults enough = RunJudged(text, {"fabric.endpoint.window=256KiB"});
        CHECK(enough.verdict->boundBy == "endpoint_rate");
    }

    TEST_CASE("a window shorter than the round trip saturates traffic while no link is full")
    {
        const std::string text =
            "fabric: {kind: single_switch, endpoints: 4, link: {rate: 400Gbps, latency: 1us}, "
            "switch: {buffer: 1MiB}, endpoint: {window: 64KiB}}\n"
            "workload: {traffic: permutation, shift: 1, load: 0.6, packet: 4KiB, warmup: 20us, "
            "measure: 100us}\n";
        const RunResults results = RunJudged(text);
        CHECK(results.verdict->saturated == true);
        CHECK(results.verdict->boundBy == "latency");
        CHECK(results.verdict->text.find("no more than the window") != std::string::npos);
        CHECK(Proposes(results, "fabric.endpoint.window=256KiB"));
        CheckTries(text, {}, results);
    }

    TEST_CASE("a buffer shorter than the credit loop is told with its key and nobody as the root")
    {
        const std::string open = "workload: {traffic: permutation, shift: 1, load: 0.6, packet: "
                                 "4KiB, warmup: 20us, measure: 100us}\n";
        const std::string closed = "workload: {collective: send_recv, size: 16MiB}\n";
        for (const std::string& workload : {open, closed})
        {
            CAPTURE(workload);
            const std::string text =
                "fabric: {kind: single_switch, endpoints: 4, link: {rate: 400Gbps, latency: 1us}, "
                "switch: {buffer: 32KiB, vcs: 1}, endpoint: {window: 16MiB}}\n" +
                workload;
            const RunResults results = RunJudged(text);
            CHECK(results.verdict->boundBy == "latency");
            CHECK(!results.verdict->root);
            REQUIRE(!results.verdict->tries.empty());
            CHECK(results.verdict->tries[0].change.starts_with("fabric.switch.buffer="));
            CheckTries(text, {}, results);
        }
        const std::string mesh =
            "fabric: {kind: full_mesh, endpoints: 4, link: {rate: 400Gbps, latency: 1us}, "
            "endpoint: {buffer: 32KiB, window: 16MiB}}\n"
            "workload: {collective: all_to_all, size: 16MiB}\n";
        const RunResults wired = RunJudged(mesh);
        REQUIRE(!wired.verdict->tries.empty());
        CHECK(wired.verdict->tries[0].change.starts_with("fabric.endpoint.buffer="));
        CheckTries(mesh, {}, wired);
    }

    TEST_CASE("a buffer of endpoints that is shorter than the credit loop is told behind a switch, "
              "too, whose own buffers are long enough")
    {
        const std::string fabric =
            "fabric: {kind: single_switch, endpoints: 8, link: {rate: 400Gbps, latency: 1us}, "
            "switch: {buffer: 512KiB}, endpoint: {buffer: 32KiB, window: 4MiB}}\n";
        for (const std::string workload :
             {"{collective: send_recv, size: 8MiB}",
              "{collective: all_gather, algorithm: direct, size: 8MiB}",
              "{collective: broadcast, algorithm: two_shot, size: 8MiB}",
              "{collective: gather, algorithm: direct, size: 8MiB}",
              "{traffic: permutation, shift: 1, load: 0.6, packet: 4KiB, warmup: 20us, measure: "
              "100us}"})
        {
            CAPTURE(workload);
            const std::string text = fabric + "workload: " + workload + "\n";
            const RunResults results = RunJudged(text);
            CHECK(results.verdict->boundBy == "latency");
            CHECK(!results.verdict->root);
            REQUIRE(!results.verdict->tries.empty());
            CHECK(results.verdict->tries[0].change.starts_with("fabric.endpoint.buffer="));
            for (const VerdictTry& one : results.verdict->tries)
            {
                CHECK(!one.change.starts_with("fabric.switch.buffer="));
            }
            CheckTries(text, {}, results);
        }
    }

    TEST_CASE("what twice the rate is worth ends where the next class of links is full")
    {
        const std::string text =
            "fabric: {kind: rails, nodes: 4, node: {kind: full_mesh, endpoints: 4, link: {rate: "
            "100Gbps}}, network: {kind: single_switch, link: {rate: 80Gbps}}}\n"
            "workload: {collective: all_reduce, algorithm: ring, size: 32MiB}\n";
        const RunResults results = RunJudged(text);
        REQUIRE(!results.verdict->tries.empty());
        CHECK(results.verdict->tries[0].change == "fabric.network.link.rate=160Gbps");
        CHECK(results.verdict->tries[0].expected.find("less, as node/peer links are full then") !=
              std::string::npos);
        CheckTries(text, {}, results);
        const RunResults then = RunJudged(text, {"fabric.network.link.rate=160Gbps"});
        CHECK(*then.completionTime > *results.completionTime * 3 / 4);
    }

    TEST_CASE(
        "of collectives that begin when they are told to no sooner end of the last is promised")
    {
        const std::string text =
            "fabric: {kind: full_mesh, endpoints: 4, link: {rate: 100Gbps}}\n"
            "workloads:\n"
            "  - {name: pair, collective: all_reduce, size: 4MiB, ranks: [0, 1]}\n"
            "  - {name: all, collective: all_reduce, size: 1MiB, start: 10ms}\n";
        const RunResults results = RunJudged(text);
        REQUIRE(!results.verdict->tries.empty());
        for (const VerdictTry& one : results.verdict->tries)
        {
            CHECK(one.expected.starts_with("shorter collectives"));
        }
        CheckTries(text, {}, results);
    }

    TEST_CASE("what FIFOs hold up is not said to be full links and is told of queues by output")
    {
        const std::string text =
            "fabric: {kind: single_switch, endpoints: 16, link: {rate: 200Gbps}, switch: "
            "{queueing: fifo, vcs: 1}, endpoint: {packet: 1024B}}\n"
            "workload: {traffic: uniform, load: 0.9, packet: 1KiB, warmup: 10us, measure: 40us}\n";
        const RunResults results = RunJudged(text);
        // Karol et al. 1987: 58.6 % at most.
        CHECK(results.verdict->saturated == true);
        CHECK(results.verdict->boundBy == "congestion");
        CHECK(results.verdict->text.find("no link is full") != std::string::npos);
        CHECK(Proposes(results, "fabric.switch.queueing=voq"));
        CheckTries(text, {}, results);
    }
}
