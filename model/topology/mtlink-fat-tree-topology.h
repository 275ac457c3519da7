/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FAT_TREE_TOPOLOGY_H
#define MTLINK_FAT_TREE_TOPOLOGY_H

#include "ns3/mtlink-topology-builder.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A fat tree: the extended generalised fat tree XGFT(h; m1..mh; w1..wh) of Öhring, Ibel, Das and
 * Kumar, "On generalized fat trees", IPPS 1995, with parallel links as in the PGFT of Zahavi,
 * "D-Mod-K routing providing non-blocking traffic for shift permutations on real life fat trees",
 * 2010.
 *
 * Endpoints are level 0, leaves level 1, the top level h. A switch of level l has m_l = `down[l-1]`
 * children; a node of level l-1 has w_l = `up[l-1]` parents, each by `parallel[l-1]` links. So
 * level l has (m_{l+1} ... m_h) (w_1 ... w_l) switches, and there are m_1 ... m_h endpoints.
 * `radix` R and `levels` L stand for the folded Clos network of equal switches: m = (R/2, ..., R/2,
 * R), w = (1, R/2, ..., R/2), that is 2 (R/2)^L endpoints.
 *
 * Ports of a switch: to its children in ascending order, then to its parents in ascending order;
 * parallel links side by side. With fewer endpoints than places, leaves fill one after another;
 * all switches are built.
 */
class FatTreeTopology : public TopologyBuilder
{
  public:
    /** The tree's numbers, leaf upwards: index l-1 is between levels l-1 and l. */
    struct Shape
    {
        std::vector<uint32_t> down;     //!< Children of a switch
        std::vector<uint32_t> up;       //!< Parents of a node, after `taper`
        std::vector<uint32_t> parallel; //!< Links between parent and child
    };

    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    uint32_t GetCapacity() const override;
    std::vector<std::string> GetLinkClassNames() const override;
    void Attach(Topology& topology,
                const std::vector<uint32_t>& endpoints,
                const std::string& path,
                uint32_t tier) const override;

    /**
     * @return the tree's numbers from whichever form was given.
     * @throws ParameterError if they don't make a tree.
     */
    Shape GetShape() const;

  private:
    uint32_t m_radix;       //!< Ports per switch, or 0
    uint32_t m_levels;      //!< Switch levels, or 0
    std::string m_down;     //!< "4,4,4", or empty
    std::string m_up;       //!< "1,4,4", or empty
    std::string m_parallel; //!< "1,1,1", or empty
    double m_taper;         //!< Oversubscription at the leaf
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FAT_TREE_TOPOLOGY_H
