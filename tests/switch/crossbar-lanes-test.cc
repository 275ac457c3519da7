/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "engine/random.h"
#include "switch/crossbar.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <vector>

using namespace ns3::mtlink;

TEST_SUITE_BEGIN("switch");

TEST_CASE("of several crossbar lanes a packet takes the one that is free first")
{
    for (const uint32_t count : {1, 2, 5})
    {
        CrossbarLanes lanes(count);
        std::vector<Tick> expected(count, 0);
        for (uint64_t i = 0; i < 500; ++i)
        {
            const auto first = std::min_element(expected.begin(), expected.end());
            REQUIRE(lanes.GetFreeAt() == *first);
            *first = static_cast<Tick>(10 * i + Mix(i) % 100);
            lanes.Take(*first);
        }
    }
}

TEST_SUITE_END();
