/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_HYPERX_TOPOLOGY_H
#define MTLINK_HYPERX_TOPOLOGY_H

#include "mtlink-grid.h"
#include "mtlink-topology-builder.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A HyperX: Ahn, Binkert, Davis, McLaren and Schreiber, "HyperX: topology, routing, and packaging
 * of efficient large-scale networks", SC 2009. Switches at the points of a box, each joined to all
 * the others that differ from it in one coordinate. In the paper's letters: L is the length of
 * `dimensions`, S_1 ... S_L are its numbers, K_1 ... K_L is `width`, as parallel links, and T is
 * `endpoints_per_switch`. One dimension is a full mesh of switches; all of size 2 are a hypercube;
 * two dimensions are also known as a flattened butterfly (Kim, Dally and Abts, ISCA 2007).
 *
 * A dimension of 1 has no links. Switch s has the coordinates of Grid, the first dimension varies
 * fastest; its endpoints are s T to s T + T - 1. With fewer endpoints than places the switches fill
 * one after another; all are built. Ports of a switch: its endpoints; then by dimension the links
 * to each other coordinate, ascending, parallel links side by side.
 */
class HyperxTopology : public TopologyBuilder
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
     * @return by dimension the links between two switches, in parallel: K.
     * @throws ParameterError for a list that doesn't fit the dimensions.
     */
    std::vector<uint32_t> GetWidths() const;

    /** @return the endpoints of a switch: T. */
    uint32_t GetEndpointsPerSwitch() const
    {
        return m_endpointsPerSwitch;
    }

  private:
    std::string m_dimensions;      //!< "8,8"
    uint32_t m_endpointsPerSwitch; //!< Endpoints per switch
    std::string m_width;           //!< "2,1", or empty: 1 each
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_HYPERX_TOPOLOGY_H
