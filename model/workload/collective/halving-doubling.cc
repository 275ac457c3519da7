/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/halving-doubling.h"

#include <algorithm>
#include <bit>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/**
 * The members that make the core, and what they stand for.
 */
class Core
{
  public:
    /** @param [in] n Members. */
    explicit Core(uint32_t n)
        : m_size(std::bit_floor(n)),
          m_pairs(n - m_size)
    {
    }

    /** @return how many pairs there are, of members 2 i and 2 i + 1. */
    uint32_t GetPairs() const
    {
        return m_pairs;
    }

    /** @return the core, in order. */
    Team GetTeam() const
    {
        Team team;
        for (uint32_t i = 0; i < m_size; ++i)
        {
            team.push_back(i < m_pairs ? 2 * i + 1 : i + m_pairs);
        }
        return team;
    }

    /**
     * @param [in] layout A chunk for each member.
     * @param [in] lot A channel.
     * @return the chunks that each of the core stands for.
     */
    std::vector<BlockRange> GetRanges(const ChunkLayout& layout, uint32_t lot) const
    {
        std::vector<BlockRange> ranges;
        for (uint32_t i = 0; i < m_size; ++i)
        {
            const uint32_t first = i < m_pairs ? 2 * i : i + m_pairs;
            ranges.push_back(layout.Of(lot, first, first + (i < m_pairs ? 2 : 1)));
        }
        return ranges;
    }

  private:
    uint32_t m_size;  //!< Members of the core
    uint32_t m_pairs; //!< Pairs
};

/**
 * Work by halves as far as both partners' groups go.
 * @param [in] ranges What each member has.
 * @param [in] first First member of a group.
 * @param [in] count Its members.
 * @return what they have together.
 */
BlockRange
Join(std::span<const BlockRange> ranges, uint32_t first, uint32_t count)
{
    return {ranges[first].first, ranges[first + count - 1].last};
}

/**
 * Reorder so that neighbours come farthest apart, index bits reversed.
 * @param [in] team A power of two of members.
 * @return the same, reordered.
 */
Team
ReverseBits(const Team& team)
{
    Team reversed(team.size());
    for (uint32_t i = 0; i < team.size(); ++i)
    {
        uint32_t index = 0;
        for (uint32_t bit = 1; bit < team.size(); bit *= 2)
        {
            index = index * 2 + ((i & bit) ? 1 : 0);
        }
        reversed[index] = team[i];
    }
    return reversed;
}

} // namespace

void
HalvingReduceScatter(CollectiveBuilder& builder,
                     const Team& team,
                     std::span<const BlockRange> ranges,
                     uint32_t flow)
{
    const auto n = static_cast<uint32_t>(team.size());
    for (uint32_t distance = n / 2; distance > 0; distance /= 2)
    {
        for (uint32_t low = 0; low < n; ++low)
        {
            if ((low & distance) == 0)
            {
                const uint32_t high = low | distance;
                const uint32_t group = low & ~(distance - 1);
                builder.Combine(team[low],
                                team[high],
                                Join(ranges, group + distance, distance),
                                flow);
                builder.Combine(team[high], team[low], Join(ranges, group, distance), flow);
            }
        }
    }
}

void
DoublingAllGather(CollectiveBuilder& builder,
                  const Team& team,
                  std::span<const BlockRange> ranges,
                  uint32_t flow)
{
    const auto n = static_cast<uint32_t>(team.size());
    for (uint32_t distance = 1; distance < n; distance *= 2)
    {
        for (uint32_t low = 0; low < n; ++low)
        {
            if ((low & distance) == 0)
            {
                const uint32_t high = low | distance;
                const uint32_t group = low & ~(distance - 1);
                builder.Copy(team[low], team[high], Join(ranges, group, distance), flow);
                builder.Copy(team[high], team[low], Join(ranges, group + distance, distance), flow);
            }
        }
    }
}

void
AllReduceByHalvingDoubling(const CollectiveContext& context)
{
    const Core core(context.Size());
    const Team team = ReverseBits(core.GetTeam());
    const auto size = static_cast<uint32_t>(team.size());
    const uint32_t lots = context.Lots(context.spec.bytes / size);
    const ChunkLayout layout(PartsOf(context.Whole(), size), lots);
    context.builder.SetBlocks(layout.GetBlocks());
    for (uint32_t lot = 0; lot < lots; ++lot)
    {
        const BlockRange all = layout.Of(lot, 0, size);
        for (uint32_t pair = 0; pair < core.GetPairs(); ++pair)
        {
            context.builder.Combine(2 * pair, 2 * pair + 1, all, lot);
        }
        const auto ranges = layout.Each(lot);
        HalvingReduceScatter(context.builder, team, ranges, lot);
        DoublingAllGather(context.builder, team, ranges, lot);
        for (uint32_t pair = 0; pair < core.GetPairs(); ++pair)
        {
            context.builder.Copy(2 * pair + 1, 2 * pair, all, lot);
        }
    }
}

void
AllReduceByDoubling(const CollectiveContext& context)
{
    const Core core(context.Size());
    const Team team = core.GetTeam();
    const auto size = static_cast<uint32_t>(team.size());
    const uint32_t lots = context.Lots(context.spec.bytes);
    const ChunkLayout layout({context.Whole()}, lots);
    context.builder.SetBlocks(layout.GetBlocks());
    for (uint32_t lot = 0; lot < lots; ++lot)
    {
        const BlockRange all = layout.Of(lot, 0, 1);
        for (uint32_t pair = 0; pair < core.GetPairs(); ++pair)
        {
            context.builder.Combine(2 * pair, 2 * pair + 1, all, lot);
        }
        for (uint32_t distance = 1; distance < size; distance *= 2)
        {
            for (uint32_t low = 0; low < size; ++low)
            {
                if ((low & distance) == 0)
                {
                    context.builder.Exchange(team[low], team[low | distance], all, lot);
                }
            }
        }
        for (uint32_t pair = 0; pair < core.GetPairs(); ++pair)
        {
            context.builder.Copy(2 * pair + 1, 2 * pair, all, lot);
        }
    }
}

void
ReduceScatterByHalving(const CollectiveContext& context)
{
    const uint32_t n = context.Size();
    const Core core(n);
    const uint32_t lots = context.Lots(context.spec.bytes / n);
    const ChunkLayout layout(PartsOf(context.Whole(), n), lots);
    context.builder.SetBlocks(layout.GetBlocks());
    for (uint32_t lot = 0; lot < lots; ++lot)
    {
        for (uint32_t pair = 0; pair < core.GetPairs(); ++pair)
        {
            context.builder.Combine(2 * pair, 2 * pair + 1, layout.Of(lot, 0, n), lot);
        }
        HalvingReduceScatter(context.builder, core.GetTeam(), core.GetRanges(layout, lot), lot);
        for (uint32_t pair = 0; pair < core.GetPairs(); ++pair)
        {
            context.builder.Copy(2 * pair + 1,
                                 2 * pair,
                                 layout.Of(lot, 2 * pair, 2 * pair + 1),
                                 lot);
        }
    }
}

void
AllGatherByDoubling(const CollectiveContext& context)
{
    const uint32_t n = context.Size();
    const Core core(n);
    const uint32_t lots = context.Lots(context.spec.bytes / n);
    const ChunkLayout layout(PartsOf(context.Whole(), n), lots);
    context.builder.SetBlocks(layout.GetBlocks());
    for (uint32_t lot = 0; lot < lots; ++lot)
    {
        for (uint32_t pair = 0; pair < core.GetPairs(); ++pair)
        {
            context.builder.Copy(2 * pair,
                                 2 * pair + 1,
                                 layout.Of(lot, 2 * pair, 2 * pair + 1),
                                 lot);
        }
        DoublingAllGather(context.builder, core.GetTeam(), core.GetRanges(layout, lot), lot);
        for (uint32_t pair = 0; pair < core.GetPairs(); ++pair)
        {
            const BlockRange missing[] = {layout.Of(lot, 0, 2 * pair),
                                          layout.Of(lot, 2 * pair + 1, n)};
            context.builder.Copy(2 * pair + 1, 2 * pair, missing, lot);
        }
    }
}

} // namespace mtlink
} // namespace ns3
