/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/layer-steps.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double BF16 = 2; //!< Bytes of an activation

/** Bytes of a parameter that an optimizer step reads and writes: Adam with a copy in 32 bit. */
constexpr double OPTIMIZER_BYTES = 44;

/** Add kernels, to those before where nothing stands between. */
void
Add(Steps& steps, Step::Type type, const Work& work)
{
    if (work.kernel + work.host == 0)
    {
        return;
    }
    if (!steps.empty() && steps.back().type == type)
    {
        steps.back().work += work;
        return;
    }
    Step step;
    step.type = type;
    step.work = work;
    steps.push_back(step);
}

/** @return a step of a collective. */
Step
MakeStep(Step::Type type, GroupKind group, const char* collective, uint64_t bytes = 0)
{
    Step step;
    step.type = type;
    step.group = group;
    step.collective = collective;
    step.bytes = bytes;
    return step;
}

/** Wait for weights, or until gradients are gone. */
void
WaitForData(Steps& steps, const char* collective)
{
    steps.push_back(MakeStep(Step::WAIT, GroupKind::DATA, collective));
    steps.push_back(MakeStep(Step::WAIT, GroupKind::EXPERT_DATA, collective));
}

bool
HasInput(BackwardPart part)
{
    return part != BackwardPart::WEIGHT;
}

bool
HasWeight(BackwardPart part)
{
    return part != BackwardPart::INPUT;
}

/** @return kernels, if they are wanted. */
Work
If(bool wanted, const Work& work)
{
    return wanted ? work : Work{};
}

} // namespace

LayerSteps::LayerSteps(const TrainingSpec& spec)
    : m_spec(spec),
      m_model(spec.model),
      m_times(spec.device,
              spec.GetPeak(),
              // Attention stays in 16 bit.
              spec.device.peak.count("bf16") ? spec.device.peak.at("bf16") : spec.GetPeak()),
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
        return parallel.data * parallel.context;
    case GroupKind::EXPERT_DATA:
        return m_spec.GetExpertReplicas();
    case GroupKind::EMBEDDING:
        return m_model.tied && parallel.pipeline > 1 ? 2 : 1;
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
    Blocking(steps,
             GroupKind::TENSOR,
             m_spec.parallel.sequence ? "reduce_scatter" : "all_reduce",
             static_cast<uint64_t>(BF16 * m_tokens * m_hidden));
}

double
LayerSteps::GetQkvColumns() const
{
    // Keys and values of fewer heads than cards are on several of them.
    const double kv =
        std::max(static_cast<double>(m_model.GetKvSize()) / m_tensor, 2.0 * m_model.headSize);
    return static_cast<double>(m_model.GetQuerySize()) / m_tensor + kv;
}

uint64_t
LayerSteps::GetContextBytes() const
{
    const double local = GetQkvColumns() - static_cast<double>(m_model.GetQuerySize()) / m_tensor;
    return static_cast<uint64_t>(BF16 * m_tokens * local) * m_spec.parallel.context;
}

Work
LayerSteps::MakeQkv(ColumnLinear& linear) const
{
    Work forward;
    const auto add = [&](double inner, double columns) {
        forward += m_times.Matmul(m_tokens, inner, columns);
        linear.input += m_times.Matmul(m_tokens, columns, inner);
        linear.weight += m_times.Matmul(inner, m_tokens, columns);
    };
    if (!m_model.latent)
    {
        add(m_hidden, GetQkvColumns());
        return forward;
    }
    const LatentAttention& latent = *m_model.latent;
    const double queries = static_cast<double>(m_model.GetQuerySize()) / m_tensor;
    // Compressed vectors are made on each card of a tensor group.
    if (latent.queryRank > 0)
    {
        add(m_hidden, latent.queryRank);
        add(latent.queryRank, queries);
    }
    else
    {
        add(m_hidden, queries);
    }
    add(m_hidden, latent.kvRank + latent.ropeSize);
    add(latent.kvRank, static_cast<double>(m_model.GetKvSize() - latent.ropeSize) / m_tensor);
    return forward;
}

void
LayerSteps::UnfusedCore(Steps& steps, Step::Type type, double products, double memory) const
{
    const double flops = m_tokens * m_model.GetAttentionFlops(m_spec.sequence) / m_tensor;
    const double scores =
        m_tokens * static_cast<double>(m_spec.sequence) * m_model.heads / m_tensor;
    for (int product = 0; product < 2; ++product)
    {
        Add(steps, type, m_times.BatchedMatmul(products * flops / 2));
    }
    Add(steps, type, m_times.Memory(memory * BF16 * scores)); // mask and softmax
    if (m_model.dropout)
    {
        Add(steps, type, m_times.Memory((2 * BF16 + 1) * scores));
    }
}

void
LayerSteps::AttentionForward(Steps& steps, Step::Type type) const
{
    ColumnLinear unused;
    const double values = static_cast<double>(m_model.GetValueSize()) / m_tensor;
    Add(steps, type, m_times.Memory(2 * BF16 * m_hidden * m_partTokens)); // norm
    Gather(steps);
    Add(steps, type, MakeQkv(unused));
    if (m_model.positions == 0)
    {
        Add(steps, type, m_times.Memory(2 * BF16 * GetQkvColumns() * m_tokens)); // rotation
    }
    Blocking(steps, GroupKind::CONTEXT, "all_gather", GetContextBytes());
    if (m_model.flash)
    {
        Add(steps,
            type,
            m_times.FusedForward(m_tokens * m_model.GetAttentionFlops(m_spec.sequence) / m_tensor));
    }
    else
    {
        UnfusedCore(steps, type, 1, 2);
    }
    Add(steps, type, m_times.Matmul(m_tokens, values, m_hidden));
    Reduce(steps);
    Add(steps,
        type,
        m_times.Memory((3 * BF16 + (m_model.dropout ? 1 : 0)) * m_hidden * m_partTokens));
}

void
LayerSteps::MlpForward(Steps& steps, Step::Type type) const
{
    const double size = m_model.ffn / m_tensor;
    const double first = size * (m_model.gated ? 2 : 1);
    Add(steps, type, m_times.Memory(2 * BF16 * m_hidden * m_partTokens));
    Gather(steps);
    Add(steps, type, m_times.Matmul(m_tokens, m_hidden, first));
    Add(steps, type, m_times.Memory(BF16 * (first + size) * m_tokens));
    Add(steps, type, m_times.Matmul(m_tokens, size, m_hidden));
    Reduce(steps);
    Add(steps,
        type,
        m_times.Memory((3 * BF16 + (m_model.dropout ? 1 : 0)) * m_hidden * m_partTokens));
}

void
LayerSteps::ExpertsForward(Steps& steps, Step::Type type) const
{
    const Experts& moe = *m_model.moe;
    const double copies = m_partTokens * moe.active;
    const double local = static_cast<double>(moe.experts) / m_spec.parallel.expert;
    const double first = moe.ffn * (m_model.gated ? 2.0 : 1.0);
    Add(steps, type, m_times.Memory(2 * BF16 * m_hidden * m_partTokens));
    if (moe.shared > 0)
    {
        const double size = static_cast<double>(moe.shared) * moe.ffn / m_tensor;
        const double sharedFirst = size * (m_model.gated ? 2 : 1);
        Gather(steps);
        Add(steps, type, m_times.Matmul(m_tokens, m_hidden, sharedFirst));
        Add(steps, type, m_times.Memory(BF16 * (sharedFirst + size) * m_tokens));
        Add(steps, type, m_times.Matmul(m_tokens, size, m_hidden));
        Reduce(steps);
    }
    Add(steps, type, m_times.Matmul(m_partTokens, m_hidden, moe.experts)); // router
    Add(steps, type, m_times.Memory(2 * BF16 * m_hidden * copies));        // in order of experts
    Blocking(steps,
             GroupKind::EXPERT,
             "all_to_all",
             static_cast<uint64_t>(copies * m_hidden) * m_spec.dispatchBytes);
    Add(steps, type, m_times.Matmul(copies / local, m_hidden, first, local));
    Add(steps, type, m_times.Memory(BF16 * (first + moe.ffn) * copies));
    Add(steps, type, m_times.Matmul(copies / local, moe.ffn, m_hidden, local));
    Blocking(steps,
             GroupKind::EXPERT,
             "all_to_all",
             static_cast<uint64_t>(BF16 * copies * m_hidden));
    Add(steps, type, m_times.Memory(BF16 * m_hidden * (copies + 2 * m_partTokens)));
}

void
LayerSteps::LayerForward(Steps& steps, uint32_t layer, Step::Type type) const
{
    AttentionForward(steps, type);
    m_model.HasExperts(layer) ? ExpertsForward(steps, type) : MlpForward(steps, type);
}

void
LayerSteps::FinishBlock(Steps& steps, const ColumnLinear& linear, BackwardPart part) const
{
    const bool isTensor = m_spec.parallel.tensor > 1;
    const auto bytes = static_cast<uint64_t>(BF16 * m_tokens * m_hidden);
    const char* sum = m_spec.parallel.sequence ? "reduce_scatter" : "all_reduce";
    const auto add = [&](Step::Type type, const char* collective) {
        steps.push_back(MakeStep(type, GroupKind::TENSOR, collective, bytes));
    };
    // The input of the weights' gradient was kept in parts, and is gathered again.
    const bool regathers = isTensor && m_spec.parallel.sequence && HasWeight(part);
    const bool reduces = isTensor && HasInput(part);
    const bool isHidden = m_spec.overlap.tensor && part == BackwardPart::WHOLE;
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
    // Of the norm, with the gradient that came round the block added.
    Add(steps,
        Step::COMPUTE,
        If(HasInput(part), m_times.Memory(4 * BF16 * m_hidden * m_partTokens)));
}

void
LayerSteps::AttentionBackward(Steps& steps, BackwardPart part) const
{
    const double values = static_cast<double>(m_model.GetValueSize()) / m_tensor;
    ColumnLinear linear;
    MakeQkv(linear);
    if (HasInput(part))
    {
        if (m_model.dropout)
        {
            Add(steps, Step::COMPUTE, m_times.Memory((2 * BF16 + 1) * m_hidden * m_partTokens));
        }
        Gather(steps);
        Add(steps, Step::COMPUTE, m_times.Matmul(m_tokens, m_hidden, values));
    }
    Add(steps, Step::COMPUTE, If(HasWeight(part), m_times.Matmul(values, m_tokens, m_hidden)));
    if (HasInput(part))
    {
        if (m_spec.recompute == Recompute::SELECTIVE && !m_model.flash)
        {
            UnfusedCore(steps, Step::RECOMPUTE, 1, 2);
        }
        Blocking(steps, GroupKind::CONTEXT, "all_gather", GetContextBytes());
        if (m_model.flash)
        {
            Add(steps,
                Step::COMPUTE,
                m_times.FusedBackward(m_tokens * m_model.GetAttentionFlops(m_spec.sequence) /
                                      m_tensor));
        }
        else
        {
            UnfusedCore(steps, Step::COMPUTE, 2, 3);
        }
        Blocking(steps, GroupKind::CONTEXT, "reduce_scatter", GetContextBytes());
        if (m_model.positions == 0)
        {
            Add(steps, Step::COMPUTE, m_times.Memory(2 * BF16 * GetQkvColumns() * m_tokens));
        }
    }
    FinishBlock(steps, linear, part);
}

void
LayerSteps::MlpBackward(Steps& steps, BackwardPart part) const
{
    const double size = m_model.ffn / m_tensor;
    const double first = size * (m_model.gated ? 2 : 1);
    if (HasInput(part))
    {
        if (m_model.dropout)
        {
            Add(steps, Step::COMPUTE, m_times.Memory((2 * BF16 + 1) * m_hidden * m_partTokens));
        }
        Gather(steps);
        Add(steps, Step::COMPUTE, m_times.Matmul(m_tokens, m_hidden, size));
    }
    Add(steps, Step::COMPUTE, If(HasWeight(part), m_times.Matmul(size, m_tokens, m_hidden)));
    Add(steps,
        Step::COMPUTE,
        If(HasInput(part), m_times.Memory(BF16 * (2 * first + size) * m_tokens)));
    FinishBlock(
        steps,
        {m_times.Matmul(m_tokens, first, m_hidden), m_times.Matmul(m_hidden, m_tokens, first)},
        part);
}

void
LayerSteps::ExpertsBackward(Steps& steps, BackwardPart part) const
{
    const Experts& moe = *m_model.moe;
    const double copies = m_partTokens * moe.active;
    const double local = static_cast<double>(moe.experts) / m_spec.parallel.expert;
    const double first = moe.ffn * (m_model.gated ? 2.0 : 1.0);
    const double rows = copies / local;
    const auto exchange = [&] {
        Blocking(steps,
                 GroupKind::EXPERT,
                 "all_to_all",
                 static_cast<uint64_t>(BF16 * copies * m_hidden));
    };
    if (HasInput(part))
    {
        Add(steps, Step::COMPUTE, m_times.Memory(BF16 * m_hidden * (copies + 2 * m_partTokens)));
        exchange();
        Add(steps, Step::COMPUTE, m_times.Matmul(rows, m_hidden, moe.ffn, local));
    }
    Add(steps, Step::COMPUTE, If(HasWeight(part), m_times.Matmul(moe.ffn, rows, m_hidden, local)));
    if (HasInput(part))
    {
        Add(steps, Step::COMPUTE, m_times.Memory(BF16 * (2 * first + moe.ffn) * copies));
        Add(steps, Step::COMPUTE, m_times.Matmul(rows, first, m_hidden, local));
    }
    Add(steps, Step::COMPUTE, If(HasWeight(part), m_times.Matmul(m_hidden, rows, first, local)));
    if (HasInput(part))
    {
        exchange();
        Add(steps, Step::COMPUTE, m_times.Memory(2 * BF16 * m_hidden * copies));
        Add(steps, Step::COMPUTE, m_times.Matmul(m_partTokens, moe.experts, m_hidden));
    }
    Add(steps,
        Step::COMPUTE,
        If(HasWeight(part), m_times.Matmul(m_hidden, m_partTokens, moe.experts)));
    if (moe.shared > 0)
    {
        const double size = static_cast<double>(moe.shared) * moe.ffn / m_tensor;
        const double sharedFirst = size * (m_model.gated ? 2 : 1);
        if (HasInput(part))
        {
            Gather(steps);
            Add(steps, Step::COMPUTE, m_times.Matmul(m_tokens, m_hidden, size));
        }
        Add(steps, Step::COMPUTE, If(HasWeight(part), m_times.Matmul(size, m_tokens, m_hidden)));
        Add(steps,
            Step::COMPUTE,
            If(HasInput(part), m_times.Memory(BF16 * (2 * sharedFirst + size) * m_tokens)));
        FinishBlock(steps,
                    {m_times.Matmul(m_tokens, sharedFirst, m_hidden),
                     m_times.Matmul(m_hidden, m_tokens, sharedFirst)},
                    part);
        return;
    }
    Add(steps,
        Step::COMPUTE,
        If(HasInput(part), m_times.Memory(4 * BF16 * m_hidden * m_partTokens)));
}

void
LayerSteps::OutputForward(Steps& steps) const
{
    const double columns = m_model.vocabulary / m_tensor;
    Add(steps, Step::COMPUTE, m_times.Memory(2 * BF16 * m_hidden * m_partTokens));
    Gather(steps);
    Add(steps, Step::COMPUTE, m_times.Matmul(m_tokens, m_hidden, columns));
    // The loss: to 32 bit, largest, sum of exponentials.
    Add(steps, Step::COMPUTE, m_times.Memory((BF16 + 8) * columns * m_tokens));
    Blocking(steps, GroupKind::TENSOR, "all_reduce", static_cast<uint64_t>(8 * m_tokens));
}

void
LayerSteps::OutputBackward(Steps& steps, BackwardPart part) const
{
    const double columns = m_model.vocabulary / m_tensor;
    Add(steps, Step::COMPUTE, If(HasInput(part), m_times.Memory((4 + BF16) * columns * m_tokens)));
    FinishBlock(
        steps,
        {m_times.Matmul(m_tokens, columns, m_hidden), m_times.Matmul(m_hidden, m_tokens, columns)},
        part);
}

bool
LayerSteps::HasEmbedding(uint32_t stage, uint32_t chunk) const
{
    return stage == 0 && chunk == 0;
}

bool
LayerSteps::HasOutput(uint32_t stage, uint32_t chunk) const
{
    return stage + 1 == m_spec.parallel.pipeline && chunk + 1 == m_spec.virtualStages;
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
        const bool isCopy = m_model.tied && m_spec.parallel.pipeline > 1;
        shares.dense +=
            (isCopy ? uint64_t{m_model.hidden} * m_model.vocabulary : m_model.GetOutput()) /
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

Steps
LayerSteps::Forward(uint32_t stage, uint32_t chunk) const
{
    Steps steps;
    const bool isSharded = m_spec.zero == 3;
    const auto [first, count] = GetChunkLayers(m_spec, stage, chunk);
    if (isSharded && m_spec.overlap.bucket > 0)
    {
        FetchWeights(steps, first);
    }
    if (HasEmbedding(stage, chunk))
    {
        Add(steps, Step::COMPUTE, m_times.Memory(2 * BF16 * m_hidden * m_tokens));
        Reduce(steps);
    }
    for (uint32_t layer = first; layer < first + count; ++layer)
    {
        if (isSharded && m_spec.overlap.bucket == 0)
        {
            FetchWeights(steps, layer);
        }
        if (isSharded)
        {
            WaitForData(steps, "all_gather");
        }
        if (isSharded && m_spec.overlap.bucket > 0 && layer + 1 < first + count)
        {
            FetchWeights(steps, layer + 1);
        }
        LayerForward(steps, layer, Step::COMPUTE);
    }
    if (HasOutput(stage, chunk))
    {
        OutputForward(steps);
    }
    return steps;
}

Steps
LayerSteps::Backward(uint32_t stage, uint32_t chunk, BackwardPart part, bool isLast) const
{
    Steps steps;
    const bool isSharded = m_spec.zero == 3;
    const bool isHidden = m_spec.overlap.bucket > 0;
    // ZeRO 2 and 3 keep no gradients from one micro-batch to the next.
    const bool isSent = HasWeight(part) && (m_spec.zero >= 2 || (isLast && isHidden));
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
    if (isSharded && isHidden)
    {
        FetchWeights(steps, first + count - 1);
    }
    if (HasOutput(stage, chunk))
    {
        OutputBackward(steps, part);
    }
    for (uint32_t layer = first + count; layer-- > first;)
    {
        if (isSharded && !isHidden)
        {
            FetchWeights(steps, layer);
        }
        if (isSharded)
        {
            WaitForData(steps, "all_gather");
        }
        if (isSharded && isHidden && layer > first)
        {
            FetchWeights(steps, layer - 1);
        }
        if (m_spec.recompute == Recompute::FULL)
        {
            LayerForward(steps, layer, Step::RECOMPUTE);
        }
        m_model.HasExperts(layer) ? ExpertsBackward(steps, part) : MlpBackward(steps, part);
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
    for (uint32_t chunk = 0; chunk < m_spec.virtualStages; ++chunk)
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
    if (m_spec.zero < 2 && m_spec.overlap.bucket == 0)
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
    Add(steps, Step::OPTIMIZER, m_times.Memory(OPTIMIZER_BYTES * owned));
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
