/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/atomic-file.h"
#include "measure/even-sample.h"
#include "measure/text-file.h"
#include "measure/timeline.h"
#include "sample-results.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

using namespace ns3::mtlink;
using nlohmann::json;

namespace
{

/**
 * @param [in] results A run.
 * @param [in] limits What goes in.
 * @return its timeline.
 */
json
Timeline(const RunResults& results,
         const TimelineLimits& limits = {},
         const CriticalPaths& paths = {})
{
    const TemporaryDirectory directory;
    AtomicFile file(directory.Path("timeline.json"));
    WriteTimeline(results, paths, limits, file);
    file.Commit();
    return json::parse(ReadTextFile(directory.Path("timeline.json")));
}

/**
 * @param [in] timeline A timeline.
 * @param [in] phase Type of event.
 * @return its events of that type.
 */
std::vector<json>
Events(const json& timeline, const std::string& phase)
{
    std::vector<json> events;
    for (const auto& event : timeline["traceEvents"])
    {
        if (event["ph"] == phase)
        {
            events.push_back(event);
        }
    }
    return events;
}

} // namespace

TEST_SUITE("measure timeline")
{
    TEST_CASE("an empty run gives a valid timeline")
    {
        const auto timeline = Timeline({});
        CHECK(timeline["displayTimeUnit"] == "ns");
        CHECK(Events(timeline, "X").empty());
    }

    TEST_CASE("every event has what the trace event format asks for")
    {
        const auto results = MakeSampleResults(4, 3);
        const auto timeline = Timeline(results);
        std::set<std::string> processes;
        for (const auto& event : Events(timeline, "M"))
        {
            if (event["name"] == "process_name")
            {
                processes.insert(event["args"]["name"]);
            }
        }
        CHECK(
            processes ==
            std::set<std::string>{"collectives", "links", "rank 0", "rank 1", "rank 2", "rank 3"});
        const auto slices = Events(timeline, "X");
        // Collectives as a whole, each rank's part in each, operations.
        CHECK(slices.size() == 4 + 4 * 4 + results.operations.size());
        for (const auto& slice : slices)
        {
            CHECK(slice["dur"].get<double>() >= 0);
            CHECK(slice["ts"].is_number());
            CHECK(slice["tid"].is_number_unsigned());
        }
        CHECK(slices[0]["name"] == "all_gather");
        CHECK(slices[0]["ts"] == 2.5);
        for (const auto& counter : Events(timeline, "C"))
        {
            if (counter["name"].get<std::string>().ends_with(" queue"))
            {
                CHECK(counter["args"]["flits"].is_number_unsigned());
                continue;
            }
            CHECK(counter["args"]["busy_percent"].get<double>() >= 0);
            CHECK(counter["args"]["busy_percent"].get<double>() <= 100);
        }
        for (const auto& [key, value] : timeline["otherData"].items())
        {
            CHECK((key == "name" || value == 0));
        }
    }

    TEST_CASE("slices of one thread never overlap, and a thread is of one process")
    {
        auto results = MakeSampleResults(4, 3);
        for (uint32_t i = 0; i < 50; ++i)
        {
            results.operations.push_back({1, "receive", "", i * 100, i * 100 + 950});
        }
        std::map<uint64_t, double> ends;
        std::map<uint64_t, uint64_t> processOf;
        for (const auto& slice : Events(Timeline(results), "X"))
        {
            const auto thread = slice["tid"].get<uint64_t>();
            CHECK(processOf.try_emplace(thread, slice["pid"]).first->second == slice["pid"]);
            CHECK(slice["ts"].get<double>() >= ends[thread] - 1e-9);
            ends[thread] = slice["ts"].get<double>() + slice["dur"].get<double>();
        }
    }

    TEST_CASE("slices follow one another in a viewer that rounds times to nanoseconds")
    {
        RunResults results;
        results.timeline = true;
        // One after another at parts of a nanosecond: 1000.5 and its like round up, twice.
        for (Tick i = 0; i < 200; ++i)
        {
            const Tick start = 500 + i * 1000500;
            results.operations.push_back({0, "send", "", start, start + 1000500});
            results.messages.push_back({1, 2, 64, -1, start + i, start + i + 1000500 - 1, 0});
            CollectiveResult& collective = results.collectives.emplace_back();
            collective.id = static_cast<uint32_t>(i);
            collective.name = "all_reduce";
            collective.start = start;
            collective.end = start + 1000500;
        }

        // As Perfetto reads: ts and dur in microseconds are rounded to nanoseconds each, slices
        // are in order of ts, and one that ends after the slice that it begins in is dropped.
        struct Span
        {
            int64_t start;
            int64_t end;
        };

        std::map<uint64_t, std::vector<Span>> threads;
        for (const auto& slice : Events(Timeline(results), "X"))
        {
            const auto nanoseconds = [&slice](const char* key) {
                return std::llround(slice[key].get<double>() * 1000);
            };
            const int64_t start = nanoseconds("ts");
            threads[slice["tid"]].push_back({start, start + nanoseconds("dur")});
        }
        CHECK(threads.size() > 2);
        for (auto& [thread, spans] : threads)
        {
            CAPTURE(thread);
            std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
                return a.start < b.start;
            });
            for (size_t i = 1; i < spans.size(); ++i)
            {
                CHECK(spans[i - 1].end <= spans[i].start);
            }
        }
    }

    TEST_CASE("a counter goes back to zero where its link did nothing")
    {
        RunResults results;
        results.links.resize(1);
        results.sampleInterval = 1000000;
        results.samples = {{0, 0, 0.5, 0, 0}, {5000000, 0, 0.25, 0, 0}};
        const auto counters = Events(Timeline(results), "C");
        REQUIRE(counters.size() == 4);
        const double at[] = {0, 1, 5, 6};
        const double busy[] = {50, 0, 25, 0};
        for (size_t i = 0; i < 4; ++i)
        {
            CHECK(counters[i]["ts"] == at[i]);
            CHECK(counters[i]["args"]["busy_percent"] == busy[i]);
        }
    }

    TEST_CASE("limits keep the longest, and what is left out is counted")
    {
        const auto results = MakeSampleResults(8, 4);
        TimelineLimits limits;
        limits.collectives = 1;
        limits.spans = 2;
        limits.operations = 5;
        limits.links = 3;
        const auto timeline = Timeline(results, limits);
        const auto slices = Events(timeline, "X");
        CHECK(slices.size() == 1 + 2 + 5);
        CHECK(slices[0]["name"] == "all_to_all");
        CHECK(timeline["otherData"]["collectives_left_out"] == 3);
        CHECK(timeline["otherData"]["rank_spans_left_out"] == 4 * 8 - 2);
        CHECK(timeline["otherData"]["operations_left_out"] == results.operations.size() - 5);
        CHECK(timeline["otherData"]["links_left_out"] == 16 - 3);
        limits = {};
        limits.lanes = 1;
        RunResults overlapping;
        overlapping.operations = {{0, "send", "a", 0, 10}, {0, "send", "b", 5, 15}};
        CHECK(Timeline(overlapping, limits)["otherData"]["operations_left_out"] == 1);
    }

    TEST_CASE("a collective that did not end lasts until the run's end")
    {
        auto results = MakeSampleResults(4, 1);
        results.collectives.back().end = NEVER;
        const auto slice = Events(Timeline(results), "X")[3];
        CHECK(slice["args"]["finished"] == false);
        const auto nanoseconds = static_cast<double>(results.simulatedTime / 1000);
        CHECK(slice["ts"].get<double>() + slice["dur"].get<double>() ==
              doctest::Approx(nanoseconds / 1000));
    }

    TEST_CASE("messages are slices on a thread per rank and channel")
    {
        RunResults results;
        results.simulatedTime = 9000000;
        results.messages = {{0, 1, 4096, -1, 1000000, 3000000, 0},
                            {0, 2, 64, -1, 2000000, 4000000, 1},
                            {0, 1, 4096, -1, 3000000, NEVER, 0},
                            {0, 3, 1, -1, 3500000, 4000000, 0}};
        CHECK(Events(Timeline(results), "X").empty()); // not asked for
        results.timeline = true;
        const auto timeline = Timeline(results);
        const auto slices = Events(timeline, "X");
        REQUIRE(slices.size() == 4 + 3); // three came in
        std::map<std::string, uint64_t> threads;
        for (const auto& event : Events(timeline, "M"))
        {
            if (event["name"] == "thread_name")
            {
                threads[event["args"]["name"]] = event["tid"];
            }
        }
        // The last one overlaps the one before it, which did not end.
        CHECK(threads.size() == 3 + 1); // all of a rank that gets are called "received"
        CHECK(slices[0]["tid"] == threads["channel 0"]);
        CHECK(slices[0]["ts"] == 1);
        CHECK(slices[0]["dur"] == 2);
        CHECK(slices[0]["args"]["bytes"] == 4096);
        CHECK(slices[0]["args"]["finished"] == true);
        CHECK(slices[1]["tid"] == threads["channel 0"]);
        CHECK(slices[1]["dur"] == 6);
        CHECK(slices[1]["args"]["finished"] == false);
        CHECK(slices[2]["tid"] == threads["channel 0 2"]);
        CHECK(slices[3]["tid"] == threads["channel 1"]);
        CHECK(slices[3]["name"] == "message to rank 2");
        TimelineLimits limits;
        limits.messages = 3;
        limits.arrows = 1;
        const auto fewer = Timeline(results, limits);
        CHECK(Events(fewer, "X").size() == 3 + 1);
        CHECK(fewer["otherData"]["messages_left_out"] == 1);
        CHECK(fewer["otherData"]["arrows_left_out"] == 2);
    }

    TEST_CASE("an arrow goes from each message as it is sent to the same as it comes in")
    {
        RunResults results;
        results.timeline = true;
        results.simulatedTime = 100'000'000;
        for (uint32_t i = 0; i < 40; ++i)
        {
            // Many to one, at once and one after another; one of no whole nanosecond, one to
            // itself, one that is not in.
            MessageResult& message = results.messages.emplace_back();
            message.src = i % 7 + 1;
            message.dst = i == 11 ? message.src : 0;
            message.bytes = 64;
            message.start = 1000 * (i / 3) + 500;
            message.end = i == 12   ? NEVER
                          : i == 13 ? message.start + 300
                                    : message.start + 7000 + i;
            message.id = i;
        }
        const auto timeline = Timeline(results);
        CHECK(timeline["otherData"]["arrows_left_out"] == 3);
        const auto slices = Events(timeline, "X");
        // As a viewer does: the slice of the thread that is under way, of those read before.
        const auto around = [&slices](const json& arrow) {
            for (const auto& slice : slices)
            {
                const double start = slice["ts"];
                const double at = arrow["ts"];
                if (slice["tid"] == arrow["tid"] && slice["pid"] == arrow["pid"] && start <= at &&
                    at < start + slice["dur"].get<double>())
                {
                    return slice;
                }
            }
            return json();
        };
        const auto from = Events(timeline, "s");
        const auto to = Events(timeline, "f");
        CHECK(from.size() == 37);
        REQUIRE(to.size() == from.size());
        std::map<uint64_t, json> sent;
        for (const json& arrow : from)
        {
            sent[arrow["id"]] = around(arrow);
        }
        CHECK(sent.size() == from.size());
        for (const json& arrow : to)
        {
            CHECK(arrow["bp"] == "e");
            const json& begin = sent.at(arrow["id"]);
            const json end = around(arrow);
            REQUIRE(!end.is_null());
            CHECK(begin["args"] == end["args"]);
            CHECK(begin["args"]["message"] == arrow["id"]);
            CHECK(end["name"] ==
                  "message from rank " + std::to_string(begin["args"]["src"].get<int>()));
        }
        TimelineLimits limits;
        limits.lanes = 2; // what finds no place where it comes in has no arrow
        const auto narrow = Timeline(results, limits);
        CHECK(Events(narrow, "s").size() == Events(narrow, "f").size());
        CHECK(Events(narrow, "f").size() < 37);
    }

    TEST_CASE("beyond 64 ranks several share a process, each with its own threads")
    {
        const auto results = MakeSampleResults(130, 3);
        const auto timeline = Timeline(results);
        CHECK(timeline["otherData"]["ranks_per_process"] == 3);
        std::map<uint64_t, std::string> processes;
        std::map<uint64_t, uint64_t> order;
        std::map<uint64_t, std::string> threads;
        for (const auto& event : Events(timeline, "M"))
        {
            if (event["name"] == "process_name")
            {
                processes[event["pid"]] = event["args"]["name"].get<std::string>();
            }
            else if (event["name"] == "process_sort_index")
            {
                order[event["args"]["sort_index"]] = event["pid"];
            }
            else if (event["name"] == "thread_name")
            {
                threads[event["tid"]] = event["args"]["name"].get<std::string>();
            }
        }
        CHECK(processes.size() == 44 + 2);
        CHECK(order.size() == processes.size()); // no two in one place
        CHECK(processes[order.begin()->second] == "collectives");
        CHECK(processes[std::next(order.begin())->second] == "ranks 0 to 2");
        CHECK(processes[std::prev(order.end(), 2)->second] == "rank 129");
        CHECK(processes[order.rbegin()->second] == "links");
        for (const auto& slice : Events(timeline, "X"))
        {
            const std::string& thread = threads[slice["tid"]];
            CHECK((slice["pid"] == order.begin()->second || thread.starts_with("rank ")));
        }
    }

    TEST_CASE("critical paths have a thread each, whose slices say what they waited for")
    {
        CriticalPathResult path;
        path.workload = "job";
        path.steps = 3;
        path.leftOut = 1;
        path.time[CriticalStepResult::COMPUTE] = 2'000'000;
        path.list = {
            {CriticalStepResult::COMPUTE, "compute on gpu0", "the start", 0, -1, 0, 2'000'000},
            {CriticalStepResult::WAIT, "a", "compute on gpu0", 1, 4, 2'000'000, 3'000'500},
            {CriticalStepResult::TRANSFER, "a", "compute on gpu0", 1, 4, 3'000'500, 5'000'000}};
        CriticalPaths paths{{path}, 0};
        const auto timeline = Timeline({}, {}, paths);
        const auto slices = Events(timeline, "X");
        REQUIRE(slices.size() == 3);
        CHECK(slices[1]["name"] == "wait: a");
        CHECK(slices[1]["args"]["waited_for"] == "compute on gpu0");
        CHECK(slices[1]["args"]["duration_ns"] == 1000.5);
        CHECK(slices[2]["tid"] == slices[0]["tid"]);
        CHECK(slices[2]["args"]["kind"] == "transfer");
        CHECK(slices[2]["args"]["collective"] == 4);
        const json& told = timeline["otherData"]["critical_paths"][0];
        CHECK(told["workload"] == "job");
        CHECK(told["compute_ns"] == 2000);
        CHECK(told["steps_left_out"] == 1);
        paths.lost = 2;
        CHECK(Timeline({}, {}, paths)["otherData"]["critical_paths_left_out"] == 2);
    }

    TEST_CASE("of very many ranks one of every k is shown, and the file says so")
    {
        const auto results = MakeSampleResults(64, 3);
        TimelineLimits limits;
        limits.ranks = 20;
        const auto timeline = Timeline(results, limits);
        CHECK(timeline["otherData"]["ranks_one_in"] == 4);
        std::set<std::string> ranks;
        for (const auto& event : Events(timeline, "M"))
        {
            if (event["name"] != "process_name")
            {
                continue;
            }
            const std::string name = event["args"]["name"];
            if (name.starts_with("rank "))
            {
                ranks.insert(name);
            }
        }
        CHECK(ranks.size() == 16);
        CHECK(ranks.count("rank " + std::to_string(GetSampled(15, 4))) == 1);
        CHECK(timeline["otherData"]["operations_left_out"] == results.operations.size() * 3 / 4);
        limits.ranks = 64;
        CHECK_FALSE(Timeline(results, limits)["otherData"].contains("ranks_one_in"));
    }

    TEST_CASE("stalls and states of links are slices on threads of their own")
    {
        RunResults results;
        results.links.resize(2);
        results.links[0].name = "a:0";
        results.links[1].name = "b:0";
        results.linkSpans = {{0, LinkSpanResult::STALL, 0, 1000000, 1500000},
                             {0, LinkSpanResult::DOWN, 0, 1200000, 2000000},
                             {0, LinkSpanResult::DEGRADED, 1, 2000000, 5000000},
                             {1, LinkSpanResult::STALL, 0, 0, 250000}};
        const auto timeline = Timeline(results);
        const auto slices = Events(timeline, "X");
        REQUIRE(slices.size() == 4);
        CHECK(slices[0]["name"] == "credit stall");
        CHECK(slices[0]["cat"] == "a:0 stall");
        CHECK(slices[0]["ts"] == 1);
        CHECK(slices[0]["dur"] == 0.5);
        CHECK(slices[1]["name"] == "DOWN");
        CHECK(slices[1]["cat"] == "a:0 state");
        CHECK(slices[2]["name"] == "DEGRADED, 1 lanes");
        CHECK(slices[2]["tid"] == slices[1]["tid"]);
        CHECK(slices[2]["dur"] == 3);
        CHECK(slices[3]["cat"] == "b:0 stall");
        CHECK(timeline["otherData"]["link_slices_left_out"] == 0);
        TimelineLimits limits;
        limits.links = 1; // the link that stalled longest; its states are apart
        const auto fewer = Timeline(results, limits);
        CHECK(Events(fewer, "X").size() == 3);
        CHECK(fewer["otherData"]["link_slices_left_out"] == 1);
    }

    TEST_CASE("a queue's counter holds what its samples say, and nothing where there is none")
    {
        RunResults results;
        results.links.resize(1);
        results.links[0].name = "a:0";
        results.sampleInterval = 1000000;
        results.samples = {{0, 0, 0.5, 0, 7},
                           {1000000, 0, 0.5, 0, 7},
                           {2000000, 0, 0.5, 0, 3},
                           {5000000, 0, 0.25, 0, 0}};
        std::vector<std::pair<double, double>> values;
        for (const auto& event : Events(Timeline(results), "C"))
        {
            if (event["name"] == "a:0 queue")
            {
                values.emplace_back(event["ts"], event["args"]["flits"]);
            }
        }
        CHECK(values == std::vector<std::pair<double, double>>{{1, 7}, {3, 3}, {4, 0}});
    }
}
