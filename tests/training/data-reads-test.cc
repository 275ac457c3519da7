/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Training data that is read over the fabric: who reads what, and what it costs, in closed form.
 */

#include "training-trial.h"
#include "training/data-reads.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <numeric>
#include <string>

using namespace ns3::mtlink;

namespace
{

constexpr double PICOSECONDS_PER_S = 1e12;

/** @return training data, of which a read takes so long in the store. */
InputSpec
MakeInput(const TrainingSpec& spec, Tick read, uint32_t prefetch, uint32_t stores = 1)
{
    InputSpec input;
    for (uint32_t i = 0; i < stores; ++i)
    {
        input.store.push_back(1000 + i);
    }
    input.tokenBytes = 2;
    input.prefetch = prefetch;
    const auto bytes = static_cast<double>(spec.micro * (spec.sequence + 1) * input.tokenBytes);
    input.rate = bytes * PICOSECONDS_PER_S / static_cast<double>(read);
    return input;
}

/** @return what is sent of a kind in an iteration. */
uint64_t
Count(const IterationGraph& iteration, const std::string& collective, uint64_t bytes = 0)
{
    uint64_t count = 0;
    for (const TrainingTraffic& row : iteration.GetTraffic())
    {
        count += row.collective == collective && (bytes == 0 || row.bytes == bytes) ? row.count : 0;
    }
    return count;
}

Tick
Sum(const CardAccount& account)
{
    return std::accumulate(account.time.begin(), account.time.end(), Tick{0});
}

} // namespace

TEST_SUITE("data reads")
{
    TEST_CASE("a card that reads as it needs data waits for request, store and message each time")
    {
        constexpr Tick ALPHA = 700;
        constexpr Tick BETA = 3;
        constexpr uint32_t MICROS = 5;
        TrainingSpec spec = MakeSmallTraining(1, MICROS);
        const Tick without = TrainingTrial(spec, ALPHA, BETA).GetTime();
        constexpr Tick READ = 12'345;
        spec.input = MakeInput(spec, READ, 0);
        const Tick bytes = static_cast<Tick>(GetReadBytes(spec));
        CHECK(bytes == 2 * 17);
        const Tick latency = 2 * ALPHA + (1 + bytes) * BETA + READ;
        const TrainingTrial trial(spec, ALPHA, BETA);
        CHECK(trial.GetTime() == without + MICROS * latency);
        CHECK(trial.Of(TrainingCause::INPUT) == MICROS * latency);
        const CardAccount account = trial.Account(0);
        CHECK(Sum(account) == trial.GetTime());
        // On its way it was but for the request and the store.
        CHECK(account.exposed.at({GroupKind::TENSOR, 1}) == MICROS * (ALPHA + bytes * BETA));
    }

    TEST_CASE("read ahead, an iteration takes as long as the longer of both, computing and reading")
    {
        constexpr uint32_t MICROS = 6;
        TrainingSpec spec = MakeSmallTraining(1, MICROS);
        const Tick without = TrainingTrial(spec).GetTime();
        const Tick each = without / MICROS;
        for (const uint32_t iterations : {1U, 3U})
        {
            spec.iterations = iterations;
            for (const uint32_t prefetch : {1U, 2U, 4U, 100U})
            {
                for (const Tick read : {each / 3, each, each + 1, 5 * each})
                {
                    CAPTURE(iterations);
                    CAPTURE(prefetch);
                    CAPTURE(read);
                    spec.input = MakeInput(spec, read, prefetch);
                    const TrainingTrial trial(spec);
                    const Tick whole = iterations * MICROS * std::max(each, read);
                    CHECK(trial.GetTime() == whole);
                    CHECK(trial.Of(TrainingCause::INPUT) == whole - iterations * without);
                    CHECK(Count(trial.iteration, "read") == MICROS);
                }
            }
        }
    }

    TEST_CASE("replicas share a store's rate, and each of its endpoints has one")
    {
        constexpr uint32_t MICROS = 4;
        TrainingSpec spec = MakeSmallTraining(1, 2 * MICROS);
        spec.parallel.data = 2;
        const Tick without = TrainingTrial(spec).GetTime();
        const Tick read = without / MICROS;
        spec.input = MakeInput(spec, read, 2);
        CHECK(TrainingTrial(spec).GetTime() == 2 * MICROS * read);
        spec.input = MakeInput(spec, read, 2, 2);
        CHECK(TrainingTrial(spec).GetTime() == without);
    }

    TEST_CASE("what is read ahead and in time is all hidden")
    {
        constexpr Tick ALPHA = 100;
        constexpr uint32_t MICROS = 4;
        TrainingSpec spec = MakeSmallTraining(1, MICROS);
        const Tick without = TrainingTrial(spec, ALPHA, 1).GetTime();
        spec.input = MakeInput(spec, without / MICROS / 2, 1);
        const TrainingTrial trial(spec, ALPHA, 1);
        CHECK(trial.GetTime() == without);
        CHECK(trial.Of(TrainingCause::INPUT) == 0);
        // From the request until it has left the store.
        const Tick latency =
            ALPHA + 1 + static_cast<Tick>(GetReadBytes(spec)) + without / MICROS / 2;
        CHECK(trial.Account(0).communication[static_cast<std::size_t>(TrainingCause::INPUT)] ==
              MICROS * latency);
    }

    TEST_CASE("the first card of a tensor group reads in the first and the last stage")
    {
        constexpr uint32_t MICROS = 4;
        TrainingSpec spec = MakeSmallTraining(4, 2 * MICROS);
        spec.parallel.tensor = 2;
        spec.parallel.context = 2;
        spec.parallel.data = 2;
        spec.input = MakeInput(spec, 1000, 4);
        const TrainingTrial trial(spec, 10, 1);
        // Two stages of two replicas with two parts of each sequence.
        CHECK(Count(trial.iteration, "read") == 2 * MICROS * 2 * 2);
        // Tokens, positions and labels; the mask of the loss.
        CHECK(Count(trial.iteration, "broadcast", 8 * 16) == 3 * MICROS * 2 * 2);
        CHECK(Count(trial.iteration, "broadcast", 4 * 16) == MICROS * 2 * 2);
        spec.input->isReadByAll = true;
        const TrainingTrial all(spec, 10, 1);
        CHECK(Count(all.iteration, "read") == 2 * 2 * MICROS * 2 * 2);
        CHECK(Count(all.iteration, "broadcast") == 0);
        spec.input->isReadByAll = false;
        spec.input->tokenBytes = 0;
        spec.input->sampleBytes = 5000;
        const TrainingTrial samples(spec, 10, 1);
        CHECK(GetReadBytes(spec) == 5000);
        CHECK(Count(samples.iteration, "broadcast", 5000) == 2 * MICROS * 2 * 2);
    }

    TEST_CASE("cards of a group wait for the one that reads: input, folded or not")
    {
        TrainingSpec spec = MakeSmallTraining(2, 4);
        spec.parallel.tensor = 2;
        spec.input = MakeInput(spec, 1'000'000, 0);
        const TrainingTrial replayed(spec, 500, 2);
        const auto getInput = [](const TrainingTrial& trial, uint32_t rank) {
            const CardAccount account = trial.Account(rank);
            CHECK(Sum(account) == account.end);
            return static_cast<double>(
                account.time[static_cast<std::size_t>(TrainingCause::INPUT)]);
        };
        // The second card of the first stage has the data by what the first hands on.
        CHECK(getInput(replayed, 0) > 4 * 1'000'000);
        CHECK(getInput(replayed, 1) == doctest::Approx(getInput(replayed, 0)).epsilon(0.01));
        const TensorFold fold = FoldAll(spec, TimeTensorGroup(spec, 500, 2));
        const TrainingTrial folded(spec, 500, 2, {}, &fold);
        CHECK(static_cast<double>(folded.GetTime()) ==
              doctest::Approx(static_cast<double>(replayed.GetTime())).epsilon(0.001));
        CHECK(getInput(folded, 0) == doctest::Approx(getInput(replayed, 0)).epsilon(0.01));
    }

    TEST_CASE("every schedule reads what it uses, and its causes add up")
    {
        for (const ScheduleKind schedule : {ScheduleKind::GPIPE,
                                            ScheduleKind::ONE_F_ONE_B,
                                            ScheduleKind::INTERLEAVED,
                                            ScheduleKind::ZERO_BUBBLE_H1,
                                            ScheduleKind::DUALPIPE})
        {
            constexpr uint32_t MICROS = 8;
            TrainingSpec spec = MakeSmallTraining(4, MICROS);
            spec.parallel.pipeline = schedule == ScheduleKind::INTERLEAVED ? 2 : 4;
            spec.schedule = schedule;
            spec.virtualStages = schedule == ScheduleKind::INTERLEAVED ? 2 : 1;
            spec.iterations = 2;
            for (const uint32_t prefetch : {0U, 1U, 3U})
            {
                spec.input = MakeInput(spec, 2'000'000, prefetch);
                const TrainingTrial trial(spec, 1000, 2);
                CAPTURE(SCHEDULE_NAMES[static_cast<std::size_t>(schedule)]);
                CAPTURE(prefetch);
                CHECK(Count(trial.iteration, "read") == 2 * MICROS);
                CHECK(trial.Of(TrainingCause::INPUT) > 0);
                CHECK(Sum(trial.Account(trial.times.GetSlowestRank())) == trial.GetTime());
                for (uint32_t rank = 0; rank < spec.GetCards(); ++rank)
                {
                    const CardAccount account = trial.Account(rank);
                    CHECK(Sum(account) == account.end);
                }
                // No store reads faster than its rate.
                CHECK(trial.GetTime() >= 2 * 2 * MICROS * 2'000'000);
            }
        }
    }
}
