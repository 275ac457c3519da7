/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-merge.h"

#include "sweep/job-claims.h"
#include "sweep/sweep-tables.h"

#include "ns3/mtlink-error.h"

#include <memory>
#include <optional>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

void
RefuseWithoutSweep(const std::string& directory)
{
    if (!HoldsSweep(directory))
    {
        throw InputError({directory},
                         "there is no sweep in it to merge: name the directory that mtlink sweep "
                         "or its shards wrote into");
    }
}

/**
 * @return what a job left in other directories, rather done than failed; it is copied, unless a
 *         program is at it, or it has failed there as it has here.
 */
std::optional<JobOutcome>
Copy(const SweepJob& job,
     const SweepRecord& record,
     const std::vector<std::unique_ptr<SweepRecord>>& others,
     JobClaims& claims,
     bool hasFailed)
{
    const SweepRecord* best = nullptr;
    bool isFailed = true;
    for (std::size_t i = 0; i < others.size() && isFailed; ++i)
    {
        const std::optional<JobOutcome> there = others[i]->Read(job);
        isFailed = !there || there->status == JobStatus::FAILED;
        best = there && (!best || !isFailed) ? others[i].get() : best;
    }
    std::optional<JobOutcome> outcome;
    if (best && !(isFailed && hasFailed) && claims.Take(job.content))
    {
        outcome = record.CopyFrom(job, *best);
        claims.Release(job.content);
    }
    return outcome;
}

} // namespace

SweepMerge
MergeSweep(const Sweep& sweep, const std::string& directory, const std::vector<std::string>& others)
{
    for (const std::string& other : others)
    {
        RefuseWithoutSweep(other);
    }
    if (others.empty())
    {
        RefuseWithoutSweep(directory);
    }
    const SweepRecord record(directory, sweep, SweepAccess::RESUME);
    std::vector<std::unique_ptr<SweepRecord>> records;
    for (const std::string& other : others)
    {
        records.push_back(std::make_unique<SweepRecord>(other, sweep, SweepAccess::READ));
    }
    record.Begin();
    JobClaims claims(directory + "/claims");
    SweepMerge merge;
    std::map<std::string, std::optional<JobOutcome>> byContent;
    for (std::size_t i = 0; i < sweep.jobs.size(); ++i)
    {
        const SweepJob& job = sweep.jobs[i];
        const std::string& refused = sweep.points[job.point].refused;
        if (!refused.empty())
        {
            merge.outcome.outcomes.emplace_back(JobOutcome{JobStatus::REFUSED, refused, {}, {}});
            continue;
        }
        const auto [known, isNew] = byContent.emplace(job.content, std::nullopt);
        if (isNew)
        {
            known->second = record.Read(job);
            if (!known->second || known->second->status == JobStatus::FAILED)
            {
                std::optional<JobOutcome> copy =
                    Copy(job, record, records, claims, known->second.has_value());
                merge.copied += copy ? 1 : 0;
                if (copy)
                {
                    known->second = std::move(copy);
                }
            }
        }
        merge.outcome.outcomes.push_back(known->second);
        std::string holder = known->second ? "" : claims.DescribeHolder(job.content);
        if (!holder.empty())
        {
            merge.holders.emplace(i, std::move(holder));
        }
    }
    merge.outcome.wanted = sweep.jobs.size();
    WriteSweepTables(sweep, merge.outcome.outcomes, directory);
    claims.RemoveLeft();
    return merge;
}

} // namespace mtlink
} // namespace ns3
