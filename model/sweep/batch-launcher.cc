/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/batch-launcher.h"

#include "measure/atomic-file.h"
#include "sweep/job-claims.h"
#include "sweep/other-program.h"
#include "sweep/sweep-estimates.h"
#include "sweep/sweep-precheck.h"
#include "sweep/sweep-tables.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/** @return the script of a shard. */
std::string
WriteScript(const Sweep& sweep,
            const std::string& directory,
            const SweepOptions& options,
            uint32_t count)
{
    std::string more;
    if (options.points.first != 0)
    {
        more += fmt::format(" --points {}:{}", options.points.first, options.points.last);
    }
    return fmt::format("#!/bin/sh\n"
                       "# Written by mtlink sweep: runs one shard, whose number is given.\n"
                       "cd {} || exit\n"
                       "trap : TERM # the run ends in an orderly way, and is waited for\n"
                       "{} sweep {} -o {} --shard \"${{SLURM_ARRAY_TASK_ID:-$1}}/{}\"{}{} --quiet "
                       "-j \"${{SLURM_CPUS_PER_TASK:-1}}\"\n"
                       "status=$?\n"
                       "# Runs that are refused or stopped are recorded: the task has done its own.\n"
                       "[ \"$status\" -ne 3 ] || status=0\n"
                       "exit \"$status\"\n",
                       QuoteWord(fs::current_path().string()),
                       QuoteWord(fs::read_symlink("/proc/self/exe").string()),
                       QuoteWord(sweep.file),
                       QuoteWord(fs::absolute(directory).string()),
                       count,
                       more,
                       options.resume ? " --resume" : "");
}

/** Watches the tasks of a sweep. */
class Watch
{
  public:
    Watch(const Sweep& sweep,
          const std::string& directory,
          const SweepOptions& options,
          BatchLauncher& launcher)
        : m_sweep(sweep),
          m_options(options),
          m_launcher(launcher),
          m_wanted(SelectPoints(sweep, options.points)),
          m_record(directory, sweep, options.resume),
          m_claims(directory + "/claims")
    {
        m_batch.name = sweep.name;
        m_batch.folder = (fs::absolute(directory) / "launcher").string();
        m_batch.runs = (fs::absolute(directory) / "claims").string();
        m_batch.script = m_batch.folder + "/task.sh";
    }

    SweepOutcome Run()
    {
        ReadOutcomes();
        if (!m_options.isLenient)
        {
            RefuseUnrunnableValues(m_sweep, m_outcome.outcomes, m_options.interrupt);
        }
        m_record.Begin();
        const std::vector<uint64_t> times =
            EstimatePoints(m_sweep, m_record.GetDirectory(), m_options.interrupt);
        Open();
        std::size_t left = CountMissing();
        bool isAdopted = m_options.resume && Adopt(times);
        while (!IsInterrupted() && left > 0)
        {
            if (!isAdopted)
            {
                Submit(times);
            }
            const bool isCancelled = !WaitForTasks();
            // Of a shard whose task was killed, runs may be left that it did not come to.
            const std::size_t now = CountMissing();
            if (isCancelled || (now >= left && !isAdopted))
            {
                break;
            }
            left = now;
            isAdopted = false;
            m_isRetrying = false;
        }
        WriteSweepTables(m_sweep, m_outcome.outcomes, m_record.GetDirectory());
        TidyUp();
        m_outcome.isInterrupted = IsInterrupted();
        return std::move(m_outcome);
    }

  private:
    bool IsInterrupted() const
    {
        return m_options.interrupt && *m_options.interrupt != 0;
    }

    /** See what is over already. */
    void ReadOutcomes()
    {
        for (std::size_t i = 0; i < m_sweep.jobs.size(); ++i)
        {
            const SweepJob& job = m_sweep.jobs[i];
            const SweepPoint& point = m_sweep.points[job.point];
            m_first.emplace(job.content, i);
            std::optional<JobOutcome>& outcome = m_outcome.outcomes.emplace_back();
            if (!m_wanted[i])
            {
                continue;
            }
            ++m_outcome.wanted;
            outcome = point.refused.empty()
                          ? m_record.Read(job)
                          : JobOutcome{JobStatus::REFUSED, point.refused, {}, {}};
            if (outcome && outcome->status == JobStatus::FAILED)
            {
                m_failed.insert(job.content);
                outcome.reset();
            }
            m_found += outcome && point.refused.empty() ? 1 : 0;
        }
        m_isRetrying = !m_failed.empty();
    }

    /** Tell what is there. */
    void Open()
    {
        m_progress.jobs = m_outcome.wanted;
        for (const auto& outcome : m_outcome.outcomes)
        {
            m_progress.over += outcome ? 1 : 0;
            m_progress.notDone += outcome && outcome->status != JobStatus::DONE ? 1 : 0;
        }
        m_progress.shareBefore = GetShare();
        if (m_options.onOpen)
        {
            m_options.onOpen({m_outcome.wanted, m_found, m_record.CountOthers()});
        }
    }

    double GetShare() const
    {
        return static_cast<double>(m_progress.over) /
               static_cast<double>(std::max<std::size_t>(m_progress.jobs, 1));
    }

    bool IsMissing(std::size_t i) const
    {
        return m_wanted[i] && !m_outcome.outcomes[i];
    }

    std::size_t CountMissing() const
    {
        std::size_t missing = 0;
        for (std::size_t i = 0; i < m_wanted.size(); ++i)
        {
            missing += IsMissing(i) ? 1 : 0;
        }
        return missing;
    }

    /** Go on with tasks that are under way. @return whether there are any. */
    bool Adopt(const std::vector<uint64_t>& times)
    {
        const uint32_t count = times.empty() ? 0 : m_launcher.Adopt(m_batch);
        if (count > 0)
        {
            m_shards = CutIntoShards(m_sweep, m_wanted, times, count);
        }
        return count > 0;
    }

    /** Hand over what is missing. */
    void Submit(const std::vector<uint64_t>& times)
    {
        std::set<std::string> contents;
        for (std::size_t i = 0; i < m_wanted.size(); ++i)
        {
            if (m_wanted[i] && !m_sweep.jobs[i].content.empty())
            {
                contents.insert(m_sweep.jobs[i].content);
            }
        }
        m_batch.cut = std::min(static_cast<uint32_t>(contents.size()), m_launcher.GetMostTasks());
        m_shards = CutIntoShards(m_sweep, m_wanted, times, m_batch.cut);
        std::set<uint32_t> wanted;
        for (std::size_t i = 0; i < m_wanted.size(); ++i)
        {
            if (IsMissing(i))
            {
                wanted.insert(m_shards[i]);
            }
        }
        m_batch.shards.assign(wanted.begin(), wanted.end());
        std::error_code failed;
        fs::create_directories(m_batch.folder, failed);
        AtomicFile script(m_batch.script);
        SweepOptions options = m_options;
        options.resume = m_isRetrying;
        script.Write(WriteScript(m_sweep, m_record.GetDirectory(), options, m_batch.cut));
        script.Commit();
        fs::permissions(m_batch.script,
                        fs::perms::owner_exec | fs::perms::group_exec,
                        fs::perm_options::add,
                        failed);
        m_launcher.Submit(m_batch);
    }

    /** Wait for all tasks, and for the runs of others. @return false: they were cancelled. */
    bool WaitForTasks()
    {
        constexpr std::chrono::milliseconds PAUSE{200};
        BatchState state;
        Clock::time_point next{};
        while (!state.isOver && !IsInterrupted())
        {
            const auto now = Clock::now();
            if (now >= next)
            {
                state = m_launcher.Poll();
                Look();
                WriteSweepTables(m_sweep, m_outcome.outcomes, m_record.GetDirectory());
                const auto end = Clock::now();
                next = end + std::chrono::seconds(1) + 10 * (end - now);
            }
            ShowProgress(state);
            std::this_thread::sleep_for(PAUSE);
        }
        if (IsInterrupted())
        {
            CancelTasks();
            Look();
            return false;
        }
        Settle(state);
        return !state.isCancelled;
    }

    /** End the tasks, and wait until they have. */
    void CancelTasks()
    {
        constexpr std::chrono::seconds PATIENCE{30};
        m_launcher.Cancel();
        const auto end = Clock::now() + PATIENCE;
        while (Clock::now() < end && !m_launcher.Poll().isOver)
        {
            std::this_thread::sleep_for(std::chrono::milliseconds(500));
        }
    }

    /** Find what is over by now. */
    void Look()
    {
        for (std::size_t i = 0; i < m_wanted.size(); ++i)
        {
            if (!IsMissing(i))
            {
                continue;
            }
            const SweepJob& job = m_sweep.jobs[m_first.at(m_sweep.jobs[i].content)];
            std::optional<JobOutcome> outcome = m_record.ReadNow(job);
            if (outcome && !(m_failed.contains(job.content) &&
                             outcome->status == JobStatus::FAILED)) // that may be of before
            {
                End(i, std::move(*outcome));
            }
        }
    }

    /** All tasks are over: see what they left, and record what was killed. */
    void Settle(const BatchState& state)
    {
        for (std::size_t i = 0; i < m_wanted.size(); ++i)
        {
            while (IsMissing(i) && !IsInterrupted() && !SettleJob(i, state))
            {
                ShowProgress({}); // somebody else runs it
                std::this_thread::sleep_for(std::chrono::seconds(1));
            }
        }
    }

    /** See what a job has left. @return false: a program is at it. */
    bool SettleJob(std::size_t index, const BatchState& state)
    {
        const SweepJob& job = m_sweep.jobs[m_first.at(m_sweep.jobs[index].content)];
        const bool isBegun = m_claims.IsClaimed(job.content);
        if (!m_claims.Take(job.content))
        {
            return false;
        }
        const std::string attempt = m_record.MakeAttempt(job);
        std::optional<JobOutcome> outcome = m_record.ReadNow(job);
        const auto failure = state.failures.find(m_shards[index]);
        const bool isKilled = isBegun && failure != state.failures.end();
        if (isKilled && (!outcome || outcome->status == JobStatus::FAILED))
        {
            JobOutcome killed;
            killed.message = failure->second;
            outcome = m_record.Finish(job, attempt, killed);
        }
        else
        {
            SweepRecord::Discard(attempt);
        }
        m_claims.Release(job.content);
        if (outcome)
        {
            End(index, std::move(*outcome));
        }
        else if (failure != state.failures.end())
        {
            m_outcome.complaints.insert(failure->second);
        }
        return true;
    }

    /** A job is over. */
    void End(std::size_t index, JobOutcome outcome)
    {
        ++m_progress.over;
        m_progress.notDone += outcome.status != JobStatus::DONE;
        if (m_options.onEnd)
        {
            m_options.onEnd(m_sweep.jobs[index], outcome);
        }
        m_outcome.outcomes[index] = std::move(outcome);
    }

    void ShowProgress(const BatchState& state)
    {
        if (m_options.progress)
        {
            m_progress.running = state.running;
            m_progress.queued = state.queued;
            m_progress.reason = state.reason;
            m_progress.share = GetShare();
            m_options.progress(m_progress);
        }
    }

    /** Leave only what says something. */
    void TidyUp() const
    {
        if (CountMissing() > 0)
        {
            return;
        }
        std::error_code ignored;
        std::vector<fs::path> empty;
        for (const auto& entry : fs::directory_iterator(m_batch.folder, ignored))
        {
            if (entry.is_regular_file(ignored) && entry.file_size(ignored) == 0)
            {
                empty.push_back(entry.path());
            }
        }
        for (const fs::path& path : empty)
        {
            fs::remove(path, ignored);
        }
    }

    const Sweep& m_sweep;                       //!< What is run
    const SweepOptions& m_options;              //!< How
    BatchLauncher& m_launcher;                  //!< By whom
    std::vector<bool> m_wanted;                 //!< Jobs to be run
    SweepRecord m_record;                       //!< Its directory
    JobClaims m_claims;                         //!< Who is at what
    Batch m_batch;                              //!< What is handed over
    SweepOutcome m_outcome;                     //!< So far
    SweepProgress m_progress;                   //!< So far
    std::size_t m_found{0};                     //!< Jobs that were over at the start
    std::map<std::string, std::size_t> m_first; //!< The first of all jobs of a content
    std::vector<uint32_t> m_shards;             //!< By job: its shard
    std::set<std::string> m_failed;             //!< Contents that had failed before
    bool m_isRetrying{false};                   //!< Whether those are to be run again
};

} // namespace

SweepOutcome
BatchLauncher::Run(const Sweep& sweep, const std::string& directory, const SweepOptions& options)
{
    if (options.shard.index != 0)
    {
        throw std::invalid_argument("a launcher makes shards itself: leave --shard out, or run "
                                    "this shard with '--launcher local'");
    }
    return Watch(sweep, directory, options, *this).Run();
}

} // namespace mtlink
} // namespace ns3
