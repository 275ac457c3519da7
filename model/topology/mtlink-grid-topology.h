/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_GRID_TOPOLOGY_H
#define MTLINK_GRID_TOPOLOGY_H

#include "ns3/mtlink-grid.h"
#include "ns3/mtlink-topology-builder.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Switches at the points of a grid, each with some endpoints: what TorusTopology and HyperxTopology
 * have in common. They differ in who is joined to whom along a dimension.
 *
 * It has no attributes, and so no TypeId of its own: kinds describe theirs in their own words, and
 * keep them in the members here.
 */
class GridTopology : public TopologyBuilder
{
  public:
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
     * @return by dimension the parallel links between two switches that are joined.
     * @throws ParameterError for a list that doesn't fit the dimensions.
     */
    std::vector<uint32_t> GetWidths() const;

    /** @return the endpoints of a switch. */
    uint32_t GetEndpointsPerSwitch() const
    {
        return m_endpointsPerSwitch;
    }

  protected:
    std::string m_dimensions;         //!< "4,4,4"
    uint32_t m_endpointsPerSwitch{1}; //!< Endpoints per switch
    std::string m_width;              //!< "2,2,1", or empty: 1 each

  private:
    /** @return the YAML kind, for messages. */
    virtual std::string GetKind() const = 0;

    /** @return by dimension whether its last switch is joined to its first. */
    virtual std::vector<bool> GetClosed() const = 0;

    /**
     * @param [in] grid The grid.
     * @param [in] d A dimension.
     * @return the most pairs of switches that are joined along it; a double, so that it can't
     *         overflow.
     */
    virtual double CountPairs(const Grid& grid, uint32_t d) const = 0;

    /**
     * @param [in] grid The grid.
     * @param [in] s A switch.
     * @param [in] d A dimension of more than one switch.
     * @param [in] isClosed Whether its last switch is joined to its first.
     * @param [out] next The switches along it to which this one adds the cables.
     */
    virtual void FindNext(const Grid& grid,
                          uint32_t s,
                          uint32_t d,
                          bool isClosed,
                          std::vector<uint32_t>& next) const = 0;

    /** Add the switches and their endpoints' links; returns the node of the first switch. */
    uint32_t AddSwitches(Topology& topology,
                         const Grid& grid,
                         const std::vector<uint32_t>& endpoints,
                         const std::string& path) const;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_GRID_TOPOLOGY_H
