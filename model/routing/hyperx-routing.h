/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_HYPERX_ROUTING_H
#define MTLINK_HYPERX_ROUTING_H

#include "routing/grid-routing.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Routing on a domain of HyperxTopology: dimension order; or minimal adaptive, any link to the
 * destination's coordinate in a class of its own that is only taken with credit, with dimension
 * order as the escape (Duato 1993, see TorusRouting).
 */
class HyperxRouting : public GridRouting
{
  public:
    /**
     * @param [in] topology The graph; must outlive this.
     * @param [in] domain A domain built by HyperxTopology.
     * @param [in] adaptive Minimal adaptive; else dimension order alone.
     */
    HyperxRouting(const Topology& topology, uint32_t domain, bool adaptive);

    std::string GetDefinition() const override;
    uint32_t GetVcClasses() const override;
    Hops NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const override;
    void GetAlternatives(const PathState& state,
                         std::vector<Alternative>& alternatives) const override;

  private:
    /** What is the same for all switches along a dimension. */
    struct Line
    {
        uint32_t width;     //!< Parallel links between two switches
        uint32_t firstPort; //!< First port there, counted from the end of the endpoints'
    };

    /**
     * @param [in] d A dimension.
     * @param [in] point A switch.
     * @param [in] from Its coordinate there.
     * @param [in] to Another.
     * @return the links to the switch there.
     */
    IndexSpan GetLinks(uint32_t d, uint32_t point, uint32_t from, uint32_t to) const;

    std::vector<Line> m_lines; //!< By dimension
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_HYPERX_ROUTING_H
