/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-run.h"

#include "sweep/sweep-estimates.h"
#include "sweep/sweep-precheck.h"
#include "sweep/sweep-process.h"
#include "sweep/sweep-tally.h"

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
          m_tally(sweep,
                  directory,
                  options,
                  options.resume || IsPart(options) ? SweepAccess::RESUME : SweepAccess::NEW)
    {
    }

    SweepOutcome Run()
    {
        // Estimates come after that: whoever made them has asked.
        const bool isAsked = m_options.shard.index != 0 && HasEstimates(m_sweep, GetDirectory());
        if (!m_options.isLenient && !isAsked)
        {
            RefuseUnrunnableValues(m_sweep, m_tally.GetOutcomes(), m_options.interrupt);
        }
        m_tally.GetRecord().Begin();
        ChooseShard();
        m_tally.Open();
        while (!m_tally.IsInterrupted() &&
               (StartProcesses() || !m_running.empty() || !m_waiting.empty()))
        {
            Wait();
            m_tally.GetClaims().Beat();
            AskForWaiting();
            ShowProgress();
            WriteNowAndThen();
        }
        EndProcesses();
        if (!IsPart(m_options))
        {
            m_tally.WriteTables();
            m_tally.GetClaims().RemoveLeft();
        }
        return m_tally.GetOutcome();
    }

  private:
    const std::string& GetDirectory() const
    {
        return m_tally.GetRecord().GetDirectory();
    }

    /** Leave to others what is not in the shard that is asked for. */
    void ChooseShard()
    {
        if (m_options.shard.index == 0)
        {
            return;
        }
        const std::vector<uint64_t> times =
            EstimatePoints(m_sweep, GetDirectory(), m_options.interrupt);
        if (!times.empty()) // else it was interrupted
        {
            m_tally.Narrow(
                CutIntoShards(m_sweep, m_tally.GetWanted(), times, m_options.shard.count),
                m_options.shard.index);
        }
    }

    /** @return whether a job was started or found to be over. */
    bool StartProcesses()
    {
        bool isAny = false;
        while (m_next < m_sweep.jobs.size() && m_running.size() < m_options.processes)
        {
            const std::size_t index = m_next++;
            const SweepJob& job = m_sweep.jobs[index];
            if (!m_tally.IsMissing(index))
            {
                continue;
            }
            isAny = true;
            const auto [same, isFirst] = m_byContent.emplace(job.content, index);
            if (!isFirst)
            {
                m_same.emplace(same->second, index);
                if (const auto& outcome = m_tally.GetOutcomes()[same->second])
                {
                    m_tally.End(index, *outcome);
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
        const SweepJob& job = m_tally.GetFirst(index);
        if (!m_tally.GetClaims().Take(job.content))
        {
            return false;
        }
        std::string attempt = m_tally.GetRecord().MakeAttempt(job);
        std::optional<JobOutcome> there = m_tally.GetRecord().ReadNow(job);
        if (there &&
            (there->status != JobStatus::FAILED || !m_tally.GetRetried().contains(job.content)))
        {
            SweepRecord::Discard(attempt);
            m_tally.GetClaims().Release(job.content);
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
            m_tally.GetRetried().erase(
                m_sweep.jobs[index].content); // whatever the other has found will do
            if (m_running.size() >= m_options.processes || !Start(index))
            {
                m_waiting.push_back(index);
            }
        }
    }

    /** A job's process has ended. */
    void Finish(const Running& ended)
    {
        const SweepJob& job = m_tally.GetFirst(ended.job);
        std::optional<JobOutcome> outcome =
            m_tally.GetRecord().Finish(job, ended.attempt, ended.process->Wait());
        m_tally.GetClaims().Release(job.content);
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
            m_tally.End(same->second, outcome);
        }
        m_tally.End(index, std::move(outcome));
    }

    /** End processes that an interruption left. */
    void EndProcesses()
    {
        for (Running& running : m_running)
        {
            running.process.reset();
            SweepRecord::Discard(running.attempt);
            m_tally.GetClaims().Release(m_tally.GetFirst(running.job).content);
        }
        m_running.clear();
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
        SweepProgress now;
        now.running = m_running.size();
        now.waiting = m_waiting.size();
        double parts = 0;
        for (const Running& running : m_running)
        {
            parts += running.process->GetShare();
        }
        m_tally.ShowProgress(now, parts);
    }

    /** Write the tables if that takes little of the time. */
    void WriteNowAndThen()
    {
        const auto start = Clock::now();
        if (IsPart(m_options) || start < m_nextWrite)
        {
            return;
        }
        m_tally.WriteTables();
        const auto now = Clock::now();
        m_nextWrite = now + std::chrono::seconds(2) + 50 * (now - start);
    }

    const Sweep& m_sweep;                           //!< What is run
    const SweepOptions& m_options;                  //!< How
    SweepTally m_tally;                             //!< What is wanted and what is over
    std::vector<Running> m_running;                 //!< Processes
    std::vector<std::size_t> m_waiting;             //!< Jobs that other programs are at
    std::size_t m_next{0};                          //!< First job that was not looked at
    std::map<std::string, std::size_t> m_byContent; //!< The job that is run for a content
    std::multimap<std::size_t, std::size_t> m_same; //!< Others that it is run for
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
