/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../dice.h"
#include "design/design-front.h"

#include <cmath>
#include <doctest/doctest.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

FrontCandidate
MakeExact(double cost, double time)
{
    return {{{cost, cost}, {time, time}}, {}, false};
}

/** A design whose time is known as far as a quick look tells it. */
FrontCandidate
MakeVague(double cost, double quick, double error)
{
    return {{{cost, cost}, FigureRange::Around(quick, error)}, {}, false};
}

} // namespace

TEST_SUITE_BEGIN("design");

TEST_CASE("Of figures that are known those that nothing beats are the front")
{
    const std::vector<FrontCandidate> all{MakeExact(1, 9),
                                          MakeExact(2, 4),
                                          MakeExact(2, 4),
                                          MakeExact(3, 4),
                                          MakeExact(4, 1)};
    const auto status = SeeFront(all, {});
    CHECK(status[0] == FrontStatus::OPEN);
    CHECK(status[1] == FrontStatus::OPEN); // its like does not beat it
    CHECK(status[2] == FrontStatus::OPEN);
    CHECK(status[3] == FrontStatus::DOMINATED);
    CHECK(status[4] == FrontStatus::OPEN);
}

TEST_CASE("A quick figure within its error of the front does not make a design leave")
{
    const auto see = [](double quick, double error) {
        return SeeFront({MakeExact(1, 100), MakeVague(2, quick, error)}, {})[1];
    };
    CHECK(see(105, 0.01) == FrontStatus::DOMINATED);
    CHECK(see(105, 0.10) == FrontStatus::OPEN);
    CHECK(see(90, 0.01) == FrontStatus::OPEN);
    // Nor can it make another one leave by figures that it may not have.
    CHECK(SeeFront({MakeVague(1, 99, 0.05), MakeExact(2, 100)}, {})[1] == FrontStatus::OPEN);
    CHECK(SeeFront({MakeVague(1, 90, 0.05), MakeExact(2, 100)}, {})[1] == FrontStatus::DOMINATED);
}

TEST_CASE("An error holds both ways and for figures of which more is better")
{
    const FigureRange time = FigureRange::Around(100, 0.2);
    CHECK(time.least == doctest::Approx(80));
    CHECK(time.most == doctest::Approx(125));
    const FigureRange rate = FigureRange::Around(-100, 0.2);
    CHECK(rate.least == doctest::Approx(-125));
    CHECK(rate.most == doctest::Approx(-80));
    CHECK(FigureRange::Around(7, 0).least == 7);
    CHECK(FigureRange::Around(7, 0).most == 7);
}

TEST_CASE("What can not hold a limit is no rival of what can")
{
    std::vector<FrontCandidate> all{{{{1, 1}}, {{20, 20}}, false},
                                    {{{2, 2}}, {{10, 10}}, false},
                                    {{{3, 3}}, {{5, 5}}, false},
                                    {{{4, 4}}, {{1, 1}}, true}};
    const auto status = SeeFront(all, {{10, 10}});
    CHECK(status[0] == FrontStatus::BEYOND);
    CHECK(status[1] == FrontStatus::OPEN);
    CHECK(status[2] == FrontStatus::DOMINATED);
    CHECK(status[3] == FrontStatus::OUT);
    // As long as it may hold it, it is looked at, and beats nobody.
    all[1].limited[0] = {9, 11};
    const auto vague = SeeFront(all, {{10, 10}});
    CHECK(vague[1] == FrontStatus::OPEN);
    CHECK(vague[2] == FrontStatus::OPEN);
    CHECK(FindHopeful(all, vague) == std::vector<std::size_t>{1});
}

TEST_CASE("Looking closer at hopeful designs alone ends with the front of all of them")
{
    Dice dice(22);
    for (int trial = 0; trial < 200; ++trial)
    {
        const double error = 0.05 * static_cast<double>(1 + trial % 4);
        std::vector<FrontCandidate> exact;
        std::vector<FrontCandidate> known;
        for (int i = 0; i < 60; ++i)
        {
            const auto cost = static_cast<double>(dice.Number(1, 30));
            const auto time = static_cast<double>(dice.Number(10, 60));
            const double off = error * (static_cast<double>(dice.Number(0, 200)) / 100 - 1);
            exact.push_back(MakeExact(cost, time));
            known.push_back(MakeVague(cost, time * (1 + off), error));
        }
        std::size_t looked = 0;
        for (bool isAny = true; isAny;)
        {
            isAny = false;
            for (const std::size_t i : FindHopeful(known, SeeFront(known, {})))
            {
                if (known[i].objectives[1].least < known[i].objectives[1].most)
                {
                    known[i] = exact[i];
                    isAny = true;
                    ++looked;
                }
            }
        }
        CHECK(SeeFront(known, {}) == SeeFront(exact, {}));
        CHECK(looked < 60);
    }
}

TEST_SUITE_END();
