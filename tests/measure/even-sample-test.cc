/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/even-sample.h"

#include <doctest/doctest.h>
#include <vector>

using namespace ns3::mtlink;

TEST_SUITE("measure even sample")
{
    TEST_CASE("one of every k is in it, and those of 2k are among those of k")
    {
        for (uint64_t oneIn = 1; oneIn <= 256; oneIn *= 2)
        {
            CAPTURE(oneIn);
            std::vector<uint64_t> sample;
            for (uint64_t id = 0; id < 4096; ++id)
            {
                CHECK(CountSampled(id, oneIn) == sample.size());
                if (IsSampled(id, oneIn))
                {
                    sample.push_back(id);
                    CHECK(IsSampled(id, oneIn > 1 ? oneIn / 2 : 1));
                }
            }
            REQUIRE(sample.size() == 4096 / oneIn);
            for (uint64_t i = 0; i < sample.size(); ++i)
            {
                CHECK(sample[i] / oneIn == i);
                CHECK(GetSampled(i, oneIn) == sample[i]);
            }
        }
    }

    TEST_CASE("it does not fall in step with what repeats")
    {
        constexpr uint64_t COUNT = 1 << 16;
        for (const uint64_t oneIn : {2, 16, 64})
        {
            for (const uint64_t period : {2, 3, 8, 10})
            {
                CAPTURE(oneIn);
                CAPTURE(period);
                std::vector<double> hits(period);
                for (uint64_t id = 0; id < COUNT; ++id)
                {
                    hits[id % period] += IsSampled(id, oneIn) ? 1 : 0;
                }
                const double mean =
                    static_cast<double>(COUNT / oneIn) / static_cast<double>(period);
                for (const double count : hits)
                {
                    CHECK(count > 0.5 * mean);
                    CHECK(count < 1.5 * mean);
                }
            }
        }
    }

    TEST_CASE("it is no larger than allowed, and not half as large")
    {
        for (uint64_t most = 1; most < 40; ++most)
        {
            for (uint64_t count = 1; count < 500; ++count)
            {
                const uint64_t oneIn = OneIn(count, most);
                CHECK(CountSampled(count, oneIn) <= most);
                CHECK((oneIn == 1 || count > most * (oneIn / 2)));
            }
        }
        CHECK(OneIn(1'000'000'000'000, UINT64_MAX) == 1);
        CHECK(OneIn(0, 1) == 1);
        CHECK(OneIn(5, 100, 8) == 8);
    }
}
