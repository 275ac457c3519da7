/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/training-spec.h"

#include "ns3/mtlink-error.h"

#include <fmt/format.h>
#include <numeric>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Throw unless something divides something. */
void
CheckDivides(uint64_t whole,
             uint64_t part,
             const std::string& key,
             const std::string& wholeText,
             const std::string& partText)
{
    if (part == 0 || whole % part != 0)
    {
        throw ParameterError(key,
                             fmt::format("{} {} is not divisible by {}, {}: give one that is",
                                         wholeText,
                                         whole,
                                         partText,
                                         part));
    }
}

void
CheckStages(const TrainingSpec& spec)
{
    const ParallelSpec& parallel = spec.parallel;
    const bool isInterleaved = spec.schedule == ScheduleKind::INTERLEAVED;
    if (isInterleaved != (spec.virtualStages > 1))
    {
        throw ParameterError("schedule",
                             isInterleaved ? "an interleaved schedule needs virtual stages: give "
                                             "'virtual: 2' or more"
                                           : "virtual stages belong to the interleaved schedule: "
                                             "give 'kind: interleaved'");
    }
    if (isInterleaved && parallel.pipeline < 2)
    {
        throw ParameterError("schedule",
                             "an interleaved schedule needs two stages at least: give "
                             "'parallel: {pipeline: 2}', or 'schedule: 1f1b'");
    }
    if (parallel.stages.empty())
    {
        CheckDivides(spec.model.layers,
                     uint64_t{parallel.pipeline} * spec.virtualStages,
                     "parallel.pipeline",
                     "the number of layers,",
                     spec.virtualStages > 1 ? "stages times virtual stages" : "stages");
    }
    else
    {
        const uint64_t sum =
            std::accumulate(parallel.stages.begin(), parallel.stages.end(), uint64_t{0});
        if (parallel.stages.size() != parallel.pipeline || sum != spec.model.layers)
        {
            throw ParameterError("parallel.stages",
                                 fmt::format("the list has {} layers in {} stages, the model {} in "
                                             "{}: give a number for each stage",
                                             sum,
                                             parallel.stages.size(),
                                             spec.model.layers,
                                             parallel.pipeline));
        }
        for (const uint32_t layers : parallel.stages)
        {
            CheckDivides(layers,
                         spec.virtualStages,
                         "parallel.stages",
                         "a stage's layers,",
                         "virtual stages");
        }
    }
    if (isInterleaved)
    {
        CheckDivides(spec.GetMicroBatches(),
                     parallel.pipeline,
                     "batch.global",
                     "an interleaved schedule takes micro-batches by groups, and their number",
                     "stages");
    }
}

void
CheckExperts(const TrainingSpec& spec)
{
    const ParallelSpec& parallel = spec.parallel;
    if (!spec.model.moe)
    {
        if (parallel.expert > 1)
        {
            throw ParameterError("parallel.expert", "the model has no experts: leave expert out");
        }
        return;
    }
    CheckDivides(spec.model.moe->experts,
                 parallel.expert,
                 "parallel.expert",
                 "the number of experts,",
                 "expert");
    CheckDivides(uint64_t{parallel.tensor} * parallel.context * parallel.data,
                 parallel.expert,
                 "parallel.expert",
                 "cards of a stage (tensor x context x data),",
                 "expert");
    if (parallel.tensor > 1 && !parallel.sequence)
    {
        throw ParameterError("parallel.sequence",
                             "a mixture of experts with tensor parallelism needs sequence "
                             "parallelism, so that each card has tokens of its own to dispatch: "
                             "give 'sequence: true'");
    }
}

} // namespace

void
CheckTraining(const TrainingSpec& spec)
{
    const ParallelSpec& parallel = spec.parallel;
    CheckDivides(spec.model.heads, parallel.tensor, "parallel.tensor", "heads,", "tensor");
    if (!spec.model.latent && spec.model.kvHeads >= parallel.tensor)
    {
        CheckDivides(spec.model.kvHeads, parallel.tensor, "parallel.tensor", "kv_heads,", "tensor");
    }
    if (!spec.model.latent)
    {
        CheckDivides(spec.model.heads, spec.model.kvHeads, "model.kv_heads", "heads,", "kv_heads");
    }
    CheckDivides(spec.sequence,
                 uint64_t{parallel.context} * spec.GetSequenceParts(),
                 "batch.sequence",
                 "the sequence,",
                 "context x tensor");
    CheckDivides(spec.global,
                 spec.micro * parallel.data,
                 "batch.global",
                 "the global batch,",
                 "micro x data");
    CheckStages(spec);
    CheckExperts(spec);
    if (spec.zero >= 2 && parallel.pipeline > 1)
    {
        throw ParameterError("zero",
                             "ZeRO 2 and 3 give a stage's gradients away after each micro-batch, "
                             "which is not in this version for pipelines: give zero: 0 or 1, or "
                             "pipeline: 1");
    }
    if (spec.schedule == ScheduleKind::ZERO_BUBBLE_H1 && spec.recompute == Recompute::FULL)
    {
        throw ParameterError("recompute",
                             "full recomputation has no meaning beside zero_bubble, whose backward "
                             "of weights comes later: give none or selective");
    }
}

std::pair<uint32_t, uint32_t>
GetChunkLayers(const TrainingSpec& spec, uint32_t stage, uint32_t chunk)
{
    const ParallelSpec& parallel = spec.parallel;
    const auto layersOf = [&](uint32_t s) {
        return (parallel.stages.empty() ? spec.model.layers / parallel.pipeline
                                        : parallel.stages[s]) /
               spec.virtualStages;
    };
    uint32_t ring = 0; // layers of one chunk of every stage
    uint32_t before = 0;
    for (uint32_t s = 0; s < parallel.pipeline; ++s)
    {
        before += s < stage ? layersOf(s) : 0;
        ring += layersOf(s);
    }
    return {chunk * ring + before, layersOf(stage)};
}

IterationFlops
GetIterationFlops(const TrainingSpec& spec)
{
    const Transformer& model = spec.model;
    const double tokens = static_cast<double>(spec.global) * static_cast<double>(spec.sequence);
    IterationFlops flops;
    flops.model = tokens * model.GetModelFlops(spec.sequence);
    double again = 0; // forward of a token that is done a second time
    if (spec.recompute == Recompute::FULL)
    {
        for (uint32_t layer = 0; layer < model.layers; ++layer)
        {
            again += 2 * static_cast<double>(model.GetMatmulWeights(layer));
        }
    }
    if (spec.recompute == Recompute::FULL ||
        (spec.recompute == Recompute::SELECTIVE && !model.flash))
    {
        again += model.layers * model.GetAttentionFlops(spec.sequence);
    }
    flops.hardware = flops.model + tokens * again;
    return flops;
}

} // namespace mtlink
} // namespace ns3
