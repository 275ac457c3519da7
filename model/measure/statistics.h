/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_STATISTICS_H
#define MTLINK_STATISTICS_H

#include <optional>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Mean of a sample and how well it is known.
 */
struct MeanInterval
{
    double mean{0};                  //!< Mean
    std::optional<double> halfWidth; //!< Of the 95 % confidence interval; nothing below 2 values
};

/**
 * @ingroup mtlink
 * Mean and its two-sided 95 % confidence interval by Student's t, mean +- t(0.975, n-1) s / sqrt(n)
 * (Student 1908; Law, Simulation Modeling and Analysis, section 4.5): right for values that are
 * independent and about normal, as those of runs with different seeds.
 * @param [in] values The sample, not empty.
 * @return both.
 */
MeanInterval GetMeanInterval(const std::vector<double>& values);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_STATISTICS_H
