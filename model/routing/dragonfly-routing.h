/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DRAGONFLY_ROUTING_H
#define MTLINK_DRAGONFLY_ROUTING_H

#include "routing/endpoint-index.h"

#include "ns3/mtlink-routing.h"

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
    bool AreAlike(uint32_t a, uint32_t b) const override;

  protected:
    /** Where a switch is on the minimal way to a target. */
    enum Place
    {
        BEFORE_GLOBAL, //!< A local link leads to a switch with a global link
        AT_GLOBAL,     //!< It has a global link to the target's group
        IN_GROUP,      //!< It is in the target's group
    };

    /** @return the groups, g. */
    uint32_t GetGroups() const
    {
        return m_groups;
    }

    /** @return the switches of a group, a. */
    uint32_t GetA() const
    {
        return m_a;
    }

    /** @return whether a node is a switch of the domain. */
    bool IsSwitch(uint32_t node) const
    {
        return node >= m_firstSwitch;
    }

    /** @return the number of a switch (node) in the dragonfly, from 0. */
    uint32_t GetNumber(uint32_t node) const
    {
        return node - m_firstSwitch;
    }

    /** @return the group of a switch (node). */
    uint32_t GetGroupOf(uint32_t node) const
    {
        return (node - m_firstSwitch) / m_a;
    }

    /** @return the number of the switch of an endpoint (node). */
    uint32_t GetSwitchOf(uint32_t endpoint) const
    {
        return m_index[endpoint] / m_p;
    }

    /** @return the node at the end of a link. */
    uint32_t GetEnd(uint32_t link) const
    {
        return m_topology.GetLinks()[link].to;
    }

    /** @return where a switch (node) is on the minimal way to an endpoint. */
    Place GetPlace(uint32_t node, uint32_t target) const;

    /** @return the link from a switch (node) to another of its group, given by its number. */
    Hops GetLocalHops(uint32_t node, uint32_t to) const;

    /** @return minimal hops from a switch (node) towards another group. */
    Hops GetHopsToGroup(uint32_t node, uint32_t group) const;

  private:
    /** Links to a group, in m_pool. */
    struct ToGroup
    {
        uint32_t first;  //!< First of them
        uint32_t count;  //!< Number
        uint8_t vcClass; //!< 0: local links to switches that reach the group; 1: global links
    };

    const Topology& m_topology;           //!< The graph
    uint32_t m_firstSwitch;               //!< Node number of the first switch
    uint32_t m_p;                         //!< Endpoints per switch
    uint32_t m_a;                         //!< Switches per group
    uint32_t m_groups;                    //!< Groups
    EndpointIndex m_index;                //!< Index of an endpoint
    std::vector<IndexSpan> m_injection;   //!< By endpoint index: its link
    std::vector<const uint32_t*> m_links; //!< By switch: its links, endpoints first
    std::vector<uint32_t> m_localFirst;   //!< By switch: port of its first local link
    std::vector<ToGroup> m_toGroup;       //!< By switch and group
    std::vector<uint32_t> m_pool;         //!< Lists of links
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DRAGONFLY_ROUTING_H
