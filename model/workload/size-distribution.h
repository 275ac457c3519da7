/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SIZE_DISTRIBUTION_H
#define MTLINK_SIZE_DISTRIBUTION_H

#include <cstdint>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * How large messages are: a cumulative distribution, linear between its points, as HPCC's traffic
 * generator has it.
 */
class SizeDistribution
{
  public:
    /** Sizes of nothing: IsEmpty(). */
    SizeDistribution() = default;

    /** @param [in] points Bytes, and the share up to them, both growing, to a share of 1. */
    explicit SizeDistribution(std::vector<std::pair<double, double>> points)
        : m_points(std::move(points))
    {
    }

    /** @return whether there is no distribution. */
    bool IsEmpty() const
    {
        return m_points.empty();
    }

    /** @return the mean size, bytes. */
    double GetMean() const;

    /**
     * @param [in] share 0 to 1.
     * @return the size that this share of the messages does not exceed, at least 1 byte.
     */
    uint64_t GetQuantile(double share) const;

  private:
    std::vector<std::pair<double, double>> m_points; //!< Bytes, and the share up to them
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SIZE_DISTRIBUTION_H
