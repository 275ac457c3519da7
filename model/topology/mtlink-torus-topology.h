/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TORUS_TOPOLOGY_H
#define MTLINK_TORUS_TOPOLOGY_H

#include "ns3/mtlink-grid-topology.h"

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
class TorusTopology : public GridTopology
{
  public:
    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    /**
     * @return by dimension whether it is a ring: wrapped, and of 3 switches or more.
     * @throws ParameterError for a list that doesn't fit the dimensions.
     */
    std::vector<bool> GetRings() const;

  private:
    std::string GetKind() const override;
    std::vector<bool> GetClosed() const override;
    double CountPairs(const Grid& grid, uint32_t d) const override;
    void FindNext(const Grid& grid,
                  uint32_t s,
                  uint32_t d,
                  bool isClosed,
                  std::vector<uint32_t>& next) const override;

    std::string m_wrap; //!< "1,1,0", or empty: all
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TORUS_TOPOLOGY_H
