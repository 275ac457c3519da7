/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FABRIC_LOADER_H
#define MTLINK_FABRIC_LOADER_H

#include "experiment/yaml.h"

#include "ns3/mtlink-endpoint-profile.h"
#include "ns3/mtlink-fabric.h"
#include "ns3/mtlink-topology-builder.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The mappings that a fabric's parameters were read from, inherited ones laid under.
 */
struct GivenParameters
{
    YamlNode link;                         //!< `link:`
    YamlNode chip;                         //!< `switch:`
    YamlNode routing;                      //!< `routing:`
    std::map<std::string, YamlNode> links; //!< `links:`, by link class
};

/**
 * @ingroup mtlink
 * A fabric as described in YAML: all that MtlinkFabric::Build() needs.
 */
struct FabricDescription
{
    std::string kind;                           //!< "fat_tree"
    Ptr<TopologyBuilder> builder;               //!< The layout, children and scopes set
    std::vector<FabricScope> scopes;            //!< Parameters, by TopologyBuilder::GetScope()
    std::vector<GivenParameters> given;         //!< ... and where they come from
    std::vector<Ptr<TopologyBuilder>> builders; //!< The layout and its children, by scope
    Ptr<EndpointProfile> endpoint;              //!< Parameters of the endpoints
    YamlNode givenEndpoint;                     //!< ... and where they come from
    YamlNode document;                          //!< What was read, files put in, with places
};

/** @return the kinds of fabric there are, in alphabetical order. */
std::vector<std::string> GetFabricKinds();

/**
 * @ingroup mtlink
 * @param [in] kind One of GetFabricKinds().
 * @return a new builder of that kind.
 */
Ptr<TopologyBuilder> CreateTopologyBuilder(const std::string& kind);

/**
 * @ingroup mtlink
 * Lay one mapping over another: keys of the upper win, mappings are merged key by key. A link's
 * `latency` takes the place of its parts (phy_latency, fec_latency, length), and they of it.
 * @param [in,out] base The lower mapping.
 * @param [in] upper The upper one.
 */
void MergeYaml(YamlNode& base, const YamlNode& upper);

/**
 * @ingroup mtlink
 * Put in all files that a fabric is made of: `extends` and nested fabrics.
 * @param [in] fabric The mapping, or the path of its file.
 * @return one mapping; every value still knows its own file and line.
 * @throws InputError for a file that can't be read, a circle of files, and a link whose latency
 *         is given twice.
 */
YamlNode ResolveFabric(const YamlNode& fabric);

/**
 * @ingroup mtlink
 * Turn a resolved fabric mapping into objects.
 * @param [in] document What ResolveFabric() returned.
 * @return the description.
 * @throws InputError for what is unknown or can't be.
 */
FabricDescription DescribeFabric(const YamlNode& document);

/**
 * @ingroup mtlink
 * Write a description back with every parameter in it, defaults too.
 * @param [in] description The description.
 * @return a mapping that DescribeFabric() turns into the same; what was given knows its place.
 */
YamlNode WriteFabric(const FabricDescription& description);

/**
 * @ingroup mtlink
 * Refuse a fabric that can't be built, at the place of the parameter at fault.
 * @param [in] description The fabric.
 * @param [in] error What its builder said.
 * @throws InputError always.
 */
[[noreturn]] void RefuseFabric(const FabricDescription& description, const ParameterError& error);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FABRIC_LOADER_H
