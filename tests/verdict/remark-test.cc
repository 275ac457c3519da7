/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict-trial.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

const std::string SWITCH = "fabric: {kind: single_switch, endpoints: 8, link: {rate: 200Gbps}}\n";

const std::string UNITS = "fabric:\n"
                          "  kind: planes\n"
                          "  endpoints: 8\n"
                          "  planes: 2\n"
                          "  plane: {kind: single_switch}\n"
                          "  link: {rate: 200Gbps}\n"
                          "  switch: {reduction: true, multicast: true}\n";

} // namespace

TEST_SUITE("verdict")
{
    TEST_CASE("an algorithm far from its bound is told of a better one that was tried")
    {
        const std::string text = SWITCH + "workload: {collective: broadcast, algorithm: direct, "
                                          "size: 4MiB}\n";
        const RunResults results = RunJudged(text);
        REQUIRE(!results.verdict->tries.empty());
        CHECK(results.verdict->tries.front().change.starts_with("workload.algorithm="));
        CheckTries(text, {}, results);
    }

    TEST_CASE("where the algorithm is the best there is nobody proposes another")
    {
        const RunResults results = RunJudged(
            SWITCH + "workload: {collective: all_reduce, algorithm: ring, size: 16MiB}\n");
        for (const VerdictTry& one : results.verdict->tries)
        {
            CHECK(!one.change.starts_with("workload.algorithm="));
        }
    }

    TEST_CASE("units that reduce and are not used are told of, and their use was tried")
    {
        const std::string text = UNITS + "workload: {collective: all_reduce, algorithm: ring, "
                                         "size: 4MiB}\n";
        const RunResults results = RunJudged(text);
        CHECK(HasNote(results, "switches have units for reduction, which all_reduce by ring"));
        CHECK(Proposes(results, "workload.algorithm=in_network"));
        CheckTries(text, {}, results);

        const RunResults used = RunJudged(text, {"workload.algorithm=in_network"});
        CHECK(!HasNote(used, "switches have units"));
        const RunResults without = RunJudged(text, {"fabric.switch.reduction=false"});
        CHECK(!HasNote(without, "switches have units"));
    }

    TEST_CASE("what is done in the network and takes long is not compared in a mode without it")
    {
        const std::string text = "fabric: {kind: single_switch, endpoints: 4, "
                                 "switch: {reduction: true, multicast: true}}\n"
                                 "workload: {collective: all_reduce, algorithm: in_network, "
                                 "size: 4KiB, repeat: 3}\n";
        const RunResults results = RunJudged(text);
        for (const VerdictTry& one : results.verdict->tries)
        {
            CHECK(!one.change.starts_with("workload.algorithm="));
        }
        CheckTries(text, {}, results);
    }

    TEST_CASE("a fault where nobody sends met no traffic, another is told with its time")
    {
        const std::string text =
            "fabric: {kind: fat_tree, down: [4, 4], up: [1, 4]}\n"
            "workload: {collective: all_reduce, algorithm: ring, size: 1MiB, ranks: [0, 1, 2]}\n"
            "faults:\n"
            "  - {link: \"gpu9:0\", at: 1us, state: down, for: 2us, policy: reroute}\n"
            "  - {link: \"gpu0:0\", at: 1us, state: down, for: 5us}\n";
        const RunResults results = RunJudged(text);
        CHECK(HasNote(results, "the fault of gpu9:0 met no traffic"));
        CHECK(HasNote(results, "gpu0:0 was down for"));
        CHECK(!HasNote(results, "the fault of gpu0:0"));
    }

    TEST_CASE("where the other link of a pair is down the one that is left is held up by the fault")
    {
        const std::string text = "fabric: {kind: full_mesh, endpoints: 4, links_per_pair: 2}\n"
                                 "workload: {collective: all_to_all, size: 4MiB, start: 1us}\n"
                                 "faults:\n"
                                 "  - {link: \"gpu0:0\", at: 0s, state: down, policy: reroute}\n";
        const RunResults results = RunJudged(text);
        REQUIRE(results.complete);
        CHECK(results.verdict->boundBy == "faults");
        CHECK(results.verdict->share.value_or(0) > 0.9);
        CHECK(HasNote(results, "gpu0:0 was down for 100"));
    }

    TEST_CASE(
        "of a switch that is down it is said which links that takes, and what to compare with")
    {
        const std::string text =
            "fabric: {kind: fat_tree, down: [4, 4], up: [1, 4], link: {rate: 400Gbps}}\n"
            "workload: {collective: all_to_all, size: 1MiB}\n"
            "faults: [{switch: spine0, at: 0us, state: down, policy: reroute}]\n";
        const RunResults results = RunJudged(text);
        CHECK(HasNote(results, "spine0: 8 of 32 level1 links were down"));
        CHECK(HasNote(results, "--set 'faults=[]' tells"));
        CHECK(RunJudged(text, {"faults=[]"}).completionTime < results.completionTime);
        CHECK(HasNote(RunJudged(text, {"faults.0.at=1s"}), "the fault of spine0 had no effect"));
        CHECK(HasNote(
            RunJudged(text, {"faults.0={links: level1, at: 0us, state: degraded, lanes: 1}"}),
            "faults of level1 links: 32 of 32 level1 links"));
    }

    TEST_CASE(
        "a link that lacks lanes all the time is the root, and its fault is what to try without")
    {
        for (const std::string text :
             {"fabric: {kind: fat_tree, down: [4, 2], up: [1, 2]}\n"
              "workload: {collective: all_to_all, size: 1MiB}\n"
              "faults: [{link: \"gpu3:0\", at: 0s, state: degraded, lanes: 1}]\n",
              "fabric: {kind: single_switch, endpoints: 4, link: {lanes: 4}}\n"
              "workload: {collective: all_reduce, algorithm: ring, size: 1MiB}\n"
              "faults: [{link: \"gpu0:0\", at: 0s, state: degraded, lanes: 1}]\n"})
        {
            CAPTURE(text);
            const RunResults results = RunJudged(text);
            CHECK(results.verdict->boundBy == "faults");
            CHECK(Proposes(results, "faults=[]"));
            CheckTries(text, {}, results);
        }
    }

    TEST_CASE("in mode bound nothing is said of links, and one spine leaves nothing to a hash")
    {
        const std::string text = "fabric: {kind: fat_tree, down: [4, 4], up: [1, 1]}\n"
                                 "workload: {collective: all_to_all, size: 1MiB}\n";
        const RunResults bound = RunJudged(text, {"simulation.mode=bound"});
        CHECK(bound.verdict->boundBy.empty());
        CHECK(bound.verdict->tries.empty());
        CHECK(!HasNote(RunJudged(text), "a hash chooses"));
        CHECK(HasNote(RunJudged(text, {"fabric.up=[1, 2]"}), "a hash chooses"));
    }

    TEST_CASE(
        "packets that errors had sent again are told, and what links without errors take is tried")
    {
        const std::string text =
            "fabric: {kind: single_switch, endpoints: 4, link: {rate: 400Gbps, error_rate: 0.001, "
            "retry: go_back_n}}\n"
            "workload: {collective: all_to_all, size: 1MiB}\n";
        const RunResults results = RunJudged(text);
        CHECK(HasNote(results, "sent again"));
        CHECK(Proposes(results, "fabric.link.error_rate=0.0001"));
        CheckTries(text, {}, results);
        CHECK(!HasNote(RunJudged(text, {"fabric.link={rate: 400Gbps}"}), "sent again"));
    }

    TEST_CASE("a fault that comes when all is over has no effect")
    {
        const RunResults results =
            RunJudged(SWITCH + "workload: {collective: all_reduce, size: 64KiB}\n"
                               "faults:\n  - {link: \"gpu0:0\", at: 1s, state: down}\n");
        CHECK(HasNote(results, "the fault of gpu0:0 had no effect"));
    }

    TEST_CASE("a run that a fault ended is bound by faults")
    {
        const RunResults results =
            RunJudged(SWITCH + "workload: {collective: all_reduce, size: 1MiB}\n"
                               "faults:\n  - {link: \"gpu0:0\", at: 1us, state: down}\n");
        CHECK(!results.complete);
        CHECK(results.verdict->boundBy == "faults");
        CHECK(results.verdict->tries.empty());
    }

    TEST_CASE("where nothing is sent the verdict says so")
    {
        const RunResults results =
            RunJudged(SWITCH + "workload: {collective: all_reduce, size: 0B}\n");
        CHECK(results.verdict->text.find("Nothing was sent") == 0);
        CHECK(results.verdict->boundBy.empty());
        CHECK(RunJudged(SWITCH + "workload: {collective: barrier}\n")
                  .verdict->text.find("Nothing was sent") == std::string::npos);
    }

    TEST_CASE("verdicts of modes without packets say so")
    {
        const std::string text = SWITCH + "workload: {collective: all_reduce, algorithm: ring, "
                                          "size: 16MiB}\n";
        const RunResults flow = RunJudged(text, {"simulation.mode=flow"});
        CHECK(flow.verdict->boundBy == "endpoint_rate");
        CHECK(flow.verdict->text.find("mode flow") != std::string::npos);
        const RunResults bound = RunJudged(text, {"simulation.mode=bound"});
        CHECK(bound.verdict->text.find("mode bound") != std::string::npos);
        CHECK(bound.verdict->levels.empty());
    }

    TEST_CASE("a verdict is the same twice, and for the experiment as written")
    {
        const std::string text = UNITS + "workload: {collective: all_reduce, algorithm: tree, "
                                         "size: 1MiB}\n";
        const RunResults first = RunJudged(text);
        const RunResults second = RunJudged(text);
        CHECK(first.verdict->text == second.verdict->text);
        REQUIRE(first.verdict->tries.size() == second.verdict->tries.size());
        for (std::size_t i = 0; i < first.verdict->tries.size(); ++i)
        {
            CHECK(first.verdict->tries[i].expected == second.verdict->tries[i].expected);
        }
        const RunResults written = RunJudged(first.experimentYaml);
        CHECK(written.verdict->text == first.verdict->text);
        REQUIRE(written.verdict->tries.size() == first.verdict->tries.size());
        CheckTries(first.experimentYaml, {}, written);
    }
}
