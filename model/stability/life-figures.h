/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LIFE_FIGURES_H
#define MTLINK_LIFE_FIGURES_H

#include "stability/job-life.h"

#include "ns3/mtlink-stability-result.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What many lives of a job have in common.
 */
struct LifeFigures
{
    uint64_t runs{0};                     //!< Lives
    IntervalFigure mttf;                  //!< Seconds by failure that stops it
    IntervalFigure availability;          //!< Units' time at work by that and in repair
    IntervalFigure ettr;                  //!< Share of the time that it ran, and kept
    IntervalFigure goodput;               //!< Share of the time in undisturbed work, kept
    IntervalFigure stops;                 //!< In a life
    std::vector<IntervalFigure> failures; //!< In a life, by kind
    JobHistory first;                     //!< The first of them
};

/** Failures in all lives together, about, beyond which there are fewer lives. */
inline constexpr double MOST_FAILURES = 5e6;

inline constexpr uint64_t MOST_LIVES = 1000; //!< Lives
inline constexpr uint64_t LEAST_LIVES = 30;  //!< However many fail

/**
 * @ingroup mtlink
 * Let a job live often, each time with random numbers of its own, and take means. Intervals are
 * GetMeanInterval()'s; of the MTTF, of the rate of stops, inverted.
 * @param [in] model The job.
 * @param [in] seed Of the random numbers.
 * @return the figures.
 */
LifeFigures GetLifeFigures(const JobModel& model, uint32_t seed);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LIFE_FIGURES_H
