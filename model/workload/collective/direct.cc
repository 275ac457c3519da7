/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/direct.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

/**
 * Set one block for each member's chunk and lot.
 * @param [in] context What to do.
 * @param [in] message Bytes of one message.
 * @return the layout.
 */
ChunkLayout
LayOut(const CollectiveContext& context, uint64_t message)
{
    ChunkLayout layout(PartsOf(context.Whole(), context.Size()), context.Lots(message));
    context.builder.SetBlocks(layout.GetBlocks());
    return layout;
}

/**
 * Call for all members but the root, those after it first.
 * @param [in] context What to do.
 * @param [in] visit Called with a member.
 */
template <typename F>
void
ForOthers(const CollectiveContext& context, F visit)
{
    for (uint32_t i = 1; i < context.Size(); ++i)
    {
        visit((context.spec.root + i) % context.Size());
    }
}

} // namespace

ExchangeData::ExchangeData(const CollectiveContext& context)
    : m_size(context.Size()),
      m_bytes(context.spec.bytes)
{
    uint64_t offset = 0;
    for (const uint64_t count : context.spec.counts)
    {
        m_segments.push_back({offset, count});
        offset += count;
    }
}

Segment
ExchangeData::Of(uint32_t src, uint32_t dst) const
{
    if (!m_segments.empty())
    {
        return m_segments[std::size_t{src} * m_size + dst];
    }
    return PartOf({src * m_bytes, m_bytes}, m_size, dst);
}

void
DirectReduceScatter(CollectiveBuilder& builder,
                    const Team& team,
                    std::span<const BlockRange> ranges,
                    uint32_t flow)
{
    const std::size_t n = team.size();
    for (std::size_t step = 1; step < n; ++step)
    {
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::size_t to = (i + step) % n;
            builder.Combine(team[i], team[to], ranges[to], flow);
        }
    }
}

void
DirectAllGather(CollectiveBuilder& builder,
                const Team& team,
                std::span<const BlockRange> ranges,
                uint32_t flow)
{
    const std::size_t n = team.size();
    for (std::size_t step = 1; step < n; ++step)
    {
        for (std::size_t i = 0; i < n; ++i)
        {
            builder.Copy(team[i], team[(i + step) % n], ranges[i], flow);
        }
    }
}

void
AllReduceDirect(const CollectiveContext& context)
{
    const uint32_t n = context.Size();
    const uint32_t lots = context.Lots(context.spec.bytes);
    const ChunkLayout layout({context.Whole()}, lots);
    context.builder.SetBlocks(layout.GetBlocks());
    for (uint32_t lot = 0; lot < lots; ++lot)
    {
        for (uint32_t step = 1; step < n; ++step)
        {
            for (uint32_t i = 0; i < n; ++i)
            {
                context.builder.CombineOriginal(i, (i + step) % n, layout.Of(lot, 0, 1), lot);
            }
        }
    }
}

void
AllReduceByTwoShot(const CollectiveContext& context)
{
    const uint64_t chunk = context.spec.bytes / context.Size();
    const ChunkLayout layout = LayOut(context, chunk);
    for (uint32_t lot = 0; lot < context.Lots(chunk); ++lot)
    {
        const auto ranges = layout.Each(lot);
        DirectReduceScatter(context.builder, context.builder.GetTeam(), ranges, lot);
        DirectAllGather(context.builder, context.builder.GetTeam(), ranges, lot);
    }
}

void
AllGatherDirect(const CollectiveContext& context)
{
    const uint64_t chunk = context.spec.bytes / context.Size();
    const ChunkLayout layout = LayOut(context, chunk);
    for (uint32_t lot = 0; lot < context.Lots(chunk); ++lot)
    {
        DirectAllGather(context.builder, context.builder.GetTeam(), layout.Each(lot), lot);
    }
}

void
ReduceScatterDirect(const CollectiveContext& context)
{
    const uint64_t chunk = context.spec.bytes / context.Size();
    const ChunkLayout layout = LayOut(context, chunk);
    for (uint32_t lot = 0; lot < context.Lots(chunk); ++lot)
    {
        DirectReduceScatter(context.builder, context.builder.GetTeam(), layout.Each(lot), lot);
    }
}

void
ReduceScatterByPairwise(const CollectiveContext& context)
{
    const uint32_t n = context.Size();
    const uint64_t chunk = context.spec.bytes / n;
    const uint32_t lots = context.Lots(chunk);
    const ChunkLayout layout = LayOut(context, chunk);
    for (uint32_t step = 1; step < n; ++step)
    {
        std::vector<uint32_t> done(n, NONE);
        for (uint32_t i = 0; i < n; ++i)
        {
            const uint32_t to = (i + step) % n;
            for (uint32_t lot = 0; lot < lots; ++lot)
            {
                const uint32_t last =
                    context.builder.Combine(i, to, layout.Of(lot, to, to + 1), lot);
                done[to] = last != NONE ? last : done[to];
            }
        }
        for (uint32_t i = 0; i < n; ++i)
        {
            context.builder.SetGate(i, done[i]);
        }
    }
}

void
AllToAllDirect(const CollectiveContext& context)
{
    const uint32_t n = context.Size();
    const ExchangeData data(context);
    for (uint32_t step = 1; step < n; ++step)
    {
        for (uint32_t i = 0; i < n; ++i)
        {
            const Segment whole = data.Of(i, (i + step) % n);
            const uint32_t lots = context.Lots(whole.bytes);
            for (uint32_t lot = 0; lot < lots; ++lot)
            {
                context.builder.Deliver(i, (i + step) % n, {PartOf(whole, lots, lot)}, {}, lot);
            }
        }
    }
}

void
AllToAllByPairwise(const CollectiveContext& context)
{
    const uint32_t n = context.Size();
    const ExchangeData data(context);
    std::vector<std::vector<uint32_t>> before(n);
    for (uint32_t step = 1; step < n; ++step)
    {
        std::vector<std::vector<uint32_t>> now(n);
        for (uint32_t i = 0; i < n; ++i)
        {
            const uint32_t to = (i + step) % n;
            const Segment whole = data.Of(i, to);
            const uint32_t lots = context.Lots(whole.bytes);
            for (uint32_t lot = 0; lot < lots; ++lot)
            {
                const uint32_t receive =
                    context.builder.Deliver(i, to, {PartOf(whole, lots, lot)}, before[i], lot);
                if (receive != NONE)
                {
                    now[to].push_back(receive);
                }
            }
        }
        for (uint32_t i = 0; i < n; ++i)
        {
            // Nothing came in this step: the next one waits for the one before.
            if (!now[i].empty())
            {
                before[i] = std::move(now[i]);
            }
        }
    }
}

void
BroadcastDirect(const CollectiveContext& context)
{
    const uint32_t lots = context.Lots(context.spec.bytes);
    const ChunkLayout layout({context.Whole()}, lots);
    context.builder.SetBlocks(layout.GetBlocks());
    for (uint32_t lot = 0; lot < lots; ++lot)
    {
        ForOthers(context, [&](uint32_t member) {
            context.builder.Copy(context.spec.root, member, layout.Of(lot, 0, 1), lot);
        });
    }
}

void
BroadcastByTwoShot(const CollectiveContext& context)
{
    const uint32_t root = context.spec.root;
    const uint64_t chunk = context.spec.bytes / context.Size();
    const ChunkLayout layout = LayOut(context, chunk);
    for (uint32_t lot = 0; lot < context.Lots(chunk); ++lot)
    {
        ForOthers(context, [&](uint32_t member) {
            context.builder.Copy(root, member, layout.Of(lot, member, member + 1), lot);
        });
        ForOthers(context, [&](uint32_t member) {
            context.builder.Copy(root, member, layout.Of(lot, root, root + 1), lot);
        });
        ForOthers(context, [&](uint32_t from) {
            ForOthers(context, [&](uint32_t to) {
                if (from != to)
                {
                    context.builder.Copy(from, to, layout.Of(lot, from, from + 1), lot);
                }
            });
        });
    }
}

void
ReduceDirect(const CollectiveContext& context)
{
    const uint32_t lots = context.Lots(context.spec.bytes);
    const ChunkLayout layout({context.Whole()}, lots);
    context.builder.SetBlocks(layout.GetBlocks());
    for (uint32_t lot = 0; lot < lots; ++lot)
    {
        ForOthers(context, [&](uint32_t member) {
            context.builder.Combine(member, context.spec.root, layout.Of(lot, 0, 1), lot);
        });
    }
}

void
ReduceByTwoShot(const CollectiveContext& context)
{
    const uint64_t chunk = context.spec.bytes / context.Size();
    const ChunkLayout layout = LayOut(context, chunk);
    for (uint32_t lot = 0; lot < context.Lots(chunk); ++lot)
    {
        DirectReduceScatter(context.builder, context.builder.GetTeam(), layout.Each(lot), lot);
        ForOthers(context, [&](uint32_t member) {
            context.builder.Copy(member,
                                 context.spec.root,
                                 layout.Of(lot, member, member + 1),
                                 lot);
        });
    }
}

void
GatherDirect(const CollectiveContext& context)
{
    const uint64_t chunk = context.spec.bytes / context.Size();
    const ChunkLayout layout = LayOut(context, chunk);
    for (uint32_t lot = 0; lot < context.Lots(chunk); ++lot)
    {
        ForOthers(context, [&](uint32_t member) {
            context.builder.Copy(member,
                                 context.spec.root,
                                 layout.Of(lot, member, member + 1),
                                 lot);
        });
    }
}

void
ScatterDirect(const CollectiveContext& context)
{
    const uint64_t chunk = context.spec.bytes / context.Size();
    const ChunkLayout layout = LayOut(context, chunk);
    for (uint32_t lot = 0; lot < context.Lots(chunk); ++lot)
    {
        ForOthers(context, [&](uint32_t member) {
            context.builder.Copy(context.spec.root,
                                 member,
                                 layout.Of(lot, member, member + 1),
                                 lot);
        });
    }
}

void
SendRecvDirect(const CollectiveContext& context)
{
    const uint32_t n = context.Size();
    const uint32_t lots = context.Lots(context.spec.bytes);
    for (uint32_t i = 0; i < n; ++i)
    {
        const Segment whole{i * context.spec.bytes, context.spec.bytes};
        for (uint32_t lot = 0; lot < lots; ++lot)
        {
            context.builder.Deliver(i, (i + 1) % n, {PartOf(whole, lots, lot)}, {}, lot);
        }
    }
}

void
BarrierDirect(const CollectiveContext& context)
{
    const uint32_t n = context.Size();
    for (uint32_t step = 1; step < n; ++step)
    {
        for (uint32_t i = 0; i < n; ++i)
        {
            context.builder.Deliver(i, (i + step) % n, {}, {}, 0, 1);
        }
    }
}

} // namespace mtlink
} // namespace ns3
