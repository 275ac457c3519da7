/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TORUS_TOPOLOGY_H
#define MTLINK_TORUS_TOPOLOGY_H

#include "mtlink-grid.h"
#include "mtlink-topology-builder.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A torus, or a mesh of switches: a k-ary n-cube with a size of its own for each dimension (Dally
 * and Towles, "Principles and Practices of Interconnection Networks", 2004, chapter 5). In each
 * dimension a switch is joined to the next one up and the next one down; the last is joined to the
 * first where the dimension wraps.
 *
 * A dimension of 1 has no links. In one of 2 the next up is the next down: one cable (times the
 * width), wrapped or not.
 *
 * Switch s has the coordinates of Grid, the first dimension varies fastest; its endpoints are
 * s E to s E + E - 1, E = `endpoints_per_switch`. With fewer endpoints than places the switches
 * fill one after another; all are built. Ports of a switch: its endpoints; then by dimension the
 * links to each neighbour, parallel links side by side.
 */
class TorusTopology : public TopologyBuilder
{
  public:
    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    uint32_t GetCapacity() const override;
    std::vector<std::string> GetLinkClassNames() const override;
    std::vector<uint32_t> GetRingOrder(uint32_t endpoints) const override;
    void Attach(Topology& topology,
                const std::vector<uint32_t>& endpoints,
                const std::string& path,
                uint32_t tier) const override;

    /**
     * @return the switches.
     * @throws ParameterError for dimensions that can't be.
     */
    Grid GetGrid() const;

    /**
     * @return by dimension whether it is a ring: wrapped, and of 3 switches or more.
     * @throws ParameterError for a list that doesn't fit the dimensions.
     */
    std::vector<bool> GetRings() const;

    /**
     * @return by dimension the links from a switch to its neighbour, in parallel.
     * @throws ParameterError for a list that doesn't fit the dimensions.
     */
    std::vector<uint32_t> GetWidths() const;

    /** @return the endpoints of a switch. */
    uint32_t GetEndpointsPerSwitch() const
    {
        return m_endpointsPerSwitch;
    }

  private:
    std::string m_dimensions;      //!< "4,4,4"
    uint32_t m_endpointsPerSwitch; //!< Endpoints per switch
    std::string m_wrap;            //!< "1,1,0", or empty: all
    std::string m_width;           //!< "2,2,1", or empty: 1 each
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TORUS_TOPOLOGY_H
