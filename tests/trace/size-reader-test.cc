/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "engine/random.h"
#include "trace/size-reader.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

SizeDistribution
Parse(const std::string& text)
{
    const auto path =
        std::filesystem::temp_directory_path() / ("mtlink-sizes-" + std::to_string(getpid()));
    std::ofstream(path) << text;
    return ReadSizes(path.string());
}

std::string
RefusalOf(const std::string& text)
{
    try
    {
        Parse(text);
    }
    catch (const InputError& error)
    {
        const std::string message = error.what();
        return message.substr(message.find(':') + 1);
    }
    return "";
}

} // namespace

TEST_SUITE("size-distribution")
{
    TEST_CASE("mean and quantiles are those of lines between the points")
    {
        // HPCC's AliStorage2019: sum of the mid of each piece times its share.
        const auto storage = Parse("0 0\n4000 22.93\n8000 69.21\n16000 80.61\n32000 90.47\n"
                                   "64000 93.53\n128000 96.77\n256000 97.53\n2000000 100\n");
        const double mean = 2000 * .2293 + 6000 * .4628 + 12000 * .114 + 24000 * .0986 +
                            48000 * .0306 + 96000 * .0324 + 192000 * .0076 + 1128000 * .0247;
        CHECK(storage.GetMean() == doctest::Approx(mean));
        CHECK(storage.GetQuantile(0) == 1);
        CHECK(storage.GetQuantile(.2293 / 2) == 2000);
        CHECK(storage.GetQuantile(.6921) == 8000);
        CHECK(storage.GetQuantile(1) == 2000000);
        // A first point above 0 percent is a step: that share has just that size.
        const auto step = Parse("100 50\n200 100");
        CHECK(step.GetQuantile(.3) == 100);
        CHECK(step.GetMean() == doctest::Approx(100 * .5 + 150 * .5));
    }

    TEST_CASE("drawn sizes have the mean and the quantiles")
    {
        const auto sizes =
            Parse("0 0\n10000 15\n20000 20\n30000 30\n50000 40\n80000 53\n200000 60\n"
                  "1000000 70\n2000000 80\n5000000 90\n10000000 97\n30000000 100\n");
        RandomStream random(1, 1);
        constexpr std::size_t DRAWS = 200'000;
        std::vector<uint64_t> drawn;
        double sum = 0;
        for (std::size_t i = 0; i < DRAWS; ++i)
        {
            drawn.push_back(sizes.GetQuantile(random.Uniform()));
            sum += static_cast<double>(drawn.back());
        }
        std::sort(drawn.begin(), drawn.end());
        CHECK(sum / DRAWS == doctest::Approx(sizes.GetMean()).epsilon(.02));
        CHECK(drawn[DRAWS / 2] == doctest::Approx(sizes.GetQuantile(.5)).epsilon(.02));
        CHECK(drawn[DRAWS / 10 * 9] == doctest::Approx(5000000).epsilon(.04));
    }

    TEST_CASE("what is no distribution is refused by its place")
    {
        CHECK(RefusalOf("0 0\n5 x\n") ==
              "2:3: error: here is 'x', but a line 'bytes percent', as '10000 15', would be right");
        CHECK(RefusalOf("0 0\n5\n") ==
              "2:1: error: a line 'bytes percent', as '10000 15', would be right");
        CHECK(RefusalOf("9 0\n5 100\n") ==
              "2:1: error: sizes must grow from line to line, to at most 1 PiB");
        CHECK(RefusalOf("0 50\n5 40\n") ==
              "2:3: error: percentages must grow from line to line, to 100 in the last");
        CHECK(RefusalOf("0 0\n5 99\n") == "2:1: error: the last line must reach 100 percent");
        CHECK(RefusalOf("\n") == "1:1: error: the last line must reach 100 percent");
    }
}
