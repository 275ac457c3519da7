/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ROUTING_REGISTRY_H
#define MTLINK_ROUTING_REGISTRY_H

#include "engine/registry.h"

#include "ns3/mtlink-routing-profile.h"
#include "ns3/mtlink-routing.h"
#include "ns3/mtlink-topology.h"

#include <cstdint>
#include <memory>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink What decides on a packet's way, apart from its target and the hash of its flow.
 */
enum class WayBy : uint8_t
{
    NOTHING, //!< All that there is to know is known before the run
    CHANCE,  //!< Each packet's own, whatever others do
    LOAD,    //!< What others do
};

/**
 * @ingroup mtlink
 * What is to be known of a routing algorithm before there is a fabric.
 */
struct RoutingKind
{
    WayBy by{WayBy::NOTHING};    //!< What decides on ways
    bool seesAll{false};         //!< It looks at other switches than the packet's, at no cost
    bool isForwarded{false};     //!< Endpoints forward packets for one another
    bool hasIntermediate{false}; //!< The parameter Intermediate is for it
    bool hasThreshold{false};    //!< ... and Threshold
    bool hasTable{false};        //!< ... and Table, without which it can't be
    /** Makes it for a domain; throws ParameterError("algorithm", ...) where the domain is of a kind
     * for which it is not. */
    std::unique_ptr<RoutingAlgorithm> (*make)(const Topology& topology,
                                              uint32_t domain,
                                              const RoutingProfile& profile){nullptr};
};

/** @return all routing algorithms, by the words of RoutingProfile's Algorithm. */
Registry<RoutingKind>& GetRoutingAlgorithms();

/** @return what is known of the algorithm that a profile names. @param [in] profile It. */
const RoutingKind& GetRoutingKind(const RoutingProfile& profile);

/** Makes the minimal routes of a domain, in closed form. */
using MakeMinimal = std::unique_ptr<RoutingAlgorithm> (*)(const Topology& topology,
                                                          uint32_t domain);

/**
 * @ingroup mtlink
 * MakeMinimal for a class of routes.
 * @tparam Routes The class, made of a topology, a domain and
 * @tparam OPTIONS what else it takes.
 */
template <typename Routes, auto... OPTIONS>
std::unique_ptr<RoutingAlgorithm>
MakeRoutes(const Topology& topology, uint32_t domain)
{
    return std::make_unique<Routes>(topology, domain, OPTIONS...);
}

/** @return who makes minimal routes, by the type of the builder of a domain's topology. */
Registry<MakeMinimal>& GetMinimalRoutes();

/**
 * @ingroup mtlink
 * @param [in] topology The graph.
 * @param [in] domain A domain.
 * @return who makes its minimal routes; nullptr: its kind has none in closed form.
 */
MakeMinimal FindMinimal(const Topology& topology, uint32_t domain);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ROUTING_REGISTRY_H
