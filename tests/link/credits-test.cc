/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "link/credits.h"
#include "link/wire.h"

#include <doctest/doctest.h>
#include <map>
#include <random>
#include <vector>

using namespace ns3::mtlink;

TEST_SUITE_BEGIN("link");

TEST_CASE("a run takes and returns as its packets do one by one")
{
    std::mt19937 random(1);
    for (int trial = 0; trial < 500; ++trial)
    {
        CAPTURE(trial);
        Credits credits;
        const bool isWatched = random() % 2 == 0;
        const uint32_t one = credits.Open(1000, isWatched);
        const uint32_t all = credits.Open(1000, isWatched);
        const Tick start = random() % 100;
        for (const uint32_t ledger : {one, all})
        {
            // What somebody has returned before, and is not back yet.
            credits.Take(ledger, 30);
            credits.Return(ledger, 30, start + 40, {1, 2, 3});
        }
        Credits::Run run{};
        run.amount = 1 + random() % 10;
        run.count = 1 + random() % 90;
        run.lag = 1 + random() % 30;
        const Tick held = 1 + random() % (run.lag * 50);
        run.lastTaken = start + (run.count - 1) * run.lag;
        run.back = start + held;
        run.departure = {start + held - 1, start + held / 2, 7};
        for (uint32_t i = 0; i < run.count; ++i)
        {
            const Tick later = i * run.lag;
            REQUIRE(credits.Has(one, run.amount, start + later));
            credits.Take(one, run.amount);
            credits.Return(one,
                           run.amount,
                           run.back + later,
                           {run.departure.arrived + later, run.departure.left + later, 7});
        }
        if (isWatched)
        {
            credits.Watch(all, start + 40, [](Tick, uint32_t) {});
            credits.Watch(one, run.lastTaken, [](Tick, uint32_t) {});
        }
        credits.TakeRun(all, run);
        CHECK(credits.IsConserved(all));
        CHECK(credits.GetInUse(all) == 0);
        CHECK(credits.GetAvailable(all, run.lastTaken) == credits.GetAvailable(one, run.lastTaken));
        const auto list = [&](uint32_t ledger) {
            std::vector<std::pair<Tick, uint32_t>> returns;
            credits.ListReturning(ledger, run.lastTaken, [&](Tick at, uint32_t amount) {
                returns.emplace_back(at, amount);
            });
            return returns;
        };
        CHECK(list(all) == list(one));
        // How it left is known of each: of that which somebody waits for, too.
        const Tick much = credits.Ask(all, 1000);
        CHECK(much == credits.Ask(one, 1000));
        CHECK(credits.FindRelief(all).departure.left == credits.FindRelief(one).departure.left);
    }
}

TEST_CASE("a credit ledger agrees with a count of what has returned")
{
    // Against the plain way: a list of returns, summed anew at each question.
    std::mt19937 random(1);
    MESSAGE("seed 1");
    Credits credits;
    const uint32_t ledger = credits.Open(100);
    std::multimap<Tick, uint32_t> returns;
    std::vector<uint32_t> taken;
    uint32_t used = 0;
    Tick now = 0;
    uint64_t granted = 0;
    for (int step = 0; step < 20000; ++step)
    {
        now += random() % 3;
        const uint32_t amount = 1 + random() % 20;
        uint32_t back = 0;
        for (const auto& [at, much] : returns)
        {
            back += at <= now ? much : 0;
        }
        const bool has = 100 - used + back >= amount;
        REQUIRE(credits.Has(ledger, amount, now) == has);
        if (has && random() % 2)
        {
            credits.Take(ledger, amount);
            used += amount;
            taken.push_back(amount);
            ++granted;
        }
        else if (!has)
        {
            // The first moment at which enough has returned.
            int64_t sum = 100 - static_cast<int64_t>(used);
            Tick when = NEVER;
            for (const auto& [at, much] : returns)
            {
                sum += much;
                if (sum >= static_cast<int64_t>(amount))
                {
                    when = at;
                    break;
                }
            }
            Credits copy = credits;
            REQUIRE(copy.Ask(ledger, amount) == when);
        }
        if (!taken.empty() && random() % 2)
        {
            const std::size_t which = random() % taken.size();
            const Tick at = now + random() % 50;
            credits.Return(ledger, taken[which], at);
            returns.emplace(at, taken[which]);
            taken.erase(taken.begin() + static_cast<std::ptrdiff_t>(which));
        }
        REQUIRE(credits.IsConserved(ledger));
    }
    CHECK(granted > 1000);
}

TEST_CASE("who asked in vain is told once of the moment, and again if it comes earlier")
{
    Credits credits;
    const uint32_t ledger = credits.Open(10);
    credits.Take(ledger, 10);
    CHECK(credits.Ask(ledger, 5) == NEVER);
    CHECK(credits.Return(ledger, 2, 100) == NEVER);
    CHECK(credits.Return(ledger, 3, 90) == 100);
    CHECK(credits.Return(ledger, 2, 120) == NEVER);
    CHECK(credits.Return(ledger, 3, 80) == 90);
    CHECK(!credits.Has(ledger, 5, 89));
    CHECK(credits.Has(ledger, 5, 90));
    credits.Take(ledger, 5);
    CHECK(credits.IsConserved(ledger));
}

TEST_CASE("who watches a ledger sees each return once, in order, whenever it is made available")
{
    std::mt19937 random(2);
    MESSAGE("seed 2");
    Credits credits;
    Credits plain;
    const uint32_t ledger = credits.Open(1000, true);
    REQUIRE(plain.Open(1000) == ledger);
    std::multimap<Tick, uint32_t> expected; // not shown yet
    std::vector<uint32_t> taken;
    Tick now = 0;
    uint64_t shown = 0;
    for (int step = 0; step < 20000; ++step)
    {
        now += random() % 3;
        const uint32_t amount = 1 + random() % 20;
        // To watch keeps nothing from the ledger, nor the other way round.
        REQUIRE(credits.Has(ledger, amount, now) == plain.Has(ledger, amount, now));
        if (credits.Has(ledger, amount, now))
        {
            credits.Take(ledger, amount);
            plain.Take(ledger, amount);
            taken.push_back(amount);
        }
        if (!taken.empty() && random() % 4 != 0)
        {
            const std::size_t which = random() % taken.size();
            const Tick at = now + 10 + random() % 50;
            const bool isLost = random() % 8 == 0;
            credits.Return(ledger, taken[which], at, {}, isLost);
            plain.Return(ledger, taken[which], at);
            if (!isLost)
            {
                expected.emplace(at, taken[which]);
            }
            taken.erase(taken.begin() + static_cast<std::ptrdiff_t>(which));
        }
        if (random() % 3 == 0)
        {
            const Tick until = now + random() % 11; // a return is known 10 ahead
            const auto show = [&](Tick at, uint32_t much) {
                REQUIRE(!expected.empty());
                REQUIRE(expected.begin()->first == at);
                REQUIRE(expected.begin()->second == much);
                expected.erase(expected.begin());
                ++shown;
            };
            uint64_t sum = 0;
            credits.Peek(ledger, until, [&](Tick, uint32_t much) { sum += much; });
            for (auto it = expected.begin(); it != expected.upper_bound(until); ++it)
            {
                sum -= it->second;
            }
            REQUIRE(sum == 0);
            credits.Watch(ledger, until, show);
            REQUIRE((expected.empty() || expected.begin()->first > until));
        }
        REQUIRE(credits.IsConserved(ledger));
    }
    CHECK(shown > 10000);
}

TEST_CASE("time on a wire does not drift: a million flits take the exact time")
{
    for (const uint64_t rate : {224000000000ULL, 106250000000ULL, 7ULL, 123456789ULL})
    {
        CAPTURE(rate);
        const WireSpeed speed(rate, 64, 1.0);
        WireTime time{0, 0};
        for (int i = 0; i < 1000; ++i)
        {
            time = speed.After(time, 1);
        }
        const unsigned __int128 exact =
            static_cast<unsigned __int128>(1000) * 512 * 1000000000000ULL;
        CHECK(time.whole == static_cast<Tick>(exact / rate));
        CHECK(speed.After({0, 0}, 1000).whole == time.whole);
    }
}

TEST_CASE("an encoding lengthens a flit by its factor")
{
    const WireSpeed speed(512000000000ULL, 64, 257.0 / 256);
    CHECK(static_cast<double>(speed.GetFlitTime()) == doctest::Approx(1000.0 * 257 / 256));
}

TEST_SUITE_END();
