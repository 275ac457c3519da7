/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/ring.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

/**
 * Reduce-scatter, all-gather or both, by all channels.
 * @param [in] context What to do.
 * @param [in] rings Order of members by channel.
 * @param [in] reduce Whether to reduce-scatter.
 * @param [in] gather Whether to all-gather.
 */
void
RunRings(const CollectiveContext& context, const std::vector<Team>& rings, bool reduce, bool gather)
{
    const uint32_t n = context.Size();
    const auto channels = static_cast<uint32_t>(rings.size());
    const uint64_t lot = context.spec.bytes / n / channels;
    const uint32_t pieces = context.spec.chunk > 0 ? context.Pieces(lot) : 1;
    const ChunkLayout layout(PartsOf(context.Whole(), n), channels * pieces);
    context.builder.SetBlocks(layout.GetBlocks());
    for (uint32_t i = 0; i < channels * pieces; ++i)
    {
        const uint32_t channel = i % channels;
        const Team& ring = rings[channel];
        std::vector<BlockRange> ranges;
        for (const uint32_t member : ring)
        {
            ranges.push_back(layout.Of(i, member, member + 1));
        }
        if (reduce)
        {
            RingReduceScatter(context.builder, ring, ranges, channel);
        }
        if (gather)
        {
            RingAllGather(context.builder, ring, ranges, channel);
        }
    }
}

/**
 * Send all data along chains that begin or end with the root.
 * @param [in] context What to do.
 * @param [in] reduce Towards the root, reducing; else away from it.
 */
void
RunChains(const CollectiveContext& context, bool reduce)
{
    const auto rings = context.placement.GetRings(context.Channels(), context.spec.bytes);
    const auto channels = static_cast<uint32_t>(rings.size());
    const uint32_t pieces = context.Pieces(context.spec.bytes / channels);
    const ChunkLayout layout(PartsOf(context.Whole(), pieces), channels);
    context.builder.SetBlocks(layout.GetBlocks());
    for (uint32_t channel = 0; channel < channels; ++channel)
    {
        Team chain = rings[channel];
        const auto root = std::find(chain.begin(), chain.end(), context.spec.root);
        std::rotate(chain.begin(), reduce ? root + 1 : root, chain.end());
        for (uint32_t piece = 0; piece < pieces; ++piece)
        {
            const BlockRange block = layout.Of(channel, piece, piece + 1);
            for (std::size_t i = 0; i + 1 < chain.size(); ++i)
            {
                if (reduce)
                {
                    context.builder.Combine(chain[i], chain[i + 1], block, channel);
                }
                else
                {
                    context.builder.Copy(chain[i], chain[i + 1], block, channel);
                }
            }
        }
    }
}

/**
 * @param [in] context What to do.
 * @return rings for it.
 */
std::vector<Team>
RingsFor(const CollectiveContext& context)
{
    return context.placement.GetRings(context.Channels(), context.spec.bytes / context.Size());
}

/**
 * @param [in] context What to do.
 * @return rings in both directions for it.
 */
std::vector<Team>
RingPairsFor(const CollectiveContext& context)
{
    return context.placement.GetRingPairs(context.Channels(), context.spec.bytes / context.Size());
}

} // namespace

void
RingReduceScatter(CollectiveBuilder& builder,
                  const Team& ring,
                  std::span<const BlockRange> ranges,
                  uint32_t flow)
{
    const std::size_t n = ring.size();
    for (std::size_t step = 0; step + 1 < n; ++step)
    {
        for (std::size_t place = 0; place < n; ++place)
        {
            const std::size_t chunk = (place + 2 * n - 1 - step) % n;
            builder.Combine(ring[place], ring[(place + 1) % n], ranges[chunk], flow);
        }
    }
}

void
RingAllGather(CollectiveBuilder& builder,
              const Team& ring,
              std::span<const BlockRange> ranges,
              uint32_t flow)
{
    const std::size_t n = ring.size();
    for (std::size_t step = 0; step + 1 < n; ++step)
    {
        for (std::size_t place = 0; place < n; ++place)
        {
            const std::size_t chunk = (place + n - step) % n;
            builder.Copy(ring[place], ring[(place + 1) % n], ranges[chunk], flow);
        }
    }
}

void
AllReduceByRing(const CollectiveContext& context)
{
    RunRings(context, RingsFor(context), true, true);
}

void
AllGatherByRing(const CollectiveContext& context)
{
    RunRings(context, RingsFor(context), false, true);
}

void
ReduceScatterByRing(const CollectiveContext& context)
{
    RunRings(context, RingsFor(context), true, false);
}

void
AllReduceByBidirectionalRing(const CollectiveContext& context)
{
    RunRings(context, RingPairsFor(context), true, true);
}

void
AllGatherByBidirectionalRing(const CollectiveContext& context)
{
    RunRings(context, RingPairsFor(context), false, true);
}

void
ReduceScatterByBidirectionalRing(const CollectiveContext& context)
{
    RunRings(context, RingPairsFor(context), true, false);
}

void
BroadcastByRing(const CollectiveContext& context)
{
    RunChains(context, false);
}

void
ReduceByRing(const CollectiveContext& context)
{
    RunChains(context, true);
}

} // namespace mtlink
} // namespace ns3
