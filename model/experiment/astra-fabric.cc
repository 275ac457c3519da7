/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/astra-fabric.h"

#include "experiment/yaml-mapping.h"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A dimension. */
struct Dimension
{
    std::string kind; //!< Ring, FullyConnected, Switch
    uint64_t npus;    //!< npus_count
    double rate;      //!< bandwidth, GB/s
    double latency;   //!< latency, ns

    /** @return its links, as a fabric has them: all that is sent is payload. */
    std::string GetLink() const
    {
        return fmt::format("{{rate: {}GBps, latency: {}ns, header: 0B, encoding: 1}}",
                           rate,
                           latency);
    }

    /** @return buffers that bind nobody, bytes: four times what is under way to and fro. */
    uint64_t GetBuffer() const
    {
        constexpr uint64_t LEAST = 256 * 1024;
        return LEAST + static_cast<uint64_t>(8 * rate * latency);
    }

    /** @return the endpoints at it, without brackets: the program that it is for has no software.
     */
    std::string GetEndpoint() const
    {
        return fmt::format("endpoint: {{window: 0B, buffer: {}B, message_overhead: 0ns, "
                           "operation_overhead: 0ns}}",
                           GetBuffer());
    }
};

/** @return a key's list, of as many values as there are dimensions. */
const std::vector<YamlNode>&
ReadList(const YamlNode& list, const std::string& key, std::size_t dimensions)
{
    if (list.kind != YamlNode::LIST || list.items.size() != dimensions)
    {
        list.Refuse(
            fmt::format("'{}' should be a list of {}, one for each dimension", key, dimensions));
    }
    return list.items;
}

/** @return the dimensions. */
std::vector<Dimension>
ReadDimensions(const YamlNode& file)
{
    constexpr double MOST_GBPS = 1e6;
    constexpr double MOST_NS = 1e9;
    constexpr uint64_t MOST_NPUS = 1'000'000;
    YamlMapping mapping(file, "an ASTRA-sim network");
    const YamlNode& topology = mapping.Need("topology", "topology: [Ring]");
    const std::size_t count = std::max<std::size_t>(topology.items.size(), 1);
    const auto list = [&](const std::string& key, const std::string& example) {
        return ReadList(mapping.Need(key, example), key, count);
    };
    const auto kinds = list("topology", "topology: [Ring]");
    const auto npus = list("npus_count", "npus_count: [8]");
    const auto rates = list("bandwidth", "bandwidth: [50]");
    const auto latencies = list("latency", "latency: [500]");
    mapping.Finish();
    std::vector<Dimension> dimensions;
    for (std::size_t i = 0; i < count; ++i)
    {
        dimensions.push_back({ReadChoice(kinds[i],
                                         "an ASTRA-sim network",
                                         "topology",
                                         {"Ring", "FullyConnected", "Switch"}),
                              ReadInteger(npus[i], 2, MOST_NPUS),
                              ReadNumber(rates[i], 0.001, MOST_GBPS),
                              ReadNumber(latencies[i], 0, MOST_NS)});
    }
    return dimensions;
}

/** @return a fabric of one dimension, without what all dimensions have; in braces. */
std::string
WriteSingle(const Dimension& dimension)
{
    if (dimension.kind == "Switch")
    {
        return fmt::format("{{kind: single_switch, endpoints: {}, link: {}, switch: {{latency: "
                           "0ns, buffer: {}B}}, {}}}",
                           dimension.npus,
                           dimension.GetLink(),
                           dimension.GetBuffer(),
                           dimension.GetEndpoint());
    }
    return fmt::format("{{kind: full_mesh, endpoints: {}, link: {}, {}}}",
                       dimension.npus,
                       dimension.GetLink(),
                       dimension.GetEndpoint());
}

/** @return a torus; in braces. */
std::string
WriteTorus(const std::vector<Dimension>& dimensions)
{
    std::string sizes;
    std::string wraps;
    std::string widths;
    for (const Dimension& dimension : dimensions)
    {
        const char* comma = sizes.empty() ? "" : ", ";
        sizes += fmt::format("{}{}", comma, dimension.npus);
        wraps += fmt::format("{}{}", comma, dimension.npus > 2 ? 1 : 0); // two have one link
        widths += fmt::format("{}1", comma);
    }
    // An NPU hands on what is not for it, and feeds all its links at once.
    constexpr uint32_t VCS = 2; // dimension order on rings
    const double ports = 2.0 * static_cast<double>(dimensions.size());
    return fmt::format("{{kind: torus, dimensions: [{}], wrap: [{}], width: [{}], "
                       "endpoints_per_switch: 1, link: {}, links: {{endpoint: {{rate: {}GBps, "
                       "latency: 0ns}}}}, switch: {{latency: 0ns, vcs: {}, buffer: {}B, "
                       "input_speedup: {}, output_speedup: {}}}, {}}}",
                       sizes,
                       wraps,
                       widths,
                       dimensions.front().GetLink(),
                       dimensions.front().rate * ports,
                       VCS,
                       VCS * dimensions.front().GetBuffer(),
                       ports,
                       ports,
                       dimensions.front().GetEndpoint());
}

} // namespace

bool
IsAstraFabric(const YamlNode& file)
{
    const YamlNode* topology = file.Find("topology");
    return topology && topology->kind == YamlNode::LIST && file.Find("npus_count") &&
           !file.Find("kind");
}

YamlNode
ReadAstraFabric(const YamlNode& file)
{
    const std::vector<Dimension> dimensions = ReadDimensions(file);
    const Dimension& first = dimensions.front();
    const bool isTorus = std::all_of(dimensions.begin(), dimensions.end(), [&](const auto& own) {
        return own.kind == "Ring" && own.rate == first.rate && own.latency == first.latency;
    });
    const auto& kinds = file.Find("topology")->items;
    if (isTorus)
    {
        return ParseYaml(WriteTorus(dimensions), *file.source);
    }
    if (dimensions.size() == 1)
    {
        return ParseYaml(WriteSingle(first), *file.source);
    }
    if (dimensions.size() > 2 || dimensions[1].kind != "Switch" || first.kind == "Ring")
    {
        kinds[dimensions.size() > 2 ? 2 : 1].Refuse(
            "these dimensions have no like here: give one, Rings with equal links, or "
            "FullyConnected or Switch with Switch as the second (nodes on rails)");
    }
    const Dimension& widest = first.GetBuffer() > dimensions[1].GetBuffer() ? first : dimensions[1];
    return ParseYaml(
        fmt::format(
            "{{kind: rails, nodes: {}, node: {}, network: {}, {}}}",
            dimensions[1].npus,
            WriteSingle(first),
            WriteSingle({"Switch", dimensions[1].npus, dimensions[1].rate, dimensions[1].latency}),
            widest.GetEndpoint()),
        *file.source);
}

} // namespace mtlink
} // namespace ns3
