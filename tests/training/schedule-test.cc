/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Schedules replayed on a fabric that takes no time, against their closed forms.
 */

#include "training-trial.h"

#include <doctest/doctest.h>
#include <map>
#include <string>

using namespace ns3::mtlink;

namespace
{

/** @return time of a stage's first pass forward, of which backward takes twice. */
Tick
GetForward(const TrainingTrial& trial)
{
    for (const Operation& operation : trial.graph.GetOperations())
    {
        if (operation.type == OperationType::COMPUTE)
        {
            return operation.duration;
        }
    }
    return 0;
}

} // namespace

TEST_SUITE("training-schedule")
{
    TEST_CASE("gpipe and 1f1b take (m + p - 1) (F + B)")
    {
        for (const ScheduleKind kind : {ScheduleKind::GPIPE, ScheduleKind::ONE_F_ONE_B})
        {
            for (const auto& [stages, micros, units] :
                 {std::tuple(4, 8, 33), {8, 32, 117}, {20, 64, 249}, {4, 2, 15}, {1, 3, 9}})
            {
                CAPTURE(stages);
                TrainingSpec spec = MakeSmallTraining(stages, micros);
                spec.schedule = kind;
                const TrainingTrial trial(spec);
                CHECK(units == (micros + stages - 1) * 3);
                CHECK(trial.GetTime() == units * GetForward(trial));
                CHECK(GetForward(trial) > 1000); // else rounding could hide anything
            }
        }
    }

    TEST_CASE("an interleaved schedule takes (m + (p - 1) / v) (F + B)")
    {
        for (const auto& [stages, micros, chunks, units] :
             {std::tuple(4, 8, 2, 57), {8, 32, 4, 405}, {16, 64, 3, 621}, {20, 80, 6, 1497}})
        {
            CAPTURE(stages);
            TrainingSpec spec = MakeSmallTraining(stages, micros);
            spec.model.layers = stages * chunks;
            spec.schedule = ScheduleKind::INTERLEAVED;
            spec.virtualStages = chunks;
            const TrainingTrial trial(spec);
            CHECK(units == 3 * (micros * chunks + stages - 1)); // of a chunk
            CHECK(trial.GetTime() == units * GetForward(trial));
        }
    }

    TEST_CASE("zero bubble's H1 waits (p - 1) (F + B - W)")
    {
        for (const auto& [stages, micros] : {std::pair(4, 8), {8, 32}, {2, 5}, {4, 20}})
        {
            CAPTURE(stages);
            TrainingSpec spec = MakeSmallTraining(stages, micros);
            spec.schedule = ScheduleKind::ZERO_BUBBLE_H1;
            const TrainingTrial trial(spec);
            // Attention's products have no weights, so W is less than B and F.
            Tick forward = 0;
            Tick input = 0;
            Tick weight = 0;
            for (const Operation& operation : trial.graph.GetOperations())
            {
                if (operation.type == OperationType::COMPUTE && operation.rank == 0)
                {
                    const std::string name = trial.iteration.GetBlock(operation).name;
                    (name == "forward"            ? forward
                     : name == "backward, inputs" ? input
                                                  : weight) = operation.duration;
                }
            }
            CHECK(forward > weight);
            CHECK(trial.GetTime() ==
                  micros * (forward + input + weight) + (stages - 1) * (forward + input - weight));
        }
    }

    TEST_CASE("dualpipe waits (p/2 - 1) (F&B + B - 3W)")
    {
        for (const auto& [stages, micros] : {std::pair(4, 8), {8, 16}, {8, 40}, {2, 4}, {16, 48}})
        {
            CAPTURE(stages);
            TrainingSpec spec = MakeSmallTraining(stages, micros);
            spec.schedule = ScheduleKind::DUALPIPE;
            spec.sequence = 1; // attention takes no time, so F, B and W are alike, as in its table
            spec.micro = 4;
            spec.global = 4 * micros;
            CheckTraining(spec);
            const TrainingTrial trial(spec);
            std::map<std::string, Tick> times; // of visits, by name
            for (const Operation& operation : trial.graph.GetOperations())
            {
                if (operation.type == OperationType::COMPUTE)
                {
                    times[trial.iteration.GetBlock(operation).name] = operation.duration;
                }
            }
            const Tick forward = times["forward"];
            const Tick weight = times["backward, weights"];
            const Tick backward = times["backward, inputs"] + weight;
            CHECK(times["backward"] == backward);
            CHECK(times["forward and backward"] == forward + backward);
            CHECK(trial.GetTime() ==
                  micros * (forward + backward) +
                      (stages / 2 - 1) * (forward + backward + backward - 3 * weight));
        }
    }

    TEST_CASE("slow stages cost what a replay by hand says")
    {
        // Stages of 1, 1, 1, 2 layers and so on; B = 2 F, m = 16, in units of a layer's F.
        const auto unitsOf = [](const std::vector<uint32_t>& layers) {
            TrainingSpec spec = MakeSmallTraining(4, 16);
            spec.model.layers = std::accumulate(layers.begin(), layers.end(), 0U);
            spec.parallel.stages = layers;
            const TrainingTrial trial(spec);
            TrainingSpec single = MakeSmallTraining(1, 1);
            const Tick unit = TrainingTrial(single).GetTime() / 3;
            CHECK(trial.GetTime() % unit == 0);
            return trial.GetTime() / unit;
        };
        CHECK(unitsOf({1, 1, 1, 2}) == 105);
        CHECK(unitsOf({2, 1, 1, 1}) == 99);
        CHECK(unitsOf({1, 2, 1, 1}) == 101);
        CHECK(unitsOf({3, 1, 2, 1}) == 147);
    }

    TEST_CASE("the bubble is accounted for as a bubble, the rest as kernels")
    {
        TrainingSpec spec = MakeSmallTraining(4, 8);
        const TrainingTrial trial(spec);
        const Tick unit = GetForward(trial);
        CHECK(trial.Of(TrainingCause::COMPUTE) == 24 * unit);
        CHECK(trial.Of(TrainingCause::BUBBLE) == 9 * unit);
    }
}
