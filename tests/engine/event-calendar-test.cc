/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "engine/event-calendar.h"
#include "engine/random.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <functional>
#include <set>
#include <utility>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** How far ahead of now an event is scheduled, by a random number. */
using Distance = std::function<Tick(uint64_t)>;

/**
 * Schedule and run events in a random order, and compare with a sorted set.
 * @return the number of events that came out in another place than they should.
 */
int
CountMisplaced(const Distance& distance, std::size_t pending, int events)
{
    EventCalendar calendar;
    std::set<std::pair<Tick, uint64_t>> expected;
    uint64_t sequence = 0;
    uint64_t random = 1;
    Tick now = 0;
    int misplaced = 0;
    const auto push = [&] {
        random = Mix(random + sequence);
        const Tick at = now + distance(random);
        const uint64_t key = Mix(++sequence);
        expected.emplace(at, key);
        calendar.Push({at, key});
    };
    while (expected.size() < pending)
    {
        push();
    }
    for (int i = 0; i < events || !expected.empty(); ++i)
    {
        const TypedEvent event = calendar.Top();
        calendar.Pop();
        const auto [at, key] = *expected.begin();
        expected.erase(expected.begin());
        misplaced += event.at != at || event.key != key;
        misplaced += calendar.GetSize() != expected.size();
        now = at;
        // About one new event for each, in bursts; at the end none.
        for (uint64_t n = Mix(random + 17) % 3; i < events && n > 0; --n)
        {
            push();
        }
        if (i < events && expected.size() <= pending / 2)
        {
            push();
        }
    }
    return misplaced + (calendar.IsEmpty() ? 0 : 1);
}

} // namespace

TEST_SUITE_BEGIN("engine");

TEST_CASE("a calendar gives back its events by time, then by key")
{
    for (const std::size_t pending : {1, 40, 3000, 30000})
    {
        CAPTURE(pending);
        const int events = 60000;
        CHECK(CountMisplaced([](uint64_t r) { return r % 1000000; }, pending, events) == 0);
        CHECK(CountMisplaced([](uint64_t r) { return r % 3; }, pending, events) == 0);
        CHECK(CountMisplaced([](uint64_t) { return Tick{1340000}; }, pending, events) == 0);
        CHECK(CountMisplaced([](uint64_t) { return Tick{0}; }, 40, 1000) == 0);
    }
}

TEST_CASE("a calendar keeps the order where distances span all magnitudes, or change by and by")
{
    const auto magnitudes = [](uint64_t r) { return static_cast<Tick>(r >> 20 >> r % 44); };
    CHECK(CountMisplaced(magnitudes, 500, 50000) == 0);
    CHECK(CountMisplaced(magnitudes, 20000, 50000) == 0);
    int calls = 0;
    const auto changing = [&](uint64_t r) {
        const int epoch = ++calls / 10000 % 4;
        return static_cast<Tick>(r % (Tick{1} << (4 + 9 * epoch)));
    };
    CHECK(CountMisplaced(changing, 2000, 100000) == 0);
}

TEST_CASE("what is scheduled before a day that was opened comes first")
{
    // Top() goes to the day of its event; ordinary events of ns-3 may schedule others before it.
    EventCalendar calendar;
    calendar.Push({50000000, 3});
    CHECK(calendar.Top().at == 50000000);
    calendar.Push({7, 1});
    calendar.Push({49999999, 2});
    calendar.Push({50000000, 0});
    std::vector<uint64_t> order;
    for (; !calendar.IsEmpty(); calendar.Pop())
    {
        order.push_back(calendar.Top().key);
    }
    CHECK(order == std::vector<uint64_t>{1, 2, 0, 3});
}

TEST_CASE(
    "each of a day's events is announced once in each step, in order of steps, before it runs")
{
    const std::vector<uint32_t> all{0, 1, 2, 3, 4, 5};
    REQUIRE(all.size() == EventHandler::PREFETCH_STEPS);
    for (const uint64_t size : {1, 2, 17, 18, 100})
    {
        CAPTURE(size);
        std::vector<std::vector<uint32_t>> steps(size); // by event
        EventCalendar calendar;
        for (uint64_t i = 0; i < size; ++i)
        {
            calendar.Push({static_cast<Tick>(100000 + i % 3), i});
        }
        for (; !calendar.IsEmpty(); calendar.Pop())
        {
            const uint64_t next = calendar.Top().key;
            calendar.Announce([&steps](const TypedEvent& event, uint32_t step) {
                steps[event.key].push_back(step);
            });
            CHECK(steps[next] == all);
        }
        CHECK(std::count(steps.begin(), steps.end(), all) == static_cast<std::ptrdiff_t>(size));
    }
}

TEST_CASE("a calendar that was cleared is as good as new")
{
    EventCalendar calendar;
    for (uint64_t i = 0; i < 100; ++i)
    {
        calendar.Push({static_cast<Tick>(i << 30), i});
    }
    CHECK(calendar.Top().at == 0);
    calendar.Pop();
    calendar.Clear();
    CHECK(calendar.IsEmpty());
    calendar.Push({3, 8});
    CHECK(calendar.Top().key == 8);
    CHECK(calendar.GetSize() == 1);
}

TEST_SUITE_END();
