/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/statistics.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace ns3
{
namespace mtlink
{

MeanInterval
GetMeanInterval(const std::vector<double>& values)
{
    const auto count = static_cast<double>(values.size());
    MeanInterval result;
    // Relative to the first value, so that the mean of equal values is that value to the last bit.
    double above = 0;
    for (const double value : values)
    {
        above += value - values.front();
    }
    result.mean = values.front() + above / count;
    if (values.size() < 2)
    {
        return result;
    }
    double squares = 0;
    for (const double value : values)
    {
        squares += (value - result.mean) * (value - result.mean);
    }
    constexpr double UPPER = 0.975; // 2.5 % beyond each end
    const double t = boost::math::quantile(boost::math::students_t(count - 1), UPPER);
    result.halfWidth = t * std::sqrt(squares / (count - 1) / count);
    return result;
}

} // namespace mtlink
} // namespace ns3
