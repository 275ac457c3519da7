/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PROGRESS_BAR_H
#define MTLINK_PROGRESS_BAR_H

#include "experiment/run.h"

#include <chrono>
#include <cstdio>
#include <functional>
#include <string>

/**
 * How far something is, on stderr: on a terminal one line that is written over, with a bar; else a
 * line now and then, so that a log shows that it goes on.
 */
class ProgressBar
{
  public:
    /** Where and how often. */
    struct Style
    {
        std::FILE* file;                    //!< Gets the lines
        bool isTerminal;                    //!< A line is written over
        std::chrono::milliseconds interval; //!< Of lines at least
    };

    /** @return stderr: on a terminal five times a second, else once a minute. */
    static Style GetUsualStyle();

    /** @param [in] style Where and how often. */
    explicit ProgressBar(const Style& style = GetUsualStyle());

    /** Wipes the line. */
    ~ProgressBar();

    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /**
     * Show how far a run is.
     * @param [in] progress How far.
     */
    void Show(const ns3::mtlink::RunProgress& progress);

    /**
     * Show how far something is.
     * @param [in] share Done, 0 to 1.
     * @param [in] format Makes what follows from the seconds since the bar's start.
     */
    void Show(double share, const std::function<std::string(double seconds)>& format);

    /** Wipe the line, to write another in its place. */
    void Wipe();

    /** @return whether it is on a terminal. */
    bool IsOnTerminal() const
    {
        return m_style.isTerminal;
    }

  private:
    Style m_style;                                 //!< Where and how often
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
 * @return what follows its share in a line.
 */
std::string FormatProgress(const ns3::mtlink::RunProgress& progress, double seconds);

#endif // MTLINK_PROGRESS_BAR_H
