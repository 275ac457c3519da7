/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_ESTIMATES_H
#define MTLINK_SWEEP_ESTIMATES_H

#include "sweep/sweep.h"

#include <csignal>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Estimate how long the points of a sweep take, as `mtlink check` does. That takes a moment for
 * each, so it is kept in a file of the sweep's directory: who comes first writes it, and all use
 * the same.
 * @param [in] sweep A sweep.
 * @param [in] directory Of its results; it is made when it is needed.
 * @param [in] interrupt Other than 0: leave off; may be nullptr.
 * @return by Sweep::points, microseconds of a core; 0: it is refused. Empty: interrupted.
 * @throws WriteError if it can't be written.
 */
std::vector<uint64_t> EstimatePoints(const Sweep& sweep,
                                     const std::string& directory,
                                     const volatile std::sig_atomic_t* interrupt);

/**
 * @ingroup mtlink
 * @param [in] sweep A sweep.
 * @param [in] directory Of its results.
 * @return whether EstimatePoints() has been there with the same points.
 */
bool HasEstimates(const Sweep& sweep, const std::string& directory);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWEEP_ESTIMATES_H
