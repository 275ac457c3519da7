/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-run.h"

#include "sweep/sweep-precheck.h"
#include "sweep/sweep-process.h"
#include "sweep/sweep-tables.h"

#include <chrono>
#include <map>
#include <memory>
#include <poll.h>
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
    std::unique_ptr<SweepProcess> process; //!< Of it
};

/** Runs the jobs of a sweep, a few at a time, in order. */
class Runner
{
  public:
    Runner(const Sweep& sweep, const std::string& directory, const SweepOptions& options)
        : m_sweep(sweep),
          m_options(options),
          m_record(directory, sweep, options.resume)
    {
    }

    SweepOutcome Run()
    {
        ReadOutcomes();
        if (m_options.onOpen)
        {
            m_options.onOpen({m_found, m_record.CountOthers()});
        }
        if (!m_options.isLenient)
        {
            RefuseUnrunnableValues(m_sweep, m_outcome.outcomes, m_options.interrupt);
        }
        LookForInterrupt();
        m_record.Begin();
        while (!m_outcome.isInterrupted && (StartProcesses() || !m_running.empty()))
        {
            Wait();
            ShowProgress();
            WriteNowAndThen();
            LookForInterrupt();
        }
        m_running.clear(); // ends those that an interruption left
        WriteSweepTables(m_sweep, m_outcome.outcomes, m_record.GetDirectory());
        return std::move(m_outcome);
    }

  private:
    /** See what is over already. */
    void ReadOutcomes()
    {
        for (const SweepJob& job : m_sweep.jobs)
        {
            std::optional<JobOutcome>& outcome =
                m_outcome.outcomes.emplace_back(m_record.Read(job));
            if (outcome.has_value() && outcome->status == JobStatus::FAILED)
            {
                outcome.reset(); // a disk may be empty again
            }
            m_found += outcome.has_value() ? 1 : 0;
            const SweepPoint& point = m_sweep.points[job.point];
            if (!point.refused.empty())
            {
                outcome = JobOutcome{JobStatus::REFUSED, point.refused, {}, {}};
            }
            if (outcome.has_value())
            {
                Count(*outcome);
            }
        }
        m_progress.jobs = m_sweep.jobs.size();
        m_progress.shareBefore =
            static_cast<double>(m_progress.over) / static_cast<double>(m_progress.jobs);
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

    /** @return whether a job was started or found to be over. */
    bool StartProcesses()
    {
        bool isAny = false;
        while (m_next < m_sweep.jobs.size() && m_running.size() < m_options.processes)
        {
            const std::size_t index = m_next++;
            const SweepJob& job = m_sweep.jobs[index];
            if (m_outcome.outcomes[index])
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
            m_record.Clear(job);
            m_running.push_back(
                {index, std::make_unique<SweepProcess>(m_sweep, job, m_record.GetDirectory(job))});
        }
        return isAny;
    }

    /** A job's process has ended: so have jobs of the same content. */
    void Finish(std::size_t index, JobOutcome outcome)
    {
        m_record.Finish(m_sweep.jobs[index], outcome);
        const auto [first, last] = m_same.equal_range(index);
        for (auto same = first; same != last; ++same)
        {
            End(same->second, outcome);
        }
        End(index, std::move(outcome));
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
        if (polled.empty() || poll(polled.data(), polled.size(), MILLISECONDS) <= 0)
        {
            return; // nothing yet, or a signal
        }
        for (std::size_t i = polled.size(); i-- > 0;)
        {
            if (polled[i].revents != 0 && !m_running[i].process->Listen())
            {
                const Running ended = std::move(m_running[i]);
                m_running.erase(m_running.begin() + static_cast<std::ptrdiff_t>(i));
                Finish(ended.job, ended.process->Wait());
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
        auto work = static_cast<double>(m_progress.over);
        for (const Running& running : m_running)
        {
            work += running.process->GetShare();
        }
        m_progress.share = work / static_cast<double>(m_progress.jobs);
        m_options.progress(m_progress);
    }

    /** Write the tables if that takes little of the time. */
    void WriteNowAndThen()
    {
        const auto start = Clock::now();
        if (start < m_nextWrite)
        {
            return;
        }
        WriteSweepTables(m_sweep, m_outcome.outcomes, m_record.GetDirectory());
        const auto now = Clock::now();
        m_nextWrite = now + std::chrono::seconds(2) + 50 * (now - start);
    }

    const Sweep& m_sweep;                           //!< What is run
    const SweepOptions& m_options;                  //!< How
    SweepRecord m_record;                           //!< Its directory
    SweepOutcome m_outcome;                         //!< So far
    SweepProgress m_progress;                       //!< So far
    std::vector<Running> m_running;                 //!< Processes
    std::size_t m_found{0};                         //!< Jobs that were over at the start
    std::size_t m_next{0};                          //!< First job that was not looked at
    std::map<std::string, std::size_t> m_byContent; //!< The job that is run for a content
    std::multimap<std::size_t, std::size_t> m_same; //!< Others that it is run for
    Clock::time_point m_nextWrite{};                //!< When to write the tables again
};

} // namespace

SweepOutcome
RunSweep(const Sweep& sweep, const std::string& directory, const SweepOptions& options)
{
    return Runner(sweep, directory, options).Run();
}

} // namespace mtlink
} // namespace ns3
