/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PROGRESS_BAR_H
#define MTLINK_PROGRESS_BAR_H

#include "ns3/mtlink-run.h"

#include <chrono>
#include <string>

/** One line on stderr that is written over: share done, simulated time, speed, time left. */
class ProgressBar
{
  public:
    ProgressBar();

    /** Wipes the line. */
    ~ProgressBar();

    /**
     * Show how far a run is, at most five times a second.
     * @param [in] progress How far.
     */
    void Show(const ns3::mtlink::RunProgress& progress);

    /** @return whether stderr is a terminal. */
    static bool IsWanted();

  private:
    std::chrono::steady_clock::time_point m_start; //!< Of the run
    std::chrono::steady_clock::time_point m_shown; //!< When last shown
    bool m_isShown{false};                         //!< There is a line to wipe
};

/**
 * @param [in] progress How far a run is.
 * @param [in] seconds Wall time since its start.
 * @return the line.
 */
std::string FormatProgress(const ns3::mtlink::RunProgress& progress, double seconds);

#endif // MTLINK_PROGRESS_BAR_H
