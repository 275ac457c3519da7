/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/graph-reader.h"

#include "experiment/attributes.h"

#include "ns3/mtlink-link-profile.h"

#include <fmt/format.h>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Refuse what is no list. */
void
CheckList(const YamlNode& node, const std::string& key, const std::string& example)
{
    if (node.kind != YamlNode::LIST)
    {
        node.Refuse(fmt::format("{} should be a list, as {}", key, example));
    }
}

/**
 * Read the parameters of an edge's links.
 * @param [in] node Its `link:`.
 * @return YAML key -> value in ns-3's text form.
 */
std::map<std::string, std::string>
ReadOverrides(const YamlNode& node)
{
    const Ptr<LinkProfile> link = CreateObject<LinkProfile>();
    YamlMapping mapping(node, "link");
    SetAttributes(*link, mapping, "link");
    mapping.Finish();
    std::map<std::string, std::string> overrides;
    for (const YamlEntry& entry : node.entries)
    {
        overrides[entry.key] = GetAttributeText(*link, ToCamelCase(entry.key));
    }
    const bool inParts =
        node.Find("phy_latency") || node.Find("fec_latency") || node.Find("length");
    if (inParts)
    {
        // A whole latency from `link:` would hide the parts.
        overrides["latency"] = "-1ns";
    }
    return overrides;
}

/** Add an edge of the list. */
void
ReadEdge(const YamlNode& node, GraphTopology& graph)
{
    YamlMapping mapping(node, "edge");
    const std::string from = ReadText(mapping.Need("from", "from: gpu0"), "a node's name");
    const std::string to = ReadText(mapping.Need("to", "to: s0"), "a node's name");
    const YamlNode* count = mapping.Take("count");
    const YamlNode* cls = mapping.Take("class");
    const YamlNode* link = mapping.Take("link");
    mapping.Finish();
    try
    {
        graph.AddEdge(from,
                      to,
                      count ? static_cast<uint32_t>(ReadInteger(*count, 1, 4096)) : 1,
                      link ? ReadOverrides(*link) : std::map<std::string, std::string>{},
                      cls ? ReadText(*cls, "a link class") : "edge");
    }
    catch (const ParameterError& error)
    {
        node.Refuse(error.what());
    }
}

} // namespace

void
ReadGraph(YamlMapping& mapping, GraphTopology& graph)
{
    const YamlNode* nodes = mapping.Take("nodes");
    const YamlNode* edges = mapping.Take("edges");
    const YamlNode* file = mapping.GetNode().Find("file");
    if (file && (nodes || edges))
    {
        (nodes ? nodes : edges)
            ->Refuse("the graph is given twice: keep either file, or nodes and edges");
    }
    if (file)
    {
        return;
    }
    if (!nodes || !edges)
    {
        mapping.GetNode().Refuse("kind graph lacks its graph: give 'file: g.graphml', or 'nodes' "
                                 "and 'edges'");
    }
    CheckList(*nodes, "nodes", "[{name: s0, type: switch}, {name: g0, type: endpoint}]");
    for (const YamlNode& node : nodes->items)
    {
        YamlMapping entry(node, "node");
        const std::string name = ReadText(entry.Need("name", "name: gpu0"), "a node's name");
        const std::string type =
            ReadChoice(entry.Need("type", "type: switch"), "node", "type", {"endpoint", "switch"});
        entry.Finish();
        try
        {
            graph.AddNode(name, type == "switch");
        }
        catch (const ParameterError& error)
        {
            node.Refuse(error.what());
        }
    }
    CheckList(*edges, "edges", "[{from: g0, to: s0}]");
    for (const YamlNode& edge : edges->items)
    {
        ReadEdge(edge, graph);
    }
}

} // namespace mtlink
} // namespace ns3
