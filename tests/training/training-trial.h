/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TEST_TRAINING_TRIAL_H
#define MTLINK_TEST_TRAINING_TRIAL_H

#include "../workload/alpha-beta-transport.h"
#include "training/iteration-graph.h"
#include "training/time-account.h"
#include "training/training-spec.h"

#include <numeric>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @return GPT of 2017 to 2021: learned positions, biases, dropout, unfused attention. */
inline Transformer
MakeGpt(uint32_t layers, uint32_t hidden, uint32_t heads, uint32_t vocabulary = 51200)
{
    Transformer model;
    model.layers = layers;
    model.hidden = hidden;
    model.heads = heads;
    model.kvHeads = heads;
    model.headSize = hidden / heads;
    model.ffn = 4 * hidden;
    model.vocabulary = vocabulary;
    model.positions = 2048;
    model.tied = true;
    model.bias = true;
    model.dropout = true;
    model.flash = false;
    return model;
}

/**
 * @return a card whose matrix products take whole picoseconds, and all else none, so that backward
 * takes exactly twice forward.
 */
inline Device
MakeExactDevice()
{
    Device device;
    device.peak["bf16"] = 1e12 * 65536; // FLOP/s: 65,536 in a picosecond
    device.memorySize = 1e15;
    device.memoryRate = 1e30;
    return device;
}

/**
 * @return a small training of layers that are all alike; embedding and output take less than half a
 * picosecond, so none.
 */
inline TrainingSpec
MakeSmallTraining(uint32_t stages, uint32_t micros)
{
    TrainingSpec spec;
    spec.model = MakeGpt(stages, 512, 8, 1);
    spec.model.positions = 0;
    spec.model.tied = false;
    spec.model.flash = true;
    spec.model.dropout = false;
    spec.device = MakeExactDevice();
    spec.sequence = 16;
    spec.global = micros;
    spec.parallel.pipeline = stages;
    spec.parallel.sequence = false;
    return spec;
}

/** Iterations replayed to their end, on a transport in closed form. */
class TrainingTrial
{
  public:
    /**
     * Run.
     * @param [in] spec The training; must outlive this.
     * @param [in] alpha Latency, ps.
     * @param [in] beta Time per byte, ps.
     * @param [in] slowness By rank; empty: 1.
     * @param [in] fold Which tensor groups are folded; nullptr: none is.
     */
    explicit TrainingTrial(const TrainingSpec& spec,
                           Tick alpha = 0,
                           Tick beta = 0,
                           std::vector<double> slowness = {},
                           const TensorFold* fold = nullptr)
        : hints(MakeHints(spec.GetCards())),
          slowness(std::move(slowness)),
          endpoints(Identity(spec.GetCards())),
          iteration(spec, endpoints, this->slowness, hints, fold),
          graph(iteration.TakeGraph()),
          replay(graph, alpha, beta, MakeCosts(spec)),
          times(iteration, graph, replay.replayer)
    {
    }

    /** @return time from start to end. */
    Tick GetTime() const
    {
        const auto [start, end] = replay.replayer.GetSpan();
        return end - start;
    }

    /** @return where a card's time went. @param [in] rank It. */
    CardAccount Account(uint32_t rank) const
    {
        return times.Account(rank, 0);
    }

    /** @return time of a cause, of the slowest card. */
    Tick Of(TrainingCause cause) const
    {
        return Account(times.GetSlowestRank()).time[static_cast<std::size_t>(cause)];
    }

    /** @return what a training asks of its replay. @param [in] spec It. */
    static HostCosts MakeCosts(const TrainingSpec& spec)
    {
        HostCosts costs;
        costs.computeSlowdown = spec.overlap.slowdown;
        return costs;
    }

    /** @return one node of all cards. @param [in] cards How many. */
    static FabricHints MakeHints(uint32_t cards)
    {
        FabricHints all;
        all.endpoints = cards;
        all.scaleUpSize = cards;
        return all;
    }

    /** @return 0, 1, ... @param [in] cards How many. */
    static std::vector<uint32_t> Identity(uint32_t cards)
    {
        std::vector<uint32_t> list(cards);
        std::iota(list.begin(), list.end(), 0);
        return list;
    }

    FabricHints hints;
    std::vector<double> slowness;
    std::vector<uint32_t> endpoints;
    IterationGraph iteration;
    OperationGraph graph;
    Replay replay;
    TimeAccount times;
};

/** @return all tensor groups folded, which are alike. */
inline TensorFold
FoldAll(const TrainingSpec& spec, const TensorTimes& times)
{
    return {{times}, std::vector<uint32_t>(spec.GetCards() / spec.parallel.tensor, 0)};
}

/** @return what each collective of a training's first tensor group takes alone. */
inline TensorTimes
TimeTensorGroup(const TrainingSpec& spec, Tick alpha, Tick beta)
{
    TensorTimes times = ListTensorCollectives(spec);
    const RankLayout layout(spec.parallel);
    for (auto& [collective, time] : times)
    {
        CollectiveSpec one;
        one.name = collective.first;
        one.bytes = collective.second;
        one.endpoints = TrainingTrial::Identity(spec.GetCards());
        for (const uint32_t place : layout.GetGroups(GroupKind::TENSOR).front())
        {
            one.ranks.push_back(layout.GetRank(0, place));
        }
        OperationGraph graph(spec.GetCards());
        AddCollective(graph, one, TrainingTrial::MakeHints(spec.GetCards()));
        graph.Finish();
        const Replay replay(graph, alpha, beta);
        const auto [start, end] = replay.replayer.GetSpan();
        time.time = end - start;
    }
    return times;
}

/** @return the sum of a card's causes. */
inline Tick
SumOf(const Composition& time)
{
    return std::accumulate(time.begin(), time.end(), Tick{0});
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TEST_TRAINING_TRIAL_H
