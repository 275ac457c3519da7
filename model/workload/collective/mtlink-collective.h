/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COLLECTIVE_H
#define MTLINK_COLLECTIVE_H

#include "ns3/mtlink-operation-graph.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What a collective may know of the fabric that it runs on; filled by the experiment room.
 */
struct FabricHints
{
    uint32_t endpoints{0};         //!< Endpoints of the fabric
    uint32_t scaleUpSize{0};       //!< Endpoints per scale-up node (rails), else all
    bool fullMesh{false};          //!< Scale-up part is wired endpoint to endpoint
    double endpointBytesPerSecond{0}; //!< Sum of an endpoint's link rates, one direction
    double bisectionBytesPerSecond{0}; //!< One direction, halves in rank order; 0: unknown
    std::function<Tick(uint32_t, uint32_t)> latency; //!< Least latency between two endpoints
    std::function<double(uint32_t, uint32_t)> rate;  //!< Idle bytes/s between two endpoints
};

/**
 * @ingroup mtlink
 * A collective to be expanded.
 */
struct CollectiveSpec
{
    std::string name;              //!< all_reduce, all_gather, reduce_scatter, all_to_all, ...
    std::string algorithm{"auto"}; //!< auto, ring, bidirectional_ring, tree, ...
    uint64_t bytes{0};             //!< nccl-tests' size: one rank's buffer
    std::vector<uint64_t> counts;  //!< all_to_allv: bytes from i to j at [i * n + j]
    std::vector<uint32_t> ranks;   //!< Members, as ranks of the graph
    std::vector<uint32_t> endpoints; //!< Endpoint of each rank of the graph
    uint32_t root{0};              //!< Index into ranks: broadcast, reduce, gather, scatter
    uint32_t channels{0};          //!< Parallel rings or trees; 0: chosen by fabric
    uint64_t chunk{0};             //!< Pipelining chunk in bytes; 0: chosen by algorithm
};

/**
 * @ingroup mtlink
 * The ends of an expanded collective within the graph, by member.
 */
struct CollectiveEnds
{
    uint32_t collective;         //!< Index of its record
    std::vector<uint32_t> begin; //!< An operation each: the member's part starts with it
    std::vector<uint32_t> end;   //!< An operation each: the member's part has finished with it
};

/**
 * @ingroup mtlink
 * Expand a collective into operations.
 * @param [in,out] graph Where to add them.
 * @param [in] spec What to expand.
 * @param [in] hints The fabric; used by `auto`, by rings over meshes and by the bound.
 * @return where it begins and ends, for dependencies on it.
 * @throws ParameterError for an unknown name or algorithm, a pair that does not go together, a
 *         size that can't be.
 */
CollectiveEnds ExpandCollective(OperationGraph& graph,
                                const CollectiveSpec& spec,
                                const FabricHints& hints);

/**
 * @param [in] name A collective.
 * @return the algorithms it can run by, "auto" first; empty: unknown collective.
 */
std::vector<std::string> GetAlgorithms(const std::string& name);

/** @return the names of all collectives. */
std::vector<std::string> GetCollectives();

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_COLLECTIVE_H
