/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PROGRESS_BAR_H
#define MTLINK_PROGRESS_BAR_H

#include "experiment/run.h"

#include <chrono>
#include <functional>
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

    /**
     * Show a line, at most five times a second.
     * @param [in] format Makes the line from the seconds since the bar's start.
     */
    void Show(const std::function<std::string(double seconds)>& format);

    /** Wipe the line, to write another in its place. */
    void Wipe();

    /** @return whether stderr is a terminal. */
    static bool IsWanted();

  private:
    std::chrono::steady_clock::time_point m_start; //!< Of the run
    std::chrono::steady_clock::time_point m_shown; //!< When last shown
    bool m_isShown{false};                         //!< There is a line to wipe
};

/**
 * @param [in] seconds A time.
 * @return "1:05" or "2:01:05".
 */
std::string FormatClock(double seconds);

/**
 * @param [in] progress How far a run is.
 * @param [in] seconds Wall time since its start.
 * @return the line.
 */
std::string FormatProgress(const ns3::mtlink::RunProgress& progress, double seconds);

#endif // MTLINK_PROGRESS_BAR_H
