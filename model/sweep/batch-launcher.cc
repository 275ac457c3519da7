/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/batch-launcher.h"

#include "measure/atomic-file.h"
#include "sweep/other-program.h"
#include "sweep/sweep-estimates.h"
#include "sweep/sweep-precheck.h"
#include "sweep/sweep-tally.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <stdexcept>
#include <string_view>
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

/** How long tasks may take to end after they were told to. */
constexpr std::chrono::seconds LAST_WORDS{30};

/** @return path of this program, and of the one that has replaced it meanwhile. */
std::string
GetSelf()
{
    constexpr std::string_view GONE = " (deleted)"; // proc(5)
    std::string path = fs::read_symlink("/proc/self/exe").string();
    if (path.ends_with(GONE))
    {
        path.resize(path.size() - GONE.size());
    }
    return path;
}

/** @return the script of a shard, whose number GNU parallel gives as argument. */
std::string
WriteScript(const Sweep& sweep,
            const std::string& directory,
            const SweepOptions& options,
            uint32_t count,
            bool isRetrying)
{
    std::string more;
    if (options.points.first != 0)
    {
        more += fmt::format(" --points {}:{}", options.points.first, options.points.last);
    }
    return fmt::format(
        "#!/bin/sh\n"
        "# Written by mtlink sweep: runs one shard, whose number is given.\n"
        "cd {} || exit\n"
        "shard=$1 processes=1\n"
        "[ -n \"$shard\" ] || shard=$SLURM_ARRAY_TASK_ID processes=${{SLURM_CPUS_PER_TASK:-1}}\n"
        "trap : TERM # the run ends in an orderly way, and is waited for\n"
        "{} sweep {} -o {} --shard \"$shard/{}\"{}{} --quiet -j \"$processes\"\n"
        "status=$?\n"
        "# Runs that are refused or stopped are recorded: the task has done its own.\n"
        "[ \"$status\" -ne 3 ] || status=0\n"
        "exit \"$status\"\n",
        QuoteWord(fs::current_path().string()),
        QuoteWord(GetSelf()),
        QuoteWord(sweep.file),
        QuoteWord(fs::absolute(directory).string()),
        count,
        more,
        isRetrying ? " --resume" : "");
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
          m_most(launcher.GetMostTasks()), // it refuses, before there is a directory
          m_tally(sweep,
                  directory,
                  options,
                  options.resume ? SweepAccess::RESUME : SweepAccess::NEW),
          m_isRetrying(!m_tally.GetRetried().empty())
    {
        m_batch.name = sweep.name;
        m_batch.folder = (fs::absolute(directory) / "launcher").string();
        m_batch.script = m_batch.folder + "/task.sh";
    }

    SweepOutcome Run()
    {
        if (!m_options.isLenient)
        {
            RefuseUnrunnableValues(m_sweep, m_tally.GetOutcomes(), m_options.interrupt);
        }
        m_tally.GetRecord().Begin();
        const std::vector<uint64_t> times =
            EstimatePoints(m_sweep, m_tally.GetRecord().GetDirectory(), m_options.interrupt);
        m_tally.Open();
        if (m_tally.CountMissing() > 0 && !m_tally.IsInterrupted())
        {
            RefuseOther();
            RunMissing(times);
        }
        m_tally.WriteTables();
        TidyUp();
        SweepOutcome outcome = m_tally.GetOutcome();
        outcome.complaints = std::move(m_complaints);
        return outcome;
    }

  private:
    /** Refuse to launch what another program launches. */
    void RefuseOther()
    {
        constexpr const char* LAUNCHER = "launcher";
        JobClaims& claims = m_tally.GetClaims();
        if (!claims.Take(LAUNCHER))
        {
            const std::string holder = claims.DescribeHolder(LAUNCHER);
            throw std::runtime_error(fmt::format(
                "another mtlink launches this sweep, {}: let it end, or, if it was killed on "
                "another machine, wait for {} s and go on with --resume",
                holder.empty() ? "which has just ended" : holder,
                JobClaims::SILENCE.count()));
        }
    }

    /** Have run what is missing, again where tasks did not come to it. */
    void RunMissing(const std::vector<uint64_t>& times)
    {
        std::size_t left = m_tally.CountMissing();
        bool isAdopted = Adopt(times);
        while (!m_tally.IsInterrupted() && left > 0)
        {
            if (!isAdopted)
            {
                Submit(times);
            }
            const bool isCancelled = !WaitForTasks();
            // Of a shard whose task was killed, runs may be left that it did not come to.
            const std::size_t now = m_tally.CountMissing();
            if (isCancelled || (now >= left && !isAdopted))
            {
                break;
            }
            left = now;
            isAdopted = false;
            m_isRetrying = false;
            m_complaints.clear(); // they are tried once more
        }
    }

    /** Go on with tasks that are under way. @return whether there are any. */
    bool Adopt(const std::vector<uint64_t>& times)
    {
        const uint32_t count = m_launcher.Adopt(m_batch);
        if (count > 0)
        {
            m_shards = CutIntoShards(m_sweep, m_tally.GetWanted(), times, count);
        }
        return count > 0;
    }

    /** @return how many different runs are wanted. */
    uint32_t CountContents() const
    {
        std::set<std::string> contents;
        for (std::size_t i = 0; i < m_sweep.jobs.size(); ++i)
        {
            if (m_tally.GetWanted()[i] && !m_sweep.jobs[i].content.empty())
            {
                contents.insert(m_sweep.jobs[i].content);
            }
        }
        return static_cast<uint32_t>(contents.size());
    }

    /** Hand over what is missing. */
    void Submit(const std::vector<uint64_t>& times)
    {
        m_batch.cut = std::min(CountContents(), m_most);
        m_shards = CutIntoShards(m_sweep, m_tally.GetWanted(), times, m_batch.cut);
        std::set<uint32_t> wanted;
        for (std::size_t i = 0; i < m_shards.size(); ++i)
        {
            if (m_tally.IsMissing(i))
            {
                wanted.insert(m_shards[i]);
            }
        }
        m_batch.shards.assign(wanted.begin(), wanted.end());
        std::error_code failed;
        fs::create_directories(m_batch.folder, failed);
        AtomicFile script(m_batch.script);
        script.Write(WriteScript(m_sweep,
                                 m_tally.GetRecord().GetDirectory(),
                                 m_options,
                                 m_batch.cut,
                                 m_isRetrying));
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
        m_answered = Clock::now();
        while (!state.isOver && !m_tally.IsInterrupted())
        {
            const auto now = Clock::now();
            if (now >= next)
            {
                state = m_launcher.Poll();
                Look();
                m_tally.WriteTables();
                state.isOver = state.isOver || IsOverUnknown(state);
                const auto end = Clock::now();
                next = end + std::chrono::seconds(1) + 10 * (end - now);
            }
            ShowProgress(state);
            m_tally.GetClaims().Beat();
            std::this_thread::sleep_for(PAUSE);
        }
        if (m_tally.IsInterrupted())
        {
            CancelTasks();
            Look();
            return false;
        }
        Settle(state);
        return !state.isCancelled;
    }

    /**
     * Lose patience with a program that can't tell how far it is.
     * @return whether there is nothing to wait for, whatever it says.
     */
    bool IsOverUnknown(const BatchState& state)
    {
        if (state.unknown.empty())
        {
            m_answered = Clock::now();
            return false;
        }
        if (m_tally.CountMissing() == 0)
        {
            return true;
        }
        if (Clock::now() - m_answered >= m_launcher.GetPatience())
        {
            throw std::runtime_error(
                fmt::format("nobody tells how far the tasks are, for {} s now: {}; they may go on: "
                            "watch them again with --resume, or end them with '{}'",
                            m_launcher.GetPatience().count(),
                            state.unknown,
                            m_launcher.GetCancelCommand()));
        }
        return false;
    }

    /** End the tasks, and wait until they have. */
    void CancelTasks()
    {
        m_launcher.Cancel();
        const auto end = Clock::now() + LAST_WORDS;
        bool isOver = m_launcher.Poll().isOver;
        while (Clock::now() < end && !isOver)
        {
            std::this_thread::sleep_for(std::chrono::milliseconds(500));
            isOver = m_launcher.Poll().isOver;
        }
        if (!isOver)
        {
            m_complaints.insert(fmt::format("tasks have not ended within {} s: end them with '{}'",
                                            LAST_WORDS.count(),
                                            m_launcher.GetCancelCommand()));
        }
    }

    /** Find what is over by now. */
    void Look()
    {
        for (std::size_t i = 0; i < m_sweep.jobs.size(); ++i)
        {
            if (!m_tally.IsMissing(i))
            {
                continue;
            }
            const SweepJob& job = m_tally.GetFirst(i);
            std::optional<JobOutcome> outcome = m_tally.GetRecord().ReadNow(job);
            if (outcome && !(m_tally.GetRetried().contains(job.content) &&
                             outcome->status == JobStatus::FAILED)) // that may be of before
            {
                m_tally.End(i, std::move(*outcome));
            }
        }
    }

    /** All tasks are over: see what they left, and record what was killed. */
    void Settle(const BatchState& state)
    {
        std::set<uint32_t> blamed;
        for (std::size_t i = 0; i < m_sweep.jobs.size(); ++i)
        {
            while (m_tally.IsMissing(i) && !m_tally.IsInterrupted() && !SettleJob(i, state, blamed))
            {
                ShowProgress({}); // somebody else runs it
                m_tally.GetClaims().Beat();
                std::this_thread::sleep_for(std::chrono::seconds(1));
            }
        }
    }

    /**
     * See what a job has left.
     * @param [in,out] blamed Shards of which a run is known that took too long.
     * @return false: a program is at it.
     */
    bool SettleJob(std::size_t index, const BatchState& state, std::set<uint32_t>& blamed)
    {
        const SweepJob& job = m_tally.GetFirst(index);
        const SweepRecord& record = m_tally.GetRecord();
        JobClaims& claims = m_tally.GetClaims();
        const bool isBegun = claims.IsClaimed(job.content);
        if (!claims.Take(job.content))
        {
            return false;
        }
        const std::string attempt = record.MakeAttempt(job);
        std::optional<JobOutcome> outcome = record.ReadNow(job);
        const auto failure = state.failures.find(m_shards[index]);
        const bool isOver = outcome && outcome->status != JobStatus::FAILED;
        const bool isAny = failure != state.failures.end();
        // One that was told to end has given its claim back: it was at the first that is missing.
        const bool isLong =
            isAny && failure->second.isTimeout && !isOver && blamed.insert(m_shards[index]).second;
        if (!isOver && isAny && (isBegun || isLong))
        {
            JobOutcome killed;
            killed.message = failure->second.text;
            outcome = record.Finish(job, attempt, killed);
        }
        else
        {
            SweepRecord::Discard(attempt);
        }
        claims.Release(job.content);
        if (outcome)
        {
            m_tally.End(index, std::move(*outcome));
        }
        else if (isAny)
        {
            m_complaints.insert(failure->second.text + "; what it said is in " + m_batch.folder);
        }
        return true;
    }

    void ShowProgress(const BatchState& state)
    {
        SweepProgress now;
        now.running = m_tally.GetClaims().CountOthers();
        now.queued = state.left - std::min(state.left, now.running);
        now.reason = state.unknown.empty() ? state.reason : state.unknown;
        m_tally.ShowProgress(now, 0);
    }

    /** Leave only what says something. */
    void TidyUp()
    {
        m_tally.GetClaims().RemoveLeft();
        if (m_tally.CountMissing() > 0)
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

    const Sweep& m_sweep;               //!< What is run
    const SweepOptions& m_options;      //!< How
    BatchLauncher& m_launcher;          //!< By whom
    const uint32_t m_most;              //!< Tasks that it takes
    SweepTally m_tally;                 //!< What is wanted and what is over
    JobBatch m_batch;                   //!< What is handed over
    std::vector<uint32_t> m_shards;     //!< By job: its shard
    bool m_isRetrying;                  //!< Whether what had failed is to be run again
    Clock::time_point m_answered{};     //!< When the launcher last knew how far it is
    std::set<std::string> m_complaints; //!< Why tasks did not come to their runs
};

} // namespace

BatchLauncher::BatchLauncher(const LauncherChoice& choice)
    : m_choice(choice),
      m_options(SplitWords(choice.options))
{
}

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
