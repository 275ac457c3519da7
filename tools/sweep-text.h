/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_TEXT_H
#define MTLINK_SWEEP_TEXT_H

#include "sweep/sweep-run.h"

#include <string>

/**
 * @param [in] sweep A sweep.
 * @param [in] outcome What it left.
 * @return a table of its points: what varies, and their main figures.
 */
std::string FormatSweep(const ns3::mtlink::Sweep& sweep, const ns3::mtlink::SweepOutcome& outcome);

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
 * @return a line, without its end.
 */
std::string FormatSweepProgress(const ns3::mtlink::SweepProgress& progress, double seconds);

#endif // MTLINK_SWEEP_TEXT_H
