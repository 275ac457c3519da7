/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/tree.h"

#include "workload/collective/ring.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace ns3
{
namespace mtlink
{

namespace
{

/**
 * @param [in] n Vertices.
 * @param [in] v A vertex.
 * @return its parent in the in-order tree under 0; NONE: the root.
 */
uint32_t
InOrderParent(uint32_t n, uint32_t v)
{
    if (v == 0)
    {
        return NONE;
    }
    const uint32_t low = v & (~v + 1);
    // One level up is the neighbour whose lowest bit is the next: this side or, beyond the end,
    // the other.
    const uint32_t up = (v ^ low) | (low << 1);
    return up < n ? up : v ^ low;
}

/** What flows through trees. */
enum class Way
{
    UP,   //!< Reduce
    DOWN, //!< Broadcast
    BOTH, //!< Reduce, then broadcast
};

/** All data through double trees, in pieces, a strand for each lot. */
class DoubleTreeProgram : public CollectiveProgram
{
  public:
    /**
     * @param [in] context What to do.
     * @param [in] team Members at the trees' vertices.
     * @param [in] above Member above both roots; NONE: none.
     * @param [in] way Which way.
     */
    DoubleTreeProgram(const CollectiveContext& context, const Team& team, uint32_t above, Way way)
        : m_team(team),
          m_above(above),
          m_way(way),
          m_vertexOf(context.Size(), NONE)
    {
        const auto n = static_cast<uint32_t>(team.size());
        for (uint32_t v = 0; v < n; ++v)
        {
            m_vertexOf[team[v]] = v;
        }
        for (uint32_t which = 0; which < 2; ++which)
        {
            m_trees[which] = GetBinaryTree(n, which);
            m_orders[which] = PlacesIn({m_trees[which].order})[0];
            m_children[which].resize(n);
            for (const uint32_t v : m_trees[which].order)
            {
                const uint32_t parent = m_trees[which].parent[v];
                (parent == NONE ? m_roots[which] : m_children[which][parent]).push_back(v);
            }
        }
        m_strands = 2 * context.Lots(context.spec.bytes / 2);
        m_pieces = context.Pieces(context.spec.bytes / m_strands);
        m_layout = ChunkLayout(PartsOf(context.Whole(), m_pieces), m_strands);
        m_isLazy = true;
    }

    Transfers Open(uint32_t member, uint32_t lot, bool) const override
    {
        const uint32_t which = lot % 2;
        const uint32_t v = m_vertexOf[member];
        const Team& below = v == NONE ? m_roots[which] : m_children[which][v];
        const uint32_t parent = v == NONE ? NONE : m_trees[which].parent[v];
        const uint32_t over = v == NONE ? NONE : parent == NONE ? m_above : m_team[parent];
        const auto n = static_cast<uint32_t>(m_team.size());
        const Team& order = m_orders[which];
        // Piece by piece, so that at one instant earlier pieces come before later ones.
        for (uint32_t piece = 0; piece < m_pieces; ++piece)
        {
            const BlockRange block = m_layout.Of(lot, piece, piece + 1);
            const Rounds rounds(n, (uint64_t{piece} * m_strands + lot) * 2);
            if (m_way != Way::DOWN)
            {
                // The deepest first: of those below, the last in order.
                for (auto child = below.rbegin(); child != below.rend(); ++child)
                {
                    co_yield ReduceOf(
                        {rounds.Place(0, n - 1 - order[*child]), m_team[*child], block, lot});
                }
                if (over != NONE)
                {
                    co_yield SendOf({rounds.Place(0, n - 1 - order[v]), over, block, lot});
                }
            }
            if (m_way != Way::UP)
            {
                if (over != NONE)
                {
                    co_yield ReceiveOf({rounds.Place(1, order[v]), over, block, lot});
                }
                for (const uint32_t child : below)
                {
                    co_yield SendOf({rounds.Place(1, order[child]), m_team[child], block, lot});
                }
            }
        }
    }

  private:
    Team m_team;                     //!< Member at each vertex
    uint32_t m_above;                //!< Above both roots
    Way m_way;                       //!< Which way
    Team m_vertexOf;                 //!< By member; NONE: it is above
    Tree m_trees[2];                 //!< Even lots go by the first, odd ones by the second
    Team m_orders[2];                //!< By vertex: its place in the tree's order
    std::vector<Team> m_children[2]; //!< By vertex
    Team m_roots[2];                 //!< The root
    uint32_t m_pieces{1};            //!< Of the pipeline
};

/**
 * @param [in] context What to do.
 * @return all members but the root, those after it first.
 */
Team
AllButRoot(const CollectiveContext& context)
{
    Team team;
    for (uint32_t i = 1; i < context.Size(); ++i)
    {
        team.push_back((context.spec.root + i) % context.Size());
    }
    return team;
}

/** Broadcast or reduce by a binomial tree, a strand for each lot. */
class BinomialProgram : public CollectiveProgram
{
  public:
    /**
     * @param [in] context What to do.
     * @param [in] reduce Towards the root.
     */
    BinomialProgram(const CollectiveContext& context, bool reduce)
        : m_size(context.Size()),
          m_root(context.spec.root),
          m_reduce(reduce)
    {
        m_strands = context.Lots(context.spec.bytes);
        m_layout = ChunkLayout({context.Whole()}, m_strands);
    }

    Transfers Open(uint32_t member, uint32_t lot, bool) const override
    {
        // Counted from the root; vertex v hears from that without v's highest bit.
        const uint32_t v = (member + m_size - m_root) % m_size;
        const auto count = static_cast<uint32_t>(std::bit_width(m_size - 1));
        const auto mine =
            static_cast<uint32_t>(std::bit_width(v)); // round in which v hears, plus 1
        const BlockRange all = m_layout.Of(lot, 0, 1);
        const Rounds rounds(m_size, uint64_t{lot} * count);
        const auto leg = [&](uint32_t round, uint32_t parent, uint32_t peer) {
            // Reducing, the same edges are gone through backwards.
            return Leg{m_reduce ? rounds.Place(count - 1 - round, m_size - 1 - parent)
                                : rounds.Place(round, parent),
                       (peer + m_root) % m_size,
                       all,
                       lot};
        };
        if (v > 0 && !m_reduce)
        {
            const uint32_t parent = v - (1U << (mine - 1));
            co_yield ReceiveOf(leg(mine - 1, parent, parent));
        }
        for (uint32_t i = 0; i < count; ++i)
        {
            const uint32_t round = m_reduce ? count - 1 - i : i;
            const uint64_t child = v + (uint64_t{1} << round);
            if (round >= mine && child < m_size)
            {
                const Leg edge = leg(round, v, static_cast<uint32_t>(child));
                co_yield m_reduce ? ReduceOf(edge) : SendOf(edge);
            }
        }
        if (v > 0 && m_reduce)
        {
            const uint32_t parent = v - (1U << (mine - 1));
            co_yield SendOf(leg(mine - 1, parent, parent));
        }
    }

  private:
    uint32_t m_size; //!< Members
    uint32_t m_root; //!< Member
    bool m_reduce;   //!< Towards the root
};

/** Gather or scatter by a binomial tree, a strand for each lot. */
class BinomialChunksProgram : public CollectiveProgram
{
  public:
    /**
     * @param [in] context What to do.
     * @param [in] gather Towards the root.
     */
    BinomialChunksProgram(const CollectiveContext& context, bool gather)
        : m_size(context.Size()),
          m_root(context.spec.root),
          m_gather(gather)
    {
        // Counted from the root, so that a subtree's chunks lie side by side.
        std::vector<Segment> chunks;
        for (uint32_t v = 0; v < m_size; ++v)
        {
            chunks.push_back(PartOf(context.Whole(), m_size, (v + m_root) % m_size));
        }
        m_strands = context.Lots(context.spec.bytes / m_size);
        m_layout = ChunkLayout(chunks, m_strands);
    }

    Transfers Open(uint32_t member, uint32_t lot, bool) const override
    {
        // Vertex v hears from that without v's lowest bit; scattering, the longest way first.
        const uint32_t v = (member + m_size - m_root) % m_size;
        const auto count = static_cast<uint32_t>(std::bit_width(m_size - 1));
        const uint32_t mine = v > 0 ? static_cast<uint32_t>(std::countr_zero(v)) : count;
        const Rounds rounds(m_size, uint64_t{lot} * count);
        const auto leg = [&](uint32_t bit, uint32_t parent, uint32_t peer) {
            const uint32_t child = parent + (1U << bit);
            const uint32_t held = std::min(1U << bit, m_size - child);
            return Leg{m_gather ? rounds.Place(bit, m_size - 1 - parent)
                                : rounds.Place(count - 1 - bit, parent),
                       (peer + m_root) % m_size,
                       m_layout.Of(lot, child, child + held),
                       lot};
        };
        if (v > 0 && !m_gather)
        {
            co_yield ReceiveOf(leg(mine, v - (1U << mine), v - (1U << mine)));
        }
        for (uint32_t i = 0; i < mine; ++i)
        {
            const uint32_t bit = m_gather ? i : mine - 1 - i;
            const uint64_t child = v + (uint64_t{1} << bit);
            if (child < m_size)
            {
                const Leg edge = leg(bit, v, static_cast<uint32_t>(child));
                co_yield m_gather ? ReceiveOf(edge) : SendOf(edge);
            }
        }
        if (v > 0 && m_gather)
        {
            co_yield SendOf(leg(mine, v - (1U << mine), v - (1U << mine)));
        }
    }

  private:
    uint32_t m_size; //!< Members
    uint32_t m_root; //!< Member
    bool m_gather;   //!< Towards the root
};

} // namespace

Tree
GetBinaryTree(uint32_t n, uint32_t which)
{
    const auto turn = [n, which](uint32_t v) {
        if (which == 0)
        {
            return v;
        }
        return n % 2 == 0 ? n - 1 - v : (v + 1) % n;
    };
    Tree tree;
    tree.parent.assign(n, NONE);
    tree.order.resize(n);
    std::vector<uint32_t> depth(n, 0);
    for (uint32_t v = 0; v < n; ++v)
    {
        const uint32_t parent = InOrderParent(n, v);
        tree.parent[turn(v)] = parent == NONE ? NONE : turn(parent);
        for (uint32_t up = v; InOrderParent(n, up) != NONE; up = InOrderParent(n, up))
        {
            ++depth[turn(v)];
        }
    }
    std::iota(tree.order.begin(), tree.order.end(), 0);
    std::stable_sort(tree.order.begin(), tree.order.end(), [&](uint32_t a, uint32_t b) {
        return depth[a] < depth[b];
    });
    return tree;
}

ProgramPointer
AllReduceByTree(const CollectiveContext& context)
{
    Team team(context.Size());
    std::iota(team.begin(), team.end(), 0);
    return std::make_shared<DoubleTreeProgram>(context, team, NONE, Way::BOTH);
}

ProgramPointer
BroadcastByTree(const CollectiveContext& context)
{
    return std::make_shared<DoubleTreeProgram>(context,
                                               AllButRoot(context),
                                               context.spec.root,
                                               Way::DOWN);
}

ProgramPointer
ReduceByTree(const CollectiveContext& context)
{
    return std::make_shared<DoubleTreeProgram>(context,
                                               AllButRoot(context),
                                               context.spec.root,
                                               Way::UP);
}

ProgramPointer
BroadcastByBinomial(const CollectiveContext& context)
{
    return std::make_shared<BinomialProgram>(context, false);
}

ProgramPointer
ReduceByBinomial(const CollectiveContext& context)
{
    return std::make_shared<BinomialProgram>(context, true);
}

ProgramPointer
GatherByBinomial(const CollectiveContext& context)
{
    return std::make_shared<BinomialChunksProgram>(context, true);
}

ProgramPointer
ScatterByBinomial(const CollectiveContext& context)
{
    return std::make_shared<BinomialChunksProgram>(context, false);
}

} // namespace mtlink
} // namespace ns3
