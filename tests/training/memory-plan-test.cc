/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-trial.h"
#include "training/memory-plan.h"

#include "ns3/mtlink-error.h"

#include <doctest/doctest.h>
#include <string>

using namespace ns3::mtlink;

namespace
{

constexpr double GIBIBYTE = 1024. * 1024 * 1024;

/** A row of Korthikanti et al. 2022, figure 1 (GiB, read off by Calculon's authors). */
struct Anchor
{
    Transformer model;
    uint64_t micro;
    uint32_t stages;
    uint32_t chunks;
    uint32_t micros;  // of a replica
    double state;     // weights, gradients, optimizer
    double whole;     // activations, tensor parallelism alone
    double selective; // with sequence parallelism and selective recomputation
};

TrainingSpec
MakeTraining(const Anchor& anchor)
{
    TrainingSpec spec;
    spec.model = anchor.model;
    spec.sequence = 2048;
    spec.micro = anchor.micro;
    spec.global = anchor.micro * anchor.micros;
    spec.parallel.tensor = 8;
    spec.parallel.pipeline = anchor.stages;
    spec.parallel.sequence = false;
    spec.virtualStages = anchor.chunks;
    spec.schedule = anchor.chunks > 1 ? ScheduleKind::INTERLEAVED : ScheduleKind::ONE_F_ONE_B;
    spec.device.memorySize = 80 * GIBIBYTE;
    return spec;
}

} // namespace

TEST_SUITE("training-memory")
{
    TEST_CASE("memory is what Korthikanti et al. print: state within 3 %, activations within 5 %")
    {
        const Anchor anchors[] = {{MakeGpt(48, 6144, 64), 4, 1, 1, 1, 45.56, 59.25, 9.56},
                                  {MakeGpt(96, 12288, 96), 1, 8, 3, 64, 45.56, 66.84, 12.35},
                                  {MakeGpt(105, 20480, 128), 1, 35, 3, 280, 31.64, 114.0, 23.08},
                                  {MakeGpt(128, 25600, 160), 1, 64, 1, 512, 32.96, 131.3, 26.56}};
        for (const Anchor& anchor : anchors)
        {
            CAPTURE(anchor.stages);
            TrainingSpec spec = MakeTraining(anchor);
            const auto activationsOf = [&] {
                // The first stage has most in flight; a single one has the logits too.
                const double logits =
                    anchor.stages == 1 ? 4. * 2048 * 4 * anchor.model.vocabulary / 8 : 0;
                return (PlanMemory(spec).front().activations - logits) / GIBIBYTE;
            };
            // The figure counts 18 B a parameter of layers alone: a stage without embedding.
            const std::vector<TrainingMemory> stages = PlanMemory(spec);
            const TrainingMemory& middle = stages[stages.size() / 2];
            CHECK((middle.weights + middle.gradients + middle.optimizer) / GIBIBYTE ==
                  doctest::Approx(anchor.state).epsilon(0.03));
            CHECK(activationsOf() == doctest::Approx(anchor.whole).epsilon(0.05));
            spec.parallel.sequence = true;
            spec.recompute = Recompute::SELECTIVE;
            CHECK(activationsOf() == doctest::Approx(anchor.selective).epsilon(0.05));
        }
    }

    TEST_CASE("ZeRO shares what its stage says, and no more")
    {
        TrainingSpec spec = MakeSmallTraining(1, 8);
        spec.parallel.data = 4;
        const TrainingMemory whole = PlanMemory(spec).front();
        CHECK(whole.gradients == 2 * whole.weights); // 4 B and 2 B
        CHECK(whole.optimizer == 6 * whole.weights);
        for (uint32_t zero = 1; zero <= 3; ++zero)
        {
            spec.zero = zero;
            const TrainingMemory shared = PlanMemory(spec).front();
            CHECK(shared.optimizer == whole.optimizer / 4);
            CHECK(shared.gradients == whole.gradients / (zero >= 2 ? 4 : 1));
            CHECK(shared.weights == whole.weights / (zero >= 3 ? 4 : 1));
            CHECK(shared.activations == whole.activations);
        }
    }

    TEST_CASE("what does not fit is refused with its largest part and what would fit")
    {
        TrainingSpec spec = MakeTraining({MakeGpt(48, 6144, 64), 4, 1, 1, 1, 0, 0, 0});
        std::string message;
        try
        {
            CheckMemory(spec);
        }
        catch (const ParameterError& error)
        {
            message = error.what();
        }
        CHECK(message.find("the largest part is activations") != std::string::npos);
        CHECK(message.find("recompute: full") != std::string::npos);
        // What is proposed does fit.
        spec.recompute = Recompute::FULL;
        CHECK_NOTHROW(CheckMemory(spec));
        spec.recompute = Recompute::NONE;
        spec.ignoresMemory = true;
        CHECK_NOTHROW(CheckMemory(spec));
    }

    TEST_CASE("in flight are as many micro-batches as a schedule says")
    {
        TrainingSpec spec = MakeSmallTraining(4, 8);
        const auto most = [&](uint32_t stage) {
            return GetMostInFlight(MakeSchedule(spec, stage));
        };
        CHECK(most(0) == 4);
        CHECK(most(3) == 1);
        spec.schedule = ScheduleKind::GPIPE;
        CHECK(most(0) == 8);
        CHECK(most(3) == 8);
        spec.schedule = ScheduleKind::ZERO_BUBBLE_H1;
        for (uint32_t stage = 0; stage < 4; ++stage)
        {
            CHECK(most(stage) == 4); // no more than 1f1b's first
        }
        spec.schedule = ScheduleKind::INTERLEAVED;
        spec.virtualStages = 3;
        CHECK(most(0) == 4 * 3 + 4 - 1); // p v (1 + (p - 1) / (p v))
    }
}
