/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/in-network.h"

#include "workload/collective/chunk-layout.h"
#include "workload/collective/collective-kind.h"

namespace ns3
{
namespace mtlink
{

std::vector<MemberOperation>
AddInNetwork(OperationGraph& graph, const PlannedCollective& planned, const CollectiveEnds& ends)
{
    const CollectiveSpec& spec = planned.spec;
    const auto n = static_cast<uint32_t>(spec.ranks.size());
    std::vector<MemberOperation> added;
    const auto addStep = [&](GroupAction action, uint32_t root, uint64_t bytes) {
        if (bytes == 0)
        {
            return;
        }
        GroupStep step;
        step.message = {planned.group, action, root, bytes};
        Operation operation;
        operation.bytes = bytes;
        operation.peer = static_cast<uint32_t>(graph.GetGroupSteps().size());
        operation.collective = ends.collective;
        const auto add = [&](uint32_t member, OperationType type) {
            operation.type = type;
            operation.rank = spec.ranks[member];
            const uint32_t id = graph.Add(operation);
            graph.Require(id, ends.begin[member]);
            added.push_back({member, id});
            return id;
        };
        for (uint32_t member = 0; member < n; ++member)
        {
            const bool isRoot = member == root;
            const bool sends = action != GroupAction::MULTICAST || isRoot;
            const bool receives =
                action == GroupAction::ALL_REDUCE || isRoot == (action == GroupAction::REDUCE);
            step.sends.push_back(sends ? add(member, OperationType::GROUP_SEND) : NONE);
            step.receives.push_back(receives ? add(member, OperationType::GROUP_RECEIVE) : NONE);
        }
        graph.AddGroupStep(step);
    };
    const CollectiveKind& kind = GetCollectiveKind(spec.name);
    const GroupAction oneWay = kind.reduces ? GroupAction::REDUCE : GroupAction::MULTICAST;
    if (kind.payload == Payload::WHOLE)
    {
        addStep(kind.IsAllToAll() ? GroupAction::ALL_REDUCE : oneWay, spec.root, spec.bytes);
        return added;
    }
    for (uint32_t member = 0; member < n; ++member)
    {
        addStep(oneWay, member, PartOf({0, spec.bytes}, n, member).bytes);
    }
    return added;
}

} // namespace mtlink
} // namespace ns3
