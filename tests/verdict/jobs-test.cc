/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict-trial.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace ns3::mtlink;

TEST_SUITE("verdict")
{
    TEST_CASE("of jobs that share a link it is said what each takes alone and beside the others")
    {
        // Two exchanges between the same two leaves, whose one link each way they share in halves.
        const std::string text =
            "fabric: {kind: fat_tree, down: [4, 2], up: [1, 1], link: {rate: 100Gbps}}\n"
            "workloads:\n"
            "  - {name: left, collective: send_recv, size: 4MiB, ranks: [0, 4]}\n"
            "  - {name: right, collective: send_recv, size: 4MiB, ranks: [1, 5]}\n";
        const RunResults results = RunJudged(text);
        CHECK(HasNote(results, "left takes 672"));
        CHECK(HasNote(results, "right takes 672"));
        CHECK(HasNote(results, "it shares 4\u00a0links with them, most of them level1"));
        CheckTries(text, {}, results);
    }

    TEST_CASE("of jobs that share no link it is said that they cost one another nothing")
    {
        const std::string text =
            "fabric: {kind: single_switch, endpoints: 8, link: {rate: 100Gbps}}\n"
            "workloads:\n"
            "  - {name: left, collective: all_reduce, size: 1MiB, ranks: [0, 1, 2, 3]}\n"
            "  - {name: right, collective: all_to_all, size: 4MiB, ranks: [4, 5, 6, 7]}\n";
        const RunResults results = RunJudged(text);
        CHECK(HasNote(results, "the 2 workloads cost one another no more than 0"));
        CHECK(HasNote(results, "of its bound each reached: "));
        CheckTries(text, {}, results);
    }

    TEST_CASE("what is said of traffic is not said of the collective beside it")
    {
        const std::string text =
            "fabric: {kind: single_switch, endpoints: 8, link: {rate: 100Gbps}}\n"
            "workloads:\n"
            "  - {name: noise, traffic: uniform, load: 0.2, packet: 4KiB, measure: 40us, ranks: "
            "[0, 1, 2, 3]}\n"
            "  - {name: sum, collective: all_reduce, algorithm: ring, size: 1MiB, ranks: [4, 5, 6, "
            "7]}\n";
        const RunResults results = RunJudged(text);
        CHECK(results.verdict->saturated == false);
        CHECK(HasNote(results, "what is said above is of the traffic"));
        CHECK(HasNote(results, "sum 9"));
        CheckTries(text, {}, results);
    }

    TEST_CASE("a taper that a ring crosses once a leaf does not hold it up")
    {
        const std::string text =
            "fabric: {kind: fat_tree, down: [8, 4], up: [1, 8], taper: 4, link: {rate: 400Gbps}}\n"
            "workload: {collective: all_reduce, algorithm: ring, size: 16MiB}\n";
        const RunResults results = RunJudged(text);
        CHECK(HasNote(results, "the taper of 4 does not hold it up"));
        CHECK(RunJudged(text, {"fabric.taper=1"}).completionTime >=
              9 * *results.completionTime / 10);
        CheckTries(text, {}, results);
    }

    TEST_CASE("where other algorithms of many members were not tried it is said so")
    {
        const std::string text =
            "fabric: {kind: single_switch, endpoints: 64, link: {rate: 400Gbps}}\n"
            "workload: {collective: broadcast, algorithm: direct, size: 64KiB}\n";
        const RunResults results = RunJudged(text);
        CHECK(HasNote(results, "not tried, as with 64\u00a0members"));
        CheckTries(text, {}, results);
    }
}
