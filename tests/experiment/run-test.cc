/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/run.h"
#include "measure/result-writer.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

Experiment
Read(const std::string& text, const std::vector<Override>& overrides = {})
{
    return ReadExperiment(ParseYaml(text, {"test.yaml", ""}), "test", overrides);
}

RunOutcome
Run(const std::string& text, const std::vector<Override>& overrides = {})
{
    return RunExperiment(Read(text, overrides));
}

/** All result files of a run in one text, without wall time, CPU time, memory and the engine. */
std::string
GetFiles(const RunOutcome& outcome, const std::string& name)
{
    const std::string directory = "run-test-" + name;
    WriteResults(outcome.results, directory);
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
    {
        // Where settings come from is another file, or an option, for the same run.
        if (entry.path().filename() != "settings.csv")
        {
            paths.push_back(entry.path());
        }
    }
    std::sort(paths.begin(), paths.end());
    std::string all;
    for (const auto& path : paths)
    {
        std::ostringstream text;
        text << path.filename() << "\n" << std::ifstream(path).rdbuf();
        all += text.str();
    }
    std::filesystem::remove_all(directory);
    const std::regex varying("\"(wall_time_s|cpu_time_s|setup_time_s|peak_rss_bytes)\": [^,]*|"
                             "  engine: [a-z]*");
    return std::regex_replace(all, varying, "");
}

const std::string ALL_TO_ALL = "name: contended\n"
                               "fabric: {kind: fat_tree, radix: 4, levels: 2}\n"
                               "workload: {collective: all_to_all, size: 512KiB}\n"
                               "measure: {timeline: true, sample_every: 1us}\n";

} // namespace

TEST_SUITE("run")
{
    TEST_CASE("two runs leave the same bytes, but for times and memory")
    {
        CHECK(GetFiles(Run(ALL_TO_ALL), "a") == GetFiles(Run(ALL_TO_ALL), "b"));
    }

    TEST_CASE("ns-3's own simulator implementation leaves the same bytes")
    {
        for (const std::string& text :
             {ALL_TO_ALL,
              std::string("fabric: {kind: dragonfly}\n"
                          "workload: {traffic: uniform, load: 0.6, packet: 256B, warmup: 2us, "
                          "measure: 5us}\n")})
        {
            const RunOutcome fabric = Run(text);
            const RunOutcome other = Run(text, {{"--set", "simulation.engine=default"}});
            CHECK(fabric.results.events == other.results.events);
            CHECK(GetFiles(fabric, "fabric") == GetFiles(other, "default"));
        }
    }

    TEST_CASE("watching a run does not change it")
    {
        RunOptions options;
        int calls = 0;
        double share = 0;
        options.progress = [&](const RunProgress& progress) {
            ++calls;
            CHECK(progress.share >= share);
            share = progress.share;
        };
        const RunOutcome watched = RunExperiment(Read(ALL_TO_ALL), options);
        CHECK(calls > 0);
        CHECK(GetFiles(watched, "watched") == GetFiles(Run(ALL_TO_ALL), "alone"));
    }

    TEST_CASE("the experiment as written makes the same run again")
    {
        const RunOutcome first = Run(ALL_TO_ALL);
        const RunOutcome second = Run(first.results.experimentYaml);
        CHECK(GetFiles(first, "first") == GetFiles(second, "second"));
    }

    TEST_CASE("a run is complete, conserves, and ends with its last operation")
    {
        const RunOutcome outcome = Run(ALL_TO_ALL);
        const RunResults& results = outcome.results;
        CHECK(outcome.end == RunEnd::COMPLETE);
        CHECK(results.complete);
        CHECK(results.packetsLost == 0);
        CHECK(results.payloadBytesDelivered == 8 * 7 * 65'536);
        REQUIRE(results.completionTime);
        CHECK(results.simulatedTime == *results.completionTime);
        CHECK(results.deadlockFree == "true");
        CHECK(results.messages.size() == 56);
        CHECK(!results.operations.empty());
    }

    TEST_CASE("several workloads run at once, on their own ranks or on shared ones")
    {
        const std::string head = "fabric: {kind: full_mesh, endpoints: 8}\nworkloads:\n";
        const RunOutcome apart =
            Run(head + "  - {name: a, collective: all_reduce, size: 1MiB, ranks: [0, 1, 2, 3]}\n"
                       "  - {name: b, collective: all_reduce, size: 1MiB, ranks: [4, 5, 6, 7]}\n");
        REQUIRE(apart.results.collectives.size() == 2);
        CHECK(apart.results.collectives[0].workload == "a");
        CHECK(apart.results.collectives[1].workload == "b");
        CHECK(apart.results.collectives[0].end == apart.results.collectives[1].end);

        const RunOutcome shared =
            Run(head + "  - {name: a, collective: all_reduce, size: 1MiB, ranks: [0, 1, 2, 3]}\n"
                       "  - {name: b, collective: all_reduce, size: 1MiB, ranks: [0, 1, 2, 3]}\n");
        CHECK(shared.results.complete);
        CHECK(shared.results.simulatedTime > 3 * apart.results.simulatedTime / 2);

        const RunOutcome later =
            Run(head +
                "  - {name: a, collective: all_reduce, size: 1MiB, ranks: [0, 1, 2, 3]}\n"
                "  - {name: b, collective: all_reduce, size: 1MiB, ranks: [4, 5], start: 1ms}\n");
        CHECK(later.results.collectives[1].start == 1'000'000'000);
    }

    TEST_CASE("repeated collectives follow one another")
    {
        const RunOutcome outcome =
            Run("fabric: {kind: full_mesh, endpoints: 4}\n"
                "workload: {collective: all_reduce, size: 1MiB, repeat: 3}\n");
        const auto& rows = outcome.results.collectives;
        REQUIRE(rows.size() == 3);
        CHECK(rows[1].start >= rows[0].start);
        CHECK(rows[2].end > rows[1].end);
        CHECK(rows[1].id == 1);
    }

    TEST_CASE("limits stop a run, which then is not complete")
    {
        const RunOutcome timed = Run(ALL_TO_ALL, {{"--set", "simulation.stop=2us"}});
        CHECK(timed.end == RunEnd::TIME_LIMIT);
        CHECK(!timed.results.complete);
        CHECK(timed.results.simulatedTime == 2'000'000);
        CHECK(timed.results.stopReason == "stopped at simulation.stop, 2us");
        CHECK(!timed.results.completionTime);

        const RunOutcome counted = Run(ALL_TO_ALL, {{"--set", "simulation.event_limit=10"}});
        CHECK(counted.end == RunEnd::EVENT_LIMIT);

        const volatile std::sig_atomic_t interrupted = 1;
        RunOptions options;
        options.interrupt = &interrupted;
        const RunOutcome stopped = RunExperiment(Read(ALL_TO_ALL), options);
        CHECK(stopped.end == RunEnd::INTERRUPTED);
        CHECK(!stopped.results.complete);
    }

    TEST_CASE("time in which nothing happens takes none: a hundred days as little as a second")
    {
        const auto makeText = [](const std::string& start) {
            return "name: idle\n"
                   "fabric: {kind: single_switch, endpoints: 4}\n"
                   "workloads:\n"
                   "- {collective: all_reduce, size: 1KiB}\n"
                   "- {collective: all_to_all, size: 256MiB, start: " +
                   start + "}\n";
        };
        const auto countLooks = [&](const std::string& text, RunOutcome& outcome) {
            RunOptions options;
            int looks = 0;
            options.progress = [&looks](const RunProgress&) { ++looks; };
            outcome = RunExperiment(Read(text), options);
            return looks;
        };
        RunOutcome soon;
        RunOutcome late;
        const int looks = countLooks(makeText("10s"), soon);
        CHECK(looks < 200);
        CHECK(countLooks(makeText("8640000s"), late) == looks);
        CHECK(late.results.events == soon.results.events);
        const auto getDuration = [](const RunOutcome& outcome) {
            return outcome.results.collectives[1].end - outcome.results.collectives[1].start;
        };
        CHECK(getDuration(late) == getDuration(soon));
        CHECK(late.results.collectives[1].start == 8'640'000'000'000'000'000);

        // A limit stops it where ns-3's own simulator, which can't skip, does.
        const std::string text = makeText("100.3ms");
        const std::vector<Override> limits{{"--set", "simulation.event_limit=50000"}};
        const RunOutcome skipped = Run(text, limits);
        const RunOutcome walked = Run(text, {limits[0], {"--set", "simulation.engine=default"}});
        CHECK(skipped.end == RunEnd::EVENT_LIMIT);
        CHECK(skipped.results.events == walked.results.events);
        CHECK(skipped.results.simulatedTime == walked.results.simulatedTime);
        CHECK(skipped.results.simulatedTime > 100'300'000'000);
    }

    TEST_CASE("what would come after the end of time is refused")
    {
        CHECK_THROWS_WITH_AS(Run("fabric: {kind: fat_tree, radix: 4, levels: 2, "
                                 "link: {latency: 3456000s}}\n"
                                 "workload: {collective: broadcast, algorithm: tree, size: 1KiB, "
                                 "ranks: [0, 4]}\n"),
                             doctest::Contains("the latency of a link, or of its credits, is at "
                                               "most a day"),
                             InputError);
        // A message alone can take that long.
        CHECK_THROWS_AS(Run("fabric: {kind: full_mesh, endpoints: 2, link: {rate: 1Mbps}}\n"
                            "workload: {collective: broadcast, algorithm: tree, size: 1PiB}\n"
                            "simulation: {mode: bound}\n"),
                        InputError);
    }

    TEST_CASE("the bound knows what switches reduce and copy, each collective that they can do")
    {
        for (const std::string collective :
             {"reduce", "broadcast", "all_reduce", "all_gather", "reduce_scatter"})
        {
            CAPTURE(collective);
            const std::string text = "fabric: {kind: single_switch, endpoints: 4, "
                                     "switch: {reduction: true, multicast: true}}\n"
                                     "workload: {algorithm: in_network, size: 1MiB, collective: " +
                                     collective + "}\n";
            const RunOutcome bound = Run(text, {{"--mode", "simulation.mode=bound"}});
            CHECK(bound.end == RunEnd::COMPLETE);
            const RunOutcome packets = Run(text);
            CHECK(bound.results.payloadBytesDelivered == packets.results.payloadBytesDelivered);
            CHECK(*bound.results.completionTime <= *packets.results.completionTime);
        }
    }

    TEST_CASE("a collective in the network is over when its data is, and the next begins then")
    {
        for (const std::string collective : {"all_reduce", "all_gather", "reduce_scatter"})
        {
            CAPTURE(collective);
            const auto time = [&](const std::string& repeat) {
                return *Run("fabric: {kind: single_switch, endpoints: 4, switch: {reduction: true, "
                            "multicast: true}}\nworkload: {algorithm: in_network, size: 4KiB, "
                            "repeat: " +
                            repeat + ", collective: " + collective + "}\n")
                            .results.completionTime;
            };
            CHECK(time("3") >= time("1") * 27 / 10); // what takes latency only would fit in one
        }
    }

    TEST_CASE("messages streamed while the run goes are those kept in memory")
    {
        const std::string several =
            "fabric: {kind: single_switch, endpoints: 8}\n"
            "workloads:\n"
            "  - {name: a, collective: all_to_all, size: 64KiB, ranks: [0, 1, 2, 3]}\n"
            "  - {name: b, collective: all_reduce, algorithm: ring, size: 64KiB, repeat: 2}\n"
            "  - {name: c, collective: all_gather, size: 32KiB, ranks: [4, 5, 6, 7]}\n";
        for (const std::string& text : {ALL_TO_ALL, several})
        {
            for (const std::string stop : {"1s", "2us"}) // complete, and not
            {
                const std::vector<Override> overrides{{"--set", "simulation.stop=" + stop}};
                const RunOutcome kept = Run(text, overrides);
                CHECK(!kept.messages);
                const std::string directory = "run-test-streamed";
                std::filesystem::create_directory(directory);
                RunOptions options;
                options.directory = directory;
                RunOutcome streamed = RunExperiment(Read(text, overrides), options);
                CHECK(streamed.results.complete == (stop == "1s"));
                WriteResults(streamed.results, directory, {}, streamed.messages.get());
                std::ostringstream bytes;
                bytes << std::ifstream(directory + "/messages.csv").rdbuf();
                std::filesystem::remove_all(directory);
                std::filesystem::create_directory(directory);
                WriteResults(kept.results, directory);
                std::ostringstream wanted;
                wanted << std::ifstream(directory + "/messages.csv").rdbuf();
                std::filesystem::remove_all(directory);
                CHECK(bytes.str() == wanted.str());
                CHECK(kept.results.messages.size() > 10);
                for (std::size_t i = 1; i < kept.results.messages.size(); ++i)
                {
                    CHECK(kept.results.messages[i].id == i);
                    CHECK(kept.results.messages[i].start >= kept.results.messages[i - 1].start);
                }
            }
        }
    }

    TEST_CASE("a stop beyond the end changes nothing")
    {
        const RunOutcome limited = Run(ALL_TO_ALL, {{"--set", "simulation.stop=1s"}});
        CHECK(limited.end == RunEnd::COMPLETE);
        CHECK(limited.results.simulatedTime == Run(ALL_TO_ALL).results.simulatedTime);
    }

    TEST_CASE("the bound is what the workload needs where nothing is shared")
    {
        const RunOutcome packet = Run(ALL_TO_ALL);
        const RunOutcome bound = Run(ALL_TO_ALL, {{"--mode", "simulation.mode=bound"}});
        CHECK(bound.results.complete);
        CHECK(bound.results.mode == "bound");
        CHECK(bound.results.payloadBytesDelivered == packet.results.payloadBytesDelivered);
        CHECK(bound.results.simulatedTime < packet.results.simulatedTime);
        CHECK(bound.results.packetHops == 0);
    }

    TEST_CASE("open-loop traffic reports the loads that it offered and got through")
    {
        const RunOutcome outcome =
            Run("fabric: {kind: single_switch, endpoints: 8, link: {latency: 10ns}}\n"
                "workload: {traffic: uniform, load: 0.4, packet: 256B, warmup: 5us, measure: "
                "20us}\n");
        REQUIRE(outcome.results.offeredLoad);
        CHECK(*outcome.results.offeredLoad == doctest::Approx(0.4).epsilon(0.05));
        CHECK(*outcome.results.acceptedLoad == doctest::Approx(0.4).epsilon(0.05));
    }

    TEST_CASE("routes that can deadlock are refused with their cycle, unless asked for")
    {
        // A ring of switches with one VC class: shortest paths run around it both ways.
        std::string text = "fabric:\n  kind: graph\n  nodes:\n";
        std::string edges = "  edges:\n";
        for (int i = 0; i < 5; ++i)
        {
            const std::string n = std::to_string(i);
            text += "    - {name: s" + n + ", type: switch}\n    - {name: g" + n +
                    ", type: endpoint}\n";
            edges += "    - {from: g" + n + ", to: s" + n + "}\n    - {from: s" + n + ", to: s" +
                     std::to_string((i + 1) % 5) + "}\n";
        }
        text += edges + "workload: {collective: all_to_all, size: 64KiB}\n";
        CHECK_THROWS_WITH_AS(Run(text),
                             doctest::Contains("test.yaml:2:3: error: packets can deadlock"),
                             InputError);
        const RunOutcome outcome = Run(text, {{"--set", "simulation.allow_deadlock=true"}});
        CHECK(outcome.results.deadlockFree == "false");
        CHECK((outcome.end == RunEnd::COMPLETE || outcome.end == RunEnd::STALLED));
    }

    TEST_CASE("a run that deadlocks ends, and says who waits")
    {
        // Six switches in a ring, each packet four switches on, one VC, room for a packet: every
        // buffer fills with packets that wait for the next one.
        std::string text = "fabric:\n"
                           "  kind: graph\n"
                           "  link: {rate: 100Gbps, latency: 10ns}\n"
                           "  switch: {vcs: 1, buffer: 4KiB, input_speedup: 1}\n"
                           "  endpoint: {window: 0B}\n"
                           "  nodes:\n";
        std::string edges = "  edges:\n";
        for (int i = 0; i < 6; ++i)
        {
            const std::string n = std::to_string(i);
            text += "    - {name: s" + n + ", type: switch}\n    - {name: g" + n +
                    ", type: endpoint}\n    - {name: h" + n + ", type: endpoint}\n";
            edges += "    - {from: g" + n + ", to: s" + n + "}\n    - {from: h" + n + ", to: s" +
                     n + "}\n    - {from: s" + n + ", to: s" + std::to_string((i + 1) % 6) + "}\n";
        }
        text += edges + "workload: {traffic: permutation, shift: 4, load: 1, packet: 64KiB, "
                        "measure: 100us}\n"
                        "simulation: {allow_deadlock: true}\n";
        for (const std::string engine : {"fabric", "default"})
        {
            const RunOutcome outcome = Run(text, {{"--set", "simulation.engine=" + engine}});
            CHECK(outcome.end == RunEnd::STALLED);
            CHECK(!outcome.results.complete);
            CHECK(outcome.waiting.size() > 1);
            CHECK(outcome.results.stopReason.starts_with("deadlock: nothing is left to happen"));
        }
    }

    TEST_CASE("a parameter that the fabric can't have is refused at its place")
    {
        CHECK_THROWS_WITH_AS(
            Run("fabric: {kind: single_switch, endpoints: 4, switch: {buffer: 1KiB}}\n"
                "workload: {collective: all_reduce, size: 64KiB}\n"),
            doctest::Contains("test.yaml:1:"),
            InputError);
        CHECK_THROWS_WITH_AS(Run("fabric: {kind: full_mesh, endpoints: 4}\n"
                                 "workload: {traffic: group_adversarial, load: 0.5, measure: "
                                 "1us}\n"),
                             doctest::Contains("test.yaml:2:"),
                             InputError);
    }

    TEST_CASE("a message of more packets than express takes is simulated packet by packet")
    {
        const auto run = [](const char* size) {
            return Run(
                fmt::format("fabric: {{kind: single_switch, endpoints: 2, endpoint: {{packet: "
                            "256B}}}}\n"
                            "workload: {{collective: all_to_all, size: {}}}\n"
                            "simulation: {{event_limit: 1000}}\n",
                            size));
        };
        CHECK(run("8GiB").end == RunEnd::COMPLETE); // two messages of 2^24 packets
        const RunOutcome beyond = run("8589935104B");
        CHECK(beyond.end == RunEnd::EVENT_LIMIT);
        CHECK(beyond.results.packetsDelivered < 1000);
    }

    TEST_CASE("a check knows what a run would do")
    {
        const CheckResult result = CheckExperiment(Read(ALL_TO_ALL));
        CHECK(result.endpoints == 8);
        CHECK(result.isDeadlockFree);
        CHECK(result.packetHops == static_cast<double>(Run(ALL_TO_ALL).results.packetHops));
    }

    TEST_CASE("faults in an experiment do what they say, and name the link that ends a run")
    {
        const std::string base =
            "name: faults\n"
            "fabric: {kind: single_switch, endpoints: 8}\n"
            "workload: {collective: all_to_all, algorithm: direct, size: 1MiB}\n";
        const RunOutcome sound = Run(base);
        const RunOutcome back =
            Run(base + "faults: [{link: \"gpu2:0\", at: 5us, state: down, for: 20us}]\n");
        CHECK(back.end == RunEnd::COMPLETE);
        CHECK(back.results.packetsLost == 0);
        CHECK(back.results.packetsDelivered == sound.results.packetsDelivered);
        CHECK(*back.results.completionTime > *sound.results.completionTime + 15'000'000);

        const RunOutcome lossy = Run(
            base + "faults: [{link: \"gpu2:0\", at: 5us, state: down, for: 20us, policy: drop}]\n");
        CHECK(lossy.end == RunEnd::STALLED);
        CHECK(lossy.results.packetsLost > 0);
        CHECK(lossy.results.packetsLost + lossy.results.packetsDelivered ==
              sound.results.packetsDelivered);
        CHECK(lossy.results.stopReason.find("data lost: faults took ") == 0);
        CHECK(lossy.results.stopReason.find("gpu2:0") != std::string::npos);
        uint64_t open = 0;
        for (const MessageResult& message : lossy.results.messages)
        {
            open += message.end == NEVER;
        }
        CHECK(open == lossy.results.messagesLost);

        const RunOutcome dead = Run(base + "faults: [{switch: switch, at: 5us}]\n");
        CHECK(dead.end == RunEnd::STALLED);
        CHECK(dead.results.stopReason.find("stalled: link ") == 0);

        // Random faults to come do not keep a run from its end, be it good or bad.
        const RunOutcome stuck =
            Run(base + "faults: [{link: \"gpu2:0\", at: 5us}, {links: endpoint, mtbf: 1ms, mttr: "
                       "1us}]\n");
        CHECK(stuck.end == RunEnd::STALLED);
        CHECK(stuck.results.stopReason.find("stalled: link ") == 0);
        const std::string often =
            "faults: [{links: endpoint, mtbf: 20us, mttr: 2us, policy: reroute}]\n";
        const RunOutcome flapping = Run(base + often);
        CHECK(flapping.end == RunEnd::COMPLETE);
        CHECK(flapping.results.packetsLost == 0);
        CHECK(GetFiles(flapping, "flapping") == GetFiles(Run(base + often), "flapping"));
        CHECK(GetFiles(flapping, "flapping") ==
              GetFiles(Run(base + often, {{"--set", "simulation.engine=default"}}), "flapping"));

        const RunOutcome traffic =
            Run("fabric: {kind: single_switch, endpoints: 8}\n"
                "workload: {traffic: uniform, load: 0.5, measure: 20us}\n"
                "faults: [{link: \"gpu2:0\", at: 5us, for: 5us, policy: drop}]\n");
        CHECK(traffic.end == RunEnd::COMPLETE);
        CHECK(traffic.results.packetsLost > 0);
        CHECK(traffic.results.acceptedLoad < traffic.results.offeredLoad);

        CHECK_THROWS_WITH_AS(
            Run(base + "faults: [{link: \"gpu2:7\", at: 5us}]\n"),
            "test.yaml:4:17: error: the fabric has no link 'gpu2:7'; it has gpu2:0",
            InputError);
        CHECK_THROWS_WITH_AS(
            Run(base + "faults: [{link: \"card2:0\", at: 5us}]\n"),
            "test.yaml:4:17: error: the fabric has no link 'card2:0'; it has gpu0:0, gpu1:0, "
            "gpu2:0, "
            "gpu3:0, gpu4:0, gpu5:0, gpu6:0, gpu7:0, switch:0, switch:1, switch:2, switch:3, ...",
            InputError);
    }

    TEST_CASE("the spans of a timeline add up to what the links' table says")
    {
        const std::string text = "fabric: {kind: fat_tree, radix: 4, levels: 2, switch: {buffer: "
                                 "4KiB}, link: {lanes: 2}}\n"
                                 "workload: {collective: all_to_all, size: 512KiB}\n"
                                 "faults:\n"
                                 "- {link: \"gpu0:0\", at: 1us, for: 2us, state: down}\n"
                                 "- {link: \"gpu1:0\", at: 2us, state: degraded, lanes: 1}\n";
        CHECK(Run(text).results.linkSpans.empty());
        const RunResults results = Run(text + "measure: {timeline: true}\n").results;
        CHECK(results.linkSpansLeftOut == 0);
        std::vector<Tick> stall(results.links.size());
        std::vector<Tick> down(results.links.size());
        std::vector<Tick> degraded(results.links.size());
        for (const LinkSpanResult& span : results.linkSpans)
        {
            CHECK(span.start < span.end);
            (span.kind == LinkSpanResult::STALL  ? stall
             : span.kind == LinkSpanResult::DOWN ? down
                                                 : degraded)[span.link] += span.end - span.start;
            CHECK(span.lanes == (span.kind == LinkSpanResult::DEGRADED ? 1 : 0));
        }
        Tick sum = 0;
        for (std::size_t link = 0; link < results.links.size(); ++link)
        {
            CHECK(stall[link] == results.links[link].creditStall);
            CHECK(down[link] == results.links[link].down);
            CHECK(degraded[link] == results.links[link].degraded);
            sum += stall[link] + (down[link] > 0 ? 1 : 0) + (degraded[link] > 0 ? 1 : 0);
        }
        CHECK(sum > 4); // there were stalls, and both ways of both links were out
    }

    TEST_CASE("workloads and rows of a CSV say their traffic class, and results are by class")
    {
        std::ofstream("run-test-classes.csv") << "start_ns,src,dst,bytes,traffic_class\n"
                                                 "0,0,1,10000,0\n"
                                                 "0,2,3,20000,\n";
        const std::string fabric =
            "fabric: {kind: single_switch, endpoints: 4, switch: {traffic_classes: 3}}\n";
        const RunOutcome outcome =
            Run(fabric + "workloads:\n"
                         "- {trace: run-test-classes.csv, traffic_class: 2}\n"
                         "- {collective: all_to_all, size: 64KiB, traffic_class: 1}\n");
        std::remove("run-test-classes.csv");
        const RunResults& results = outcome.results;
        REQUIRE(results.classes.size() == 3);
        CHECK(results.classes[0].payloadBytes == 10000);
        CHECK(results.classes[0].messages == 1);
        CHECK(results.classes[1].payloadBytes == 4 * 3 * 16384);
        CHECK(results.classes[1].messages == 12);
        CHECK(results.classes[2].payloadBytes == 20000);
        CHECK(results.classes[2].packetLatency.max > results.classes[2].packetLatency.p50);
        uint32_t ofClass[3] = {0, 0, 0};
        for (const MessageResult& message : results.messages)
        {
            ++ofClass[message.trafficClass];
        }
        CHECK(ofClass[0] == 1);
        CHECK(ofClass[1] == 12);
        CHECK(ofClass[2] == 1);
        const auto refusal = [](const std::string& text) {
            try
            {
                Run(text);
            }
            catch (const std::exception& error)
            {
                return std::string(error.what());
            }
            return std::string();
        };
        CHECK(refusal(fabric + "workload: {collective: barrier, traffic_class: 3}\n") ==
              "test.yaml:2:48: error: traffic_class 3: the fabric has classes 0 to 2; set "
              "switch.traffic_classes to more, or endpoint.traffic_classes where there is no "
              "switch");
        CHECK(refusal("fabric: {kind: full_mesh, endpoints: 2, switch: {traffic_classes: 2}}\n"
                      "workload: {collective: barrier}\n")
                  .find("test.yaml:1:67: error: switch.traffic_classes: there is no switch") == 0);
    }
}
