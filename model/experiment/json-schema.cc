/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/json-schema.h"

#include "cost/cost-profile.h"
#include "experiment/attributes.h"
#include "experiment/experiment-keys.h"
#include "experiment/fabric-loader.h"
#include "experiment/training-reader.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ns3
{
namespace mtlink
{

namespace
{

using Json = nlohmann::ordered_json;

const std::string NUMBER = "^[0-9]+(\\.[0-9]+)?";
const std::string SIZE = NUMBER + "(B|KB|KiB|MB|MiB|GB|GiB|TB|TiB)$";
const std::string RATE = NUMBER + "[KMGT]?[bB]ps$";
const std::string TIME = NUMBER + "(ps|ns|us|ms|s)$";
const std::string LENGTH = NUMBER + "(um|mm|cm|m|km)$";

Json
MakePattern(const std::string& pattern)
{
    return {{"type", "string"}, {"pattern", pattern}};
}

Json
MakeReference(const std::string& name)
{
    return {{"$ref", "#/definitions/" + name}};
}

Json
MakeAttribute(const AttributeInfo& info)
{
    Json json;
    switch (info.form)
    {
    case AttributeForm::RATE:
    case AttributeForm::BYTE_RATE:
        json = MakePattern(RATE);
        break;
    case AttributeForm::TIME:
        json = MakePattern(TIME);
        break;
    case AttributeForm::BYTES:
        json = MakePattern(SIZE);
        break;
    case AttributeForm::LENGTH:
        json = MakePattern(LENGTH);
        break;
    case AttributeForm::INTEGER:
        json = {{"type", "integer"}, {"minimum", 0}};
        break;
    case AttributeForm::NUMBER:
        json = {{"type", "number"}};
        break;
    case AttributeForm::BOOLEAN:
        json = {{"type", "boolean"}};
        break;
    case AttributeForm::CHOICE:
        json = {{"enum", info.choices}};
        break;
    case AttributeForm::LIST:
        json = {{"type", "array"}, {"items", {{"type", "integer"}}}};
        break;
    case AttributeForm::FILE:
    case AttributeForm::TEXT:
        json = {{"type", "string"}};
        break;
    }
    json["description"] = info.help;
    return json;
}

Json
MakeKey(const ExperimentKey& key)
{
    Json json = Json::object();
    if (key.type == "size")
    {
        json = MakePattern(SIZE);
    }
    else if (key.type == "time")
    {
        json = MakePattern(TIME);
    }
    else if (key.type == "text")
    {
        json["type"] = "string";
    }
    else if (key.type == "list")
    {
        json["type"] = "array";
    }
    else if (key.type == "mapping")
    {
        json["type"] = "object";
    }
    else if (key.type == "integer" || key.type == "number" || key.type == "boolean")
    {
        json["type"] = key.type;
    }
    else if (key.type != "any")
    {
        Json words = Json::array();
        std::size_t begin = 0;
        while (begin < key.type.size())
        {
            const std::size_t end = std::min(key.type.find(" | ", begin), key.type.size());
            words.push_back(key.type.substr(begin, end - begin));
            begin = end + 3;
        }
        if (words.back() == "N")
        {
            words.erase(words.size() - 1);
            json["anyOf"] = {{{"enum", words}}, {{"type", "integer"}, {"minimum", 1}}};
        }
        else if (words.back() == "boolean")
        {
            words.erase(words.size() - 1);
            json["anyOf"] = {{{"enum", words}}, {{"type", "boolean"}}};
        }
        else
        {
            json["enum"] = words;
        }
    }
    json["description"] = key.help;
    return json;
}

Json
MakeObject(const Json& properties)
{
    return {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
}

Json
MakeProfile(TypeId tid)
{
    Json properties = Json::object();
    for (const AttributeInfo& info : DescribeAttributes(tid))
    {
        properties[info.key] = MakeAttribute(info);
    }
    return MakeObject(properties);
}

/** All keys of a section that are no attributes. */
Json
MakeSection(const std::string& section)
{
    Json properties = Json::object();
    for (const ExperimentKey& key : GetExperimentKeys())
    {
        if (key.section == section)
        {
            properties[key.key] = MakeKey(key);
        }
    }
    return properties;
}

Json
MakeFabric()
{
    Json properties = Json::object();
    for (const std::string& kind : GetFabricKinds())
    {
        const Ptr<TopologyBuilder> builder = CreateTopologyBuilder(kind);
        for (const AttributeInfo& info : DescribeAttributes(builder->GetInstanceTypeId()))
        {
            // Kinds share keys: several meanings, one below the other.
            Json made = MakeAttribute(info);
            const std::string help = "Kind " + kind + ": " + info.help;
            made["description"] =
                properties.contains(info.key)
                    ? properties[info.key]["description"].get<std::string>() + " " + help
                    : help;
            properties[info.key] = made;
        }
    }
    const Json common = MakeSection("fabric");
    for (const auto& [key, value] : common.items())
    {
        properties[key] = value;
    }
    properties["kind"] = {{"enum", GetFabricKinds()}, {"description", "Layout of the fabric."}};
    properties["link"] = MakeReference("link");
    properties["links"] = {{"type", "object"}, {"additionalProperties", MakeReference("link")}};
    properties["switch"] = MakeReference("switch");
    properties["endpoint"] = MakeReference("endpoint");
    properties["routing"] = MakeReference("routing");
    const Json nested = {{"anyOf", {Json{{"type", "string"}}, MakeReference("fabric")}}};
    for (const char* key : {"plane", "node", "network", "first", "second", "gateway"})
    {
        properties[key] = nested;
    }
    return MakeObject(properties);
}

/** A training, without what stands in mappings of its own. */
Json
MakeTraining()
{
    Json properties = MakeSection("training");
    for (const char* key :
         {"batch", "parallel", "precision", "overlap", "collectives", "search", "input"})
    {
        const Json help = properties[key]["description"];
        properties[key] = MakeObject(MakeSection(std::string("training.") + key));
        properties[key]["description"] = help;
    }
    const auto orText = [](const Json& one) {
        return Json{{"anyOf", {Json{{"type", "string"}}, one}}};
    };
    properties["model"] = orText(MakeReference("model"));
    properties["device"] = orText(MakeReference("device"));
    properties["parallel"] = {{"anyOf", {Json{{"enum", {"auto"}}}, properties["parallel"]}},
                              {"description", properties["parallel"]["description"]}};
    properties["schedule"] = orText(MakeObject(MakeSection("training.schedule")));
    Json kind = MakeObject(MakeSection("training.devices"));
    kind["properties"]["device"] = orText(MakeReference("device"));
    kind["required"] = {"device"};
    properties["devices"]["items"] = kind;
    properties["input"]["properties"]["store"] = MakeObject(MakeSection("training.input.store"));
    properties["input"]["required"] = {"store"};
    return properties;
}

/** `stability:`, with the mappings in it. */
Json
MakeStability()
{
    Json checkpoint = MakeSection("stability.checkpoint");
    checkpoint["store"] = MakeObject(MakeSection("stability.checkpoint.store"));
    Json failures = MakeSection("stability.failures");
    failures["link"] = {
        {"anyOf", {Json{{"type", "number"}}, MakeObject(MakeSection("stability.failures.link"))}}};
    failures["group"] = MakeObject(MakeSection("stability.failures.group"));
    Json properties = MakeSection("stability");
    properties["checkpoint"] = MakeObject(checkpoint);
    properties["failures"] = MakeObject(failures);
    Json stability = MakeObject(properties);
    stability["required"] = {"failures"};
    return stability;
}

} // namespace

std::string
WriteJsonSchema()
{
    Json experiment = MakeSection("experiment");
    experiment["fabric"] = {{"anyOf", {Json{{"type", "string"}}, MakeReference("fabric")}}};
    experiment["workload"] = MakeReference("workload");
    experiment["workloads"] = {{"type", "array"}, {"items", MakeReference("workload")}};
    experiment["simulation"] = MakeReference("simulation");
    experiment["measure"] = MakeReference("measure");
    experiment["cost"] = MakeReference("cost");

    experiment["stability"] = MakeReference("stability");

    const Json training = MakeTraining();
    Json workload = MakeSection("workload");
    workload["training"] = {{"anyOf", {Json{{"type", "string"}}, MakeReference("training")}}};
    for (const auto& [key, value] : training.items())
    {
        if (IsTrainingKey(key))
        {
            workload[key] = value; // beside `training` it changes that
        }
    }

    Json sweep = MakeSection("sweep");
    sweep["base"] = {{"anyOf", {Json{{"type", "string"}}, MakeReference("experiment")}}};
    sweep["grid"]["additionalProperties"] = {{"type", "array"}};
    sweep["scenarios"]["additionalProperties"] = {{"type", "array"}};
    sweep["points"]["items"] = {{"type", "object"}};
    sweep["designs"]["items"] = {{"type", "string"}};
    sweep["aggregate"]["enum"] = {"mean", "worst"};
    sweep["seeds"]["items"] = {{"type", "integer"}, {"minimum", 1}};

    Json schema;
    schema["$schema"] = "http://json-schema.org/draft-07/schema#";
    schema["title"] = "mtlink experiment, sweep, fabric or training";
    schema["anyOf"] = {MakeReference("experiment"),
                       MakeReference("sweep"),
                       MakeReference("fabric"),
                       MakeReference("training"),
                       MakeReference("model"),
                       MakeReference("device")};
    schema["definitions"]["experiment"] = MakeObject(experiment);
    schema["definitions"]["sweep"] = MakeObject(sweep);
    schema["definitions"]["sweep"]["required"] = {"base"};
    schema["definitions"]["fabric"] = MakeFabric();
    schema["definitions"]["link"] = MakeProfile(LinkProfile::GetTypeId());
    schema["definitions"]["switch"] = MakeProfile(SwitchProfile::GetTypeId());
    schema["definitions"]["endpoint"] = MakeProfile(EndpointProfile::GetTypeId());
    schema["definitions"]["routing"] = MakeProfile(RoutingProfile::GetTypeId());
    schema["definitions"]["workload"] = MakeObject(workload);
    schema["definitions"]["training"] = MakeObject(training);
    schema["definitions"]["model"] = MakeObject(MakeSection("training.model"));
    schema["definitions"]["device"] = MakeObject(MakeSection("training.device"));
    schema["definitions"]["stability"] = MakeStability();
    schema["definitions"]["simulation"] = MakeObject(MakeSection("simulation"));
    schema["definitions"]["measure"] = MakeObject(MakeSection("measure"));
    schema["definitions"]["cost"] = MakeProfile(CostProfile::GetTypeId());
    return schema.dump(2) + "\n";
}

} // namespace mtlink
} // namespace ns3
