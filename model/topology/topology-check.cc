/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "topology/topology-check.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <boost/graph/boykov_kolmogorov_max_flow.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <numeric>
#include <utility>

namespace ns3
{
namespace mtlink
{

void
CheckConnected(const Topology& topology)
{
    using Graph = boost::compressed_sparse_row_graph<boost::directedS>;
    std::vector<std::pair<uint32_t, uint32_t>> edges;
    for (const Topology::Link& link : topology.GetLinks())
    {
        edges.emplace_back(link.from, link.to);
    }
    const Graph graph(boost::edges_are_unsorted_multi_pass,
                      edges.begin(),
                      edges.end(),
                      topology.GetNodes());
    std::vector<boost::default_color_type> colour(topology.GetNodes());
    boost::breadth_first_search(
        graph,
        0,
        boost::color_map(
            boost::make_iterator_property_map(colour.begin(), get(boost::vertex_index, graph))));
    for (uint32_t node = 0; node < topology.GetNodes(); ++node)
    {
        if (colour[node] == boost::white_color)
        {
            throw ParameterError("",
                                 "the fabric falls apart: no links lead from '" +
                                     topology.GetName(0) + "' to '" + topology.GetName(node) + "'");
        }
    }
}

uint32_t
GetDiameter(const Topology& topology, uint32_t most)
{
    // Breadth-first searches from 64 endpoints at once, a bit each: a search per endpoint takes
    // minutes at 10,000. Only one link to each neighbour counts.
    std::vector<uint32_t> first{0};
    std::vector<uint32_t> neighbours;
    for (uint32_t node = 0; node < topology.GetNodes(); ++node)
    {
        for (const uint32_t link : topology.GetOutLinks(node))
        {
            neighbours.push_back(topology.GetLinks()[link].to);
        }
        std::sort(neighbours.begin() + first.back(), neighbours.end());
        neighbours.erase(std::unique(neighbours.begin() + first.back(), neighbours.end()),
                         neighbours.end());
        first.push_back(static_cast<uint32_t>(neighbours.size()));
    }
    uint32_t diameter = 0;
    std::vector<uint64_t> seen;
    std::vector<uint64_t> reached;
    std::vector<uint64_t> next;
    const uint64_t starts = std::min(most, topology.GetEndpoints());
    for (uint64_t base = 0; base < starts; base += 64)
    {
        seen.assign(topology.GetNodes(), 0);
        for (uint64_t i = 0; i < 64 && base + i < starts; ++i)
        {
            seen[(base + i) * topology.GetEndpoints() / starts] = uint64_t{1} << i;
        }
        reached = seen;
        bool more = true;
        for (uint32_t distance = 1; more; ++distance)
        {
            more = false;
            next.assign(topology.GetNodes(), 0);
            for (uint32_t node = 0; node < topology.GetNodes(); ++node)
            {
                for (uint32_t i = first[node]; i < first[node + 1]; ++i)
                {
                    next[node] |= reached[neighbours[i]];
                }
                next[node] &= ~seen[node];
                if (next[node] != 0)
                {
                    more = true;
                    seen[node] |= next[node];
                    if (topology.IsEndpoint(node))
                    {
                        diameter = std::max(diameter, distance);
                    }
                }
            }
            reached.swap(next);
        }
    }
    return diameter;
}

std::optional<uint64_t>
GetBisection(const Topology& topology, std::span<const uint64_t> capacity)
{
    const auto& links = topology.GetLinks();
    const uint32_t endpoints = topology.GetEndpoints();
    if (endpoints < 2 || links.size() > BISECTION_LINKS)
    {
        return std::nullopt;
    }

    // Arcs in pairs, forth and back, as the algorithm wants them; then sorted by their start.
    struct Arc
    {
        uint32_t from;
        uint32_t to;
        int64_t capacity;
    };

    const uint32_t source = topology.GetNodes();
    const uint32_t sink = source + 1;
    const auto of = [&](uint32_t link) { return capacity.empty() ? 1 : capacity[link]; };
    std::vector<Arc> arcs;
    const auto join = [&](uint32_t from, uint32_t to, uint64_t there, uint64_t back) {
        arcs.push_back({from, to, static_cast<int64_t>(there)});
        arcs.push_back({to, from, static_cast<int64_t>(back)});
    };
    for (uint32_t link = 0; link < links.size(); link += 2)
    {
        join(links[link].from, links[link].to, of(link), of(link + 1));
    }
    for (uint32_t endpoint = 0; endpoint < endpoints; ++endpoint)
    {
        const bool sends = endpoint < endpoints / 2;
        uint64_t own = 0;
        for (const uint32_t link : topology.GetOutLinks(endpoint))
        {
            own += of(sends ? link : Topology::Reverse(link));
        }
        join(sends ? source : endpoint, sends ? endpoint : sink, own, 0);
    }
    std::vector<uint32_t> order(arcs.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
        return arcs[a].from < arcs[b].from;
    });
    std::vector<uint32_t> place(arcs.size());
    std::vector<int64_t> capacities;
    std::vector<std::pair<uint32_t, uint32_t>> pairs;
    for (const uint32_t arc : order)
    {
        place[arc] = static_cast<uint32_t>(pairs.size());
        pairs.emplace_back(arcs[arc].from, arcs[arc].to);
        capacities.push_back(arcs[arc].capacity);
    }

    using Graph = boost::compressed_sparse_row_graph<boost::directedS>;
    using Edge = boost::graph_traits<Graph>::edge_descriptor;
    const Graph graph(boost::edges_are_sorted, pairs.begin(), pairs.end(), sink + 1);
    std::vector<Edge> reverses;
    for (const uint32_t arc : order)
    {
        reverses.emplace_back(arcs[arc ^ 1].from, place[arc ^ 1]);
    }
    const auto byVertex = get(boost::vertex_index, graph);
    const auto byEdge = get(boost::edge_index, graph);
    std::vector<int64_t> residual(arcs.size());
    std::vector<Edge> predecessor(sink + 1);
    std::vector<boost::default_color_type> colour(sink + 1);
    std::vector<int64_t> distance(sink + 1);
    return static_cast<uint64_t>(boost::boykov_kolmogorov_max_flow(
        graph,
        boost::make_iterator_property_map(capacities.begin(), byEdge),
        boost::make_iterator_property_map(residual.begin(), byEdge),
        boost::make_iterator_property_map(reverses.begin(), byEdge),
        boost::make_iterator_property_map(predecessor.begin(), byVertex),
        boost::make_iterator_property_map(colour.begin(), byVertex),
        boost::make_iterator_property_map(distance.begin(), byVertex),
        byVertex,
        source,
        sink));
}

} // namespace mtlink
} // namespace ns3
