/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * The list of layouts against all that there could be.
 */

#include "training-trial.h"
#include "training/layout-list.h"
#include "training/memory-plan.h"

#include "ns3/mtlink-error.h"

#include <doctest/doctest.h>
#include <set>
#include <tuple>
#include <vector>

using namespace ns3::mtlink;

namespace
{

using Sizes = std::tuple<uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint64_t, uint32_t>;

Sizes
GetSizes(const TrainingSpec& spec)
{
    return {spec.parallel.tensor,
            spec.parallel.context,
            spec.parallel.pipeline,
            spec.parallel.data,
            spec.virtualStages,
            spec.micro,
            spec.zero};
}

/** @return whether a training can be, and fits. */
bool
IsPossible(const TrainingSpec& spec)
{
    try
    {
        CheckTraining(spec);
        CheckMemory(spec);
    }
    catch (const ParameterError&)
    {
        return false;
    }
    return true;
}

/** @return 12 layers, 24 sequences of 16 tokens, on cards of so much memory. */
TrainingSpec
MakeBase(double memory)
{
    TrainingSpec spec = MakeSmallTraining(12, 24);
    spec.parallel.pipeline = 1;
    spec.device.memorySize = memory;
    return spec;
}

LayoutSpace
MakeSpace()
{
    LayoutSpace space;
    space.tensor = space.context = space.pipeline = space.virtualStages = space.micro = space.zero =
        true;
    return space;
}

} // namespace

TEST_SUITE("training-layout-list")
{
    TEST_CASE("all layouts that can be and fit are listed once, and no other")
    {
        constexpr uint32_t CARDS = 12;
        for (const double memory : {1e15, 1.2e8})
        {
            const TrainingSpec base = MakeBase(memory);
            const LayoutList list = ListLayouts(base, MakeSpace(), CARDS);
            std::set<Sizes> listed;
            for (const TrainingSpec& spec : list.layouts)
            {
                CHECK(IsPossible(spec));
                CHECK(listed.insert(GetSizes(spec)).second);
            }
            std::set<Sizes> possible;
            for (uint32_t tensor = 1; tensor <= CARDS; ++tensor)
            {
                for (uint32_t context = 1; context * tensor <= CARDS; ++context)
                {
                    for (uint32_t pipeline = 1; pipeline * context * tensor <= CARDS; ++pipeline)
                    {
                        const uint32_t others = tensor * context * pipeline;
                        for (uint32_t i = 0; CARDS % others == 0 && i < 12 * 24 * 4; ++i)
                        {
                            TrainingSpec spec = base;
                            spec.parallel.tensor = tensor;
                            spec.parallel.sequence = tensor > 1;
                            spec.parallel.context = context;
                            spec.parallel.pipeline = pipeline;
                            spec.parallel.data = CARDS / others;
                            spec.virtualStages = i % 12 + 1;
                            spec.schedule = spec.virtualStages > 1 ? ScheduleKind::INTERLEAVED
                                                                   : ScheduleKind::ONE_F_ONE_B;
                            spec.micro = i / 12 % 24 + 1;
                            spec.zero = i / 12 / 24;
                            if (IsPossible(spec))
                            {
                                possible.insert(GetSizes(spec));
                            }
                        }
                    }
                }
            }
            CHECK(listed == possible);
            CHECK(list.looked == list.indivisible + list.tooLarge + list.layouts.size());
            CHECK((memory < 1e15) == (list.tooLarge > 0));
        }
    }

    TEST_CASE("what is given stays, and data fills up")
    {
        TrainingSpec base = MakeBase(1e15);
        base.parallel.tensor = 2;
        base.schedule = ScheduleKind::GPIPE;
        base.zero = 1;
        LayoutSpace space;
        space.pipeline = true;
        const LayoutList list = ListLayouts(base, space, 24);
        CHECK(list.layouts.size() == 6); // 1, 2, 3, 4, 6 and 12 stages
        for (const TrainingSpec& spec : list.layouts)
        {
            CHECK(spec.parallel.tensor == 2);
            CHECK(spec.parallel.sequence);
            CHECK(spec.GetCards() == 24);
            CHECK(spec.schedule == ScheduleKind::GPIPE);
            CHECK(spec.zero == 1);
        }
        space.data = false;
        base.parallel.data = 4;
        const LayoutList fixed = ListLayouts(base, space, 24);
        REQUIRE(fixed.layouts.size() == 1);
        CHECK(fixed.layouts.front().parallel.pipeline == 3);
    }

    TEST_CASE("experts are shared by what divides both them and the cards of a stage")
    {
        TrainingSpec base = MakeBase(1e15);
        base.model.moe = Experts{6, 2, 0, 64};
        LayoutSpace space;
        space.expert = true;
        const LayoutList list = ListLayouts(base, space, 4);
        std::vector<uint32_t> sizes;
        for (const TrainingSpec& spec : list.layouts)
        {
            sizes.push_back(spec.parallel.expert);
        }
        CHECK(sizes == std::vector<uint32_t>{1, 2});
    }

    TEST_CASE("of those that do not fit the one that lacks least is kept")
    {
        const LayoutList list = ListLayouts(MakeBase(1e6), MakeSpace(), 12);
        CHECK(list.layouts.empty());
        REQUIRE(list.nearest);
        const double least = list.nearest->memory.GetTotal();
        CHECK(least > 1e6);
        CHECK(PlanMemory(list.nearest->layout)[list.nearest->stage].GetTotal() == least);
        // A card of just as much has one layout at least, and of a little less none.
        CHECK(!ListLayouts(MakeBase(least), MakeSpace(), 12).layouts.empty());
        CHECK(ListLayouts(MakeBase(least * 0.999), MakeSpace(), 12).layouts.empty());
    }

    TEST_CASE("more layouts than can be looked at are refused")
    {
        TrainingSpec base = MakeBase(1e15);
        base.model.layers = 720'720; // 240 divisors
        base.parallel.tensor = 3; // no divisor of the heads, so that each is looked at in no time
        LayoutSpace space = MakeSpace();
        space.tensor = false;
        CHECK_THROWS_WITH_AS(ListLayouts(base, space, 720'720),
                             doctest::Contains("more than 50000 layouts"),
                             ParameterError);
    }
}
