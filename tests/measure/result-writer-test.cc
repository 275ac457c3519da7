/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "file-size-limit.h"
#include "measure/atomic-file.h"
#include "measure/result-directory.h"
#include "measure/result-reader.h"
#include "measure/result-tables.h"
#include "measure/result-writer.h"
#include "measure/summary.h"
#include "measure/text-file.h"
#include "sample-results.h"

#include "ns3/mtlink-error.h"

#include <cmath>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace ns3::mtlink;
using nlohmann::json;

namespace
{

/** @param [in] directory A directory. @return its files, name to bytes. */
std::map<std::string, std::string>
ReadAll(const std::string& directory)
{
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
    {
        files[entry.path().filename().string()] = ReadTextFile(entry.path().string());
    }
    return files;
}

/** @param [in] object A JSON object. @return its keys. */
std::set<std::string>
Keys(const json& object)
{
    std::set<std::string> keys;
    for (const auto& [key, value] : object.items())
    {
        keys.insert(key);
    }
    return keys;
}

} // namespace

TEST_SUITE("measure result writer")
{
    TEST_CASE("every file of the contract is written, and no temporary one is left")
    {
        const TemporaryDirectory directory;
        WriteResults(MakeSampleResults(4, 3), directory.Path("a/b"));
        std::set<std::string> names;
        for (const auto& [name, bytes] : ReadAll(directory.Path("a/b")))
        {
            names.insert(name);
        }
        CHECK(names == std::set<std::string>{"classes.csv",
                                             "collectives.csv",
                                             "congestion.csv",
                                             "congestion_flows.csv",
                                             "experiment.yaml",
                                             "flows.csv",
                                             "links.csv",
                                             "messages.csv",
                                             "nodes.csv",
                                             "queues.csv",
                                             "series.csv",
                                             "settings.csv",
                                             "summary.json",
                                             "timeline.json"});
    }

    TEST_CASE("the summary has all keys of the contract, for a full run and for an empty one")
    {
        const std::set<std::string> contract{"schema",
                                             "name",
                                             "complete",
                                             "mode",
                                             "seed",
                                             "mtlink_version",
                                             "ns3_version",
                                             "fabric",
                                             "simulated_time_ns",
                                             "wall_time_s",
                                             "cpu_time_s",
                                             "setup_time_s",
                                             "peak_rss_bytes",
                                             "events",
                                             "packet_hops",
                                             "packets_delivered",
                                             "payload_bytes_delivered",
                                             "packets_lost",
                                             "messages_lost",
                                             "completion_time_ns",
                                             "packet_latency_ns",
                                             "network_latency_ns",
                                             "offered_load",
                                             "accepted_load",
                                             "collectives",
                                             "credit_stall_ns",
                                             "deadlock_free",
                                             "stability",
                                             "verdict",
                                             "mode_asked",
                                             "mode_reason",
                                             "fidelity"};
        for (const auto& results : {RunResults{}, MakeSampleResults(4, 2)})
        {
            const json summary = json::parse(WriteSummary(results));
            for (const auto& key : contract)
            {
                CAPTURE(key);
                CHECK(summary.contains(key));
            }
            CHECK(Keys(summary["fabric"]) ==
                  std::set<std::string>{"kind", "endpoints", "switches", "links"});
            CHECK(Keys(summary["fidelity"]) == std::set<std::string>{"packet",
                                                                     "memo",
                                                                     "exact",
                                                                     "fair",
                                                                     "approximate",
                                                                     "beyond_buffers",
                                                                     "skipped_time_fraction",
                                                                     "fallbacks"});
        }
        const json empty = json::parse(WriteSummary({}));
        for (const char* key : {"completion_time_ns",
                                "packet_latency_ns",
                                "network_latency_ns",
                                "offered_load",
                                "accepted_load",
                                "stability",
                                "verdict",
                                "stop_reason"})
        {
            CAPTURE(key);
            CHECK(empty[key].is_null());
        }
        CHECK(empty["deadlock_free"] == "unproved");
        const json full = json::parse(WriteSummary(MakeSampleResults(4, 2)));
        CHECK(full["deadlock_free"] == true);
        CHECK(Keys(full["packet_latency_ns"]) ==
              std::set<std::string>{"mean", "p50", "p99", "p999", "max"});
        CHECK(Keys(full["verdict"]) == std::set<std::string>{"bound_by",
                                                             "share",
                                                             "saturated",
                                                             "text",
                                                             "root",
                                                             "levels",
                                                             "chain",
                                                             "try",
                                                             "notes"});
        CHECK(Keys(full["verdict"]["root"]) == std::set<std::string>{"port",
                                                                     "to",
                                                                     "flows",
                                                                     "offered_over_rate",
                                                                     "stall_share",
                                                                     "victims"});
        CHECK(Keys(full["verdict"]["try"][0]) ==
              std::set<std::string>{"change", "why", "expected"});
        for (const char* key : {"id",
                                "name",
                                "algorithm",
                                "ranks",
                                "bytes",
                                "start_ns",
                                "end_ns",
                                "duration_ns",
                                "algbw_GBps",
                                "busbw_GBps",
                                "bound_ns"})
        {
            CAPTURE(key);
            CHECK(full["collectives"][0].contains(key));
        }
    }

    TEST_CASE("a verdict is read back as it was written")
    {
        const TemporaryDirectory directory;
        const RunResults results = MakeSampleResults(4, 2);
        WriteResults(results, directory.Path("a"));
        RunResults read = ReadResults(directory.Path("a")).results;
        REQUIRE(read.verdict);
        CHECK(read.verdict->root->victims == results.verdict->root->victims);
        CHECK(read.verdict->chain->wire == results.verdict->chain->wire);
        CHECK(WriteSummary(read).find(WriteSummary(results).substr(
                  WriteSummary(results).find("\"verdict\""),
                  WriteSummary(results).find("\"cost\"") -
                      WriteSummary(results).find("\"verdict\""))) != std::string::npos);
    }

    TEST_CASE("a training is read back as it was written")
    {
        TrainingResult training;
        training.iterationTimeNs = 1.5e9;
        training.daysToTrain = 12;
        training.parameters = 175'000'000'000;
        training.card = 3;
        training.stage = 1;
        for (std::size_t cause = 0; cause < TRAINING_CAUSES; ++cause)
        {
            training.timeNs[cause] = static_cast<double>(cause + 1);
        }
        training.exposedByLevelNs = {{"down", 1.5}, {"rail", 2.5}};
        training.hidden = {{"all_gather", 0.25}, {"all_reduce", 0.75}};
        training.memory = {{0, "fast", 1, 2, 3, 4, 5}, {1, "slow", 6, 7, 8, 9, 10}};
        training.traffic = {{"tensor", "all_reduce", 8, 1000, 3}};
        training.whatIfNotes = {"a note"};
        training.foldSkewNs = 2;
        training.foldApart = 7;
        training.foldLeftOut = {"a file"};
        RunResults results = MakeSampleResults(4, 2);
        results.training = training;
        const TemporaryDirectory directory;
        WriteResults(results, directory.Path());
        const RunResults read = ReadResults(directory.Path()).results;
        REQUIRE(read.training);
        CHECK(read.training->exposedByLevelNs == training.exposedByLevelNs);
        CHECK(read.training->hidden == training.hidden);
        const auto write = [](const RunResults& of) {
            return nlohmann::json::parse(WriteSummary(of))["training"];
        };
        CHECK(write(read) == write(results));
    }

    TEST_CASE("bandwidths are as nccl-tests define them, and times keep their picoseconds")
    {
        RunResults results;
        CollectiveResult collective;
        collective.bytes = 64000000;
        collective.start = 1234567;
        collective.end = 1234567 + 1000000000;
        collective.busFactor = 1.75;
        collective.bound = 800000000;
        results.collectives.push_back(collective);
        results.simulatedTime = 9007199254740993; // Beyond a double's integers.
        const std::string text = WriteSummary(results);
        CHECK(text.find("\"start_ns\": 1234.567,") != std::string::npos);
        CHECK(text.find("\"simulated_time_ns\": 9007199254740.993,") != std::string::npos);
        const json summary = json::parse(text);
        CHECK(summary["collectives"][0]["algbw_GBps"] == 64);
        CHECK(summary["collectives"][0]["busbw_GBps"] == 112);
        CHECK(summary["collectives"][0]["bound_ratio"] == 1.25);
    }

    TEST_CASE("what did not end and what is not finite is null, never NaN")
    {
        RunResults results;
        results.collectives.resize(2);
        results.collectives[0].start = 5;
        results.collectives[1].start = 5;
        results.collectives[1].end = 5;
        results.packetLatency = {std::numeric_limits<double>::quiet_NaN(),
                                 std::numeric_limits<double>::infinity(),
                                 std::numeric_limits<double>::max(),
                                 std::numeric_limits<double>::denorm_min(),
                                 -0.0};
        results.offeredLoad = std::numeric_limits<double>::quiet_NaN();
        results.events = UINT64_MAX;
        results.name = std::string("a\"b\\c\n\xff\0d", 9);
        const json summary = json::parse(WriteSummary(results));
        CHECK(summary["collectives"][0]["end_ns"].is_null());
        CHECK(summary["collectives"][0]["algbw_GBps"].is_null());
        CHECK(summary["collectives"][1]["duration_ns"] == 0);
        CHECK(summary["collectives"][1]["busbw_GBps"].is_null());
        CHECK(summary["packet_latency_ns"]["mean"].is_null());
        CHECK(summary["packet_latency_ns"]["p50"].is_null());
        CHECK(summary["packet_latency_ns"]["p99"] == std::numeric_limits<double>::max());
        CHECK(summary["packet_latency_ns"]["p999"] == std::numeric_limits<double>::denorm_min());
        CHECK(summary["offered_load"].is_null());
        CHECK(summary["events"] == UINT64_MAX);
    }

    TEST_CASE("two runs differ in nothing but the keys of time and memory")
    {
        auto results = MakeSampleResults(8, 14);
        const TemporaryDirectory directory;
        WriteResults(results, directory.Path("a"));
        results.wallTimeSeconds *= 3;
        results.cpuTimeSeconds *= 3;
        results.setupTimeSeconds *= 3;
        results.peakRssBytes *= 3;
        WriteResults(results, directory.Path("b"));
        auto a = ReadAll(directory.Path("a"));
        auto b = ReadAll(directory.Path("b"));
        auto summaryA = json::parse(a["summary.json"]);
        auto summaryB = json::parse(b["summary.json"]);
        for (const char* key : {"wall_time_s", "cpu_time_s", "setup_time_s", "peak_rss_bytes"})
        {
            CHECK(summaryA[key] != summaryB[key]);
            summaryA.erase(key);
            summaryB.erase(key);
        }
        CHECK(summaryA == summaryB);
        a.erase("summary.json");
        b.erase("summary.json");
        CHECK(a == b);
    }

    TEST_CASE("what is written is read back")
    {
        auto results = MakeSampleResults(8, 14);
        results.stopReason = "time limit";
        results.complete = false;
        results.messages.back().end = NEVER;
        results.messages.back().collective = -1;
        results.collectives.back().end = NEVER;
        results.collectives.back().bound = 0;
        results.links[3].name = "odd, \"name\"";
        const TemporaryDirectory directory;
        for (const uint64_t mostPlain : {RowLimits{}.plainMessages, uint64_t{10}})
        {
            RowLimits limits;
            limits.plainMessages = mostPlain;
            WriteResults(results, directory.Path(), limits);
            CHECK(std::filesystem::exists(directory.Path("messages.csv")) == (mostPlain > 10));
            CHECK(std::filesystem::exists(directory.Path("messages.csv.gz")) == (mostPlain <= 10));
            const auto run = ReadResults(directory.Path());
            CHECK(run.mtlinkVersion == MTLINK_VERSION);
            CHECK(run.directory == directory.Path());
            CHECK(run.results.stopReason == "time limit");
            CHECK(run.results.links[3].name == "odd, \"name\"");
            CHECK(run.results.collectives.back().end == NEVER);
            CHECK(run.results.collectives.back().bound == 0);
            CHECK(run.results.messages.back().end == NEVER);
            CHECK(run.results.messages.back().collective == -1);

            // Written again, all bytes are the same, but for the operations, which are not read.
            const TemporaryDirectory again;
            WriteResults(run.results, again.Path(), limits);
            auto before = ReadAll(directory.Path());
            auto after = ReadAll(again.Path());
            before.erase("timeline.json");
            after.erase("timeline.json");
            CHECK(before == after);
        }
    }

    TEST_CASE("a run without anything is written and read back too")
    {
        const TemporaryDirectory directory;
        WriteResults({}, directory.Path());
        const auto run = ReadResults(directory.Path());
        CHECK(run.results.messages.empty());
        CHECK_FALSE(run.results.completionTime);
        CHECK_FALSE(run.results.packetLatency);
    }

    TEST_CASE("a link that was never observed has no utilisation, and no NaN is written")
    {
        RunResults results;
        results.links.resize(1);
        const TemporaryDirectory directory;
        WriteResults(results, directory.Path());
        for (const auto& [name, bytes] : ReadAll(directory.Path()))
        {
            CAPTURE(name);
            if (name == "settings.csv")
            {
                continue; // Has texts alone, and "nan" in the name of a column.
            }
            CHECK(bytes.find("nan") == std::string::npos);
            CHECK(bytes.find("inf") == std::string::npos);
        }
    }

    TEST_CASE("where a file can't be written, all files of the run before stay")
    {
        const TemporaryDirectory directory;
        const auto results = MakeSampleResults(4, 3);
        WriteResults(results, directory.Path());
        const auto before = ReadAll(directory.Path());
        // Room for some of the files of another run, not for all.
        const FileSizeLimit limit(1000);
        CHECK_THROWS_AS(WriteResults(MakeSampleResults(8, 50), directory.Path()), WriteError);
        CHECK(ReadAll(directory.Path()) == before);
    }

    TEST_CASE("a run that ends while its files get their names leaves a directory that is refused")
    {
        const TemporaryDirectory directory;
        WriteResults(MakeSampleResults(4, 3), directory.Path());
        // In the way of a file that no reader asks for, behind the tables.
        std::filesystem::remove(directory.Path("timeline.json"));
        std::filesystem::create_directories(directory.Path("timeline.json/in the way"));
        CHECK_THROWS_AS(WriteResults(MakeSampleResults(8, 5), directory.Path()), WriteError);
        CHECK_THROWS_WITH_AS(ReadResults(directory.Path()),
                             doctest::Contains("did not come to write them all"),
                             InputError);
        CHECK_THROWS_AS(ReadFigures(directory.Path()), InputError);
    }

    TEST_CASE("nothing of an earlier run stays beside a run's files, its report neither")
    {
        const TemporaryDirectory directory;
        for (const std::string& name : GetResultFiles())
        {
            AtomicFile(directory.Path(name)).Commit();
        }
        AtomicFile(directory.Path("notes.txt")).Commit();
        WriteResults({}, directory.Path());
        const TemporaryDirectory alone;
        WriteResults({}, alone.Path());
        auto files = ReadAll(directory.Path());
        CHECK(files.erase("notes.txt") == 1); // not a run's
        CHECK(files == ReadAll(alone.Path()));
    }

    TEST_CASE("a directory that can't be made is a WriteError")
    {
        const TemporaryDirectory directory;
        AtomicFile(directory.Path("file")).Commit();
        CHECK_THROWS_AS(WriteResults({}, directory.Path("file/results")), WriteError);
    }
}

TEST_SUITE("measure result reader")
{
    TEST_CASE("a directory without a summary is refused")
    {
        const TemporaryDirectory directory;
        CHECK_THROWS_WITH_AS(ReadResults(directory.Path()),
                             (directory.Path() + ":1:1: error: there is no summary.json in it: "
                                                 "expected a directory that mtlink run wrote")
                                 .c_str(),
                             InputError);
    }

    TEST_CASE("what has no summary is told apart: nothing there and a run at work and a killed one")
    {
        const TemporaryDirectory directory;
        const auto refused = [](const std::string& path, const std::string& message) {
            CHECK_THROWS_WITH_AS(ReadResults(path), doctest::Contains(message.c_str()), InputError);
        };
        const std::string path = directory.Path("run");
        refused(path, "there is no such directory");
        {
            const ResultDirectory own(path);
            refused(path, "a run is at work in it");
            // As if it were killed now.
            std::filesystem::copy(path + "/mtlink.lock", directory.Path("mtlink.lock"));
        }
        refused(directory.Path(), "the run was killed");
        std::filesystem::remove(directory.Path("mtlink.lock"));
        refused(directory.Path(), "expected a directory that mtlink run wrote");
        std::ofstream(directory.Path("links.csv.1.tmp")) << "half";
        refused(directory.Path(), "the run was killed");
        refused(directory.Path("links.csv.1.tmp"), "this is no directory");
    }

    TEST_CASE("results that another run replaces while they are read are refused")
    {
        const TemporaryDirectory directory;
        WriteResults(MakeSampleResults(4, 1), directory.Path());
        // What is read last waits until the other run is through.
        const std::string last = directory.Path("experiment.yaml");
        std::filesystem::remove(last);
        REQUIRE(mkfifo(last.c_str(), 0600) == 0);
        std::thread other([&] {
            const int descriptor = open(last.c_str(), O_WRONLY | O_CLOEXEC); // as it is read
            WriteResults(MakeSampleResults(8, 5), directory.Path());
            close(descriptor);
        });
        CHECK_THROWS_WITH_AS(ReadResults(directory.Path()),
                             doctest::Contains("a run has written into it meanwhile: try again"),
                             InputError);
        other.join();
        CHECK(ReadResults(directory.Path()).results.endpoints == 8);
    }

    TEST_CASE("results of a version that wrote no settings are read")
    {
        const TemporaryDirectory directory;
        WriteResults(MakeSampleResults(4, 1), directory.Path());
        CHECK(ReadResults(directory.Path()).results.settings.size() == 2);
        std::filesystem::remove(directory.Path("settings.csv"));
        CHECK(ReadResults(directory.Path()).results.settings.empty());
    }

    TEST_CASE("a missing table is named")
    {
        const TemporaryDirectory directory;
        WriteResults({}, directory.Path());
        std::filesystem::remove(directory.Path("queues.csv"));
        CHECK_THROWS_WITH_AS(
            ReadResults(directory.Path()),
            (directory.Path("queues.csv") + ":1:1: error: No such file or directory").c_str(),
            InputError);
    }

    TEST_CASE("an odd summary is refused, naming the key or the place")
    {
        const TemporaryDirectory directory;
        WriteResults(MakeSampleResults(4, 1), directory.Path());
        const std::string path = directory.Path("summary.json");
        const std::string good = ReadTextFile(path);
        const auto refusal = [&](const std::string& text) -> std::string {
            AtomicFile file(path);
            file.Write(text);
            file.Commit();
            try
            {
                ReadResults(directory.Path());
            }
            catch (const InputError& error)
            {
                return std::string(error.what()).substr(path.size());
            }
            return "not refused";
        };
        const auto with = [&](const std::string& pointer, const json& value) {
            json summary = json::parse(good);
            summary[json::json_pointer(pointer)] = value;
            return summary.dump();
        };
        const auto without = [&](const std::string& key) {
            json summary = json::parse(good);
            summary.erase(key);
            return summary.dump();
        };
        CHECK(refusal("") == ":1:1: error: this is not JSON: the file is damaged or cut short");
        CHECK(refusal("{\n \"a\": ?}") ==
              ":2:7: error: this is not JSON: the file is damaged or cut short");
        CHECK(refusal("{\"seed\":\n 1e999}") ==
              ":2:2: error: the number 1e999 is too large: the file is damaged");
        CHECK(refusal("[]") == ":1:1: error: this is JSON, but not an object");
        CHECK(refusal(without("events")) == ":1:1: error: key events is missing");
        CHECK(refusal(with("/schema", 2)) ==
              ":1:1: error: key schema should be 1: another version wrote this");
        CHECK(refusal(with("/fabric/endpoints", "x")) ==
              ":1:1: error: key fabric.endpoints should be a whole number");
        CHECK(refusal(with("/fabric/links", 1ULL << 32)) ==
              ":1:1: error: key fabric.links should be a whole number below 2^32");
        CHECK(refusal(with("/simulated_time_ns", -1)) ==
              ":1:1: error: key simulated_time_ns should be a time in nanoseconds");
        CHECK(refusal(with("/simulated_time_ns", 1e300)) ==
              ":1:1: error: key simulated_time_ns should be a time in nanoseconds");
        CHECK(refusal(with("/complete", 1)) == ":1:1: error: key complete should be true or false");
        CHECK(refusal(with("/deadlock_free", "maybe")) ==
              ":1:1: error: key deadlock_free should be true, false or \"unproved\"");
        CHECK(refusal(with("/packet_latency_ns/p99", nullptr)) ==
              ":1:1: error: key packet_latency_ns.p99 should be a number");
        CHECK(refusal(good) == "not refused");
    }

    TEST_CASE("a compressed table that was cut short is refused")
    {
        const TemporaryDirectory directory;
        RowLimits limits;
        limits.plainMessages = 1;
        WriteResults(MakeSampleResults(8, 50), directory.Path(), limits);
        const std::string path = directory.Path("messages.csv.gz");
        std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
        CHECK_THROWS_AS(ReadResults(directory.Path()), InputError);
    }

    TEST_CASE("a sample of a link that does not exist is refused")
    {
        const TemporaryDirectory directory;
        WriteResults(MakeSampleResults(4, 1), directory.Path());
        const std::string path = directory.Path("series.csv");
        AtomicFile file(path);
        file.Write("start_ns,end_ns,link_id,link,utilisation,credit_stall,queue_flits\n"
                   "0,1000,8,gpu4:0,0.5,0,0\n");
        file.Commit();
        CHECK_THROWS_WITH_AS(ReadResults(directory.Path()),
                             (path + ":2:1: error: column link has \"gpu4:0\", expected the name "
                                     "that links.csv gives that link_id")
                                 .c_str(),
                             InputError);
    }
}
