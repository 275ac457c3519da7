/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "topology/topology-export.h"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graphviz.hpp>
#include <string_view>

namespace ns3
{
namespace mtlink
{

namespace
{

/**
 * Quote a field as RFC 4180 asks.
 * @param [in] field The field.
 * @return it, in quotes where they are needed.
 */
std::string
Quote(const std::string& field)
{
    if (field.find_first_of(",\"\r\n") == std::string::npos)
    {
        return field;
    }
    std::string quoted = "\"";
    for (const char c : field)
    {
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    return quoted + "\"";
}

} // namespace

void
WriteDot(std::ostream& out, const Topology& topology)
{
    using Graph = boost::adjacency_list<boost::vecS,
                                        boost::vecS,
                                        boost::undirectedS,
                                        boost::no_property,
                                        boost::property<boost::edge_index_t, size_t>>;
    static constexpr std::string_view COLOURS[] = {"black", "blue", "red", "darkgreen", "orange"};
    Graph graph(topology.GetNodes());
    std::vector<std::string> labels;
    const auto& links = topology.GetLinks();
    for (size_t first = 0; first < links.size();)
    {
        size_t next = first + 2;
        while (next < links.size() && links[next].from == links[first].from &&
               links[next].to == links[first].to && links[next].cls == links[first].cls)
        {
            next += 2;
        }
        boost::add_edge(links[first].from, links[first].to, labels.size(), graph);
        const size_t count = (next - first) / 2;
        std::string label = "color=";
        label += COLOURS[links[first].cls % std::size(COLOURS)];
        label += count > 1 ? ", label=\"" + std::to_string(count) + "\"" : "";
        labels.push_back(label);
        first = next;
    }
    boost::write_graphviz(
        out,
        graph,
        [&](std::ostream& o, auto node) {
            o << "[label="
              << boost::escape_dot_string(topology.GetName(static_cast<uint32_t>(node)))
              << ", shape="
              << (topology.IsEndpoint(static_cast<uint32_t>(node)) ? "ellipse" : "box") << "]";
        },
        [&](std::ostream& o, auto edge) {
            o << "[" << labels[get(boost::edge_index, graph, edge)] << "]";
        });
}

void
WriteLinksCsv(std::ostream& out, const Topology& topology)
{
    out << "link,name,from,from_port,to,to_port,class,domain,reverse\n";
    for (uint32_t id = 0; id < topology.GetLinks().size(); ++id)
    {
        const Topology::Link& link = topology.GetLinks()[id];
        out << id << ',' << Quote(topology.GetLinkName(id)) << ','
            << Quote(topology.GetName(link.from)) << ',' << link.fromPort << ','
            << Quote(topology.GetName(link.to)) << ',' << link.toPort << ','
            << Quote(topology.GetLinkClasses()[link.cls].name) << ','
            << Quote(topology.GetDomains()[link.domain].path) << ',' << Topology::Reverse(id)
            << '\n';
    }
}

} // namespace mtlink
} // namespace ns3
