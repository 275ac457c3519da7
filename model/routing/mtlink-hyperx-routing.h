/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_HYPERX_ROUTING_H
#define MTLINK_HYPERX_ROUTING_H

#include "mtlink-grid-places.h"
#include "mtlink-routing.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Dimension-order routing on a domain of HyperxTopology.
 */
class HyperxRouting : public RoutingAlgorithm
{
  public:
    /**
     * @param [in] topology The graph; must outlive this.
     * @param [in] domain A domain built by HyperxTopology.
     */
    HyperxRouting(const Topology& topology, uint32_t domain);

    std::string GetDefinition() const override;
    uint32_t GetVcClasses() const override;
    Hops NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const override;
    bool IsInjectionUniform(uint32_t endpoint) const override;

  private:
    /** What is the same for all switches along a dimension. */
    struct Line
    {
        uint32_t width;     //!< Parallel links between two switches
        uint32_t firstPort; //!< First port there, counted from the end of the endpoints'
    };

    GridPlaces m_places;       //!< Where nodes are
    std::vector<Line> m_lines; //!< By dimension
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_HYPERX_ROUTING_H
