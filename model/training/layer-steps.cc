/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/layer-steps.h"

#include "training/wide-kernels.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

/**
 * @return bytes of a parameter that an optimizer's step reads and writes, pass by pass as
 * Megatron-LM's mixed-precision optimizer makes them (megatron/optimizer/optimizer.py).
 */
double
GetOptimizerBytes(const TrainingSpec& spec)
{
    constexpr double FP32 = 4;
    const double gradients = spec.gradientBytes;
    double bytes = gradients; // set to zero for the next iteration
    if (gradients < FP32)
    {
        bytes += gradients + FP32; // copied
    }
    if (spec.precision == "fp16")
    {
        bytes += 2 * FP32; // the loss's scale taken out, and infinities looked for
    }
    bytes += 3 * FP32;          // their norm, and clipped
    bytes += 7 * FP32;          // Adam: gradient, weight and two moments; the last three written
    return bytes + FP32 + BF16; // weights in 16 bit
}

/** Wait for weights, or until gradients are gone. */
void
WaitForData(Steps& steps, const char* collective)
{
    steps.push_back(MakeStep(Step::WAIT, GroupKind::DATA, collective));
    steps.push_back(MakeStep(Step::WAIT, GroupKind::EXPERT_DATA, collective));
}

} // namespace

LayerSteps::LayerSteps(const TrainingSpec& spec, uint32_t expertMember)
    : m_spec(spec),
      m_expertMember(expertMember),
      m_model(spec.model),
      m_times(spec.device, spec.GetMatmulPeak(), GetWidePeak(spec)),
      m_tokens(static_cast<double>(spec.GetTokens())),
      m_partTokens(m_tokens / spec.GetSequenceParts()),
      m_tensor(spec.parallel.tensor),
      m_hidden(spec.model.hidden)
{
}

uint32_t
LayerSteps::GetSize(GroupKind group) const
{
    const ParallelSpec& parallel = m_spec.parallel;
    switch (group)
    {
    case GroupKind::TENSOR:
        return parallel.tensor;
    case GroupKind::CONTEXT:
        return parallel.context;
    case GroupKind::EXPERT:
        return parallel.expert;
    case GroupKind::DATA:
        return parallel.data * parallel.context * m_spec.GetStagesAlike();
    case GroupKind::EXPERT_DATA:
        return m_spec.GetExpertReplicas() * m_spec.GetStagesAlike();
    case GroupKind::EMBEDDING:
        return HasEmbeddingCopy(m_spec) ? 2 : 1;
    }
    return 1;
}

void
LayerSteps::Blocking(Steps& steps, GroupKind group, const char* collective, uint64_t bytes) const
{
    if (GetSize(group) < 2)
    {
        return;
    }
    steps.push_back(MakeStep(Step::LAUNCH, group, collective, bytes));
    steps.push_back(MakeStep(Step::WAIT, group, collective));
}

void
LayerSteps::Gather(Steps& steps) const
{
    if (m_spec.parallel.sequence)
    {
        Blocking(steps,
                 GroupKind::TENSOR,
                 "all_gather",
                 static_cast<uint64_t>(BF16 * m_tokens * m_hidden));
    }
}

void
LayerSteps::Reduce(Steps& steps) const
{
    Blocking(steps, GroupKind::TENSOR, GetSum(), static_cast<uint64_t>(BF16 * m_tokens * m_hidden));
}

const char*
LayerSteps::GetSum() const
{
    return m_spec.parallel.sequence ? "reduce_scatter" : "all_reduce";
}

uint32_t
LayerSteps::GetParts() const
{
    return m_spec.parallel.tensor > 1 ? std::max(1U, m_spec.overlap.tensor) : 1;
}

void
LayerSteps::MlpForward(Steps& steps, Step::Type type) const
{
    const double size = m_model.ffn / m_tensor;
    const double first = size * (m_model.gated ? 2 : 1);
    Add(steps, type, m_times.Memory(2 * BF16 * m_hidden * m_partTokens));
    GatherInto(steps, type, [&](double tokens) { return m_times.Matmul(tokens, m_hidden, first); });
    Add(steps, type, m_times.Memory(BF16 * (first + size) * m_tokens));
    ReduceFrom(steps, type, [&](double tokens) { return m_times.Matmul(tokens, size, m_hidden); });
    Add(steps,
        type,
        m_times.Memory((3 * BF16 + (m_model.dropout ? 1 : 0)) * m_hidden * m_partTokens));
}

void
LayerSteps::LayerForward(Steps& steps, uint32_t layer, Step::Type type) const
{
    AttentionForward(steps, type);
    m_model.HasExperts(layer) ? ExpertsForward(steps, layer, type) : MlpForward(steps, type);
}

void
LayerSteps::FinishBlock(Steps& steps, const ColumnLinear& linear, BackwardPart part) const
{
    ColumnBackward(steps, linear, part);
    NormBackward(steps, part);
}

void
LayerSteps::NormBackward(Steps& steps, BackwardPart part) const
{
    // With the gradient that came round the block added.
    Add(steps,
        Step::COMPUTE,
        If(HasInput(part), m_times.Memory(4 * BF16 * m_hidden * m_partTokens)));
}

void
LayerSteps::ColumnBackward(Steps& steps, const ColumnLinear& linear, BackwardPart part) const
{
    const bool isTensor = m_spec.parallel.tensor > 1;
    const auto bytes = static_cast<uint64_t>(BF16 * m_tokens * m_hidden);
    const char* sum = GetSum();
    const auto add = [&](Step::Type type, const char* collective) {
        steps.push_back(MakeStep(type, GroupKind::TENSOR, collective, bytes));
    };
    // The input of the weights' gradient was kept in parts, and is gathered again.
    const bool regathers = isTensor && m_spec.parallel.sequence && HasWeight(part);
    const bool reduces = isTensor && HasInput(part);
    const bool isHidden = m_spec.overlap.tensor > 0 && part == BackwardPart::WHOLE;
    if (regathers)
    {
        add(Step::LAUNCH, "all_gather");
        if (!isHidden)
        {
            add(Step::WAIT, "all_gather");
        }
    }
    Add(steps, Step::COMPUTE, If(HasInput(part), linear.input));
    if (regathers && isHidden)
    {
        add(Step::WAIT, "all_gather");
    }
    if (reduces && isHidden)
    {
        add(Step::LAUNCH, sum);
    }
    Add(steps, Step::COMPUTE, If(HasWeight(part), linear.weight));
    if (reduces)
    {
        if (!isHidden)
        {
            add(Step::LAUNCH, sum);
        }
        add(Step::WAIT, sum);
    }
}

void
LayerSteps::ActivationBackward(Steps& steps, double size, BackwardPart part) const
{
    const double first = size * (m_model.gated ? 2 : 1);
    if (HasInput(part))
    {
        GatherInto(steps, Step::COMPUTE, [&](double tokens) {
            return m_times.Matmul(tokens, m_hidden, size);
        });
    }
    Add(steps, Step::COMPUTE, If(HasWeight(part), m_times.Matmul(size, m_tokens, m_hidden)));
    Add(steps,
        Step::COMPUTE,
        If(HasInput(part), m_times.Memory(BF16 * (2 * first + size) * m_tokens)));
}

void
LayerSteps::MlpBackward(Steps& steps, BackwardPart part) const
{
    const double size = m_model.ffn / m_tensor;
    const double first = size * (m_model.gated ? 2 : 1);
    if (HasInput(part) && m_model.dropout)
    {
        Add(steps, Step::COMPUTE, m_times.Memory((2 * BF16 + 1) * m_hidden * m_partTokens));
    }
    ActivationBackward(steps, size, part);
    FinishBlock(
        steps,
        {m_times.Matmul(m_tokens, first, m_hidden), m_times.Matmul(m_hidden, m_tokens, first)},
        part);
}

void
LayerSteps::OutputForward(Steps& steps) const
{
    const double columns = m_model.vocabulary / m_tensor;
    Add(steps, Step::COMPUTE, m_times.Memory(2 * BF16 * m_hidden * m_partTokens));
    Gather(steps);
    Add(steps, Step::COMPUTE, MakeWideKernels(m_spec).Matmul(m_tokens, m_hidden, columns));
    // The loss: to 32 bit, largest, sum of exponentials.
    Add(steps, Step::COMPUTE, m_times.Memory((BF16 + 8) * columns * m_tokens));
    Blocking(steps, GroupKind::TENSOR, "all_reduce", static_cast<uint64_t>(8 * m_tokens));
}

void
LayerSteps::OutputBackward(Steps& steps, BackwardPart part) const
{
    const double columns = m_model.vocabulary / m_tensor;
    const KernelTimes wide = MakeWideKernels(m_spec);
    Add(steps, Step::COMPUTE, If(HasInput(part), m_times.Memory((4 + BF16) * columns * m_tokens)));
    FinishBlock(
        steps,
        {wide.Matmul(m_tokens, columns, m_hidden), wide.Matmul(m_hidden, m_tokens, columns)},
        part);
}

bool
LayerSteps::HasEmbedding(uint32_t stage, uint32_t chunk) const
{
    return GetPosition(m_spec, stage, chunk) == 0;
}

bool
LayerSteps::HasOutput(uint32_t stage, uint32_t chunk) const
{
    return GetPosition(m_spec, stage, chunk) + 1 == GetPositions(m_spec);
}

LayerSteps::Shares
LayerSteps::GetShares(uint32_t layer) const
{
    const ParameterCount count = m_model.GetLayer(layer);
    return {count.matrices / m_spec.parallel.tensor + count.vectors,
            count.experts / m_spec.parallel.expert};
}

LayerSteps::Shares
LayerSteps::GetEndShares(uint32_t stage, uint32_t chunk) const
{
    Shares shares;
    if (HasEmbedding(stage, chunk))
    {
        shares.dense += m_model.GetEmbedding() / m_spec.parallel.tensor;
    }
    if (HasOutput(stage, chunk))
    {
        // A tied output layer is a copy of the embedding, unless they are on one card.
        shares.dense += (HasEmbeddingCopy(m_spec) ? uint64_t{m_model.hidden} * m_model.vocabulary
                                                  : m_model.GetOutput()) /
                        m_spec.parallel.tensor;
    }
    return shares;
}

const char*
LayerSteps::GetGradientCollective() const
{
    return m_spec.zero > 0 ? "reduce_scatter" : "all_reduce";
}

void
LayerSteps::SendGradients(Steps& steps, const Shares& shares) const
{
    for (const auto& [group, count] : {std::pair(GroupKind::DATA, shares.dense),
                                       std::pair(GroupKind::EXPERT_DATA, shares.experts)})
    {
        if (count > 0 && GetSize(group) > 1)
        {
            steps.push_back(MakeStep(Step::LAUNCH,
                                     group,
                                     GetGradientCollective(),
                                     count * m_spec.gradientBytes));
        }
    }
}

void
LayerSteps::FetchWeights(Steps& steps, uint32_t layer) const
{
    const Shares shares = GetShares(layer);
    for (const auto& [group, count] : {std::pair(GroupKind::DATA, shares.dense),
                                       std::pair(GroupKind::EXPERT_DATA, shares.experts)})
    {
        if (count > 0 && GetSize(group) > 1)
        {
            steps.push_back(
                MakeStep(Step::LAUNCH, group, "all_gather", count * static_cast<uint64_t>(BF16)));
        }
    }
}

void
LayerSteps::GatherMessage(Steps& steps) const
{
    if (m_spec.parallel.scatterGather)
    {
        Blocking(steps,
                 GroupKind::TENSOR,
                 "all_gather",
                 static_cast<uint64_t>(BF16 * m_tokens * m_hidden));
    }
}

LayerSteps::Fetching
LayerSteps::GetFetching(bool isFetched) const
{
    return !isFetched                   ? Fetching::NONE
           : m_spec.overlap.bucket == 0 ? Fetching::BEFORE
                                        : Fetching::AHEAD;
}

uint32_t
LayerSteps::GetNextLayer(uint32_t stage, uint32_t layer) const
{
    bool isPassed = false;
    for (uint32_t chunk = 0; chunk < m_spec.GetChunks(); ++chunk)
    {
        const auto [first, count] = GetChunkLayers(m_spec, stage, chunk);
        if (isPassed && count > 0)
        {
            return first;
        }
        if (layer >= first && layer < first + count)
        {
            if (layer + 1 < first + count)
            {
                return layer + 1;
            }
            isPassed = true;
        }
    }
    return layer;
}

Steps
LayerSteps::Begin(uint32_t stage) const
{
    Steps steps;
    const bool isAhead = m_spec.zero == 3 && !m_spec.reshards && m_spec.overlap.bucket > 0;
    for (uint32_t chunk = 0; isAhead && chunk < m_spec.GetChunks(); ++chunk)
    {
        const auto [first, count] = GetChunkLayers(m_spec, stage, chunk);
        if (count > 0)
        {
            FetchWeights(steps, first);
            break;
        }
    }
    return steps;
}

Steps
LayerSteps::Forward(uint32_t stage, uint32_t chunk, bool isFirst) const
{
    Steps steps;
    const auto [first, count] = GetChunkLayers(m_spec, stage, chunk);
    const Fetching fetching =
        GetFetching(m_spec.zero == 3 && count > 0 && (m_spec.reshards || isFirst));
    if (fetching == Fetching::AHEAD && m_spec.reshards)
    {
        FetchWeights(steps, first);
    }
    if (HasEmbedding(stage, chunk))
    {
        Add(steps, Step::COMPUTE, m_times.Memory(2 * BF16 * m_hidden * m_tokens));
        Reduce(steps);
    }
    else
    {
        GatherMessage(steps);
    }
    for (uint32_t layer = first; layer < first + count; ++layer)
    {
        // Weights that stay come once, whatever the micro-batches between one chunk and the next.
        const bool hasNext = layer + 1 < first + count;
        PrepareWeights(steps,
                       layer,
                       fetching,
                       !m_spec.reshards ? GetNextLayer(stage, layer)
                       : hasNext        ? layer + 1
                                        : layer);
        LayerForward(steps, layer, Step::COMPUTE);
    }
    if (HasOutput(stage, chunk))
    {
        OutputForward(steps);
    }
    return steps;
}

void
LayerSteps::PrepareWeights(Steps& steps, uint32_t layer, Fetching fetching, uint32_t next) const
{
    if (fetching == Fetching::NONE)
    {
        return;
    }
    if (fetching == Fetching::BEFORE)
    {
        FetchWeights(steps, layer);
    }
    WaitForData(steps, "all_gather");
    if (fetching == Fetching::AHEAD && next != layer)
    {
        FetchWeights(steps, next);
    }
}

Steps
LayerSteps::Backward(uint32_t stage, uint32_t chunk, BackwardPart part, bool isLast) const
{
    Steps steps;
    const bool isHidden = m_spec.overlap.bucket > 0;
    // ZeRO 2 and 3 keep no gradients from one micro-batch to the next.
    const bool isSent = HasWeight(part) && (m_spec.SumsAlways() || (isLast && isHidden));
    const auto [first, count] = GetChunkLayers(m_spec, stage, chunk);
    Shares ready;
    const auto send = [&](const Shares& more, bool isEnd) {
        ready.dense += more.dense;
        ready.experts += more.experts;
        const uint64_t bytes = (ready.dense + ready.experts) * m_spec.gradientBytes;
        if (isSent && (isEnd || bytes >= m_spec.overlap.bucket))
        {
            SendGradients(steps, ready);
            if (!isHidden)
            {
                WaitForData(steps, GetGradientCollective());
            }
            ready = {};
        }
    };
    const Fetching fetching = GetFetching(m_spec.FetchesAlways() && count > 0);
    if (fetching == Fetching::AHEAD)
    {
        FetchWeights(steps, first + count - 1);
    }
    if (HasOutput(stage, chunk))
    {
        OutputBackward(steps, part);
    }
    else if (HasInput(part))
    {
        GatherMessage(steps);
    }
    for (uint32_t layer = first + count; layer-- > first;)
    {
        PrepareWeights(steps, layer, fetching, layer > first ? layer - 1 : layer);
        if (m_spec.recompute == Recompute::FULL)
        {
            LayerForward(steps, layer, Step::RECOMPUTE);
        }
        m_model.HasExperts(layer) ? ExpertsBackward(steps, layer, part) : MlpBackward(steps, part);
        AttentionBackward(steps, part);
        send(GetShares(layer), false);
    }
    if (HasEmbedding(stage, chunk) && HasWeight(part))
    {
        Gather(steps);
        Add(steps,
            Step::COMPUTE,
            m_times.Memory((BF16 + m_spec.gradientBytes) * m_hidden * m_tokens));
    }
    send(GetEndShares(stage, chunk), true);
    return steps;
}

Steps
LayerSteps::Finish(uint32_t stage) const
{
    Steps steps;
    Shares all;
    for (uint32_t chunk = 0; chunk < m_spec.GetChunks(); ++chunk)
    {
        const auto [first, count] = GetChunkLayers(m_spec, stage, chunk);
        for (uint32_t layer = first; layer < first + count; ++layer)
        {
            const Shares shares = GetShares(layer);
            all.dense += shares.dense;
            all.experts += shares.experts;
        }
        const Shares ends = GetEndShares(stage, chunk);
        all.dense += ends.dense;
    }
    if (!m_spec.SumsAlways() && m_spec.overlap.bucket == 0)
    {
        SendGradients(steps, all);
    }
    const bool hasEnd = stage == 0 || stage + 1 == m_spec.parallel.pipeline;
    if (hasEnd && GetSize(GroupKind::EMBEDDING) > 1)
    {
        steps.push_back(MakeStep(Step::LAUNCH,
                                 GroupKind::EMBEDDING,
                                 "all_reduce",
                                 uint64_t{m_model.hidden} * m_model.vocabulary /
                                     m_spec.parallel.tensor * m_spec.gradientBytes));
    }
    steps.push_back(MakeStep(Step::WAIT_ALL, GroupKind::DATA, nullptr));
    const double owned =
        static_cast<double>(all.dense) / (m_spec.zero > 0 ? GetSize(GroupKind::DATA) : 1) +
        static_cast<double>(all.experts) / (m_spec.zero > 0 ? GetSize(GroupKind::EXPERT_DATA) : 1);
    Add(steps, Step::OPTIMIZER, m_times.Memory(GetOptimizerBytes(m_spec) * owned));
    if (m_spec.zero == 1 || m_spec.zero == 2)
    {
        for (const auto& [group, count] : {std::pair(GroupKind::DATA, all.dense),
                                           std::pair(GroupKind::EXPERT_DATA, all.experts)})
        {
            if (count > 0)
            {
                Blocking(steps, group, "all_gather", count * static_cast<uint64_t>(BF16));
            }
        }
    }
    return steps;
}

} // namespace mtlink
} // namespace ns3
