/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/series.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <random>
#include <vector>

using namespace ns3::mtlink;

TEST_SUITE("measure series")
{
    TEST_CASE("a time is spread over the intervals that it crosses")
    {
        LinkSeries series(100, 2);
        series.AddBusy(1, 50, 325);
        series.AddStall(1, 325, 350);
        std::vector<SampleResult> samples;
        series.Collect(samples);
        REQUIRE(samples.size() == 4);
        const double busy[] = {0.5, 1, 1, 0.25};
        for (size_t i = 0; i < 4; ++i)
        {
            CHECK(samples[i].start == static_cast<Tick>(i) * 100);
            CHECK(samples[i].link == 1);
            CHECK(samples[i].utilisation == busy[i]);
            CHECK(samples[i].stall == (i == 3 ? 0.25 : 0));
        }
    }

    TEST_CASE("an end on the boundary starts no interval, and no time makes no sample")
    {
        LinkSeries series(100, 1);
        series.AddBusy(0, 0, 100);
        series.AddBusy(0, 700, 700);
        series.AddStall(0, 800, 750);
        std::vector<SampleResult> samples;
        series.Collect(samples);
        REQUIRE(samples.size() == 1);
        CHECK(samples[0].utilisation == 1);
    }

    TEST_CASE("sums conserve time to the picosecond, in any order of telling")
    {
        std::mt19937_64 random(1);
        const Tick interval = 1000;
        LinkSeries series(interval, 5);
        std::vector<Tick> busy(5);
        std::vector<Tick> stall(5);
        for (int i = 0; i < 2000; ++i)
        {
            const auto link = static_cast<uint32_t>(random() % 5);
            const auto from = static_cast<Tick>(random() % 100000);
            const auto to = from + static_cast<Tick>(random() % 5000);
            if (random() % 2)
            {
                series.AddBusy(link, from, to);
                busy[link] += to - from;
            }
            else
            {
                series.AddStall(link, from, to);
                stall[link] += to - from;
            }
        }
        std::vector<SampleResult> samples;
        series.Collect(samples);
        for (const auto& sample : samples)
        {
            busy[sample.link] -= std::llround(sample.utilisation * interval);
            stall[sample.link] -= std::llround(sample.stall * interval);
        }
        CHECK(std::all_of(busy.begin(), busy.end(), [](Tick t) { return t == 0; }));
        CHECK(std::all_of(stall.begin(), stall.end(), [](Tick t) { return t == 0; }));
        CHECK(std::is_sorted(samples.begin(), samples.end(), [](const auto& a, const auto& b) {
            return a.start != b.start ? a.start < b.start : a.link < b.link;
        }));
    }

    TEST_CASE("the queue is the one at the interval's end, and stays until it changes")
    {
        LinkSeries series(100, 1);
        series.SetQueue(0, 10, 4);
        series.SetQueue(0, 90, 7);
        series.AddBusy(0, 150, 160);
        series.SetQueue(0, 200, 0);
        std::vector<SampleResult> samples;
        series.Collect(samples);
        REQUIRE(samples.size() == 3);
        CHECK(samples[0].queueFlits == 7);
        CHECK(samples[1].queueFlits == 7);
        CHECK(samples[2].queueFlits == 0);
    }
}
