/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Cards of several kinds in one iteration: by stage, by replica, with uneven layers and
 * micro-batches, against closed forms.
 */

#include "training-trial.h"
#include "training/balance.h"
#include "training/card-classes.h"
#include "training/memory-plan.h"
#include "training/mixed-cluster.h"

#include "ns3/mtlink-error.h"

#include <doctest/doctest.h>
#include <functional>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** @return a small training whose embedding and output take none on cards seven times slower, too.
 */
TrainingSpec
MakeTraining(uint32_t stages, uint32_t micros)
{
    TrainingSpec spec = MakeSmallTraining(stages, micros);
    spec.device.peak["bf16"] *= 8;
    return spec;
}

/** Give each part of a training, by rank, a kind of cards that is so many times slower. */
TrainingSpec
Slow(TrainingSpec spec,
     const std::vector<double>& factors,
     const std::function<uint32_t(const RankLayout&, uint32_t)>& partOf)
{
    for (std::size_t i = 0; i < factors.size(); ++i)
    {
        Device device = spec.device;
        device.peak["bf16"] /= factors[i];
        spec.kinds.push_back({"kind" + std::to_string(i), device});
    }
    const RankLayout layout(spec.parallel);
    for (uint32_t rank = 0; rank < spec.GetCards(); ++rank)
    {
        spec.kindOf.push_back(partOf(layout, rank));
    }
    return spec;
}

TrainingSpec
SlowStages(const TrainingSpec& spec, const std::vector<double>& factors)
{
    return Slow(spec, factors, [](const RankLayout& layout, uint32_t rank) {
        return layout.GetStage(rank);
    });
}

TrainingSpec
SlowReplicas(const TrainingSpec& spec, const std::vector<double>& factors)
{
    return Slow(spec, factors, [](const RankLayout& layout, uint32_t rank) {
        return layout.GetReplica(rank);
    });
}

/** @return one stage's time for a micro-batch, forward and backward, of a small training. */
Tick
GetUnit(uint32_t stages)
{
    const TrainingSpec spec = MakeTraining(stages, 1);
    return TrainingTrial(spec).GetTime() / stages;
}

/** @return what a small training of stages of such speeds takes, in units of a stage's F. */
double
GetStagesTime(ScheduleKind schedule, const std::vector<double>& factors, uint32_t micros)
{
    const auto stages = static_cast<uint32_t>(factors.size());
    TrainingSpec spec = MakeTraining(stages, micros);
    spec.schedule = schedule;
    const TrainingSpec mixed = SlowStages(spec, factors);
    constexpr double FORWARD = 3; // backward is two more
    return static_cast<double>(TrainingTrial(mixed).GetTime()) * FORWARD /
           static_cast<double>(GetUnit(stages));
}

std::string
GetRefusal(const TrainingSpec& spec)
{
    try
    {
        CheckTraining(spec);
        CheckMemory(spec);
    }
    catch (const ParameterError& error)
    {
        return error.GetParameter() + ": " + error.what();
    }
    return "accepted";
}

} // namespace

TEST_SUITE("mixed-cluster")
{
    TEST_CASE("equal cards that are listed as two kinds are as one kind, with all there is beside")
    {
        for (const ScheduleKind schedule : {ScheduleKind::ONE_F_ONE_B,
                                            ScheduleKind::GPIPE,
                                            ScheduleKind::ZERO_BUBBLE_H1,
                                            ScheduleKind::DUALPIPE})
        {
            TrainingSpec spec = MakeTraining(2, 16);
            spec.schedule = schedule;
            spec.parallel.tensor = 2;
            spec.parallel.sequence = true;
            spec.parallel.data = 2;
            spec.zero = 1;
            spec.device.launch = 1000;
            spec.device.collectiveFixed = 5000;
            CAPTURE(SCHEDULE_NAMES[static_cast<std::size_t>(schedule)]);
            const TrainingTrial one(spec, 1000, 3);
            for (const bool isByStage : {true, false})
            {
                const TrainingSpec two =
                    isByStage ? SlowStages(spec, {1, 1}) : SlowReplicas(spec, {1, 1});
                const TrainingTrial mixed(two, 1000, 3);
                CHECK(mixed.GetTime() == one.GetTime());
                CHECK(mixed.Account(0).time == one.Account(0).time);
                CHECK(two.GetTotalPeak() == spec.GetTotalPeak());
                CHECK(CountOperations(two, false) == CountOperations(spec, false));
            }
        }
    }

    TEST_CASE("stages of unlike speed take what an exact replay of their order does")
    {
        const auto oneByOne = ScheduleKind::ONE_F_ONE_B;
        CHECK(GetStagesTime(oneByOne, {1, 1, 1, 1}, 16) == 57);
        CHECK(GetStagesTime(oneByOne, {1, 1, 1, 2}, 16) == 105); // 16 of the slow one, 3 before
        CHECK(GetStagesTime(oneByOne, {2, 1, 1, 1}, 16) == 99);
        CHECK(GetStagesTime(oneByOne, {1, 2, 1, 1}, 16) == 101);
        CHECK(GetStagesTime(oneByOne, {3, 1, 2, 1}, 16) == 147);
        // All forward, then all backward: the slowest for each micro-batch, the others once.
        for (const std::vector<double>& factors :
             std::vector<std::vector<double>>{{1, 1, 1, 2}, {2, 1, 1, 1}, {1, 4, 2, 1}})
        {
            const double slowest = *std::max_element(factors.begin(), factors.end());
            const double sum = std::accumulate(factors.begin(), factors.end(), 0.0);
            CHECK(GetStagesTime(ScheduleKind::GPIPE, factors, 16) == 3 * (15 * slowest + sum));
        }
    }

    TEST_CASE("uneven layers balance stages of unlike speed")
    {
        for (const ScheduleKind schedule : {ScheduleKind::ONE_F_ONE_B, ScheduleKind::GPIPE})
        {
            TrainingSpec spec = MakeTraining(2, 8);
            spec.schedule = schedule;
            spec.model.layers = 6;
            spec.parallel.stages = {4, 2};
            const TrainingSpec mixed = SlowStages(spec, {1, 2});
            CHECK(TrainingTrial(mixed).GetTime() == (8 + 1) * 4 * GetUnit(2));
            TrainingSpec even = mixed;
            even.parallel.stages.clear();
            CHECK(TrainingTrial(even).GetTime() > TrainingTrial(mixed).GetTime());
        }
    }

    TEST_CASE("uneven micro-batches balance replicas of unlike speed")
    {
        for (const uint32_t zero : {0U, 1U})
        {
            for (const uint64_t bucket : {uint64_t{0}, uint64_t{1}})
            {
                TrainingSpec spec = MakeTraining(2, 12);
                spec.parallel.data = 2;
                spec.zero = zero;
                spec.overlap.bucket = bucket;
                TrainingSpec mixed = SlowReplicas(spec, {1, 2});
                CHECK(TrainingTrial(mixed).GetTime() == (6 + 1) * 2 * GetUnit(2));
                mixed.microBatches = {8, 4};
                CHECK(GetRefusal(mixed) == "accepted");
                CHECK(TrainingTrial(mixed).GetTime() ==
                      std::max((8 + 1) * GetUnit(2), (4 + 1) * 2 * GetUnit(2)));
                // With communication, all is accounted for, and gradients are summed once.
                const TrainingTrial slow(mixed, 700, 1);
                const CardAccount account = slow.Account(slow.times.GetSlowestRank());
                CHECK(SumOf(account.time) == account.end);
                CHECK(slow.Of(TrainingCause::DATA) > 0);
            }
        }
    }

    TEST_CASE("replicas that all have as many micro-batches are as if nothing was said")
    {
        TrainingSpec spec = MakeTraining(2, 8);
        spec.parallel.data = 2;
        spec.overlap.bucket = 1;
        TrainingSpec listed = spec;
        listed.microBatches = {4, 4};
        CHECK(TrainingTrial(listed, 700, 1).GetTime() == TrainingTrial(spec, 700, 1).GetTime());
    }

    TEST_CASE("numbers of micro-batches that can't be are refused")
    {
        TrainingSpec spec = MakeTraining(2, 12);
        spec.parallel.data = 2;
        const auto refuse = [&spec](std::vector<uint32_t> list) {
            spec.microBatches = std::move(list);
            return GetRefusal(spec);
        };
        CHECK(refuse({8, 3}).find("batch.micro_batches: the list has 11 micro-batches of 1 in 2 "
                                  "replicas, the batch 12 sequences in 2") == 0);
        CHECK(refuse({12}).find("batch.micro_batches: ") == 0);
        CHECK(refuse({12, 0}).find("has nothing to do") != std::string::npos);
        spec.zero = 2;
        CHECK(refuse({8, 4}).find("sum gradients after each micro-batch") != std::string::npos);
        CHECK(refuse({6, 6}) == "accepted");
        spec.zero = 0;
        spec.schedule = ScheduleKind::INTERLEAVED;
        spec.virtualStages = 2;
        spec.model.layers = 4;
        CHECK(refuse({7, 5}).find("batch.micro_batches: an interleaved schedule") == 0);
        CHECK(refuse({8, 4}) == "accepted");
    }

    TEST_CASE("schedules of several chunks take replicas with uneven numbers, too")
    {
        TrainingSpec spec = MakeTraining(2, 12);
        spec.parallel.data = 2;
        spec.overlap.bucket = 1;
        spec.model.layers = 4;
        spec.schedule = ScheduleKind::INTERLEAVED;
        spec.virtualStages = 2;
        spec.microBatches = {8, 4};
        const Tick unit = GetUnit(2);
        // The longer replica's own time: m + (p - 1) / v of a whole stage, two layers.
        CHECK(TrainingTrial(spec).GetTime() == (8 * 2 + 1) * unit);
    }

    TEST_CASE("memory is that of each kind, and refused for the one that it does not fit")
    {
        TrainingSpec spec = MakeTraining(2, 8);
        spec.model.layers = 6;
        spec.device.memorySize = 1e9;
        TrainingSpec mixed = SlowStages(spec, {1, 1});
        mixed.parallel.stages = {3, 3};
        std::vector<TrainingMemory> rows = PlanMemory(mixed);
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].stage == 0);
        CHECK(rows[0].device == "kind0");
        CHECK(rows[1].device == "kind1");
        CHECK(rows[0].GetTotal() > rows[1].GetTotal()); // more in flight
        mixed.kinds[1].device.memorySize = rows[1].GetTotal() * 0.9;
        CHECK(GetRefusal(mixed).find("memory: stage 1 needs") == 0);
        CHECK(GetRefusal(mixed).find("on each kind1, which has") != std::string::npos);
        mixed.parallel.stages = {4, 2};
        CHECK(GetRefusal(mixed) == "accepted");
        // By replica each stage has both.
        spec.parallel.data = 2;
        TrainingSpec replicas = SlowReplicas(spec, {1, 1});
        replicas.microBatches = {7, 1};
        rows = PlanMemory(replicas);
        REQUIRE(rows.size() == 4);
        CHECK(rows[0].activations == 2 * rows[1].activations); // 2 in flight, and 1
    }

    TEST_CASE("the bound is what speeds in sum give, and no iteration is quicker")
    {
        TrainingSpec spec = MakeTraining(1, 12);
        spec.parallel.data = 2;
        TrainingSpec mixed = SlowReplicas(spec, {1, 2});
        mixed.microBatches = {8, 4};
        const auto time = static_cast<double>(TrainingTrial(mixed).GetTime());
        CHECK(GetKernelBound(mixed) == doctest::Approx(time)); // both end at once
        CHECK(GetKernelBound(spec) == doctest::Approx(6.0 * static_cast<double>(GetUnit(1))));
        for (const std::vector<double>& factors :
             std::vector<std::vector<double>>{{1, 2, 1}, {3, 1, 2}})
        {
            const TrainingSpec stages = SlowStages(MakeTraining(3, 6), factors);
            CHECK(GetKernelBound(stages) <=
                  static_cast<double>(TrainingTrial(stages).GetTime()) + 1);
        }
        // A card that is quick at one thing and another at the other: each does what suits it.
        TrainingSpec unlike = SlowReplicas(spec, {1, 1});
        unlike.kinds[1].device.memoryRate = 1e9;
        unlike.kinds[1].device.peak["bf16"] *= 3;
        CHECK(GetKernelBound(unlike) <= static_cast<double>(TrainingTrial(unlike).GetTime()));
    }

    TEST_CASE("a kind alone has the layout of all, with as many stages as its cards divide into")
    {
        TrainingSpec spec = MakeTraining(4, 32);
        spec.parallel.data = 4;
        spec.model.layers = 10;
        spec.parallel.stages = {4, 4, 1, 1};
        TrainingSpec mixed = Slow(spec, {1, 2}, [](const RankLayout& layout, uint32_t rank) {
            return layout.GetStage(rank) < 3 ? 0U : 1U;
        });
        const TrainingSpec first = MakeAlone(mixed, 0);
        CHECK(first.parallel.pipeline == 4); // 12 cards
        CHECK(first.parallel.data == 3);
        CHECK(first.GetMicroBatches() == 8);
        CHECK(first.parallel.stages == std::vector<uint32_t>{3, 3, 2, 2});
        CHECK(first.kinds.empty());
        const TrainingSpec second = MakeAlone(mixed, 1);
        CHECK(second.parallel.pipeline == 4);
        CHECK(second.parallel.data == 1);
        CHECK(second.device.peak.at("bf16") == spec.device.peak.at("bf16") / 2);
        mixed.parallel.data = 1;
        mixed.global = 8;
        mixed.kindOf = {0, 0, 0, 1};
        const TrainingSpec single = MakeAlone(mixed, 1);
        CHECK(single.parallel.pipeline == 1);
        CHECK(single.parallel.data == 1);
        CHECK(ListRanks(mixed, 0) == std::vector<uint32_t>{0, 1, 2});
    }

    TEST_CASE("the quick time is that of a replay whose messages take none")
    {
        for (const ScheduleKind schedule : {ScheduleKind::ONE_F_ONE_B,
                                            ScheduleKind::GPIPE,
                                            ScheduleKind::ZERO_BUBBLE_H1,
                                            ScheduleKind::INTERLEAVED,
                                            ScheduleKind::DUALPIPE})
        {
            CAPTURE(SCHEDULE_NAMES[static_cast<std::size_t>(schedule)]);
            TrainingSpec spec = MakeTraining(2, 16);
            spec.schedule = schedule;
            spec.virtualStages = schedule == ScheduleKind::INTERLEAVED ? 2 : 1;
            spec.model.layers = 4;
            spec.parallel.tensor = 2;
            spec.parallel.sequence = true;
            spec.parallel.data = 2;
            spec.zero = 1;
            spec.device.launch = 1000;
            spec.device.collectiveFixed = 5000;
            TrainingSpec mixed = SlowStages(spec, {1, 3});
            CHECK(GetQuickTime(mixed) == TrainingTrial(mixed).GetTime());
            mixed = SlowReplicas(spec, {1, 3});
            mixed.microBatches = {12, 4};
            CHECK(GetQuickTime(mixed) == TrainingTrial(mixed).GetTime());
        }
    }

    TEST_CASE("layers are split so that no other split is quicker")
    {
        for (const std::vector<double>& factors :
             std::vector<std::vector<double>>{{1, 2, 1}, {3, 1, 2}, {1, 1, 1}, {2, 2, 5}})
        {
            TrainingSpec spec = MakeTraining(3, 6);
            spec.model.layers = 9;
            TrainingSpec mixed = SlowStages(spec, factors);
            BalanceStages(mixed);
            Tick least = NEVER;
            for (uint32_t first = 0; first <= 8; ++first)
            {
                for (uint32_t second = 1; first + second <= 9; ++second)
                {
                    TrainingSpec other = mixed;
                    other.parallel.stages = {first, second, 9 - first - second};
                    least = std::min(least, GetQuickTime(other));
                }
            }
            CHECK(GetQuickTime(mixed) == least);
            REQUIRE(mixed.balances.size() == 1);
            CHECK(mixed.balances[0].chosen == mixed.parallel.stages);
            CHECK(mixed.balances[0].timeNs == static_cast<double>(least) / 1000);
            CHECK(mixed.balances[0].timeNs <= mixed.balances[0].evenNs);
            CHECK(mixed.balances[0].tried > 3);
        }
    }

    TEST_CASE("layers go where there is memory for them, and nowhere where there is not")
    {
        TrainingSpec spec = MakeTraining(2, 8);
        spec.model.layers = 6;
        TrainingSpec mixed = SlowStages(spec, {1, 2});
        BalanceStages(mixed);
        CHECK(mixed.parallel.stages == std::vector<uint32_t>{4, 2});
        TrainingSpec small = SlowStages(spec, {1, 2});
        small.parallel.stages = {3, 3};
        small.kinds[0].device.memorySize = PlanMemory(small)[0].GetTotal();
        small.parallel.stages.clear();
        BalanceStages(small);
        CHECK(small.parallel.stages == std::vector<uint32_t>{3, 3});
        CHECK(small.balances[0].refused > 0);
        small.kinds[0].device.memorySize = 1;
        CHECK_THROWS_WITH_AS(BalanceStages(small),
                             doctest::Contains("none fits in memory"),
                             ParameterError);
        small.ignoresMemory = true;
        small.balances.clear();
        BalanceStages(small);
        CHECK(small.parallel.stages == std::vector<uint32_t>{4, 2});
    }

    TEST_CASE("micro-batches are split so that no other split is quicker")
    {
        TrainingSpec spec = MakeTraining(2, 12);
        spec.parallel.data = 3;
        for (const std::vector<double>& factors :
             std::vector<std::vector<double>>{{1, 2, 1}, {3, 1, 2}, {1, 1, 1}})
        {
            TrainingSpec mixed = SlowReplicas(spec, factors);
            BalanceMicroBatches(mixed);
            CHECK(GetRefusal(mixed) == "accepted");
            Tick least = NEVER;
            for (uint32_t first = 1; first <= 10; ++first)
            {
                for (uint32_t second = 1; first + second < 12; ++second)
                {
                    TrainingSpec other = mixed;
                    other.microBatches = {first, second, 12 - first - second};
                    least = std::min(least, GetQuickTime(other));
                }
            }
            CHECK(GetQuickTime(mixed) == least);
            REQUIRE(mixed.balances.size() == 1);
            CHECK(mixed.balances[0].chosen == mixed.microBatches);
        }
        TrainingSpec few = SlowReplicas(spec, {1, 2, 1});
        few.global = 2;
        CHECK_THROWS_WITH_AS(BalanceMicroBatches(few),
                             doctest::Contains("can't be split among 3 replicas"),
                             ParameterError);
    }
}
