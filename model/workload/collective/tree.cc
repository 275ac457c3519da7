/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/tree.h"

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

/**
 * Run a piece through a tree.
 * @param [in,out] builder Where to add.
 * @param [in] tree The tree.
 * @param [in] team Member at each vertex.
 * @param [in] above Member above the tree's root; NONE: none.
 * @param [in] block What.
 * @param [in] flow Flow label.
 * @param [in] way Which way.
 */
void
RunTree(CollectiveBuilder& builder,
        const Tree& tree,
        const Team& team,
        uint32_t above,
        BlockRange block,
        uint32_t flow,
        Way way)
{
    const auto over = [&](uint32_t v) {
        return tree.parent[v] == NONE ? above : team[tree.parent[v]];
    };
    for (auto v = tree.order.rbegin(); way != Way::DOWN && v != tree.order.rend(); ++v)
    {
        if (over(*v) != NONE)
        {
            builder.Combine(team[*v], over(*v), block, flow);
        }
    }
    for (auto v = tree.order.begin(); way != Way::UP && v != tree.order.end(); ++v)
    {
        if (over(*v) != NONE)
        {
            builder.Copy(over(*v), team[*v], block, flow);
        }
    }
}

/**
 * Run all data through double trees.
 * @param [in] context What to do.
 * @param [in] team Members at the trees' vertices.
 * @param [in] above Member above both roots; NONE: none.
 * @param [in] way Which way.
 */
void
RunDoubleTree(const CollectiveContext& context, const Team& team, uint32_t above, Way way)
{
    const auto n = static_cast<uint32_t>(team.size());
    const Tree trees[] = {GetBinaryTree(n, 0), GetBinaryTree(n, 1)};
    const uint32_t lots = 2 * context.Lots(context.spec.bytes / 2);
    const uint32_t pieces = context.Pieces(context.spec.bytes / lots);
    const ChunkLayout layout(PartsOf(context.Whole(), pieces), lots);
    context.builder.SetBlocks(layout.GetBlocks());
    // Piece by piece, so that at one instant earlier pieces come before later ones.
    for (uint32_t piece = 0; piece < pieces; ++piece)
    {
        for (uint32_t lot = 0; lot < lots; ++lot)
        {
            RunTree(context.builder,
                    trees[lot % 2],
                    team,
                    above,
                    layout.Of(lot, piece, piece + 1),
                    lot,
                    way);
        }
    }
}

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

/**
 * Visit the edges of the binomial tree over 0 to n - 1, nearest the root first.
 * @param [in] n Vertices.
 * @param [in] visit Called with (parent, child, vertices of the child's subtree).
 */
template <typename F>
void
ForBinomial(uint32_t n, F visit)
{
    const uint32_t top = std::bit_ceil(n) / 2;
    for (uint32_t distance = top; distance > 0; distance /= 2)
    {
        for (uint32_t v = 0; v + distance < n; v += 2 * distance)
        {
            visit(v, v + distance, std::min(distance, n - v - distance));
        }
    }
}

/**
 * Broadcast or reduce by a binomial tree.
 * @param [in] context What to do.
 * @param [in] reduce Towards the root.
 */
void
RunBinomial(const CollectiveContext& context, bool reduce)
{
    const uint32_t n = context.Size();
    const uint32_t lots = context.Lots(context.spec.bytes);
    const ChunkLayout layout({context.Whole()}, lots);
    context.builder.SetBlocks(layout.GetBlocks());
    std::vector<std::pair<uint32_t, uint32_t>> edges;
    for (uint32_t distance = 1; distance < n; distance *= 2)
    {
        for (uint32_t v = 0; v < distance && v + distance < n; ++v)
        {
            edges.emplace_back((v + context.spec.root) % n, (v + distance + context.spec.root) % n);
        }
    }
    if (reduce)
    {
        std::reverse(edges.begin(), edges.end());
    }
    for (uint32_t lot = 0; lot < lots; ++lot)
    {
        for (const auto& [parent, child] : edges)
        {
            if (reduce)
            {
                context.builder.Combine(child, parent, layout.Of(lot, 0, 1), lot);
            }
            else
            {
                context.builder.Copy(parent, child, layout.Of(lot, 0, 1), lot);
            }
        }
    }
}

/**
 * Gather or scatter by a binomial tree.
 * @param [in] context What to do.
 * @param [in] gather Towards the root.
 */
void
RunBinomialChunks(const CollectiveContext& context, bool gather)
{
    const uint32_t n = context.Size();
    const uint32_t root = context.spec.root;
    // Counted from the root, so that a subtree's chunks lie side by side.
    std::vector<Segment> chunks;
    for (uint32_t v = 0; v < n; ++v)
    {
        chunks.push_back(PartOf(context.Whole(), n, (v + root) % n));
    }
    const uint32_t lots = context.Lots(context.spec.bytes / n);
    const ChunkLayout layout(std::move(chunks), lots);
    context.builder.SetBlocks(layout.GetBlocks());

    struct Edge
    {
        uint32_t parent; //!< Vertex
        uint32_t child;  //!< Vertex
        uint32_t count;  //!< Vertices of the child's subtree
    };

    std::vector<Edge> edges;
    ForBinomial(n, [&edges](uint32_t parent, uint32_t child, uint32_t count) {
        edges.push_back({parent, child, count});
    });
    if (gather)
    {
        std::reverse(edges.begin(), edges.end());
    }
    for (uint32_t lot = 0; lot < lots; ++lot)
    {
        for (const Edge& edge : edges)
        {
            const uint32_t parent = (edge.parent + root) % n;
            const uint32_t child = (edge.child + root) % n;
            context.builder.Copy(gather ? child : parent,
                                 gather ? parent : child,
                                 layout.Of(lot, edge.child, edge.child + edge.count),
                                 lot);
        }
    }
}

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

void
AllReduceByTree(const CollectiveContext& context)
{
    RunDoubleTree(context, context.builder.GetTeam(), NONE, Way::BOTH);
}

void
BroadcastByTree(const CollectiveContext& context)
{
    RunDoubleTree(context, AllButRoot(context), context.spec.root, Way::DOWN);
}

void
ReduceByTree(const CollectiveContext& context)
{
    RunDoubleTree(context, AllButRoot(context), context.spec.root, Way::UP);
}

void
BroadcastByBinomial(const CollectiveContext& context)
{
    RunBinomial(context, false);
}

void
ReduceByBinomial(const CollectiveContext& context)
{
    RunBinomial(context, true);
}

void
GatherByBinomial(const CollectiveContext& context)
{
    RunBinomialChunks(context, true);
}

void
ScatterByBinomial(const CollectiveContext& context)
{
    RunBinomialChunks(context, false);
}

} // namespace mtlink
} // namespace ns3
