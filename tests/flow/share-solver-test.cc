/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "flow/queue-table.h"
#include "flow/share-solver.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <random>
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

    TEST_CASE("queues that come and go are found")
    {
        std::mt19937_64 random(1);
        QueueTable table;
        std::map<uint64_t, uint32_t> expected;
        for (uint32_t i = 0; i < 20000; ++i)
        {
            const uint64_t key = random() % 700;
            const auto known = expected.find(key);
            if (known != expected.end() && random() % 2 == 0)
            {
                CHECK(*table.Find(key).first == known->second);
                table.Erase(key);
                expected.erase(known);
                continue;
            }
            const auto [last, isNew] = table.Find(key);
            CHECK(isNew == (known == expected.end()));
            *last = i;
            expected[key] = i;
        }
    }
}
