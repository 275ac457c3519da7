/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_TALLY_H
#define MTLINK_SWEEP_TALLY_H

#include "sweep/job-claims.h"
#include "sweep/sweep-record.h"
#include "sweep/sweep-run.h"

#include <cstddef>
#include <cstdint>
#include <map>
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
 * What of a sweep is wanted, what of that is over, and who is told: the same for who runs it and
 * for who has it run.
 */
class SweepTally
{
  public:
    /**
     * Open the sweep's directory and see what is over.
     * @param [in] sweep The sweep; must outlive this, as the options must.
     * @param [in] directory Where results go.
     * @param [in] options What is wanted, who is told.
     * @param [in] access What is done with the directory.
     * @throws std::invalid_argument for points beyond the end.
     * @throws std::runtime_error as SweepRecord.
     */
    SweepTally(const Sweep& sweep,
               const std::string& directory,
               const SweepOptions& options,
               SweepAccess access);

    /** Leave to others what is not in a shard; @param [in] shards By Sweep::jobs. */
    void Narrow(const std::vector<uint32_t>& shards, uint32_t shard);

    /** Count what there is to do, and tell what is there: before the first run. */
    void Open();

    /** A job is over; @param [in] index Into Sweep::jobs. */
    void End(std::size_t index, JobOutcome outcome);

    /**
     * Tell how far it is.
     * @param [in] now What is going on: runs and tasks.
     * @param [in] parts Work done of what runs, in runs.
     */
    void ShowProgress(SweepProgress now, double parts) const;

    /** Write the tables of what is over. */
    void WriteTables() const;

    /** @return what there is to tell in the end. */
    SweepOutcome GetOutcome() const;

    /** @return whether it was asked to leave off. */
    bool IsInterrupted() const
    {
        return m_options.interrupt && *m_options.interrupt != 0;
    }

    /** @return by Sweep::jobs, whether it is to be run here. */
    const std::vector<bool>& GetWanted() const
    {
        return m_wanted;
    }

    /** @return by Sweep::jobs, how it ended; nothing: it is not over, or not wanted. */
    const std::vector<std::optional<JobOutcome>>& GetOutcomes() const
    {
        return m_outcomes;
    }

    /** @return whether a job is wanted and not over. */
    bool IsMissing(std::size_t index) const
    {
        return m_wanted[index] && !m_outcomes[index];
    }

    /** @return how many are. */
    std::size_t CountMissing() const;

    /** @return the job under whose name one of this content is run and kept. */
    const SweepJob& GetFirst(std::size_t index) const
    {
        return m_sweep.jobs[m_first.at(m_sweep.jobs[index].content)];
    }

    /** @return contents of jobs that had failed, and are run again. */
    std::set<std::string>& GetRetried()
    {
        return m_retried;
    }

    /** @return the sweep's directory. */
    const SweepRecord& GetRecord() const
    {
        return m_record;
    }

    /** @return who is at which job. */
    JobClaims& GetClaims()
    {
        return m_claims;
    }

  private:
    /** See what is over already. */
    void ReadOutcomes();

    /** Count one that is over. */
    void Count(const JobOutcome& outcome);

    /** @return work, in runs, as a share of all; of nothing all is done. */
    double GetShare(double runs) const;

    const Sweep& m_sweep;                              //!< What is run
    const SweepOptions& m_options;                     //!< How
    std::vector<bool> m_wanted;                        //!< Jobs to be run
    SweepRecord m_record;                              //!< Its directory
    JobClaims m_claims;                                //!< Who is at what
    std::vector<std::optional<JobOutcome>> m_outcomes; //!< So far
    std::map<std::string, std::size_t> m_first;        //!< The first of all jobs of a content
    std::set<std::string> m_retried;                   //!< Contents that had failed
    SweepProgress m_progress;                          //!< So far
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWEEP_TALLY_H
