/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/histogram.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <random>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/**
 * @param [in] sorted Samples in order.
 * @param [in] permille A part, in thousandths.
 * @return the least sample such that at least that part is at most it.
 */
int64_t
ExactPercentile(const std::vector<int64_t>& sorted, uint64_t permille)
{
    const uint64_t rank = (sorted.size() * permille + 999) / 1000;
    return sorted[std::max<uint64_t>(rank, 1) - 1];
}

/**
 * Compare a histogram's percentiles with those of the samples themselves.
 * @param [in] samples The samples.
 */
void
CheckAgainstSorted(std::vector<int64_t> samples)
{
    Histogram histogram;
    WideInt sum = 0;
    for (const auto sample : samples)
    {
        histogram.Add(sample);
        sum += static_cast<uint64_t>(sample);
    }
    std::sort(samples.begin(), samples.end());
    CHECK(histogram.GetCount() == samples.size());
    CHECK((histogram.GetSum() == sum));
    CHECK(histogram.GetMin() == samples.front());
    CHECK(histogram.GetMax() == samples.back());
    for (const uint64_t permille : {0, 1, 10, 250, 500, 900, 990, 999, 1000})
    {
        CAPTURE(permille);
        const int64_t exact = ExactPercentile(samples, permille);
        const int64_t got = histogram.GetPercentile(static_cast<double>(permille) / 10);
        CHECK(got >= exact);
        CHECK(got <= histogram.GetMax());
        CHECK(static_cast<double>(got - exact) <= std::ldexp(static_cast<double>(exact), -10));
    }
}

} // namespace

TEST_SUITE("measure histogram")
{
    TEST_CASE("an empty histogram reports zeroes")
    {
        const Histogram histogram;
        CHECK(histogram.GetCount() == 0);
        CHECK(histogram.GetMin() == 0);
        CHECK(histogram.GetMax() == 0);
        CHECK(histogram.GetMean() == 0);
        CHECK(histogram.GetPercentile(50) == 0);
        CHECK(histogram.ToLatency().p999 == 0);
    }

    TEST_CASE("percentiles are within 2^-10 of those of the sorted samples")
    {
        std::mt19937_64 random(7);
        for (const int bits : {4, 10, 11, 12, 20, 40, 63})
        {
            CAPTURE(bits);
            for (const size_t count : {1, 2, 10, 999, 1000, 20000})
            {
                CAPTURE(count);
                std::vector<int64_t> samples(count);
                std::generate(samples.begin(), samples.end(), [&] {
                    return static_cast<int64_t>(random() >> (64 - bits));
                });
                CheckAgainstSorted(samples);
            }
        }
    }

    TEST_CASE("percentiles hold over ten decades in one histogram")
    {
        std::mt19937_64 random(11);
        std::vector<int64_t> samples(50000);
        std::generate(samples.begin(), samples.end(), [&] {
            return static_cast<int64_t>(random() >> (1 + random() % 63));
        });
        CheckAgainstSorted(samples);
    }

    TEST_CASE("values below 2048 are exact, and every power of two and its neighbours hold")
    {
        for (int64_t value = 0; value < 2048; ++value)
        {
            Histogram histogram;
            histogram.Add(value);
            histogram.Add(INT64_MAX);
            REQUIRE(histogram.GetPercentile(50) == value);
        }
        for (int bit = 11; bit < 63; ++bit)
        {
            for (const int64_t offset : {-1, 0, 1})
            {
                const int64_t value = (int64_t{1} << bit) + offset;
                Histogram histogram;
                histogram.Add(value);
                histogram.Add(INT64_MAX);
                REQUIRE(histogram.GetPercentile(50) >= value);
                REQUIRE(histogram.GetPercentile(50) - value <= value >> 10);
            }
        }
    }

    TEST_CASE("mean and sum stay exact where 64 bits would overflow")
    {
        Histogram histogram;
        for (int i = 0; i < 1000; ++i)
        {
            histogram.Add(INT64_MAX);
        }
        CHECK(histogram.GetMean() == doctest::Approx(static_cast<double>(INT64_MAX)));
        CHECK(histogram.GetPercentile(100) == INT64_MAX);
    }

    TEST_CASE("a negative value counts as none")
    {
        Histogram histogram;
        histogram.Add(-5);
        CHECK(histogram.GetMax() == 0);
        CHECK(histogram.GetCount() == 1);
    }

    TEST_CASE("merged histograms equal one that saw all values")
    {
        std::mt19937_64 random(3);
        Histogram all;
        Histogram parts[3];
        for (int i = 0; i < 3000; ++i)
        {
            const auto value = static_cast<int64_t>(random() >> (20 + i % 30));
            all.Add(value);
            parts[i % 3].Add(value);
        }
        Histogram merged;
        for (const auto& part : parts)
        {
            merged.Merge(part);
        }
        merged.Merge(Histogram{});
        CHECK(merged.GetCount() == all.GetCount());
        CHECK(merged.GetMin() == all.GetMin());
        CHECK(merged.GetMax() == all.GetMax());
        CHECK(merged.GetMean() == all.GetMean());
        for (const double percent : {1.0, 50.0, 99.0, 99.9})
        {
            CHECK(merged.GetPercentile(percent) == all.GetPercentile(percent));
        }
    }

    TEST_CASE("merging several times is merging again and again")
    {
        Histogram part;
        part.Add(5);
        part.Add(123456);
        Histogram once;
        Histogram often;
        once.Add(7);
        often.Add(7);
        for (int i = 0; i < 3; ++i)
        {
            once.Merge(part);
        }
        often.Merge(part, 3);
        CHECK(often.GetCount() == once.GetCount());
        CHECK(often.GetMean() == once.GetMean());
        CHECK(often.GetMax() == once.GetMax());
        for (const double percent : {1.0, 50.0, 99.0})
        {
            CHECK(often.GetPercentile(percent) == once.GetPercentile(percent));
        }
    }

    TEST_CASE("a latency is in nanoseconds with its picoseconds")
    {
        Histogram histogram;
        histogram.Add(1234567);
        const auto latency = histogram.ToLatency();
        CHECK(latency.mean == 1234.567);
        CHECK(latency.p50 == 1234.567);
        CHECK(latency.p999 == 1234.567);
        CHECK(latency.max == 1234.567);
    }
}
