/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_JOB_LIFE_H
#define MTLINK_JOB_LIFE_H

#include "engine/random.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Failures of one kind: a Poisson process in calendar time, whether the job runs or stands.
 */
struct FailureKind
{
    double rate{0};     //!< Of all units, per second
    uint64_t units{1};  //!< That they may be of
    bool stops{true};   //!< The job stops, and goes on from a checkpoint; else it is slowed
    uint64_t taken{1};  //!< stops: so many of the job's units are exchanged for spares
    double slowdown{1}; //!< Else: times that work takes longer until it is mended
    double repair{0};   //!< Seconds until it is mended
};

/**
 * @ingroup mtlink
 * A job over days. Times in seconds; work is counted in seconds of undisturbed running.
 *
 * It works for `work`, then stands for `stall` while a checkpoint is taken, and works on. Where a
 * copy goes on beside it for `copy` it gets `slow` less done in that time, and the checkpoint holds
 * only when the copy is whole. A failure that stops it throws it back to the last checkpoint that
 * holds. It takes `detect` to be known; then the job waits for units to run on, if there is no
 * spare, and takes `restart`; a failure meanwhile begins that anew. Of several faults that slow it
 * the worst one counts. It begins with a checkpoint that holds, and its end loses nothing.
 */
struct JobModel
{
    double run{0};                     //!< How long it is watched
    double work{0};                    //!< Work between checkpoints; infinite: none
    double stall{0};                   //!< That a checkpoint stops it for
    double copy{0};                    //!< That a copy goes on beside it; 0: none does
    double slow{0};                    //!< Work that it gets less done meanwhile, less than `copy`
    double detect{0};                  //!< From a failure to its being known
    double restart{0};                 //!< With all units, from then to working again
    uint64_t units{1};                 //!< That work
    std::optional<uint64_t> spares;    //!< That wait; nothing: as many as are wanted
    double repair{0};                  //!< From detection until an exchanged unit is a spare
    std::vector<FailureKind> failures; //!< By kind
};

/** A failure in a job's life. Seconds. */
struct JobFailure
{
    double at{0};                   //!< When
    uint32_t kind{0};               //!< Index of its kind
    uint64_t unit{0};               //!< Which of its units
    double lost{0};                 //!< Running time that it took back
    double down{0};                 //!< Until the job works again, or is stopped again
    std::optional<uint64_t> spares; //!< Left then; nothing: unlimited
};

/** What became of a job. Seconds. */
struct JobHistory
{
    double work{0};                   //!< Kept, in undisturbed seconds
    double running{0};                //!< That it ran for that
    double inRepair{0};               //!< Units' time in repair, added up
    uint64_t stops{0};                //!< Failures that stopped it
    std::vector<uint64_t> counts;     //!< Failures by kind
    std::vector<JobFailure> failures; //!< In order of time
};

/**
 * @ingroup mtlink
 * Let a job live.
 * @param [in] model The job; `work` above 0, and at least `copy` - `slow`.
 * @param [in,out] random When what fails.
 * @return what became of it.
 */
JobHistory LiveJob(const JobModel& model, RandomStream& random);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_JOB_LIFE_H
