/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/route-table.h"

#include "measure/csv.h"
#include "routing/domain-links.h"

#include "ns3/mtlink-error.h"
#include "ns3/mtlink-routing.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return a node's name within its domain. */
std::string
GetLocalName(const Topology& topology, uint32_t domain, uint32_t node)
{
    const std::string& name = topology.GetName(node);
    const std::string& path = topology.GetDomains()[domain].path;
    return topology.IsEndpoint(node) || !name.starts_with(path) ? name : name.substr(path.size());
}

/** @return the links from one node to another within a domain, by port. */
std::vector<uint32_t>
GetLinksBetween(const Topology& topology, uint32_t domain, uint32_t from, uint32_t to)
{
    std::vector<uint32_t> links;
    for (const uint32_t link : GetDomainLinks(topology, from, domain))
    {
        if (topology.GetLinks()[link].to == to)
        {
            links.push_back(link);
        }
    }
    return links;
}

/** Finds what the rows of a table name. */
class NameFinder
{
  public:
    NameFinder(const Topology& topology, uint32_t domain)
        : m_topology(topology),
          m_domain(domain)
    {
        const Domain& d = topology.GetDomains()[domain];
        for (const uint32_t endpoint : d.endpoints)
        {
            m_nodes.emplace(GetLocalName(topology, domain, endpoint), endpoint);
        }
        for (uint32_t s = 0; s < d.switches; ++s)
        {
            const std::string name = GetLocalName(topology, domain, d.firstSwitch + s);
            if (!m_nodes.emplace(name, d.firstSwitch + s).second)
            {
                throw ParameterError("table",
                                     "a switch and an endpoint are both named '" + name +
                                         "': a table can't tell them apart");
            }
        }
    }

    /** @return the node of a cell. */
    uint32_t GetNode(const CsvCell& cell) const
    {
        const auto node = m_nodes.find(cell.AsText());
        cell.Expect(node != m_nodes.end(), "the name of a node of this fabric");
        return node->second;
    }

    /** @return the links that a cell names: those to a neighbour of a node, or one of its ports. */
    std::vector<uint32_t> GetLinks(uint32_t from, const CsvCell& cell) const
    {
        const std::string& text = cell.AsText();
        const auto next = m_nodes.find(text);
        if (next == m_nodes.end())
        {
            for (const uint32_t link : GetDomainLinks(m_topology, from, m_domain))
            {
                const uint32_t port = m_topology.GetLinks()[link].fromPort;
                if (text == GetLocalName(m_topology, m_domain, from) + ":" + std::to_string(port))
                {
                    return {link};
                }
            }
        }
        std::vector<uint32_t> links;
        if (next != m_nodes.end())
        {
            links = GetLinksBetween(m_topology, m_domain, from, next->second);
        }
        cell.Expect(!links.empty(),
                    "a neighbour of " + GetLocalName(m_topology, m_domain, from) +
                        ", or one of its ports, as " + GetLocalName(m_topology, m_domain, from) +
                        ":0");
        return links;
    }

  private:
    const Topology& m_topology;                        //!< The graph
    uint32_t m_domain;                                 //!< The domain
    std::unordered_map<std::string, uint32_t> m_nodes; //!< By name; never walked
};

/** Columns of the file. */
struct Columns
{
    size_t node;                   //!< `node`
    size_t destination;            //!< `destination`
    size_t next;                   //!< `next`
    std::optional<size_t> vcClass; //!< `vc_class`
};

/** @return the columns. */
Columns
FindColumns(const CsvReader& reader, const std::string& file)
{
    Columns columns{reader.GetColumn("node"),
                    reader.GetColumn("destination"),
                    reader.GetColumn("next"),
                    {}};
    for (size_t i = 0; i < reader.GetColumns().size(); ++i)
    {
        const std::string& name = reader.GetColumns()[i];
        if (name == "vc_class" && !columns.vcClass)
        {
            columns.vcClass = i;
        }
        else if (i != columns.node && i != columns.destination && i != columns.next)
        {
            throw InputError({file},
                             "a table of routes has the columns node, destination, next and "
                             "vc_class, each once, not '" +
                                 name + "'");
        }
    }
    return columns;
}

/** Add a row to a table. */
void
AddRow(const CsvReader& reader,
       const Columns& columns,
       const NameFinder& names,
       const Topology& topology,
       RouteTable& table)
{
    const CsvCell nodeCell = reader.GetCell(columns.node);
    const CsvCell destinationCell = reader.GetCell(columns.destination);
    const CsvCell nextCell = reader.GetCell(columns.next);
    const uint32_t node = names.GetNode(nodeCell);
    const uint32_t destination = names.GetNode(destinationCell);
    destinationCell.Expect(topology.IsEndpoint(destination), "the name of an endpoint");
    destinationCell.Expect(destination != node, "another than the node");
    const std::vector<uint32_t> links = names.GetLinks(node, nextCell);
    const uint32_t next = topology.GetLinks()[links.front()].to;
    nextCell.Expect(!topology.IsEndpoint(next) || next == destination,
                    "a switch, or the destination: other endpoints pass nothing on");
    uint32_t vcClass = 0;
    if (columns.vcClass && !reader.GetCell(*columns.vcClass).IsEmpty())
    {
        const CsvCell cell = reader.GetCell(*columns.vcClass);
        vcClass = cell.AsUnsigned32();
        cell.Expect(vcClass < RouteTable::MOST_CLASSES, "a VC class from 0 to 31");
    }
    RouteTable::Entry& entry = table.entries[{node, destination}];
    if (entry.links.empty())
    {
        entry.line = reader.GetWhere().line;
        entry.vcClass = static_cast<uint8_t>(vcClass);
    }
    else if (entry.vcClass != vcClass)
    {
        throw InputError(reader.GetWhere(),
                         "the rows of one node and destination are equal candidates, in one VC "
                         "class, and line " +
                             std::to_string(entry.line) + " says " + std::to_string(entry.vcClass));
    }
    for (const uint32_t link : links)
    {
        nextCell.Expect(std::find(entry.links.begin(), entry.links.end(), link) ==
                            entry.links.end(),
                        "another than in the rows above");
        entry.links.push_back(link);
    }
}

/** Writes the routes of one domain. */
class RouteWriter
{
  public:
    RouteWriter(std::ostream& out, const Topology& topology, uint32_t domain)
        : m_out(out),
          m_topology(topology),
          m_domain(domain)
    {
    }

    /** Write all routes that packets may meet. */
    void Write(const Routing& routing, const RoutingAlgorithm& algorithm)
    {
        m_out << "node,destination,next,vc_class\n";
        const Domain& domain = m_topology.GetDomains()[m_domain];
        for (const uint32_t target : domain.endpoints)
        {
            std::vector<uint32_t> open; // switches met, each once
            std::map<uint32_t, Hops> met;
            std::vector<std::pair<uint32_t, uint8_t>> queue;
            std::set<std::pair<uint32_t, uint8_t>> seen;
            const auto go = [&](uint32_t node, uint8_t vcClass) {
                const Hops hops = algorithm.NextHops(node, target, vcClass);
                const auto [known, isNew] = met.emplace(node, hops);
                if (!isNew && (known->second.vcClass != hops.vcClass ||
                               !std::equal(hops.links.begin(),
                                           hops.links.end(),
                                           known->second.links.begin(),
                                           known->second.links.end())))
                {
                    throw ParameterError("algorithm",
                                         "at " + m_topology.GetName(node) +
                                             " routes depend on the VC class: a table can't say "
                                             "that");
                }
                for (const uint32_t link : hops.links)
                {
                    const uint32_t next = m_topology.GetLinks()[link].to;
                    if (!m_topology.IsEndpoint(next) && seen.emplace(next, hops.vcClass).second)
                    {
                        queue.emplace_back(next, hops.vcClass);
                    }
                }
            };
            for (const uint32_t source : domain.endpoints)
            {
                if (source != target && routing.IsDirect(source, target))
                {
                    go(source, 0);
                }
            }
            for (size_t i = 0; i < queue.size(); ++i)
            {
                go(queue[i].first, queue[i].second);
            }
            for (const auto& [node, hops] : met)
            {
                WriteEntry(node, target, hops);
            }
        }
    }

  private:
    /** Write the rows of a node and destination, if it needs any. */
    void WriteEntry(uint32_t node, uint32_t target, const Hops& hops)
    {
        if (IsDefault(node, target, hops))
        {
            return;
        }
        for (size_t i = 0; i < hops.links.size();)
        {
            const uint32_t next = m_topology.GetLinks()[hops.links[i]].to;
            const auto all = GetLinksBetween(m_topology, m_domain, node, next);
            const auto rest = hops.links.subspan(i);
            const bool isWhole =
                rest.size() >= all.size() && std::equal(all.begin(), all.end(), rest.begin());
            const std::string name =
                isWhole ? GetLocalName(m_topology, m_domain, next)
                        : GetLocalName(m_topology, m_domain, node) + ":" +
                              std::to_string(m_topology.GetLinks()[hops.links[i]].fromPort);
            m_out << GetLocalName(m_topology, m_domain, node) << ','
                  << GetLocalName(m_topology, m_domain, target) << ',' << name << ','
                  << static_cast<uint32_t>(hops.vcClass) << '\n';
            i += isWhole ? all.size() : 1;
        }
    }

    /** @return whether a table has a route without rows. */
    bool IsDefault(uint32_t node, uint32_t target, const Hops& hops) const
    {
        std::vector<uint32_t> usual = GetLinksBetween(m_topology, m_domain, node, target);
        if (usual.empty() && m_topology.IsEndpoint(node))
        {
            for (const uint32_t link : GetDomainLinks(m_topology, node, m_domain))
            {
                if (!m_topology.IsEndpoint(m_topology.GetLinks()[link].to))
                {
                    usual.push_back(link);
                }
            }
        }
        return hops.vcClass == 0 &&
               std::equal(usual.begin(), usual.end(), hops.links.begin(), hops.links.end());
    }

    std::ostream& m_out;        //!< Where to
    const Topology& m_topology; //!< The graph
    uint32_t m_domain;          //!< The domain
};

} // namespace

RouteTable
ReadRouteTable(const std::string& file, const Topology& topology, uint32_t domain)
{
    RouteTable table;
    table.file = file;
    CsvReader reader(file);
    const Columns columns = FindColumns(reader, file);
    const NameFinder names(topology, domain);
    while (reader.NextRow())
    {
        AddRow(reader, columns, names, topology, table);
        ++table.rows;
    }
    return table;
}

void
WriteRouteTable(std::ostream& out, const Topology& topology, const Routing& routing)
{
    const std::vector<Domain>& domains = topology.GetDomains();
    const bool isOne = std::all_of(domains.begin(), domains.end(), [&](const Domain& domain) {
        return domain.scope == domains[0].scope && domain.endpoints == domains[0].endpoints;
    });
    if (!isOne)
    {
        throw ParameterError("kind",
                             "a table holds the routes of one fabric, or of its planes, and this "
                             "one is made of several: write those of each nested fabric from a "
                             "file of its own");
    }
    const RoutingAlgorithm& algorithm = routing.GetAlgorithm(0);
    if (algorithm.IsAdaptive() || algorithm.IsForwarded())
    {
        throw ParameterError("algorithm",
                             "these routes depend on load or chance, which a table can't hold: "
                             "take minimal or shortest");
    }
    RouteWriter(out, topology, 0).Write(routing, algorithm);
}

} // namespace mtlink
} // namespace ns3
