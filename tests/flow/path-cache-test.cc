/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "flow/path-cache.h"

#include <cstdint>
#include <doctest/doctest.h>
#include <set>
#include <stdexcept>

namespace ns3
{
namespace mtlink
{
namespace
{

TEST_SUITE("path cache")
{
    TEST_CASE("a way is that of its ends and label, whoever gave way to whom")
    {
        PathCache cache(64);
        uint64_t made = 0;
        const auto latency = [&](uint64_t ends, uint32_t label) {
            const FlowWay path = cache.Find(ends, label, [&](FlowPath& fresh) {
                ++made;
                fresh.latency = static_cast<int64_t>(ends * 8 + label);
            });
            return static_cast<uint64_t>(path->latency);
        };
        for (uint32_t round = 0; round < 3; ++round)
        {
            for (uint64_t ends = 0; ends < 500; ++ends)
            {
                CHECK(latency(ends, ends % 3) == ends * 8 + ends % 3);
                CHECK(latency(ends, 5) == ends * 8 + 5);
            }
        }
        CHECK(made > 1000 - 64); // far more than it keeps
        const uint64_t before = made;
        for (uint32_t round = 0; round < 100; ++round)
        {
            CHECK(latency(7, 0) == 56);
        }
        CHECK(made <= before + 1);
    }

    TEST_CASE("of a set, who was asked for longest ago gives way")
    {
        PathCache cache(4); // one set
        std::set<uint64_t> made;
        const auto find = [&](uint64_t ends) {
            cache.Find(ends, 0, [&](FlowPath&) { made.insert(ends); });
        };
        for (const uint64_t ends : {1, 2, 3, 4, 1, 5})
        {
            find(ends); // 5 takes the place of 2
        }
        made.clear();
        for (const uint64_t ends : {1, 3, 4, 5})
        {
            find(ends);
        }
        CHECK(made.empty());
        find(2);
        CHECK(made == std::set<uint64_t>{2});
    }

    TEST_CASE("what could not be found is not kept")
    {
        PathCache cache(4);
        CHECK_THROWS_AS(cache.Find(1, 0, [](FlowPath&) { throw std::runtime_error("none"); }),
                        std::runtime_error);
        bool isMade = false;
        cache.Find(1, 0, [&](FlowPath&) { isMade = true; });
        CHECK(isMade);
    }
}

} // namespace
} // namespace mtlink
} // namespace ns3
