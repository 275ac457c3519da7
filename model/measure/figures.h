/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FIGURES_H
#define MTLINK_FIGURES_H

#include "ns3/mtlink-results.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * What is better of a figure. */
enum class FigureAim
{
    NONE, //!< Neither: it tells how large something is
    LESS, //!< The less the better
    MORE  //!< The more the better
};

/**
 * @ingroup mtlink
 * A number that a run leaves: a column of sweep.csv, a line of `mtlink compare`.
 */
struct Figure
{
    std::string name;                                    //!< With its unit, "packet_latency_ns_p99"
    std::optional<double> (*get)(const RunResults& run); //!< Nothing where not applicable
    FigureAim aim{FigureAim::NONE};                      //!< What is better of it
};

/** @return the figures that the simulation decides: same input, same figures; in stable order. */
const std::vector<Figure>& GetFigures();

/** @return what the run took, not the fabric: time and memory of the program. */
const std::vector<Figure>& GetCosts();

/**
 * @ingroup mtlink
 * A number that a collective leaves.
 */
struct CollectiveFigure
{
    std::string name;                                  //!< With its unit, "busbw_GBps"
    double (*get)(const CollectiveResult& collective); //!< NaN where not known
};

/** @return the figures of each collective, as named in collectives.csv. */
const std::vector<CollectiveFigure>& GetCollectiveFigures();

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FIGURES_H
