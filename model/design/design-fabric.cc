/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/design-fabric.h"

#include "experiment/fabric-loader.h"
#include "experiment/override.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Keys of the outermost fabric alone. */
constexpr const char* OUTERMOST = "endpoint";

YamlNode
MakeValue(const std::string& text)
{
    return ParseYaml(text, {"design", ""});
}

void
SetText(YamlNode& mapping, const std::string& key, const std::string& value)
{
    mapping.Set(key, MakeYamlScalar(value));
}

/** @return whether planes are written around the network. */
bool
HasPlanes(const Design& design)
{
    // Alone, a network has as many endpoints as places; rails know how many nodes there are.
    return design.planes > 1 ||
           (design.nodes == 0 && design.network.endpoints < design.network.size.places);
}

/** @return `links:` of the network, with the lengths that `find` knows. */
template <typename F>
YamlNode
WriteLengths(const Network& network, const F& find)
{
    YamlNode links = MakeYaml(YamlNode::MAPPING);
    for (const CableCount& cables : network.size.cables)
    {
        const std::optional<YamlNode> length = find(cables.cls);
        if (length)
        {
            YamlNode own = MakeYaml(YamlNode::MAPPING);
            own.Set("length", *length);
            links.Set(cables.cls, own);
        }
    }
    return links;
}

/** @return what the request says of every fabric, as far as it is for this network. */
YamlNode
GetCommon(const DesignRequest& request, const Network& network)
{
    YamlNode common = request.fabric;
    common.Erase(OUTERMOST);
    if (YamlNode* links = common.Find("links"))
    {
        std::erase_if(links->entries, [&network](const YamlEntry& entry) {
            return std::none_of(network.size.cables.begin(),
                                network.size.cables.end(),
                                [&entry](const CableCount& some) { return some.cls == entry.key; });
        });
    }
    return common;
}

/** Set what was chosen for a design, of the outermost fabric or of its network. */
void
ChooseFor(YamlNode& fabric, const Design& design, bool isOutermost)
{
    for (const Setting& choice : design.choices)
    {
        if (choice.key.starts_with(std::string(OUTERMOST) + ".") == isOutermost)
        {
            ApplySetting(fabric, choice);
        }
    }
}

YamlNode
WriteNetwork(const DesignRequest& request, const Design& design)
{
    const DesignChip& chip = request.chips[design.chip];
    YamlNode network = MakeYaml(YamlNode::MAPPING);
    SetText(network, "kind", design.network.kind);
    for (const auto& [key, value] : design.network.keys)
    {
        network.Set(key, MakeValue(value));
    }
    const YamlNode common = GetCommon(request, design.network);
    const YamlNode* link = common.Find("link");
    if (!link || !link->Find("latency"))
    {
        network.Set("links", WriteLengths(design.network, [](const std::string& cls) {
                        return std::optional(MakeYamlScalar(GetDefaultLength(cls)));
                    }));
    }
    MergeYaml(network, common);
    YamlNode own = MakeYaml(YamlNode::MAPPING); // what is known of chip and cables
    own.Set("link", MakeYaml(YamlNode::MAPPING));
    own.Find("link")->Set("rate", chip.rate);
    own.Set("links", WriteLengths(design.network, [&request](const std::string& cls) {
                const auto given = request.lengths.find(cls);
                return given == request.lengths.end() ? std::nullopt : std::optional(given->second);
            }));
    own.Set("switch", chip.parameters);
    MergeYaml(network, own);
    ChooseFor(network, design, false);
    return network;
}

/** Take what only the outermost fabric may have out of a nested one. */
void
MoveOut(YamlNode& nested, YamlNode& outermost)
{
    if (const YamlNode* own = nested.Find(OUTERMOST))
    {
        outermost.Set(OUTERMOST, *own);
        nested.Erase(OUTERMOST);
    }
}

} // namespace

std::string
GetDefaultLength(const std::string& cls)
{
    if (cls == "endpoint" || cls == "local" || cls == "dimension0")
    {
        return "2m";
    }
    return cls == "level1" || cls.starts_with("dimension") ? "10m" : "30m";
}

std::string
GetNetworkScope(const Design& design)
{
    const std::string rails = design.nodes > 0 ? "network" : "";
    const std::string planes = HasPlanes(design) ? "plane" : "";
    return rails + (rails.empty() || planes.empty() ? "" : ".") + planes;
}

YamlNode
WriteDesignFabric(const DesignRequest& request, const Design& design)
{
    YamlNode fabric = WriteNetwork(request, design);
    if (HasPlanes(design))
    {
        YamlNode planes = MakeYaml(YamlNode::MAPPING);
        SetText(planes, "kind", "planes");
        SetText(planes, "endpoints", std::to_string(design.network.endpoints));
        SetText(planes, "planes", std::to_string(design.planes));
        planes.Set("plane", fabric);
        fabric = planes;
    }
    if (design.nodes > 0)
    {
        YamlNode rails = MakeYaml(YamlNode::MAPPING);
        YamlNode node = *request.node;
        SetText(rails, "kind", "rails");
        SetText(rails, "nodes", std::to_string(design.nodes));
        SetText(rails, "endpoints_per_node", std::to_string(design.rails));
        MoveOut(node, rails);
        rails.Set("node", node);
        rails.Set("network", fabric);
        fabric = rails;
    }
    if (const YamlNode* endpoint = request.fabric.Find(OUTERMOST))
    {
        YamlNode upper = MakeYaml(YamlNode::MAPPING);
        upper.Set(OUTERMOST, *endpoint);
        MergeYaml(fabric, upper);
    }
    ChooseFor(fabric, design, true);
    return fabric;
}

} // namespace mtlink
} // namespace ns3
