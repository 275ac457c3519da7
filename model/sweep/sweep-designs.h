/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_DESIGNS_H
#define MTLINK_SWEEP_DESIGNS_H

#include "sweep/sweep-record.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A design of a sweep over all its scenarios and seeds.
 */
struct DesignFigures
{
    std::size_t runs{0};      //!< All of its jobs
    std::size_t done{0};      //!< Those that are done
    std::size_t openLoop{0};  //!< Of them, of open-loop traffic
    std::size_t saturated{0}; //!< Of these, saturated
    /** By GetFigures(), by Sweep::aggregate. Nothing where it lacks a run that any design has: it
     * could not be compared. */
    std::vector<std::optional<double>> figures;
};

/**
 * @ingroup mtlink
 * @param [in] sweep A sweep.
 * @param [in] outcomes By Sweep::jobs; nothing: not over.
 * @return by Sweep::designs, over the runs that are done. The mean is that over scenarios of the
 *         means over seeds. The worst is that of all runs, and the mean where neither less nor more
 *         is better.
 */
std::vector<DesignFigures> GetDesignFigures(const Sweep& sweep,
                                            const std::vector<std::optional<JobOutcome>>& outcomes);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWEEP_DESIGNS_H
