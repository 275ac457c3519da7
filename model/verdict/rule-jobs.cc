/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
#include "verdict/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A job is slowed by others that takes so many times as long beside them. */
constexpr double SLOWED = 1.05;

constexpr std::size_t MOST = 4; //!< Jobs told of

/** @return how much longer a job takes beside the others, as a share. */
double
GetSlowdown(const VerdictJob& job)
{
    return job.aloneNs > 0 ? job.togetherNs / job.aloneNs - 1 : 0;
}

/** @return what a job shares, for people. */
std::string
DescribeShared(const VerdictJob& job)
{
    return job.sharedLinks == 0   ? "it shares no link with them"
           : job.sharedLinks == 1 ? fmt::format("it shares one {} link with them", job.sharedClass)
                                  : fmt::format("it shares {} with them, most of them {}",
                                                CountText(job.sharedLinks, "link", "links"),
                                                job.sharedClass);
}

/** What the collectives of a workload took. */
struct Taken
{
    std::string name; //!< The workload's
    double time{0};   //!< Of its collectives, added up, ps
    double bound{0};  //!< The least that they could take; 0: not known of one of them
};

/** @return it of each workload with collectives that ended, in order of their names. */
std::vector<Taken>
ListTaken(const RunResults& results)
{
    std::map<std::string, Taken> byName;
    std::map<std::string, bool> known;
    for (const CollectiveResult& row : results.collectives)
    {
        if (row.start == NEVER || row.end == NEVER || row.workload.empty())
        {
            continue;
        }
        Taken& taken = byName[row.workload];
        taken.name = row.workload;
        taken.time += static_cast<double>(row.end - row.start);
        taken.bound += static_cast<double>(row.bound);
        known.emplace(row.workload, true).first->second &= row.bound > 0;
    }
    std::vector<Taken> list;
    for (auto& [name, taken] : byName)
    {
        if (known[name] && taken.time > 0)
        {
            list.push_back(taken);
        }
    }
    return list;
}

} // namespace

bool
AddJobs(const Reading& reading, VerdictResult& verdict)
{
    std::vector<VerdictJob> jobs = reading.facts.jobs;
    const bool isReplayed = reading.results.complete && reading.results.mode != "bound" &&
                            !reading.IsOpenLoop() && !reading.results.training;
    if (jobs.empty() && isReplayed && reading.FindSetting("workloads[1].name"))
    {
        verdict.notes.emplace_back("what the workloads cost one another was not tried, as that "
                                   "takes long or is not possible in mode flow: a run of each "
                                   "without the others tells");
    }
    if (jobs.empty())
    {
        return false;
    }
    std::stable_sort(jobs.begin(), jobs.end(), [](const VerdictJob& a, const VerdictJob& b) {
        return GetSlowdown(a) > GetSlowdown(b);
    });
    const auto slowed =
        static_cast<std::size_t>(std::count_if(jobs.begin(), jobs.end(), [](const VerdictJob& job) {
            return GetSlowdown(job) >= SLOWED - 1;
        }));
    if (slowed == 0)
    {
        verdict.notes.push_back(fmt::format(
            "the {} workloads cost one another no more than {}: so much longer than alone the "
            "worst, {}, takes beside the others in mode {}, approximate",
            jobs.size(),
            PercentText(std::max(GetSlowdown(jobs.front()), 0.0)),
            jobs.front().name,
            reading.facts.jobsMode));
        return true;
    }
    for (std::size_t i = 0; i < std::min(slowed, MOST); ++i)
    {
        verdict.notes.push_back(fmt::format(
            "{} takes {} beside the other workloads and {} alone, {} longer, in mode {}, "
            "approximate: {}",
            jobs[i].name,
            TimeText(jobs[i].togetherNs * 1e3),
            TimeText(jobs[i].aloneNs * 1e3),
            PercentText(GetSlowdown(jobs[i])),
            reading.facts.jobsMode,
            DescribeShared(jobs[i])));
    }
    if (slowed > MOST || slowed < jobs.size())
    {
        verdict.notes.push_back(fmt::format("slowed by the others by a twentieth or more: {} of {} "
                                            "workloads",
                                            slowed,
                                            jobs.size()));
    }
    return true;
}

bool
AddWorkloads(const Reading& reading, VerdictResult& verdict)
{
    if (!reading.FindSetting("workloads[1].name"))
    {
        return false;
    }
    std::vector<Taken> taken = ListTaken(reading.results);
    std::stable_sort(taken.begin(), taken.end(), [](const Taken& a, const Taken& b) {
        return a.bound / a.time < b.bound / b.time;
    });
    std::string list;
    for (std::size_t i = 0; i < std::min(taken.size(), MOST); ++i)
    {
        list += fmt::format("{}{} {}",
                            list.empty() ? "" : ", ",
                            taken[i].name,
                            PercentText(std::min(taken[i].bound / taken[i].time, 1.0)));
    }
    const std::string more =
        taken.size() > MOST ? fmt::format(" and {} more, nearer", taken.size() - MOST) : "";
    if (reading.IsOpenLoop())
    {
        verdict.notes.push_back(
            taken.empty()
                ? "what is said of loads and saturation is of all workloads of traffic together"
                : fmt::format("what is said above is of the traffic; of their bound the "
                              "collectives beside it reached: {}{}",
                              list,
                              more));
    }
    else if (taken.size() > 1)
    {
        verdict.notes.push_back(
            fmt::format("what is said above is of all workloads together; of its bound each "
                        "reached: {}{}",
                        list,
                        more));
    }
    return true;
}

} // namespace mtlink
} // namespace ns3
