/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_WORDS_H
#define MTLINK_DESIGN_WORDS_H

#include "report/design-results.h"

#include <cstddef>
#include <string>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * In what a figure is told. */
enum class FigureUnit
{
    NUMBER,
    TIME,      //!< Nanoseconds
    POWER,     //!< Watts
    AREA,      //!< Square millimetres
    BANDWIDTH, //!< 1e9 bytes per second
    SHARE      //!< Part of one
};

/** @return the unit of a figure of runs or of cost, by its name. */
FigureUnit FindFigureUnit(const std::string& name);

/** @return a unit's name in the page's data. */
const char* GetUnitName(FigureUnit unit);

/**
 * @ingroup mtlink
 * @param [in] name A figure, "cost_power_W".
 * @return what people call it, "power"; the name itself where there is no such word.
 */
std::string FigureWords(const std::string& name);

/**
 * @ingroup mtlink
 * @param [in] name A figure.
 * @param [in] value Its value, in its unit.
 * @return the value for people, without a space that breaks: "31.9 W".
 */
std::string FigureText(const std::string& name, double value);

/** @return "least power", "most bus bandwidth". */
std::string BestWords(const ReportedFigure& figure);

/** @return "power and completion time": all objectives, as they stand in a sentence. */
std::string ObjectiveWords(const DesignResults& results);

/**
 * @ingroup mtlink
 * @param [in] results The designs.
 * @param [in] target One of the targets.
 * @return "completion time of at most 13.4 ms".
 */
std::string TargetWords(const DesignResults& results, const ReportedTarget& target);

/** @return a design's network in words: "2 planes, each a fat tree of 2 levels, taper 1". */
std::string NetworkWords(const DesignResults& results, const ReportedDesign& design);

/** @return how a design was looked at last: "in packets", "mode flow, approximate". */
std::string LookWords(const ReportedDesign& design);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_WORDS_H
