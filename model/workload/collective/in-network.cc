/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/in-network.h"

namespace ns3
{
namespace mtlink
{

namespace
{

/** One step over all the data. */
void
RunWhole(const CollectiveContext& context, GroupAction action)
{
    context.Channels(); // its group has so many trees
    context.builder.SetBlocks({context.Whole()});
    context.builder.InNetwork(context.group, action, context.spec.root, 0);
}

/** A step for each member's part. */
void
RunParts(const CollectiveContext& context, GroupAction action)
{
    context.Channels();
    context.builder.SetBlocks(PartsOf(context.Whole(), context.Size()));
    for (uint32_t member = 0; member < context.Size(); ++member)
    {
        context.builder.InNetwork(context.group, action, member, member);
    }
}

} // namespace

void
AllReduceInNetwork(const CollectiveContext& context)
{
    RunWhole(context, GroupAction::ALL_REDUCE);
}

void
ReduceScatterInNetwork(const CollectiveContext& context)
{
    RunParts(context, GroupAction::REDUCE);
}

void
AllGatherInNetwork(const CollectiveContext& context)
{
    RunParts(context, GroupAction::MULTICAST);
}

void
BroadcastInNetwork(const CollectiveContext& context)
{
    RunWhole(context, GroupAction::MULTICAST);
}

void
ReduceInNetwork(const CollectiveContext& context)
{
    RunWhole(context, GroupAction::REDUCE);
}

} // namespace mtlink
} // namespace ns3
