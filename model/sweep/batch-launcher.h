/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_BATCH_LAUNCHER_H
#define MTLINK_BATCH_LAUNCHER_H

#include "sweep/launcher.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What is handed to another program to start: a script for each shard, which takes its number.
 */
struct JobBatch
{
    std::string name;             //!< Of the sweep
    std::string script;           //!< Path of it; its argument is the number of a shard
    std::string folder;           //!< For what it says, and what the launcher remembers
    std::vector<uint32_t> shards; //!< Numbers of those to start, ascending
    uint32_t cut{0};              //!< How many shards there are in all
};

/** @ingroup mtlink
 * How a task ended that did not end by itself. */
struct TaskFailure
{
    std::string text;      //!< That in words
    bool isTimeout{false}; //!< What it ran took longer than was allowed
};

/**
 * @ingroup mtlink
 * How far the other program is.
 */
struct BatchState
{
    std::size_t left{0};                      //!< Tasks that wait or run
    bool isOver{false};                       //!< None does
    bool isCancelled{false};                  //!< Somebody else has ended it
    std::string reason;                       //!< Why tasks wait; empty: none does, or it is usual
    std::string unknown;                      //!< Why all that can't be told; empty: it can
    std::map<uint32_t, TaskFailure> failures; //!< By shard
};

/**
 * @ingroup mtlink
 * Runs a sweep by a program that starts many tasks, on many machines: each of them is `mtlink sweep
 * --shard I/N` into the same directory, so that they are the ones who record what is over, and this
 * one watches.
 */
class BatchLauncher : public Launcher
{
  public:
    SweepOutcome Run(const Sweep& sweep,
                     const std::string& directory,
                     const SweepOptions& options) final;

    /** @return most tasks that can be handed over at once. */
    virtual uint32_t GetMostTasks() = 0;

    /** Hand tasks over; @throws std::runtime_error if they are refused. */
    virtual void Submit(const JobBatch& batch) = 0;

    /**
     * Go on with what was handed over by a program that was killed, if that goes on.
     * @param [in] batch Without shards.
     * @return into how many shards it was cut; 0: there is nothing.
     */
    virtual uint32_t Adopt(const JobBatch& batch) = 0;

    /** @return how far it is. */
    virtual BatchState Poll() = 0;

    /** Have all tasks end. */
    virtual void Cancel() = 0;

    /** @return a command that a user can do that with. */
    virtual std::string GetCancelCommand() const = 0;

    /** @return how long Poll() may not know. */
    std::chrono::seconds GetPatience() const
    {
        return m_choice.patience;
    }

  protected:
    /**
     * @param [in] choice What was asked for.
     * @throws std::invalid_argument for options that are no words of a shell.
     */
    explicit BatchLauncher(const LauncherChoice& choice);

    LauncherChoice m_choice;            //!< What was asked for
    std::vector<std::string> m_options; //!< For the other program
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_BATCH_LAUNCHER_H
