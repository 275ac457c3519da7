/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/figures.h"
#include "measure/statistics.h"
#include "measure/summary.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

using namespace ns3::mtlink;

TEST_SUITE("statistics")
{
    TEST_CASE("a confidence interval is the one computed by hand")
    {
        // Mean 6; deviations -4, -1, 0, 1, 4: s^2 = 34 / 4; t(0.975, 4) = 2.776445 (tables).
        const MeanInterval five = GetMeanInterval({2, 5, 6, 7, 10});
        CHECK(five.mean == 6);
        CHECK(*five.halfWidth == doctest::Approx(2.776445 * std::sqrt(34.0 / 4 / 5)).epsilon(1e-6));
        // t(0.975, 1) = tan(0.475 pi) = 12.706205; s / sqrt(2) = 1 for 1 and 3.
        const MeanInterval two = GetMeanInterval({1, 3});
        CHECK(two.mean == 2);
        CHECK(*two.halfWidth == doctest::Approx(12.706205).epsilon(1e-6));
    }

    TEST_CASE("one value has a mean and no confidence interval, equal values one of width 0")
    {
        CHECK(GetMeanInterval({7}).mean == 7);
        CHECK(!GetMeanInterval({7}).halfWidth);
        CHECK(GetMeanInterval({0.1, 0.1, 0.1}).mean == 0.1);
        CHECK(GetMeanInterval({0.1, 0.1, 0.1}).halfWidth == 0.0);
    }

    TEST_CASE("every number of summary.json is a figure or a cost, by its name")
    {
        RunResults results;
        results.completionTime = 1;
        results.packetLatency = LatencyResult{};
        results.networkLatency = LatencyResult{};
        results.offeredLoad = 0.5;
        results.acceptedLoad = 0.5;
        results.ns3Version = "3.37";
        std::set<std::string> names;
        for (const auto* figures : {&GetFigures(), &GetCosts()})
        {
            for (const Figure& figure : *figures)
            {
                CHECK(names.insert(figure.name).second);
            }
        }
        // What says how it was run is no figure.
        const std::set<std::string> others{"schema",
                                           "seed",
                                           "fidelity_packet",
                                           "fidelity_memo",
                                           "fidelity_exact",
                                           "fidelity_fair",
                                           "fidelity_approximate",
                                           "fidelity_beyond_buffers",
                                           "fidelity_skipped_time_fraction",
                                           "fidelity_fallbacks"};
        const nlohmann::json summary = nlohmann::json::parse(WriteSummary(results));
        const auto check = [&](const std::string& name, const nlohmann::json& value) {
            CAPTURE(name);
            CHECK((!value.is_number() || names.count(name) == 1 || others.count(name) == 1));
        };
        for (const auto& [key, value] : summary.items())
        {
            check(key, value);
            if (value.is_object())
            {
                for (const auto& [inner, innerValue] : value.items())
                {
                    check(key + "_" + inner, innerValue);
                }
            }
        }
    }
}
