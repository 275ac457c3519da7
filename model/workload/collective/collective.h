/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COLLECTIVE_H
#define MTLINK_COLLECTIVE_H

#include "workload/operation-graph.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A collective to be done.
 */
struct CollectiveSpec
{
    std::string name;                //!< all_reduce, all_gather, reduce_scatter, all_to_all, ...
    std::string algorithm{"auto"};   //!< auto, ring, bidirectional_ring, tree, ...
    uint64_t bytes{0};               //!< nccl-tests' size, see GetBusFactor(); 0: nothing is sent
    std::vector<uint64_t> counts;    //!< all_to_allv: bytes from i to j at [i * n + j]
    std::vector<uint32_t> ranks;     //!< Members, as ranks of the graph
    std::vector<uint32_t> endpoints; //!< Endpoint of each rank of the graph
    uint32_t root{0};                //!< Index into ranks: broadcast, reduce, gather, scatter
    uint32_t channels{0};            //!< Parallel rings or trees; 0: chosen by fabric
    uint64_t chunk{0};               //!< Pipelining chunk in bytes; 0: chosen by algorithm
};

/**
 * @ingroup mtlink
 * What a collective may know of the fabric that it runs on; filled by the experiment room.
 */
struct FabricHints
{
    uint32_t endpoints{0};             //!< Endpoints of the fabric
    uint32_t scaleUpSize{0};           //!< Endpoints per scale-up node (rails), else all
    bool fullMesh{false};              //!< Scale-up part is wired endpoint to endpoint
    bool oneHop{false};                //!< ... or by single switches: a mesh or planes of them
    double endpointBytesPerSecond{0};  //!< Sum of an endpoint's link rates, one direction
    double bisectionBytesPerSecond{0}; //!< One direction, halves in endpoint order; 0: unknown
    std::vector<uint32_t> ringOrder;   //!< Endpoints so that neighbours are near; empty: by number
    std::function<Tick(uint32_t, uint32_t)> latency; //!< Least latency between two endpoints
    std::function<double(uint32_t, uint32_t)> rate;  //!< Idle bytes/s of one flow between two
    /** Transport::OpenGroup(): members, channels, whether it reduces, whether it copies. */
    std::function<uint32_t(std::span<const uint32_t>, uint32_t, bool, bool)> openGroup;
    /**
     * Time of an operation of a group that is to be opened, alone on the fabric, ps, endpoint
     * overhead not included: members, channels, the operation. Nothing: the network can't. Empty:
     * `auto` is not to choose it.
     */
    std::function<std::optional<Tick>(std::span<const uint32_t>, uint32_t, const GroupMessage&)>
        groupTime;
    double wireFactor{1};              //!< Wire bytes of a full packet over its payload
    Tick messageOverhead{0};           //!< Before each message, ps
    double reductionBytesPerSecond{0}; //!< Of a rank that reduces itself; 0: takes no time
    /** Throws ParameterError for what, its algorithm chosen, should not be run; empty: all may. */
    std::function<void(const CollectiveSpec&)> admit;
};

/**
 * @ingroup mtlink
 * The ends of a collective within the graph, by member.
 */
struct CollectiveEnds
{
    uint32_t collective;         //!< Index of its record
    std::vector<uint32_t> begin; //!< An operation each: the member's part starts with it
    std::vector<uint32_t> end;   //!< An operation each: the member's part has finished with it
};

/**
 * @ingroup mtlink
 * How a collective is to be done.
 */
struct PlannedCollective
{
    CollectiveSpec spec;      //!< As asked for, but with the algorithm that is run
    CollectiveRecord record;  //!< For its row in the results
    ProgramPointer program;   //!< What its members do; nullptr: one member, or in the network
    uint32_t group{NO_GROUP}; //!< In the network: the members' group
};

/**
 * @ingroup mtlink
 * Plan a collective. What its members do is documented with each algorithm; sizes not divisible
 * are cut into chunks that differ by at most one byte, and empty chunks are not sent.
 *
 * | collective | algorithms besides auto |
 * |---|---|
 * | all_reduce | ring, bidirectional_ring, tree, halving_doubling, doubling, direct, two_shot,
 * hierarchical | | all_gather | ring, bidirectional_ring, doubling, bruck, direct, hierarchical |
 * | reduce_scatter | ring, bidirectional_ring, halving_doubling, direct, pairwise, hierarchical |
 * | all_to_all | direct, pairwise, bruck, hierarchical |
 * | all_to_allv | direct, pairwise |
 * | broadcast, reduce | ring, tree, binomial, direct, two_shot |
 * | gather, scatter | direct, binomial |
 * | send_recv | direct |
 * | barrier | dissemination, direct |
 *
 * all_reduce, all_gather, reduce_scatter, broadcast and reduce also run by in_network, where the
 * fabric's switches can. Where the network has no room for the group it is done by ring, and its
 * record says so. `auto` chooses it for all_reduce, broadcast and reduce where
 * FabricHints::groupTime is less than what the algorithm of the table takes at least: its rounds
 * of the least latency between neighbours in the list, overheads, what a member must send or
 * receive at its links' rate, and reduce.
 *
 * `auto` else, the first line that fits, where S is the size, n the members:
 *
 * | collective | where | algorithm |
 * |---|---|---|
 * | all_reduce | one hop, n = 2 or (n - 1) S <= 256 KiB | direct |
 * | | one hop | two_shot |
 * | | several even nodes, S > 64 KiB | hierarchical |
 * | | S <= 16 KiB | doubling |
 * | | S / n < 64 KiB | halving_doubling |
 * | | else | ring |
 * | all_gather, reduce_scatter | one hop | direct |
 * | | several even nodes, S > 64 KiB | hierarchical |
 * | | S / n < 64 KiB | bruck, halving_doubling |
 * | | else | ring |
 * | all_to_all | more hops, S / n <= 1 KiB, n >= 8 | bruck |
 * | | else | direct |
 * | broadcast, reduce | one hop, S > 32 KiB, n > 2 | two_shot |
 * | | S <= 16 KiB | binomial |
 * | | else | tree |
 * | gather, scatter | more hops, S / n <= 1 KiB, n >= 8 | binomial |
 * | | else | direct |
 * | all_to_allv, send_recv | | direct |
 * | barrier | | dissemination |
 *
 * "One hop": all members in one node, each pair joined by a link of its own or by single switches
 * (planes). Why: few rounds while latency counts, then the least bytes; at one hop direct exchange
 * has both, as no two pairs share more than the endpoints' own links; across nodes the slower
 * network carries each byte once.
 * @param [in] ranks Ranks of the workload.
 * @param [in] spec What to do.
 * @param [in] hints The fabric; used by `auto`, by rings over meshes and by the bound.
 * @return how.
 * @throws ParameterError for an unknown name or algorithm, a pair that does not go together, a
 *         size that can't be.
 */
PlannedCollective PlanCollective(uint32_t ranks,
                                 const CollectiveSpec& spec,
                                 const FabricHints& hints);

/**
 * @ingroup mtlink
 * Add a planned collective to a graph, as often as it is done: see below.
 * @param [in,out] graph Where to add it.
 * @param [in] planned It, of ranks of the graph.
 * @return as below.
 */
CollectiveEnds AddCollective(OperationGraph& graph, const PlannedCollective& planned);

/**
 * @ingroup mtlink
 * Add a collective to a graph: a LAUNCH and an end for each member, and between them what unfolds
 * as it is replayed; steps of groups in the network are in the graph themselves.
 * @param [in,out] graph Where to add it.
 * @param [in] spec What to do.
 * @param [in] hints The fabric.
 * @return where it begins and ends, for dependencies on it.
 * @throws ParameterError as PlanCollective().
 */
CollectiveEnds AddCollective(OperationGraph& graph,
                             const CollectiveSpec& spec,
                             const FabricHints& hints);

/**
 * @ingroup mtlink
 * Add a collective that was planned: one that comes again need not be planned again.
 * @param [in,out] graph Where to add it.
 * @param [in] planned From PlanCollective() for the graph's ranks.
 * @return where it begins and ends.
 */
CollectiveEnds AddCollective(OperationGraph& graph, const PlannedCollective& planned);

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
