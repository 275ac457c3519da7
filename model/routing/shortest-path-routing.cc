/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/shortest-path-routing.h"

#include "routing/domain-links.h"
#include "routing/routing-registry.h"

#include "ns3/assert.h"
#include "ns3/mtlink-error.h"
#include "ns3/mtlink-single-switch-topology.h"

#include <algorithm>
#include <map>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

std::unique_ptr<RoutingAlgorithm>
MakeShortest(const Topology& topology, uint32_t domain, const RoutingProfile&)
{
    return MakeRoutes<ShortestPathRouting>(topology, domain);
}

std::unique_ptr<RoutingAlgorithm>
MakeMinimalRoutes(const Topology& topology, uint32_t domain, const RoutingProfile&)
{
    const MakeMinimal make = FindMinimal(topology, domain);
    if (!make)
    {
        throw ParameterError("algorithm",
                             "this kind of fabric has no closed-form minimal routes; use "
                             "shortest or auto");
    }
    return make(topology, domain);
}

std::unique_ptr<RoutingAlgorithm>
MakeBest(const Topology& topology, uint32_t domain, const RoutingProfile&)
{
    const MakeMinimal make = FindMinimal(topology, domain);
    return make ? make(topology, domain) : MakeRoutes<ShortestPathRouting>(topology, domain);
}

const Registered<RoutingKind> SHORTEST(GetRoutingAlgorithms(), "shortest", {.make = MakeShortest});
const Registered<RoutingKind> MINIMAL(GetRoutingAlgorithms(),
                                      "minimal",
                                      {.make = MakeMinimalRoutes});
const Registered<RoutingKind> AUTO(GetRoutingAlgorithms(), "auto", {.make = MakeBest});
// With one switch the shortest path is the only one.
const Registered<MakeMinimal> ONE_SWITCH(GetMinimalRoutes(),
                                         SingleSwitchTopology::GetTypeId().GetName(),
                                         MakeRoutes<ShortestPathRouting>);

} // namespace

ShortestPathRouting::ShortestPathRouting(const Topology& topology, uint32_t domain)
    : m_firstSwitch(topology.GetDomains()[domain].firstSwitch),
      m_switches(topology.GetDomains()[domain].switches),
      m_index(topology.GetDomains()[domain].endpoints)
{
    FindNeighbours(topology, domain);
    FindPaths(topology);
}

ShortestPathRouting::List
ShortestPathRouting::Store(const std::vector<uint32_t>& links)
{
    const auto first = static_cast<uint32_t>(m_pool.size());
    m_pool.insert(m_pool.end(), links.begin(), links.end());
    return {first, static_cast<uint32_t>(links.size())};
}

void
ShortestPathRouting::FindNeighbours(const Topology& topology, uint32_t domain)
{
    std::map<std::vector<uint32_t>, uint32_t> destinations;
    for (const uint32_t node : topology.GetDomains()[domain].endpoints)
    {
        Endpoint endpoint;
        std::map<uint32_t, std::vector<uint32_t>> byNeighbour;
        std::vector<uint32_t> up;
        for (const uint32_t link : GetDomainLinks(topology, node, domain))
        {
            const uint32_t to = topology.GetLinks()[link].to;
            byNeighbour[to].push_back(link);
            if (!topology.IsEndpoint(to))
            {
                up.push_back(link);
            }
        }
        std::vector<uint32_t> attached;
        for (const auto& [neighbour, links] : byNeighbour)
        {
            const bool peer = topology.IsEndpoint(neighbour);
            // Towards a switch the list serves the way back: the switch's links to the endpoint.
            std::vector<uint32_t> list = links;
            for (uint32_t& link : list)
            {
                link = peer ? link : Topology::Reverse(link);
            }
            (peer ? endpoint.peers : endpoint.switches).push_back({neighbour, Store(list)});
            if (!peer)
            {
                attached.push_back(neighbour);
            }
        }
        endpoint.all = Store(up);
        endpoint.destination =
            destinations.emplace(attached, static_cast<uint32_t>(destinations.size()))
                .first->second;
        m_endpoints.push_back(std::move(endpoint));
    }
    m_destinations = static_cast<uint32_t>(destinations.size());
    if (m_destinations > 65000)
    {
        throw ParameterError("algorithm",
                             "shortest paths to more than 65,000 distinct destinations need too "
                             "large a table");
    }
}

void
ShortestPathRouting::FindPaths(const Topology& topology)
{
    constexpr uint32_t FAR = EndpointIndex::NONE;
    std::vector<std::vector<uint32_t>> onSwitches(m_destinations);
    for (const Endpoint& endpoint : m_endpoints)
    {
        if (onSwitches[endpoint.destination].empty())
        {
            for (const Neighbour& n : endpoint.switches)
            {
                onSwitches[endpoint.destination].push_back(n.node - m_firstSwitch);
            }
        }
    }
    uint32_t choices = 0;
    for (Endpoint& endpoint : m_endpoints)
    {
        endpoint.uniform = endpoint.peers.empty();
        endpoint.firstChoice = choices;
        choices += endpoint.switches.size() > 1 ? m_destinations : 0;
    }
    m_choice.resize(choices);

    m_table.assign(static_cast<size_t>(m_destinations) * m_switches, NOWHERE);
    std::vector<std::map<std::vector<uint32_t>, uint16_t>> numbers(m_switches);
    std::vector<std::map<std::vector<uint32_t>, List>> chosen(m_endpoints.size());
    std::vector<uint32_t> distance(m_switches);
    std::vector<uint32_t> queue;
    std::vector<uint32_t> links;
    for (uint32_t d = 0; d < m_destinations; ++d)
    {
        std::fill(distance.begin(), distance.end(), FAR);
        queue = onSwitches[d];
        for (const uint32_t s : queue)
        {
            distance[s] = 0;
        }
        for (size_t i = 0; i < queue.size(); ++i)
        {
            const uint32_t s = queue[i];
            for (const uint32_t link : topology.GetOutLinks(m_firstSwitch + s))
            {
                // Unsigned: an endpoint's number, below the first switch, wraps to a large one.
                const uint32_t next = topology.GetLinks()[link].to - m_firstSwitch;
                if (next < m_switches && distance[next] == FAR)
                {
                    distance[next] = distance[s] + 1;
                    queue.push_back(next);
                }
            }
        }
        for (const uint32_t s : queue)
        {
            uint16_t& entry = m_table[static_cast<size_t>(d) * m_switches + s];
            if (distance[s] == 0)
            {
                entry = HERE;
                continue;
            }
            links.clear();
            for (const uint32_t link : topology.GetOutLinks(m_firstSwitch + s))
            {
                const uint32_t next = topology.GetLinks()[link].to - m_firstSwitch;
                if (next < m_switches && distance[next] == distance[s] - 1)
                {
                    links.push_back(link);
                }
            }
            entry =
                numbers[s].emplace(links, static_cast<uint16_t>(numbers[s].size())).first->second;
        }
        for (uint32_t e = 0; e < m_endpoints.size(); ++e)
        {
            Endpoint& endpoint = m_endpoints[e];
            if (endpoint.switches.size() < 2)
            {
                continue;
            }
            uint32_t nearest = FAR;
            for (const Neighbour& n : endpoint.switches)
            {
                nearest = std::min(nearest, distance[n.node - m_firstSwitch]);
            }
            if (nearest == FAR)
            {
                continue;
            }
            links.clear();
            for (const uint32_t link : View(endpoint.all))
            {
                if (distance[topology.GetLinks()[link].to - m_firstSwitch] == nearest)
                {
                    links.push_back(link);
                }
            }
            const bool every = links.size() == endpoint.all.count;
            endpoint.uniform = endpoint.uniform && every;
            List& choice = m_choice[endpoint.firstChoice + d];
            choice = endpoint.all;
            if (!every)
            {
                const auto [known, isNew] = chosen[e].try_emplace(links);
                known->second = isNew ? Store(links) : known->second;
                choice = known->second;
            }
        }
    }

    for (const auto& lists : numbers)
    {
        m_listsFirst.push_back(static_cast<uint32_t>(m_lists.size()));
        m_lists.resize(m_lists.size() + lists.size());
        for (const auto& [list, number] : lists)
        {
            m_lists[m_listsFirst.back() + number] = Store(list);
        }
    }
}

std::string
ShortestPathRouting::GetDefinition() const
{
    return "Shortest paths in links through the switches of the domain, by breadth-first search "
           "from each destination; every link to a neighbour that is one link nearer is a "
           "candidate. An endpoint wired straight to the destination uses that wire; no other "
           "endpoint is passed through. One VC class; free of deadlock only if the proof says so "
           "(it is on trees, not on rings or tori).";
}

uint32_t
ShortestPathRouting::GetVcClasses() const
{
    return 1;
}

Hops
ShortestPathRouting::NextHops(uint32_t node, uint32_t target, uint8_t) const
{
    const Endpoint& to = m_endpoints[m_index[target]];
    const uint32_t s = node - m_firstSwitch;
    if (s < m_switches)
    {
        const uint16_t number = m_table[static_cast<size_t>(to.destination) * m_switches + s];
        if (number < NOWHERE)
        {
            return {View(m_lists[m_listsFirst[s] + number]), 0};
        }
        for (const Neighbour& n : to.switches)
        {
            if (n.node == node)
            {
                return {View(n.links), 0};
            }
        }
        NS_ASSERT_MSG(false, "no path from this switch");
        return {};
    }
    const Endpoint& from = m_endpoints[m_index[node]];
    if (!from.peers.empty())
    {
        const auto peer = std::lower_bound(
            from.peers.begin(),
            from.peers.end(),
            target,
            [](const Neighbour& neighbour, uint32_t t) { return neighbour.node < t; });
        if (peer != from.peers.end() && peer->node == target)
        {
            return {View(peer->links), 0};
        }
    }
    return {View(from.switches.size() > 1 ? m_choice[from.firstChoice + to.destination] : from.all),
            0};
}

bool
ShortestPathRouting::IsInjectionUniform(uint32_t endpoint) const
{
    return m_endpoints[m_index[endpoint]].uniform;
}

} // namespace mtlink
} // namespace ns3
