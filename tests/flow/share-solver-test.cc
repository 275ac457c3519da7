/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "flow/end-queue.h"
#include "flow/flow-shapes.h"
#include "flow/queue-table.h"
#include "flow/share-solver.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <random>
#include <tuple>
#include <utility>
#include <vector>

using namespace ns3::mtlink;

namespace
{

constexpr int64_t ONE = ShareSolver::ONE;
constexpr uint32_t WHOLE = ShareSolver::WHOLE;

/** A flow as the oracle knows it. */
struct Wanted
{
    std::vector<FlowStep> steps; //!< Its links
    double most;                 //!< Its own rate
};

/**
 * Progressive filling, slow and plain: all rates rise together; a flow stops at its own rate, or
 * when one of its links is full.
 * @return rates by flow.
 */
std::map<uint32_t, double>
FillUp(const std::vector<int64_t>& capacities, const std::map<uint32_t, Wanted>& flows)
{
    std::map<uint32_t, double> rates;
    double level = 0;
    while (rates.size() < flows.size())
    {
        // How far can all that rise go on?
        double next = 1e18;
        for (uint32_t link = 0; link < capacities.size(); ++link)
        {
            double taken = 0;
            double rising = 0;
            for (const auto& [id, flow] : flows)
            {
                for (const FlowStep& step : flow.steps)
                {
                    const double weight = static_cast<double>(step.weight) / WHOLE;
                    const bool isDone = rates.count(id) > 0;
                    taken += step.link == link && isDone ? rates[id] * weight : 0;
                    rising += step.link == link && !isDone ? weight : 0;
                }
            }
            if (rising > 0)
            {
                next = std::min(next, (static_cast<double>(capacities[link]) - taken) / rising);
            }
        }
        for (const auto& [id, flow] : flows)
        {
            next = rates.count(id) == 0 ? std::min(next, flow.most) : next;
        }
        level = std::max(level, next);
        std::vector<uint32_t> done;
        for (const auto& [id, flow] : flows)
        {
            if (rates.count(id) > 0)
            {
                continue;
            }
            bool isFull = flow.most <= level * (1 + 1e-12);
            for (const FlowStep& step : flow.steps)
            {
                double taken = 0;
                for (const auto& [other, its] : flows)
                {
                    for (const FlowStep& used : its.steps)
                    {
                        const double rate = rates.count(other) > 0 ? rates[other] : level;
                        taken += used.link == step.link ? rate * used.weight / WHOLE : 0;
                    }
                }
                isFull = isFull || taken >= static_cast<double>(capacities[step.link]) - 1e-3;
            }
            if (isFull)
            {
                done.push_back(id);
            }
        }
        REQUIRE(!done.empty());
        for (const uint32_t id : done)
        {
            rates[id] = std::min(level, flows.at(id).most);
        }
    }
    return rates;
}

/** Random flows that come and go, against the oracle. */
void
Compare(uint32_t seed, bool isWeighted)
{
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto number = [&](uint32_t least, uint32_t most) {
        return least + static_cast<uint32_t>(random() % (most - least + 1));
    };
    ShareSolver solver;
    std::vector<int64_t> capacities;
    const uint32_t links = number(2, 12);
    for (uint32_t i = 0; i < links; ++i)
    {
        capacities.push_back(number(0, 1) == 0 ? ONE : ONE / number(1, 5) * number(1, 3));
        CHECK(solver.AddLink(capacities.back()) == i);
    }
    std::map<uint32_t, Wanted> flows;
    for (uint32_t round = 0; round < 30; ++round)
    {
        for (uint32_t change = number(1, 3); change > 0; --change)
        {
            if (!flows.empty() && number(0, 2) == 0)
            {
                auto gone = flows.begin();
                std::advance(gone, number(0, static_cast<uint32_t>(flows.size()) - 1));
                solver.Stop(gone->first);
                solver.Close(gone->first);
                flows.erase(gone);
                continue;
            }
            Wanted flow;
            int64_t most = number(0, 3) == 0 ? ONE / number(2, 9) : 2 * ONE;
            std::vector<uint32_t> order(links);
            for (uint32_t i = 0; i < links; ++i)
            {
                order[i] = i;
            }
            std::shuffle(order.begin(), order.end(), random);
            for (uint32_t i = 0; i < number(1, std::min(links, 5U)); ++i)
            {
                const uint32_t weight = isWeighted ? WHOLE / number(1, 4) : WHOLE;
                flow.steps.push_back({order[i], weight, 0});
                most = std::min<int64_t>(most, capacities[order[i]] * WHOLE / weight);
            }
            flow.most = static_cast<double>(most);
            flows.emplace(solver.Open(flow.steps, most, 0, ShareSolver::NONE), flow);
        }
        solver.Solve();
        CHECK(!solver.IsDirty());
        for (const auto& [id, rate] : FillUp(capacities, flows))
        {
            CAPTURE(id);
            CHECK(static_cast<double>(solver.GetRate(id)) == doctest::Approx(rate).epsilon(2e-5));
        }
    }
}

} // namespace

TEST_SUITE("flow")
{
    TEST_CASE("how a flow's links are kept does not matter, however many share them")
    {
        // Offsets other than the hops before them have the same flows kept in full.
        for (const uint32_t count : {1U, 4U, 5U, 8U, 9U})
        {
            CAPTURE(count);
            ShareSolver kept[2];
            std::vector<std::vector<FlowStep>> steps(2);
            for (uint32_t link = 0; link < count; ++link)
            {
                for (int i = 0; i < 2; ++i)
                {
                    kept[i].AddLink(ONE / (1 + link % 3), 10);
                    steps[i].push_back({link, WHOLE, int64_t{10} * link + i});
                }
            }
            std::vector<std::pair<uint32_t, uint32_t>> flows;
            const auto check = [&]() {
                kept[0].Solve();
                kept[1].Solve();
                for (const auto& [a, b] : flows)
                {
                    CHECK(kept[0].GetRate(a) == kept[1].GetRate(b));
                    for (uint32_t link = 0; link < count; ++link)
                    {
                        CHECK(kept[0].GetOffset(a, link) == int64_t{10} * link);
                        CHECK(kept[0].GetLinkBefore(a, link) ==
                              (link == 0 ? ShareSolver::NONE : link - 1));
                        CHECK(kept[0].GetUsers(link).size() == flows.size());
                    }
                }
            };
            for (uint32_t flow = 0; flow < 14; ++flow) // more than a link's own line has room for
            {
                flows.emplace_back(
                    kept[0].Open(steps[0], ONE / (1 + flow), flow, ShareSolver::NONE),
                    kept[1].Open(steps[1], ONE / (1 + flow), flow, ShareSolver::NONE));
                check();
            }
            while (!flows.empty())
            {
                const auto [a, b] = flows[flows.size() / 2];
                flows.erase(flows.begin() + static_cast<std::ptrdiff_t>(flows.size() / 2));
                kept[0].Stop(a);
                kept[0].Close(a);
                kept[1].Stop(b);
                kept[1].Close(b);
                check();
            }
        }
    }

    TEST_CASE("shares are those of progressive filling, whatever comes and goes")
    {
        for (uint32_t seed = 1; seed <= 150; ++seed)
        {
            Compare(seed, false);
            Compare(seed, true);
        }
    }

    TEST_CASE("a flow that is alone has its own rate to the last digit, without a solution")
    {
        ShareSolver solver;
        solver.AddLink(ONE);
        const std::vector<FlowStep> steps{{0, WHOLE, 0}};
        const uint32_t first = solver.Open(steps, ONE, 0, ShareSolver::NONE);
        CHECK(solver.GetRate(first) == ONE);
        CHECK(!solver.IsDirty());
        const uint32_t second = solver.Open(steps, ONE, 0, ShareSolver::NONE);
        CHECK(solver.IsDirty());
        solver.Solve();
        CHECK(solver.GetRate(first) == ONE / 2);
        CHECK(solver.FindBound(first) == 0);
        solver.Stop(second);
        solver.Solve();
        CHECK(solver.GetRate(first) == ONE);
        CHECK(solver.FindBound(first) == ShareSolver::NONE);
        CHECK(solver.GetUsers(0).size() == 2); // it is not closed yet
        solver.Close(second);
        CHECK(solver.GetUsers(0).size() == 1);
    }

    TEST_CASE("where many share, too, each has a link that is full and gives nobody more")
    {
        std::mt19937 random(1);
        ShareSolver solver;
        constexpr uint32_t LINKS = 40;
        for (uint32_t i = 0; i < LINKS; ++i)
        {
            solver.AddLink(ONE / (1 + i % 3));
        }
        std::vector<uint32_t> flows;
        std::map<uint32_t, int64_t> most;
        for (uint32_t round = 0; round < 60; ++round)
        {
            // All at once, then few at a time: filled up as a whole, then from what changed.
            const uint32_t changes = round % 20 == 0 ? 900 : 1 + random() % 20;
            for (uint32_t i = 0; i < changes; ++i)
            {
                if (flows.size() > 1000)
                {
                    std::swap(flows[random() % flows.size()], flows.back());
                    solver.Stop(flows.back());
                    solver.Close(flows.back());
                    flows.pop_back();
                }
                std::vector<FlowStep> steps;
                const uint32_t first = random() % LINKS;
                const uint32_t count = 1 + random() % 6;
                for (uint32_t k = 0; k < count; ++k)
                {
                    steps.push_back(
                        {(first + k * 7) % LINKS, random() % 8 == 0 ? WHOLE / 3 : WHOLE, 0});
                }
                const int64_t own = random() % 4 == 0 ? ONE / 300 : ONE / 3;
                flows.push_back(solver.Open(steps, own, 0, ShareSolver::NONE));
                most[flows.back()] = own;
            }
            solver.Solve();
            std::vector<double> taken(LINKS);
            std::vector<int64_t> highest(LINKS);
            for (const uint32_t flow : flows)
            {
                const int64_t rate = solver.GetRate(flow);
                solver.ForSteps(flow, [&](uint32_t link, uint32_t weight) {
                    taken[link] += static_cast<double>(rate) * weight / WHOLE;
                    highest[link] = std::max(highest[link], rate);
                });
            }
            for (uint32_t link = 0; link < LINKS; ++link)
            {
                CHECK(taken[link] <= static_cast<double>(ONE / (1 + link % 3)) * (1 + 1e-5));
            }
            for (const uint32_t flow : flows)
            {
                const auto rate = static_cast<double>(solver.GetRate(flow));
                bool isBound = solver.GetRate(flow) == most[flow];
                solver.ForSteps(flow, [&](uint32_t link, uint32_t) {
                    isBound = isBound || (taken[link] >= static_cast<double>(ONE / (1 + link % 3)) *
                                                             (1 - 1e-5) &&
                                          rate >= static_cast<double>(highest[link]) * (1 - 1e-5));
                });
                CHECK(isBound);
            }
        }
    }

    TEST_CASE("a flow knows its links, their order and distances, however many")
    {
        ShareSolver solver;
        for (uint32_t i = 0; i < 9; ++i)
        {
            solver.AddLink(ONE, 100 + i);
        }
        const auto check = [&](const std::vector<FlowStep>& steps) {
            const uint32_t flow = solver.Open(steps, ONE / 2, 7, ShareSolver::NONE);
            uint32_t before = ShareSolver::NONE;
            std::size_t count = 0;
            solver.ForSteps(flow, [&](uint32_t link, uint32_t weight) {
                CHECK(link == steps[count].link);
                CHECK(weight == steps[count].weight);
                CHECK(solver.GetOffset(flow, link) == steps[count].offset);
                CHECK(solver.GetLinkBefore(flow, link) == before);
                before = link;
                ++count;
            });
            CHECK(count == steps.size());
            CHECK(solver.GetFirstLink(flow) == steps[0].link);
            CHECK(solver.GetOwner(flow) == 7);
        };
        check({{3, WHOLE, 0}, {5, WHOLE, 103}, {1, WHOLE, 208}});                    // hop by hop
        check({{3, WHOLE, 0}, {5, WHOLE, 104}});                                     // not quite
        check({{2, WHOLE, 0}, {4, WHOLE / 2, 102}, {6, WHOLE / 2, 102}});            // by two
        check({{0, WHOLE, 0}, {1, WHOLE, 9}, {2, WHOLE, 9}, {3, 1, 9}, {8, 2, 99}}); // far
    }

    TEST_CASE("ends come in order of time, then of number, however they move")
    {
        std::mt19937 random(1);
        EndQueue queue;
        std::map<uint32_t, Tick> expected;
        CHECK(queue.GetFirst() == NEVER);
        for (uint32_t i = 0; i < 20000; ++i)
        {
            const uint32_t id = random() % 300;
            const auto at = static_cast<Tick>(random() % 1000);
            switch (random() % 4)
            {
            case 0:
                queue.Set(id, at);
                expected[id] = at;
                break;
            case 1:
                queue.SetUnordered(id, at);
                queue.SetUnordered(id / 2, at + 5);
                queue.Order();
                expected[id] = at;
                expected[id / 2] = at + 5;
                break;
            default:
                CHECK(queue.Get(id) == (expected.count(id) > 0 ? expected[id] : NEVER));
                if (!expected.empty())
                {
                    const auto first =
                        std::min_element(expected.begin(), expected.end(), [](auto& a, auto& b) {
                            return std::tie(a.second, a.first) < std::tie(b.second, b.first);
                        });
                    CHECK(queue.GetFirst() == first->second);
                    CHECK(queue.GetFirstId() == first->first);
                    queue.Pop();
                    expected.erase(first);
                }
            }
        }
    }

    TEST_CASE("messages of one shape have one number, until the last of them drops it")
    {
        std::mt19937 random(1);
        FlowShapes shapes;
        const auto make = [](uint32_t kind) {
            FlowShape shape;
            shape.wireFlits = 1 + kind % 50;
            shape.behind = kind % 3;
            shape.ports = kind % 7;
            return shape;
        };
        std::vector<std::pair<uint32_t, uint32_t>> taken; // kind, number
        for (uint32_t i = 0; i < 20000; ++i)
        {
            if (!taken.empty() && random() % 2 == 0)
            {
                std::swap(taken[random() % taken.size()], taken.back());
                shapes.Drop(taken.back().second);
                taken.pop_back();
                continue;
            }
            const uint32_t kind = random() % 1000;
            taken.emplace_back(kind, shapes.Take(make(kind)));
        }
        std::map<uint32_t, uint32_t> numbers; // by kind, those that are alike being one
        for (const auto& [kind, number] : taken)
        {
            CHECK(shapes[number] == make(kind));
            const uint32_t alike = (kind % 50) * 21 + (kind % 3) * 7 + kind % 7;
            CHECK(numbers.emplace(alike, number).first->second == number);
        }
        CHECK(shapes.GetSize() == numbers.size());
    }

    TEST_CASE("queues that come and go are found")
    {
        std::mt19937_64 random(1);
        QueueTable table;
        std::map<uint64_t, uint32_t> expected;
        std::vector<uint64_t> keys; // by message
        for (uint32_t i = 0; i < 20000; ++i)
        {
            const uint64_t key = random() % 700;
            keys.push_back(key);
            const auto isLast = [&](uint32_t message) { return keys[message] == key; };
            const auto known = expected.find(key);
            if (known != expected.end() && random() % 2 == 0)
            {
                CHECK(table.Find(key, isLast) == known->second);
                table.Erase(key, known->second);
                expected.erase(known);
                continue;
            }
            uint32_t& last = table.Find(key, isLast);
            CHECK(last == (known == expected.end() ? QueueTable::NOBODY : known->second));
            last = i;
            expected[key] = i;
        }
    }
}
