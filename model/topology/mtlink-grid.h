/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_GRID_H
#define MTLINK_GRID_H

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Switches at the points of a box: what `torus` and `hyperx` have in common. Point s has the
 * coordinates (s / stride(d)) mod size(d); the first dimension varies fastest.
 */
class Grid
{
  public:
    /** @param [in] sizes Points in each dimension, at least 1 each; at least one dimension. */
    explicit Grid(std::vector<uint32_t> sizes);

    /**
     * @param [in] dimensions The attribute `dimensions`, as "4,4,4".
     * @param [in] kind YAML kind, for messages.
     * @return the grid.
     * @throws ParameterError if it is no such list, has more than 16 dimensions or 4,194,304
     * points.
     */
    static Grid Parse(const std::string& dimensions, const std::string& kind);

    /** @return the number of dimensions. */
    uint32_t GetDimensions() const
    {
        return static_cast<uint32_t>(m_sizes.size());
    }

    /** @return the number of points. */
    uint32_t GetPoints() const
    {
        return m_points;
    }

    /**
     * @param [in] d A dimension.
     * @return the points along it.
     */
    uint32_t GetSize(uint32_t d) const
    {
        return m_sizes[d];
    }

    /**
     * @param [in] d A dimension.
     * @return by how much the number of a point grows with its coordinate.
     */
    uint32_t GetStride(uint32_t d) const
    {
        return m_strides[d];
    }

    /**
     * @param [in] point A point.
     * @param [in] d A dimension.
     * @return its coordinate.
     */
    uint32_t GetCoordinate(uint32_t point, uint32_t d) const
    {
        return point / m_strides[d] % m_sizes[d];
    }

    /**
     * @param [in] point A point.
     * @return its coordinates, as "0-3-1".
     */
    std::string GetName(uint32_t point) const;

    /**
     * Order the points so that neighbours in the order differ by one step in one dimension, and the
     * last from the first too wherever that can be: a Hamiltonian cycle. It is one
     * - if some dimension is even and a ring, or has 2 points: there and back along the reflected
     *   Gray code of the others (Gray 1953), step by step along that one;
     * - if some dimension is even, and there is another: as a comb, out and back by the first
     * point;
     * - if all are rings: each ring in turn is walked once for each point of the cycle so far,
     *   starting one further or one less far than before, so often that it closes.
     * Else, a line or odd lines, it is the Gray code: a path, not closed.
     * @param [in] ring By dimension: whether its last point is next to its first.
     * @return the points, each once.
     */
    std::vector<uint32_t> GetCycle(const std::vector<bool>& ring) const;

  private:
    std::vector<uint32_t> m_sizes;   //!< Points along each dimension
    std::vector<uint32_t> m_strides; //!< Products of the sizes before
    uint32_t m_points{1};            //!< Product of all
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_GRID_H
