/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Attention, and how cards that share a sequence share it.
 */

#include "training/layer-steps.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

double
LayerSteps::GetQkvColumns() const
{
    // Keys and values of fewer heads than cards are on several of them.
    const double kv =
        std::max(static_cast<double>(m_model.GetKvSize()) / m_tensor, 2.0 * m_model.headSize);
    return static_cast<double>(m_model.GetQuerySize()) / m_tensor + kv;
}

uint64_t
LayerSteps::GetKeyBytes() const
{
    const double local = GetQkvColumns() - static_cast<double>(m_model.GetQuerySize()) / m_tensor;
    return static_cast<uint64_t>(BF16 * m_tokens * local);
}

double
LayerSteps::GetCoreFlops() const
{
    return m_tokens * m_model.GetAttentionFlops(m_spec.sequence) / m_tensor;
}

Work
LayerSteps::MakeQkv(double tokens, ColumnLinear& linear) const
{
    Work forward;
    const auto add = [&](double inner, double columns) {
        forward += m_times.Matmul(tokens, inner, columns);
        linear.input += m_times.Matmul(tokens, columns, inner);
        linear.weight += m_times.Matmul(inner, tokens, columns);
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
    const double flops = GetCoreFlops();
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
LayerSteps::ExchangeHeads(Steps& steps, std::initializer_list<double> sizes) const
{
    for (const double size : sizes)
    {
        steps.push_back(MakeStep(Step::LAUNCH,
                                 GroupKind::CONTEXT,
                                 "all_to_all",
                                 static_cast<uint64_t>(BF16 * m_tokens * size)));
    }
    for (std::size_t i = 0; i < sizes.size(); ++i)
    {
        steps.push_back(MakeStep(Step::WAIT, GroupKind::CONTEXT, "all_to_all"));
    }
}

void
LayerSteps::RingForward(Steps& steps, Step::Type type) const
{
    const uint32_t parts = m_spec.parallel.context;
    for (uint32_t part = 0; part < parts; ++part)
    {
        const bool hasNext = part + 1 < parts;
        if (hasNext)
        {
            steps.push_back(MakeStep(Step::LAUNCH, GroupKind::CONTEXT, "send_recv", GetKeyBytes()));
        }
        Add(steps, type, m_times.FusedForward(GetCoreFlops() / parts));
        if (hasNext)
        {
            steps.push_back(MakeStep(Step::WAIT, GroupKind::CONTEXT, "send_recv"));
        }
    }
}

void
LayerSteps::RingBackward(Steps& steps) const
{
    const uint32_t parts = m_spec.parallel.context;
    const auto add = [&](Step::Type type) {
        steps.push_back(MakeStep(type,
                                 GroupKind::CONTEXT,
                                 "send_recv",
                                 type == Step::LAUNCH ? GetKeyBytes() : 0));
    };
    for (uint32_t part = 0; part < parts; ++part)
    {
        // Its gradients so far come from the card before, and the next part's keys and values.
        const bool hasNext = part + 1 < parts;
        if (hasNext)
        {
            add(Step::LAUNCH);
        }
        Add(steps, Step::COMPUTE, m_times.FusedBackward(GetCoreFlops() / parts));
        if (part > 1)
        {
            add(Step::WAIT); // gradients
        }
        if (hasNext)
        {
            add(Step::WAIT); // keys and values
        }
        if (part > 0)
        {
            add(Step::LAUNCH); // gradients with this card's share, to the next
        }
    }
    add(Step::WAIT);
}

void
LayerSteps::CoreForward(Steps& steps, Step::Type type) const
{
    const uint32_t cards = m_spec.parallel.context;
    const ContextExchange exchange = m_spec.parallel.contextExchange;
    if (exchange == ContextExchange::RING)
    {
        return RingForward(steps, type);
    }
    const double queries = static_cast<double>(m_model.GetQuerySize()) / m_tensor;
    const double values = static_cast<double>(m_model.GetValueSize()) / m_tensor;
    const double keys = GetQkvColumns() - queries;
    if (exchange == ContextExchange::ALL_TO_ALL)
    {
        ExchangeHeads(steps, {queries, keys / 2, keys / 2});
    }
    else
    {
        Blocking(steps, GroupKind::CONTEXT, "all_gather", GetKeyBytes() * cards);
    }
    if (m_model.flash)
    {
        Add(steps, type, m_times.FusedForward(GetCoreFlops()));
    }
    else
    {
        UnfusedCore(steps, type, 1, 2);
    }
    if (exchange == ContextExchange::ALL_TO_ALL)
    {
        ExchangeHeads(steps, {values});
    }
}

void
LayerSteps::CoreBackward(Steps& steps) const
{
    const uint32_t cards = m_spec.parallel.context;
    const ContextExchange exchange = m_spec.parallel.contextExchange;
    if (exchange == ContextExchange::RING)
    {
        return RingBackward(steps);
    }
    const double queries = static_cast<double>(m_model.GetQuerySize()) / m_tensor;
    const double values = static_cast<double>(m_model.GetValueSize()) / m_tensor;
    const double keys = GetQkvColumns() - queries;
    if (exchange == ContextExchange::ALL_TO_ALL)
    {
        ExchangeHeads(steps, {values}); // queries, keys, values and result were kept
    }
    else
    {
        Blocking(steps, GroupKind::CONTEXT, "all_gather", GetKeyBytes() * cards);
    }
    if (m_model.flash)
    {
        Add(steps, Step::COMPUTE, m_times.FusedBackward(GetCoreFlops()));
    }
    else
    {
        UnfusedCore(steps, Step::COMPUTE, 2, 3);
    }
    if (exchange == ContextExchange::ALL_TO_ALL)
    {
        ExchangeHeads(steps, {queries, keys / 2, keys / 2});
    }
    else
    {
        Blocking(steps, GroupKind::CONTEXT, "reduce_scatter", GetKeyBytes() * cards);
    }
}

void
LayerSteps::AttentionForward(Steps& steps, Step::Type type) const
{
    ColumnLinear unused;
    const double values = static_cast<double>(m_model.GetValueSize()) / m_tensor;
    Add(steps, type, m_times.Memory(2 * BF16 * m_hidden * m_partTokens)); // norm
    GatherInto(steps, type, [&](double tokens) { return MakeQkv(tokens, unused); });
    if (m_model.positions == 0)
    {
        Add(steps, type, m_times.Memory(2 * BF16 * GetQkvColumns() * m_tokens)); // rotation
    }
    CoreForward(steps, type);
    ReduceFrom(steps, type, [&](double tokens) {
        return m_times.Matmul(tokens, values, m_hidden);
    });
    Add(steps,
        type,
        m_times.Memory((3 * BF16 + (m_model.dropout ? 1 : 0)) * m_hidden * m_partTokens));
}

void
LayerSteps::AttentionBackward(Steps& steps, BackwardPart part) const
{
    const double values = static_cast<double>(m_model.GetValueSize()) / m_tensor;
    ColumnLinear linear;
    MakeQkv(m_tokens, linear);
    if (HasInput(part))
    {
        if (m_model.dropout)
        {
            Add(steps, Step::COMPUTE, m_times.Memory((2 * BF16 + 1) * m_hidden * m_partTokens));
        }
        GatherInto(steps, Step::COMPUTE, [&](double tokens) {
            return m_times.Matmul(tokens, m_hidden, values);
        });
    }
    Add(steps, Step::COMPUTE, If(HasWeight(part), m_times.Matmul(values, m_tokens, m_hidden)));
    if (HasInput(part))
    {
        if (m_spec.recompute == Recompute::SELECTIVE && !m_model.flash)
        {
            UnfusedCore(steps, Step::RECOMPUTE, 1, 2);
        }
        CoreBackward(steps);
        if (m_model.positions == 0)
        {
            Add(steps, Step::COMPUTE, m_times.Memory(2 * BF16 * GetQkvColumns() * m_tokens));
        }
    }
    FinishBlock(steps, linear, part);
}

} // namespace mtlink
} // namespace ns3
