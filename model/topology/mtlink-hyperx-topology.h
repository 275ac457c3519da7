/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_HYPERX_TOPOLOGY_H
#define MTLINK_HYPERX_TOPOLOGY_H

#include "ns3/mtlink-grid-topology.h"

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
class HyperxTopology : public GridTopology
{
  public:
    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

  private:
    std::string GetKind() const override;
    std::vector<bool> GetClosed() const override;
    double CountPairs(const Grid& grid, uint32_t d) const override;
    void FindNext(const Grid& grid,
                  uint32_t s,
                  uint32_t d,
                  bool isClosed,
                  std::vector<uint32_t>& next) const override;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_HYPERX_TOPOLOGY_H
