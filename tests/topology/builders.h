/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TESTS_TOPOLOGY_BUILDERS_H
#define MTLINK_TESTS_TOPOLOGY_BUILDERS_H

#include "ns3/mtlink-error.h"
#include "ns3/mtlink-topology-builder.h"
#include "ns3/object-factory.h"
#include "ns3/string.h"

#include <initializer_list>
#include <string>
#include <utility>

namespace ns3
{
namespace mtlink
{

/**
 * Make a builder by name.
 * @param [in] kind As "FatTree".
 * @param [in] attributes Names and values.
 * @return the builder.
 */
inline Ptr<TopologyBuilder>
MakeBuilder(const std::string& kind,
            std::initializer_list<std::pair<std::string, std::string>> attributes = {})
{
    ObjectFactory factory;
    factory.SetTypeId("ns3::mtlink::" + kind + "Topology");
    auto builder = factory.Create<TopologyBuilder>();
    for (const auto& [name, value] : attributes)
    {
        builder->SetAttribute(name, StringValue(value));
    }
    return builder;
}

/** @return rails of full-mesh nodes with a fat tree per rail, as of the arguments. */
inline Ptr<TopologyBuilder>
MakeRails(uint32_t nodes, uint32_t perNode, const std::string& radix)
{
    auto rails = MakeBuilder("Rails", {{"Nodes", std::to_string(nodes)}});
    rails->SetChild("node", MakeBuilder("FullMesh", {{"Endpoints", std::to_string(perNode)}}));
    rails->SetChild("network", MakeBuilder("FatTree", {{"Radix", radix}, {"Levels", "2"}}));
    return rails;
}

/**
 * What a call refuses.
 * @param [in] f The call.
 * @return "key: message" of the ParameterError, what() of an InputError, or "" if there is none.
 */
template <typename F>
std::string
Refusal(F f)
{
    try
    {
        f();
    }
    catch (const ParameterError& error)
    {
        return error.GetParameter() + ": " + error.what();
    }
    catch (const InputError& error)
    {
        return error.what();
    }
    return "";
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TESTS_TOPOLOGY_BUILDERS_H
