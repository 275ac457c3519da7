/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "cost/cost-profile.h"
#include "experiment/attributes.h"
#include "experiment/experiment-keys.h"
#include "experiment/experiment.h"
#include "experiment/fabric-loader.h"
#include "experiment/json-schema.h"

#include "ns3/mtlink-endpoint-profile.h"
#include "ns3/mtlink-link-profile.h"
#include "ns3/mtlink-routing-profile.h"
#include "ns3/mtlink-switch-profile.h"
#include "ns3/object-factory.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

std::vector<TypeId>
GetTypes()
{
    std::vector<TypeId> types{LinkProfile::GetTypeId(),
                              SwitchProfile::GetTypeId(),
                              EndpointProfile::GetTypeId(),
                              RoutingProfile::GetTypeId(),
                              CostProfile::GetTypeId()};
    for (const std::string& kind : GetFabricKinds())
    {
        types.push_back(CreateTopologyBuilder(kind)->GetInstanceTypeId());
    }
    return types;
}

/** Check a value against the part of JSON Schema that ours uses. */
bool
Fits(const YamlNode& node, const nlohmann::json& schema, const nlohmann::json& root)
{
    if (schema.contains("$ref"))
    {
        const std::string name = schema["$ref"].get<std::string>();
        return Fits(node, root["definitions"][name.substr(name.rfind('/') + 1)], root);
    }
    if (schema.contains("anyOf"))
    {
        for (const auto& one : schema["anyOf"])
        {
            if (Fits(node, one, root))
            {
                return true;
            }
        }
        return false;
    }
    if (schema.contains("enum"))
    {
        for (const auto& word : schema["enum"])
        {
            if (word.get<std::string>() == node.text)
            {
                return true;
            }
        }
        return false;
    }
    const std::string type = schema.value("type", "");
    if (type == "object")
    {
        for (const YamlEntry& entry : node.entries)
        {
            const auto& properties = schema.value("properties", nlohmann::json::object());
            const auto more = schema.value("additionalProperties", nlohmann::json(true));
            const bool isKnown = properties.contains(entry.key);
            if (!isKnown && more.is_boolean() && !more.get<bool>())
            {
                return false;
            }
            if (!isKnown && more.is_boolean())
            {
                continue;
            }
            if (!Fits(entry.value, isKnown ? properties[entry.key] : more, root))
            {
                return false;
            }
        }
        return node.kind == YamlNode::MAPPING;
    }
    if (type == "array")
    {
        for (const YamlNode& item : node.items)
        {
            if (schema.contains("items") && !Fits(item, schema["items"], root))
            {
                return false;
            }
        }
        return node.kind == YamlNode::LIST;
    }
    if (schema.contains("pattern"))
    {
        return std::regex_match(node.text, std::regex(schema["pattern"].get<std::string>()));
    }
    return type.empty() || node.kind == YamlNode::SCALAR;
}

} // namespace

TEST_SUITE("attributes")
{
    TEST_CASE("an attribute that counts bytes or metres is written with its unit")
    {
        // Who adds one and forgets its unit in the list of forms is told here.
        for (const TypeId& tid : GetTypes())
        {
            for (const AttributeInfo& info : DescribeAttributes(tid))
            {
                CAPTURE(tid.GetName() + "::" + info.name);
                const bool saysBytes = std::regex_search(info.help, std::regex("\\b[Bb]ytes\\b"));
                const bool saysMetres = info.help.find(" metres") != std::string::npos;
                if (saysBytes)
                {
                    CHECK((info.form == AttributeForm::BYTES ||
                           info.form == AttributeForm::BYTE_RATE));
                }
                if (saysMetres)
                {
                    CHECK(info.form == AttributeForm::LENGTH);
                }
            }
        }
    }

    TEST_CASE("a default reads back as itself")
    {
        for (const TypeId& tid : GetTypes())
        {
            for (const AttributeInfo& info : DescribeAttributes(tid))
            {
                if (info.defaultValue.empty())
                {
                    continue;
                }
                CAPTURE(tid.GetName() + "::" + info.name);
                const YamlNode node =
                    ParseYaml(info.key + ": " + info.defaultValue, {"test.yaml", ""});
                YamlMapping mapping(node, "test");
                const Ptr<Object> object =
                    DynamicCast<Object>(ObjectFactory(tid.GetName()).Create<Object>());
                SetAttributes(*object, mapping, "test");
                mapping.Finish();
                CHECK(WriteYaml(GetAttribute(*object, info)) == info.defaultValue + "\n");
            }
        }
    }

    TEST_CASE("every default of a link, switch and endpoint says where it comes from")
    {
        for (const TypeId& tid : {LinkProfile::GetTypeId(),
                                  SwitchProfile::GetTypeId(),
                                  EndpointProfile::GetTypeId(),
                                  CostProfile::GetTypeId()})
        {
            for (const AttributeInfo& info : DescribeAttributes(tid))
            {
                CAPTURE(tid.GetName() + "::" + info.name);
                // Latency is the sum of its parts, Radix 0 is no limit: nothing to vouch for.
                if (info.name != "Latency" && info.name != "Radix")
                {
                    CHECK(!info.provenance.empty());
                }
            }
        }
    }

    TEST_CASE("the experiment's keys in the list are those that its readers take")
    {
        for (const ExperimentKey& key : GetExperimentKeys())
        {
            if (key.section == "experiment" || key.section == "sweep" || key.section == "fabric" ||
                key.section.starts_with("training") || key.section.starts_with("stability"))
            {
                continue; // covered by the schema's test, and tests of their own
            }
            // A value of no type at all is refused, but not as an unknown key.
            std::string text = "fabric: {kind: full_mesh, endpoints: 4}\n";
            const bool isTraffic =
                key.key == "load" || key.key == "packet" || key.key == "arrivals" ||
                key.key == "warmup" || key.key == "measure" || key.key == "shift" ||
                key.key == "targets" || key.key == "fraction" || key.key == "group";
            if (key.section == "workload" && isTraffic)
            {
                text += "workload: {traffic: uniform, load: 0.5, measure: 1us}\n";
            }
            else if (key.key == "compute_scale")
            {
                text += "workload: {trace: attributes-test.csv}\n";
                std::ofstream("attributes-test.csv") << "start_ns,src,dst,bytes\n0,0,1,1\n";
            }
            else
            {
                text += "workload: {collective: all_reduce, size: 1KiB}\n";
            }
            std::string message = "accepted";
            try
            {
                ReadExperiment(ParseYaml(text, {"test.yaml", ""}),
                               "test",
                               {{"--set", key.section + "." + key.key + "=[[], {}]"}});
            }
            catch (const InputError& error)
            {
                message = error.what();
            }
            std::remove("attributes-test.csv");
            CAPTURE(key.section + "." + key.key);
            CHECK(message != "accepted");
            CHECK(message.find("unknown key") == std::string::npos);
        }
    }

    TEST_CASE("the JSON Schema that ships is the one that the attributes make")
    {
        std::ifstream file(MTLINK_SOURCE_DIR "/tools/mtlink.schema.json");
        std::ostringstream text;
        text << file.rdbuf();
        // Else: mtlink attributes --json-schema > tools/mtlink.schema.json
        CHECK(text.str() == WriteJsonSchema());
    }

    TEST_CASE("the ready fabrics and the examples fit the JSON Schema")
    {
        const nlohmann::json schema = nlohmann::json::parse(WriteJsonSchema());
        for (const char* directory : {"/topologies",
                                      "/topologies/devices",
                                      "/examples",
                                      "/examples/training",
                                      "/examples/training/models"})
        {
            for (const auto& entry :
                 std::filesystem::directory_iterator(std::string(MTLINK_SOURCE_DIR) + directory))
            {
                if (entry.path().extension() == ".yaml")
                {
                    CAPTURE(entry.path().string());
                    CHECK(Fits(LoadYaml(entry.path().string()), schema, schema));
                }
            }
        }
        const YamlNode wrong = ParseYaml("fabric: {kind: full_mash}\n", {"test.yaml", ""});
        CHECK(!Fits(wrong, schema, schema));
    }
}
