/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-graph-topology.h"

#include "topology/graphml.h"

#include "ns3/mtlink-error.h"
#include "ns3/string.h"

#include <algorithm>
#include <fstream>
#include <numeric>
#include <sstream>

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(GraphTopology);

TypeId
GraphTopology::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::GraphTopology")
            .SetParent<TopologyBuilder>()
            .SetGroupName("Mtlink")
            .AddConstructor<GraphTopology>()
            .AddAttribute("File",
                          "GraphML file of the graph, a path: node attribute type is switch or "
                          "endpoint, edge attributes count, class, and any link parameter; empty: "
                          "nodes and edges are given in place (the user's design).",
                          StringValue(""),
                          MakeStringAccessor(&GraphTopology::SetFile, &GraphTopology::GetFile),
                          MakeStringChecker());
    return tid;
}

void
GraphTopology::SetFile(std::string file)
{
    if (file.empty())
    {
        return;
    }
    if (!m_nodes.empty())
    {
        throw ParameterError("file", "the graph is given twice: either file, or nodes and edges");
    }
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in || !text)
    {
        throw ParameterError("file", "can't read '" + file + "'");
    }
    m_file = file;
    ReadGraphMl(text.str(), file, *this);
}

std::string
GraphTopology::GetFile() const
{
    return m_file;
}

void
GraphTopology::AddNode(const std::string& name, bool isSwitch)
{
    if (name.empty())
    {
        throw ParameterError("nodes", "a node has no name");
    }
    CheckSize("nodes", static_cast<double>(m_nodes.size() + 1), 0);
    if (!m_index.emplace(name, static_cast<uint32_t>(m_nodes.size())).second)
    {
        throw ParameterError("nodes", "two nodes are named '" + name + "'");
    }
    m_nodes.push_back({name, isSwitch});
    m_endpoints += isSwitch ? 0 : 1;
}

uint32_t
GraphTopology::FindNode(const std::string& name) const
{
    const auto found = m_index.find(name);
    if (found == m_index.end())
    {
        throw ParameterError("edges", "an edge names '" + name + "', but there is no such node");
    }
    return found->second;
}

void
GraphTopology::AddEdge(const std::string& from,
                       const std::string& to,
                       uint32_t count,
                       const std::map<std::string, std::string>& overrides,
                       const std::string& cls)
{
    const uint32_t a = FindNode(from);
    const uint32_t b = FindNode(to);
    if (a == b)
    {
        throw ParameterError("edges",
                             "an edge joins '" + from + "' to itself; it must join two nodes");
    }
    if (count < 1 || count > 4096)
    {
        throw ParameterError("edges",
                             "an edge of " + std::to_string(count) + " links between '" + from +
                                 "' and '" + to + "'; 1 to 4096 are possible");
    }
    if (cls.empty())
    {
        throw ParameterError("edges", "an edge of '" + from + "' has an empty class");
    }
    m_cables += count;
    CheckSize("edges", 0, m_cables);
    const auto [known, isNew] =
        m_classIndex.try_emplace({cls, overrides}, static_cast<uint32_t>(m_classes.size()));
    if (isNew)
    {
        m_classes.push_back(known->first);
    }
    m_edges.push_back({a, b, count, known->second});
}

uint32_t
GraphTopology::GetCapacity() const
{
    if (m_endpoints == 0)
    {
        throw ParameterError(m_file.empty() ? "nodes" : "file",
                             "the graph has no endpoint: at least one node needs type endpoint");
    }
    return m_endpoints;
}

std::vector<std::string>
GraphTopology::GetLinkClassNames() const
{
    std::vector<std::string> names{"edge"};
    for (const Class& cls : m_classes)
    {
        if (std::find(names.begin(), names.end(), cls.first) == names.end())
        {
            names.push_back(cls.first);
        }
    }
    return names;
}

void
GraphTopology::CheckConnected() const
{
    std::vector<uint32_t> root(m_nodes.size());
    std::iota(root.begin(), root.end(), 0);
    const auto find = [&root](uint32_t node) {
        while (root[node] != node)
        {
            root[node] = root[root[node]];
            node = root[node];
        }
        return node;
    };
    for (const Edge& edge : m_edges)
    {
        root[find(edge.from)] = find(edge.to);
    }
    for (uint32_t node = 0; node < m_nodes.size(); ++node)
    {
        if (find(node) != find(0))
        {
            throw ParameterError(m_file.empty() ? "edges" : "file",
                                 "the graph falls apart: no edges lead from '" + m_nodes[0].name +
                                     "' to '" + m_nodes[node].name + "'");
        }
    }
}

void
GraphTopology::Attach(Topology& topology,
                      const std::vector<uint32_t>& endpoints,
                      const std::string& path,
                      uint32_t tier) const
{
    CheckEndpoints(endpoints.size());
    if (endpoints.size() != m_endpoints)
    {
        throw ParameterError("nodes",
                             "the graph has " + std::to_string(m_endpoints) + " endpoints, but " +
                                 std::to_string(endpoints.size()) +
                                 " are to be attached: a graph takes all of them");
    }
    CheckConnected();
    topology.OpenDomain({this, GetScope(), tier, path, endpoints});
    std::vector<uint32_t> nodes;
    uint32_t endpoint = 0;
    for (const Node& node : m_nodes)
    {
        nodes.push_back(node.isSwitch ? topology.AddSwitch(path + node.name)
                                      : endpoints[endpoint++]);
    }
    std::vector<uint32_t> classes;
    for (const Class& cls : m_classes)
    {
        classes.push_back(topology.AddLinkClass({GetScope(), cls.first, cls.second}));
    }
    for (const Edge& edge : m_edges)
    {
        for (uint32_t i = 0; i < edge.count; ++i)
        {
            topology.AddCable(nodes[edge.from], nodes[edge.to], classes[edge.cls]);
        }
    }
}

Topology
GraphTopology::Build() const
{
    Topology topology;
    std::vector<uint32_t> endpoints;
    for (const Node& node : m_nodes)
    {
        if (!node.isSwitch)
        {
            endpoints.push_back(topology.AddEndpoint(node.name));
        }
    }
    Attach(topology, endpoints, "", 0);
    return topology;
}

} // namespace mtlink
} // namespace ns3
