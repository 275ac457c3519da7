/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/mixed-cluster.h"

#include "training/balance.h"
#include "training/layer-steps.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <numeric>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return the kernels of each layer and micro-batch on one kind of cards, ps. */
std::vector<double>
TimeLayers(const TrainingSpec& spec, uint32_t kind)
{
    TrainingSpec view = spec.GetView(kind, 1);
    view.schedule = ScheduleKind::ONE_F_ONE_B;
    view.virtualStages = 1;
    view.parallel.pipeline = view.model.layers; // so that a stage is a layer
    view.parallel.stages.clear();
    if (view.model.moe)
    {
        view.model.moe->shares.clear(); // the mean card, not a certain one
    }
    const LayerSteps steps(view);
    std::vector<double> times;
    for (uint32_t layer = 0; layer < view.model.layers; ++layer)
    {
        double time = 0;
        for (const Step& step : Join(steps.Forward(layer, 0, false),
                                     steps.Backward(layer, 0, BackwardPart::WHOLE, false)))
        {
            time += static_cast<double>(step.work.kernel);
        }
        times.push_back(time);
    }
    return times;
}

} // namespace

std::vector<uint32_t>
ListRanks(const TrainingSpec& spec, uint32_t kind)
{
    std::vector<uint32_t> ranks;
    for (uint32_t rank = 0; rank < spec.GetCards(); ++rank)
    {
        if (spec.GetKind(rank) == kind)
        {
            ranks.push_back(rank);
        }
    }
    return ranks;
}

TrainingSpec
MakeAlone(const TrainingSpec& spec, uint32_t kind)
{
    const auto cards = static_cast<uint32_t>(ListRanks(spec, kind).size());
    const uint32_t team = spec.parallel.tensor * spec.parallel.context;
    const uint64_t all = spec.global / spec.micro; // micro-batches
    const auto mean = static_cast<uint32_t>((all + spec.parallel.data / 2) / spec.parallel.data);
    std::string why = fmt::format("its {} cards are no multiple of tensor x context", cards);
    const uint32_t places = cards % team == 0 ? cards / team : 0;
    for (uint32_t stages = spec.parallel.pipeline; stages > 0; --stages)
    {
        if (places == 0 || places % stages != 0)
        {
            continue;
        }
        TrainingSpec alone = spec.GetView(kind, mean);
        alone.parallel.pipeline = stages;
        alone.parallel.data = places / stages;
        if (stages == 1)
        {
            alone.schedule = ScheduleKind::ONE_F_ONE_B; // one stage has no order to choose
            alone.virtualStages = 1;
        }
        const uint32_t step = alone.schedule == ScheduleKind::INTERLEAVED ? stages
                              : alone.schedule == ScheduleKind::DUALPIPE  ? 2
                                                                          : 1;
        const uint32_t micros = (std::max(mean, 1U) + step - 1) / step * step;
        alone.global = uint64_t{micros} * alone.micro * alone.parallel.data;
        const uint32_t positions = GetPositions(alone);
        alone.parallel.stages.clear();
        if (alone.model.layers % positions != 0)
        {
            alone.parallel.stages = SpreadEvenly(alone.model.layers, positions);
        }
        alone.parallel.scatterGather = alone.parallel.scatterGather && stages > 1;
        alone.ignoresMemory = true;
        try
        {
            CheckTraining(alone);
            return alone;
        }
        catch (const ParameterError& error)
        {
            why = fmt::format("{}: {}", error.GetParameter(), error.what());
        }
    }
    throw ParameterError("devices", why);
}

double
GetKernelBound(const TrainingSpec& spec)
{
    const uint32_t team = spec.parallel.tensor * spec.parallel.context;
    const std::size_t kinds = std::max<std::size_t>(1, spec.kinds.size());
    std::vector<std::vector<double>> times; // by kind and layer
    std::vector<double> wholes;             // of all layers
    double speed = 0;                       // micro-batches in a ps, all cards
    for (uint32_t kind = 0; kind < kinds; ++kind)
    {
        times.push_back(TimeLayers(spec, kind));
        wholes.push_back(std::accumulate(times.back().begin(), times.back().end(), 0.0));
        if (wholes.back() <= 0)
        {
            return 0; // a card whose kernels take no time does them all
        }
        speed += static_cast<double>(ListRanks(spec, kind).size()) / team / wholes.back();
    }
    double share = 0;
    for (std::size_t layer = 0; layer < times.front().size(); ++layer)
    {
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t kind = 0; kind < kinds; ++kind)
        {
            least = std::min(least, times[kind][layer] / wholes[kind]);
        }
        share += least;
    }
    return static_cast<double>(spec.global) / static_cast<double>(spec.micro) / speed * share;
}

} // namespace mtlink
} // namespace ns3
