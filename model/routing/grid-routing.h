/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_GRID_ROUTING_H
#define MTLINK_GRID_ROUTING_H

#include "routing/grid-places.h"

#include "ns3/mtlink-routing.h"

namespace ns3
{
namespace mtlink
{

class GridTopology;

/**
 * @ingroup mtlink
 * Routing on a domain of GridTopology, one dimension at a time: what TorusRouting and HyperxRouting
 * have in common. They differ in the links that lead along a dimension, and in their classes.
 */
class GridRouting : public RoutingAlgorithm
{
  public:
    bool IsInjectionUniform(uint32_t endpoint) const override;
    bool IsAdaptive() const override;

  protected:
    /** Where a packet is and where it goes. */
    struct Way
    {
        uint32_t index;     //!< The destination
        uint32_t point;     //!< The switch
        const uint32_t* at; //!< Its coordinates
        const uint32_t* to; //!< Those of the destination's switch
    };

    /**
     * @param [in] topology The graph; must outlive this.
     * @param [in] domain A domain built by a GridTopology.
     * @param [in] adaptive Minimal adaptive; else dimension order alone.
     */
    GridRouting(const Topology& topology, uint32_t domain, bool adaptive);

    /** @return the layout of a domain. */
    static const GridTopology& GetLayout(const Topology& topology, uint32_t domain);

    /**
     * Dimension order.
     * @param [in] node An endpoint or a switch.
     * @param [in] target The destination.
     * @param [in] last Class of the link to an endpoint.
     * @param [in] getHops Gives, for a Way, the hops along the dimension given.
     * @return the hops along the first dimension in which the packet has still to move.
     */
    template <typename GetHops>
    Hops FindHops(uint32_t node, uint32_t target, uint8_t last, GetHops getHops) const
    {
        const uint32_t index = m_places.GetIndex(target);
        if (!m_places.IsSwitch(node))
        {
            return {m_places.GetInjection(m_places.GetIndex(node)), 0};
        }
        const Way way = GetWay(node, index);
        for (uint32_t d = 0; d < m_places.GetDimensions(); ++d)
        {
            if (way.at[d] != way.to[d])
            {
                return getHops(way, d);
            }
        }
        return {m_places.GetEjection(index), last};
    }

    /**
     * All alternatives: adaptive ones along any dimension, and the escape.
     * @param [in] state Where the packet is.
     * @param [out] alternatives Where to add them.
     * @param [in] add Adds, for a Way, the adaptive ones along the dimension given.
     */
    template <typename Add>
    void FindAlternatives(const PathState& state,
                          std::vector<Alternative>& alternatives,
                          Add add) const
    {
        const Way way = GetWay(state.node, m_places.GetIndex(state.target));
        for (uint32_t d = 0; m_adaptive && d < m_places.GetDimensions(); ++d)
        {
            if (way.at[d] != way.to[d])
            {
                add(way, d);
            }
        }
        alternatives.push_back(
            {NextHops(state.node, state.target, state.vcClass), NO_DETOUR, false});
    }

    GridPlaces m_places; //!< Where nodes are
    bool m_adaptive;     //!< One more class, for all ways that lead nearer

  private:
    /** @return the way from a switch to an endpoint. */
    Way GetWay(uint32_t node, uint32_t index) const
    {
        const uint32_t point = m_places.GetPoint(node);
        return {index,
                point,
                m_places.GetCoordinates(point),
                m_places.GetCoordinates(m_places.GetPointOf(index))};
    }
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_GRID_ROUTING_H
