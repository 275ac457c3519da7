/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/table-routing.h"

#include "routing/domain-links.h"
#include "routing/routing-registry.h"

#include "ns3/assert.h"
#include "ns3/mtlink-error.h"

#include <algorithm>
#include <functional>

namespace ns3
{
namespace mtlink
{

namespace
{

std::unique_ptr<RoutingAlgorithm>
MakeTable(const Topology& topology, uint32_t domain, const RoutingProfile& profile)
{
    return std::make_unique<TableRouting>(topology, domain, profile.GetTable());
}

const Registered<RoutingKind> REGISTERED(GetRoutingAlgorithms(),
                                         "table",
                                         {.hasTable = true, .make = MakeTable});

constexpr uint64_t MOST_PLACES = uint64_t{1} << 28; //!< Switches x destinations

/** @return by switch of a domain the number of its connected set. */
std::vector<uint32_t>
FindSets(const Topology& topology, const Domain& domain)
{
    std::vector<uint32_t> sets(domain.switches, UINT32_MAX);
    std::vector<uint32_t> queue;
    for (uint32_t s = 0; s < domain.switches; ++s)
    {
        if (sets[s] != UINT32_MAX)
        {
            continue;
        }
        sets[s] = s;
        queue.assign(1, s);
        for (size_t i = 0; i < queue.size(); ++i)
        {
            for (const uint32_t link : topology.GetOutLinks(domain.firstSwitch + queue[i]))
            {
                // Unsigned: an endpoint's number, below the first switch, wraps to a large one.
                const uint32_t next = topology.GetLinks()[link].to - domain.firstSwitch;
                if (next < domain.switches && sets[next] == UINT32_MAX)
                {
                    sets[next] = s;
                    queue.push_back(next);
                }
            }
        }
    }
    return sets;
}

/**
 * The routes to one destination: nodes and what may follow them. Looked through depth first, so
 * that a switch that is met again below itself closes a loop.
 */
class RouteWalk
{
  public:
    /** Gives the links of a node towards the destination, none without a route. */
    using NextLinks = std::function<IndexSpan(uint32_t)>;

    RouteWalk(const Topology& topology, const RouteTable& table, NextLinks next)
        : m_topology(topology),
          m_table(table),
          m_next(std::move(next)),
          m_state(topology.GetSwitches(), NEW)
    {
    }

    /** Go from an endpoint to a destination by all ways. */
    void Go(uint32_t source, uint32_t target)
    {
        m_target = target;
        m_path.clear();
        Enter(source);
        while (!m_path.empty())
        {
            Step& step = m_path.back();
            if (step.done == step.links.size())
            {
                if (!m_topology.IsEndpoint(step.node))
                {
                    State(step.node) = DONE;
                }
                m_path.pop_back();
                continue;
            }
            const uint32_t next = m_topology.GetLinks()[step.links[step.done++]].to;
            if (m_topology.IsEndpoint(next) || State(next) == DONE)
            {
                continue;
            }
            if (State(next) == ON_PATH)
            {
                RefuseLoop(next);
            }
            Enter(next);
        }
    }

    /** The next walk is to another destination. */
    void Clear()
    {
        std::fill(m_state.begin(), m_state.end(), NEW);
    }

  private:
    /** How far a switch has been looked at. */
    enum Progress : uint8_t
    {
        NEW,
        ON_PATH,
        DONE
    };

    /** A node on the path. */
    struct Step
    {
        uint32_t node;   //!< The node
        IndexSpan links; //!< Its candidates
        size_t done{0};  //!< Of them looked at
    };

    Progress& State(uint32_t node)
    {
        return m_state[node - m_topology.GetEndpoints()];
    }

    /** Add a node to the path. */
    void Enter(uint32_t node)
    {
        const auto links = m_next(node);
        if (links.empty())
        {
            const uint32_t from = m_path.empty() ? node : m_path.back().node;
            Refuse(m_topology.GetName(from) + " leads to " + m_topology.GetName(node) +
                       ", which has no route to " + m_topology.GetName(m_target),
                   from);
        }
        if (!m_topology.IsEndpoint(node))
        {
            State(node) = ON_PATH;
        }
        m_path.push_back({node, links});
    }

    /** Refuse a loop that ends where it began. */
    [[noreturn]] void RefuseLoop(uint32_t begin) const
    {
        std::string loop;
        bool isIn = false;
        for (const Step& step : m_path)
        {
            isIn = isIn || step.node == begin;
            loop += isIn ? m_topology.GetName(step.node) + " -> " : "";
        }
        Refuse("a loop on the way to " + m_topology.GetName(m_target) + ": " + loop +
                   m_topology.GetName(begin),
               m_path.back().node);
    }

    /** Refuse the table at the rows of a node, or, if it has none, as a whole. */
    [[noreturn]] void Refuse(const std::string& message, uint32_t node) const
    {
        const auto entry = m_table.entries.find({node, m_target});
        const uint64_t line = entry == m_table.entries.end() ? 1 : entry->second.line;
        throw InputError({m_table.file, line, 1}, message);
    }

    const Topology& m_topology;    //!< The graph
    const RouteTable& m_table;     //!< The table, for its lines
    NextLinks m_next;              //!< The routes
    std::vector<Progress> m_state; //!< By switch
    std::vector<Step> m_path;      //!< From the source to here
    uint32_t m_target{0};          //!< Where the walk leads
};

} // namespace

TableRouting::TableRouting(const Topology& topology, uint32_t domain, const std::string& file)
    : m_file(file),
      m_firstSwitch(topology.GetDomains()[domain].firstSwitch),
      m_switches(topology.GetDomains()[domain].switches),
      m_index(topology.GetDomains()[domain].endpoints)
{
    const size_t endpoints = topology.GetDomains()[domain].endpoints.size();
    if (uint64_t{endpoints} * m_switches > MOST_PLACES)
    {
        throw ParameterError("algorithm",
                             "a table of " + std::to_string(endpoints) + " destinations for " +
                                 std::to_string(m_switches) +
                                 " switches is too large: use "
                                 "minimal or shortest");
    }
    m_table.assign(endpoints * m_switches, NONE);
    m_usual.assign(endpoints, NONE);
    const RouteTable table = ReadRouteTable(file, topology, domain);
    m_rows = table.rows;
    for (const auto& [ends, entry] : table.entries)
    {
        const uint32_t route = Store(ends.first, entry.links, entry.vcClass);
        m_classes = std::max(m_classes, entry.vcClass + 1U);
        if (topology.IsEndpoint(ends.first))
        {
            m_special[ends] = route;
        }
        else
        {
            m_table[GetPlace(ends.first, m_index[ends.second])] = route;
        }
    }
    AddDefaults(topology, domain);
    m_known.clear();
    Check(topology, domain, table);
}

uint32_t
TableRouting::Store(uint32_t node, const std::vector<uint32_t>& links, uint8_t vcClass)
{
    const auto [known, isNew] =
        m_known[node].try_emplace({links, vcClass}, static_cast<uint32_t>(m_routes.size()));
    if (isNew)
    {
        m_routes.push_back(
            {static_cast<uint32_t>(m_pool.size()), static_cast<uint32_t>(links.size()), vcClass});
        m_pool.insert(m_pool.end(), links.begin(), links.end());
    }
    return known->second;
}

void
TableRouting::AddDefaults(const Topology& topology, uint32_t domain)
{
    const std::vector<uint32_t>& endpoints = topology.GetDomains()[domain].endpoints;
    // Switches to which a destination is attached.
    for (uint32_t to = 0; to < endpoints.size(); ++to)
    {
        std::map<uint32_t, std::vector<uint32_t>> back; // by switch: its links to the endpoint
        for (const uint32_t link : GetDomainLinks(topology, endpoints[to], domain))
        {
            const uint32_t neighbour = topology.GetLinks()[link].to;
            if (!topology.IsEndpoint(neighbour))
            {
                back[neighbour].push_back(Topology::Reverse(link));
            }
        }
        for (auto& [node, links] : back)
        {
            uint32_t& route = m_table[GetPlace(node, to)];
            std::sort(links.begin(), links.end(), [&](uint32_t a, uint32_t b) {
                return topology.GetLinks()[a].fromPort < topology.GetLinks()[b].fromPort;
            });
            route = route == NONE ? Store(node, links, 0) : route;
        }
    }
    for (uint32_t from = 0; from < endpoints.size(); ++from)
    {
        const uint32_t endpoint = endpoints[from];
        std::vector<uint32_t> up;
        std::map<uint32_t, std::vector<uint32_t>> wires;
        std::vector<uint32_t> switches;
        for (const uint32_t link : GetDomainLinks(topology, endpoint, domain))
        {
            const uint32_t neighbour = topology.GetLinks()[link].to;
            if (topology.IsEndpoint(neighbour))
            {
                wires[neighbour].push_back(link);
                continue;
            }
            up.push_back(link);
            if (std::find(switches.begin(), switches.end(), neighbour) == switches.end())
            {
                switches.push_back(neighbour);
            }
        }
        for (const auto& [peer, links] : wires)
        {
            m_special.try_emplace({endpoint, peer}, Store(endpoint, links, 0));
        }
        if (!up.empty())
        {
            m_usual[from] = Store(endpoint, up, 0);
        }
        // Of several switches only some may have a route.
        for (uint32_t to = 0; to < endpoints.size() && switches.size() > 1; ++to)
        {
            std::vector<uint32_t> some;
            std::copy_if(up.begin(), up.end(), std::back_inserter(some), [&](uint32_t link) {
                return m_table[GetPlace(topology.GetLinks()[link].to, to)] != NONE;
            });
            if (to != from && some.size() < up.size() && !some.empty())
            {
                m_special.try_emplace({endpoint, endpoints[to]}, Store(endpoint, some, 0));
            }
        }
    }
}

void
TableRouting::Check(const Topology& topology, uint32_t domain, const RouteTable& table) const
{
    const Domain& d = topology.GetDomains()[domain];
    const std::vector<uint32_t> sets = FindSets(topology, d);
    std::vector<std::vector<uint32_t>> setsOf; // by endpoint's index, those it is attached to
    for (const uint32_t endpoint : d.endpoints)
    {
        setsOf.emplace_back();
        for (const uint32_t link : GetDomainLinks(topology, endpoint, domain))
        {
            const uint32_t to = topology.GetLinks()[link].to;
            if (!topology.IsEndpoint(to))
            {
                setsOf.back().push_back(sets[to - d.firstSwitch]);
            }
        }
        std::sort(setsOf.back().begin(), setsOf.back().end());
    }
    uint32_t target = 0;
    RouteWalk walk(topology, table, [&](uint32_t node) -> IndexSpan {
        const uint32_t route = FindRoute(node, target);
        return route == NONE
                   ? IndexSpan()
                   : IndexSpan(m_pool).subspan(m_routes[route].first, m_routes[route].count);
    });
    for (uint32_t to = 0; to < d.endpoints.size(); ++to)
    {
        target = d.endpoints[to];
        walk.Clear();
        for (uint32_t from = 0; from < d.endpoints.size(); ++from)
        {
            std::vector<uint32_t> common;
            std::set_intersection(setsOf[from].begin(),
                                  setsOf[from].end(),
                                  setsOf[to].begin(),
                                  setsOf[to].end(),
                                  std::back_inserter(common));
            const bool isSpecial = m_special.count({d.endpoints[from], target}) > 0;
            if (from != to && (!common.empty() || isSpecial))
            {
                walk.Go(d.endpoints[from], target);
            }
        }
    }
}

uint32_t
TableRouting::FindRoute(uint32_t node, uint32_t target) const
{
    const uint32_t s = node - m_firstSwitch;
    if (s < m_switches) [[likely]]
    {
        return m_table[std::size_t{m_index[target]} * m_switches + s];
    }
    const auto special = m_special.find({node, target});
    return special != m_special.end() ? special->second : m_usual[m_index[node]];
}

std::string
TableRouting::GetDefinition() const
{
    return "Table: the candidates of a node to a destination are the links that its rows in " +
           m_file + " name (" + std::to_string(m_rows) +
           " rows). Without rows: a switch to which the destination is attached uses the links to "
           "it, an endpoint the wires to the destination, or else all links to switches that have "
           "a route to it. Loops and dead ends are refused. " +
           std::to_string(m_classes) + " VC class" + (m_classes > 1 ? "es" : "") +
           ", as the rows say, 0 without them; free of deadlock only if the proof says so.";
}

uint32_t
TableRouting::GetVcClasses() const
{
    return m_classes;
}

Hops
TableRouting::NextHops(uint32_t node, uint32_t target, uint8_t) const
{
    const uint32_t number = FindRoute(node, target);
    NS_ASSERT_MSG(number != NONE, "no packet comes where there is no route");
    const Route& route = m_routes[number];
    return {{m_pool.data() + route.first, route.count}, route.vcClass};
}

bool
TableRouting::IsInjectionUniform(uint32_t endpoint) const
{
    const auto special = m_special.lower_bound({endpoint, 0});
    return special == m_special.end() || special->first.first != endpoint;
}

} // namespace mtlink
} // namespace ns3
