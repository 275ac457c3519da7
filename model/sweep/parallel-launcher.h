/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PARALLEL_LAUNCHER_H
#define MTLINK_PARALLEL_LAUNCHER_H

#include "sweep/batch-launcher.h"
#include "sweep/other-program.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Runs a sweep by GNU parallel, a task for each shard, on this machine or over ssh on the hosts of
 * a file, its --sshloginfile. A task that a host loses goes to another.
 */
class ParallelLauncher : public BatchLauncher
{
  public:
    /**
     * @param [in] choice Options go to parallel, after this one's own.
     * @throws std::invalid_argument for options that are no words of a shell, and a file of hosts
     *         that is not there.
     * @throws std::runtime_error if there is no GNU parallel here.
     */
    explicit ParallelLauncher(const LauncherChoice& choice);

    /** Has its tasks end, if there are any. */
    ~ParallelLauncher() override;

    uint32_t GetMostTasks() override;
    void Submit(const JobBatch& batch) override;
    uint32_t Adopt(const JobBatch& batch) override;
    BatchState Poll() override;
    void Cancel() override;
    std::string GetCancelCommand() const override;

    /**
     * Take in a line of its --joblog.
     * @param [in] line The line.
     * @param [in,out] failures By shard; gets or loses the task's, as it ended.
     * @return whether it is the line of a task.
     */
    static bool ReadLine(const std::string& line, std::map<uint32_t, TaskFailure>& failures);

  private:
    std::size_t m_tasks{0};                  //!< How many were handed over
    std::string m_log;                       //!< Its --joblog
    std::unique_ptr<OtherProgram> m_program; //!< It
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PARALLEL_LAUNCHER_H
