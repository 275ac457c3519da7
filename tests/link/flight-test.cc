/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "engine/random.h"
#include "link/flight.h"

#include <deque>
#include <doctest/doctest.h>
#include <utility>

using namespace ns3::mtlink;

TEST_SUITE_BEGIN("link");

TEST_CASE("a flight gives back its packets first in first out, with the times they have last")
{
    Flight flight;
    std::deque<std::pair<uint32_t, Tick>> expected;
    CHECK(flight.IsEmpty());
    CHECK(flight.GetFirst() == NO_PACKET);
    uint64_t random = 3;
    int misplaced = 0;
    for (uint32_t i = 0; i < 20000; ++i)
    {
        random = Mix(random + i);
        // It grows to some hundred, and is emptied again and again.
        if (random % 512 < (i % 2000 < 1000 ? 300 : 150))
        {
            flight.Push(i, i * 10);
            expected.emplace_back(i, i * 10);
        }
        else if (!expected.empty())
        {
            misplaced += flight.GetDue() != expected.front().second;
            misplaced += flight.Pop() != expected.front().first;
            expected.pop_front();
        }
        if (!expected.empty() && random % 7 == 0)
        {
            const auto which = static_cast<uint32_t>((random >> 32) % expected.size());
            flight.SetDue(which, i * 10 + 5);
            expected[which].second = i * 10 + 5;
        }
        misplaced += flight.GetSize() != expected.size();
        misplaced += flight.GetFirst() != (expected.empty() ? NO_PACKET : expected.front().first);
    }
    CHECK(misplaced == 0);
    for (uint32_t i = 0; i < expected.size(); ++i)
    {
        CHECK(flight.GetPacket(i) == expected[i].first);
    }
}

TEST_SUITE_END();
