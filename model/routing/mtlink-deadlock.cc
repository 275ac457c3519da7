/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-deadlock.h"

#include <algorithm>
#include <bit>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <limits>
#include <map>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** No channel. */
constexpr uint32_t NONE = std::numeric_limits<uint32_t>::max();

/** Members of a strong component from which a shortest cycle is searched. */
constexpr size_t SEARCHED = 1024;

/**
 * The dependencies between channels. Channel = link * classes + class. What may follow a channel
 * are channels out of the switch at its end: a row of bits, one per port of that switch and class.
 */
class Dependencies
{
  public:
    Dependencies(const Topology& topology, const Routing& routing);

    /** Add those of all routes to one endpoint, from all endpoints that reach it in one leg. */
    void AddRoutesTo(uint32_t target, const std::vector<const std::vector<uint32_t>*>& sources);

    /** @return what was found. */
    DeadlockProof Prove() const;

  private:
    /** One switch on the way to the target, entered on one class. */
    struct State
    {
        std::vector<uint32_t> entered; //!< Channels on which packets come in
        bool queued{false};            //!< Met on the way to this target
    };

    /** Note that packets to the target use a channel. */
    void Enter(uint32_t channel);

    /** @return the next hops to the target in a state, given by its index. */
    Hops GetHops(uint32_t state) const
    {
        return m_routing.NextHops(state / m_classes + m_topology.GetEndpoints(),
                                  m_target,
                                  static_cast<uint8_t>(state % m_classes));
    }

    /** @return the link of a channel. */
    const Topology::Link& GetLink(uint32_t channel) const
    {
        return m_topology.GetLinks()[channel / m_classes];
    }

    /** Call f(next) for every channel that may follow a channel, ascending by port. */
    template <typename F>
    void ForEachNext(uint32_t channel, F f) const;

    /** @return a shortest cycle through some of the members, which form a strong component. */
    std::vector<uint32_t> FindCycle(const std::vector<uint32_t>& members) const;

    const Topology& m_topology;       //!< The graph
    const Routing& m_routing;         //!< The routes
    uint32_t m_classes{1};            //!< VC classes, the most of any domain
    std::vector<uint64_t> m_rowFirst; //!< By channel: its row's first word; one more at the end
    std::vector<uint64_t> m_rows;     //!< Bits
    std::vector<bool> m_used;         //!< By channel: on some route
    std::vector<uint32_t> m_seenFor;  //!< By channel: last target (plus one) that used it
    std::vector<State> m_states;      //!< By switch and class
    std::vector<uint32_t> m_queue;    //!< States met on the way to the target
    uint32_t m_target{0};             //!< The target now looked at
};

Dependencies::Dependencies(const Topology& topology, const Routing& routing)
    : m_topology(topology),
      m_routing(routing)
{
    for (uint32_t domain = 0; domain < topology.GetDomains().size(); ++domain)
    {
        m_classes = std::max(m_classes, routing.GetAlgorithm(domain).GetVcClasses());
    }
    const size_t channels = topology.GetLinks().size() * m_classes;
    uint64_t words = 0;
    for (size_t channel = 0; channel < channels; ++channel)
    {
        m_rowFirst.push_back(words);
        const uint32_t to = topology.GetLinks()[channel / m_classes].to;
        if (!topology.IsEndpoint(to))
        {
            words += (topology.GetOutLinks(to).size() * m_classes + 63) / 64;
        }
    }
    m_rowFirst.push_back(words);
    m_rows.resize(words);
    m_used.resize(channels);
    m_seenFor.resize(channels);
    m_states.resize(static_cast<size_t>(topology.GetSwitches()) * m_classes);
}

void
Dependencies::Enter(uint32_t channel)
{
    if (m_seenFor[channel] == m_target + 1)
    {
        return;
    }
    m_seenFor[channel] = m_target + 1;
    m_used[channel] = true;
    const uint32_t to = GetLink(channel).to;
    if (m_topology.IsEndpoint(to))
    {
        return;
    }
    const uint32_t index = (to - m_topology.GetEndpoints()) * m_classes + channel % m_classes;
    State& state = m_states[index];
    state.entered.push_back(channel);
    if (!state.queued)
    {
        state.queued = true;
        m_queue.push_back(index);
    }
}

void
Dependencies::AddRoutesTo(uint32_t target, const std::vector<const std::vector<uint32_t>*>& sources)
{
    m_target = target;
    m_queue.clear();
    for (const auto* set : sources)
    {
        for (const uint32_t source : *set)
        {
            if (source == target)
            {
                continue;
            }
            const Hops hops = m_routing.NextHops(source, target, 0);
            for (const uint32_t link : hops.links)
            {
                Enter(link * m_classes + hops.vcClass);
            }
        }
    }
    // First which channels are used at all, then what follows each: a channel met late counts too.
    for (size_t i = 0; i < m_queue.size(); ++i)
    {
        const Hops hops = GetHops(m_queue[i]);
        for (const uint32_t link : hops.links)
        {
            Enter(link * m_classes + hops.vcClass);
        }
    }
    std::vector<std::pair<uint32_t, uint64_t>> words;
    for (const uint32_t index : m_queue)
    {
        State& state = m_states[index];
        const Hops hops = GetHops(index);
        words.clear();
        for (const uint32_t link : hops.links)
        {
            const uint32_t bit = m_topology.GetLinks()[link].fromPort * m_classes + hops.vcClass;
            if (words.empty() || words.back().first != bit / 64)
            {
                words.emplace_back(bit / 64, 0);
            }
            words.back().second |= uint64_t{1} << bit % 64;
        }
        for (const uint32_t channel : state.entered)
        {
            for (const auto& [word, bits] : words)
            {
                m_rows[m_rowFirst[channel] + word] |= bits;
            }
        }
        state.entered.clear();
        state.queued = false;
    }
}

template <typename F>
void
Dependencies::ForEachNext(uint32_t channel, F f) const
{
    const auto out = m_topology.GetOutLinks(GetLink(channel).to);
    for (uint64_t word = m_rowFirst[channel]; word < m_rowFirst[channel + 1]; ++word)
    {
        for (uint64_t bits = m_rows[word]; bits != 0; bits &= bits - 1)
        {
            const auto bit = static_cast<uint32_t>((word - m_rowFirst[channel]) * 64) +
                             static_cast<uint32_t>(std::countr_zero(bits));
            f(out[bit / m_classes] * m_classes + bit % m_classes);
        }
    }
}

std::vector<uint32_t>
Dependencies::FindCycle(const std::vector<uint32_t>& members) const
{
    std::map<uint32_t, uint32_t> before;
    std::vector<uint32_t> best;
    for (size_t i = 0; i < std::min(members.size(), SEARCHED); ++i)
    {
        // Breadth first from a member back to it.
        const uint32_t start = members[i];
        before.clear();
        std::vector<uint32_t> queue{start};
        bool closed = false;
        for (size_t at = 0; at < queue.size() && !closed; ++at)
        {
            ForEachNext(queue[at], [&](uint32_t next) {
                if (std::binary_search(members.begin(), members.end(), next) &&
                    before.emplace(next, queue[at]).second)
                {
                    closed = closed || next == start;
                    queue.push_back(next);
                }
            });
        }
        std::vector<uint32_t> cycle{start};
        for (uint32_t c = before.at(start); c != start; c = before.at(c))
        {
            cycle.push_back(c);
        }
        if (best.empty() || cycle.size() < best.size())
        {
            best.assign(cycle.rbegin(), cycle.rend());
        }
    }
    return best;
}

DeadlockProof
Dependencies::Prove() const
{
    DeadlockProof proof;
    // Only channels between switches have both predecessors and successors.
    std::vector<uint32_t> vertex(m_used.size(), NONE);
    std::vector<uint32_t> channels;
    for (uint32_t channel = 0; channel < m_used.size(); ++channel)
    {
        proof.channels += m_used[channel];
        const Topology::Link& link = GetLink(channel);
        if (m_used[channel] && !m_topology.IsEndpoint(link.from) && !m_topology.IsEndpoint(link.to))
        {
            vertex[channel] = static_cast<uint32_t>(channels.size());
            channels.push_back(channel);
        }
    }
    for (const uint64_t word : m_rows)
    {
        proof.dependencies += static_cast<uint64_t>(std::popcount(word));
    }
    std::vector<std::pair<uint32_t, uint32_t>> edges;
    bool selfLoop = false;
    for (const uint32_t channel : channels)
    {
        ForEachNext(channel, [&](uint32_t next) {
            if (vertex[next] != NONE)
            {
                edges.emplace_back(vertex[channel], vertex[next]);
                selfLoop = selfLoop || next == channel;
            }
        });
    }
    using Graph = boost::compressed_sparse_row_graph<boost::directedS>;
    const Graph graph(boost::edges_are_unsorted_multi_pass,
                      edges.begin(),
                      edges.end(),
                      channels.size());
    std::vector<uint32_t> component(channels.size());
    const auto count = boost::strong_components(
        graph,
        boost::make_iterator_property_map(component.begin(), get(boost::vertex_index, graph)));
    proof.acyclic = count == channels.size() && !selfLoop;
    if (proof.acyclic)
    {
        return proof;
    }
    std::vector<std::vector<uint32_t>> members(count);
    for (size_t v = 0; v < channels.size(); ++v)
    {
        members[component[v]].push_back(channels[v]);
    }
    std::vector<uint32_t> cycle;
    for (const auto& list : members)
    {
        if (list.size() < 2)
        {
            continue;
        }
        const std::vector<uint32_t> found = FindCycle(list);
        if (cycle.empty() || found.size() < cycle.size())
        {
            cycle = found;
        }
    }
    for (const uint32_t channel : cycle)
    {
        proof.cycle.push_back(m_topology.GetLinkName(channel / m_classes) + " class " +
                              std::to_string(channel % m_classes));
    }
    return proof;
}

} // namespace

DeadlockProof
ProveDeadlockFree(const Topology& topology, const Routing& routing)
{
    // Planes hold the same endpoints: look at each set once.
    std::map<std::vector<uint32_t>, uint32_t> sets;
    for (const Domain& domain : topology.GetDomains())
    {
        sets.emplace(domain.endpoints, 0);
    }
    std::vector<std::vector<const std::vector<uint32_t>*>> sources(topology.GetEndpoints());
    for (const auto& [endpoints, unused] : sets)
    {
        for (const uint32_t endpoint : endpoints)
        {
            sources[endpoint].push_back(&endpoints);
        }
    }
    Dependencies dependencies(topology, routing);
    for (uint32_t target = 0; target < topology.GetEndpoints(); ++target)
    {
        dependencies.AddRoutesTo(target, sources[target]);
    }
    return dependencies.Prove();
}

} // namespace mtlink
} // namespace ns3
