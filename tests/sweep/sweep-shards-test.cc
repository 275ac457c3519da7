/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../dice.h"
#include "experiment/run.h"
#include "scratch.h"
#include "sweep/sweep-estimates.h"
#include "sweep/sweep-shards.h"

#include <algorithm>
#include <cstdint>
#include <doctest/doctest.h>
#include <filesystem>
#include <map>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** A sweep of points that are nothing but their contents and times. */
struct Sketch
{
    Sweep sweep;                 //!< Points with two seeds each, unless they have but one
    std::vector<uint64_t> times; //!< By point, microseconds
    std::vector<bool> selected;  //!< By job
};

/** @return random points, of which some share their content, and some jobs are not selected. */
Sketch
Draw(Dice& dice)
{
    Sketch sketch;
    const uint64_t points = dice.Number(1, 40);
    const uint64_t seeds = dice.Number(1, 3);
    for (uint64_t i = 0; i < points; ++i)
    {
        SweepPoint point;
        point.number = static_cast<uint32_t>(i + 1);
        const uint64_t content = dice.Number(0, points);
        point.content = "p" + std::to_string(content);
        sketch.sweep.points.push_back(point);
        sketch.times.push_back(content * content * content * 1000); // equal for equal contents
        for (uint64_t seed = 1; seed <= seeds; ++seed)
        {
            SweepJob job;
            job.point = i;
            job.seed = static_cast<uint32_t>(seed);
            job.content = point.content + "." + std::to_string(seed);
            sketch.sweep.jobs.push_back(job);
            sketch.selected.push_back(dice.Number(0, 4) > 0);
        }
    }
    return sketch;
}

/** @return why a text is refused. */
template <typename Function>
std::string
GetRefusal(const Function& parse, const std::string& text)
{
    try
    {
        parse(text);
    }
    catch (const std::invalid_argument& error)
    {
        return error.what();
    }
    return "accepted";
}

} // namespace

TEST_SUITE("sweep shards")
{
    TEST_CASE("each run is in exactly one shard, with all of its content, however many there are")
    {
        Dice dice(1);
        for (int trial = 0; trial < 100; ++trial)
        {
            const Sketch sketch = Draw(dice);
            for (const uint32_t count : {1U, 2U, 3U, 7U, 40U, 1000U})
            {
                const std::vector<uint32_t> shards =
                    CutIntoShards(sketch.sweep, sketch.selected, sketch.times, count);
                REQUIRE(shards.size() == sketch.sweep.jobs.size());
                std::map<std::string, uint32_t> byContent;
                bool isRight = true;
                for (std::size_t i = 0; i < shards.size(); ++i)
                {
                    const bool isIn = shards[i] >= 1 && shards[i] <= count;
                    isRight = isRight && isIn == sketch.selected[i];
                    if (isIn)
                    {
                        const auto& content = sketch.sweep.jobs[i].content;
                        isRight = isRight &&
                                  byContent.emplace(content, shards[i]).first->second == shards[i];
                    }
                }
                CHECK(isRight);
                CHECK(shards == CutIntoShards(sketch.sweep, sketch.selected, sketch.times, count));
            }
        }
    }

    TEST_CASE("shards take equally long but for one run")
    {
        constexpr uint64_t START = 50'000; // what each run weighs beside its estimate
        Dice dice(2);
        for (int trial = 0; trial < 100; ++trial)
        {
            const Sketch sketch = Draw(dice);
            const auto count = static_cast<uint32_t>(dice.Number(1, 12));
            const std::vector<uint32_t> shards =
                CutIntoShards(sketch.sweep, sketch.selected, sketch.times, count);
            std::map<std::string, bool> seen;
            std::vector<uint64_t> loads(count);
            uint64_t longest = 0;
            for (std::size_t i = 0; i < shards.size(); ++i)
            {
                if (shards[i] > 0 && seen.emplace(sketch.sweep.jobs[i].content, true).second)
                {
                    const uint64_t time = sketch.times[sketch.sweep.jobs[i].point] + START;
                    loads[shards[i] - 1] += time;
                    longest = std::max(longest, time);
                }
            }
            const auto [least, most] = std::minmax_element(loads.begin(), loads.end());
            CHECK(*most - *least <= longest);
        }
    }

    TEST_CASE("the longest run has a shard of its own where the others are shorter")
    {
        Sketch sketch;
        const std::vector<uint64_t> times{1'000'000, 9'000'000, 2'000'000, 3'000'000};
        for (std::size_t i = 0; i < times.size(); ++i)
        {
            SweepPoint point;
            point.number = static_cast<uint32_t>(i + 1);
            SweepJob job;
            job.point = i;
            job.content = std::to_string(i);
            sketch.sweep.points.push_back(point);
            sketch.sweep.jobs.push_back(job);
        }
        CHECK(CutIntoShards(sketch.sweep, std::vector<bool>(4, true), times, 2) ==
              std::vector<uint32_t>{2, 1, 2, 2});
        CHECK(CutIntoShards(sketch.sweep, {true, false, true, true}, times, 2) ==
              std::vector<uint32_t>{2, 0, 2, 1});
    }

    TEST_CASE("a shard is one of 1/N to N/N")
    {
        CHECK(ParseShard("2/4").index == 2);
        CHECK(ParseShard("2/4").count == 4);
        CHECK(ParseShard("1/1").index == 1);
        CHECK(ParseShard("100000/100000").count == MOST_SHARDS);
        for (const char* text : {"",
                                 "/",
                                 "1",
                                 "0/4",
                                 "5/4",
                                 "3/2",
                                 "a/4",
                                 "2/b",
                                 "2/4 ",
                                 " 2/4",
                                 "2/4/6",
                                 "-1/4",
                                 "1/100001",
                                 "1.5/2",
                                 "4294967297/4294967298"})
        {
            CHECK(GetRefusal(ParseShard, text) ==
                  "'" + std::string(text) +
                      "' is no shard I/N: give one of 1/N to N/N, as 2/4, N at most 100000");
        }
    }

    TEST_CASE("a range of points has both ends, within the sweep")
    {
        CHECK(ParsePointRange("3:3").last == 3);
        CHECK(ParsePointRange("2:11").first == 2);
        for (const char* text : {"", ":", "1", "0:4", "5:3", "a:4", "2:b", "2:4 ", "2-4", "1:2:3"})
        {
            CHECK(GetRefusal(ParsePointRange, text) ==
                  "'" + std::string(text) +
                      "' is no range A:B of points: give the numbers of the first and the last, "
                      "from 1, as 11:20");
        }
        Dice dice(3);
        const Sketch sketch = Draw(dice);
        const auto points = static_cast<uint32_t>(sketch.sweep.points.size());
        const auto count = [&](const PointRange& range) {
            const std::vector<bool> selected = SelectPoints(sketch.sweep, range);
            return static_cast<std::size_t>(std::count(selected.begin(), selected.end(), true));
        };
        CHECK(count({}) == sketch.sweep.jobs.size());
        CHECK(count({1, points}) == sketch.sweep.jobs.size());
        CHECK(count({1, 1}) * points == sketch.sweep.jobs.size());
        CHECK_THROWS_AS(count({1, points + 1}), std::invalid_argument);
    }

    TEST_CASE("estimates are kept, and are the same for who comes later")
    {
        const Scratch scratch("estimates");
        const Sweep sweep = LoadSweep(
            scratch.Write("s.yaml", BASE + "grid: {workload.size: [4KiB, 1MiB, 16MiB]}\n"));
        CHECK(!HasEstimates(sweep, scratch.At("out")));
        const std::vector<uint64_t> times = EstimatePoints(sweep, scratch.At("out"), nullptr);
        REQUIRE(times.size() == 3);
        CHECK(times[0] < times[1]);
        CHECK(times[1] < times[2]);
        CHECK(HasEstimates(sweep, scratch.At("out")));
        CHECK(EstimatePoints(sweep, scratch.At("out"), nullptr) == times);
        CHECK(EstimatePoints(sweep, scratch.At("elsewhere"), nullptr) == times);
        // What is written counts, not what this machine would say.
        const auto file = *std::filesystem::directory_iterator(scratch.At("out/estimates"));
        std::ofstream(file.path()) << "{\"" + sweep.points[0].content + "\": \"7\", \"" +
                                          sweep.points[1].content + "\": \"8\", \"" +
                                          sweep.points[2].content + "\": \"9\"}";
        CHECK(EstimatePoints(sweep, scratch.At("out"), nullptr) == std::vector<uint64_t>{7, 8, 9});
        const volatile std::sig_atomic_t interrupt = 1;
        CHECK(EstimatePoints(sweep, scratch.At("new"), &interrupt).empty());
    }
}
