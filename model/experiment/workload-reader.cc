/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/workload-reader.h"

#include "engine/random.h"
#include "experiment/device-reader.h"
#include "experiment/store-reader.h"
#include "experiment/training-reader.h"
#include "experiment/units.h"
#include "experiment/yaml-mapping.h"
#include "link/packet.h"
#include "trace/size-reader.h"
#include "workload/collective/collective-kind.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <numeric>
#include <set>

namespace ns3
{
namespace mtlink
{

namespace
{

const std::string SECTION = "workload";

/** Random placements draw from streams of their own: traffic and fabric count theirs from 0. */
constexpr uint64_t PLACEMENT_STREAM = 1ULL << 62;

/** Read a list of endpoints. */
std::vector<uint32_t>
ReadEndpoints(const YamlNode& node, const std::string& what, uint32_t endpoints)
{
    std::vector<uint32_t> list;
    std::set<uint64_t> seen;
    for (const YamlNode& item : node.items)
    {
        const uint64_t endpoint = ReadInteger(item);
        if (endpoint >= endpoints)
        {
            item.Refuse(fmt::format("{} {} is not in the fabric, whose {} endpoints are 0 to {}",
                                    what,
                                    endpoint,
                                    endpoints,
                                    endpoints - 1));
        }
        if (!seen.insert(endpoint).second)
        {
            item.Refuse(fmt::format("{} {} is in the list twice: keep one", what, endpoint));
        }
        list.push_back(static_cast<uint32_t>(endpoint));
    }
    if (list.empty())
    {
        node.Refuse(fmt::format("the list is empty: give at least one {}", what));
    }
    return list;
}

/** @return the first `count` of some places in an order. */
std::vector<uint32_t>
ChoosePlaces(const std::string& placement, uint32_t count, uint32_t places, RandomStream& random)
{
    std::vector<uint32_t> list(places);
    std::iota(list.begin(), list.end(), 0);
    if (placement == "scattered")
    {
        for (uint32_t i = 0; i < count; ++i)
        {
            list[i] = static_cast<uint32_t>(static_cast<uint64_t>(i) * places / count);
        }
    }
    else if (placement == "random")
    {
        for (uint32_t i = 0; i < count; ++i)
        {
            std::swap(list[i], list[i + random.Integer(places - i)]);
        }
    }
    list.resize(count);
    return list;
}

/** Read how many endpoints in a row stay together: a divisor of both numbers. */
uint32_t
ReadBlock(const YamlNode& node, uint32_t count, uint32_t endpoints)
{
    const auto block = static_cast<uint32_t>(ReadInteger(node, 1, endpoints));
    if (endpoints % block != 0 || count % block != 0)
    {
        node.Refuse(fmt::format("{} ranks on {} endpoints are no whole blocks of {}: give a number "
                                "that divides both",
                                count,
                                endpoints,
                                block));
    }
    return block;
}

/** Read {count: 8, placement: packed}; without a count, all. */
std::vector<uint32_t>
ReadPlacement(const YamlNode& node, uint32_t endpoints, uint32_t seed, uint32_t index)
{
    YamlMapping mapping(node, "ranks");
    const YamlNode* counted = mapping.Take("count");
    const auto count = counted ? static_cast<uint32_t>(ReadInteger(*counted)) : endpoints;
    const YamlNode* placed = mapping.Take("placement");
    const std::string placement =
        placed ? ReadChoice(*placed, "ranks", "placement", {"packed", "scattered", "random"})
               : "packed";
    const YamlNode* together = mapping.Take("block");
    mapping.Finish();
    if (count < 1 || count > endpoints)
    {
        counted->Refuse(fmt::format("{} ranks do not go on {} endpoints: give 1 to {}",
                                    count,
                                    endpoints,
                                    endpoints));
    }
    const uint32_t block = together ? ReadBlock(*together, count, endpoints) : 1;
    RandomStream random(seed, PLACEMENT_STREAM + index);
    std::vector<uint32_t> list;
    for (const uint32_t place : ChoosePlaces(placement, count / block, endpoints / block, random))
    {
        for (uint32_t i = 0; i < block; ++i)
        {
            list.push_back(place * block + i);
        }
    }
    return list;
}

void
ReadRanks(const YamlNode* node,
          uint32_t endpoints,
          uint32_t seed,
          uint32_t index,
          WorkloadDescription& workload)
{
    workload.endpoints.resize(endpoints);
    std::iota(workload.endpoints.begin(), workload.endpoints.end(), 0);
    if (!node || (node->kind == YamlNode::SCALAR && node->text == "all"))
    {
        return;
    }
    workload.isAllRanks = false;
    if (node->kind == YamlNode::LIST)
    {
        workload.endpoints = ReadEndpoints(*node, "endpoint", endpoints);
    }
    else if (node->kind == YamlNode::MAPPING)
    {
        workload.endpoints = ReadPlacement(*node, endpoints, seed, index);
    }
    else if (!node->text.empty() && node->text.find_first_not_of("0123456789") == std::string::npos)
    {
        workload.endpoints.resize(ReadInteger(*node, 1, endpoints));
    }
    else
    {
        node->Refuse(fmt::format("'{}' names no ranks: give all, how many, a list as [0, 1, 2], or "
                                 "{{count: 8, placement: packed}}",
                                 node->text));
    }
}

/** Read the bytes from each rank to each other of an all_to_allv. */
std::vector<uint64_t>
ReadCounts(const YamlNode& node, std::size_t ranks)
{
    const auto check = [ranks](const YamlNode& list) {
        if (list.kind != YamlNode::LIST || list.items.size() != ranks)
        {
            list.Refuse(fmt::format("counts should be {} lists of {} sizes: row i is what rank i "
                                    "sends to each",
                                    ranks,
                                    ranks));
        }
    };
    check(node);
    std::vector<uint64_t> counts;
    for (const YamlNode& row : node.items)
    {
        check(row);
        for (const YamlNode& item : row.items)
        {
            counts.push_back(ReadBytes(item));
        }
    }
    return counts;
}

void
ReadCollective(YamlMapping& mapping, WorkloadDescription& workload)
{
    CollectiveSpec& spec = workload.collective;
    spec.name = ReadChoice(*mapping.Take("collective"), SECTION, "collective", GetCollectives());
    if (const YamlNode* algorithm = mapping.Take("algorithm"))
    {
        spec.algorithm = ReadChoice(*algorithm, SECTION, "algorithm", GetAlgorithms(spec.name));
    }
    if (const YamlNode* counts = mapping.Take("counts"))
    {
        spec.counts = ReadCounts(*counts, workload.endpoints.size());
    }
    const CollectiveKind& kind = GetCollectiveKind(spec.name);
    if (kind.HasSize())
    {
        spec.bytes = ReadBytes(mapping.Need("size", "size: 64MiB"));
    }
    else if (const YamlNode* size = mapping.Take("size"))
    {
        size->Refuse(fmt::format("{} has no size{}: leave it out",
                                 spec.name,
                                 kind.payload == Payload::NOTHING ? "" : " but its counts"));
    }
    if (const YamlNode* repeat = mapping.Take("repeat"))
    {
        workload.repeat = static_cast<uint32_t>(ReadInteger(*repeat, 1, 1'000'000));
    }
    if (const YamlNode* root = mapping.Take("root"))
    {
        if (!kind.HasRoot())
        {
            root->Refuse(fmt::format("{} has no root: leave it out", spec.name));
        }
        spec.root = static_cast<uint32_t>(ReadInteger(*root, 0, workload.endpoints.size() - 1));
    }
    if (const YamlNode* channels = mapping.Take("channels"))
    {
        spec.channels = static_cast<uint32_t>(ReadInteger(*channels, 1, 1024));
    }
    if (const YamlNode* chunk = mapping.Take("chunk"))
    {
        spec.chunk = ReadBytes(*chunk, 1);
    }
    spec.endpoints = workload.endpoints;
    spec.ranks.resize(workload.endpoints.size());
    std::iota(spec.ranks.begin(), spec.ranks.end(), 0);
}

void
ReadTrace(YamlMapping& mapping, WorkloadDescription& workload)
{
    const YamlNode& trace = *mapping.Take("trace");
    ReadText(trace, "the path of a trace");
    workload.file = ResolvePath(trace);
    std::error_code failed;
    if (!std::filesystem::exists(workload.file, failed))
    {
        trace.Refuse(fmt::format("there is no file {}: give the path of a trace, relative to the "
                                 "file that names it",
                                 workload.file));
    }
    const YamlNode* algorithm = mapping.Take("algorithm");
    if (algorithm && algorithm->kind == YamlNode::MAPPING)
    {
        for (const YamlEntry& entry : algorithm->entries)
        {
            const std::vector<std::string> names = GetCollectives();
            if (std::find(names.begin(), names.end(), entry.key) == names.end())
            {
                RefuseUnknown({entry.value.GetWhere().file, entry.line, entry.column},
                              fmt::format("collective '{}'", entry.key),
                              entry.key,
                              names);
            }
            workload.algorithms[entry.key] =
                ReadChoice(entry.value, SECTION, "algorithm", GetAlgorithms(entry.key));
        }
    }
    else if (algorithm)
    {
        // Any algorithm of any collective: the trace's own are not known before it is read.
        workload.algorithm = ReadChoice(*algorithm, SECTION, "algorithm", ListAllAlgorithms());
    }
    if (const YamlNode* scale = mapping.Take("compute_scale"))
    {
        workload.computeScale = ReadNumber(*scale, 0, 1e6);
    }
    if (const YamlNode* device = mapping.Take("roofline"))
    {
        ReadDevice(LoadDevice(*device));
    }
}

/** Refuse what only other patterns have. */
void
RefuseOtherPatterns(const YamlMapping& mapping, const std::string& pattern)
{
    for (const auto& [key, patterns] : GetPatternKeys())
    {
        const YamlNode* node = mapping.GetNode().Find(key);
        if (node && std::find(patterns.begin(), patterns.end(), pattern) == patterns.end())
        {
            node->Refuse(fmt::format("traffic {} has no {}: it belongs to {}",
                                     pattern,
                                     key,
                                     fmt::join(patterns, ", ")));
        }
    }
}

void
ReadTraffic(YamlMapping& mapping, uint32_t endpoints, WorkloadDescription& workload)
{
    TrafficSpec& spec = workload.traffic;
    spec.pattern = ReadChoice(*mapping.Take("traffic"), SECTION, "traffic", GetTrafficPatterns());
    spec.load = ReadNumber(mapping.Need("load", "load: 0.8"), 0, 1);
    if (const YamlNode* packet = mapping.Take("packet"))
    {
        spec.packet = ReadBytes(*packet, 1);
    }
    if (const YamlNode* sizes = mapping.Take("sizes"))
    {
        if (mapping.GetNode().Find("packet"))
        {
            sizes->Refuse("messages have one size, packet, or many, sizes: keep one of the keys");
        }
        ReadText(*sizes, "the path of a distribution of sizes, lines of 'bytes percent'");
        workload.file = ResolvePath(*sizes);
        spec.sizes = ReadSizes(workload.file);
        spec.packet = static_cast<uint64_t>(std::llround(spec.sizes.GetMean()));
    }
    if (const YamlNode* arrivals = mapping.Take("arrivals"))
    {
        spec.arrivals =
            ReadChoice(*arrivals, SECTION, "arrivals", {"bernoulli", "poisson", "constant"});
    }
    if (const YamlNode* warmup = mapping.Take("warmup"))
    {
        spec.warmup = ReadTime(*warmup);
    }
    spec.measure = ReadTime(mapping.Need("measure", "measure: 50us"));
    RefuseOtherPatterns(mapping, spec.pattern);
    if (const YamlNode* shift = mapping.Take("shift"))
    {
        spec.shift = static_cast<uint32_t>(ReadInteger(*shift, 1, endpoints));
    }
    if (const YamlNode* targets = mapping.Take("targets"))
    {
        if (targets->kind != YamlNode::LIST)
        {
            targets->Refuse("targets should be a list of endpoints, as [0, 1]");
        }
        spec.targets = ReadEndpoints(*targets, "endpoint", endpoints);
    }
    if (const YamlNode* fraction = mapping.Take("fraction"))
    {
        spec.fraction = ReadNumber(*fraction, 0, 1);
    }
    if (const YamlNode* group = mapping.Take("group"))
    {
        spec.group = static_cast<uint32_t>(ReadInteger(*group, 1, endpoints));
    }
    spec.endpoints = workload.endpoints;
    spec.trafficClass = workload.trafficClass;
}

} // namespace

WorkloadDescription
ReadWorkload(const YamlNode& node, uint32_t endpoints, uint32_t seed, uint32_t index)
{
    YamlMapping mapping(node, SECTION);
    WorkloadDescription workload;
    workload.node = node;
    workload.name = fmt::format("workload{}", index);
    if (const YamlNode* name = mapping.Take("name"))
    {
        workload.name = ReadText(*name, "a name");
    }
    if (const YamlNode* start = mapping.Take("start"))
    {
        workload.start = ReadTime(*start);
    }
    if (const YamlNode* trafficClass = mapping.Take("traffic_class"))
    {
        workload.trafficClass =
            static_cast<uint8_t>(ReadInteger(*trafficClass, 0, MOST_TRAFFIC_CLASSES - 1));
    }
    ReadRanks(mapping.Take("ranks"), endpoints, seed, index, workload);

    const int kinds = (node.Find("collective") != nullptr) + (node.Find("trace") != nullptr) +
                      (node.Find("traffic") != nullptr) + (node.Find("training") != nullptr);
    if (kinds > 1)
    {
        node.Refuse("a workload is either a collective, a trace, traffic or training: keep one of "
                    "these keys");
    }
    if (mapping.Take("collective"))
    {
        workload.kind = WorkloadDescription::COLLECTIVE;
        ReadCollective(mapping, workload);
    }
    else if (mapping.Take("trace"))
    {
        workload.kind = WorkloadDescription::TRACE;
        ReadTrace(mapping, workload);
    }
    else if (mapping.Take("traffic"))
    {
        workload.kind = WorkloadDescription::TRAFFIC;
        ReadTraffic(mapping, endpoints, workload);
    }
    else if (mapping.Take("training"))
    {
        workload.kind = WorkloadDescription::TRAINING;
        for (const YamlEntry& entry : node.entries)
        {
            if (IsTrainingKey(entry.key))
            {
                mapping.Take(entry.key);
            }
        }
        workload.trainingDocument = ResolveTraining(node);
        workload.training = ReadTraining(workload.trainingDocument,
                                         static_cast<uint32_t>(workload.endpoints.size()),
                                         workload.layouts);
        if (const YamlNode* input = workload.trainingDocument.Find("input"))
        {
            CheckStoreEndpoints(*input->Find("store"), endpoints, workload.endpoints);
        }
    }
    else
    {
        mapping.Finish(); // a misspelt key says more than a missing one
        node.Refuse("the workload lacks what to run: give 'collective: all_reduce', 'trace: "
                    "FILE', 'traffic: uniform' or 'training: FILE'");
    }
    mapping.Finish();
    return workload;
}

std::vector<uint32_t>
WorkloadDescription::ListReplayed() const
{
    std::vector<uint32_t> all = endpoints;
    if (training.input)
    {
        all.insert(all.end(), training.input->store.begin(), training.input->store.end());
    }
    return all;
}

const std::vector<std::string>&
GetTrafficPatterns()
{
    static const std::vector<std::string> patterns{"uniform",
                                                   "permutation",
                                                   "tornado",
                                                   "bit_complement",
                                                   "bit_reverse",
                                                   "transpose",
                                                   "hotspot",
                                                   "incast",
                                                   "group_adversarial"};
    return patterns;
}

const std::vector<std::pair<std::string, std::vector<std::string>>>&
GetPatternKeys()
{
    static const std::vector<std::pair<std::string, std::vector<std::string>>> keys{
        {"shift", {"permutation"}},
        {"targets", {"uniform", "hotspot", "incast"}},
        {"fraction", {"hotspot"}},
        {"group", {"group_adversarial"}}};
    return keys;
}

std::vector<std::string>
ListAllAlgorithms()
{
    std::vector<std::string> all;
    for (const std::string& name : GetCollectives())
    {
        for (const std::string& one : GetAlgorithms(name))
        {
            if (std::find(all.begin(), all.end(), one) == all.end())
            {
                all.push_back(one);
            }
        }
    }
    return all;
}

YamlNode
WriteWorkload(const WorkloadDescription& workload)
{
    YamlNode node = workload.node;
    const auto fill = [&node](const std::string& key, const std::string& text) {
        if (!node.Find(key))
        {
            node.Set(key, MakeYamlScalar(text));
        }
    };
    fill("name", workload.name);
    fill("start", FormatTime(workload.start));
    fill("traffic_class", fmt::format("{}", workload.trafficClass));
    if (workload.isAllRanks)
    {
        fill("ranks", "all");
    }
    else
    {
        YamlNode ranks = MakeYaml(YamlNode::LIST);
        for (const uint32_t endpoint : workload.endpoints)
        {
            ranks.items.push_back(MakeYamlScalar(fmt::format("{}", endpoint)));
        }
        ranks.TakePlace(node.Find("ranks"));
        node.Set("ranks", std::move(ranks));
    }
    const auto setPath = [&](const char* key) {
        YamlNode path =
            MakeYamlScalar(std::filesystem::absolute(workload.file).lexically_normal().string());
        path.TakePlace(node.Find(key));
        node.Set(key, std::move(path));
    };
    switch (workload.kind)
    {
    case WorkloadDescription::COLLECTIVE:
        fill("algorithm", workload.collective.algorithm);
        fill("repeat", fmt::format("{}", workload.repeat));
        break;
    case WorkloadDescription::TRACE:
        fill("algorithm", workload.algorithm);
        fill("compute_scale", fmt::format("{}", workload.computeScale));
        if (const YamlNode* device = node.Find("roofline"))
        {
            node.Set("roofline", LoadDevice(*device));
        }
        setPath("trace");
        break;
    case WorkloadDescription::TRAFFIC:
        if (workload.traffic.sizes.IsEmpty())
        {
            fill("packet", FormatBytes(workload.traffic.packet));
        }
        else
        {
            setPath("sizes");
        }
        fill("arrivals", workload.traffic.arrivals);
        fill("warmup", FormatTime(workload.traffic.warmup));
        break;
    case WorkloadDescription::TRAINING:
        std::erase_if(node.entries,
                      [](const YamlEntry& entry) { return IsTrainingKey(entry.key); });
        node.Set("training",
                 WriteTraining(workload.trainingDocument,
                               workload.training,
                               workload.layouts.IsFree() ? &workload.layouts : nullptr));
        break;
    case WorkloadDescription::CHECKPOINT:
        break;
    }
    return node;
}

} // namespace mtlink
} // namespace ns3
