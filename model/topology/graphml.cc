/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "topology/graphml.h"

#include "ns3/mtlink-error.h"
#include "ns3/mtlink-graph-topology.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graphml.hpp>
#include <boost/property_tree/detail/rapidxml.hpp>
#include <charconv>
#include <set>

namespace ns3
{
namespace mtlink
{

namespace
{

// Boost.Graph's own reader drops node ids and places of errors, so this reads with the parser
// below it.
namespace rapidxml = boost::property_tree::detail::rapidxml;
using Element = rapidxml::xml_node<char>;

/** Deepest nesting of elements: the parser recurses, and a graph needs 4 levels. */
constexpr int DEEPEST = 64;

/** Reads one GraphML text; see ReadGraphMl(). */
class Reader
{
  public:
    /** Parameters as of ReadGraphMl(). */
    Reader(const std::string& text, const std::string& file, GraphTopology& graph)
        : m_text(text),
          m_file(file),
          m_graph(graph)
    {
    }

    /** Read it all. */
    void Read();

  private:
    /** What a `<key>` declares. */
    struct Key
    {
        std::string name;         //!< attr.name; empty: no attribute of ours
        std::string domain;       //!< for: node, edge, graph, all
        std::string defaultValue; //!< Value where an element has none
    };

    /** Throw InputError at an offset of the text. */
    [[noreturn]] void Refuse(size_t offset, const std::string& message) const;

    /** Throw InputError at an element. */
    [[noreturn]] void Refuse(const Element* element, const std::string& message) const
    {
        Refuse(static_cast<size_t>(element->name() - m_buffer.data()) - 1, message);
    }

    /** Refuse a text that nests too deeply for the parser's recursion. */
    void CheckDepth() const;

    /** @return the name of an element. */
    static std::string GetName(const Element* element)
    {
        return {element->name(), element->name_size()};
    }

    /** @return the value of an XML attribute, or `otherwise`. */
    static std::string GetAttribute(const Element* element,
                                    const char* name,
                                    const std::string& otherwise);

    /** @return the value of an XML attribute; refused if it is missing or empty. */
    std::string NeedAttribute(const Element* element, const char* name) const;

    /** @return the text in an element, without blanks around it. */
    static std::string GetText(const Element* element);

    /** @return attributes by name of a node or edge: its `<data>`, and defaults of the keys. */
    std::map<std::string, std::string> GetData(const Element* element,
                                               const std::string& domain) const;

    /** Read a `<key>`. */
    void ReadKey(const Element* element);
    /** Read the `<graph>`. */
    void ReadGraph(const Element* element);
    /** Read a `<node>`. */
    void ReadNode(const Element* element);
    /** Read an `<edge>`. */
    void ReadEdge(const Element* element);

    const std::string& m_text;                  //!< The text
    const std::string& m_file;                  //!< Its name
    GraphTopology& m_graph;                     //!< The graph to fill
    std::vector<char> m_buffer;                 //!< Copy that the parser writes into
    std::map<std::string, Key> m_keys;          //!< By id
    std::map<std::string, std::string> m_names; //!< Node id -> name
};

void
Reader::Refuse(size_t offset, const std::string& message) const
{
    offset = std::min(offset, m_text.size());
    const auto begin = m_text.begin();
    const auto place = begin + static_cast<ptrdiff_t>(offset);
    const size_t lineStart = offset == 0 ? std::string::npos : m_text.rfind('\n', offset - 1);
    const size_t column = lineStart == std::string::npos ? offset + 1 : offset - lineStart;
    throw InputError({m_file, static_cast<uint64_t>(std::count(begin, place, '\n')) + 1, column},
                     message);
}

void
Reader::CheckDepth() const
{
    int depth = 0;
    for (size_t i = m_text.find('<'); i != std::string::npos; i = m_text.find('<', i))
    {
        const auto skip = [&](const char* end) {
            const size_t found = m_text.find(end, i);
            i = found == std::string::npos ? m_text.size() : found;
        };
        if (m_text.compare(i, 4, "<!--") == 0)
        {
            skip("-->");
        }
        else if (m_text.compare(i, 9, "<![CDATA[") == 0)
        {
            skip("]]>");
        }
        else if (m_text.compare(i, 2, "<!") == 0 || m_text.compare(i, 2, "<?") == 0)
        {
            skip(">");
        }
        else if (m_text.compare(i, 2, "</") == 0)
        {
            --depth;
            ++i;
        }
        else
        {
            const size_t start = i;
            for (char quote = 0; ++i < m_text.size() && (quote != 0 || m_text[i] != '>');)
            {
                const char c = m_text[i];
                quote = quote == c ? 0 : quote == 0 && (c == '"' || c == '\'') ? c : quote;
            }
            depth += m_text[i - 1] == '/' ? 0 : 1;
            if (depth > DEEPEST)
            {
                Refuse(start, "elements nested more than 64 deep; a graph needs 4 levels");
            }
        }
    }
}

std::string
Reader::GetAttribute(const Element* element, const char* name, const std::string& otherwise)
{
    const auto* attribute = element->first_attribute(name);
    return attribute ? std::string(attribute->value(), attribute->value_size()) : otherwise;
}

std::string
Reader::NeedAttribute(const Element* element, const char* name) const
{
    const std::string value = GetAttribute(element, name, "");
    if (value.empty())
    {
        Refuse(element, "<" + GetName(element) + "> has no attribute '" + name + "'");
    }
    return value;
}

std::string
Reader::GetText(const Element* element)
{
    std::string text;
    for (const Element* node = element->first_node(); node; node = node->next_sibling())
    {
        if (node->type() == rapidxml::node_data || node->type() == rapidxml::node_cdata)
        {
            text.append(node->value(), node->value_size());
        }
    }
    const char* blank = " \t\r\n";
    const size_t first = text.find_first_not_of(blank);
    return first == std::string::npos
               ? std::string()
               : text.substr(first, text.find_last_not_of(blank) + 1 - first);
}

std::map<std::string, std::string>
Reader::GetData(const Element* element, const std::string& domain) const
{
    std::map<std::string, std::string> data;
    for (const auto& [id, key] : m_keys)
    {
        if (!key.name.empty() && !key.defaultValue.empty() &&
            (key.domain == domain || key.domain == "all"))
        {
            data[key.name] = key.defaultValue;
        }
    }
    std::set<std::string> seen;
    for (const Element* child = element->first_node("data"); child;
         child = child->next_sibling("data"))
    {
        const std::string id = NeedAttribute(child, "key");
        const auto key = m_keys.find(id);
        if (key == m_keys.end())
        {
            Refuse(child, "no <key> has the id '" + id + "'");
        }
        if (!seen.insert(id).second)
        {
            Refuse(child, "a second value for key '" + id + "'");
        }
        const std::string value = GetText(child);
        if (!key->second.name.empty() && !value.empty())
        {
            data[key->second.name] = value;
        }
    }
    return data;
}

void
Reader::ReadKey(const Element* element)
{
    const std::string id = NeedAttribute(element, "id");
    Key key{GetAttribute(element, "attr.name", ""), GetAttribute(element, "for", "all"), ""};
    if (const Element* value = element->first_node("default"))
    {
        key.defaultValue = GetText(value);
    }
    if (!m_keys.emplace(id, key).second)
    {
        Refuse(element, "a second <key> with the id '" + id + "'");
    }
}

void
Reader::ReadNode(const Element* element)
{
    const std::string id = NeedAttribute(element, "id");
    if (element->first_node("port") || element->first_node("graph"))
    {
        Refuse(element, "node '" + id + "' has ports or a nested graph, which are not supported");
    }
    auto data = GetData(element, "node");
    const std::string type = data["type"];
    if (type != "switch" && type != "endpoint")
    {
        Refuse(element,
               (type.empty() ? "node '" + id + "' has no type"
                             : "node '" + id + "' is of unknown type '" + type + "'") +
                   "; its attribute type must be switch or endpoint");
    }
    const std::string name = data["name"].empty() ? id : data["name"];
    if (!m_names.emplace(id, name).second)
    {
        Refuse(element, "two nodes have the id '" + id + "'");
    }
    try
    {
        m_graph.AddNode(name, type == "switch");
    }
    catch (const ParameterError& error)
    {
        Refuse(element, error.what());
    }
}

void
Reader::ReadEdge(const Element* element)
{
    std::string ends[2] = {NeedAttribute(element, "source"), NeedAttribute(element, "target")};
    for (std::string& end : ends)
    {
        const auto name = m_names.find(end);
        if (name == m_names.end())
        {
            Refuse(element, "an edge names '" + end + "', but there is no such node");
        }
        end = name->second;
    }
    if (GetAttribute(element, "directed", "false") != "false")
    {
        Refuse(element, "a directed edge; an edge here is one link each way");
    }
    auto data = GetData(element, "edge");
    uint32_t count = 1;
    if (const auto found = data.find("count"); found != data.end())
    {
        const std::string& text = found->second;
        const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (error != std::errc() || rest != text.data() + text.size() || count < 1 || count > 4096)
        {
            Refuse(element, "count '" + text + "' is not a whole number from 1 to 4096");
        }
        data.erase(found);
    }
    std::string cls = "edge";
    if (const auto found = data.find("class"); found != data.end())
    {
        cls = found->second;
        data.erase(found);
    }
    try
    {
        m_graph.AddEdge(ends[0], ends[1], count, data, cls);
    }
    catch (const ParameterError& error)
    {
        Refuse(element, error.what());
    }
}

void
Reader::ReadGraph(const Element* element)
{
    const std::string direction = GetAttribute(element, "edgedefault", "undirected");
    if (direction != "undirected")
    {
        Refuse(element,
               "edgedefault is '" + direction +
                   "'; it must be undirected: an edge is one link each way");
    }
    // Edges may come before their nodes.
    for (const Element* child = element->first_node(); child; child = child->next_sibling())
    {
        const std::string name = GetName(child);
        if (name == "node")
        {
            ReadNode(child);
        }
        else if (name == "hyperedge")
        {
            Refuse(child, "hyperedges are not supported; use a switch");
        }
        else if (child->type() == rapidxml::node_element && name != "edge" && name != "data" &&
                 name != "desc")
        {
            Refuse(child, "<" + name + "> is not known here; a graph has <node> and <edge>");
        }
    }
    for (const Element* child = element->first_node("edge"); child;
         child = child->next_sibling("edge"))
    {
        ReadEdge(child);
    }
    if (m_names.empty())
    {
        Refuse(element, "the graph has no node");
    }
}

void
Reader::Read()
{
    if (m_text.find('\0') != std::string::npos)
    {
        Refuse(m_text.find('\0'), "a zero byte: this is no XML text");
    }
    CheckDepth();
    m_buffer.assign(m_text.begin(), m_text.end());
    m_buffer.push_back('\0');
    rapidxml::xml_document<char> document;
    try
    {
        document.parse<rapidxml::parse_validate_closing_tags>(m_buffer.data());
    }
    catch (const rapidxml::parse_error& error)
    {
        Refuse(static_cast<size_t>(error.where<char>() - m_buffer.data()),
               std::string("not well-formed XML: ") + error.what());
    }
    const Element* root = document.first_node();
    if (!root || GetName(root) != "graphml")
    {
        Refuse(size_t{0}, "this is no GraphML: its outermost element must be <graphml>");
    }
    const Element* graph = root->first_node("graph");
    if (!graph)
    {
        Refuse(root, "there is no <graph> in it");
    }
    if (graph->next_sibling("graph"))
    {
        Refuse(graph->next_sibling("graph"), "a second <graph>; there must be one");
    }
    for (const Element* key = root->first_node("key"); key; key = key->next_sibling("key"))
    {
        ReadKey(key);
    }
    ReadGraph(graph);
}

} // namespace

void
ReadGraphMl(const std::string& text, const std::string& file, GraphTopology& graph)
{
    Reader(text, file, graph).Read();
}

void
WriteGraphMl(std::ostream& out,
             const Topology& topology,
             const std::vector<std::map<std::string, std::string>>& parameters)
{
    using Graph = boost::adjacency_list<boost::vecS,
                                        boost::vecS,
                                        boost::undirectedS,
                                        boost::no_property,
                                        boost::property<boost::edge_index_t, size_t>>;
    Graph graph(topology.GetNodes());
    std::vector<std::string> names;
    std::vector<std::string> types;
    for (uint32_t node = 0; node < topology.GetNodes(); ++node)
    {
        names.push_back(topology.GetName(node));
        types.push_back(topology.IsEndpoint(node) ? "endpoint" : "switch");
    }
    const auto of = [&](const Topology::Link& link) -> const std::map<std::string, std::string>& {
        return link.cls < parameters.size() ? parameters[link.cls]
                                            : topology.GetLinkClasses()[link.cls].overrides;
    };
    std::vector<uint32_t> counts;
    std::vector<std::string> classes;
    std::map<std::string, std::vector<std::string>> columns;
    const auto& links = topology.GetLinks();
    for (size_t first = 0; first < links.size();)
    {
        size_t next = first + 2;
        while (next < links.size() && links[next].from == links[first].from &&
               links[next].to == links[first].to && links[next].cls == links[first].cls)
        {
            next += 2;
        }
        for (const auto& [key, value] : of(links[first]))
        {
            columns[key].resize(counts.size());
            columns[key].push_back(value);
        }
        boost::add_edge(links[first].from, links[first].to, counts.size(), graph);
        counts.push_back(static_cast<uint32_t>((next - first) / 2));
        classes.push_back(topology.GetLinkClasses()[links[first].cls].name);
        first = next;
    }
    const auto byNode = get(boost::vertex_index, graph);
    const auto byEdge = get(boost::edge_index, graph);
    boost::dynamic_properties properties;
    properties.property("name", boost::make_iterator_property_map(names.begin(), byNode));
    properties.property("type", boost::make_iterator_property_map(types.begin(), byNode));
    properties.property("class", boost::make_iterator_property_map(classes.begin(), byEdge));
    properties.property("count", boost::make_iterator_property_map(counts.begin(), byEdge));
    for (auto& [key, column] : columns)
    {
        column.resize(counts.size());
        properties.property(key, boost::make_iterator_property_map(column.begin(), byEdge));
    }
    boost::write_graphml(out, graph, properties);
}

} // namespace mtlink
} // namespace ns3
