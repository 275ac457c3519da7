/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_RUN_H
#define MTLINK_SWEEP_RUN_H

#include "sweep/sweep-record.h"
#include "sweep/sweep-shards.h"

#include <csignal>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * How far a sweep is.
 */
struct SweepProgress
{
    std::size_t jobs{0};    //!< All of them that are wanted
    std::size_t over{0};    //!< However they ended
    std::size_t notDone{0}; //!< Of these, those that are not done
    std::size_t running{0}; //!< Processes of this program
    std::size_t waiting{0}; //!< Runs that other programs are at
    std::size_t queued{0};  //!< Tasks that wait in the queue of a launcher
    std::string reason;     //!< Why they do, as the launcher says; may be empty
    double share{0};        //!< Of all work, parts of the running jobs included, 0 to 1
    double shareBefore{0};  //!< Share that was there at the start
};

/**
 * @ingroup mtlink
 * What is in a sweep's directory as it is opened.
 */
struct SweepFound
{
    std::size_t wanted{0}; //!< Runs of the sweep, or of the part that is run
    std::size_t over{0};   //!< Of them, those that are over, and not run again
    std::size_t others{0}; //!< Runs that are over and none of the sweep's, see SweepRecord
};

/**
 * @ingroup mtlink
 * How a sweep is run, watched and stopped.
 */
struct SweepOptions
{
    std::size_t processes{1}; //!< At once
    bool resume{false};       //!< Go on with what is in the directory; run again what failed
    PointRange points;        //!< Only these
    Shard shard;              //!< Only this part of them
    bool isLenient{false};    //!< A value all of whose runs are refused is none of the user's
    /** Set to other than 0, by a signal handler, to end the sweep; may be nullptr. */
    const volatile std::sig_atomic_t* interrupt{nullptr};
    /** Called before the first run; may be empty. */
    std::function<void(const SweepFound&)> onOpen;
    /** Called about five times a second; may be empty. */
    std::function<void(const SweepProgress&)> progress;
    /** Called as a job is over that was started; may be empty. */
    std::function<void(const SweepJob&, const JobOutcome&)> onEnd;
};

/**
 * @ingroup mtlink
 * What a sweep left.
 */
struct SweepOutcome
{
    bool isInterrupted{false};                       //!< By SweepOptions::interrupt
    std::size_t wanted{0};                           //!< Jobs that were asked for
    std::vector<std::optional<JobOutcome>> outcomes; //!< By Sweep::jobs; nothing: not over, or not
                                                     //!< asked for
    std::set<std::string> complaints; //!< Why tasks of a launcher did not come to their runs
};

/**
 * @ingroup mtlink
 * @param [in] options How a sweep is run.
 * @return whether that is a part of it only: others run the rest into the same directory, and
 *         tables are made by MergeSweep().
 */
bool IsPart(const SweepOptions& options);

/**
 * @ingroup mtlink
 * Run every job of a sweep in a process of its own, and, if it is all of it, write the tables of
 * WriteSweepTables() again and again as they come in. Jobs that are over are not run again, but for
 * those that failed where it is resumed; of jobs with the same content one is run. Jobs that
 * another program is at, on whatever machine, are waited for, and taken over if it dies. An
 * interrupted job leaves nothing that counts. Before the first, RefuseUnrunnableValues() is asked.
 * @param [in] sweep The sweep.
 * @param [in] directory Where results go.
 * @param [in] options How.
 * @return what it left.
 * @throws std::runtime_error as SweepRecord, and if no process can be started.
 * @throws std::invalid_argument for points beyond the end.
 * @throws InputError for a value all of whose points are refused; nothing has run then.
 * @throws WriteError if results can't be written; all processes have ended then.
 */
SweepOutcome RunSweep(const Sweep& sweep,
                      const std::string& directory,
                      const SweepOptions& options);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWEEP_RUN_H
