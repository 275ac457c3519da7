/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * The least time of an iteration against replays of the whole graph.
 */

#include "training-trial.h"
#include "training/quick-iteration.h"
#include "training/visit-steps.h"

#include <doctest/doctest.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** @return trainings with every schedule, with and without what runs beside it. */
std::vector<TrainingSpec>
MakeTrainings()
{
    std::vector<TrainingSpec> all;
    for (const ScheduleKind kind : {ScheduleKind::GPIPE,
                                    ScheduleKind::ONE_F_ONE_B,
                                    ScheduleKind::INTERLEAVED,
                                    ScheduleKind::ZERO_BUBBLE_H1,
                                    ScheduleKind::DUALPIPE})
    {
        for (const bool overlaps : {false, true})
        {
            TrainingSpec spec = MakeSmallTraining(4, 16);
            spec.model.layers = 8;
            spec.model.tied = true;
            spec.schedule = kind;
            spec.virtualStages = kind == ScheduleKind::INTERLEAVED ? 2 : 1;
            spec.parallel.tensor = 2;
            spec.parallel.data = 2;
            spec.parallel.sequence = true;
            spec.device.launch = 1000;
            spec.device.collectiveFixed = 5000;
            spec.device.collectiveStep = 700;
            spec.device.memoryRate = 1e12;
            spec.overlap.tensor = overlaps ? 1 : 0;
            spec.overlap.pipeline = overlaps;
            if (kind != ScheduleKind::DUALPIPE)
            {
                spec.zero = overlaps ? 1 : 0;
                spec.overlap.bucket = overlaps ? 100'000 : 0;
            }
            all.push_back(spec);
        }
    }
    TrainingSpec whole = MakeSmallTraining(1, 4);
    whole.model.layers = 6;
    whole.parallel.data = 2;
    whole.zero = 3;
    whole.overlap.bucket = 100'000;
    whole.device.collectiveFixed = 5000;
    all.push_back(whole);
    return all;
}

} // namespace

TEST_SUITE("training-quick-iteration")
{
    TEST_CASE("where communication takes no time, the least time is that of the whole graph")
    {
        QuickCosts costs;
        costs.collective = [](const Step&) { return Tick{0}; };
        costs.message = costs.leaving = [](uint32_t, uint32_t) { return Tick{0}; };
        for (const TrainingSpec& spec : MakeTrainings())
        {
            CAPTURE(static_cast<int>(spec.schedule));
            CAPTURE(spec.overlap.pipeline);
            CHECK(GetQuickIteration(spec, costs) == TrainingTrial(spec).GetTime());
        }
    }

    TEST_CASE("with messages between stages alone it is that of the graph, to the picosecond")
    {
        constexpr Tick ALPHA = 40'000;
        constexpr Tick BETA = 2;
        for (TrainingSpec spec : MakeTrainings())
        {
            spec.parallel.tensor = 1;
            spec.parallel.sequence = false;
            spec.parallel.data = 1;
            spec.model.tied = false;
            spec.zero = 0;
            QuickCosts costs;
            costs.collective = [](const Step&) { return Tick{0}; };
            costs.message = [&spec](uint32_t, uint32_t) {
                return ALPHA + BETA * static_cast<Tick>(GetSendBytes(spec));
            };
            costs.leaving = [&spec](uint32_t, uint32_t) {
                return BETA * static_cast<Tick>(GetSendBytes(spec));
            };
            CAPTURE(static_cast<int>(spec.schedule));
            CAPTURE(spec.overlap.pipeline);
            const TrainingTrial trial(spec, ALPHA, BETA);
            if (spec.schedule == ScheduleKind::DUALPIPE) // two messages leave a card at once
            {
                CHECK(GetQuickIteration(spec, costs) <= trial.GetTime());
            }
            else
            {
                CHECK(GetQuickIteration(spec, costs) == trial.GetTime());
            }
        }
    }

    TEST_CASE("what takes longer alone never makes an iteration shorter")
    {
        for (const TrainingSpec& spec : MakeTrainings())
        {
            Tick before = 0;
            for (const Tick each : {0, 1000, 50'000, 3'000'000})
            {
                QuickCosts costs;
                costs.collective = [each](const Step&) { return each; };
                costs.message = costs.leaving = [each](uint32_t, uint32_t) { return each; };
                const Tick time = GetQuickIteration(spec, costs);
                CHECK(time >= before);
                before = time;
            }
        }
    }
}
