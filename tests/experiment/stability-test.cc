/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * A job over days as users write it: read, refused, simulated, told.
 */

#include "experiment-trial.h"
#include "experiment/run.h"
#include "experiment/stability-reader.h"
#include "measure/json-writer.h"
#include "measure/stability-summary.h"
#include "measure/summary.h"

#include <cmath>
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** Two servers of four cards, wired to one another within, and by four rails. */
const std::string RAILS = R"(fabric:
  kind: rails
  nodes: 2
  node: {kind: full_mesh, endpoints: 4, links_per_pair: 2}
  network: {kind: single_switch}
  link: {rate: 100Gbps, latency: 500ns, lanes: 4}
  endpoint: {packet: 4096B}
)";

const std::string COLLECTIVE = "workload: {collective: all_reduce, size: 1MiB, algorithm: ring}\n";

const std::string STABILITY = R"(stability:
  failures: {node: 0.5, card: 0.1}
  checkpoint: {bytes: 1MiB, to: neighbour}
  run: 10 days
)";

const std::string TRAINING = R"(workload:
  training:
    model: {layers: 4, hidden: 256, heads: 8, vocabulary: 1024}
    batch: {sequence: 64, global: 8}
    parallel: {tensor: 2, pipeline: 2}
    device:
      peak: {bf16: 1Tflops}
      memory: {size: 1GB, rate: 100GBps, efficiency: 80 %}
      matmul: {efficiency: 0.5, half_gflop: 0.01}
      attention: {forward: 0.5, backward: 0.5}
)";

StabilityResult
Run(const std::string& text, const std::vector<std::string>& settings = {})
{
    const RunOutcome outcome = RunExperiment(ReadTrial(text, settings));
    REQUIRE(outcome.results.complete);
    REQUIRE(outcome.results.stability);
    return *outcome.results.stability;
}

const std::string ALL = RAILS + COLLECTIVE + STABILITY;

} // namespace

TEST_SUITE("stability")
{
    TEST_CASE("counts are the fabric's, and what they give is the closed form's")
    {
        const StabilityResult result = Run(ALL);
        CHECK(result.cards == 8);
        CHECK(result.nodes == 2);
        CHECK(result.cables == 2 * 6 * 2 + 8); // two meshes of pairs of links, a rail's for each
        const double mttf = 86400e9 / (2 * 0.5 + 8 * 0.1);
        CHECK(std::abs(result.mttfNs.value - mttf) <
              2 * (result.mttfNs.high - result.mttfNs.value));
        CHECK(result.bytes == 8 * 1024 * 1024);
        CHECK(result.restoreNs == result.copyTimeNs);
        CHECK(result.blockingNs == result.copyTimeNs);
        CHECK(result.besideNs == 0);
        CHECK(result.renewalHolds);
        CHECK(result.firstOrderHolds);
        CHECK(std::abs(result.ettr.value - result.renewalEttr) <
              2 * (result.ettr.high - result.ettr.value));
        CHECK(result.goodput.value == doctest::Approx(result.ettr.value));
        CHECK(std::fmod(result.checkpointIntervalNs.value, result.iterationTimeNs) ==
              doctest::Approx(0).epsilon(1e-3 * result.iterationTimeNs));
    }

    TEST_CASE("a copy takes what the fabric lets through")
    {
        // One rail of 100 Gb/s each way between a card and its neighbour.
        const double wire = 8.0 * 1024 * 1024 / 100e9 * 1e9;
        const StabilityResult packets = Run(ALL);
        CHECK(packets.copyTimeNs > wire);
        CHECK(packets.copyTimeNs < 1.1 * wire);
        const StabilityResult flows = Run(ALL, {"simulation.mode=flow"});
        CHECK(flows.copyTimeNs == doctest::Approx(packets.copyTimeNs).epsilon(0.01));
        // To the host it goes at that rate, and no faster.
        const StabilityResult host = Run(ALL,
                                         {"stability.failures={card: 1}",
                                          "stability.checkpoint={bytes: 1MiB, to: host, rate: "
                                          "1GBps}"});
        CHECK(host.copyTimeNs == doctest::Approx(1024 * 1024));
    }

    TEST_CASE("a store takes in at its own rate, and is none of the job's")
    {
        const std::string text = RAILS +
                                 "workload: {collective: all_reduce, size: 1MiB, ranks: "
                                 "[0, 1, 2, 4, 5, 6]}\n" +
                                 STABILITY;
        const std::string slow = "stability.checkpoint={bytes: 3MiB, to: store, store: {endpoints: "
                                 "[3, 7], rate: 1GBps}}";
        const StabilityResult result = Run(text, {slow});
        CHECK(result.cards == 6);
        const double writing = 3 * 3 * 1024 * 1024; // of three cards, at a byte per ns
        CHECK(result.copyTimeNs > writing);
        CHECK(result.copyTimeNs < 1.2 * writing);
        CHECK(GetRunRefusal(ALL, {slow}) ==
              "--set " + slow +
                  ":1:66: error: endpoint 3 is a card of the job, and no store: leave "
                  "it out of the workload's 'ranks', or name another");
    }

    TEST_CASE("nodes that fail together stop the job once, and take as many spares")
    {
        const std::string text = RAILS +
                                 "workload: {collective: all_reduce, size: 1MiB, ranks: "
                                 "[0, 1, 2, 4, 5, 6]}\n" +
                                 STABILITY;
        const std::string store = "stability.checkpoint={bytes: 1MiB, to: store, store: "
                                  "{endpoints: [3, 7], rate: 1GBps}}";
        const std::string groups = "stability.failures={group: {rate: 0.5, nodes: 2}}";
        const StabilityResult result = Run(text, {store, groups});
        const double mttf = 86400e9 / 0.5; // one group of both nodes
        CHECK(std::abs(result.mttfNs.value - mttf) <
              2 * (result.mttfNs.high - result.mttfNs.value));
        CHECK(result.renewalHolds);
        CHECK(std::abs(result.ettr.value - result.renewalEttr) <
              2 * (result.ettr.high - result.ettr.value));
        // Each takes two of two nodes for the day that a repair takes.
        CHECK(result.availability.value == doctest::Approx(1 / (1 + 0.5)).epsilon(0.1));
        CHECK(GetRunRefusal(text, {store, "stability.failures={group: {rate: 1, nodes: 3}}"})
                  .find("the job's 2 nodes are no whole groups of 3") != std::string::npos);
        CHECK(GetRunRefusal(ALL, {groups}).find("nodes that fail together take what they keep") !=
              std::string::npos);
    }

    TEST_CASE("a copy beside iterations slows them, by no more than it takes alone")
    {
        const std::string beside = "stability.checkpoint.blocking=0s";
        const StabilityResult blocking = Run(ALL);
        const StabilityResult result = Run(ALL, {beside});
        CHECK(result.blockingNs == 0);
        CHECK(result.besideNs >= result.copyTimeNs);
        CHECK(result.slowsNs > 0);
        CHECK(result.slowsNs <= 1.01 * result.copyTimeNs);
        CHECK(!result.renewalHolds);
        CHECK(result.renewalNote.find("that a copy holds only when it is whole") !=
              std::string::npos);
        CHECK(result.goodput.value <= result.ettr.value);
        // The links of a node are not the rails that copies take.
        const std::string local = "workload={collective: all_reduce, size: 1MiB, ranks: [0, 1]}";
        const StabilityResult apart = Run(ALL, {local, beside, "stability.cards_per_node=1"});
        CHECK(apart.slowsNs <= 1.01 * apart.copyTimeNs);
        CHECK(blocking.copyTimeNs == result.copyTimeNs);
    }

    TEST_CASE("links that fail are simulated: others take over, or the job stops")
    {
        const std::string links = "stability.failures={card: 0.1, link: 0.01}";
        const StabilityResult result = Run(ALL, {links});
        REQUIRE(result.faults.size() == 2);
        const StabilityFaultResult& peer = result.faults[0];
        const StabilityFaultResult& rail = result.faults[1];
        CHECK(peer.cables == 24);
        CHECK(peer.used > 0);
        REQUIRE(rail.cables == 8);
        CHECK(!rail.iterationTimeNs); // a card has one link into its rail
        const StabilityResult degraded =
            Run(ALL,
                {"stability.failures={card: 0.1, link: {rate: 0.01, effect: degraded, lanes: 1}}"});
        for (const StabilityFaultResult& fault : degraded.faults)
        {
            CAPTURE(fault.cls);
            REQUIRE(fault.iterationTimeNs);
            CHECK(*fault.iterationTimeNs >= degraded.iterationTimeNs);
        }
        CHECK(*degraded.faults[1].iterationTimeNs > 1.5 * degraded.iterationTimeNs);
        CHECK(degraded.goodput.value < degraded.ettr.value);
    }

    TEST_CASE("links of which the user says what they do are not simulated")
    {
        const StabilityResult stop =
            Run(ALL,
                {"simulation.mode=flow", "stability.failures={link: {rate: 0.05, effect: stop}}"});
        CHECK(stop.faults.empty());
        CHECK(std::abs(stop.mttfNs.value / (86400e9 / (32 * 0.05)) - 1) < 0.05);
        const StabilityResult slow =
            Run(ALL,
                {"simulation.mode=flow",
                 "stability.failures={link: {rate: 1, effect: slow, slowdown: 2, repair: 12h}}"});
        CHECK(std::isinf(slow.mttfNs.value));
        CHECK(slow.ettr.value == doctest::Approx(1));
        // M/G/infinity: 32 a day for half a day.
        CHECK(slow.goodput.value == doctest::Approx(0.5).epsilon(0.02));
    }

    TEST_CASE("the checkpoint of a training has 14 bytes of each parameter, however it is shared")
    {
        const std::string text =
            RAILS + TRAINING + "stability:\n  failures: {node: 0.5}\nsimulation: {mode: flow}\n";
        double before = 0;
        for (const char* zero : {"0", "1", "3"})
        {
            const RunOutcome outcome = RunExperiment(
                ReadTrial(text,
                          {"workload.parallel.pipeline=1", std::string("workload.zero=") + zero}));
            const StabilityResult& result = *outcome.results.stability;
            const auto parameters = static_cast<double>(outcome.results.training->parameters);
            // Vectors (norms) are kept by every card of a tensor group.
            CHECK(result.bytes >= 14 * parameters);
            CHECK(result.bytes < 14 * 1.01 * parameters);
            CHECK((before == 0 || before == result.bytes));
            before = result.bytes;
        }
        CHECK(GetRunRefusal(RAILS + COLLECTIVE + "stability: {failures: {card: 1}}\n") ==
              "test.yaml:9:12: error: only the workload of one training tells how many bytes a "
              "checkpoint has: give those of a card, as 'checkpoint: {bytes: 1GB}'");
    }

    TEST_CASE("tensor groups fold beside copies that do not use their links, to the picosecond")
    {
        const std::string text =
            RAILS + TRAINING + "stability: {failures: {node: 0.5}, checkpoint: {blocking: 1ms}}\n";
        const std::vector<std::string> layout{"workload.parallel.tensor=4",
                                              "workload.parallel.pipeline=1"};
        std::vector<std::string> folded = layout;
        folded.push_back("workload.fold=always");
        const StabilityResult one = Run(text, folded);
        const StabilityResult other = Run(text, layout);
        CHECK(one.iterationTimeNs == other.iterationTimeNs);
        CHECK(one.besideNs == other.besideNs);
        CHECK(one.slowsNs == other.slowsNs);
        CHECK(one.ettr.value == other.ettr.value);
    }

    TEST_CASE("links that lack lanes are simulated in flows, too, and beside folded groups")
    {
        const std::string text =
            RAILS + TRAINING +
            "stability: {failures: {node: 0.5, link: {rate: 0.1, effect: degraded, lanes: 1}}}\n";
        const auto run = [&text](const char* mode, const char* fold) {
            return Run(text,
                       {std::string("simulation.mode=") + mode,
                        std::string("workload.fold=") + fold,
                        "workload.parallel.tensor=4",
                        "workload.parallel.pipeline=1"});
        };
        const StabilityResult packets = run("packet", "never");
        const StabilityResult flows = run("flow", "never");
        const StabilityResult folded = run("flow", "most");
        REQUIRE(flows.faults.size() == 2); // of the mesh, and of the rails
        REQUIRE(folded.faults.size() == 2);
        for (std::size_t i = 0; i < flows.faults.size(); ++i)
        {
            CAPTURE(flows.faults[i].cls);
            CHECK(*flows.faults[i].iterationTimeNs > flows.iterationTimeNs);
            CHECK(*flows.faults[i].iterationTimeNs ==
                  doctest::Approx(*packets.faults[i].iterationTimeNs).epsilon(0.01));
            CHECK(*flows.faults[i].iterationTimeNs == *folded.faults[i].iterationTimeNs);
        }
        CHECK(GetRunRefusal(text, {"workload.fold=always"}).find("'fold: most'") !=
              std::string::npos);
    }

    TEST_CASE("one seed gives one history, and another gives another")
    {
        const RunOutcome once = RunExperiment(ReadTrial(ALL));
        const RunOutcome again = RunExperiment(ReadTrial(ALL));
        const RunOutcome other = RunExperiment(ReadTrial(ALL, {"stability.seed=2"}));
        const auto write = [](const RunOutcome& outcome) {
            std::string text;
            JsonWriter out(text, JsonWriter::Layout::INDENTED);
            WriteStability(out, outcome.results.stability);
            return text;
        };
        CHECK(write(once) == write(again));
        CHECK(write(once) != write(other));
        REQUIRE(!once.results.stabilityFailures.empty());
        CHECK(once.results.stabilityFailures.front().timeS ==
              again.results.stabilityFailures.front().timeS);
        CHECK(once.results.stabilityFailures.front().timeS !=
              other.results.stabilityFailures.front().timeS);
        // The workload's own results are those without stability.
        const RunOutcome plain = RunExperiment(ReadTrial(RAILS + COLLECTIVE));
        CHECK(plain.results.completionTime == once.results.completionTime);
        CHECK(plain.results.events == once.results.events);
        CHECK(!plain.results.stability);
    }

    TEST_CASE("what is told is read back")
    {
        const StabilityResult result = Run(ALL, {"stability.failures.link=0.01"});
        std::string text;
        JsonWriter out(text, JsonWriter::Layout::INDENTED);
        WriteStability(out, result);
        const std::optional<StabilityResult> read =
            ReadStability(nlohmann::json::parse(text), "summary.json");
        REQUIRE(read);
        std::string again;
        JsonWriter second(again, JsonWriter::Layout::INDENTED);
        WriteStability(second, read);
        CHECK(text == again);
        CHECK(!ReadStability(nlohmann::json(), "summary.json"));
        CHECK_THROWS_AS(ReadStability(nlohmann::json::object(), "summary.json"), InputError);
    }

    TEST_CASE("check tells MTTF and interval without simulating")
    {
        const CheckResult check = CheckExperiment(ReadTrial(ALL));
        REQUIRE(check.stability);
        CHECK(check.stability->runs == 0);
        CHECK(check.stability->mttfNs.value == doctest::Approx(86400e9 / 1.8));
        const StabilityResult run = Run(ALL);
        CHECK(check.stability->copyTimeNs == doctest::Approx(run.copyTimeNs).epsilon(0.05));
        CHECK(check.stability->checkpointIntervalNs.value ==
              doctest::Approx(run.checkpointIntervalNs.value).epsilon(0.1));
        CHECK(!CheckExperiment(ReadTrial(RAILS + COLLECTIVE)).stability);
    }

    TEST_CASE("an experiment with stability is written back as itself")
    {
        for (const char* setting :
             {"name=plain",
              "stability.failures={link: {rate: 1e-5}}",
              "stability.checkpoint={bytes: 1GB, to: store, store: {endpoints: [0], rate: 1GBps}}",
              "stability={failures: {node: 1}}"})
        {
            const std::string once = WriteExperiment(ReadTrial(ALL, {setting}));
            CHECK(WriteExperiment(ReadTrial(once)) == once);
            CHECK(once.find("  restart: 120s\n") != std::string::npos);
            CHECK(once.find("  repair: 1 days\n") != std::string::npos);
        }
    }

    TEST_CASE("what can't be is refused where it stands, with what would be right")
    {
        const auto refuse = [](const std::string& setting) {
            const std::string refusal = GetRunRefusal(ALL, {setting});
            return refusal.substr(
                refusal.find("error: ") == std::string::npos ? 0 : refusal.find("error: ") + 7);
        };
        CHECK(GetRunRefusal(RAILS + COLLECTIVE + "stability:\n  detect: 1s\n") ==
              "test.yaml:10:3: error: stability lacks the key 'failures', as in 'failures: {node: "
              "2.3e-3}'");
        CHECK(
            GetRunRefusal(RAILS + COLLECTIVE + "stability:\n  failures: {card: 1}\n  detekt: 1s\n")
                .find("test.yaml:11:3: error: unknown key 'detekt' in stability: did you mean "
                      "'detect'?") == 0);
        CHECK(refuse("stability.failures={card: 0}").find("nothing fails") == 0);
        CHECK(refuse("stability.run=30").find("'30' is no time") == 0);
        CHECK(refuse("stability.run=30 weeks").find("'30 weeks' is no time") == 0);
        CHECK(refuse("stability.run=0s").find("0s should be above 0") == 0);
        CHECK(refuse("stability.spare=many").find("'many' is no number of spares") == 0);
        CHECK(refuse("stability.checkpoint.rate=1GBps").find("'rate' has no meaning here") == 0);
        CHECK(refuse("stability.checkpoint.store={endpoints: [1], rate: 1GBps}")
                  .find("'store' has no meaning here") == 0);
        CHECK(refuse("stability.checkpoint.to=host")
                  .find("stability.checkpoint lacks the key "
                        "'rate'") == 0);
        CHECK(refuse("stability.checkpoint={to: host, rate: 1GBps}")
                  .find("a node that fails takes what its host keeps") == 0);
        CHECK(refuse("stability.failures.link={rate: 1, lanes: 2}")
                  .find("'lanes' has no meaning here") == 0);
        CHECK(refuse("stability.failures.link={rate: 1, effect: degraded}")
                  .find("lacks the key "
                        "'lanes'") != std::string::npos);
        CHECK(refuse("stability.failures.link={rate: 1, effect: degraded, lanes: 4}")
                  .find("has 4 lanes") != std::string::npos);
        CHECK(refuse("stability.failures.link={rate: 1, slowdown: 2}")
                  .find("'slowdown' has no meaning here") == 0);
        CHECK(refuse("workload.ranks=[0, 1, 2, 3]").find("there is one node") == 0);
        CHECK(refuse("stability.checkpoint={bytes: 100MiB, blocking: 0s, every: 1ms}")
                  .find("a copy goes on beside training for") == 0);
        CHECK(GetRunRefusal(ALL, {"stability.failures.link=1", "simulation.mode=flow"})
                  .find("links that are down are simulated in packets, those that lack lanes also "
                        "in flows, and this is mode flow") != std::string::npos);
        CHECK(GetRunRefusal(
                  ALL,
                  {"stability.failures.link=1", "simulation.memo=true", "measure.messages=none"})
                  .find("with a memo not all that is carried is simulated") != std::string::npos);
        CHECK(GetRunRefusal(ALL + "faults: [{link: \"gpu0:0\", at: 1us, for: 1us}]\n")
                  .find("'stability' makes the faults that it simulates") != std::string::npos);
        CHECK(GetRunRefusal(RAILS + "workload: {traffic: uniform, load: 0.1, measure: 1us}\n" +
                            STABILITY)
                  .find("open-loop traffic has no iterations") != std::string::npos);
    }

    TEST_CASE("the keys in the list are those that are read")
    {
        for (const ExperimentKey& key : GetStabilityKeys())
        {
            CAPTURE(key.section + "." + key.key);
            std::vector<std::string> settings;
            if (key.section == "stability.failures.link")
            {
                settings.push_back("stability.failures.link={rate: 1}");
            }
            if (key.section == "stability.failures.group")
            {
                settings.push_back("stability.failures.group={rate: 1, nodes: 2}");
                settings.push_back("stability.checkpoint={bytes: 1MiB, to: store, store: {rate: "
                                   "1GBps, endpoints: [0]}}");
            }
            if (key.section == "stability.checkpoint.store")
            {
                settings.push_back("stability.checkpoint={to: store, store: {rate: 1GBps, "
                                   "endpoints: [0]}}");
            }
            settings.push_back(key.section + "." + key.key + "=[[], {}]");
            const std::string refusal = GetRunRefusal(ALL, settings);
            CHECK(refusal != "accepted");
            CHECK(refusal.find("unknown key") == std::string::npos);
        }
    }
}
