/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_OBJECTIVES_H
#define MTLINK_OBJECTIVES_H

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * A figure that a choice among designs is made by. */
struct Objective
{
    std::string figure;      //!< A column of sweep.csv
    bool isMaximised{false}; //!< The more the better
};

/** @ingroup mtlink
 * Figures of some designs, by design and figure; nothing: it lacks it. */
using FigureRows = std::vector<std::vector<std::optional<double>>>;

/**
 * @ingroup mtlink
 * @param [in] text "FIGURE", "FIGURE:min" or "FIGURE:max"; min where nothing is said.
 * @return the objective; anything else after the colon is an InputError.
 */
Objective ParseObjective(const std::string& text);

/**
 * @ingroup mtlink
 * What to choose by where nothing is said: trainings by tokens per second, loads by what got
 * through and how late, collectives by bandwidth and time; first of all by power or area where
 * that differs.
 * @param [in] figures Names of the figures.
 * @param [in] rows Of the designs.
 * @return two objectives, or fewer where there are no such figures.
 */
std::vector<Objective> ChooseObjectives(const std::vector<std::string>& figures,
                                        const FigureRows& rows);

/**
 * @ingroup mtlink
 * @param [in] figures Names of the figures.
 * @param [in] rows Of the designs.
 * @param [in] objectives Some of the figures.
 * @return by design, whether it is on the Pareto front: it has all of them, and no other is as good
 *         in all and better in one.
 */
std::vector<bool> FindFront(const std::vector<std::string>& figures,
                            const FigureRows& rows,
                            const std::vector<Objective>& objectives);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_OBJECTIVES_H
