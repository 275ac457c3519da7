/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SLURM_LAUNCHER_H
#define MTLINK_SLURM_LAUNCHER_H

#include "sweep/batch-launcher.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Runs a sweep as a job array of Slurm, a task for each shard: sbatch, squeue, scancel; sacct for
 * tasks that squeue knows no longer, where there is accounting. Tasks of a node that is lost are
 * queued again by Slurm. The array's number is kept, and gone on with after this program was
 * killed.
 */
class SlurmLauncher : public BatchLauncher
{
  public:
    /**
     * @param [in] choice Options go to sbatch, after this one's own.
     * @throws std::invalid_argument for options that are no words of a shell.
     * @throws std::runtime_error if there is no Slurm here.
     */
    explicit SlurmLauncher(const LauncherChoice& choice);

    uint32_t GetMostTasks() override;
    void Submit(const JobBatch& batch) override;
    uint32_t Adopt(const JobBatch& batch) override;
    BatchState Poll() override;
    void Cancel() override;
    std::string GetCancelCommand() const override;

    /**
     * @param [in] shards Ascending numbers.
     * @return them as sbatch takes them: "1-3,7".
     */
    static std::string FormatArray(const std::vector<uint32_t>& shards);

    /**
     * Take in what squeue says.
     * @param [in] output Lines "INDEX|STATE|REASON".
     * @param [in,out] states By index; those that are in no line stay.
     * @return why tasks wait; empty: none does, or it is the usual.
     */
    static std::string ReadQueue(const std::string& output,
                                 std::map<uint32_t, std::string>& states);

    /**
     * @param [in] state Of a task.
     * @return whether it has ended.
     */
    static bool IsEnd(const std::string& state);

    /**
     * Take in what sacct says.
     * @param [in] output Lines "JOB_INDEX|STATE".
     * @param [in,out] states By index; those that squeue knows no longer get their end.
     */
    static void ReadAccounting(const std::string& output, std::map<uint32_t, std::string>& states);

  private:
    /** Take in what squeue says of the tasks; those that it knows no longer are asked for. */
    void Update(const std::map<uint32_t, std::string>& states);

    /** Ask sacct for tasks that squeue knows no longer. */
    void AskAccounting();

    /** @return how a task ended that did not end by itself. */
    TaskFailure DescribeFailure(uint32_t shard, const std::string& state) const;

    std::string m_job;                       //!< Number of the array
    std::map<uint32_t, std::string> m_tasks; //!< States by shard
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SLURM_LAUNCHER_H
