/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/direct.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return all members, in order. */
Team
EveryoneOf(const CollectiveContext& context)
{
    Team team(context.Size());
    std::iota(team.begin(), team.end(), 0);
    return team;
}

/** @return a message of data that is in no blocks. */
Leg
LegOf(uint64_t place, uint32_t peer, uint32_t flow)
{
    return {place, peer, {}, flow};
}

/** @return the same transfer with bytes of its own. */
Transfer
Carrying(Transfer transfer, const Segment& segment)
{
    transfer.bytes = segment.bytes;
    return transfer;
}

/** all_reduce: every member sends all, as it was, to every other; a strand for each lot. */
class OneShotProgram : public CollectiveProgram
{
  public:
    /** @param [in] context What to do. */
    explicit OneShotProgram(const CollectiveContext& context)
        : m_size(context.Size())
    {
        m_strands = context.Lots(context.spec.bytes);
        m_layout = ChunkLayout({context.Whole()}, m_strands);
    }

    Transfers Open(uint32_t member, uint32_t lot, bool) const override
    {
        const BlockRange all = m_layout.Of(lot, 0, 1);
        const Rounds rounds(m_size, uint64_t{lot} * (m_size - 1));
        for (uint32_t step = 1; step < m_size; ++step)
        {
            const uint32_t to = (member + step) % m_size;
            Transfer send = SendOf({rounds.Place(step - 1, member), to, all, lot});
            send.isOriginal = true;
            co_yield send;
        }
        for (uint32_t step = 1; step < m_size; ++step)
        {
            const uint32_t from = (member + m_size - step) % m_size;
            Transfer reduce = ReduceOf({rounds.Place(step - 1, from), from, all, lot});
            reduce.isOriginal = true;
            co_yield reduce;
        }
    }

  private:
    uint32_t m_size; //!< Members
};

/** Direct reduce-scatter, all-gather or both over all members, a strand for each lot. */
class TwoShotProgram : public CollectiveProgram
{
  public:
    /**
     * @param [in] context What to do.
     * @param [in] reduce Whether to reduce-scatter.
     * @param [in] gather Whether to all-gather.
     */
    TwoShotProgram(const CollectiveContext& context, bool reduce, bool gather)
        : m_team(EveryoneOf(context)),
          m_reduce(reduce),
          m_gather(gather)
    {
        m_strands = context.Lots(context.spec.bytes / context.Size());
        m_layout = ChunkLayout(PartsOf(context.Whole(), context.Size()), m_strands);
    }

    Transfers Open(uint32_t member, uint32_t lot, bool) const override
    {
        const auto n = static_cast<uint32_t>(m_team.size());
        const TeamBlocks blocks{lot * n};
        const Rounds rounds(n, uint64_t{lot} * 2 * (n - 1));
        if (m_reduce)
        {
            co_yield DirectReduceScatter(m_team, member, blocks, lot, rounds);
        }
        if (m_gather)
        {
            co_yield DirectAllGather(m_team, member, blocks, lot, rounds.From(n - 1), true);
        }
    }

  private:
    Team m_team;   //!< All members
    bool m_reduce; //!< Reduce-scatter
    bool m_gather; //!< All-gather
};

/** reduce_scatter, one partner at a time. */
class PairwiseReduceProgram : public CollectiveProgram
{
  public:
    /** @param [in] context What to do. */
    explicit PairwiseReduceProgram(const CollectiveContext& context)
        : m_size(context.Size()),
          m_lots(context.Lots(context.spec.bytes / context.Size()))
    {
        m_layout = ChunkLayout(PartsOf(context.Whole(), m_size), m_lots);
        m_isLazy = true;
    }

    Transfers Open(uint32_t member, uint32_t, bool) const override
    {
        const Rounds rounds(uint64_t{m_size} * m_lots);
        for (uint32_t step = 1; step < m_size; ++step)
        {
            const uint32_t to = (member + step) % m_size;
            const uint32_t from = (member + m_size - step) % m_size;
            for (uint32_t lot = 0; lot < m_lots; ++lot)
            {
                const uint64_t index = uint64_t{member} * m_lots + lot;
                co_yield SendOf(
                    {rounds.Place(step - 1, index), to, m_layout.Of(lot, to, to + 1), lot});
            }
            for (uint32_t lot = 0; lot < m_lots; ++lot)
            {
                const uint64_t index = uint64_t{from} * m_lots + lot;
                co_yield ReduceOf({rounds.Place(step - 1, index),
                                   from,
                                   m_layout.Of(lot, member, member + 1),
                                   lot});
            }
            Transfer gate;
            gate.type = Transfer::GATE;
            co_yield gate;
        }
    }

  private:
    uint32_t m_size; //!< Members
    uint32_t m_lots; //!< Of each chunk
};

/** all_to_all and all_to_allv, all at once or one partner at a time. */
class ExchangeProgram : public CollectiveProgram
{
  public:
    /**
     * @param [in] context What to do.
     * @param [in] pairwise One partner at a time.
     */
    ExchangeProgram(const CollectiveContext& context, bool pairwise)
        : m_size(context.Size()),
          m_data(context),
          m_channels(context.Channels()),
          m_paths(context.placement.GetPaths()),
          m_most(Placement::CutLots(m_channels, m_paths, UINT64_MAX)),
          m_pairwise(pairwise)
    {
        m_isLazy = pairwise;
    }

    Transfers Open(uint32_t member, uint32_t, bool wantsData) const override
    {
        const Rounds rounds(uint64_t{m_size} * m_most);
        std::vector<uint64_t> before; // what came in one step ago
        std::vector<uint64_t> now;
        // All at once, the sends come first: they wait for nothing, and nothing for what comes in.
        for (uint32_t pass = 0; pass < (m_pairwise ? 1 : 2); ++pass)
        {
            for (uint32_t step = 1; step < m_size; ++step)
            {
                const uint32_t to = (member + step) % m_size;
                const uint32_t from = (member + m_size - step) % m_size;
                const Segment out = m_data.Of(member, to);
                const Segment in = m_data.Of(from, member);
                const uint32_t outLots = Placement::CutLots(m_channels, m_paths, out.bytes);
                const uint32_t inLots = Placement::CutLots(m_channels, m_paths, in.bytes);
                for (uint32_t lot = 0; lot < outLots && pass == 0; ++lot)
                {
                    const Segment part = PartOf(out, outLots, lot);
                    const uint64_t place = rounds.Place(step - 1, uint64_t{member} * m_most + lot);
                    Transfer send = Carrying(SendOf(LegOf(place, to, lot)), part);
                    send.after = before;
                    send.data = wantsData ? std::span(&part, 1) : std::span<const Segment>();
                    co_yield send;
                }
                now.clear();
                for (uint32_t lot = 0; lot < inLots && (m_pairwise || pass == 1); ++lot)
                {
                    const Segment part = PartOf(in, inLots, lot);
                    const uint64_t place = rounds.Place(step - 1, uint64_t{from} * m_most + lot);
                    Transfer receive = Carrying(ReceiveOf(LegOf(place, from, lot)), part);
                    receive.isLast = !m_pairwise;
                    co_yield receive;
                    if (m_pairwise && part.bytes > 0)
                    {
                        now.push_back(receive.place);
                    }
                }
                // Nothing came in this step: the next one waits for the one before.
                if (!now.empty())
                {
                    before.swap(now);
                }
            }
        }
    }

  private:
    uint32_t m_size;     //!< Members
    ExchangeData m_data; //!< Who sends what
    uint32_t m_channels; //!< As asked for
    uint32_t m_paths;    //!< Side by side
    uint32_t m_most;     //!< Most lots of a message
    bool m_pairwise;     //!< One partner at a time
};

/** What goes from the root to each, or from each to the root; a strand for each lot. */
class RootProgram : public CollectiveProgram
{
  public:
    /** What goes. */
    enum Kind
    {
        BROADCAST, //!< All of it from the root
        REDUCE,    //!< All of it to the root, reduced
        GATHER,    //!< Each member's chunk to the root
        SCATTER,   //!< Each member's chunk from the root
    };

    /** @param [in] context What to do. @param [in] kind What goes. */
    RootProgram(const CollectiveContext& context, Kind kind)
        : m_size(context.Size()),
          m_root(context.spec.root),
          m_kind(kind)
    {
        const bool isWhole = kind == BROADCAST || kind == REDUCE;
        m_strands = context.Lots(isWhole ? context.spec.bytes : context.spec.bytes / m_size);
        m_layout = ChunkLayout(PartsOf(context.Whole(), isWhole ? 1 : m_size), m_strands);
    }

    Transfers Open(uint32_t member, uint32_t lot, bool) const override
    {
        const bool isToRoot = m_kind == REDUCE || m_kind == GATHER;
        const bool isRoot = member == m_root;
        const Rounds rounds(m_size, lot);
        // The root has a message with each of the others, those after it first.
        const uint32_t mine = (member + m_size - m_root) % m_size;
        for (uint32_t i = isRoot ? 1 : mine; i < (isRoot ? m_size : mine + 1); ++i)
        {
            const uint32_t other = (m_root + i) % m_size;
            const BlockRange blocks = m_kind == BROADCAST || m_kind == REDUCE
                                          ? m_layout.Of(lot, 0, 1)
                                          : m_layout.Of(lot, other, other + 1);
            const Leg leg{rounds.Place(0, i), isRoot ? other : m_root, blocks, lot};
            if (isRoot != isToRoot)
            {
                co_yield SendOf(leg);
                continue;
            }
            Transfer receive = m_kind == REDUCE ? ReduceOf(leg) : ReceiveOf(leg);
            receive.isLast = m_kind != REDUCE;
            co_yield receive;
        }
    }

  private:
    uint32_t m_size; //!< Members
    uint32_t m_root; //!< Member
    Kind m_kind;     //!< What goes
};

/** broadcast, scattered and gathered; a strand for each lot. */
class TwoShotBroadcastProgram : public CollectiveProgram
{
  public:
    /** @param [in] context What to do. */
    explicit TwoShotBroadcastProgram(const CollectiveContext& context)
        : m_size(context.Size()),
          m_root(context.spec.root)
    {
        m_strands = context.Lots(context.spec.bytes / m_size);
        m_layout = ChunkLayout(PartsOf(context.Whole(), m_size), m_strands);
    }

    Transfers Open(uint32_t member, uint32_t lot, bool) const override
    {
        const auto at = [this](uint32_t i) { return (m_root + i) % m_size; };
        const auto chunk = [&](uint32_t of) { return m_layout.Of(lot, of, of + 1); };
        const uint32_t mine = (member + m_size - m_root) % m_size; // counted from the root
        // Each its chunk, each the root's, then by source.
        const Rounds rounds(m_size, uint64_t{lot} * (2 + m_size));
        for (uint32_t round = 0; round < 2 && mine == 0; ++round)
        {
            for (uint32_t i = 1; i < m_size; ++i)
            {
                co_yield SendOf(
                    {rounds.Place(round, i), at(i), chunk(round == 0 ? at(i) : m_root), lot});
            }
        }
        for (uint32_t round = 0; round < 2 && mine > 0; ++round)
        {
            const BlockRange blocks = chunk(round == 0 ? member : m_root);
            Transfer receive = ReceiveOf({rounds.Place(round, mine), m_root, blocks, lot});
            receive.isLast = round == 1;
            co_yield receive;
        }
        for (uint32_t i = 1; i < m_size && mine > 0; ++i)
        {
            if (i != mine)
            {
                co_yield SendOf({rounds.Place(1 + mine, i), at(i), chunk(member), lot});
            }
        }
        for (uint32_t i = 1; i < m_size && mine > 0; ++i)
        {
            if (i != mine)
            {
                Transfer receive = ReceiveOf({rounds.Place(1 + i, mine), at(i), chunk(at(i)), lot});
                receive.isLast = true;
                co_yield receive;
            }
        }
    }

  private:
    uint32_t m_size; //!< Members
    uint32_t m_root; //!< Member
};

/** reduce, scattered and gathered; a strand for each lot. */
class TwoShotReduceProgram : public CollectiveProgram
{
  public:
    /** @param [in] context What to do. */
    explicit TwoShotReduceProgram(const CollectiveContext& context)
        : m_team(EveryoneOf(context)),
          m_root(context.spec.root)
    {
        m_strands = context.Lots(context.spec.bytes / context.Size());
        m_layout = ChunkLayout(PartsOf(context.Whole(), context.Size()), m_strands);
    }

    Transfers Open(uint32_t member, uint32_t lot, bool) const override
    {
        const auto n = static_cast<uint32_t>(m_team.size());
        const Rounds rounds(n, uint64_t{lot} * n);
        co_yield DirectReduceScatter(m_team, member, TeamBlocks{lot * n}, lot, rounds);
        for (uint32_t i = 1; i < n; ++i)
        {
            const uint32_t other = (m_root + i) % n;
            const Leg leg{rounds.Place(n - 1, i),
                          member == m_root ? other : m_root,
                          m_layout.Of(lot, other, other + 1),
                          lot};
            if (member == m_root)
            {
                Transfer receive = ReceiveOf(leg);
                receive.isLast = true;
                co_yield receive;
            }
            else if (member == other)
            {
                co_yield SendOf(leg);
            }
        }
    }

  private:
    Team m_team;     //!< All members
    uint32_t m_root; //!< Member
};

/** send_recv: each sends all to the next member. */
class SendRecvProgram : public CollectiveProgram
{
  public:
    /** @param [in] context What to do. */
    explicit SendRecvProgram(const CollectiveContext& context)
        : m_size(context.Size()),
          m_lots(context.Lots(context.spec.bytes)),
          m_bytes(context.spec.bytes)
    {
    }

    Transfers Open(uint32_t member, uint32_t, bool wantsData) const override
    {
        const Rounds rounds(uint64_t{m_size} * m_lots);
        for (uint32_t pass = 0; pass < 2; ++pass)
        {
            const uint32_t from = pass == 0 ? member : (member + m_size - 1) % m_size;
            for (uint32_t lot = 0; lot < m_lots; ++lot)
            {
                const Segment part = PartOf({from * m_bytes, m_bytes}, m_lots, lot);
                const uint64_t place = rounds.Place(0, uint64_t{from} * m_lots + lot);
                Transfer transfer =
                    Carrying(pass == 0 ? SendOf(LegOf(place, (member + 1) % m_size, lot))
                                       : ReceiveOf(LegOf(place, from, lot)),
                             part);
                transfer.isLast = pass == 1;
                transfer.data = wantsData ? std::span(&part, 1) : std::span<const Segment>();
                co_yield transfer;
            }
        }
    }

  private:
    uint32_t m_size;  //!< Members
    uint32_t m_lots;  //!< Of a message
    uint64_t m_bytes; //!< Of one member
};

/** barrier: each sends a byte to every other. */
class BarrierProgram : public CollectiveProgram
{
  public:
    /** @param [in] context What to do. */
    explicit BarrierProgram(const CollectiveContext& context)
        : m_size(context.Size())
    {
    }

    Transfers Open(uint32_t member, uint32_t, bool) const override
    {
        const Rounds rounds(m_size);
        for (uint32_t step = 1; step < m_size; ++step)
        {
            const uint32_t to = (member + step) % m_size;
            co_yield Carrying(SendOf(LegOf(rounds.Place(step - 1, member), to, 0)), {0, 1});
        }
        for (uint32_t step = 1; step < m_size; ++step)
        {
            const uint32_t from = (member + m_size - step) % m_size;
            Transfer receive =
                Carrying(ReceiveOf(LegOf(rounds.Place(step - 1, from), from, 0)), {0, 1});
            receive.isLast = true;
            co_yield receive;
        }
    }

  private:
    uint32_t m_size; //!< Members
};

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

Transfers
DirectReduceScatter(const Team& team, uint32_t at, TeamBlocks blocks, uint32_t flow, Rounds rounds)
{
    const auto n = static_cast<uint32_t>(team.size());
    for (uint32_t step = 1; step < n; ++step)
    {
        const uint32_t to = (at + step) % n;
        co_yield SendOf({rounds.Place(step - 1, at), team[to], blocks[to], flow});
    }
    for (uint32_t step = 1; step < n; ++step)
    {
        const uint32_t from = (at + n - step) % n;
        co_yield ReduceOf({rounds.Place(step - 1, from), team[from], blocks[at], flow});
    }
}

Transfers
DirectAllGather(const Team& team,
                uint32_t at,
                TeamBlocks blocks,
                uint32_t flow,
                Rounds rounds,
                bool isLast)
{
    const auto n = static_cast<uint32_t>(team.size());
    for (uint32_t step = 1; step < n; ++step)
    {
        co_yield SendOf({rounds.Place(step - 1, at), team[(at + step) % n], blocks[at], flow});
    }
    for (uint32_t step = 1; step < n; ++step)
    {
        const uint32_t from = (at + n - step) % n;
        Transfer receive =
            ReceiveOf({rounds.Place(step - 1, from), team[from], blocks[from], flow});
        receive.isLast = isLast;
        co_yield receive;
    }
}

ProgramPointer
AllReduceDirect(const CollectiveContext& context)
{
    return std::make_shared<OneShotProgram>(context);
}

ProgramPointer
AllReduceByTwoShot(const CollectiveContext& context)
{
    return std::make_shared<TwoShotProgram>(context, true, true);
}

ProgramPointer
AllGatherDirect(const CollectiveContext& context)
{
    return std::make_shared<TwoShotProgram>(context, false, true);
}

ProgramPointer
ReduceScatterDirect(const CollectiveContext& context)
{
    return std::make_shared<TwoShotProgram>(context, true, false);
}

ProgramPointer
ReduceScatterByPairwise(const CollectiveContext& context)
{
    return std::make_shared<PairwiseReduceProgram>(context);
}

ProgramPointer
AllToAllDirect(const CollectiveContext& context)
{
    return std::make_shared<ExchangeProgram>(context, false);
}

ProgramPointer
AllToAllByPairwise(const CollectiveContext& context)
{
    return std::make_shared<ExchangeProgram>(context, true);
}

ProgramPointer
BroadcastDirect(const CollectiveContext& context)
{
    return std::make_shared<RootProgram>(context, RootProgram::BROADCAST);
}

ProgramPointer
BroadcastByTwoShot(const CollectiveContext& context)
{
    return std::make_shared<TwoShotBroadcastProgram>(context);
}

ProgramPointer
ReduceDirect(const CollectiveContext& context)
{
    return std::make_shared<RootProgram>(context, RootProgram::REDUCE);
}

ProgramPointer
ReduceByTwoShot(const CollectiveContext& context)
{
    return std::make_shared<TwoShotReduceProgram>(context);
}

ProgramPointer
GatherDirect(const CollectiveContext& context)
{
    return std::make_shared<RootProgram>(context, RootProgram::GATHER);
}

ProgramPointer
ScatterDirect(const CollectiveContext& context)
{
    return std::make_shared<RootProgram>(context, RootProgram::SCATTER);
}

ProgramPointer
SendRecvDirect(const CollectiveContext& context)
{
    return std::make_shared<SendRecvProgram>(context);
}

ProgramPointer
BarrierDirect(const CollectiveContext& context)
{
    return std::make_shared<BarrierProgram>(context);
}

} // namespace mtlink
} // namespace ns3
