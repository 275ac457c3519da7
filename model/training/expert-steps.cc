/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Mixtures of experts, and how tokens get to them.
 */

#include "engine/time-limit.h"
#include "training/layer-steps.h"
#include "training/wide-kernels.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

void
LayerSteps::SendTokens(Steps& steps, uint32_t layer, bool returns, uint32_t valueBytes) const
{
    if (GetSize(GroupKind::EXPERT) < 2)
    {
        return;
    }
    const Experts& moe = *m_model.moe;
    const auto bytes = static_cast<uint64_t>(m_partTokens * moe.active * m_hidden) * valueBytes;
    const bool isPlain = !IsSkewed(moe) && moe.nodeLimit == 0;
    const char* collective = isPlain ? "all_to_all" : "all_to_allv";
    const auto launch = [&](ExpertRoute::Leg leg) {
        Step step = MakeStep(Step::LAUNCH, GroupKind::EXPERT, collective, bytes);
        step.route = {leg, returns, IsSkewed(moe) ? layer : 0};
        steps.push_back(step);
    };
    if (moe.nodeLimit == 0)
    {
        return launch(isPlain ? ExpertRoute::PLAIN : ExpertRoute::WHOLE);
    }
    launch(returns ? ExpertRoute::NODE : ExpertRoute::NETWORK);
    WaitForTokens(steps);
    launch(returns ? ExpertRoute::NETWORK : ExpertRoute::NODE);
}

void
LayerSteps::WaitForTokens(Steps& steps) const
{
    if (GetSize(GroupKind::EXPERT) < 2)
    {
        return;
    }
    const Experts& moe = *m_model.moe;
    const bool isPlain = !IsSkewed(moe) && moe.nodeLimit == 0;
    steps.push_back(
        MakeStep(Step::WAIT, GroupKind::EXPERT, isPlain ? "all_to_all" : "all_to_allv"));
}

void
LayerSteps::BeginExperts(Steps& steps, Step::Type type) const
{
    if (IsSkewed(*m_model.moe))
    {
        Step step;
        step.type = type;
        steps.push_back(step);
    }
}

template <typename Product>
Work
LayerSteps::GroupedMatmul(uint32_t layer, const Product& product) const
{
    const Experts& moe = *m_model.moe;
    const uint32_t local = moe.experts / m_spec.parallel.expert;
    const double sent = m_partTokens * moe.active * m_spec.parallel.expert; // by all of the group
    Work work;
    if (!IsSkewed(moe))
    {
        work = product(sent / moe.experts, local);
    }
    for (uint32_t i = 0; IsSkewed(moe) && i < local; ++i)
    {
        const double rows = sent * GetExpertShare(moe, layer, m_expertMember * local + i);
        const Work one = product(rows, 1);
        work.kernel = AddTicks(work.kernel, one.kernel);
        work.host = std::max(work.host, one.host); // launched as one
    }
    if (local > 1)
    {
        work.kernel = RoundToTicks(static_cast<double>(work.kernel) / m_spec.device.matmulGrouped);
    }
    return work;
}

double
LayerSteps::GetExpertTokens(uint32_t layer) const
{
    return m_partTokens * m_model.moe->active * m_spec.parallel.expert *
           GetMemberShare(m_spec, layer, m_expertMember);
}

void
LayerSteps::SharedForward(Steps& steps, Step::Type type) const
{
    const Experts& moe = *m_model.moe;
    if (moe.shared == 0)
    {
        return;
    }
    const double size = static_cast<double>(moe.shared) * moe.ffn / m_tensor;
    const double first = size * (m_model.gated ? 2 : 1);
    GatherInto(steps, type, [&](double tokens) { return m_times.Matmul(tokens, m_hidden, first); });
    Add(steps, type, m_times.Memory(BF16 * (first + size) * m_tokens));
    ReduceFrom(steps, type, [&](double tokens) { return m_times.Matmul(tokens, size, m_hidden); });
}

void
LayerSteps::ExpertsForward(Steps& steps, uint32_t layer, Step::Type type) const
{
    const Experts& moe = *m_model.moe;
    const double copies = m_partTokens * moe.active; // sent
    const double tokens = GetExpertTokens(layer);    // got
    const double first = moe.ffn * (m_model.gated ? 2.0 : 1.0);
    Add(steps, type, m_times.Memory(2 * BF16 * m_hidden * m_partTokens));
    if (!m_spec.overlap.expert)
    {
        SharedForward(steps, type);
    }
    Add(steps, type, MakeWideKernels(m_spec).Matmul(m_partTokens, m_hidden, moe.experts)); // router
    Add(steps, type, m_times.Memory(2 * BF16 * m_hidden * copies)); // in order of experts
    SendTokens(steps, layer, false, m_spec.dispatchBytes);
    if (m_spec.overlap.expert)
    {
        SharedForward(steps, type);
    }
    WaitForTokens(steps);
    BeginExperts(steps, type);
    Add(steps, type, GroupedMatmul(layer, [&](double rows, double count) {
            return m_times.Matmul(rows, m_hidden, first, count);
        }));
    Add(steps, type, m_times.Memory(BF16 * (first + moe.ffn) * tokens));
    Add(steps, type, GroupedMatmul(layer, [&](double rows, double count) {
            return m_times.Matmul(rows, moe.ffn, m_hidden, count);
        }));
    SendTokens(steps, layer, true, 2);
    WaitForTokens(steps);
    Add(steps, type, m_times.Memory(BF16 * m_hidden * (copies + 2 * m_partTokens)));
}

void
LayerSteps::SharedBackward(Steps& steps, BackwardPart part) const
{
    const Experts& moe = *m_model.moe;
    if (moe.shared == 0)
    {
        return;
    }
    const double size = static_cast<double>(moe.shared) * moe.ffn / m_tensor;
    const double first = size * (m_model.gated ? 2 : 1);
    ActivationBackward(steps, size, part);
    ColumnBackward(
        steps,
        {m_times.Matmul(m_tokens, first, m_hidden), m_times.Matmul(m_hidden, m_tokens, first)},
        part);
}

void
LayerSteps::ExpertsBackward(Steps& steps, uint32_t layer, BackwardPart part) const
{
    const Experts& moe = *m_model.moe;
    const double copies = m_partTokens * moe.active;
    const double tokens = GetExpertTokens(layer);
    const double first = moe.ffn * (m_model.gated ? 2.0 : 1.0);
    const bool isBeside = m_spec.overlap.expert && HasInput(part); // shared experts
    const KernelTimes wide = MakeWideKernels(m_spec);              // of the router
    const auto multiply = [&](bool wanted, const auto& product) {
        Add(steps, Step::COMPUTE, If(wanted, GroupedMatmul(layer, product)));
    };
    if (HasInput(part))
    {
        Add(steps, Step::COMPUTE, m_times.Memory(BF16 * m_hidden * (copies + 2 * m_partTokens)));
        SendTokens(steps, layer, false, 2);
        if (isBeside)
        {
            SharedBackward(steps, part);
        }
        WaitForTokens(steps);
        BeginExperts(steps, Step::COMPUTE);
    }
    multiply(HasInput(part), [&](double rows, double count) {
        return m_times.Matmul(rows, m_hidden, moe.ffn, count);
    });
    multiply(HasWeight(part), [&](double rows, double count) {
        return m_times.Matmul(moe.ffn, rows, m_hidden, count);
    });
    if (HasInput(part))
    {
        Add(steps, Step::COMPUTE, m_times.Memory(BF16 * (2 * first + moe.ffn) * tokens));
    }
    multiply(HasInput(part), [&](double rows, double count) {
        return m_times.Matmul(rows, first, m_hidden, count);
    });
    multiply(HasWeight(part), [&](double rows, double count) {
        return m_times.Matmul(m_hidden, rows, first, count);
    });
    if (HasInput(part))
    {
        SendTokens(steps, layer, true, 2);
        WaitForTokens(steps);
        Add(steps, Step::COMPUTE, m_times.Memory(2 * BF16 * m_hidden * copies));
        Add(steps, Step::COMPUTE, wide.Matmul(m_partTokens, moe.experts, m_hidden));
    }
    Add(steps,
        Step::COMPUTE,
        If(HasWeight(part), wide.Matmul(m_hidden, m_partTokens, moe.experts)));
    if (!isBeside)
    {
        SharedBackward(steps, part);
    }
    NormBackward(steps, part);
}

} // namespace mtlink
} // namespace ns3
