/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/card-classes.h"

#include "training/rank-layout.h"

#include <map>
#include <tuple>

namespace ns3
{
namespace mtlink
{

std::vector<CardClass>
ListCardClasses(const TrainingSpec& spec)
{
    std::vector<CardClass> classes;
    if (spec.kinds.empty() && spec.microBatches.empty())
    {
        for (uint32_t stage = 0; stage < spec.parallel.pipeline; ++stage)
        {
            classes.push_back(
                {stage, 0, spec.GetMicroBatches(), spec.GetCards() / spec.parallel.pipeline});
        }
        return classes;
    }
    const RankLayout layout(spec.parallel);
    std::map<std::tuple<uint32_t, uint32_t, uint32_t>, uint32_t> counts;
    for (uint32_t rank = 0; rank < spec.GetCards(); ++rank)
    {
        ++counts[{layout.GetStage(rank),
                  spec.GetKind(rank),
                  spec.GetMicroBatches(layout.GetReplica(rank))}];
    }
    for (const auto& [key, cards] : counts)
    {
        const auto& [stage, kind, micros] = key;
        classes.push_back({stage, kind, micros, cards});
    }
    return classes;
}

std::vector<uint32_t>
GetReplicaKinds(const TrainingSpec& spec)
{
    const RankLayout layout(spec.parallel);
    std::vector<uint32_t> kinds(spec.parallel.data, UINT32_MAX);
    for (uint32_t rank = 0; rank < spec.GetCards(); ++rank)
    {
        uint32_t& kind = kinds[layout.GetReplica(rank)];
        if (kind != UINT32_MAX && kind != spec.GetKind(rank))
        {
            return {};
        }
        kind = spec.GetKind(rank);
    }
    return kinds;
}

} // namespace mtlink
} // namespace ns3
