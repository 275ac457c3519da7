/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/halving-doubling.h"

#include "workload/collective/ring.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <numeric>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

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

/** What all programs by halves have in common: the core, and a strand for each lot. */
class HalvesProgram : public CollectiveProgram
{
  protected:
    /** @param [in] context What to do. @param [in] lots Strands. @param [in] chunks The data. */
    HalvesProgram(const CollectiveContext& context,
                  uint32_t lots,
                  const std::vector<Segment>& chunks)
        : m_core(context.Size())
    {
        m_strands = lots;
        m_layout = ChunkLayout(chunks, lots);
    }

    Core m_core; //!< Who is in it
};

/** all_reduce by halving and doubling. */
class HalvingDoublingProgram : public HalvesProgram
{
  public:
    /** @param [in] context What to do. */
    explicit HalvingDoublingProgram(const CollectiveContext& context)
        : HalvesProgram(context,
                        context.Lots(context.spec.bytes / Core(context.Size()).GetSize()),
                        PartsOf(context.Whole(), Core(context.Size()).GetSize())),
          m_team(ReverseBits(m_core.GetTeam())),
          m_places(context.Size(), NONE)
    {
        for (uint32_t at = 0; at < m_team.size(); ++at)
        {
            m_places[m_team[at]] = at;
        }
    }

    Transfers Open(uint32_t member, uint32_t lot, bool) const override
    {
        const BlockRange all = m_layout.Of(lot, 0, m_core.GetSize());
        const uint32_t each = m_core.GetRounds();
        const Rounds rounds(2 * uint64_t{m_core.GetSize()}, uint64_t{lot} * (2 * each + 2));
        const auto pair = [&](uint32_t round) {
            return Leg{rounds.Place(round, member / 2), member ^ 1, all, lot};
        };
        const bool isPaired = member < 2 * m_core.GetPairs();
        const bool isInCore = m_places[member] != NONE;
        if (isPaired)
        {
            co_yield isInCore ? ReduceOf(pair(0)) : SendOf(pair(0));
        }
        if (isInCore)
        {
            const TeamBlocks blocks{all.first};
            const CoreTeam team(m_team, Core(m_core.GetSize()));
            co_yield HalvingReduceScatter(team, m_places[member], blocks, lot, rounds.From(1));
            co_yield DoublingAllGather(team, m_places[member], blocks, lot, rounds.From(1 + each));
        }
        if (isPaired)
        {
            co_yield isInCore ? SendOf(pair(1 + 2 * each)) : ReceiveOf(pair(1 + 2 * each));
        }
    }

  private:
    Team m_team;   //!< The core, neighbours farthest apart
    Team m_places; //!< By member: its place in the core, or NONE
};

/** all_reduce by doubling. */
class DoublingProgram : public HalvesProgram
{
  public:
    /** @param [in] context What to do. */
    explicit DoublingProgram(const CollectiveContext& context)
        : HalvesProgram(context, context.Lots(context.spec.bytes), {context.Whole()}),
          m_team(m_core.GetTeam())
    {
    }

    Transfers Open(uint32_t member, uint32_t lot, bool) const override
    {
        const BlockRange all = m_layout.Of(lot, 0, 1);
        const uint32_t each = m_core.GetRounds();
        const Rounds rounds(m_core.GetSize(), uint64_t{lot} * (each + 2));
        const auto pair = [&](uint32_t round) {
            return Leg{rounds.Place(round, member / 2), member ^ 1, all, lot};
        };
        const bool isPaired = member < 2 * m_core.GetPairs();
        const uint32_t at = m_core.GetPlace(member);
        if (isPaired)
        {
            co_yield at != NONE ? ReduceOf(pair(0)) : SendOf(pair(0));
        }
        for (uint32_t round = 0; at != NONE && round < each; ++round)
        {
            const uint32_t partner = at ^ (1U << round);
            const bool isLow = at < partner;
            // Both messages of a pair, then both reductions: the places of one message do.
            const uint64_t place = rounds.Place(1 + round, std::min(at, partner));
            co_yield SendOf({place + (isLow ? 0 : 2), m_team[partner], all, lot});
            Transfer reduce = ReduceOf({place + (isLow ? 2 : 0), m_team[partner], all, lot});
            reduce.reducePlace = place + (isLow ? 5 : 4);
            // Else a partner that is ahead could have its data reduced into what is to be sent.
            reduce.isExchange = true;
            co_yield reduce;
        }
        if (isPaired)
        {
            co_yield at != NONE ? SendOf(pair(1 + each)) : ReceiveOf(pair(1 + each));
        }
    }

  private:
    Team m_team; //!< The core
};

/** reduce_scatter by halving, or all_gather by doubling. */
class HalfProgram : public HalvesProgram
{
  public:
    /**
     * @param [in] context What to do.
     * @param [in] reduce Whether to reduce-scatter; else to all-gather.
     */
    HalfProgram(const CollectiveContext& context, bool reduce)
        : HalvesProgram(context,
                        context.Lots(context.spec.bytes / context.Size()),
                        PartsOf(context.Whole(), context.Size())),
          m_size(context.Size()),
          m_team(context.Size()),
          m_reduce(reduce)
    {
        std::iota(m_team.begin(), m_team.end(), 0);
    }

    Transfers Open(uint32_t member, uint32_t lot, bool) const override
    {
        const TeamBlocks blocks{lot * m_size};
        const Rounds rounds(2 * uint64_t{m_size}, uint64_t{lot} * (m_core.GetRounds() + 2));
        return m_reduce ? HalvesReduceScatter(m_team, m_core, member, blocks, lot, rounds)
                        : HalvesAllGather(m_team, m_core, member, blocks, lot, rounds);
    }

  private:
    uint32_t m_size; //!< Members
    Team m_team;     //!< All
    bool m_reduce;   //!< Which of the two
};

} // namespace

Core::Core(uint32_t n)
    : m_size(std::bit_floor(n)),
      m_pairs(n - m_size)
{
}

uint32_t
Core::GetRounds() const
{
    return static_cast<uint32_t>(std::countr_zero(m_size));
}

Team
Core::GetTeam() const
{
    Team team;
    for (uint32_t i = 0; i < m_size; ++i)
    {
        team.push_back(At(i));
    }
    return team;
}

uint32_t
Core::GetPlace(uint32_t member) const
{
    if (member >= 2 * m_pairs)
    {
        return member - m_pairs;
    }
    return member % 2 == 1 ? member / 2 : NONE;
}

Transfers
HalvingReduceScatter(CoreTeam team, uint32_t at, TeamBlocks blocks, uint32_t flow, Rounds rounds)
{
    uint32_t round = 0;
    for (uint32_t distance = team.GetSize() / 2; distance > 0; distance /= 2)
    {
        const uint32_t partner = at ^ distance;
        const uint32_t low = std::min(at, partner);
        const uint32_t group = low & ~(distance - 1);
        const BlockRange lower = blocks.Join(group, distance);
        const BlockRange upper = blocks.Join(group + distance, distance);
        const Leg up{rounds.Place(round, 2 * low), team[partner], upper, flow};
        const Leg down{rounds.Place(round, 2 * low + 1), team[partner], lower, flow};
        co_yield SendOf(at == low ? up : down);
        co_yield ReduceOf(at == low ? down : up);
        ++round;
    }
}

Transfers
DoublingAllGather(CoreTeam team, uint32_t at, TeamBlocks blocks, uint32_t flow, Rounds rounds)
{
    uint32_t round = 0;
    for (uint32_t distance = 1; distance < team.GetSize(); distance *= 2)
    {
        const uint32_t partner = at ^ distance;
        const uint32_t low = std::min(at, partner);
        const uint32_t group = low & ~(distance - 1);
        const BlockRange lower = blocks.Join(group, distance);
        const BlockRange upper = blocks.Join(group + distance, distance);
        const Leg up{rounds.Place(round, 2 * low), team[partner], lower, flow};
        const Leg down{rounds.Place(round, 2 * low + 1), team[partner], upper, flow};
        co_yield SendOf(at == low ? up : down);
        co_yield ReceiveOf(at == low ? down : up);
        ++round;
    }
}

Transfers
HalvesReduceScatter(const Team& team,
                    const Core& core,
                    uint32_t at,
                    TeamBlocks blocks,
                    uint32_t flow,
                    Rounds rounds)
{
    const auto n = static_cast<uint32_t>(team.size());
    const bool isPaired = at < 2 * core.GetPairs();
    const uint32_t place = core.GetPlace(at);
    const uint32_t partner = isPaired ? team[at ^ 1] : NONE;
    if (isPaired)
    {
        const Leg leg{rounds.Place(0, at / 2), partner, blocks.Join(0, n), flow};
        co_yield place != NONE ? ReduceOf(leg) : SendOf(leg);
    }
    if (place != NONE)
    {
        TeamBlocks joined = blocks;
        joined.pairs = core.GetPairs();
        co_yield HalvingReduceScatter(CoreTeam(team, core), place, joined, flow, rounds.From(1));
    }
    if (isPaired)
    {
        const Leg leg{rounds.Place(1 + core.GetRounds(), at / 2), partner, blocks[at & ~1U], flow};
        co_yield place != NONE ? SendOf(leg) : ReceiveOf(leg);
    }
}

Transfers
HalvesAllGather(const Team& team,
                const Core& core,
                uint32_t at,
                TeamBlocks blocks,
                uint32_t flow,
                Rounds rounds)
{
    const auto n = static_cast<uint32_t>(team.size());
    const bool isPaired = at < 2 * core.GetPairs();
    const uint32_t place = core.GetPlace(at);
    const uint32_t partner = isPaired ? team[at ^ 1] : NONE;
    const uint32_t even = at & ~1U;
    if (isPaired)
    {
        const Leg leg{rounds.Place(0, at / 2), partner, blocks[even], flow};
        co_yield place != NONE ? ReceiveOf(leg) : SendOf(leg);
    }
    if (place != NONE)
    {
        TeamBlocks joined = blocks;
        joined.pairs = core.GetPairs();
        co_yield DoublingAllGather(CoreTeam(team, core), place, joined, flow, rounds.From(1));
    }
    if (isPaired)
    {
        // All but what the even one began with.
        const Leg leg{rounds.Place(1 + core.GetRounds(), at / 2),
                      partner,
                      blocks.Join(0, even),
                      flow,
                      blocks.Join(even + 1, n - even - 1)};
        co_yield place != NONE ? SendOf(leg) : ReceiveOf(leg);
    }
}

ProgramPointer
AllReduceByHalvingDoubling(const CollectiveContext& context)
{
    return std::make_shared<HalvingDoublingProgram>(context);
}

ProgramPointer
AllReduceByDoubling(const CollectiveContext& context)
{
    return std::make_shared<DoublingProgram>(context);
}

ProgramPointer
ReduceScatterByHalving(const CollectiveContext& context)
{
    return std::make_shared<HalfProgram>(context, true);
}

ProgramPointer
AllGatherByDoubling(const CollectiveContext& context)
{
    return std::make_shared<HalfProgram>(context, false);
}

} // namespace mtlink
} // namespace ns3
