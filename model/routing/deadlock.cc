/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/deadlock.h"

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
 * are channels out of the switch, or endpoint that forwards, at its end: a row of bits, one per
 * port of that node and class.
 */
class Dependencies
{
  public:
    Dependencies(const Topology& topology, const Routing& routing);

    /** Add all routes. */
    void AddRoutes();

    /** @return what was found. */
    DeadlockProof Prove() const;

  private:
    /** One switch on the way to the goal, entered on one class. */
    struct State
    {
        std::vector<uint32_t> entered; //!< Channels on which packets come in
        bool queued{false};            //!< Met on the way to this goal
    };

    /** A set of channels that only grows. */
    struct ChannelSet
    {
        std::vector<bool> has;         //!< By channel
        std::vector<uint32_t> members; //!< In order of coming

        /** Add a channel. */
        void Add(uint32_t channel)
        {
            if (!has[channel])
            {
                has[channel] = true;
                members.push_back(channel);
            }
        }
    };

    /** Add those of all routes to one endpoint, from all endpoints that reach it in one leg. */
    void AddRoutesTo(uint32_t target, const std::vector<const std::vector<uint32_t>*>& sources);

    /**
     * Add those of all routes to an endpoint that is attached beside another, the one whose routes
     * were added in full last: they differ only at the switch of both.
     */
    void AddRoutesBeside(uint32_t target);

    /** @return whether all that leads to one endpoint leads the same way to another. */
    bool AreAlike(uint32_t a, uint32_t b) const;

    /** Add those of detours to the endpoint that AddRoutesTo() was about, forwarded by others. */
    void AddForwardedRoutesTo(uint32_t target,
                              const std::vector<const std::vector<uint32_t>*>& sources);

    /** Find the detours by way of endpoints, by the endpoint that forwards. */
    void FindForwarded();

    /** Add the first steps of the detours that plain packets may begin; @return whether any. */
    bool AddDetours();

    /** Add those of all detours to one place. */
    void AddRoutesVia(uint32_t via, const std::vector<uint32_t>& launched);

    /** Add those of packets that have reached the end of a detour, by state, on to an endpoint. */
    void AddLandedRoutesTo(uint32_t target, const std::vector<std::vector<uint32_t>>& landed);

    /** Note that packets to the goal use a channel. */
    void Enter(uint32_t channel);

    /** Follow what was entered to the goal; m_goal says which. */
    void Follow();

    /** Enter the next channels of packets in a state. */
    void EnterNext();

    /** Let channels depend on the binding ones of m_alternatives. */
    void Depend(const std::vector<uint32_t>& channels);

    /** Note it if packets that come by some channels have no binding one of m_alternatives. */
    void CheckEscape(const std::vector<uint32_t>& channels);

    /** Find m_alternatives of packets in a state, given by its index, towards the goal. */
    void FindAlternatives(uint32_t state, uint32_t via);

    /** @return whether what holds packets of a link at its end waits for others to go on. */
    bool IsHeld(const Topology::Link& link) const
    {
        return !m_topology.IsEndpoint(link.to) || m_routing.GetAlgorithm(link.domain).IsForwarded();
    }

    /** @return the members of a set from `done` on by the index of the state they lead to. */
    std::vector<std::vector<uint32_t>> SortByState(const ChannelSet& set, size_t& done) const;

    /** @return the link of a channel. */
    const Topology::Link& GetLink(uint32_t channel) const
    {
        return m_topology.GetLinks()[channel / m_classes];
    }

    /** @return the class of a channel. */
    uint8_t GetClass(uint32_t channel) const
    {
        return static_cast<uint8_t>(channel % m_classes);
    }

    /** @return the index of the state of who came into a switch by a channel. */
    uint32_t GetState(uint32_t channel) const
    {
        return (GetLink(channel).to - m_topology.GetEndpoints()) * m_classes + GetClass(channel);
    }

    /** @return the name of a channel. */
    std::string GetName(uint32_t channel) const
    {
        return m_topology.GetLinkName(channel / m_classes) + " class " +
               std::to_string(GetClass(channel));
    }

    /** @return whether the switch at a channel's end routes to a target. */
    bool IsInDomain(uint32_t channel, uint32_t target) const
    {
        return m_domainHas[m_topology.GetSwitchDomain(GetLink(channel).to)][target];
    }

    /** Call f(next) for every channel that may follow a channel, ascending by port. */
    template <typename F>
    void ForEachNext(uint32_t channel, F f) const;

    /** @return a shortest cycle through some of the members, which form a strong component. */
    std::vector<uint32_t> FindCycle(const std::vector<uint32_t>& members) const;

    const Topology& m_topology;       //!< The graph
    const Routing& m_routing;         //!< The routes
    uint32_t m_classes{1};            //!< VC classes, the most of any domain
    std::vector<uint64_t> m_rowFirst; //!< By channel: its row; one more at the end
    std::vector<uint64_t> m_rows;     //!< Bits
    std::vector<bool> m_used;         //!< By channel: on some route
    std::vector<uint32_t> m_seenFor;  //!< By channel: last goal that used it
    std::vector<State> m_states;      //!< By switch and class
    std::vector<uint32_t> m_queue;    //!< States met on the way to the goal
    uint32_t m_goal{0};               //!< Number of the goal now looked at
    uint32_t m_target{0};             //!< It, or any endpoint while m_via is set
    uint32_t m_via{NO_DETOUR};        //!< It, if a detour leads there
    uint32_t m_followed{NONE};        //!< Target whose routes were added in full last
    /** States from which packets reach it, with the channels by which they came there. */
    std::vector<std::pair<uint32_t, std::vector<uint32_t>>> m_lastHops;
    std::vector<Alternative> m_alternatives;            //!< Of the state now looked at
    std::vector<std::pair<uint32_t, uint64_t>> m_words; //!< Scratch: bits of one state
    std::vector<std::vector<bool>> m_domainHas;         //!< By domain and endpoint
    ChannelSet m_plain;                                 //!< Into switches, without a detour ahead
    size_t m_plainDone{0};                              //!< Members whose detours were looked at
    ChannelSet m_landed;                      //!< Into switches where a detour was reached
    size_t m_landedDone{0};                   //!< Members whose way on was looked at
    std::map<uint32_t, uint32_t> m_landedVia; //!< By landed channel: a detour's end
    std::map<uint32_t, std::vector<uint32_t>> m_launched;  //!< By via: channels towards it
    std::map<uint32_t, std::vector<uint32_t>> m_forwarded; //!< By endpoint: to be forwarded there
    std::string m_trap;                                    //!< See DeadlockProof
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
        const Topology::Link& link = topology.GetLinks()[channel / m_classes];
        const uint32_t to = link.to;
        if (IsHeld(link))
        {
            words += (topology.GetOutLinks(to).size() * m_classes + 63) / 64;
        }
    }
    m_rowFirst.push_back(words);
    m_rows.resize(words);
    m_used.resize(channels);
    m_seenFor.resize(channels);
    m_states.resize(static_cast<size_t>(topology.GetSwitches()) * m_classes);
    m_plain.has.resize(channels);
    m_landed.has.resize(channels);
    for (const Domain& domain : topology.GetDomains())
    {
        m_domainHas.emplace_back(topology.GetEndpoints());
        for (const uint32_t endpoint : domain.endpoints)
        {
            m_domainHas.back()[endpoint] = true;
        }
    }
}

void
Dependencies::AddRoutes()
{
    // Planes hold the same endpoints: look at each set once.
    std::map<std::vector<uint32_t>, uint32_t> sets;
    for (const Domain& domain : m_topology.GetDomains())
    {
        sets.emplace(domain.endpoints, 0);
    }
    std::vector<std::vector<const std::vector<uint32_t>*>> sources(m_topology.GetEndpoints());
    for (const auto& [endpoints, unused] : sets)
    {
        for (const uint32_t endpoint : endpoints)
        {
            sources[endpoint].push_back(&endpoints);
        }
    }
    FindForwarded();
    for (uint32_t target = 0; target < m_topology.GetEndpoints(); ++target)
    {
        const bool isBeside = m_followed != NONE && sources[target] == sources[m_followed] &&
                              AreAlike(target, m_followed);
        isBeside ? AddRoutesBeside(target) : AddRoutesTo(target, sources[target]);
        AddForwardedRoutesTo(target, sources[target]);
    }
    // Who comes without a detour may begin one; who has reached its end goes on to any target, and
    // may perhaps begin another on its way.
    while (AddDetours())
    {
        for (const auto& [via, launched] : m_launched)
        {
            AddRoutesVia(via, launched);
        }
        m_launched.clear();
        const auto landed = SortByState(m_landed, m_landedDone);
        for (uint32_t target = 0; target < m_topology.GetEndpoints(); ++target)
        {
            AddLandedRoutesTo(target, landed);
        }
    }
}

void
Dependencies::Enter(uint32_t channel)
{
    if (m_seenFor[channel] == m_goal)
    {
        return;
    }
    m_seenFor[channel] = m_goal;
    m_used[channel] = true;
    const uint32_t to = GetLink(channel).to;
    if (m_topology.IsEndpoint(to))
    {
        return;
    }
    if (m_via != NO_DETOUR && m_routing.GetSwitchAlgorithm(to).IsReached(to, m_via))
    {
        m_landed.Add(channel);
        m_landedVia.emplace(channel, m_via);
        return;
    }
    if (m_via == NO_DETOUR)
    {
        m_plain.Add(channel);
    }
    const uint32_t index = GetState(channel);
    State& state = m_states[index];
    state.entered.push_back(channel);
    if (!state.queued)
    {
        state.queued = true;
        m_queue.push_back(index);
    }
}

void
Dependencies::FindAlternatives(uint32_t state, uint32_t via)
{
    const uint32_t node = state / m_classes + m_topology.GetEndpoints();
    m_alternatives.clear();
    m_routing.GetSwitchAlgorithm(node).GetAlternatives(
        {node, m_target, via, static_cast<uint8_t>(state % m_classes)},
        m_alternatives);
}

void
Dependencies::EnterNext()
{
    for (const Alternative& alternative : m_alternatives)
    {
        for (const uint32_t link : alternative.hops.links)
        {
            Enter(link * m_classes + alternative.hops.vcClass);
        }
    }
}

void
Dependencies::Depend(const std::vector<uint32_t>& channels)
{
    m_words.clear();
    for (const Alternative& alternative : m_alternatives)
    {
        if (alternative.adaptive)
        {
            continue;
        }
        for (const uint32_t link : alternative.hops.links)
        {
            const uint32_t bit =
                m_topology.GetLinks()[link].fromPort * m_classes + alternative.hops.vcClass;
            if (m_words.empty() || m_words.back().first != bit / 64)
            {
                m_words.emplace_back(bit / 64, 0);
            }
            m_words.back().second |= uint64_t{1} << bit % 64;
        }
    }
    for (const uint32_t channel : channels)
    {
        for (const auto& [word, bits] : m_words)
        {
            m_rows[m_rowFirst[channel] + word] |= bits;
        }
    }
}

void
Dependencies::CheckEscape(const std::vector<uint32_t>& channels)
{
    const bool hasEscape =
        std::any_of(m_alternatives.begin(), m_alternatives.end(), [](const Alternative& a) {
            return !a.adaptive && !a.hops.links.empty();
        });
    if (!hasEscape && m_trap.empty() && !channels.empty())
    {
        m_trap = GetName(channels[0]);
    }
}

void
Dependencies::Follow()
{
    // First which channels are used at all, then what follows each: a channel met late counts too.
    for (size_t i = 0; i < m_queue.size(); ++i)
    {
        FindAlternatives(m_queue[i], m_via);
        EnterNext();
    }
    for (const uint32_t index : m_queue)
    {
        State& state = m_states[index];
        FindAlternatives(index, m_via);
        Depend(state.entered);
        CheckEscape(state.entered);
        const bool isLast = !m_alternatives.empty() && !m_alternatives[0].hops.links.empty() &&
                            m_topology.GetLinks()[m_alternatives[0].hops.links[0]].to == m_followed;
        if (isLast && m_via == NO_DETOUR && m_target == m_followed)
        {
            m_lastHops.emplace_back(index, std::move(state.entered));
        }
        state.entered.clear();
        state.queued = false;
    }
    m_queue.clear();
}

void
Dependencies::AddRoutesTo(uint32_t target, const std::vector<const std::vector<uint32_t>*>& sources)
{
    ++m_goal;
    m_target = m_followed = target;
    m_via = NO_DETOUR;
    m_lastHops.clear();
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
    Follow();
}

void
Dependencies::AddRoutesBeside(uint32_t target)
{
    ++m_goal;
    m_target = target;
    m_via = NO_DETOUR;
    for (const auto& [index, channels] : m_lastHops)
    {
        State& state = m_states[index];
        for (const uint32_t channel : channels)
        {
            if (GetLink(channel).from != target)
            {
                state.entered.push_back(channel);
            }
        }
        state.queued = true;
        m_queue.push_back(index);
    }
    // It is no source, but the other is.
    const Hops hops = m_routing.NextHops(m_followed, target, 0);
    for (const uint32_t link : hops.links)
    {
        Enter(link * m_classes + hops.vcClass);
    }
    Follow();
}

bool
Dependencies::AreAlike(uint32_t a, uint32_t b) const
{
    for (uint32_t domain = 0; domain < m_domainHas.size(); ++domain)
    {
        if (m_domainHas[domain][a] && !m_routing.GetAlgorithm(domain).AreAlike(a, b))
        {
            return false;
        }
    }
    return true;
}

void
Dependencies::FindForwarded()
{
    for (uint32_t d = 0; d < m_topology.GetDomains().size(); ++d)
    {
        const RoutingAlgorithm& algorithm = m_routing.GetAlgorithm(d);
        if (!algorithm.IsForwarded())
        {
            continue;
        }
        for (const uint32_t source : m_topology.GetDomains()[d].endpoints)
        {
            m_alternatives.clear();
            algorithm.GetForwardedDetours(source, m_alternatives);
            for (const Alternative& detour : m_alternatives)
            {
                for (const uint32_t link : detour.hops.links)
                {
                    m_forwarded[detour.via].push_back(link * m_classes + detour.hops.vcClass);
                }
            }
        }
    }
}

void
Dependencies::AddForwardedRoutesTo(uint32_t target,
                                   const std::vector<const std::vector<uint32_t>*>& sources)
{
    for (const auto* set : sources)
    {
        for (const uint32_t via : *set)
        {
            const auto channels = m_forwarded.find(via);
            if (via == target || channels == m_forwarded.end())
            {
                continue;
            }
            // Detours stay in their domain, and the target sends none to itself.
            std::vector<uint32_t> coming;
            for (const uint32_t channel : channels->second)
            {
                const Topology::Link& link = GetLink(channel);
                if (link.from != target && m_domainHas[link.domain][target])
                {
                    m_used[channel] = true;
                    coming.push_back(channel);
                }
            }
            if (!coming.empty())
            {
                const Hops hops = m_routing.NextHops(via, target, GetClass(coming.front()));
                m_alternatives.assign(1, {hops, NO_DETOUR, false});
                EnterNext();
                Depend(coming);
            }
        }
    }
}

bool
Dependencies::AddDetours()
{
    const std::vector<std::vector<uint32_t>> byState = SortByState(m_plain, m_plainDone);
    bool any = false;
    for (uint32_t index = 0; index < byState.size(); ++index)
    {
        if (byState[index].empty())
        {
            continue;
        }
        const uint32_t node = index / m_classes + m_topology.GetEndpoints();
        m_alternatives.clear();
        m_routing.GetSwitchAlgorithm(node).GetDetours(node,
                                                      static_cast<uint8_t>(index % m_classes),
                                                      m_alternatives);
        Depend(byState[index]);
        for (const Alternative& detour : m_alternatives)
        {
            any = true;
            for (const uint32_t link : detour.hops.links)
            {
                m_launched[detour.via].push_back(link * m_classes + detour.hops.vcClass);
            }
        }
    }
    return any;
}

void
Dependencies::AddRoutesVia(uint32_t via, const std::vector<uint32_t>& launched)
{
    ++m_goal;
    m_via = via;
    for (const uint32_t channel : launched)
    {
        Enter(channel);
    }
    Follow();
}

void
Dependencies::AddLandedRoutesTo(uint32_t target, const std::vector<std::vector<uint32_t>>& landed)
{
    ++m_goal;
    m_target = target;
    m_via = NO_DETOUR;
    for (uint32_t index = 0; index < landed.size(); ++index)
    {
        if (!landed[index].empty() && IsInDomain(landed[index][0], target))
        {
            FindAlternatives(index, m_landedVia.at(landed[index][0]));
            EnterNext();
            Depend(landed[index]);
            CheckEscape(landed[index]);
        }
    }
    Follow();
}

std::vector<std::vector<uint32_t>>
Dependencies::SortByState(const ChannelSet& set, size_t& done) const
{
    std::vector<std::vector<uint32_t>> byState(m_states.size());
    for (; done < set.members.size(); ++done)
    {
        byState[GetState(set.members[done])].push_back(set.members[done]);
    }
    return byState;
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
    // Only channels between nodes that hold packets have both predecessors and successors.
    std::vector<uint32_t> vertex(m_used.size(), NONE);
    std::vector<uint32_t> channels;
    for (uint32_t channel = 0; channel < m_used.size(); ++channel)
    {
        proof.channels += m_used[channel];
        const Topology::Link& link = GetLink(channel);
        const bool canFollow =
            !m_topology.IsEndpoint(link.from) || m_routing.GetAlgorithm(link.domain).IsForwarded();
        if (m_used[channel] && canFollow && IsHeld(link))
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
    proof.trap = m_trap;
    proof.acyclic = count == channels.size() && !selfLoop && m_trap.empty();
    if (proof.acyclic || !m_trap.empty())
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
        proof.cycle.push_back(GetName(channel));
    }
    return proof;
}

} // namespace

DeadlockProof
ProveDeadlockFree(const Topology& topology, const Routing& routing)
{
    Dependencies dependencies(topology, routing);
    dependencies.AddRoutes();
    return dependencies.Prove();
}

} // namespace mtlink
} // namespace ns3
