/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/fabric-loader.h"

#include "experiment/astra-fabric.h"
#include "experiment/attributes.h"
#include "experiment/graph-reader.h"
#include "experiment/ub-fabric.h"
#include "experiment/yaml-mapping.h"

#include "ns3/object-factory.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <optional>

namespace ns3
{
namespace mtlink
{

namespace
{

const std::string NAMESPACE = "ns3::mtlink::";
const std::string SUFFIX = "Topology";

/** The ways to give a link's latency that exclude one another. */
bool
IsLatencyPart(const std::string& key)
{
    return key == "phy_latency" || key == "fec_latency" || key == "length";
}

/** Set a key of a mapping; what it excludes goes. */
void
Overlay(YamlNode& mapping, const YamlEntry& entry)
{
    if (entry.key == "latency")
    {
        std::erase_if(mapping.entries, [](const YamlEntry& e) { return IsLatencyPart(e.key); });
    }
    else if (IsLatencyPart(entry.key))
    {
        mapping.Erase("latency");
    }
    mapping.Set(entry);
}

/** Refuse mappings, at any depth, that give a latency both whole and in parts. */
void
CheckLatencies(const YamlNode& node)
{
    const bool hasWhole = node.Find("latency") != nullptr;
    for (const YamlEntry& entry : node.entries)
    {
        if (hasWhole && IsLatencyPart(entry.key))
        {
            throw InputError(
                {entry.value.GetWhere().file, entry.line, entry.column},
                fmt::format("'{}' is part of 'latency', which is given too: keep either latency, "
                            "or its parts phy_latency, fec_latency and length",
                            entry.key));
        }
        CheckLatencies(entry.value);
    }
    for (const YamlNode& item : node.items)
    {
        CheckLatencies(item);
    }
}

/** Take out of a fabric what belongs to its kind, to lay another kind over it. */
void
KeepWhatAllKindsHave(YamlNode& fabric)
{
    std::erase_if(fabric.entries, [](const YamlEntry& entry) {
        return entry.key != "link" && entry.key != "switch" && entry.key != "routing" &&
               entry.key != "endpoint";
    });
}

/** Puts in the files of a fabric. */
class Resolver
{
  public:
    /**
     * @param [in] node A fabric: a mapping, or the path of its file.
     * @param [in] base What the mapping is laid over, or nullptr.
     * @return one mapping.
     */
    YamlNode Resolve(const YamlNode& node, const YamlNode* base = nullptr)
    {
        if (node.kind == YamlNode::SCALAR)
        {
            return ResolveFile(node);
        }
        if (node.kind != YamlNode::MAPPING)
        {
            node.Refuse("a fabric should be a mapping, as {kind: full_mesh, endpoints: 8}, or the "
                        "path of its file");
        }
        if (m_files.empty())
        {
            CheckLatencies(node);
        }
        YamlNode own = node;
        std::optional<YamlNode> extended;
        if (const YamlNode* extends = node.Find("extends"))
        {
            ReadText(*extends, "the path of a fabric's file");
            extended = ResolveFile(*extends);
            base = &*extended;
            own.Erase("extends");
        }
        const YamlNode* kind = own.Find("kind");
        if (!kind && base)
        {
            kind = base->Find("kind");
        }
        if (!kind)
        {
            std::string kinds;
            for (const std::string& known : GetFabricKinds())
            {
                kinds += (kinds.empty() ? "" : ", ") + known;
            }
            node.Refuse(fmt::format("the fabric lacks the key 'kind': give one of {}", kinds));
        }
        const Ptr<TopologyBuilder> builder =
            CreateTopologyBuilder(ReadChoice(*kind, "fabric", "kind", GetFabricKinds()));
        YamlNode result = base ? *base : MakeYaml(YamlNode::MAPPING);
        if (base && base->Find("kind")->text != kind->text)
        {
            KeepWhatAllKindsHave(result);
            base = nullptr;
        }
        result.source = own.source;
        result.line = own.line;
        result.column = own.column;
        const std::vector<std::string> children = builder->GetChildNames();
        for (const YamlEntry& entry : own.entries)
        {
            const bool isChild =
                std::find(children.begin(), children.end(), entry.key) != children.end();
            if (isChild && entry.value.kind != YamlNode::NOTHING)
            {
                const YamlNode* under = base ? base->Find(entry.key) : nullptr;
                YamlEntry resolved = entry;
                resolved.value = Resolve(entry.value, under);
                result.Set(std::move(resolved));
            }
            else
            {
                YamlNode single = MakeYaml(YamlNode::MAPPING);
                single.entries.push_back(entry);
                MergeYaml(result, single);
            }
        }
        return result;
    }

  private:
    /**
     * @param [in] node The path of a fabric's file.
     * @return the fabric.
     */
    YamlNode ResolveFile(const YamlNode& node)
    {
        const std::string path = ResolvePath(node);
        std::error_code failed;
        if (!std::filesystem::exists(path, failed))
        {
            node.Refuse(fmt::format("there is no file {}: give the path of a fabric's YAML file, "
                                    "relative to the file that names it",
                                    path));
        }
        const std::filesystem::path real = std::filesystem::weakly_canonical(path, failed);
        if (std::find(m_files.begin(), m_files.end(), real) != m_files.end())
        {
            node.Refuse(
                fmt::format("{} is made of itself, by 'extends' or as a nested fabric: break "
                            "the circle",
                            path));
        }
        YamlNode loaded = IsUbFabric(path) ? ReadUbFabric(path) : LoadYaml(path);
        if (IsAstraFabric(loaded))
        {
            loaded = ReadAstraFabric(loaded);
        }
        CheckLatencies(loaded);
        m_files.push_back(real);
        YamlNode resolved = Resolve(loaded);
        m_files.pop_back();
        return resolved;
    }

    std::vector<std::filesystem::path> m_files; //!< Files now open, outermost first
};

/** Lay a mapping's own parameters over those inherited. */
void
OverlaySection(YamlNode& inherited, const YamlNode* own, const std::string& section)
{
    if (own)
    {
        YamlMapping(*own, section); // refuses what is no mapping
        MergeYaml(inherited, *own);
    }
}

/** Make an object from a mapping that holds nothing but its attributes. */
template <typename T>
Ptr<T>
CreateProfile(const YamlNode& node, const std::string& section)
{
    Ptr<T> profile = CreateObject<T>();
    YamlMapping mapping(node, section);
    SetAttributes(*profile, mapping, section);
    mapping.Finish();
    return profile;
}

/** Refuse parameters of a switch that don't go together, at the place of the one at fault. */
void
CheckSwitch(const SwitchProfile& chip, const YamlNode& node)
{
    try
    {
        chip.Check();
    }
    catch (const ParameterError& error)
    {
        const YamlNode* fault = node.Find(error.GetParameter());
        (fault ? *fault : node).Refuse(fmt::format("{}: {}", error.GetParameter(), error.what()));
    }
}

/** Find a key in a mapping or below it, the least deep first. */
const YamlEntry*
FindKey(const YamlNode& root, const std::string& key)
{
    std::vector<const YamlNode*> level{&root};
    while (!level.empty())
    {
        std::vector<const YamlNode*> next;
        for (const YamlNode* node : level)
        {
            for (const YamlEntry& entry : node->entries)
            {
                if (entry.key == key)
                {
                    return &entry;
                }
                next.push_back(&entry.value);
            }
        }
        level = std::move(next);
    }
    return nullptr;
}

/** Refuse a fabric at the place of the parameter at fault; @param [in] fabric Its mapping. */
[[noreturn]] void
RefuseAt(const YamlNode& fabric, const ParameterError& error)
{
    const std::string& parameter = error.GetParameter();
    if (parameter.empty())
    {
        fabric.Refuse(error.what());
    }
    // "switch.buffer" says exactly which one; "buffer" is the least deep of its name.
    const YamlNode* node = &fabric;
    std::size_t begin = 0;
    while (node && begin <= parameter.size())
    {
        const std::size_t end = std::min(parameter.find('.', begin), parameter.size());
        const YamlEntry* entry = FindKey(*node, parameter.substr(begin, end - begin));
        node = entry ? &entry->value : nullptr;
        begin = end + 1;
    }
    (node ? *node : fabric).Refuse(fmt::format("{}: {}", parameter, error.what()));
}

/** Makes the objects of a fabric. */
class Describer
{
  public:
    /**
     * @param [in] node A fabric's mapping.
     * @param [in] given Parameters of the fabrics around it.
     * @param [in] path Its place, as "network.node".
     * @return its builder.
     */
    Ptr<TopologyBuilder> Describe(const YamlNode& node,
                                  const GivenParameters& given,
                                  const std::string& path)
    {
        try
        {
            return DescribeLayout(node, given, path);
        }
        catch (const ParameterError& error)
        {
            RefuseAt(node, error);
        }
    }

    /**
     * @param [in] document The outermost mapping.
     * @return all objects.
     */
    FabricDescription Run(const YamlNode& document)
    {
        m_description.document = document;
        m_description.builder = Describe(document,
                                         {MakeYaml(YamlNode::MAPPING),
                                          MakeYaml(YamlNode::MAPPING),
                                          MakeYaml(YamlNode::MAPPING),
                                          {}},
                                         "");
        m_description.kind = document.Find("kind")->text;
        MergeYaml(m_nestedEndpoint, m_ownEndpoint);
        m_description.endpoint = CreateProfile<EndpointProfile>(m_nestedEndpoint, "endpoint");
        m_description.givenEndpoint = m_nestedEndpoint;
        return std::move(m_description);
    }

  private:
    /** Describe(); a layout may refuse its parameters as it is asked for anything. */
    Ptr<TopologyBuilder> DescribeLayout(const YamlNode& node,
                                        GivenParameters given,
                                        const std::string& path)
    {
        YamlMapping mapping(node, "fabric");
        const std::string kind =
            ReadChoice(mapping.Need("kind", "kind: full_mesh"), "fabric", "kind", GetFabricKinds());
        const Ptr<TopologyBuilder> builder = CreateTopologyBuilder(kind);
        SetAttributes(*builder, mapping, "fabric");
        if (const Ptr<GraphTopology> graph = DynamicCast<GraphTopology>(builder))
        {
            ReadGraph(mapping, *graph);
        }

        const auto scope = static_cast<uint32_t>(m_description.scopes.size());
        builder->SetScope(scope);
        m_description.scopes.emplace_back();
        m_description.given.emplace_back();
        m_description.builders.push_back(builder);
        given.links.clear(); // link classes are those of one layout
        OverlaySection(given.link, mapping.Take("link"), "link");
        OverlaySection(given.chip, mapping.Take("switch"), "switch");
        OverlaySection(given.routing, mapping.Take("routing"), "routing");
        FabricScope made;
        made.path = path;
        made.link = CreateProfile<LinkProfile>(given.link, "link");
        made.chip = CreateProfile<SwitchProfile>(given.chip, "switch");
        made.routing = CreateProfile<RoutingProfile>(given.routing, "routing");
        CheckSwitch(*made.chip, given.chip);
        if (const YamlNode* links = mapping.Take("links"))
        {
            DescribeLinks(*links, *builder, kind, given, made);
        }
        m_description.scopes[scope] = made;
        m_description.given[scope] = given;

        if (const YamlNode* endpoint = mapping.Take("endpoint"))
        {
            YamlMapping(*endpoint, "endpoint");
            AddEndpoint(*endpoint, path.empty());
        }
        for (const std::string& child : builder->GetChildNames())
        {
            const YamlNode* nested = mapping.Take(child);
            if (!nested)
            {
                node.Refuse(fmt::format("kind {} lacks the key '{}': give a fabric, as {{kind: "
                                        "single_switch}}, or the path of its file",
                                        kind,
                                        child));
            }
            builder->SetChild(child,
                              Describe(*nested, given, path.empty() ? child : path + "." + child));
        }
        mapping.Finish();
        return builder;
    }

    /** Read `links:`, a mapping per link class. */
    void DescribeLinks(const YamlNode& links,
                       const TopologyBuilder& builder,
                       const std::string& kind,
                       GivenParameters& given,
                       FabricScope& scope) const
    {
        YamlMapping mapping(links, "links");
        const std::vector<std::string> classes = builder.GetLinkClassNames();
        for (const YamlEntry& entry : links.entries)
        {
            if (std::find(classes.begin(), classes.end(), entry.key) == classes.end())
            {
                const Where where{entry.value.GetWhere().file, entry.line, entry.column};
                if (classes.empty())
                {
                    throw InputError(
                        where,
                        fmt::format("kind {} has no link classes: leave 'links' out", kind));
                }
                RefuseUnknown(where,
                              fmt::format("link class '{}' of {}", entry.key, kind),
                              entry.key,
                              classes);
            }
            const YamlNode& own = *mapping.Take(entry.key);
            YamlNode& effective = given.links[entry.key];
            effective = given.link;
            OverlaySection(effective, &own, "link");
            scope.links[entry.key] = CreateProfile<LinkProfile>(effective, "link");
        }
    }

    /**
     * Endpoints have one set of parameters, the outermost fabric's; what it does not say comes from
     * the nested ones, as a node's own file has them, if these agree.
     */
    void AddEndpoint(const YamlNode& endpoint, bool isOutermost)
    {
        if (isOutermost)
        {
            m_ownEndpoint = endpoint;
            return;
        }
        for (const YamlEntry& entry : endpoint.entries)
        {
            const YamlNode* known = m_nestedEndpoint.Find(entry.key);
            if (known && known->text != entry.value.text && !m_ownEndpoint.Find(entry.key))
            {
                entry.value.Refuse(fmt::format(
                    "another nested fabric says {}: {} here, and endpoints are the same "
                    "everywhere: set it in the outermost fabric's 'endpoint'",
                    entry.key,
                    known->text));
            }
            m_nestedEndpoint.Set(entry);
        }
    }

    FabricDescription m_description;                        //!< What is made
    YamlNode m_ownEndpoint{MakeYaml(YamlNode::MAPPING)};    //!< `endpoint:` of the outermost fabric
    YamlNode m_nestedEndpoint{MakeYaml(YamlNode::MAPPING)}; //!< ... of those nested in it
};

/** @return a link's attributes, its latency either whole or in parts. */
YamlNode
WriteLink(const LinkProfile& link, const YamlNode& given)
{
    YamlNode mapping = WriteAttributes(link, &given);
    if (mapping.Find("latency"))
    {
        std::erase_if(mapping.entries, [](const YamlEntry& e) { return IsLatencyPart(e.key); });
    }
    return mapping;
}

/** Write the fabric at one place of a description. */
YamlNode
WriteScope(const FabricDescription& description, const YamlNode& document, const std::string& path)
{
    const auto scope = std::find_if(description.scopes.begin(),
                                    description.scopes.end(),
                                    [&](const FabricScope& s) { return s.path == path; });
    const auto index = static_cast<std::size_t>(scope - description.scopes.begin());
    const Ptr<TopologyBuilder> builder = description.builders[index];
    const GivenParameters& given = description.given[index];
    YamlNode mapping = MakeYaml(YamlNode::MAPPING);
    mapping.Set("kind", *document.Find("kind"));
    for (const YamlEntry& entry : WriteAttributes(*builder, &document).entries)
    {
        mapping.Set(entry);
    }
    for (const char* key : {"nodes", "edges"})
    {
        if (const YamlNode* list = document.Find(key))
        {
            mapping.Set(key, *list);
        }
    }
    mapping.Set("link", WriteLink(*scope->link, given.link));
    if (!scope->links.empty())
    {
        YamlNode links = MakeYaml(YamlNode::MAPPING);
        for (const auto& [name, profile] : scope->links)
        {
            links.Set(name, WriteLink(*profile, given.links.at(name)));
        }
        mapping.Set("links", std::move(links));
    }
    mapping.Set("switch", WriteAttributes(*scope->chip, &given.chip));
    mapping.Set("routing", WriteAttributes(*scope->routing, &given.routing));
    for (const std::string& child : builder->GetChildNames())
    {
        mapping.Set(child,
                    WriteScope(description,
                               *document.Find(child),
                               path.empty() ? child : path + "." + child));
    }
    return mapping;
}

} // namespace

std::vector<std::string>
GetFabricKinds()
{
    std::vector<std::string> kinds;
    for (std::size_t i = 0; i < TypeId::GetRegisteredN(); ++i)
    {
        const TypeId tid = TypeId::GetRegistered(i);
        const std::string name = tid.GetName();
        if (tid.IsChildOf(TopologyBuilder::GetTypeId()) && tid.HasConstructor() &&
            name.starts_with(NAMESPACE) && name.ends_with(SUFFIX))
        {
            kinds.push_back(ToSnakeCase(
                name.substr(NAMESPACE.size(), name.size() - NAMESPACE.size() - SUFFIX.size())));
        }
    }
    std::sort(kinds.begin(), kinds.end());
    return kinds;
}

Ptr<TopologyBuilder>
CreateTopologyBuilder(const std::string& kind)
{
    ObjectFactory factory(NAMESPACE + ToCamelCase(kind) + SUFFIX);
    return factory.Create<TopologyBuilder>();
}

void
MergeYaml(YamlNode& base, const YamlNode& upper)
{
    for (const YamlEntry& entry : upper.entries)
    {
        YamlNode* existing = base.Find(entry.key);
        if (existing && existing->kind == YamlNode::MAPPING &&
            entry.value.kind == YamlNode::MAPPING)
        {
            MergeYaml(*existing, entry.value);
        }
        else
        {
            Overlay(base, entry);
        }
    }
}

YamlNode
ResolveFabric(const YamlNode& fabric)
{
    return Resolver().Resolve(fabric);
}

FabricDescription
DescribeFabric(const YamlNode& document)
{
    return Describer().Run(document);
}

YamlNode
WriteFabric(const FabricDescription& description)
{
    YamlNode mapping = WriteScope(description, description.document, "");
    mapping.Set("endpoint", WriteAttributes(*description.endpoint, &description.givenEndpoint));
    return mapping;
}

void
RefuseFabric(const FabricDescription& description, const ParameterError& error)
{
    RefuseAt(description.document, error);
}

} // namespace mtlink
} // namespace ns3
