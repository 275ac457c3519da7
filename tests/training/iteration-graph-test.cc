/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-trial.h"
#include "training/layer-steps.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <map>
#include <string>

using namespace ns3::mtlink;

namespace
{

/** @return a training with all kinds of groups, whose kernels take a while. */
TrainingSpec
MakeMixed(uint32_t zero = 1)
{
    TrainingSpec spec;
    spec.model = MakeGpt(4, 256, 8, 1024);
    spec.model.flash = true;
    spec.model.gated = true;
    spec.model.moe = Experts{4, 2, 1, 128, 1};
    spec.device.peak["bf16"] = 1e12;
    spec.device.memorySize = 1e12;
    spec.device.memoryRate = 1e12;
    spec.device.launch = 1'000'000;
    spec.device.halfGflop = 1;
    spec.device.collectiveFixed = 2'000'000;
    spec.sequence = 64;
    spec.global = 8;
    spec.parallel.tensor = 2;
    spec.parallel.context = 2;
    spec.parallel.data = 2;
    spec.parallel.pipeline = zero < 2 ? 2 : 1;
    spec.parallel.expert = 4;
    spec.zero = zero;
    CheckTraining(spec);
    return spec;
}

/** @return a training of every feature in turn. */
std::vector<TrainingSpec>
MakeAll()
{
    std::vector<TrainingSpec> all;
    for (uint32_t zero = 0; zero <= 3; ++zero)
    {
        for (const uint64_t bucket : {0, 100'000})
        {
            for (const Recompute recompute :
                 {Recompute::NONE, Recompute::SELECTIVE, Recompute::FULL})
            {
                TrainingSpec spec = MakeMixed(zero);
                spec.overlap.bucket = bucket;
                spec.overlap.tensor = bucket > 0 ? 1 : 0;
                spec.overlap.pipeline = bucket > 0;
                spec.recompute = recompute;
                spec.iterations = 1 + zero % 2;
                all.push_back(spec);
            }
        }
    }
    TrainingSpec interleaved = MakeMixed();
    interleaved.schedule = ScheduleKind::INTERLEAVED;
    interleaved.virtualStages = 2;
    all.push_back(interleaved);
    TrainingSpec zeroBubble = MakeMixed();
    zeroBubble.schedule = ScheduleKind::ZERO_BUBBLE_H1;
    all.push_back(zeroBubble);
    for (const ContextExchange exchange : {ContextExchange::RING, ContextExchange::ALL_TO_ALL})
    {
        TrainingSpec context = MakeMixed();
        context.parallel.contextExchange = exchange;
        context.overlap.expert = true;
        all.push_back(context);
    }
    for (uint32_t zero = 2; zero <= 3; ++zero)
    {
        TrainingSpec pipeline = MakeMixed(zero);
        pipeline.parallel.pipeline = 2;
        pipeline.overlap.bucket = 100'000 * (zero - 2);
        all.push_back(pipeline);
    }
    TrainingSpec kept = MakeMixed(3);
    kept.parallel.pipeline = 2;
    kept.schedule = ScheduleKind::INTERLEAVED;
    kept.virtualStages = 2;
    kept.parallel.stages = {0, 2, 1, 1};
    kept.reshards = false;
    all.push_back(kept);
    kept.overlap.bucket = 100'000;
    kept.overlap.tensor = 2;
    all.push_back(kept);
    TrainingSpec parts = MakeMixed();
    parts.overlap.tensor = 4;
    parts.recompute = Recompute::FULL;
    all.push_back(parts);
    for (const bool isBeside : {false, true})
    {
        TrainingSpec dual = MakeMixed();
        dual.schedule = ScheduleKind::DUALPIPE;
        dual.overlap.expert = isBeside;
        dual.global = 16;
        all.push_back(dual);
    }
    TrainingSpec gpipe = MakeMixed();
    gpipe.schedule = ScheduleKind::GPIPE;
    gpipe.parallel.sequence = false;
    gpipe.parallel.expert = 1;
    gpipe.model.moe.reset();
    gpipe.model.flash = false;
    gpipe.parallel.scatterGather = true;
    all.push_back(gpipe);
    return all;
}

} // namespace

TEST_SUITE("training-iteration")
{
    TEST_CASE("causes add up to the iteration, on every card and with every feature")
    {
        std::vector<TrainingSpec> all = MakeAll();
        all.push_back(MakeMixed());
        all.back().overlap.pipeline = false;
        for (const TrainingSpec& spec : all)
        {
            CheckTraining(spec);
            const TrainingTrial trial(spec, 5'000'000, 20);
            CHECK(trial.replay.replayer.IsComplete());
            Tick last = 0;
            for (uint32_t rank = 0; rank < spec.GetCards(); ++rank)
            {
                const CardAccount account = trial.Account(rank);
                CHECK(SumOf(account.time) == account.end);
                CHECK(*std::min_element(account.time.begin(), account.time.end()) >= 0);
                Tick exposed = 0;
                for (const auto& [with, time] : account.exposed)
                {
                    exposed += time;
                }
                Tick communication = 0;
                for (const TrainingCause cause : {TrainingCause::TENSOR,
                                                  TrainingCause::PIPELINE,
                                                  TrainingCause::DATA,
                                                  TrainingCause::EXPERT,
                                                  TrainingCause::CONTEXT})
                {
                    communication += account.time[static_cast<std::size_t>(cause)];
                    CHECK(account.time[static_cast<std::size_t>(cause)] <=
                          account.communication[static_cast<std::size_t>(cause)]);
                }
                CHECK(exposed == communication);
                last = std::max(last, account.end);
            }
            CHECK(last == trial.GetTime());
            CHECK(trial.Account(trial.times.GetSlowestRank()).end == last);
        }
    }

    TEST_CASE("communication is what its collectives take, and what hides is not exposed")
    {
        constexpr Tick ALPHA = 5'000'000;
        constexpr Tick BETA = 20;
        const auto tensor = static_cast<std::size_t>(TrainingCause::TENSOR);
        for (const bool hides : {false, true})
        {
            TrainingSpec spec = MakeMixed();
            spec.model.moe.reset();
            spec.parallel = {};
            spec.parallel.tensor = 2;
            spec.overlap.tensor = hides ? 1 : 0;
            CheckTraining(spec);
            const TrainingTrial trial(spec, ALPHA, BETA);
            const TensorTimes times = TimeTensorGroup(spec, ALPHA, BETA);
            Tick all = 0;
            for (const TrainingTraffic& row : trial.iteration.GetTraffic())
            {
                CHECK(row.group == "tensor");
                all += static_cast<Tick>(row.count) * times.at({row.collective, row.bytes}).time;
            }
            for (const uint32_t rank : {0U, 1U})
            {
                const CardAccount account = trial.Account(rank);
                CHECK(account.communication[tensor] == all);
                CHECK(account.exposed.at({GroupKind::TENSOR, NONE}) == account.time[tensor]);
                if (hides)
                {
                    CHECK(account.time[tensor] < all);
                }
                else
                {
                    CHECK(account.time[tensor] == all);
                }
            }
        }
    }

    TEST_CASE("in parts beside the product that needs it, all of a collective hides but one part")
    {
        constexpr uint32_t LAYERS = 3;
        constexpr Tick BETA = 64;
        TrainingSpec spec = MakeSmallTraining(1, 2);
        spec.model.layers = LAYERS;
        spec.device.peak["bf16"] = 1e12; // products take longer than what they wait for
        spec.parallel.tensor = 2;
        spec.parallel.sequence = true;
        std::map<uint32_t, Tick> exposed;
        std::map<uint32_t, uint64_t> bytes;
        Tick collective = 0;
        for (const uint32_t parts : {1U, 2U, 4U})
        {
            spec.overlap.tensor = parts;
            CheckTraining(spec);
            const TrainingTrial trial(spec, 0, BETA);
            exposed[parts] = trial.Of(TrainingCause::TENSOR);
            for (const TrainingTraffic& row : trial.iteration.GetTraffic())
            {
                bytes[parts] += row.bytes * row.count;
            }
            if (parts == 1)
            {
                const TensorTimes times = TimeTensorGroup(spec, 0, BETA);
                collective = times.at({"all_gather", 2 * 16 * 512}).time;
            }
        }
        // A layer's two blocks: in and out forward, in backward, for each of two micro-batches.
        const Tick layers = Tick{2} * LAYERS * 6 * collective;
        CHECK(collective > 0);
        CHECK(exposed[1] - exposed[2] == layers / 2);
        CHECK(exposed[1] - exposed[4] == layers * 3 / 4);
        CHECK(bytes[2] == bytes[1]);
        CHECK(bytes[4] == bytes[1]);
    }

    TEST_CASE("parts of one kernel take what the whole product does, split ones longer")
    {
        TrainingSpec spec = MakeSmallTraining(1, 2);
        spec.device.halfGflop = 0.01; // products are of a size where it matters
        spec.parallel.tensor = 2;
        spec.parallel.sequence = true;
        CheckTraining(spec);
        const auto computeOf = [&spec] {
            CheckTraining(spec);
            return TrainingTrial(spec, 0, 64).Of(TrainingCause::COMPUTE);
        };
        const Tick whole = computeOf();
        for (const uint32_t parts : {2U, 4U, 8U})
        {
            spec.overlap.tensor = parts;
            spec.overlap.fused = true;
            CHECK(computeOf() == whole);
            spec.overlap.fused = false;
            CHECK(computeOf() > whole);
        }
    }

    TEST_CASE("weights that stay come one layer ahead, from one chunk to the next, too")
    {
        TrainingSpec spec = MakeSmallTraining(2, 8);
        spec.model = MakeGpt(9, 256, 8, 1024);
        spec.parallel.data = 4;
        spec.schedule = ScheduleKind::INTERLEAVED;
        spec.virtualStages = 3;
        spec.parallel.stages = {0, 2, 3, 1, 1, 2};
        spec.zero = 3;
        spec.reshards = false;
        spec.overlap.bucket = 1;
        CheckTraining(spec);
        const LayerSteps layers(spec);
        for (const auto& [stage, all] : {std::pair(0U, 4), {1U, 5}})
        {
            Steps steps = layers.Begin(stage);
            CHECK(steps.size() == 1);
            for (uint32_t chunk = 0; chunk < spec.virtualStages; ++chunk)
            {
                steps = Join(steps, layers.Forward(stage, chunk, true));
            }
            int launched = 0;
            int had = 0;
            for (const Step& step : steps)
            {
                if (step.group == GroupKind::DATA)
                {
                    launched += step.type == Step::LAUNCH ? 1 : 0;
                    had += step.type == Step::WAIT ? 1 : 0;
                }
                CHECK(launched >= had);
                if (step.type == Step::COMPUTE && had > 0)
                {
                    CHECK(launched == std::min(had + 1, all));
                }
            }
            CHECK(had == all);
        }
        spec.overlap.bucket = 0;
        CHECK(layers.Begin(0).empty());
    }

    TEST_CASE("the optimizer's step reads and writes what its passes do")
    {
        for (const auto& [precision, gradients, bytes] :
             {std::tuple("bf16", 4U, 50.0), {"fp16", 4U, 58.0}, {"bf16", 2U, 54.0}})
        {
            TrainingSpec spec = MakeSmallTraining(1, 1);
            spec.device.peak["fp16"] = spec.device.peak["bf16"];
            spec.device.memoryRate = 1e9;
            spec.device.memoryEfficiency = 0.5;
            spec.precision = precision;
            spec.gradientBytes = gradients;
            const TrainingTrial trial(spec);
            const uint64_t parameters = spec.model.GetParameters() - 2 * 512; // last norm
            CHECK(trial.Of(TrainingCause::OPTIMIZER) ==
                  std::llround(bytes * static_cast<double>(parameters) / 0.5e9 * 1e12));
        }
    }

    TEST_CASE("a folded tensor group takes the picosecond that it takes when it is replayed")
    {
        for (const TrainingSpec& spec : MakeAll())
        {
            if (spec.overlap.expert)
            {
                continue; // shared experts' tensor groups and tokens are on the same links
            }
            const TensorFold times = FoldAll(spec, TimeTensorGroup(spec, 5'000'000, 20));
            const TrainingTrial folded(spec, 5'000'000, 20, {}, &times);
            const TrainingTrial replayed(spec, 5'000'000, 20);
            CHECK(folded.graph.GetOperations().size() < replayed.graph.GetOperations().size());
            CHECK(folded.times.GetSkew() == 0);
            CHECK(folded.GetTime() == replayed.GetTime());
            const CardAccount a = folded.Account(folded.times.GetSlowestRank());
            const CardAccount b = replayed.Account(replayed.times.GetSlowestRank());
            CHECK(a.rank == b.rank);
            // Weights that come ahead are exposed beside the tensor group's collectives: then
            // either may be told, and their sum is the same.
            const bool isAmbiguous = spec.zero == 3 && spec.overlap.bucket > 0;
            CHECK(SumOf(a.time) == SumOf(b.time));
            for (std::size_t cause = 0; cause < TRAINING_CAUSES; ++cause)
            {
                const auto name = static_cast<TrainingCause>(cause);
                const bool isOneOfTwo =
                    isAmbiguous && (name == TrainingCause::HOST || name == TrainingCause::TENSOR ||
                                    name == TrainingCause::DATA);
                CAPTURE(cause);
                CHECK((isOneOfTwo || a.time[cause] == b.time[cause]));
            }
            CHECK(a.communication == b.communication);
            const auto& left = folded.iteration.GetTraffic();
            const auto& right = replayed.iteration.GetTraffic();
            CHECK(std::equal(left.begin(),
                             left.end(),
                             right.begin(),
                             right.end(),
                             [](const TrainingTraffic& x, const TrainingTraffic& y) {
                                 return x.group == y.group && x.collective == y.collective &&
                                        x.bytes == y.bytes && x.count == y.count;
                             }));
        }
    }

    TEST_CASE("a training's operations are estimated from above, and not by much")
    {
        for (const TrainingSpec& spec : MakeAll())
        {
            const TrainingTrial trial(spec);
            const auto count = static_cast<double>(trial.graph.GetOperations().size());
            CHECK(CountOperations(spec, false) >= count);
            CHECK(CountOperations(spec, false) < 2 * count);
            const TensorFold times = FoldAll(spec, TimeTensorGroup(spec, 0, 0));
            const TrainingTrial folded(spec, 0, 0, {}, &times);
            CHECK(CountOperations(spec, true) >=
                  static_cast<double>(folded.graph.GetOperations().size()));
            CHECK(CountOperations(spec, true) < CountOperations(spec, false));
        }
    }

    TEST_CASE("in fp8 the output layer and the router stay in 16 bit")
    {
        // What fp8 gains is what linear layers gain: the same with any vocabulary and any experts.
        const auto gain = [](uint32_t vocabulary, uint32_t experts) {
            TrainingSpec spec = MakeSmallTraining(1, 1);
            spec.model.vocabulary = vocabulary;
            spec.model.moe = Experts{experts, 2, 0, 128, 0};
            spec.device.peak["fp8"] = 4 * spec.device.peak["bf16"];
            spec.device.matmulFp8 = 0.5;
            const Tick wide = TrainingTrial(spec).Of(TrainingCause::COMPUTE);
            spec.precision = "fp8";
            return wide - TrainingTrial(spec).Of(TrainingCause::COMPUTE);
        };
        const Tick least = gain(1, 4);
        CHECK(least > 0);
        CHECK(gain(4096, 4) == least);
        CHECK(gain(4096, 16) == least);
    }

    TEST_CASE("a card computes for as long as its kernels take, whatever the fabric")
    {
        for (const TrainingSpec& spec : MakeAll())
        {
            const TrainingTrial quick(spec);
            const TrainingTrial slow(spec, 5'000'000, 20);
            for (uint32_t rank = 0; rank < spec.GetCards(); ++rank)
            {
                const Composition a = quick.Account(rank).time;
                const Composition b = slow.Account(rank).time;
                for (const TrainingCause cause :
                     {TrainingCause::COMPUTE, TrainingCause::RECOMPUTE, TrainingCause::OPTIMIZER})
                {
                    CHECK(a[static_cast<std::size_t>(cause)] == b[static_cast<std::size_t>(cause)]);
                }
            }
            CHECK(quick.GetTime() < slow.GetTime());
        }
    }

    TEST_CASE("one more of anything sends the bytes that training.md's table says")
    {
        // Tensor and sequence parallelism: 2 gathers and 2 scatters of 2 s b h forward in a layer,
        // the same backward and 2 gathers more.
        TrainingSpec spec = MakeSmallTraining(1, 3);
        spec.model.layers = 5;
        spec.parallel.tensor = 4;
        spec.parallel.sequence = true;
        const TrainingTrial trial(spec);
        std::map<std::string, uint64_t> counts;
        for (const TrainingTraffic& row : trial.iteration.GetTraffic())
        {
            if (row.bytes == 2 * 16 * 512)
            {
                counts[row.collective] += row.count;
            }
        }
        // Embedding: a scatter forward, a gather backward; output: a gather forward, a gather and
        // a scatter backward.
        CHECK(counts["all_gather"] == 3 * (5 * (2 + 2 + 2) + 1 + 1 + 1));
        CHECK(counts["reduce_scatter"] == 3 * (5 * (2 + 2) + 1 + 1));
    }

    TEST_CASE("data groups sum all gradients once, whatever the buckets")
    {
        for (const uint64_t bucket : {uint64_t{0}, uint64_t{1}, uint64_t{1'000'000}})
        {
            for (uint32_t zero = 0; zero <= 1; ++zero)
            {
                TrainingSpec spec = MakeSmallTraining(2, 8);
                spec.model = MakeGpt(4, 256, 8, 1024);
                spec.model.tied = false;
                spec.parallel.data = 4;
                spec.zero = zero;
                spec.overlap.bucket = bucket;
                const TrainingTrial trial(spec);
                uint64_t gradients = 0;
                uint64_t weights = 0;
                for (const TrainingTraffic& row : trial.iteration.GetTraffic())
                {
                    if (row.group == "data")
                    {
                        (row.collective == "all_gather" ? weights : gradients) +=
                            row.bytes * row.count;
                    }
                }
                const uint64_t parameters = spec.model.GetParameters() - 2 * 256; // last norm
                CHECK(gradients == 4 * parameters);
                CHECK(weights == (zero == 1 ? 2 * parameters : 0));
            }
        }
    }

    TEST_CASE("ZeRO 2 and 3 sum after each micro-batch, and keep weights if they are told to")
    {
        constexpr uint64_t MICROS = 8;
        for (const auto& [zero, reshards, sums, gathers] : {std::tuple(2U, true, MICROS, 0UL),
                                                            {3U, true, MICROS, 2 * MICROS},
                                                            {3U, false, 1UL, 1UL}})
        {
            TrainingSpec spec = MakeSmallTraining(2, 4 * MICROS);
            spec.model = MakeGpt(4, 256, 8, 1024);
            spec.model.tied = false;
            spec.parallel.data = 4;
            spec.zero = zero;
            spec.reshards = reshards;
            CheckTraining(spec);
            const TrainingTrial trial(spec);
            uint64_t gradients = 0;
            uint64_t weights = 0;
            for (const TrainingTraffic& row : trial.iteration.GetTraffic())
            {
                if (row.group == "data")
                {
                    (row.collective == "all_gather" ? weights : gradients) += row.bytes * row.count;
                }
            }
            const uint64_t parameters = spec.model.GetParameters() - 2 * 256; // last norm
            const uint64_t layers = 4 * spec.model.GetLayer(0).GetTotal();
            CHECK(gradients == sums * 4 * parameters);
            // ZeRO 2 has all new weights at the end.
            CHECK(weights == (zero == 2 ? 2 * parameters : gathers * 2 * layers));
        }
    }

    TEST_CASE("scatter and gather send a part of each message, and gather it")
    {
        TrainingSpec spec = MakeSmallTraining(4, 8);
        spec.parallel.tensor = 4;
        const auto bytesOf = [](const TrainingTrial& trial, const std::string& collective) {
            uint64_t bytes = 0;
            for (const TrainingTraffic& row : trial.iteration.GetTraffic())
            {
                bytes += row.collective == collective ? row.bytes * row.count : 0;
            }
            return bytes;
        };
        const TrainingTrial whole(spec);
        spec.parallel.scatterGather = true;
        CheckTraining(spec);
        const TrainingTrial parts(spec);
        CHECK(bytesOf(whole, "send") == 4 * bytesOf(parts, "send"));
        // 3 stages have one before them, 3 one behind them.
        CHECK(bytesOf(parts, "all_gather") - bytesOf(whole, "all_gather") ==
              8 * (3 + 3) * 2 * 16 * 512);
        CHECK(whole.GetTime() == parts.GetTime()); // on a fabric that takes no time
    }

    TEST_CASE("cards that share a sequence send what training.md's table says, in no time on no "
              "fabric")
    {
        constexpr uint64_t CARDS = 4;
        constexpr uint64_t LAYERS = 3;
        constexpr uint64_t MICROS = 2;
        Tick time = 0;
        for (const ContextExchange exchange :
             {ContextExchange::GATHER, ContextExchange::RING, ContextExchange::ALL_TO_ALL})
        {
            TrainingSpec spec = MakeSmallTraining(1, MICROS);
            spec.model.layers = LAYERS;
            spec.model.kvHeads = 4;
            spec.sequence = 1024;
            spec.parallel.context = CARDS;
            spec.parallel.contextExchange = exchange;
            CheckTraining(spec);
            const TrainingTrial trial(spec);
            time = exchange == ContextExchange::GATHER ? trial.GetTime() : time;
            CHECK(trial.GetTime() == time);
            uint64_t sent = 0; // by a card
            for (const TrainingTraffic& row : trial.iteration.GetTraffic())
            {
                if (row.group == "context")
                {
                    sent += row.count * (row.collective == "send_recv"
                                             ? row.bytes
                                             : row.bytes * (CARDS - 1) / CARDS);
                }
            }
            const uint64_t h = 512;
            const uint64_t kv = 4 * 64;
            const uint64_t ring = 2 * 2 * 1024 * kv / CARDS * (CARDS - 1);
            const uint64_t heads = (CARDS - 1) * (2 * h + 2 * kv) * 2 * 1024 / CARDS / CARDS;
            // Gathered: keys and values twice, their gradients scattered once.
            CHECK(sent == LAYERS * MICROS *
                              (exchange == ContextExchange::ALL_TO_ALL ? 2 * heads : 3 * ring));
        }
    }

    TEST_CASE("a ring hides keys and values behind attention, all but the last gradients")
    {
        TrainingSpec spec = MakeSmallTraining(1, 1);
        spec.sequence = 4096;
        spec.parallel.context = 4;
        const Tick none = TrainingTrial(spec).GetTime();
        spec.parallel.contextExchange = ContextExchange::RING;
        // A part takes less time than attention to one.
        const TrainingTrial ring(spec, 1000, 0);
        CHECK(ring.GetTime() - none ==
              ring.Of(TrainingCause::CONTEXT) + ring.Of(TrainingCause::DATA));
        CHECK(ring.Of(TrainingCause::CONTEXT) == 1000);
    }

    TEST_CASE("tokens on their way to experts hide behind shared experts")
    {
        TrainingSpec spec = MakeMixed();
        spec.model.moe->shared = 8;
        const TrainingTrial without(spec, 5'000'000, 20);
        spec.overlap.expert = true;
        const TrainingTrial beside(spec, 5'000'000, 20);
        CHECK(beside.GetTime() < without.GetTime());
        CHECK(TrainingTrial(spec).Of(TrainingCause::COMPUTE) == without.Of(TrainingCause::COMPUTE));
    }

    TEST_CASE("kernels take longer by so much while their card communicates")
    {
        TrainingSpec spec = MakeSmallTraining(1, 4);
        spec.model.layers = 4;
        spec.parallel.data = 2;
        spec.global = 8;
        spec.overlap.bucket = 1;
        const TrainingTrial none(spec, 2000, 0);
        spec.overlap.slowdown = 0.5;
        const TrainingTrial slowed(spec, 2000, 0);
        CHECK(slowed.GetTime() > none.GetTime());
        CHECK(slowed.GetTime() < none.GetTime() + none.GetTime() / 2);
        CHECK(SumOf(slowed.Account(0).time) == slowed.Account(0).end);
        // Nothing runs beside a collective that is waited for.
        spec.overlap.bucket = 0;
        const Tick waited = TrainingTrial(spec, 2000, 0).GetTime();
        spec.overlap.slowdown = 0;
        CHECK(TrainingTrial(spec, 2000, 0).GetTime() == waited);
    }

    TEST_CASE("more overlap never takes longer")
    {
        TrainingSpec spec = MakeSmallTraining(2, 8);
        spec.model = MakeGpt(4, 256, 8, 1024);
        spec.sequence = 64;
        spec.device.peak["bf16"] = 1e12;
        spec.parallel.tensor = 2;
        spec.parallel.sequence = true;
        spec.parallel.data = 2;
        spec.overlap.pipeline = false;
        const Tick none = TrainingTrial(spec, 100'000, 10).GetTime();
        spec.overlap.tensor = 1;
        const Tick tensor = TrainingTrial(spec, 100'000, 10).GetTime();
        spec.overlap.bucket = 100'000;
        const Tick data = TrainingTrial(spec, 100'000, 10).GetTime();
        spec.overlap.pipeline = true;
        const Tick pipeline = TrainingTrial(spec, 100'000, 10).GetTime();
        CHECK(tensor < none);
        CHECK(data < tensor);
        CHECK(pipeline <= data);
    }

    TEST_CASE("a slow card costs its stage what it is slower, and is told as a straggler")
    {
        TrainingSpec spec = MakeSmallTraining(1, 4);
        spec.parallel.tensor = 4;
        const TrainingTrial even(spec);
        std::vector<double> slowness(4, 1);
        slowness[2] = 1.5;
        const TrainingTrial uneven(spec, 0, 0, slowness);
        CHECK(uneven.GetTime() == even.GetTime() + even.GetTime() / 2);
        for (uint32_t rank = 0; rank < 4; ++rank)
        {
            const CardAccount account = uneven.Account(rank);
            CHECK(account.time[static_cast<std::size_t>(TrainingCause::COMPUTE)] == even.GetTime());
        }
        CHECK(uneven.Of(TrainingCause::STRAGGLER) == even.GetTime() / 2);
    }

    TEST_CASE("ranks count along the axes in their order, and groups part them")
    {
        ParallelSpec parallel;
        parallel.tensor = 2;
        parallel.context = 3;
        parallel.data = 5;
        parallel.pipeline = 7;
        parallel.expert = 6;
        std::sort(parallel.order.begin(), parallel.order.end());
        do
        {
            const RankLayout layout(parallel);
            std::vector<bool> seen(2 * 3 * 5 * 7, false);
            for (uint32_t stage = 0; stage < 7; ++stage)
            {
                for (uint32_t place = 0; place < layout.GetPlaces(); ++place)
                {
                    const uint32_t rank = layout.GetRank(stage, place);
                    CHECK(!seen[rank]);
                    seen[rank] = true;
                    CHECK(layout.GetStage(rank) == stage);
                    CHECK(layout.GetPlace(rank) == place);
                }
            }
            for (const auto& [kind, size] : {std::pair(GroupKind::TENSOR, 2),
                                             {GroupKind::CONTEXT, 3},
                                             {GroupKind::DATA, 15},
                                             {GroupKind::EXPERT, 6},
                                             {GroupKind::EXPERT_DATA, 5}})
            {
                std::vector<bool> members(layout.GetPlaces(), false);
                const auto& groups = layout.GetGroups(kind);
                for (uint32_t group = 0; group < groups.size(); ++group)
                {
                    CHECK(groups[group].size() == static_cast<std::size_t>(size));
                    for (const uint32_t place : groups[group])
                    {
                        CHECK(!members[place]);
                        members[place] = true;
                        CHECK(layout.GetGroup(kind, place) == group);
                    }
                }
                CHECK(std::count(members.begin(), members.end(), true) == layout.GetPlaces());
            }
        } while (std::next_permutation(parallel.order.begin(), parallel.order.end()));
    }

    TEST_CASE("in another order ranks are others, and the iteration is the same")
    {
        TrainingSpec spec = MakeMixed();
        spec.model.moe.reset(); // whose groups are of successive ranks, so of others
        spec.parallel.expert = 1;
        const Tick time = TrainingTrial(spec, 5'000'000, 20).GetTime();
        std::sort(spec.parallel.order.begin(), spec.parallel.order.end());
        while (std::next_permutation(spec.parallel.order.begin(), spec.parallel.order.end()))
        {
            CHECK(TrainingTrial(spec, 5'000'000, 20).GetTime() == time);
        }
    }

    TEST_CASE("what can't be is refused with its key")
    {
        const auto keyOf = [](const TrainingSpec& spec) -> std::string {
            try
            {
                CheckTraining(spec);
            }
            catch (const ParameterError& error)
            {
                return error.GetParameter();
            }
            return "";
        };
        TrainingSpec spec = MakeMixed();
        CHECK(keyOf(spec).empty());
        const auto changed = [&](auto change) {
            TrainingSpec other = spec;
            change(other);
            return keyOf(other);
        };
        CHECK(changed([](auto& s) { s.parallel.tensor = 3; }) == "parallel.tensor");
        CHECK(changed([](auto& s) { s.parallel.pipeline = 3; }) == "parallel.pipeline");
        CHECK(changed([](auto& s) { s.global = 17; }) == "batch.global");
        CHECK(changed([](auto& s) { s.parallel.expert = 3; }) == "parallel.expert");
        CHECK(changed([](auto& s) { s.parallel.sequence = false; }) == "parallel.sequence");
        CHECK(changed([](auto& s) { s.virtualStages = 2; }) == "schedule");
        CHECK(changed([](auto& s) { s.schedule = ScheduleKind::INTERLEAVED; }) == "schedule");
        CHECK(changed([](auto& s) { s.parallel.stages = {1, 2}; }) == "parallel.stages");
        CHECK(changed([](auto& s) { s.parallel.stages = {4, 0}; }).empty());
        CHECK(changed([](auto& s) {
                  s.model.layers = 5;
                  s.parallel.stages = {2, 2};
              }) == "parallel.stages");
        CHECK(changed([](auto& s) { s.reshards = false; }) == "reshard");
        CHECK(changed([](auto& s) { s.overlap.tensor = 3; }) == "overlap.tensor");
        CHECK(changed([](auto& s) { s.parallel.scatterGather = true; }) ==
              "parallel.scatter_gather");
        CHECK(changed([](auto& s) {
                  s.parallel.contextExchange = ContextExchange::ALL_TO_ALL;
                  s.model.kvHeads = 2;
              }) == "parallel.context_exchange");
        CHECK(changed([](auto& s) {
                  s.parallel.contextExchange = ContextExchange::RING;
                  s.model.flash = false;
              }) == "parallel.context_exchange");
        CHECK(changed([](auto& s) {
                  s.parallel.context = 1;
                  s.parallel.contextExchange = ContextExchange::RING;
              }) == "parallel.context_exchange");
        CHECK(changed([](auto& s) {
                  s.model.moe->shared = 0;
                  s.overlap.expert = true;
              }) == "overlap.expert");
        CHECK(changed([](auto& s) {
                  s.schedule = ScheduleKind::DUALPIPE;
                  s.global = 6;
              }) == "batch.global");
        CHECK(changed([](auto& s) {
                  s.schedule = ScheduleKind::DUALPIPE;
                  s.global = 16;
                  s.overlap.bucket = 1;
              }) == "overlap.data");
        CHECK(changed([](auto& s) {
                  s.model.moe->nodeLimit = 2;
                  s.parallel.expert = 1;
              }) == "model.moe.node_limit");
    }
}
