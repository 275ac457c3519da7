/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Trainings as users write them: read, refused, run on fabrics in every mode.
 */

#include "experiment-trial.h"
#include "experiment/later.h"
#include "experiment/run.h"
#include "experiment/training-reader.h"
#include "experiment/what-if.h"
#include "measure/summary.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <unistd.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

const std::string FABRIC = "fabric: {kind: full_mesh, endpoints: 8, links_per_pair: 1, "
                           "link: {rate: 100Gbps, latency: 500ns}, endpoint: {packet: 4096B}}\n";

/** Two cards a node, wired to one another; switches between nodes. */
const std::string RAILS =
    "fabric={kind: rails, nodes: 4, node: {kind: full_mesh, endpoints: 2, links_per_pair: 2}, "
    "network: {kind: single_switch, link: {rate: 50Gbps}}, link: {rate: 100Gbps, latency: 500ns}, "
    "endpoint: {packet: 4096B}}";

/** The same with switches in the nodes. */
const std::string SWITCHED =
    "fabric={kind: rails, nodes: 4, node: {kind: planes, endpoints: 2, planes: 2, plane: {kind: "
    "single_switch}}, network: {kind: single_switch, link: {rate: 50Gbps}}, link: {rate: 100Gbps, "
    "latency: 500ns}, endpoint: {packet: 4096B}}";

const std::string TRAINING = R"(workload:
  training:
    model: {layers: 4, hidden: 256, heads: 8, vocabulary: 1024, tied_embeddings: true}
    batch: {sequence: 64, global: 8}
    parallel: {tensor: 2, pipeline: 2}
)" + TRIAL_DEVICE + R"(    zero: 1
    tokens: 1e9
)";

/** @return where a key of a training stands in an experiment. */
std::string
GetPath(const std::string& section, const std::string& key)
{
    return "workload" + section.substr(std::string("training").size()) + "." + key;
}

/** @return all results of the training, and no row of what if, unless it is asked for. */
RunResults
RunAll(const std::vector<std::string>& settings)
{
    std::vector<std::string> all{"measure.what_if=false"};
    all.insert(all.end(), settings.begin(), settings.end());
    RunOutcome outcome = RunExperiment(ReadTrial(FABRIC + TRAINING, all));
    REQUIRE(outcome.results.complete);
    REQUIRE(outcome.results.training);
    return std::move(outcome.results);
}

TrainingResult
Run(const std::vector<std::string>& settings)
{
    return *RunAll(settings).training;
}

/** @return the row of a change, which must be there. */
TrainingWhatIf
FindRow(const TrainingResult& result, const std::string& change)
{
    CAPTURE(change);
    const auto row = std::find_if(result.whatIf.begin(), result.whatIf.end(), [&](const auto& one) {
        return one.change == change;
    });
    REQUIRE(row != result.whatIf.end());
    return *row;
}

/** @return links by name, those that were used; or those of equal ports together, by their ends. */
std::map<std::string, LinkResult>
SumLinks(const RunResults& results, bool isEach)
{
    std::map<std::string, LinkResult> sums;
    const auto nameOf = [&](const std::string& node) {
        return node.starts_with("gpu") ? node : std::string("switch");
    };
    for (const LinkResult& link : results.links)
    {
        if (link.packets > 0)
        {
            const std::string ends = link.cls + " " + nameOf(link.from) + " " + nameOf(link.to);
            LinkResult& sum = sums[isEach ? link.name : ends];
            sum.packets += link.packets;
            sum.payloadBytes += link.payloadBytes;
            sum.wireBytes += link.wireBytes;
            sum.busy += link.busy;
        }
    }
    return sums;
}

/** @return time of all causes but some. */
double
SumWithout(const TrainingResult& result, const std::vector<TrainingCause>& causes)
{
    double sum = std::accumulate(result.timeNs.begin(), result.timeNs.end(), 0.0);
    for (const TrainingCause cause : causes)
    {
        sum -= result.timeNs[static_cast<std::size_t>(cause)];
    }
    return sum;
}

} // namespace

TEST_SUITE("training-experiment")
{
    TEST_CASE("causes add up to the iteration, and the closed form bounds packets and flows")
    {
        const TrainingResult bound = Run({"simulation.mode=bound"});
        const TrainingResult packet = Run({"simulation.mode=packet"});
        const TrainingResult flow = Run({"simulation.mode=flow"});
        for (const TrainingResult& result : {bound, packet, flow})
        {
            const double sum = std::accumulate(result.timeNs.begin(), result.timeNs.end(), 0.0);
            CHECK(sum == doctest::Approx(result.iterationTimeNs).epsilon(1e-12));
            CHECK(result.mfu > 0);
            CHECK(result.mfu < 1);
            CHECK(result.hfu == result.mfu); // nothing is computed again
            CHECK(*result.daysToTrain == doctest::Approx(1e9 / result.tokensPerSecond / 86400));
        }
        CHECK(bound.iterationTimeNs <= packet.iterationTimeNs);
        CHECK(bound.iterationTimeNs <= flow.iterationTimeNs);
    }

    TEST_CASE("exposed time is told by the level of the fabric that it was exposed to")
    {
        const TrainingResult result = Run({});
        double exposed = 0;
        for (const TrainingCause cause :
             {TrainingCause::TENSOR, TrainingCause::PIPELINE, TrainingCause::DATA})
        {
            exposed += result.timeNs[static_cast<std::size_t>(cause)];
        }
        REQUIRE(result.exposedByLevelNs.size() == 1);
        CHECK(result.exposedByLevelNs.front().first == "peer");
        CHECK(result.exposedByLevelNs.front().second == doctest::Approx(exposed));
    }

    TEST_CASE("exposed time of each kind is exposed to the level that its groups meet on")
    {
        const TrainingResult result = Run({RAILS, "workload.overlap={pipeline: false}"});
        const auto timeOf = [&result](TrainingCause cause) {
            return result.timeNs[static_cast<std::size_t>(cause)];
        };
        std::map<std::string, double> levels(result.exposedByLevelNs.begin(),
                                             result.exposedByLevelNs.end());
        REQUIRE(levels.size() == 2);
        CHECK(timeOf(TrainingCause::PIPELINE) > 0);
        CHECK(timeOf(TrainingCause::DATA) > 0);
        CHECK(levels["node/peer"] == doctest::Approx(timeOf(TrainingCause::TENSOR)));
        CHECK(levels["network/endpoint"] ==
              doctest::Approx(timeOf(TrainingCause::PIPELINE) + timeOf(TrainingCause::DATA)));
        // Of a replica whose gradients are summed between the stages of its two ends, likewise.
        const TrainingResult mirrored = Run({RAILS,
                                             "workload.schedule=dualpipe",
                                             "workload.zero=0",
                                             "workload.parallel={tensor: 2, pipeline: 4}"});
        for (const auto& [level, time] : mirrored.exposedByLevelNs)
        {
            CHECK((level == "node/peer" || level == "network/endpoint"));
        }
    }

    TEST_CASE("cards of a mesh may be numbered anyhow")
    {
        const TrainingResult straight = Run({"workload.ranks=[0, 1, 2, 3, 4, 5, 6, 7]"});
        const TrainingResult shuffled = Run({"workload.ranks=[5, 2, 7, 0, 1, 6, 3, 4]"});
        CHECK(straight.iterationTimeNs == shuffled.iterationTimeNs);
        CHECK(straight.timeNs == shuffled.timeNs);
    }

    TEST_CASE("tensor groups that are alone on their links fold to the picosecond, in every mode")
    {
        for (const char* mode : {"packet", "flow", "bound"})
        {
            const std::string setting = std::string("simulation.mode=") + mode;
            for (const std::string& fabric : {RAILS, std::string("name=mesh")})
            {
                const TrainingResult folded = Run({fabric, setting, "workload.fold=always"});
                const TrainingResult replayed = Run({fabric, setting, "workload.fold=never"});
                CAPTURE(mode);
                CHECK(folded.iterationTimeNs == replayed.iterationTimeNs);
                CHECK(folded.timeNs == replayed.timeNs);
                CHECK(folded.exposedByLevelNs == replayed.exposedByLevelNs);
                CHECK(*folded.foldSkewNs == 0);
                CHECK(!replayed.foldSkewNs);
            }
        }
    }

    TEST_CASE("a group whose link has a fault is replayed beside folded ones, to the picosecond")
    {
        const std::string inGroup =
            "faults=[{link: \"gpu2:0\", at: 0s, state: degraded, lanes: 1}]";
        const std::string inNetwork =
            "faults=[{links: endpoint, at: 0s, state: degraded, lanes: 1}]";
        const TrainingResult whole = Run({RAILS, "workload.fold=never"});
        for (const char* mode : {"packet", "flow"})
        {
            const std::string setting = std::string("simulation.mode=") + mode;
            for (const std::string& fault : {inGroup, inNetwork})
            {
                CAPTURE(mode);
                CAPTURE(fault);
                const RunResults folded = RunAll({RAILS, setting, fault, "workload.fold=most"});
                const RunResults replayed = RunAll({RAILS, setting, fault, "workload.fold=never"});
                CHECK(*folded.training->foldApart == (fault == inGroup ? 1 : 0));
                CHECK(!replayed.training->foldApart);
                CHECK(folded.training->iterationTimeNs == replayed.training->iterationTimeNs);
                CHECK(folded.training->timeNs == replayed.training->timeNs);
                CHECK(folded.training->iterationTimeNs > whole.iterationTimeNs);
                CHECK(folded.payloadBytesDelivered == replayed.payloadBytesDelivered);
                CHECK(folded.packetHops == replayed.packetHops);
            }
        }
        const auto refuse = [](const std::string& fault) {
            return GetRunRefusal(FABRIC + TRAINING, {RAILS, fault, "workload.fold=always"});
        };
        CHECK(refuse(inGroup).find("tensor groups can't all be folded: link gpu2:0 of one has a "
                                   "fault. Set fold: most, which replays such groups card by card "
                                   "and folds the others, or fold: never") != std::string::npos);
        CHECK(Run({RAILS, inNetwork, "workload.fold=always"}).foldApart == 0);
        // No group is left to be folded.
        const TrainingResult none = Run({RAILS,
                                         "faults=[{links: all, at: 0s, state: degraded, lanes: 1}]",
                                         "workload.fold=most"});
        CHECK(!none.foldApart);
        CHECK(!none.foldSkewNs);
    }

    TEST_CASE("tensor groups of several kinds of links fold each for itself")
    {
        const std::string joined =
            "fabric={kind: joined, first: {kind: rails, nodes: 2, node: {kind: full_mesh, "
            "endpoints: 2, links_per_pair: 2}, network: {kind: single_switch}}, second: {kind: "
            "rails, nodes: 2, node: {kind: single_switch, endpoints: 2}, network: {kind: "
            "single_switch}}, gateway: {kind: single_switch}, link: {rate: 100Gbps, latency: "
            "500ns}, endpoint: {packet: 4096B}}";
        for (const char* mode : {"packet", "flow"})
        {
            const std::string setting = std::string("simulation.mode=") + mode;
            CAPTURE(mode);
            const RunResults folded = RunAll({joined, setting, "workload.fold=always"});
            const RunResults replayed = RunAll({joined, setting, "workload.fold=never"});
            CHECK(*folded.training->foldSkewNs == 0);
            CHECK(folded.training->iterationTimeNs == replayed.training->iterationTimeNs);
            CHECK(folded.training->timeNs == replayed.training->timeNs);
            CHECK(folded.payloadBytesDelivered == replayed.payloadBytesDelivered);
            CHECK(folded.packetsDelivered == replayed.packetsDelivered);
            CHECK(folded.packetHops == replayed.packetHops);
        }
    }

    TEST_CASE("reads of training data share links with what else goes there")
    {
        const std::vector<std::string> two{
            "fabric={kind: single_switch, endpoints: 4, link: {rate: 100Gbps, latency: 500ns}, "
            "endpoint: {packet: 4096B}}",
            "workload.ranks=[0, 1]",
            "workload.parallel={tensor: 1, pipeline: 2}",
            "workload.batch.global=1"};
        const auto run = [&two](const char* mode, const std::string& input) {
            std::vector<std::string> settings = two;
            settings.push_back(std::string("simulation.mode=") + mode);
            if (!input.empty())
            {
                settings.push_back("workload.input={store: {endpoints: [2, 3], rate: 1TBps}, "
                                   "prefetch: 1, " +
                                   input + "}");
            }
            return RunAll(settings);
        };
        for (const char* mode : {"packet", "flow"})
        {
            CAPTURE(mode);
            const RunResults without = run(mode, "");
            // So few bytes that come as nothing else does.
            const RunResults tokens = run(mode, "bytes_per_token: 2B");
            CHECK(tokens.training->iterationTimeNs == without.training->iterationTimeNs);
            // A gradient comes while so much does: it has half of the card's link.
            const RunResults images = run(mode, "bytes_per_sample: 40MB");
            CHECK(images.training->timeNs[static_cast<std::size_t>(TrainingCause::INPUT)] == 0);
            constexpr double GRADIENT = 2 * 64 * 256; // 2 B, tokens, hidden
            constexpr double BYTES_PER_NS = 12.5;
            const double longer =
                images.training->iterationTimeNs - without.training->iterationTimeNs;
            // Packets take turns with those that wait, and may come one too soon.
            CHECK(longer == doctest::Approx(GRADIENT / BYTES_PER_NS)
                                .epsilon(std::string(mode) == "flow" ? 1e-9 : 0.13));
        }
    }

    TEST_CASE("links carry what was folded as if it had been replayed, to the byte")
    {
        for (const char* mode : {"packet", "flow"})
        {
            const std::string setting = std::string("simulation.mode=") + mode;
            for (const std::string& fabric : {RAILS, SWITCHED})
            {
                const RunResults folded = RunAll({fabric, setting, "workload.fold=always"});
                const RunResults replayed = RunAll({fabric, setting, "workload.fold=never"});
                CAPTURE(mode);
                CAPTURE(fabric);
                REQUIRE(folded.links.size() == replayed.links.size());
                // Packets take equal ports of a card in turn: whose turn it is, depends on what was
                // before. Flows have equal parts.
                const bool areEven = std::string(mode) == "flow";
                const auto ones = SumLinks(folded, areEven);
                const auto others = SumLinks(replayed, areEven);
                REQUIRE(ones.size() == others.size());
                for (const auto& link : ones)
                {
                    const LinkResult& one = link.second;
                    const LinkResult& other = others.at(link.first);
                    CAPTURE(link.first);
                    CHECK(one.payloadBytes > 0);
                    CHECK(one.packets == other.packets);
                    CHECK(one.payloadBytes == other.payloadBytes);
                    CHECK(one.wireBytes == other.wireBytes);
                    // A packet begins in another part of a picosecond.
                    CHECK(std::abs(one.busy - other.busy) <= static_cast<Tick>(one.packets));
                }
                CHECK(folded.payloadBytesDelivered == replayed.payloadBytesDelivered);
                CHECK(folded.packetsDelivered == replayed.packetsDelivered);
                CHECK(folded.packetHops == replayed.packetHops);
                CHECK(folded.rows.messages.all == replayed.rows.messages.all);
                CHECK(std::accumulate(folded.fidelity.begin(), folded.fidelity.end(), 0.0) ==
                      doctest::Approx(1));
                CHECK(!folded.training->foldLeftOut.empty());
                CHECK(replayed.training->foldLeftOut.empty());
            }
        }
    }

    TEST_CASE("on a perfect fabric nothing is exposed, and all else takes its time")
    {
        // One stage: nobody waits for another but in collectives.
        const TrainingResult result =
            Run({"measure.what_if=true", "workload.parallel={tensor: 2, pipeline: 1}"});
        const TrainingWhatIf perfect = FindRow(result, "perfect_fabric");
        CHECK(perfect.mode == "bound");
        CHECK(result.timeNs[static_cast<std::size_t>(TrainingCause::TENSOR)] > 0);
        CHECK(result.timeNs[static_cast<std::size_t>(TrainingCause::DATA)] > 0);
        CHECK(perfect.iterationTimeNs ==
              doctest::Approx(SumWithout(result, {TrainingCause::TENSOR, TrainingCause::DATA}))
                  .epsilon(1e-12));
        CHECK(perfect.mfu * perfect.iterationTimeNs ==
              doctest::Approx(result.mfu * result.iterationTimeNs));
    }

    TEST_CASE("without software overhead no host takes time")
    {
        const TrainingResult result =
            Run({"measure.what_if=true", "workload.parallel={tensor: 2, pipeline: 1}"});
        CHECK(FindRow(result, "no_software_overhead").iterationTimeNs ==
              doctest::Approx(SumWithout(result, {TrainingCause::HOST})).epsilon(1e-6));
    }

    TEST_CASE("rows are what the changed experiment takes by itself")
    {
        const std::vector<std::string> straggling{
            "workload.device.straggler={slow: 50 %, by: 1.5}"};
        for (const char* mode : {"packet", "flow", "bound"})
        {
            const auto run = [&](std::vector<std::string> settings) {
                settings.push_back(std::string("simulation.mode=") + mode);
                return Run(settings);
            };
            CAPTURE(mode);
            const TrainingResult result = run({RAILS, straggling.front(), "measure.what_if=true"});
            REQUIRE(result.whatIf.size() == 5);
            CHECK(result.whatIfNotes.empty());
            CHECK(FindRow(result, "no_stragglers").iterationTimeNs == run({RAILS}).iterationTimeNs);
            CHECK(FindRow(result, "no_stragglers").mode == mode);
            CHECK(FindRow(result, "switched_scale_up").iterationTimeNs ==
                  run({SWITCHED, straggling.front()}).iterationTimeNs);
            CHECK(FindRow(result, "network_twice_as_fast").iterationTimeNs ==
                  run({RAILS, "fabric.network.link.rate=100Gbps", straggling.front()})
                      .iterationTimeNs);
            CHECK(FindRow(result, "no_software_overhead").iterationTimeNs ==
                  run({RAILS,
                       straggling.front(),
                       "workload.device.launch=0ps",
                       "workload.device.collective_overhead={fixed: 0ps, step: 0ps}"})
                      .iterationTimeNs);
        }
    }

    TEST_CASE("a row that means nothing is left out, and a note says why")
    {
        const TrainingResult result =
            Run({"measure.what_if=true",
                 "fabric={kind: single_switch, endpoints: 8, link: {rate: 100Gbps}}",
                 "workload.device.launch=0ps",
                 "workload.device.collective_overhead={fixed: 0ps, step: 0ps}"});
        CHECK(result.whatIf.size() == 2);
        FindRow(result, "perfect_fabric");
        FindRow(result, "network_twice_as_fast");
        CHECK(result.whatIfNotes ==
              std::vector<std::string>{
                  "switched_scale_up: no cards are wired to one another in a full mesh",
                  "no_software_overhead: there is none",
                  "no_stragglers: all cards are alike"});
    }

    TEST_CASE("rows are run by themselves only, and in a quicker mode where a run takes long")
    {
        const Experiment experiment = ReadTrial(FABRIC + TRAINING);
        const auto plan = [&](WhatIf whatIf, const ModeSeconds& seconds) {
            Experiment asked = experiment;
            asked.whatIf = whatIf;
            return PlanWhatIf(asked, "packet", seconds);
        };
        const auto modes = [](const WhatIfPlan& planned) {
            std::vector<std::string> list;
            for (const WhatIfRun& run : planned.runs)
            {
                CHECK(run.experiment.whatIf == WhatIf::NEVER);
                list.push_back(run.change + " " + run.experiment.mode);
            }
            return list;
        };
        const std::vector<std::string> same{"perfect_fabric bound",
                                            "switched_scale_up packet",
                                            "network_twice_as_fast packet",
                                            "no_software_overhead packet"};
        CHECK(modes(plan(WhatIf::AUTO, {19, 1, 1})) == same);
        CHECK(modes(plan(WhatIf::AUTO, {21, 10, 1})) ==
              std::vector<std::string>{"nothing flow",
                                       "perfect_fabric bound",
                                       "switched_scale_up flow",
                                       "network_twice_as_fast flow",
                                       "no_software_overhead flow"});
        CHECK(modes(plan(WhatIf::AUTO, {210, 100, 1})).front() == "nothing bound");
        const WhatIfPlan none = plan(WhatIf::AUTO, {210, 100, 50});
        CHECK(none.runs.empty());
        REQUIRE(none.notes.size() == 1);
        CHECK(none.notes.front().find("more than 60 s") != std::string::npos);
        CHECK(modes(plan(WhatIf::ALWAYS, {210, 100, 50})).front() == "nothing bound");
        CHECK(modes(plan(WhatIf::ALWAYS, {210, 20, 50})).front() == "nothing flow");
    }

    TEST_CASE("what_if without a training is refused, and written back with one")
    {
        CHECK(GetReadRefusal(FABRIC + "workload: {collective: all_reduce, size: 1MiB}\n"
                                      "measure: {what_if: true}\n")
                  .find("what_if runs a training again") != std::string::npos);
        const Experiment experiment = ReadTrial(FABRIC + TRAINING, {"measure.what_if=false"});
        CHECK(experiment.whatIf == WhatIf::NEVER);
        CHECK(ReadTrial(WriteExperiment(experiment)).whatIf == WhatIf::NEVER);
        CHECK(ReadTrial(FABRIC + TRAINING).whatIf == WhatIf::AUTO);
    }

    TEST_CASE("a graph beyond memory is refused with its size, before it is made")
    {
        const std::string text =
            "fabric: {kind: full_mesh, endpoints: 256, link: {rate: 100Gbps}}\n" + TRAINING;
        const Experiment experiment = ReadTrial(text,
                                                {"workload.fold=never",
                                                 "workload.model.layers=1024",
                                                 "workload.batch.global=65536",
                                                 "workload.memory=ignore"});
        for (const bool isRun : {true, false})
        {
            std::string message;
            try
            {
                if (isRun)
                {
                    RunExperiment(experiment);
                }
                else
                {
                    CheckExperiment(experiment);
                }
            }
            catch (const InputError& error)
            {
                message = error.what();
            }
            CAPTURE(message);
            CHECK(message.find("operations, which would take") != std::string::npos);
            CHECK(message.find("GiB of memory at 150 B each") != std::string::npos);
        }
        // Shards of a sweep are cut by it on machines of any memory.
        CHECK(EstimateRunSeconds(experiment) > 1000);
    }

    TEST_CASE("lanes of the slowest card's place show each stage's kernels and communication")
    {
        const RunResults results = RunAll({RAILS});
        std::map<std::pair<uint32_t, std::string>, Tick> busy;
        for (const LaneResult& lane : results.lanes)
        {
            CHECK(lane.start < lane.end);
            CHECK(lane.busy <= lane.end - lane.start);
            busy[{lane.stage, lane.lane}] += lane.busy;
        }
        for (const uint32_t stage : {0U, 1U})
        {
            for (const char* lane : {"compute", "tensor", "pipeline", "data"})
            {
                CAPTURE(lane);
                CHECK(busy[{stage, lane}] > 0);
            }
        }
        const std::array<double, TRAINING_CAUSES>& time = results.training->timeNs;
        const double kernels = time[static_cast<std::size_t>(TrainingCause::COMPUTE)] +
                               time[static_cast<std::size_t>(TrainingCause::OPTIMIZER)];
        const double shown = static_cast<double>(busy[{results.training->stage, "compute"}]) / 1000;
        CHECK(shown >= kernels); // launches are within
        CHECK(shown <= kernels + time[static_cast<std::size_t>(TrainingCause::HOST)]);
    }

    TEST_CASE("tensor groups that share links are not folded")
    {
        const std::string text =
            "fabric: {kind: single_switch, endpoints: 8, link: {rate: 100Gbps, latency: 500ns}}\n" +
            TRAINING;
        std::string message;
        try
        {
            RunExperiment(ReadTrial(text, {"workload.fold=always"}));
        }
        catch (const InputError& error)
        {
            message = error.what();
        }
        CHECK(message.find("tensor groups can't be folded: messages between stages use link gpu") !=
              std::string::npos);
    }

    TEST_CASE("iterations one after another tell their mean")
    {
        const TrainingResult one = Run({});
        const TrainingResult three = Run({"workload.iterations=3"});
        // Stages that are done begin the next while others end.
        CHECK(three.iterationTimeNs <= one.iterationTimeNs);
        CHECK(three.iterationTimeNs > one.iterationTimeNs / 2);
        CHECK(one.traffic.size() == three.traffic.size());
    }

    TEST_CASE("keys beside the training change it")
    {
        const Experiment plain = ReadTrial(FABRIC + TRAINING);
        CHECK(plain.workloads.front().training.parallel.tensor == 2);
        CHECK(plain.workloads.front().training.parallel.data == 2);
        const Experiment set = ReadTrial(
            FABRIC + TRAINING,
            {"workload.parallel.tensor=4", "workload.schedule=gpipe", "workload.model.hidden=512"});
        const TrainingSpec& spec = set.workloads.front().training;
        CHECK(spec.parallel.tensor == 4);
        CHECK(spec.parallel.pipeline == 2);
        CHECK(spec.parallel.data == 1);
        CHECK(spec.schedule == ScheduleKind::GPIPE);
        CHECK(spec.model.hidden == 512);
        CHECK(spec.model.layers == 4);
    }

    TEST_CASE("a training is written back as what it is read from")
    {
        const Experiment experiment = ReadTrial(FABRIC + TRAINING, {"workload.parallel.tensor=4"});
        const std::string text = WriteExperiment(experiment);
        const Experiment again = ReadTrial(text);
        CHECK(WriteExperiment(again) == text);
        CHECK(again.workloads.front().training.parallel.tensor == 4);
    }

    TEST_CASE("summary.json has the training, and null where there is none")
    {
        RunResults results;
        const auto written = [&] { return nlohmann::json::parse(WriteSummary(results)); };
        CHECK(written().at("training").is_null());
        results.training = Run({RAILS, "measure.what_if=true", "workload.fold=always"});
        const nlohmann::json training = written().at("training");
        for (const char* key : {"iteration_time_ns",
                                "mfu",
                                "hfu",
                                "tokens_per_s",
                                "days_to_train",
                                "parameters",
                                "model_flops",
                                "hardware_flops",
                                "time_ns",
                                "exposed_by_level",
                                "hidden",
                                "memory_bytes",
                                "what_if"})
        {
            CAPTURE(key);
            CHECK(training.contains(key));
        }
        for (const char* cause : TRAINING_CAUSE_NAMES)
        {
            CHECK(training.at("time_ns").contains(cause));
        }
        CHECK(training.at("memory_bytes").size() == 2);
        CHECK(training.at("memory_bytes").at(0).at("limit") == 1e9);
        CHECK(training.at("what_if").size() == 4);
        for (const char* key : {"change", "mode", "iteration_time_ns", "mfu"})
        {
            CHECK(training.at("what_if").at(0).contains(key));
        }
    }

    TEST_CASE("what is wrong is refused at its place")
    {
        const std::string text = FABRIC + TRAINING;
        CHECK(GetReadRefusal(text, {"workload.parallel={tensor: 3, pipeline: 1, data: auto}"})
                  .find("are 3 cards, of which the 8 of the workload are no multiple") !=
              std::string::npos);
        CHECK(GetReadRefusal(text, {"workload.model.heads=6", "workload.parallel.tensor=4"}) ==
              "--set workload.parallel.tensor=4:1:26: error: parallel.tensor: heads, 6 is not "
              "divisible by tensor, 4: give one that is");
        CHECK(
            GetReadRefusal(text, {"workload.model.layers=5"})
                .find("parallel.pipeline: the number of layers, 5 is not divisible by stages, 2") !=
            std::string::npos);
        CHECK(GetReadRefusal(text, {"workload.batch.global=9"})
                  .find("batch.global: the global batch, 9 is not divisible by micro x data, 2") !=
              std::string::npos);
        CHECK(GetReadRefusal(text, {"workload.device.memory.size=10MB"})
                  .find("memory: stage 0 needs") != std::string::npos);
        CHECK(
            GetReadRefusal(text, {"workload.device.memory.size=10MB", "workload.memory=ignore"}) ==
            "accepted");
        CHECK(GetReadRefusal(text, {"workload.precision={compute: fp8}"})
                  .find("the device has no peak for fp8") != std::string::npos);
        CHECK(GetReadRefusal(text, {"workload.device.peak.bf16=312"})
                  .find("'312' has no unit of operations per second") != std::string::npos);
        CHECK(GetReadRefusal(text, {"workload.schedule=dualpipe", "workload.batch.global=4"})
                  .find("batch.global: dualpipe takes half of the micro-batches from each end") !=
              std::string::npos);
        CHECK(GetReadRefusal(text, {"workload.parallel.scatter_gather=true"})
                  .find("parallel.scatter_gather: it is for stages of tensor groups without "
                        "sequence parallelism") != std::string::npos);
        CHECK(GetReadRefusal(text, {"workload.reshard=false"})
                  .find("reshard: only ZeRO 3 gives weights away") != std::string::npos);
        CHECK(GetReadRefusal(text, {"workload.overlap={expert: true}"})
                  .find("overlap.expert: no tokens are sent to experts") != std::string::npos);
        CHECK(GetReadRefusal(text, {"workload.overlap={tensor: true, tensor_kernels: fused}"})
                  .find("one kernel makes the parts of a product, and there are none") !=
              std::string::npos);
        CHECK(GetReadRefusal(text, {"workload.parallel.context_exchange=ring"})
                  .find("parallel.context_exchange: no cards share a sequence") !=
              std::string::npos);
        CHECK(GetReadRefusal(text,
                             {"workload.batch.sequence=65536",
                              "workload.device.memory={size: 1TB, rate: 1000TBps, efficiency: 1}",
                              "workload.device.matmul={efficiency: 1}",
                              "workload.device.attention={forward: 2, backward: 2}"})
                  .find("kernels alone would reach an MFU of") != std::string::npos);
        CHECK(GetReadRefusal(text, {"workload.sise=3"}).find("unknown key 'sise' in workload") !=
              std::string::npos);
        CHECK(
            GetReadRefusal(FABRIC + "workload: {training: nowhere.yaml}\n") ==
            "test.yaml:2:22: error: there is no file nowhere.yaml: give the path of the YAML file "
            "of a training, relative to the file that names it");
    }

    TEST_CASE("experts of uneven load are read from a law or a file, and wait for one another")
    {
        const std::vector<std::string> experts{
            "workload.model.moe={experts: 4, active: 2, ffn: 256}",
            "workload.parallel={tensor: 1, pipeline: 2, expert: 4}"};
        const auto with = [&](const std::string& setting) {
            std::vector<std::string> settings = experts;
            settings.push_back(setting);
            return settings;
        };
        const std::string path = (std::filesystem::temp_directory_path() /
                                  ("mtlink-expert-shares-" + std::to_string(getpid()) + ".csv"))
                                     .string();
        const auto write = [&](const std::string& text) { std::ofstream(path) << text; };
        const TrainingResult even = Run(with("simulation.mode=bound"));
        std::vector<std::string> settings = with("simulation.mode=bound");
        settings.push_back("workload.model.moe.balance={zipf: 0.5}");
        CHECK(Run(settings).iterationTimeNs > even.iterationTimeNs);
        write("# all layers alike\n1, 1, 1, 1\n");
        settings.back() = "workload.model.moe.balance=" + path;
        CHECK(Run(settings).iterationTimeNs == even.iterationTimeNs);
        write("1,1,1,1\n2,0,0,2\n1,2,1,0\n0,0,1,1\n");
        CHECK(Run(settings).iterationTimeNs > even.iterationTimeNs);
        const auto refusalOf = [&](const std::string& text) {
            write(text);
            return GetReadRefusal(FABRIC + TRAINING, settings);
        };
        CHECK(refusalOf("1,1,1,1\n1,1\n").find(path + ":2:1: error: 2 numbers") !=
              std::string::npos);
        CHECK(refusalOf("3,0,0,0\n").find("a token goes to it once") != std::string::npos);
        CHECK(refusalOf("1,x,1,1\n").find("'x' is no share of tokens") != std::string::npos);
        CHECK(refusalOf("1,1,1,1\n1,1,1,1\n").find("has 2 lines: give one for each of 4") !=
              std::string::npos);
        std::filesystem::remove(path);
    }

    TEST_CASE("kernels are slowed beside communication in every mode, and pairs of stages run")
    {
        for (const char* mode : {"bound", "flow", "packet"})
        {
            CAPTURE(mode);
            const std::string setting = std::string("simulation.mode=") + mode;
            const TrainingResult free = Run({setting, "workload.overlap.data=10KB"});
            const TrainingResult slowed = Run(
                {setting, "workload.overlap.data=10KB", "workload.overlap.compute_slowdown=15 %"});
            CHECK(slowed.iterationTimeNs > free.iterationTimeNs);
            CHECK(slowed.iterationTimeNs < 1.15 * free.iterationTimeNs);
            const double sum = std::accumulate(slowed.timeNs.begin(), slowed.timeNs.end(), 0.0);
            CHECK(sum == doctest::Approx(slowed.iterationTimeNs).epsilon(1e-12));
            CHECK(Run({setting, "workload.schedule=dualpipe"}).iterationTimeNs > 0);
        }
    }

    TEST_CASE("all of a training that comes later is refused by name, as not in this version")
    {
        for (const LaterFeature& feature : GetLaterFeatures())
        {
            if (feature.section.starts_with("training"))
            {
                const std::string path = GetPath(feature.section, feature.key);
                CAPTURE(path);
                CHECK(GetReadRefusal(FABRIC + TRAINING,
                                     {"workload.model.moe={experts: 4, active: 2, ffn: 64}",
                                      "workload.schedule={kind: 1f1b}",
                                      path + "=" + (feature.value.empty() ? "1" : feature.value)})
                          .find("not in this version") != std::string::npos);
            }
        }
    }

    TEST_CASE("the ready devices and models are read")
    {
        const std::string root = MTLINK_SOURCE_DIR;
        uint32_t files = 0;
        for (const auto& device : std::filesystem::directory_iterator(root + "/topologies/devices"))
        {
            CAPTURE(device.path().string());
            CHECK(GetReadRefusal(FABRIC + TRAINING,
                                 {"workload.device=" + device.path().string()}) == "accepted");
            ++files;
        }
        for (const auto& model :
             std::filesystem::directory_iterator(root + "/examples/training/models"))
        {
            CAPTURE(model.path().string());
            CHECK(GetReadRefusal(FABRIC + TRAINING,
                                 {"workload.model=" + model.path().string(),
                                  "workload.parallel={tensor: 4, pipeline: 1}",
                                  "workload.memory=ignore"}) == "accepted");
            ++files;
        }
        CHECK(files >= 15);
    }

    TEST_CASE("the keys in the list are those that are read")
    {
        for (const ExperimentKey& key : GetTrainingKeys())
        {
            if (key.key == "extends")
            {
                continue; // taken before the others are read
            }
            CAPTURE(key.section + "." + key.key);
            const std::string refusal =
                GetReadRefusal(FABRIC + TRAINING, {GetPath(key.section, key.key) + "=[[], {}]"});
            CHECK(refusal != "accepted");
            CHECK(refusal.find("unknown key") == std::string::npos);
        }
    }
}
