/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TORUS_ROUTING_H
#define MTLINK_TORUS_ROUTING_H

#include "routing/grid-routing.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Routing on a domain of TorusTopology.
 *
 * Dimension order, with dateline classes: Dally and Seitz, "Deadlock-free message routing in
 * multiprocessor interconnection networks", IEEE Transactions on Computers C-36(5), 1987.
 *
 * Minimal adaptive: any link that leads nearer, in a class of its own that is only taken with
 * credit; dimension order is the escape: Duato, "A new theory of deadlock-free adaptive routing in
 * wormhole networks", IEEE Transactions on Parallel and Distributed Systems 4(12), 1993.
 */
class TorusRouting : public GridRouting
{
  public:
    /**
     * @param [in] topology The graph; must outlive this.
     * @param [in] domain A domain built by TorusTopology.
     * @param [in] adaptive Minimal adaptive; else dimension order alone.
     */
    TorusRouting(const Topology& topology, uint32_t domain, bool adaptive);

    std::string GetDefinition() const override;
    uint32_t GetVcClasses() const override;
    Hops NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const override;
    void GetAlternatives(const PathState& state,
                         std::vector<Alternative>& alternatives) const override;

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
     * @param [in] d A ring in which the packet has still to move.
     * @param [in] from Its coordinate there.
     * @param [in] to The destination's.
     * @return the steps up; the others go down.
     */
    uint32_t GetStepsUp(uint32_t d, uint32_t from, uint32_t to) const
    {
        return to > from ? to - from : to + m_lines[d].size - from;
    }

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
    IndexSpan GetLinks(uint32_t d, uint32_t point, Direction direction) const
    {
        const size_t place = static_cast<size_t>(point) * m_lines.size() + d;
        return {m_places.GetLinks(point) + m_ports[2 * place + direction], m_lines[d].width};
    }

    std::vector<Line> m_lines;     //!< By dimension
    std::vector<uint32_t> m_ports; //!< By switch, dimension and direction: first port
    std::vector<bool> m_tieUp;     //!< By endpoint index: half-way round, go up
    uint8_t m_ordered{1};          //!< Classes of dimension order: 2 where a ring needs a dateline
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TORUS_ROUTING_H
