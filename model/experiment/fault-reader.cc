/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/fault-reader.h"

#include "experiment/yaml-mapping.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Refuse a key that has no meaning beside what else is given. */
void
RefuseKey(YamlMapping& mapping, const std::string& key, const std::string& why)
{
    if (const YamlNode* value = mapping.Take(key))
    {
        value->Refuse(fmt::format("'{}' has no meaning here: {}", key, why));
    }
}

/** Read which links a fault is on. */
void
ReadPlace(YamlMapping& mapping, FaultDescription& description)
{
    const YamlNode* place = nullptr;
    for (const auto& [key, kind] : {std::pair{"link", FaultDescription::LINK},
                                    {"switch", FaultDescription::SWITCH},
                                    {"links", FaultDescription::LINKS}})
    {
        const YamlNode* value = mapping.Take(key);
        if (value && place)
        {
            value->Refuse("a fault is on one of 'link', 'switch' and 'links': keep one, and give "
                          "the other a fault of its own");
        }
        if (value)
        {
            place = value;
            description.kind = kind;
            description.name = ReadText(*value, "a name");
        }
    }
    if (!place)
    {
        mapping.GetNode().Refuse("the fault says not where: give 'link: \"gpu0:3\"' (node and "
                                 "port), 'switch: NAME' or 'links: CLASS' (or all)");
    }
    if (description.kind != FaultDescription::LINK)
    {
        RefuseKey(mapping, "direction", "only a fault of one 'link' can be on one direction");
    }
    else if (const YamlNode* direction = mapping.Take("direction"))
    {
        description.isOneWay =
            ReadChoice(*direction, "fault", "direction", {"both", "one"}) == "one";
    }
}

/** Read when a fault is. */
void
ReadTimes(YamlMapping& mapping, LinkFault& fault)
{
    const auto readMean = [](const YamlNode& node) {
        const Tick time = ReadTime(node);
        if (time == 0)
        {
            node.Refuse("a mean time should be above 0");
        }
        return time;
    };
    if (const YamlNode* mtbf = mapping.Take("mtbf"))
    {
        fault.mtbf = readMean(*mtbf);
        fault.mttr = readMean(mapping.Need("mttr", "mttr: 5us"));
        const std::string why = "with 'mtbf' and 'mttr' faults come at random";
        RefuseKey(mapping, "at", why);
        RefuseKey(mapping, "for", why);
        return;
    }
    RefuseKey(mapping, "mttr", "it goes with 'mtbf', for faults at random");
    fault.at = ReadTime(mapping.Need("at", "at: 10us"));
    if (fault.repairs)
    {
        RefuseKey(mapping, "for", "'state: up' ends faults for good");
    }
    else if (const YamlNode* length = mapping.Take("for"))
    {
        fault.length = readMean(*length);
    }
}

FaultDescription
ReadFault(const YamlNode& node)
{
    FaultDescription description;
    description.node = node;
    LinkFault& fault = description.fault;
    YamlMapping mapping(node, "fault");
    ReadPlace(mapping, description);
    std::string state = "down";
    if (const YamlNode* value = mapping.Take("state"))
    {
        state = ReadChoice(*value, "fault", "state", {"down", "degraded", "up"});
    }
    fault.isDown = state == "down";
    fault.repairs = state == "up";
    ReadTimes(mapping, fault);
    if (fault.repairs && fault.mtbf > 0)
    {
        mapping.Take("state")->Refuse("faults at random end by 'mttr': give 'down' or 'degraded'");
    }
    if (state == "degraded")
    {
        fault.lanes =
            static_cast<uint32_t>(ReadInteger(mapping.Need("lanes", "lanes: 1"), 1, UINT32_MAX));
    }
    else
    {
        RefuseKey(mapping, "lanes", "it goes with 'state: degraded'");
    }
    if (!fault.isDown)
    {
        RefuseKey(mapping, "policy", "it goes with 'state: down'");
    }
    else if (const YamlNode* policy = mapping.Take("policy"))
    {
        const std::string word =
            ReadChoice(*policy, "fault", "policy", {"replay", "reroute", "drop"});
        fault.policy = word == "replay"    ? DownPolicy::REPLAY
                       : word == "reroute" ? DownPolicy::REROUTE
                                           : DownPolicy::DROP;
    }
    mapping.Finish();
    return description;
}

} // namespace

std::vector<FaultDescription>
ReadFaults(const YamlNode& node)
{
    if (node.kind != YamlNode::LIST)
    {
        node.Refuse("faults should be a list, as [{link: \"gpu0:3\", at: 10us, state: down, for: "
                    "5us}]");
    }
    std::vector<FaultDescription> faults;
    for (const YamlNode& item : node.items)
    {
        faults.push_back(ReadFault(item));
    }
    return faults;
}

bool
IsFromTheStart(const FaultDescription& fault)
{
    return !fault.fault.isDown && !fault.fault.repairs && fault.fault.mtbf == 0 &&
           fault.fault.at == 0 && fault.fault.length == NEVER;
}

std::map<uint32_t, uint32_t>
FindFewLanes(const std::vector<FaultDescription>& faults, const MtlinkFabric& fabric)
{
    std::map<uint32_t, uint32_t> lanes;
    for (const FaultDescription& fault : faults)
    {
        if (!IsFromTheStart(fault))
        {
            continue;
        }
        for (const std::vector<uint32_t>& unit : ResolveFault(fault, fabric).units)
        {
            for (const uint32_t link : unit)
            {
                const uint32_t known = lanes.try_emplace(link, fault.fault.lanes).first->second;
                lanes[link] = std::min(known, fault.fault.lanes);
            }
        }
    }
    return lanes;
}

LinkFault
ResolveFault(const FaultDescription& description, const MtlinkFabric& fabric)
{
    const Topology& topology = fabric.GetTopology();
    const auto links = static_cast<uint32_t>(topology.GetLinks().size());
    LinkFault fault = description.fault;
    std::vector<std::string> names; // valid ones, for the refusal
    for (uint32_t cable = 0; cable < links; cable += 2)
    {
        const std::vector<uint32_t> both{cable, Topology::Reverse(cable)};
        switch (description.kind)
        {
        case FaultDescription::LINK:
            for (const uint32_t link : both)
            {
                names.push_back(topology.GetLinkName(link));
                if (names.back() == description.name)
                {
                    fault.units.push_back(description.isOneWay ? std::vector<uint32_t>{link}
                                                               : both);
                }
            }
            break;
        case FaultDescription::SWITCH:
            for (const uint32_t link : both)
            {
                const uint32_t node = topology.GetLinks()[link].from;
                if (!topology.IsEndpoint(node))
                {
                    names.push_back(topology.GetName(node));
                    if (names.back() == description.name)
                    {
                        fault.units.resize(1);
                        fault.units[0].insert(fault.units[0].end(), both.begin(), both.end());
                    }
                }
            }
            break;
        case FaultDescription::LINKS:
            names.push_back(topology.GetLinkClasses()[topology.GetLinks()[cable].cls].name);
            if (description.name == "all" || names.back() == description.name)
            {
                fault.units.push_back(both);
            }
            break;
        }
    }
    const char* const keys[] = {"link", "switch", "links"};
    const char* const whats[] = {"link", "switch", "link class"};
    if (fault.units.empty())
    {
        const YamlNode& name = *description.node.Find(keys[description.kind]);
        std::sort(names.begin(), names.end());
        names.erase(std::unique(names.begin(), names.end()), names.end());
        // Of a node that is there, its ports are what may have been meant.
        const std::string node = description.name.substr(0, description.name.find(':') + 1);
        const auto isItsPort = [&node](const std::string& each) { return each.starts_with(node); };
        if (!node.empty() && std::any_of(names.begin(), names.end(), isItsPort))
        {
            std::erase_if(names, std::not_fn(isItsPort));
        }
        constexpr std::size_t MOST = 12;
        if (names.empty())
        {
            name.Refuse("this fabric has no switches");
        }
        std::string some;
        for (std::size_t i = 0; i < std::min(names.size(), MOST); ++i)
        {
            some += (i == 0 ? "" : ", ") + names[i];
        }
        name.Refuse(fmt::format("the fabric has no {} '{}'; it has {}{}",
                                whats[description.kind],
                                description.name,
                                some,
                                names.size() > MOST ? ", ..." : ""));
    }
    for (const auto& unit : fault.units)
    {
        for (const uint32_t link : unit)
        {
            const uint32_t lanes = fabric.GetLinkProfile(link)->GetLanes();
            if (fault.lanes >= lanes)
            {
                description.node.Find("lanes")->Refuse(
                    fmt::format("link {} has {} lanes: a degraded one has fewer, at least 1",
                                topology.GetLinkName(link),
                                lanes));
            }
        }
    }
    return fault;
}

} // namespace mtlink
} // namespace ns3
