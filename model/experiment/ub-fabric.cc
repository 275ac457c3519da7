/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/ub-fabric.h"

#include "trace/ub-case.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <vector>

namespace ns3
{
namespace mtlink
{

bool
IsUbFabric(const std::string& path)
{
    std::error_code failed;
    const std::filesystem::path folder(path);
    return std::filesystem::exists(folder / "node.csv", failed) &&
           std::filesystem::exists(folder / "topology.csv", failed);
}

YamlNode
ReadUbFabric(const std::string& folder)
{
    const UbCase read = ReadUbCase(folder, false);
    // Links of each device, and whether one joins it to another device.
    std::map<uint32_t, std::vector<const UbLink*>> linksOf;
    bool hasRelays = false;
    for (const UbLink& link : read.links)
    {
        const bool isOfDevices = read.nodes[link.from].isDevice && read.nodes[link.to].isDevice;
        hasRelays = hasRelays || isOfDevices;
        linksOf[link.from].push_back(&link);
        linksOf[link.to].push_back(&link);
    }
    std::string nodes;
    std::string edges;
    Tick delay = 0;
    for (const UbNode& node : read.nodes)
    {
        const bool isSwitch = !node.isDevice || hasRelays;
        delay = std::max(delay, node.forwardDelay);
        if (isSwitch)
        {
            nodes += fmt::format("  - {{name: n{}, type: switch}}\n", node.id);
        }
        if (!node.isDevice)
        {
            continue;
        }
        nodes += fmt::format("  - {{name: gpu{}, type: endpoint}}\n", node.id);
        const auto& links = linksOf[node.id];
        if (hasRelays && !links.empty())
        {
            edges += fmt::format("  - {{from: gpu{}, to: n{}, count: {}, class: own, link: {{rate: "
                                 "{}, latency: 0ns}}}}\n",
                                 node.id,
                                 node.id,
                                 links.size(),
                                 links.front()->bandwidth);
        }
    }
    for (const UbLink& link : read.links)
    {
        const auto name = [&](uint32_t id) {
            return fmt::format("{}{}", read.nodes[id].isDevice && !hasRelays ? "gpu" : "n", id);
        };
        edges += fmt::format("  - {{from: {}, to: {}, link: {{rate: {}, latency: {}}}}}\n",
                             name(link.from),
                             name(link.to),
                             link.bandwidth,
                             link.delay);
    }
    const std::string latency =
        delay > 0 ? fmt::format("switch: {{latency: {}ps}}\n", delay) : std::string();
    return ParseYaml(fmt::format("kind: graph\n{}nodes:\n{}edges:\n{}", latency, nodes, edges),
                     {folder, folder});
}

} // namespace mtlink
} // namespace ns3
