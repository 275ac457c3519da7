/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/ring.h"

#include "workload/collective/ring-phase.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Reduce-scatter, all-gather or both, by all channels, a strand for each lot of the data. */
class RingProgram : public CollectiveProgram
{
  public:
    /**
     * @param [in] context What to do.
     * @param [in] rings Order of members by channel.
     * @param [in] reduce Whether to reduce-scatter.
     * @param [in] gather Whether to all-gather.
     */
    RingProgram(const CollectiveContext& context, std::vector<Team> rings, bool reduce, bool gather)
        : m_size(context.Size()),
          m_rings(std::move(rings)),
          m_places(PlacesIn(m_rings)),
          m_reduce(reduce),
          m_gather(gather)
    {
        const auto channels = static_cast<uint32_t>(m_rings.size());
        const uint64_t lot = context.spec.bytes / m_size / channels;
        const uint32_t pieces = context.spec.chunk > 0 ? context.Pieces(lot) : 1;
        m_strands = channels * pieces;
        m_layout = ChunkLayout(PartsOf(context.Whole(), m_size), m_strands);
        m_isLazy = true;
    }

    Transfers Open(uint32_t member, uint32_t strand, bool) const override
    {
        const auto channel = static_cast<uint32_t>(strand % m_rings.size());
        const Team& ring = m_rings[channel];
        const uint32_t at = m_places[channel][member];
        const TeamBlocks blocks{strand * m_size, 1, ring.data()};
        const Rounds rounds(m_size, uint64_t{strand} * 2 * (m_size - 1));
        co_yield RingPhase{&ring, at, blocks, channel, rounds, m_reduce, m_gather};
    }

  private:
    uint32_t m_size;            //!< Members
    std::vector<Team> m_rings;  //!< By channel
    std::vector<Team> m_places; //!< By channel, then member
    bool m_reduce;              //!< Reduce-scatter
    bool m_gather;              //!< All-gather
};

/** All data along chains that begin or end with the root, a strand for each channel. */
class ChainProgram : public CollectiveProgram
{
  public:
    /**
     * @param [in] context What to do.
     * @param [in] reduce Towards the root, reducing; else away from it.
     */
    ChainProgram(const CollectiveContext& context, bool reduce)
        : m_size(context.Size()),
          m_chains(context.placement.GetRings(context.Channels(), context.spec.bytes)),
          m_reduce(reduce)
    {
        m_strands = static_cast<uint32_t>(m_chains.size());
        m_pieces = context.Pieces(context.spec.bytes / m_strands);
        m_layout = ChunkLayout(PartsOf(context.Whole(), m_pieces), m_strands);
        m_isLazy = true;
        for (Team& chain : m_chains)
        {
            const auto root = std::find(chain.begin(), chain.end(), context.spec.root);
            std::rotate(chain.begin(), reduce ? root + 1 : root, chain.end());
        }
        m_places = PlacesIn(m_chains);
    }

    Transfers Open(uint32_t member, uint32_t channel, bool) const override
    {
        const Team& chain = m_chains[channel];
        const uint32_t at = m_places[channel][member];
        const Rounds rounds(m_size, uint64_t{channel} * m_pieces);
        for (uint32_t piece = 0; piece < m_pieces; ++piece)
        {
            const BlockRange block = m_layout.Of(channel, piece, piece + 1);
            if (at > 0)
            {
                const Leg leg{rounds.Place(piece, at - 1), chain[at - 1], block, channel};
                co_yield m_reduce ? ReduceOf(leg) : ReceiveOf(leg);
            }
            if (at + 1 < m_size)
            {
                co_yield SendOf({rounds.Place(piece, at), chain[at + 1], block, channel});
            }
        }
    }

  private:
    uint32_t m_size;            //!< Members
    std::vector<Team> m_chains; //!< By channel, in the data's order
    std::vector<Team> m_places; //!< By channel, then member
    uint32_t m_pieces{1};       //!< Of the pipeline
    bool m_reduce;              //!< Towards the root
};

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

std::vector<Team>
PlacesIn(const std::vector<Team>& teams)
{
    std::vector<Team> places;
    for (const Team& team : teams)
    {
        places.emplace_back(team.size());
        for (uint32_t at = 0; at < team.size(); ++at)
        {
            places.back()[team[at]] = at;
        }
    }
    return places;
}

ProgramPointer
AllReduceByRing(const CollectiveContext& context)
{
    return std::make_shared<RingProgram>(context, RingsFor(context), true, true);
}

ProgramPointer
AllGatherByRing(const CollectiveContext& context)
{
    return std::make_shared<RingProgram>(context, RingsFor(context), false, true);
}

ProgramPointer
ReduceScatterByRing(const CollectiveContext& context)
{
    return std::make_shared<RingProgram>(context, RingsFor(context), true, false);
}

ProgramPointer
AllReduceByBidirectionalRing(const CollectiveContext& context)
{
    return std::make_shared<RingProgram>(context, RingPairsFor(context), true, true);
}

ProgramPointer
AllGatherByBidirectionalRing(const CollectiveContext& context)
{
    return std::make_shared<RingProgram>(context, RingPairsFor(context), false, true);
}

ProgramPointer
ReduceScatterByBidirectionalRing(const CollectiveContext& context)
{
    return std::make_shared<RingProgram>(context, RingPairsFor(context), true, false);
}

ProgramPointer
BroadcastByRing(const CollectiveContext& context)
{
    return std::make_shared<ChainProgram>(context, false);
}

ProgramPointer
ReduceByRing(const CollectiveContext& context)
{
    return std::make_shared<ChainProgram>(context, true);
}

} // namespace mtlink
} // namespace ns3
