/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/hierarchical.h"

#include "workload/collective/direct.h"
#include "workload/collective/halving-doubling.h"
#include "workload/collective/ring.h"

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t LEAST_RING_MESSAGE = 64 * 1024; //!< Bytes; below, latency counts for more

/** The two levels: nodes, and places in them. */
class Levels
{
  public:
    /** @param [in] context What to do. @throws ParameterError for uneven nodes. */
    explicit Levels(const CollectiveContext& context)
        : m_context(context),
          m_nodes(context.placement.GetNodes()),
          m_places(static_cast<uint32_t>(m_nodes[0].size()))
    {
        for (const Team& node : m_nodes)
        {
            if (node.size() != m_places)
            {
                throw ParameterError(
                    "algorithm",
                    "hierarchical needs as many ranks in each scale-up node as in the others, but "
                    "that of rank " +
                        std::to_string(context.spec.ranks[node[0]]) + " has " +
                        std::to_string(node.size()) + " and that of rank " +
                        std::to_string(context.spec.ranks[m_nodes[0][0]]) + " has " +
                        std::to_string(m_places) + "; ring takes any");
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
        return m_places;
    }

    /**
     * @param [in] node A node.
     * @param [in] place A place in it.
     * @return the member there.
     */
    uint32_t At(uint32_t node, uint32_t place) const
    {
        return m_nodes[node][place];
    }

    /** @return lots of each chunk; chunk place x nodes + node belongs to the member there. */
    uint32_t GetLots() const
    {
        return m_context.Lots(m_context.spec.bytes / m_context.Size());
    }

    /**
     * Reduce-scatter in every node: a place ends with its chunks of all nodes.
     * @param [in] layout The chunks.
     * @param [in] lot Lot and flow label.
     */
    void ReduceInNodes(const ChunkLayout& layout, uint32_t lot) const
    {
        const auto ranges = RangesInNode(layout, lot);
        for (const Team& node : m_nodes)
        {
            if (m_context.placement.HasMeshNodes())
            {
                DirectReduceScatter(m_context.builder, node, ranges, lot);
            }
            else
            {
                RingReduceScatter(m_context.builder, node, ranges, lot);
            }
        }
    }

    /**
     * All-gather in every node: a place begins with its chunks of all nodes.
     * @param [in] layout The chunks.
     * @param [in] lot Lot and flow label.
     */
    void GatherInNodes(const ChunkLayout& layout, uint32_t lot) const
    {
        const auto ranges = RangesInNode(layout, lot);
        for (const Team& node : m_nodes)
        {
            if (m_context.placement.HasMeshNodes())
            {
                DirectAllGather(m_context.builder, node, ranges, lot);
            }
            else
            {
                RingAllGather(m_context.builder, node, ranges, lot);
            }
        }
    }

    /**
     * At every place, across the nodes.
     * @param [in] layout The chunks.
     * @param [in] lot Lot and flow label.
     * @param [in] reduce Whether to reduce-scatter.
     * @param [in] gather Whether to all-gather.
     */
    void RunAcross(const ChunkLayout& layout, uint32_t lot, bool reduce, bool gather) const
    {
        CollectiveBuilder& builder = m_context.builder;
        const bool ring = m_context.spec.bytes / m_context.Size() >= LEAST_RING_MESSAGE;
        const bool halve = std::has_single_bit(GetNodes());
        for (uint32_t place = 0; place < m_places; ++place)
        {
            Team rail;
            std::vector<BlockRange> ranges;
            for (uint32_t node = 0; node < GetNodes(); ++node)
            {
                const uint32_t chunk = place * GetNodes() + node;
                rail.push_back(At(node, place));
                ranges.push_back(layout.Of(lot, chunk, chunk + 1));
            }
            if (reduce)
            {
                ring    ? RingReduceScatter(builder, rail, ranges, lot)
                : halve ? HalvingReduceScatter(builder, rail, ranges, lot)
                        : DirectReduceScatter(builder, rail, ranges, lot);
            }
            if (gather)
            {
                ring    ? RingAllGather(builder, rail, ranges, lot)
                : halve ? DoublingAllGather(builder, rail, ranges, lot)
                        : DirectAllGather(builder, rail, ranges, lot);
            }
        }
    }

    /** @return a layout in which the chunk of the member at (node, place) is member's share. */
    ChunkLayout LayOutShares() const
    {
        std::vector<Segment> chunks;
        for (uint32_t place = 0; place < m_places; ++place)
        {
            for (uint32_t node = 0; node < GetNodes(); ++node)
            {
                chunks.push_back(PartOf(m_context.Whole(), m_context.Size(), At(node, place)));
            }
        }
        ChunkLayout layout(std::move(chunks), GetLots());
        m_context.builder.SetBlocks(layout.GetBlocks());
        return layout;
    }

  private:
    /**
     * @param [in] layout The chunks.
     * @param [in] lot Lot.
     * @return the chunks of each place.
     */
    std::vector<BlockRange> RangesInNode(const ChunkLayout& layout, uint32_t lot) const
    {
        std::vector<BlockRange> ranges;
        for (uint32_t place = 0; place < m_places; ++place)
        {
            ranges.push_back(layout.Of(lot, place * GetNodes(), (place + 1) * GetNodes()));
        }
        return ranges;
    }

    const CollectiveContext& m_context; //!< What to do
    const std::vector<Team>& m_nodes;   //!< Members by node
    uint32_t m_places;                  //!< In each
};

} // namespace

void
AllReduceHierarchical(const CollectiveContext& context)
{
    const Levels levels(context);
    const ChunkLayout layout = levels.LayOutShares();
    for (uint32_t lot = 0; lot < levels.GetLots(); ++lot)
    {
        levels.ReduceInNodes(layout, lot);
        levels.RunAcross(layout, lot, true, true);
        levels.GatherInNodes(layout, lot);
    }
}

void
ReduceScatterHierarchical(const CollectiveContext& context)
{
    const Levels levels(context);
    const ChunkLayout layout = levels.LayOutShares();
    for (uint32_t lot = 0; lot < levels.GetLots(); ++lot)
    {
        levels.ReduceInNodes(layout, lot);
        levels.RunAcross(layout, lot, true, false);
    }
}

void
AllGatherHierarchical(const CollectiveContext& context)
{
    const Levels levels(context);
    const ChunkLayout layout = levels.LayOutShares();
    for (uint32_t lot = 0; lot < levels.GetLots(); ++lot)
    {
        levels.RunAcross(layout, lot, false, true);
        levels.GatherInNodes(layout, lot);
    }
}

void
AllToAllHierarchical(const CollectiveContext& context)
{
    const Levels levels(context);
    const ExchangeData data(context);
    const uint32_t nodes = levels.GetNodes();
    const uint32_t places = levels.GetPlaces();
    for (uint32_t node = 0; node < nodes; ++node)
    {
        // By place: what has come in from the others of the node.
        std::vector<std::vector<uint32_t>> collected(places);
        for (uint32_t step = 1; step < places; ++step)
        {
            for (uint32_t place = 0; place < places; ++place)
            {
                const uint32_t via = (place + step) % places;
                std::vector<Segment> segments;
                for (uint32_t to = 0; to < nodes; ++to)
                {
                    segments.push_back(data.Of(levels.At(node, place), levels.At(to, via)));
                }
                const uint32_t receive = context.builder.Deliver(levels.At(node, place),
                                                                 levels.At(node, via),
                                                                 std::move(segments),
                                                                 {},
                                                                 0);
                if (receive != NONE)
                {
                    collected[via].push_back(receive);
                }
            }
        }
        for (uint32_t step = 1; step < nodes; ++step)
        {
            const uint32_t to = (node + step) % nodes;
            for (uint32_t place = 0; place < places; ++place)
            {
                std::vector<Segment> segments;
                for (uint32_t from = 0; from < places; ++from)
                {
                    segments.push_back(data.Of(levels.At(node, from), levels.At(to, place)));
                }
                context.builder.Deliver(levels.At(node, place),
                                        levels.At(to, place),
                                        std::move(segments),
                                        collected[place],
                                        0);
            }
        }
    }
}

} // namespace mtlink
} // namespace ns3
