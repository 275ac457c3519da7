/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FAT_TREE_ROUTING_H
#define MTLINK_FAT_TREE_ROUTING_H

#include "routing/endpoint-index.h"

#include "ns3/mtlink-routing.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Closed-form up/down routing on a domain of FatTreeTopology: no table per destination.
 */
class FatTreeRouting : public RoutingAlgorithm
{
  public:
    /**
     * @param [in] topology The graph; must outlive this.
     * @param [in] domain A domain built by FatTreeTopology.
     */
    FatTreeRouting(const Topology& topology, uint32_t domain);

    std::string GetDefinition() const override;
    uint32_t GetVcClasses() const override;
    Hops NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const override;
    bool IsInjectionUniform(uint32_t endpoint) const override;
    bool AreAlike(uint32_t a, uint32_t b) const override;

  private:
    /** What routing needs of a level of switches. */
    struct Level
    {
        uint32_t span;      //!< Endpoints of a subtree
        uint32_t childSpan; //!< Endpoints below one child
        uint32_t parallel;  //!< Links to one child
        uint32_t upCount;   //!< Number of links up
    };

    /** What routing needs of a switch: small, as each hop reads another. */
    struct Switch
    {
        const uint32_t* links; //!< Its links: to children, then to parents
        uint32_t subtree;      //!< Endpoints below it are subtree * span .. + span - 1
        uint32_t level : 8;    //!< In m_levels
        uint32_t upFirst : 24; //!< Port of its first link up
    };

    static_assert(sizeof(Switch) == 16);

    uint32_t m_firstSwitch;             //!< Node number of the first switch
    EndpointIndex m_index;              //!< Index of an endpoint
    std::vector<Level> m_levels;        //!< From the leaves up
    std::vector<Switch> m_switches;     //!< By node - m_firstSwitch
    std::vector<IndexSpan> m_injection; //!< By endpoint index: its links
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FAT_TREE_ROUTING_H
