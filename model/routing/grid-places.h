/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_GRID_PLACES_H
#define MTLINK_GRID_PLACES_H

#include "routing/endpoint-index.h"

#include "ns3/mtlink-grid.h"
#include "ns3/mtlink-topology.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Where nodes are on a grid of switches: what routing on `torus` and `hyperx` asks at every hop.
 */
class GridPlaces
{
  public:
    /**
     * @param [in] topology The graph; must outlive this.
     * @param [in] domain A domain whose switches are the points of the grid.
     * @param [in] grid The grid.
     * @param [in] perSwitch Endpoints on each switch; they are its first ports.
     */
    GridPlaces(const Topology& topology, uint32_t domain, const Grid& grid, uint32_t perSwitch);

    /** @return the number of dimensions. */
    uint32_t GetDimensions() const
    {
        return m_dimensions;
    }

    /**
     * @param [in] node A node of the domain.
     * @return whether it is a switch.
     */
    bool IsSwitch(uint32_t node) const
    {
        return node >= m_firstSwitch;
    }

    /**
     * @param [in] node A switch's node.
     * @return its point.
     */
    uint32_t GetPoint(uint32_t node) const
    {
        return node - m_firstSwitch;
    }

    /**
     * @param [in] node An endpoint.
     * @return its index in the domain.
     */
    uint32_t GetIndex(uint32_t node) const
    {
        return m_index[node];
    }

    /**
     * @param [in] index An endpoint's index.
     * @return the point of its switch.
     */
    uint32_t GetPointOf(uint32_t index) const
    {
        return index / m_perSwitch;
    }

    /**
     * @param [in] index An endpoint's index.
     * @return its place on its switch.
     */
    uint32_t GetPlace(uint32_t index) const
    {
        return index % m_perSwitch;
    }

    /**
     * @param [in] point A point.
     * @return its coordinates by dimension.
     */
    const uint32_t* GetCoordinates(uint32_t point) const
    {
        return m_coordinates.data() + static_cast<size_t>(point) * m_dimensions;
    }

    /**
     * @param [in] point A point.
     * @return the links out of its switch, by port.
     */
    const uint32_t* GetLinks(uint32_t point) const
    {
        return m_links[point];
    }

    /**
     * @param [in] point A point.
     * @return the number of endpoints on its switch.
     */
    uint32_t GetAttached(uint32_t point) const
    {
        return m_attached[point];
    }

    /**
     * @param [in] index An endpoint's index.
     * @return its link into the domain.
     */
    IndexSpan GetInjection(uint32_t index) const
    {
        return m_injection[index];
    }

    /**
     * @param [in] index An endpoint's index.
     * @return the link to it from its switch.
     */
    IndexSpan GetEjection(uint32_t index) const
    {
        return {m_links[GetPointOf(index)] + GetPlace(index), 1};
    }

  private:
    uint32_t m_dimensions;                //!< Number of dimensions
    uint32_t m_firstSwitch;               //!< Node of the first switch
    uint32_t m_perSwitch;                 //!< Endpoints on a switch
    EndpointIndex m_index;                //!< Index of an endpoint
    std::vector<uint32_t> m_coordinates;  //!< By point and dimension
    std::vector<const uint32_t*> m_links; //!< By point: its links by port
    std::vector<uint32_t> m_attached;     //!< By point: endpoints on it
    std::vector<IndexSpan> m_injection;   //!< By endpoint index
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_GRID_PLACES_H
