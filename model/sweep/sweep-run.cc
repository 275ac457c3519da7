/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-run.h"

#include "sweep/job-claims.h"
#include "sweep/sweep-estimates.h"
#include "sweep/sweep-precheck.h"
#include "sweep/sweep-process.h"
#include "sweep/sweep-tables.h"

#include <chrono>
#include <map>
#include <memory>
#include <poll.h>
#include <set>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

using Clock = std::chrono::steady_clock;

/** A process, and which job it runs. */
struct Running
{
    std::size_t job;                       //!< Index into Sweep::jobs
    std::string attempt;                   //!< Directory in which it runs
    std::unique_ptr<SweepProcess> process; //!< Of it
};

/** Runs the jobs of a sweep, a few at a time, in order. */
class Runner
{
  public:
    Runner(const Sweep& sweep, const std::string& directory, const SweepOptions& options)
        : m_sweep(sweep),
          m_options(options),
          m_wanted(SelectPoints(sweep, options.points)),
          m_record(directory, sweep, options.resume || IsPart(options)),
          m_claims(directory + "/claims")
    {
        for (std::size_t i = 0; i < sweep.jobs.size(); ++i)
        {
            m_first.emplace(sweep.jobs[i].content, i);
        }
    }

    SweepOutcome Run()
    {
        ReadOutcomes();
        // Estimates come after that: whoever made them has asked.
        const bool isAsked =
            m_options.shard.index != 0 && HasEstimates(m_sweep, m_record.GetDirectory());
        if (!m_options.isLenient && !isAsked)
        {
            RefuseUnrunnableValues(m_sweep, m_outcome.outcomes, m_options.interrupt);
        }
        LookForInterrupt();
        m_record.Begin();
        ChooseShard();
        Open();
        while (!m_outcome.isInterrupted &&
               (StartProcesses() || !m_running.empty() || !m_waiting.empty()))
        {
            Wait();
            m_claims.Beat();
            AskForWaiting();
            ShowProgress();
            WriteNowAndThen();
            LookForInterrupt();
        }
        EndProcesses();
        if (!IsPart(m_options))
        {
            WriteSweepTables(m_sweep, m_outcome.outcomes, m_record.GetDirectory());
        }
        return std::move(m_outcome);
    }

  private:
    /** See what is over already. */
    void ReadOutcomes()
    {
        for (std::size_t i = 0; i < m_sweep.jobs.size(); ++i)
        {
            const SweepJob& job = m_sweep.jobs[i];
            std::optional<JobOutcome>& outcome = m_outcome.outcomes.emplace_back();
            if (!m_wanted[i])
            {
                continue;
            }
            outcome = m_record.Read(job);
            if (outcome.has_value() && outcome->status == JobStatus::FAILED && m_options.resume)
            {
                outcome.reset(); // a disk may be empty again
                m_retried.insert(i);
            }
            const SweepPoint& point = m_sweep.points[job.point];
            if (!point.refused.empty())
            {
                outcome = JobOutcome{JobStatus::REFUSED, point.refused, {}, {}};
            }
        }
    }

    /** Leave to others what is not in the shard that is asked for. */
    void ChooseShard()
    {
        if (m_options.shard.index == 0 || m_outcome.isInterrupted)
        {
            return;
        }
        const std::vector<uint64_t> times =
            EstimatePoints(m_sweep, m_record.GetDirectory(), m_options.interrupt);
        LookForInterrupt();
        if (times.empty())
        {
            return;
        }
        const std::vector<uint32_t> shards =
            CutIntoShards(m_sweep, m_wanted, times, m_options.shard.count);
        for (std::size_t i = 0; i < shards.size(); ++i)
        {
            m_wanted[i] = shards[i] == m_options.shard.index;
            if (!m_wanted[i])
            {
                m_outcome.outcomes[i].reset();
            }
        }
    }

    /** Count what there is to do, and tell what is there. */
    void Open()
    {
        SweepFound found{0, 0, m_record.CountOthers()};
        for (std::size_t i = 0; i < m_sweep.jobs.size(); ++i)
        {
            const auto& outcome = m_outcome.outcomes[i];
            found.wanted += m_wanted[i] ? 1 : 0;
            if (outcome)
            {
                found.over += m_sweep.points[m_sweep.jobs[i].point].refused.empty() ? 1 : 0;
                Count(*outcome);
            }
        }
        m_outcome.wanted = m_progress.jobs = found.wanted;
        m_progress.shareBefore = GetShare(static_cast<double>(m_progress.over));
        if (m_options.onOpen)
        {
            m_options.onOpen(found);
        }
    }

    /** @return work as a share of all; of nothing all is done. */
    double GetShare(double jobs) const
    {
        return m_progress.jobs > 0 ? jobs / static_cast<double>(m_progress.jobs) : 1;
    }

    void LookForInterrupt()
    {
        m_outcome.isInterrupted = m_options.interrupt && *m_options.interrupt != 0;
    }

    void Count(const JobOutcome& outcome)
    {
        ++m_progress.over;
        m_progress.notDone += outcome.status != JobStatus::DONE;
    }

    /** @return the job under whose name one of this content is run and kept. */
    const SweepJob& GetFirst(std::size_t index) const
    {
        return m_sweep.jobs[m_first.at(m_sweep.jobs[index].content)];
    }

    /** @return whether a job was started or found to be over. */
    bool StartProcesses()
    {
        bool isAny = false;
        while (m_next < m_sweep.jobs.size() && m_running.size() < m_options.processes)
        {
            const std::size_t index = m_next++;
            const SweepJob& job = m_sweep.jobs[index];
            if (!m_wanted[index] || m_outcome.outcomes[index])
            {
                continue;
            }
            isAny = true;
            const auto [same, isFirst] = m_byContent.emplace(job.content, index);
            if (!isFirst)
            {
                m_same.emplace(same->second, index);
                if (m_outcome.outcomes[same->second])
                {
                    End(index, *m_outcome.outcomes[same->second]);
                }
                continue;
            }
            if (!Start(index))
            {
                m_waiting.push_back(index);
            }
        }
        return isAny;
    }

    /** Start a job, or find that it is over. @return false: another program is at it. */
    bool Start(std::size_t index)
    {
        const SweepJob& job = GetFirst(index);
        if (!m_claims.Take(job.content))
        {
            return false;
        }
        std::string attempt = m_record.MakeAttempt(job);
        std::optional<JobOutcome> there = m_record.ReadNow(job);
        if (there && (there->status != JobStatus::FAILED || !m_retried.contains(index)))
        {
            SweepRecord::Discard(attempt);
            m_claims.Release(job.content);
            EndAll(index, std::move(*there));
            return true;
        }
        auto process = std::make_unique<SweepProcess>(m_sweep, job, attempt);
        m_running.push_back({index, std::move(attempt), std::move(process)});
        return true;
    }

    /** Look now and then whether jobs that other programs are at are over, or left. */
    void AskForWaiting()
    {
        constexpr std::chrono::seconds PAUSE{1};
        const auto now = Clock::now();
        if (m_waiting.empty() || now < m_nextAsk)
        {
            return;
        }
        m_nextAsk = now + PAUSE;
        std::vector<std::size_t> waiting = std::move(m_waiting);
        m_waiting.clear();
        for (const std::size_t index : waiting)
        {
            m_retried.erase(index); // whatever the other has found will do
            if (m_running.size() >= m_options.processes || !Start(index))
            {
                m_waiting.push_back(index);
            }
        }
    }

    /** A job's process has ended. */
    void Finish(const Running& ended)
    {
        const SweepJob& job = GetFirst(ended.job);
        std::optional<JobOutcome> outcome =
            m_record.Finish(job, ended.attempt, ended.process->Wait());
        m_claims.Release(job.content);
        if (outcome)
        {
            EndAll(ended.job, std::move(*outcome));
        }
        else
        {
            m_waiting.push_back(ended.job);
        }
    }

    /** A job is over, and so are those of the same content. */
    void EndAll(std::size_t index, JobOutcome outcome)
    {
        const auto [first, last] = m_same.equal_range(index);
        for (auto same = first; same != last; ++same)
        {
            End(same->second, outcome);
        }
        End(index, std::move(outcome));
    }

    /** End processes that an interruption left. */
    void EndProcesses()
    {
        for (Running& running : m_running)
        {
            running.process.reset();
            SweepRecord::Discard(running.attempt);
            m_claims.Release(GetFirst(running.job).content);
        }
        m_running.clear();
    }

    /** A job is over. */
    void End(std::size_t index, JobOutcome outcome)
    {
        const SweepJob& job = m_sweep.jobs[index];
        Count(outcome);
        if (m_options.onEnd)
        {
            m_options.onEnd(job, outcome);
        }
        m_outcome.outcomes[index] = std::move(outcome);
    }

    /** Wait for processes to tell something or to end, for a fifth of a second at most. */
    void Wait()
    {
        constexpr int MILLISECONDS = 200;
        std::vector<pollfd> polled;
        for (const Running& running : m_running)
        {
            polled.push_back({running.process->GetDescriptor(), POLLIN, 0});
        }
        const bool isIdle = polled.empty() && m_waiting.empty();
        if (isIdle || poll(polled.data(), polled.size(), MILLISECONDS) <= 0)
        {
            return; // nothing yet, or a signal
        }
        for (std::size_t i = polled.size(); i-- > 0;)
        {
            if (polled[i].revents != 0 && !m_running[i].process->Listen())
            {
                const Running ended = std::move(m_running[i]);
                m_running.erase(m_running.begin() + static_cast<std::ptrdiff_t>(i));
                Finish(ended);
            }
        }
    }

    void ShowProgress()
    {
        if (!m_options.progress)
        {
            return;
        }
        m_progress.running = m_running.size();
        m_progress.waiting = m_waiting.size();
        auto work = static_cast<double>(m_progress.over);
        for (const Running& running : m_running)
        {
            work += running.process->GetShare();
        }
        m_progress.share = GetShare(work);
        m_options.progress(m_progress);
    }

    /** Write the tables if that takes little of the time. */
    void WriteNowAndThen()
    {
        const auto start = Clock::now();
        if (IsPart(m_options) || start < m_nextWrite)
        {
            return;
        }
        WriteSweepTables(m_sweep, m_outcome.outcomes, m_record.GetDirectory());
        const auto now = Clock::now();
        m_nextWrite = now + std::chrono::seconds(2) + 50 * (now - start);
    }

    const Sweep& m_sweep;                           //!< What is run
    const SweepOptions& m_options;                  //!< How
    std::vector<bool> m_wanted;                     //!< Jobs to be run
    SweepRecord m_record;                           //!< Its directory
    JobClaims m_claims;                             //!< Jobs that this program is at
    SweepOutcome m_outcome;                         //!< So far
    SweepProgress m_progress;                       //!< So far
    std::vector<Running> m_running;                 //!< Processes
    std::vector<std::size_t> m_waiting;             //!< Jobs that other programs are at
    std::size_t m_next{0};                          //!< First job that was not looked at
    std::map<std::string, std::size_t> m_first;     //!< The first of all jobs of a content
    std::map<std::string, std::size_t> m_byContent; //!< The job that is run for a content
    std::multimap<std::size_t, std::size_t> m_same; //!< Others that it is run for
    std::set<std::size_t> m_retried;                //!< Jobs that had failed before
    Clock::time_point m_nextWrite{};                //!< When to write the tables again
    Clock::time_point m_nextAsk{};                  //!< When to ask for m_waiting again
};

} // namespace

bool
IsPart(const SweepOptions& options)
{
    return options.points.first != 0 || options.shard.index != 0;
}

SweepOutcome
RunSweep(const Sweep& sweep, const std::string& directory, const SweepOptions& options)
{
    return Runner(sweep, directory, options).Run();
}

} // namespace mtlink
} // namespace ns3
