/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PLACEMENT_H
#define MTLINK_PLACEMENT_H

#include "workload/collective/collective.h"
#include "workload/collective/transfer.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Where a collective's members sit, as far as algorithms ask.
 */
class Placement
{
  public:
    /**
     * @param [in] spec The collective.
     * @param [in] hints The fabric.
     */
    Placement(const CollectiveSpec& spec, const FabricHints& hints);

    /** @return the members of each scale-up node, nodes and members in order of appearance. */
    const std::vector<Team>& GetNodes() const;

    /** @return whether every node holds as many members as the others. */
    bool IsEven() const;

    /** @return whether all members are in one node and wired to one another directly. */
    bool IsMesh() const;

    /** @return whether all members are in one node, a link or a single switch from one another. */
    bool IsOneHop() const;

    /** @return whether members of one node are wired to one another directly. */
    bool HasMeshNodes() const;

    /**
     * Paths side by side between two endpoints of a node, each for one flow: planes of switches,
     * or several links between one pair. The endpoint's rate over that between two endpoints (of
     * a mesh: over that to all the others), rounded.
     * @return their number, 1 to 32; 1 where not known.
     */
    uint32_t GetPaths() const;

    /**
     * The rings that carry a collective, one for each channel.
     * - Members in one full mesh: arc-disjoint directed Hamiltonian cycles, so that every link
     *   works; all of them unless told otherwise, times the paths between a pair. Of 4 and 6
     *   members no such cycles use every arc: left to choose, cycles that use each arc twice.
     * - Members in several nodes of equal size: through each node in turn, there and back, so that
     *   a node is left and the next one entered at the same place, on the same rail; the last of
     *   an odd number of nodes can't. Channels begin at different places and end at different
     *   ones; a mesh node's places are walked along a Hamiltonian cycle of their own. As many as
     *   a node has members, or a mesh has cycles.
     * - Else in FabricHints::ringOrder (on a torus and a HyperX a Hamiltonian cycle), or in order
     * of rank where there is none; as many as there are paths, but with at least 4 KiB in each
     *   step's message, since one flow uses one path only.
     * @param [in] channels How many; 0: as said.
     * @param [in] chunk Bytes of one member's share, to be cut by channel.
     * @return the order of members, by channel.
     */
    std::vector<Team> GetRings(uint32_t channels, uint64_t chunk) const;

    /**
     * The same, each ring in both directions, the channels 2 i and 2 i + 1. A mesh's are those
     * undirected cycles that share no edge.
     * @param [in] channels How many directed rings, an even number; 0: all.
     * @param [in] chunk Bytes of one member's share, to be cut by channel.
     * @return the order of members, by channel.
     */
    std::vector<Team> GetRingPairs(uint32_t channels, uint64_t chunk) const;

    /**
     * @param [in] channels How many; 0: as many as there are paths, see GetRings().
     * @param [in] message Bytes of a message, to be cut by channel.
     * @return lots to cut each message of an algorithm into that is no ring.
     */
    uint32_t GetLots(uint32_t channels, uint64_t message) const;

    /**
     * The same, of a number of paths known already.
     * @param [in] channels How many; 0: as many as there are paths.
     * @param [in] paths From GetPaths().
     * @param [in] message Bytes of a message.
     * @return lots.
     */
    static uint32_t CutLots(uint32_t channels, uint32_t paths, uint64_t message);

  private:
    /**
     * @param [in] cycles Orders of a node's places, by channel.
     * @param [in] channels How many rings.
     * @return rings through all nodes.
     */
    std::vector<Team> MakeRingsThroughNodes(const std::vector<Team>& cycles,
                                            uint32_t channels) const;

    std::vector<Team> m_nodes; //!< Members by node
    Team m_order;              //!< Members in order of a ring, see FabricHints::ringOrder
    uint32_t m_members;        //!< In all
    bool m_oneHop;             //!< Nodes are full meshes, or joined by single switches
    bool m_mesh;               //!< Nodes are full meshes, one member to an endpoint
    uint32_t m_paths;          //!< See GetPaths()
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PLACEMENT_H
