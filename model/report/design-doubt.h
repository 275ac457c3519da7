/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_DOUBT_H
#define MTLINK_DESIGN_DOUBT_H

#include "report/design-results.h"

#include <cstddef>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * Between what the true figure of a design lies. */
struct FigureSpan
{
    double least{0}; //!< In the figure's unit
    double most{0};  //!< Likewise; infinite where only a limit is known
};

/**
 * @ingroup mtlink
 * @param [in] results The designs.
 * @param [in] design One of them.
 * @param [in] figure Index into DesignResults::figures.
 * @return what is known of it: of packets, and of what is counted, the figure; of mode flow what
 *         DesignResults::errors leave, packets being (1 - error) to 1 / (1 - error) of it; else
 *         anything.
 */
FigureSpan FindSpan(const DesignResults& results, const ReportedDesign& design, std::size_t figure);

/**
 * @ingroup mtlink
 * @param [in] results The designs.
 * @param [in] design One of them.
 * @param [in] isSure Whatever the true figures are; else whatever they may be at best.
 * @return whether it holds all targets.
 */
bool HoldsTargets(const DesignResults& results, const ReportedDesign& design, bool isSure);

/**
 * @ingroup mtlink
 * Find what a search that takes figures of mode flow as they are (`closest: flow`) may have left
 * off the front by their error alone: what may hold the targets, and no design of the front that
 * surely holds them is better whatever the true figures are.
 * @param [in] results The designs.
 * @return indices, ascending; none where the search takes nothing but packets as it is.
 */
std::vector<std::size_t> FindDoubtful(const DesignResults& results);

/**
 * @ingroup mtlink
 * @param [in] results The designs.
 * @param [in] figure Index into DesignResults::figures.
 * @return how many of the designs that the search puts on the front have another of them beside
 *         them, by this figure, that may in truth be as good.
 */
std::size_t CountIndistinct(const DesignResults& results, std::size_t figure);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_DOUBT_H
