/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-tally.h"

#include "sweep/sweep-tables.h"

#include <utility>

namespace ns3
{
namespace mtlink
{

SweepTally::SweepTally(const Sweep& sweep,
                       const std::string& directory,
                       const SweepOptions& options,
                       SweepAccess access)
    : m_sweep(sweep),
      m_options(options),
      m_wanted(SelectPoints(sweep, options.points)),
      m_record(directory, sweep, access),
      m_claims(directory + "/claims")
{
    for (std::size_t i = 0; i < sweep.jobs.size(); ++i)
    {
        m_first.emplace(sweep.jobs[i].content, i);
    }
    ReadOutcomes();
}

void
SweepTally::ReadOutcomes()
{
    for (std::size_t i = 0; i < m_sweep.jobs.size(); ++i)
    {
        const SweepJob& job = m_sweep.jobs[i];
        const SweepPoint& point = m_sweep.points[job.point];
        std::optional<JobOutcome>& outcome = m_outcomes.emplace_back();
        if (!m_wanted[i])
        {
            continue;
        }
        outcome = point.refused.empty() ? m_record.Read(job)
                                        : JobOutcome{JobStatus::REFUSED, point.refused, {}, {}};
        if (outcome && outcome->status == JobStatus::FAILED && m_options.resume)
        {
            outcome.reset(); // a disk may be empty again
            m_retried.insert(job.content);
        }
    }
}

void
SweepTally::Narrow(const std::vector<uint32_t>& shards, uint32_t shard)
{
    for (std::size_t i = 0; i < shards.size(); ++i)
    {
        m_wanted[i] = shards[i] == shard;
        if (!m_wanted[i])
        {
            m_outcomes[i].reset();
        }
    }
}

void
SweepTally::Open()
{
    SweepFound found{0, 0, m_record.CountOthers()};
    for (std::size_t i = 0; i < m_sweep.jobs.size(); ++i)
    {
        found.wanted += m_wanted[i] ? 1 : 0;
        if (m_outcomes[i])
        {
            found.over += m_sweep.points[m_sweep.jobs[i].point].refused.empty() ? 1 : 0;
            Count(*m_outcomes[i]);
        }
    }
    m_progress.jobs = found.wanted;
    m_progress.shareBefore = GetShare(static_cast<double>(m_progress.over));
    if (m_options.onOpen)
    {
        m_options.onOpen(found);
    }
}

double
SweepTally::GetShare(double runs) const
{
    return m_progress.jobs > 0 ? runs / static_cast<double>(m_progress.jobs) : 1;
}

void
SweepTally::Count(const JobOutcome& outcome)
{
    ++m_progress.over;
    m_progress.notDone += outcome.status != JobStatus::DONE;
}

void
SweepTally::End(std::size_t index, JobOutcome outcome)
{
    Count(outcome);
    if (m_options.onEnd)
    {
        m_options.onEnd(m_sweep.jobs[index], outcome);
    }
    m_outcomes[index] = std::move(outcome);
}

std::size_t
SweepTally::CountMissing() const
{
    std::size_t missing = 0;
    for (std::size_t i = 0; i < m_wanted.size(); ++i)
    {
        missing += IsMissing(i) ? 1 : 0;
    }
    return missing;
}

void
SweepTally::ShowProgress(SweepProgress now, double parts) const
{
    if (!m_options.progress)
    {
        return;
    }
    now.jobs = m_progress.jobs;
    now.over = m_progress.over;
    now.notDone = m_progress.notDone;
    now.shareBefore = m_progress.shareBefore;
    now.share = GetShare(static_cast<double>(m_progress.over) + parts);
    m_options.progress(now);
}

void
SweepTally::WriteTables() const
{
    WriteSweepTables(m_sweep, m_outcomes, m_record.GetDirectory());
}

SweepOutcome
SweepTally::GetOutcome() const
{
    SweepOutcome outcome;
    outcome.isInterrupted = IsInterrupted();
    outcome.wanted = m_progress.jobs;
    outcome.outcomes = m_outcomes;
    return outcome;
}

} // namespace mtlink
} // namespace ns3
