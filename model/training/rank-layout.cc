/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/rank-layout.h"

#include <algorithm>
#include <map>

namespace ns3
{
namespace mtlink
{

RankLayout::RankLayout(const ParallelSpec& parallel, bool isMirrored)
    : m_parallel(parallel),
      m_isMirrored(isMirrored),
      m_sizes{parallel.tensor, parallel.context, parallel.data, parallel.pipeline}
{
    uint32_t stride = 1;
    for (const ParallelAxis axis : parallel.order)
    {
        m_strides[static_cast<std::size_t>(axis)] = stride;
        stride *= m_sizes[static_cast<std::size_t>(axis)];
    }
    MakeGroups(GroupKind::TENSOR, {ParallelAxis::TENSOR});
    MakeGroups(GroupKind::CONTEXT, {ParallelAxis::CONTEXT});
    MakeGroups(GroupKind::DATA, {ParallelAxis::DATA, ParallelAxis::CONTEXT});
    for (const GroupKind kind : {GroupKind::EXPERT, GroupKind::EXPERT_DATA})
    {
        auto& groups = m_groups[static_cast<std::size_t>(kind)];
        auto& groupOf = m_groupOf[static_cast<std::size_t>(kind)];
        const bool isExpert = kind == GroupKind::EXPERT;
        groups.resize(isExpert ? GetPlaces() / parallel.expert : parallel.expert);
        for (uint32_t place = 0; place < GetPlaces(); ++place)
        {
            groupOf.push_back(isExpert ? place / parallel.expert : place % parallel.expert);
            groups[groupOf.back()].push_back(place);
        }
    }
}

void
RankLayout::MakeGroups(GroupKind kind, const std::vector<ParallelAxis>& axes)
{
    auto& groups = m_groups[static_cast<std::size_t>(kind)];
    auto& groupOf = m_groupOf[static_cast<std::size_t>(kind)];
    std::map<uint32_t, uint32_t> known; // by the rank that has 0 along these axes
    for (uint32_t place = 0; place < GetPlaces(); ++place)
    {
        const uint32_t rank = GetRank(0, place);
        uint32_t base = rank;
        for (const ParallelAxis axis : axes)
        {
            const auto i = static_cast<std::size_t>(axis);
            base -= rank / m_strides[i] % m_sizes[i] * m_strides[i];
        }
        const auto [entry, isNew] = known.emplace(base, static_cast<uint32_t>(groups.size()));
        if (isNew)
        {
            groups.emplace_back();
        }
        groups[entry->second].push_back(place);
        groupOf.push_back(entry->second);
    }
}

uint32_t
RankLayout::GetPlaces() const
{
    return m_parallel.tensor * m_parallel.context * m_parallel.data;
}

uint32_t
RankLayout::GetRank(uint32_t stage, uint32_t place) const
{
    const uint32_t stride = m_strides[static_cast<std::size_t>(ParallelAxis::PIPELINE)];
    return place / stride * stride * m_parallel.pipeline + stage * stride + place % stride;
}

uint32_t
RankLayout::GetStage(uint32_t rank) const
{
    return rank / m_strides[static_cast<std::size_t>(ParallelAxis::PIPELINE)] % m_parallel.pipeline;
}

uint32_t
RankLayout::GetReplica(uint32_t rank) const
{
    return rank / m_strides[static_cast<std::size_t>(ParallelAxis::DATA)] % m_parallel.data;
}

uint32_t
RankLayout::GetPlace(uint32_t rank) const
{
    const uint32_t stride = m_strides[static_cast<std::size_t>(ParallelAxis::PIPELINE)];
    return rank / (stride * m_parallel.pipeline) * stride + rank % stride;
}

const std::vector<std::vector<uint32_t>>&
RankLayout::GetGroups(GroupKind kind) const
{
    return m_groups[static_cast<std::size_t>(kind)];
}

std::vector<std::vector<uint32_t>>
RankLayout::GetRankGroups(GroupKind kind, uint32_t stage) const
{
    const uint32_t last = m_parallel.pipeline - 1;
    std::vector<std::vector<uint32_t>> all;
    if (kind == GroupKind::EMBEDDING)
    {
        for (uint32_t place = 0; place < GetPlaces(); ++place)
        {
            all.push_back({GetRank(0, place), GetRank(last, place)});
        }
        return all;
    }
    const bool isPair = m_isMirrored && (kind == GroupKind::DATA || kind == GroupKind::EXPERT_DATA);
    std::vector<uint32_t> stages{stage};
    if (isPair)
    {
        stages = {std::min(stage, last - stage), std::max(stage, last - stage)};
    }
    for (const std::vector<uint32_t>& group : GetGroups(kind))
    {
        std::vector<uint32_t>& ranks = all.emplace_back();
        for (const uint32_t own : stages)
        {
            for (const uint32_t place : group)
            {
                ranks.push_back(GetRank(own, place));
            }
        }
    }
    return all;
}

uint32_t
RankLayout::GetGroup(GroupKind kind, uint32_t place) const
{
    return m_groupOf[static_cast<std::size_t>(kind)][place];
}

} // namespace mtlink
} // namespace ns3
