/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TORUS_ROUTING_H
#define MTLINK_TORUS_ROUTING_H

#include "mtlink-grid-places.h"
#include "mtlink-routing.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Dimension-order routing on a domain of TorusTopology, with dateline classes: Dally and Seitz,
 * "Deadlock-free message routing in multiprocessor interconnection networks", IEEE Transactions on
 * Computers C-36(5), 1987.
 */
class TorusRouting : public RoutingAlgorithm
{
  public:
    /**
     * @param [in] topology The graph; must outlive this.
     * @param [in] domain A domain built by TorusTopology.
     */
    TorusRouting(const Topology& topology, uint32_t domain);

    std::string GetDefinition() const override;
    uint32_t GetVcClasses() const override;
    Hops NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const override;
    bool IsInjectionUniform(uint32_t endpoint) const override;

  private:
    /** A direction along a dimension. */
    enum Direction
    {
        UP,   //!< To the next larger coordinate, from the last to 0
        DOWN, //!< The other way
    };

    /** What is the same for all switches along a dimension. */
    struct Line
    {
        uint32_t size;  //!< Switches
        uint32_t width; //!< Parallel links between two neighbours
        bool ring;      //!< The last is joined to the first
    };

    /**
     * @param [in] d A dimension in which the packet has still to move.
     * @param [in] from Its coordinate there.
     * @param [in] to The destination's.
     * @param [in] index The destination.
     * @return the shorter way.
     */
    Direction GetDirection(uint32_t d, uint32_t from, uint32_t to, uint32_t index) const;

    /**
     * @param [in] d A dimension.
     * @param [in] point A switch.
     * @param [in] direction Which way.
     * @return the links to the neighbour there.
     */
    std::span<const uint32_t> GetLinks(uint32_t d, uint32_t point, Direction direction) const
    {
        const size_t place = static_cast<size_t>(point) * m_lines.size() + d;
        return {m_places.GetLinks(point) + m_ports[2 * place + direction], m_lines[d].width};
    }

    GridPlaces m_places;           //!< Where nodes are
    std::vector<Line> m_lines;     //!< By dimension
    std::vector<uint32_t> m_ports; //!< By switch, dimension and direction: first port
    std::vector<bool> m_tieUp;     //!< By endpoint index: half-way round, go up
    uint32_t m_classes{1};         //!< 2 where some ring needs a dateline
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TORUS_ROUTING_H
