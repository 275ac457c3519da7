/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "engine/random.h"
#include "engine/time-ring.h"

#include "ns3/mtlink-tick.h"

#include <doctest/doctest.h>
#include <map>

using namespace ns3::mtlink;

namespace
{

/** What is in the ring. */
struct Entry
{
    Tick at;       //!< Its time
    uint64_t name; //!< What it is
};

} // namespace

TEST_SUITE_BEGIN("link");

TEST_CASE("a ring keeps entries in order of time, then of insertion, however they come")
{
    TimeRing<Entry> ring;
    std::multimap<Tick, uint64_t> expected; // keeps the order of insertion among equals
    CHECK(ring.IsEmpty());
    uint64_t random = 5;
    int misplaced = 0;
    for (uint64_t i = 0; i < 20000; ++i)
    {
        random = Mix(random + i);
        // It grows to some hundred, and is emptied again and again.
        if (random % 512 < (i % 2000 < 1000 ? 300 : 150))
        {
            const auto at = static_cast<Tick>(i / 8 + (random >> 32) % 5);
            ring.Insert({at, i});
            expected.emplace(at, i);
        }
        else if (!expected.empty())
        {
            misplaced += ring[0].at != expected.begin()->first;
            misplaced += ring[0].name != expected.begin()->second;
            ring.Pop();
            expected.erase(expected.begin());
        }
        misplaced += ring.GetSize() != expected.size();
        misplaced += ring.IsEmpty() != expected.empty();
    }
    CHECK(misplaced == 0);
    uint32_t place = 0;
    for (const auto& [at, name] : expected)
    {
        CHECK(ring[place++].name == name);
    }
}

TEST_SUITE_END();
