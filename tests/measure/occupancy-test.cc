/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/occupancy.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <random>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/**
 * @param [in] held Flits held in every picosecond.
 * @param [in] percent A part of the time.
 * @return the least occupancy not exceeded in that part.
 */
uint32_t
ExactPercentile(std::vector<uint32_t> held, double percent)
{
    std::sort(held.begin(), held.end());
    const auto above = static_cast<size_t>(static_cast<double>(held.size()) * (1 - percent / 100));
    return held[held.size() - 1 - std::min(above, held.size() - 1)];
}

} // namespace

TEST_SUITE("measure occupancy")
{
    TEST_CASE("a buffer never used is empty and small")
    {
        OccupancyMeter meter;
        meter.Finish(1000);
        CHECK(meter.GetMean() == 0);
        CHECK(meter.GetMax() == 0);
        CHECK(meter.GetPercentile(99) == 0);
        CHECK(sizeof(meter) + 64 * sizeof(Tick) <= 600);
    }

    TEST_CASE("no time at all gives no mean, but a greatest")
    {
        OccupancyMeter meter(5);
        meter.Change(5, 3);
        meter.Finish(5);
        CHECK(meter.GetMean() == 0);
        CHECK(meter.GetMax() == 3);
        CHECK(meter.GetPercentile(99) == 0);
    }

    TEST_CASE("mean, greatest and percentiles equal a count of every picosecond")
    {
        std::mt19937 random(5);
        for (const uint32_t depth : {1, 7, 63, 64, 65, 500, 5000})
        {
            CAPTURE(depth);
            OccupancyMeter meter(100);
            std::vector<uint32_t> held;
            uint32_t flits = 0;
            uint32_t most = 0;
            double area = 0;
            for (int step = 0; step < 400; ++step)
            {
                // In half of the steps empty: many a real buffer's 99th percentile is low.
                const uint32_t next = random() % 2 ? random() % (depth + 1) : 0;
                meter.Change(100 + static_cast<Tick>(held.size()),
                             static_cast<int32_t>(next) - static_cast<int32_t>(flits));
                flits = next;
                CHECK(meter.GetCurrent() == flits);
                most = std::max(most, flits);
                held.insert(held.end(), random() % 50, flits);
            }
            meter.Finish(100 + static_cast<Tick>(held.size()));
            for (const auto h : held)
            {
                area += h;
            }
            CHECK(meter.GetMax() == most);
            CHECK(meter.GetMean() == doctest::Approx(area / static_cast<double>(held.size())));
            for (const double percent : {0.0, 50.0, 75.0, 99.0, 100.0})
            {
                CAPTURE(percent);
                const uint32_t exact = ExactPercentile(held, percent);
                CHECK(meter.GetPercentile(percent) >= exact);
                CHECK(meter.GetPercentile(percent) <= most);
                CHECK(meter.GetPercentile(percent) - exact <= (depth <= 64 ? 0 : most / 32));
            }
        }
    }

    TEST_CASE("what was counted before a buffer filled further still counts")
    {
        OccupancyMeter meter;
        meter.Change(0, 1);
        meter.Change(90, 59); // beyond the first bins, and then beyond all of one flit each
        meter.Change(95, 940);
        meter.Finish(100);
        CHECK(meter.GetPercentile(50) >= 1);
        CHECK(meter.GetPercentile(50) <= 1 + 1000 / 32); // a bin's width more
        CHECK(meter.GetPercentile(99) == 1000);
        OccupancyMeter small;
        small.Change(0, 1);
        small.Change(90, 59);
        small.Finish(100);
        CHECK(small.GetPercentile(50) == 1);
        CHECK(small.GetPercentile(89) == 1);
        CHECK(small.GetPercentile(91) == 60);
    }

    TEST_CASE("a source queue without a limit keeps an exact mean for hours")
    {
        OccupancyMeter meter;
        const Tick hour = 3'600'000'000'000'000;
        meter.Change(0, INT32_MAX);
        meter.Change(hour, -INT32_MAX);
        meter.Finish(2 * hour);
        CHECK(meter.GetMean() == INT32_MAX / 2.0);
        CHECK(meter.GetPercentile(99) == INT32_MAX);
        CHECK(meter.GetPercentile(50) == 0);
    }

    TEST_CASE("a swing is what goes and comes, as often as said")
    {
        std::mt19937 random(1);
        for (int trial = 0; trial < 200; ++trial)
        {
            OccupancyMeter swung;
            OccupancyMeter changed;
            Tick at = 0;
            const auto change = [&](int32_t delta) {
                at += random() % 50;
                swung.Change(at, delta);
                changed.Change(at, delta);
            };
            const auto held = static_cast<int32_t>(1 + random() % 200);
            const auto delta = static_cast<int32_t>(1 + random() % static_cast<uint32_t>(held));
            change(held);
            const Tick before = random() % 20;
            const Tick after = random() % 20;
            const uint32_t times = random() % 9;
            swung.Swing(static_cast<uint32_t>(delta), before, after, times);
            for (uint32_t i = 0; i < times; ++i)
            {
                changed.Change(at + before, -delta);
                at += before + after;
                changed.Change(at, delta);
            }
            change(-held);
            swung.Finish(at + 1000);
            changed.Finish(at + 1000);
            CHECK(swung.GetCurrent() == 0);
            CHECK(swung.GetMean() == changed.GetMean());
            CHECK(swung.GetMax() == changed.GetMax());
            for (const double percent : {5.0, 50.0, 90.0, 99.0})
            {
                CHECK(swung.GetPercentile(percent) == changed.GetPercentile(percent));
            }
        }
    }

    TEST_CASE("what another meter saw is as if it had been seen here, as often as said")
    {
        std::mt19937 random(9);
        for (const uint32_t depth : {1, 60, 64, 65, 500, 5000})
        {
            for (const uint32_t other : {1, 64, 130, 700, 6000})
            {
                CAPTURE(depth);
                CAPTURE(other);
                OccupancyMeter merged;
                OccupancyMeter direct;
                Tick now = 0;
                const auto fill = [&](uint32_t flits, Tick time, auto&... meters) {
                    (meters.Change(now, static_cast<int32_t>(flits)), ...);
                    now += time;
                    (meters.Change(now, -static_cast<int32_t>(flits)), ...);
                };
                for (int i = 0; i < 20; ++i)
                {
                    fill(1 + random() % depth, random() % 100, merged, direct);
                }
                OccupancyMeter seen;
                for (int times = 0; times < 3; ++times)
                {
                    std::mt19937 same(11);
                    for (int i = 0; i < 20; ++i)
                    {
                        const uint32_t flits = 1 + same() % other;
                        const Tick time = same() % 100;
                        const Tick at = now;
                        fill(flits, time, direct);
                        if (times == 0)
                        {
                            seen.Change(at, static_cast<int32_t>(flits));
                            seen.Change(now, -static_cast<int32_t>(flits));
                        }
                    }
                }
                seen.Finish(now);
                merged.Merge(seen, 3);
                merged.Finish(now);
                direct.Finish(now);
                CHECK(merged.GetMax() == direct.GetMax());
                CHECK(merged.GetMean() == direct.GetMean());
                for (const double percent : {1.0, 50.0, 90.0, 99.0, 99.9})
                {
                    CHECK(merged.GetPercentile(percent) == direct.GetPercentile(percent));
                }
            }
        }
    }
}
