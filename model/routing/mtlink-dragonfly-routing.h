/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DRAGONFLY_ROUTING_H
#define MTLINK_DRAGONFLY_ROUTING_H

#include "mtlink-endpoint-index.h"
#include "mtlink-routing.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Minimal routing on a domain of DragonflyTopology; a table of switches x groups, none of
 * destinations.
 */
class DragonflyRouting : public RoutingAlgorithm
{
  public:
    /**
     * @param [in] topology The graph; must outlive this.
     * @param [in] domain A domain built by DragonflyTopology.
     */
    DragonflyRouting(const Topology& topology, uint32_t domain);

    std::string GetDefinition() const override;
    uint32_t GetVcClasses() const override;
    Hops NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const override;
    bool IsInjectionUniform(uint32_t endpoint) const override;

  private:
    /** Links to a group, in m_pool. */
    struct ToGroup
    {
        uint32_t first;  //!< First of them
        uint32_t count;  //!< Number
        uint8_t vcClass; //!< 0: local links to switches that reach the group; 1: global links
    };

    uint32_t m_firstSwitch;                             //!< Node number of the first switch
    uint32_t m_p;                                       //!< Endpoints per switch
    uint32_t m_a;                                       //!< Switches per group
    uint32_t m_groups;                                  //!< Groups
    EndpointIndex m_index;                              //!< Index of an endpoint
    std::vector<std::span<const uint32_t>> m_injection; //!< By endpoint index: its link
    std::vector<const uint32_t*> m_links;               //!< By switch: its links, endpoints first
    std::vector<uint32_t> m_localFirst;                 //!< By switch: port of its first local link
    std::vector<ToGroup> m_toGroup;                     //!< By switch and group
    std::vector<uint32_t> m_pool;                       //!< Lists of links
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DRAGONFLY_ROUTING_H
