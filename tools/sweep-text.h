/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_TEXT_H
#define MTLINK_SWEEP_TEXT_H

#include "sweep/sweep-merge.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/**
 * @param [in] sweep A sweep.
 * @return its size: "16 points (4 designs, 4 scenarios), 32 runs".
 */
std::string FormatSize(const ns3::mtlink::Sweep& sweep);

/**
 * @param [in] sweep A sweep.
 * @param [in] outcome What it left.
 * @return a table of its points: what varies, and their main figures; one of its designs where they
 *         stand several scenarios, and which are on the Pareto front; and what is not done, each
 *         reason once.
 */
std::string FormatSweep(const ns3::mtlink::Sweep& sweep, const ns3::mtlink::SweepOutcome& outcome);

/** @ingroup mtlink
 * Points of a sweep by what is said of them. */
using PointsByReason = std::vector<std::pair<std::string, std::vector<uint32_t>>>;

/**
 * Add a point to those of which the same is said.
 * @param [in] reason What.
 * @param [in] point Its number.
 * @param [in,out] groups Gets it, once.
 */
void AddReason(const std::string& reason, uint32_t point, PointsByReason& groups);

/**
 * @param [in] groups Points by reason.
 * @return a line for each reason: "points 2, 5 to 7: refused: ...".
 */
std::string FormatReasons(const PointsByReason& groups);

/**
 * @param [in] sweep A sweep.
 * @param [in] outcome What it left.
 * @return points of which runs are over and not done, by reason.
 */
PointsByReason ListReasons(const ns3::mtlink::Sweep& sweep,
                           const ns3::mtlink::SweepOutcome& outcome);

/**
 * @param [in] sweep A sweep.
 * @param [in] merge What was found of it.
 * @return lines that tell points whose runs are not over, and who is at them.
 */
std::string FormatMissing(const ns3::mtlink::Sweep& sweep, const ns3::mtlink::SweepMerge& merge);

/**
 * @param [in] sweep A sweep.
 * @param [in] job A job that is over.
 * @param [in] outcome What it left.
 * @return a line, without its end.
 */
std::string FormatJob(const ns3::mtlink::Sweep& sweep,
                      const ns3::mtlink::SweepJob& job,
                      const ns3::mtlink::JobOutcome& outcome);

/**
 * @param [in] progress How far a sweep is.
 * @param [in] seconds Wall time since its start.
 * @return what follows its share in a line.
 */
std::string FormatSweepProgress(const ns3::mtlink::SweepProgress& progress, double seconds);

#endif // MTLINK_SWEEP_TEXT_H
