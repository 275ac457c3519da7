/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_BATCH_LAUNCHER_H
#define MTLINK_BATCH_LAUNCHER_H

#include "sweep/launcher.h"

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
struct Batch
{
    std::string name;             //!< Of the sweep
    std::string script;           //!< Path of it; its argument is the number of a shard
    std::string folder;           //!< For what it says, and what the launcher remembers
    std::string runs;             //!< Folder of the claims: a file for each run under way
    std::vector<uint32_t> shards; //!< Numbers of those to start, ascending
    uint32_t cut{0};              //!< How many shards there are in all
};

/**
 * @ingroup mtlink
 * How far the other program is.
 */
struct BatchState
{
    std::size_t queued{0};                    //!< Tasks that wait
    std::size_t running{0};                   //!< Tasks that run
    bool isOver{false};                       //!< None waits or runs
    bool isCancelled{false};                  //!< Somebody else has ended it
    std::string reason;                       //!< Why tasks wait; or why that is not known
    std::map<uint32_t, std::string> failures; //!< Shards that did not end by themselves, and how
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
    virtual void Submit(const Batch& batch) = 0;

    /**
     * Go on with what was handed over by a program that was killed, if that goes on.
     * @param [in] batch Without shards.
     * @return into how many shards it was cut; 0: there is nothing.
     */
    virtual uint32_t Adopt(const Batch& batch) = 0;

    /** @return how far it is. */
    virtual BatchState Poll() = 0;

    /** End all tasks. */
    virtual void Cancel() = 0;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_BATCH_LAUNCHER_H
