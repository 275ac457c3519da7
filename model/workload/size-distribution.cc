/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/size-distribution.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace mtlink
{

double
SizeDistribution::GetMean() const
{
    double mean = m_points.front().first * m_points.front().second;
    for (std::size_t i = 1; i < m_points.size(); ++i)
    {
        mean += (m_points[i - 1].first + m_points[i].first) / 2 *
                (m_points[i].second - m_points[i - 1].second);
    }
    return std::max(mean, 1.0);
}

uint64_t
SizeDistribution::GetQuantile(double share) const
{
    const auto above =
        std::lower_bound(m_points.begin(),
                         m_points.end(),
                         share,
                         [](const auto& point, double wanted) { return point.second < wanted; });
    double bytes = m_points.back().first;
    if (above == m_points.begin())
    {
        bytes = above->first;
    }
    else if (above != m_points.end())
    {
        const auto& below = *(above - 1);
        bytes = below.first + (above->first - below.first) * (share - below.second) /
                                  (above->second - below.second);
    }
    return std::max<uint64_t>(1, static_cast<uint64_t>(std::llround(bytes)));
}

} // namespace mtlink
} // namespace ns3
