/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_RECORD_H
#define MTLINK_SWEEP_RECORD_H

#include "measure/result-directory.h"
#include "sweep/sweep.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** What a program does with the directory of a sweep. */
enum class SweepAccess
{
    NEW,    //!< It begins one: there is no run of a sweep in it yet
    RESUME, //!< It goes on with what is there, if there is something
    READ    //!< It reads what is there, and writes nothing
};

/** How a job of a sweep ended. */
enum class JobStatus
{
    DONE,       //!< Ran to its end
    INCOMPLETE, //!< Stopped early: a limit, a deadlock
    REFUSED,    //!< Its experiment can't be
    FAILED      //!< The program failed: disk full, out of memory, killed, a defect
};

/**
 * @ingroup mtlink
 * @param [in] directory A directory.
 * @return whether a sweep has written into it, or has begun to.
 */
bool HoldsSweep(const std::string& directory);

/**
 * @ingroup mtlink
 * Keep the files of a single run out of a sweep's, whose report they would replace.
 * @param [in] directory Where the run would write.
 * @throws InputError if it HoldsSweep().
 */
void RefuseDirectoryOfSweep(const std::string& directory);

/**
 * @ingroup mtlink
 * @param [in] directory A directory that HoldsSweep().
 * @return a run in it for which there are results, the first of its points; empty: none.
 */
std::string FindRunOfSweep(const std::string& directory);

/**
 * @ingroup mtlink
 * @param [in] directory A directory.
 * @return path of the file of the sweep that it holds; empty: it says none.
 */
std::string FindFileOfSweep(const std::string& directory);

/**
 * @ingroup mtlink
 * @param [in] status How a job ended.
 * @return "done", "incomplete", "refused", "failed".
 */
std::string GetStatusName(JobStatus status);

/**
 * @ingroup mtlink
 * What a job of a sweep left.
 */
struct JobOutcome
{
    JobStatus status{JobStatus::FAILED};        //!< How it ended
    std::string message;                        //!< Why it is not done; empty: it is
    std::vector<std::optional<double>> figures; //!< By GetFigures(); empty: no results
    std::vector<std::optional<double>> costs;   //!< By GetCosts(); empty: no results
    std::optional<bool> saturated{};            //!< More was offered than got through; nothing: it
                                                //!< is no open-loop traffic, or has no results
    std::string directory{};                    //!< Of its results, below the sweep's; empty: none
};

/**
 * @ingroup mtlink
 * The directory of a sweep. What is in it is true at every moment, whenever a program is killed,
 * and however many work in it: a job runs in a directory of its attempt, hidden beside the one that
 * it gets by renaming as it is over. `mtlink-job.json` in that tells the job's content, by which it
 * is found again, wherever it stands in the sweep by then. `mtlink-sweep.json` has the sweep's
 * name. Jobs of the same content have the same results: of two that publish one, either is right.
 */
class SweepRecord
{
  public:
    /**
     * Open the directory, or make it, and see what is over in it.
     * @param [in] directory Its path.
     * @param [in] sweep The sweep; must outlive this.
     * @param [in] access What is done with it.
     * @throws std::runtime_error if the directory can't be made or written, holds a sweep where
     *         a new one begins, or holds one of another name.
     */
    SweepRecord(const std::string& directory, const Sweep& sweep, SweepAccess access);

    /**
     * @param [in] job A job.
     * @return what it had left when the directory was opened, or nothing if it was not over.
     */
    std::optional<JobOutcome> Read(const SweepJob& job) const;

    /**
     * @param [in] job A job, the first of its content.
     * @return what it has left by now in its own directory, or nothing if it is not over.
     */
    std::optional<JobOutcome> ReadNow(const SweepJob& job) const;

    /**
     * @return how many runs are over in the directory that are none of the sweep's: of values that
     *         it had once, of files that have changed, of another version.
     */
    std::size_t CountOthers() const;

    /** Say whose the directory is: to be called before the first job. */
    void Begin() const;

    /**
     * Make a directory in which a job is run, and wipe those that were left by programs that were
     * killed: to be called by one at a time, see JobClaims.
     * @param [in] job The job.
     * @return its path.
     */
    std::string MakeAttempt(const SweepJob& job) const;

    /** Wipe an attempt that came to nothing; @param [in] attempt Its path. */
    static void Discard(const std::string& attempt);

    /**
     * A job is over: read its results, write so, and give its directory the name of the job's.
     * @param [in] job The job, the first of its content.
     * @param [in] attempt Where it ran.
     * @param [in] outcome How it ended.
     * @return it with the figures; or, where another has published the job meanwhile, what that has
     *         left; nothing: the attempt was wiped by another that took this program for dead.
     */
    std::optional<JobOutcome> Finish(const SweepJob& job,
                                     const std::string& attempt,
                                     JobOutcome outcome) const;

    /**
     * Take over a job that is over in another directory of the sweep.
     * @param [in] job The job, the first of its content.
     * @param [in] other The other directory.
     * @return what it has left; nothing: it is not over there.
     */
    std::optional<JobOutcome> CopyFrom(const SweepJob& job, const SweepRecord& other) const;

    /** @return the sweep's directory. */
    const std::string& GetDirectory() const
    {
        return m_directory.GetPath();
    }

  private:
    /** Find what is over. */
    void FindOutcomes();

    /** @return where a job's results are. */
    std::string GetDirectory(const SweepJob& job) const;

    /** @return an outcome with the figures of its results in a directory; nothing: they are gone.
     */
    static std::optional<JobOutcome> WithFigures(JobOutcome outcome, const std::string& directory);

    /** Give an attempt the job's name. @return false: another has been there before. */
    bool Publish(const SweepJob& job, const std::string& attempt) const;

    const Sweep& m_sweep;                      //!< What is run
    ResultDirectory m_directory;               //!< Where
    std::map<std::string, JobOutcome> m_found; //!< By content, without figures
    std::size_t m_nameless{0};                 //!< Runs of a version that knew no contents
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWEEP_RECORD_H
