/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "cost/cost-profile.h"
#include "experiment/attributes.h"
#include "experiment/fabric-loader.h"
#include "experiment/json-schema.h"

#include "ns3/mtlink-endpoint-profile.h"
#include "ns3/mtlink-link-profile.h"
#include "ns3/mtlink-routing-profile.h"
#include "ns3/mtlink-switch-profile.h"
#include "ns3/object-factory.h"

#include <doctest/doctest.h>
#include <fstream>
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

    TEST_CASE("the JSON Schema that ships is the one that the attributes make")
    {
        std::ifstream file(MTLINK_SOURCE_DIR "/tools/mtlink.schema.json");
        std::ostringstream text;
        text << file.rdbuf();
        // Else: mtlink attributes --json-schema > tools/mtlink.schema.json
        CHECK(text.str() == WriteJsonSchema());
    }
}
