/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/hierarchical.h"

#include "workload/collective/direct.h"
#include "workload/collective/halving-doubling.h"
#include "workload/collective/ring-phase.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t LEAST_RING_MESSAGE = 64 * 1024; //!< Bytes; below, latency counts for more
constexpr uint32_t MOST_DIRECT_NODES = 1024;       //!< Beyond, all at once is too much of a crowd

/** The two levels: nodes, and places in them. */
class Levels
{
  public:
    /** @param [in] context What to do. @throws ParameterError for uneven nodes. */
    explicit Levels(const CollectiveContext& context)
        : m_nodes(context.placement.GetNodes()),
          m_nodeOf(context.Size()),
          m_placeOf(context.Size())
    {
        const std::size_t places = m_nodes[0].size();
        for (const Team& node : m_nodes)
        {
            if (node.size() != places)
            {
                throw ParameterError(
                    "algorithm",
                    "hierarchical needs as many ranks in each scale-up node as in the others, but "
                    "that of rank " +
                        std::to_string(context.spec.ranks[node[0]]) + " has " +
                        std::to_string(node.size()) + " and that of rank " +
                        std::to_string(context.spec.ranks[m_nodes[0][0]]) + " has " +
                        std::to_string(places) + "; ring takes any");
            }
        }
        m_rails.resize(places);
        for (uint32_t node = 0; node < m_nodes.size(); ++node)
        {
            for (uint32_t place = 0; place < places; ++place)
            {
                const uint32_t member = m_nodes[node][place];
                m_rails[place].push_back(member);
                m_nodeOf[member] = node;
                m_placeOf[member] = place;
            }
        }
    }

    /** @return nodes. */
    uint32_t GetNodes() const
    {
        return static_cast<uint32_t>(m_nodes.size());
    }

    /** @return places in each node. */
    uint32_t GetPlaces() const
    {
        return static_cast<uint32_t>(m_rails.size());
    }

    /** @return the members of a node, by place. @param [in] node The node. */
    const Team& GetNode(uint32_t node) const
    {
        return m_nodes[node];
    }

    /** @return the members at a place, by node. @param [in] place The place. */
    const Team& GetRail(uint32_t place) const
    {
        return m_rails[place];
    }

    /** @return a member's node. @param [in] member The member. */
    uint32_t NodeOf(uint32_t member) const
    {
        return m_nodeOf[member];
    }

    /** @return a member's place. @param [in] member The member. */
    uint32_t PlaceOf(uint32_t member) const
    {
        return m_placeOf[member];
    }

  private:
    std::vector<Team> m_nodes; //!< Members by node
    std::vector<Team> m_rails; //!< Members by place
    Team m_nodeOf;             //!< By member
    Team m_placeOf;            //!< By member
};

/** In the nodes, across them, in the nodes again; a strand for each lot of the data. */
class LevelsProgram : public CollectiveProgram
{
  public:
    /**
     * @param [in] context What to do.
     * @param [in] reduce Whether to reduce-scatter.
     * @param [in] gather Whether to all-gather.
     */
    LevelsProgram(const CollectiveContext& context, bool reduce, bool gather)
        : m_levels(context),
          m_core(m_levels.GetNodes()),
          m_isMesh(context.placement.HasMeshNodes()),
          m_reduce(reduce),
          m_gather(gather)
    {
        const uint64_t share = context.spec.bytes / context.Size();
        const uint32_t nodes = m_levels.GetNodes();
        m_across = share >= LEAST_RING_MESSAGE                               ? RING
                   : std::has_single_bit(nodes) || nodes > MOST_DIRECT_NODES ? HALVES
                                                                             : DIRECT;
        // The chunk of the member at a place of a node is that member's share.
        std::vector<Segment> chunks;
        for (uint32_t place = 0; place < m_levels.GetPlaces(); ++place)
        {
            for (const uint32_t member : m_levels.GetRail(place))
            {
                chunks.push_back(PartOf(context.Whole(), context.Size(), member));
            }
        }
        m_acrossRounds = m_across == HALVES ? m_core.GetRounds() + 2 : nodes - 1;
        m_strands = context.Lots(share);
        m_layout = ChunkLayout(chunks, m_strands);
        m_isLazy = true;
        m_mostAtOnce = m_across == DIRECT ? uint64_t{m_strands} * nodes : 0;
    }

    Transfers Open(uint32_t member, uint32_t lot, bool) const override
    {
        const uint32_t nodes = m_levels.GetNodes();
        const uint32_t places = m_levels.GetPlaces();
        const uint32_t node = m_levels.NodeOf(member);
        const uint32_t place = m_levels.PlaceOf(member);
        const uint32_t inNode = places - 1;
        // Rounds: each node's, then each rail's there and back, then each node's again.
        const uint64_t atRails = uint64_t{nodes} * inNode;
        const uint64_t atGather = atRails + uint64_t{places} * 2 * m_acrossRounds;
        const Rounds rounds(std::max<uint64_t>(places, 2 * uint64_t{nodes}),
                            lot * (atGather + atRails));
        const Rounds rail = rounds.From(atRails + uint64_t{place} * 2 * m_acrossRounds);
        const uint32_t base = m_layout.Of(lot, 0, 0).first;
        const TeamBlocks nodeBlocks{base, nodes};
        const TeamBlocks railBlocks{base + place * nodes};
        if (m_reduce)
        {
            co_yield ReduceInNode(node, place, nodeBlocks, lot, rounds.From(node * inNode));
        }
        if (m_across == RING)
        {
            const Team& team = m_levels.GetRail(place);
            co_yield RingPhase{&team, node, railBlocks, lot, rail, m_reduce, m_gather};
        }
        else
        {
            co_yield Across(node, place, railBlocks, lot, rail);
        }
        if (m_gather)
        {
            co_yield GatherInNode(node,
                                  place,
                                  nodeBlocks,
                                  lot,
                                  rounds.From(atGather + node * inNode));
        }
    }

  private:
    /** How members at one place work across the nodes. */
    enum HowAcross : uint8_t
    {
        RING,
        HALVES,
        DIRECT,
    };

    /** Reduce-scatter in a node: a place ends with its chunks of all nodes. */
    Transfers ReduceInNode(uint32_t node,
                           uint32_t place,
                           TeamBlocks blocks,
                           uint32_t lot,
                           Rounds rounds) const
    {
        const Team& team = m_levels.GetNode(node);
        if (m_isMesh)
        {
            co_yield DirectReduceScatter(team, place, blocks, lot, rounds);
        }
        else
        {
            co_yield RingPhase{&team, place, blocks, lot, rounds, true, false};
        }
    }

    /** All-gather in a node: a place begins with its chunks of all nodes. */
    Transfers GatherInNode(uint32_t node,
                           uint32_t place,
                           TeamBlocks blocks,
                           uint32_t lot,
                           Rounds rounds) const
    {
        const Team& team = m_levels.GetNode(node);
        if (m_isMesh)
        {
            co_yield DirectAllGather(team, place, blocks, lot, rounds, true);
        }
        else
        {
            co_yield RingPhase{&team, place, blocks, lot, rounds, false, true};
        }
    }

    /** Reduce-scatter and all-gather on a rail, by halves or all at once. */
    Transfers Across(uint32_t node,
                     uint32_t place,
                     TeamBlocks blocks,
                     uint32_t lot,
                     Rounds rounds) const
    {
        if (m_reduce)
        {
            co_yield ReduceAcross(node, place, blocks, lot, rounds);
        }
        if (m_gather)
        {
            co_yield GatherAcross(node, place, blocks, lot, rounds.From(m_acrossRounds));
        }
    }

    /** Reduce-scatter on a rail. */
    Transfers ReduceAcross(uint32_t node,
                           uint32_t place,
                           TeamBlocks blocks,
                           uint32_t lot,
                           Rounds rounds) const
    {
        const Team& rail = m_levels.GetRail(place);
        return m_across == HALVES ? HalvesReduceScatter(rail, m_core, node, blocks, lot, rounds)
                                  : DirectReduceScatter(rail, node, blocks, lot, rounds);
    }

    /** All-gather on a rail. */
    Transfers GatherAcross(uint32_t node,
                           uint32_t place,
                           TeamBlocks blocks,
                           uint32_t lot,
                           Rounds rounds) const
    {
        const Team& rail = m_levels.GetRail(place);
        return m_across == HALVES ? HalvesAllGather(rail, m_core, node, blocks, lot, rounds)
                                  : DirectAllGather(rail, node, blocks, lot, rounds, false);
    }

    Levels m_levels;         //!< Nodes and places
    Core m_core;             //!< Of the nodes, by halves
    HowAcross m_across;      //!< How
    uint32_t m_acrossRounds; //!< Of a reduce-scatter on a rail, or an all-gather
    bool m_isMesh;           //!< Nodes are full meshes
    bool m_reduce;           //!< Reduce-scatter
    bool m_gather;           //!< All-gather
};

/** all_to_all; one strand to the rails, and one for what comes by them. */
class LevelsExchangeProgram : public CollectiveProgram
{
  public:
    /** @param [in] context What to do. */
    explicit LevelsExchangeProgram(const CollectiveContext& context)
        : m_levels(context),
          m_data(context)
    {
        m_strands = 2;
        m_isLazy = true;
        m_mostAtOnce = m_levels.GetNodes(); // all rails' messages wait for the same
    }

    Transfers Open(uint32_t member, uint32_t strand, bool wantsData) const override
    {
        return strand == 0 ? Send(member, wantsData) : Receive(member);
    }

  private:
    /** In the node, and on to the other nodes. */
    Transfers Send(uint32_t member, bool wantsData) const
    {
        const uint32_t nodes = m_levels.GetNodes();
        const uint32_t places = m_levels.GetPlaces();
        const uint32_t node = m_levels.NodeOf(member);
        const uint32_t place = m_levels.PlaceOf(member);
        const Team& team = m_levels.GetNode(node);
        const Rounds rounds(places, RoundsBefore(node));
        std::vector<Segment> segments;
        std::vector<Segment>* wanted = wantsData ? &segments : nullptr;
        for (uint32_t step = 1; step < places; ++step)
        {
            const uint32_t via = (place + step) % places;
            Transfer send = SendOf({rounds.Place(step - 1, place), team[via], {}, 0});
            send.bytes = Collect({&member, 1}, m_levels.GetRail(via), wanted);
            send.data = segments;
            co_yield send;
        }
        std::vector<uint64_t> collected;
        for (uint32_t step = 1; step < places; ++step)
        {
            const uint32_t from = (place + places - step) % places;
            Transfer receive = ReceiveOf({rounds.Place(step - 1, from), team[from], {}, 0});
            receive.bytes = Collect({&team[from], 1}, m_levels.GetRail(place), nullptr);
            co_yield receive;
            if (receive.bytes > 0)
            {
                collected.push_back(receive.place);
            }
        }
        for (uint32_t step = 1; step < nodes; ++step)
        {
            const uint32_t to = m_levels.GetRail(place)[(node + step) % nodes];
            Transfer send = SendOf({rounds.Place(places + step - 2, place), to, {}, 0});
            send.bytes = Collect(team, {&to, 1}, wanted);
            send.data = segments;
            send.after = collected;
            send.peerStrand = 1;
            co_yield send;
        }
    }

    /** What comes from the other nodes. */
    Transfers Receive(uint32_t member) const
    {
        const uint32_t nodes = m_levels.GetNodes();
        const uint32_t places = m_levels.GetPlaces();
        const uint32_t node = m_levels.NodeOf(member);
        const uint32_t place = m_levels.PlaceOf(member);
        for (uint32_t other = 0; other < nodes; ++other)
        {
            if (other != node)
            {
                const uint32_t step = (node + nodes - other) % nodes;
                const Rounds rounds(places, RoundsBefore(other));
                const uint32_t from = m_levels.GetRail(place)[other];
                Transfer receive = ReceiveOf({rounds.Place(places + step - 2, place), from, {}, 0});
                receive.bytes = Collect(m_levels.GetNode(other), {&member, 1}, nullptr);
                receive.isLast = true;
                co_yield receive;
            }
        }
    }

    /** @return rounds of all nodes before one. */
    uint64_t RoundsBefore(uint32_t node) const
    {
        return uint64_t{node} * (m_levels.GetPlaces() + m_levels.GetNodes() - 2);
    }

    /**
     * @param [in] sources Members.
     * @param [in] destinations Members.
     * @param [out] segments Where to list what goes from those to these; may be nullptr.
     * @return its length, bytes.
     */
    uint64_t Collect(std::span<const uint32_t> sources,
                     std::span<const uint32_t> destinations,
                     std::vector<Segment>* segments) const
    {
        uint64_t bytes = 0;
        if (segments)
        {
            segments->clear();
        }
        for (const uint32_t source : sources)
        {
            for (const uint32_t destination : destinations)
            {
                const Segment segment = m_data.Of(source, destination);
                bytes += segment.bytes;
                if (segments)
                {
                    segments->push_back(segment);
                }
            }
        }
        return bytes;
    }

    Levels m_levels;     //!< Nodes and places
    ExchangeData m_data; //!< Who sends what
};

} // namespace

ProgramPointer
AllReduceHierarchical(const CollectiveContext& context)
{
    return std::make_shared<LevelsProgram>(context, true, true);
}

ProgramPointer
ReduceScatterHierarchical(const CollectiveContext& context)
{
    return std::make_shared<LevelsProgram>(context, true, false);
}

ProgramPointer
AllGatherHierarchical(const CollectiveContext& context)
{
    return std::make_shared<LevelsProgram>(context, false, true);
}

ProgramPointer
AllToAllHierarchical(const CollectiveContext& context)
{
    return std::make_shared<LevelsExchangeProgram>(context);
}

} // namespace mtlink
} // namespace ns3
