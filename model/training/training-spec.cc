/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/training-spec.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
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

/** Refuse a list of layers that does not go with stages and model. */
void
CheckStageList(const TrainingSpec& spec)
{
    const ParallelSpec& parallel = spec.parallel;
    const uint32_t positions = GetPositions(spec);
    const std::vector<uint32_t>& list = parallel.stages;
    const uint64_t sum = std::accumulate(list.begin(), list.end(), uint64_t{0});
    const bool isByPosition = list.size() == positions;
    if ((list.size() != parallel.pipeline && !isByPosition) || sum != spec.model.layers)
    {
        const std::string virtuals =
            positions > parallel.pipeline
                ? fmt::format(", or for each of {} virtual ones", positions)
                : "";
        throw ParameterError("parallel.stages",
                             fmt::format("the list has {} layers in {} stages, the model {} in {}: "
                                         "give a number for each stage{}",
                                         sum,
                                         list.size(),
                                         spec.model.layers,
                                         parallel.pipeline,
                                         virtuals));
    }
    for (std::size_t i = 0; i < list.size(); ++i)
    {
        if (list[i] == 0 && (!isByPosition || (i > 0 && i + 1 < list.size())))
        {
            throw ParameterError("parallel.stages",
                                 "only the first, which has the embedding, and the last, which has "
                                 "the output layer, can do without layers: give 1 or more");
        }
        if (!isByPosition)
        {
            CheckDivides(list[i],
                         spec.virtualStages,
                         "parallel.stages",
                         "a stage's layers,",
                         "virtual stages");
        }
    }
}

/** @return the key that says how many micro-batches a replica has. */
const char*
GetBatchKey(const TrainingSpec& spec)
{
    return spec.microBatches.empty() ? "batch.global" : "batch.micro_batches";
}

/** Refuse what DualPipe can't do. */
void
CheckDualPipe(const TrainingSpec& spec)
{
    const ParallelSpec& parallel = spec.parallel;
    if (parallel.pipeline < 2 || parallel.pipeline % 2 != 0)
    {
        throw ParameterError("parallel.pipeline",
                             "dualpipe pairs the stages from both ends: give an even number, or "
                             "another schedule");
    }
    for (uint32_t replica = 0; replica < parallel.data; ++replica)
    {
        const uint32_t micros = spec.GetMicroBatches(replica);
        if (micros % 2 != 0 || micros < 2 * parallel.pipeline)
        {
            throw ParameterError(GetBatchKey(spec),
                                 fmt::format("dualpipe takes half of the micro-batches from each "
                                             "end, and at least twice as many as there are "
                                             "stages: {} are not an even number of {} or more",
                                             micros,
                                             2 * parallel.pipeline));
        }
    }
    if (spec.recompute == Recompute::FULL)
    {
        throw ParameterError("recompute",
                             "full recomputation has no meaning beside dualpipe, whose backward of "
                             "weights comes later: give none or selective");
    }
    if (spec.overlap.bucket > 0 || spec.zero >= 2)
    {
        throw ParameterError(spec.zero >= 2 ? "zero" : "overlap.data",
                             "with dualpipe two stages have the same weights, and sum gradients "
                             "when all micro-batches are done: give zero: 0 or 1, and no "
                             "overlap.data");
    }
}

void
CheckStages(const TrainingSpec& spec)
{
    const ParallelSpec& parallel = spec.parallel;
    const bool isInterleaved = spec.schedule == ScheduleKind::INTERLEAVED;
    const bool isDual = spec.schedule == ScheduleKind::DUALPIPE;
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
    if (isDual)
    {
        CheckDualPipe(spec);
    }
    if (!parallel.stages.empty())
    {
        CheckStageList(spec);
    }
    else
    {
        CheckDivides(spec.model.layers,
                     GetPositions(spec),
                     "parallel.pipeline",
                     "the number of layers,",
                     isInterleaved ? "stages times virtual stages" : "stages");
    }
    for (uint32_t replica = 0; isInterleaved && replica < parallel.data; ++replica)
    {
        CheckDivides(spec.GetMicroBatches(replica),
                     parallel.pipeline,
                     GetBatchKey(spec),
                     "an interleaved schedule takes micro-batches by groups, and their number",
                     "stages");
    }
}

/** Refuse uneven numbers of micro-batches that do not add up, or that replicas can't be out of
 *  step with. */
void
CheckMicroBatches(const TrainingSpec& spec)
{
    const ParallelSpec& parallel = spec.parallel;
    const std::vector<uint32_t>& list = spec.microBatches;
    const auto refuse = [](const std::string& why) {
        throw ParameterError("batch.micro_batches", why);
    };
    const uint64_t sum = std::accumulate(list.begin(), list.end(), uint64_t{0});
    if (list.size() != parallel.data || sum * spec.micro != spec.global)
    {
        refuse(fmt::format("the list has {} micro-batches of {} in {} replicas, the batch {} "
                           "sequences in {}: give a number for each replica, {} together",
                           sum,
                           spec.micro,
                           list.size(),
                           spec.global,
                           parallel.data,
                           spec.global / spec.micro));
    }
    if (std::find(list.begin(), list.end(), 0U) != list.end())
    {
        refuse("a replica without micro-batches has nothing to do: give 1 or more");
    }
    if (std::adjacent_find(list.begin(), list.end(), std::not_equal_to<>()) == list.end())
    {
        return; // all alike
    }
    if (spec.SumsAlways())
    {
        refuse("replicas sum gradients after each micro-batch, of which some have more than "
               "others: give 'zero: 1', or 'zero: 3' with 'reshard: false'");
    }
    // Experts of a group are in successive places of a stage, which count along these axes.
    uint32_t inReplica = 1;
    for (const ParallelAxis axis : parallel.order)
    {
        if (axis == ParallelAxis::DATA)
        {
            break;
        }
        inReplica *= axis == ParallelAxis::TENSOR    ? parallel.tensor
                     : axis == ParallelAxis::CONTEXT ? parallel.context
                                                     : 1;
    }
    if (inReplica % parallel.expert != 0)
    {
        refuse("replicas share experts, and send tokens in step: give as many micro-batches to "
               "each, or an 'expert' that divides the tensor and context axes before data in "
               "'order'");
    }
}

/** Refuse exchanges that have nobody to exchange with, or nothing to part. */
void
CheckExchanges(const TrainingSpec& spec)
{
    const ParallelSpec& parallel = spec.parallel;
    if (parallel.scatterGather &&
        (parallel.sequence || parallel.tensor < 2 || parallel.pipeline < 2))
    {
        throw ParameterError("parallel.scatter_gather",
                             "it is for stages of tensor groups without sequence parallelism, with "
                             "which each card has a part anyway: leave it out");
    }
    if (parallel.context < 2 && parallel.contextExchange != ContextExchange::GATHER)
    {
        throw ParameterError("parallel.context_exchange",
                             "no cards share a sequence: leave it out, or give 'context: 2'");
    }
    if (parallel.contextExchange == ContextExchange::ALL_TO_ALL)
    {
        const uint64_t parts = uint64_t{parallel.tensor} * parallel.context;
        CheckDivides(spec.model.latent ? spec.model.heads : spec.model.kvHeads,
                     parts,
                     "parallel.context_exchange",
                     "all_to_all parts heads of keys and values, whose number",
                     "tensor x context");
    }
    if (parallel.contextExchange == ContextExchange::RING && !spec.model.flash)
    {
        throw ParameterError("parallel.context_exchange",
                             "attention part by part is fused: give 'attention: flash' in the "
                             "model, or 'gather'");
    }
    const uint64_t parts = uint64_t{spec.overlap.tensor} * parallel.tensor;
    if (parallel.tensor > 1 && spec.overlap.tensor > 1 && spec.GetTokens() % parts != 0)
    {
        throw ParameterError("overlap.tensor",
                             fmt::format("{} tokens of a micro-batch on a card are not {} parts "
                                         "for {} cards of a tensor group: give a number that "
                                         "divides them",
                                         spec.GetTokens(),
                                         spec.overlap.tensor,
                                         parallel.tensor));
    }
    const bool hasExperts = spec.model.moe && parallel.expert > 1;
    if (spec.overlap.expert &&
        (!hasExperts || (spec.model.moe->shared == 0 && spec.schedule != ScheduleKind::DUALPIPE)))
    {
        throw ParameterError("overlap.expert",
                             hasExperts
                                 ? "tokens are sent beside shared experts, of which the model has "
                                   "none, or beside another micro-batch, as dualpipe has it: leave "
                                   "it out, or give 'schedule: dualpipe'"
                                 : "no tokens are sent to experts: leave it out");
    }
    if (!spec.reshards && spec.zero != 3)
    {
        throw ParameterError("reshard",
                             "only ZeRO 3 gives weights away: leave it out, or give 'zero: 3'");
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
    if (spec.model.moe->nodeLimit > 0 && parallel.expert < 2)
    {
        throw ParameterError("model.moe.node_limit",
                             "no tokens are sent to experts: leave it out, or give 'expert: 8' in "
                             "parallel");
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

TrainingSpec
TrainingSpec::GetView(uint32_t kind, uint32_t micros) const
{
    TrainingSpec view = *this;
    if (!kinds.empty())
    {
        view.device = kinds[kind].device;
    }
    view.kinds.clear();
    view.kindOf.clear();
    view.microBatches.clear();
    view.balances.clear();
    view.global = uint64_t{micros} * micro * parallel.data;
    return view;
}

double
TrainingSpec::GetTotalPeak() const
{
    if (kinds.empty())
    {
        return GetPeak() * GetCards();
    }
    double sum = 0;
    for (const uint32_t kind : kindOf)
    {
        sum += kinds[kind].device.peak.at(precision);
    }
    return sum;
}

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
    if (spec.microBatches.empty())
    {
        CheckDivides(spec.global,
                     spec.micro * parallel.data,
                     "batch.global",
                     "the global batch,",
                     "micro x data");
    }
    else
    {
        CheckMicroBatches(spec);
    }
    CheckStages(spec);
    CheckExperts(spec);
    CheckExchanges(spec);
    if (spec.schedule == ScheduleKind::ZERO_BUBBLE_H1 && spec.recompute == Recompute::FULL)
    {
        throw ParameterError("recompute",
                             "full recomputation has no meaning beside zero_bubble, whose backward "
                             "of weights comes later: give none or selective");
    }
}

uint32_t
GetPosition(const TrainingSpec& spec, uint32_t stage, uint32_t chunk)
{
    const uint32_t stages = spec.parallel.pipeline;
    if (spec.schedule == ScheduleKind::DUALPIPE)
    {
        return chunk == 0 ? stage : stages - 1 - stage;
    }
    return chunk * stages + stage;
}

uint32_t
GetPositions(const TrainingSpec& spec)
{
    return spec.parallel.pipeline *
           (spec.schedule == ScheduleKind::DUALPIPE ? 1 : spec.virtualStages);
}

uint32_t
GetStageAt(const TrainingSpec& spec, uint32_t position, uint32_t chunk)
{
    const uint32_t stages = spec.parallel.pipeline;
    if (spec.schedule == ScheduleKind::DUALPIPE)
    {
        return chunk == 0 ? position : stages - 1 - position;
    }
    return position % stages;
}

bool
HasEmbeddingCopy(const TrainingSpec& spec)
{
    return spec.model.tied && spec.parallel.pipeline > 1 && spec.schedule != ScheduleKind::DUALPIPE;
}

std::pair<uint32_t, uint32_t>
GetChunkLayers(const TrainingSpec& spec, uint32_t stage, uint32_t chunk)
{
    const std::vector<uint32_t>& list = spec.parallel.stages;
    const uint32_t positions = GetPositions(spec);
    const auto layersAt = [&](uint32_t position) {
        return list.empty()               ? spec.model.layers / positions
               : list.size() == positions ? list[position]
                                          : list[position % list.size()] / spec.virtualStages;
    };
    const uint32_t own = GetPosition(spec, stage, chunk);
    uint32_t before = 0;
    for (uint32_t position = 0; position < own; ++position)
    {
        before += layersAt(position);
    }
    return {before, layersAt(own)};
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
