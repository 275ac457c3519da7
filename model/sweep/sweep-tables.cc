/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-tables.h"

#include "measure/atomic-file.h"
#include "measure/csv.h"
#include "measure/figures.h"

#include <filesystem>

namespace ns3
{
namespace mtlink
{

namespace
{

using Outcomes = std::vector<std::optional<JobOutcome>>;

void
WriteNumber(CsvWriter& csv, const std::optional<double>& number)
{
    number ? csv.Number(*number) : csv.Empty();
}

/** Names of the columns that say which point it is. */
void
WritePointHead(const Sweep& sweep, CsvWriter& csv)
{
    csv.Text("point");
    for (const std::string& key : sweep.keys)
    {
        csv.Text(key);
    }
}

void
WritePoint(const SweepPoint& point, CsvWriter& csv)
{
    csv.Unsigned(point.number);
    for (const std::string& cell : point.cells)
    {
        csv.Text(cell);
    }
}

void
WriteSeed(const SweepJob& job, CsvWriter& csv)
{
    job.seed != 0 ? csv.Unsigned(job.seed) : csv.Empty();
}

void
WriteJobs(const Sweep& sweep, const Outcomes& outcomes, CsvWriter& csv)
{
    WritePointHead(sweep, csv);
    csv.Text("seed");
    for (const Figure& figure : GetFigures())
    {
        csv.Text(figure.name);
    }
    csv.Text("status");
    csv.Text("message");
    csv.EndRow();
    for (std::size_t i = 0; i < outcomes.size(); ++i)
    {
        if (!outcomes[i])
        {
            continue;
        }
        WritePoint(sweep.points[sweep.jobs[i].point], csv);
        WriteSeed(sweep.jobs[i], csv);
        for (std::size_t k = 0; k < GetFigures().size(); ++k)
        {
            WriteNumber(csv, outcomes[i]->figures.empty() ? std::nullopt : outcomes[i]->figures[k]);
        }
        csv.Text(GetStatusName(outcomes[i]->status));
        csv.Text(outcomes[i]->message);
        csv.EndRow();
    }
}

void
WriteCosts(const Sweep& sweep, const Outcomes& outcomes, CsvWriter& csv)
{
    csv.Text("point");
    csv.Text("seed");
    csv.Text("directory");
    for (const Figure& cost : GetCosts())
    {
        csv.Text(cost.name);
    }
    csv.EndRow();
    for (std::size_t i = 0; i < outcomes.size(); ++i)
    {
        if (!outcomes[i])
        {
            continue;
        }
        csv.Unsigned(sweep.points[sweep.jobs[i].point].number);
        WriteSeed(sweep.jobs[i], csv);
        csv.Text(GetJobDirectory(sweep, sweep.jobs[i]));
        for (std::size_t k = 0; k < GetCosts().size(); ++k)
        {
            WriteNumber(csv, outcomes[i]->costs.empty() ? std::nullopt : outcomes[i]->costs[k]);
        }
        csv.EndRow();
    }
}

void
WriteMeans(const Sweep& sweep, const Outcomes& outcomes, CsvWriter& csv)
{
    WritePointHead(sweep, csv);
    csv.Text("seeds");
    csv.Text("done");
    for (const Figure& figure : GetFigures())
    {
        csv.Text(figure.name + "_mean");
        csv.Text(figure.name + "_ci95");
    }
    csv.EndRow();
    const std::vector<PointMeans> means = GetPointMeans(sweep, outcomes);
    for (std::size_t i = 0; i < means.size(); ++i)
    {
        WritePoint(sweep.points[i], csv);
        csv.Unsigned(sweep.seeds.size());
        csv.Unsigned(means[i].done);
        for (const std::optional<MeanInterval>& mean : means[i].figures)
        {
            WriteNumber(csv, mean ? std::optional(mean->mean) : std::nullopt);
            WriteNumber(csv, mean ? mean->halfWidth : std::nullopt);
        }
        csv.EndRow();
    }
}

} // namespace

std::vector<PointMeans>
GetPointMeans(const Sweep& sweep, const Outcomes& outcomes)
{
    const std::size_t count = GetFigures().size();
    std::vector<PointMeans> means(sweep.points.size());
    std::size_t job = 0;
    for (std::size_t point = 0; point < sweep.points.size(); ++point)
    {
        std::vector<std::vector<double>> values(count);
        for (; job < sweep.jobs.size() && sweep.jobs[job].point == point; ++job)
        {
            if (!outcomes[job] || outcomes[job]->status != JobStatus::DONE)
            {
                continue;
            }
            ++means[point].done;
            for (std::size_t k = 0; k < count; ++k)
            {
                if (outcomes[job]->figures[k])
                {
                    values[k].push_back(*outcomes[job]->figures[k]);
                }
            }
        }
        for (const std::vector<double>& sample : values)
        {
            means[point].figures.push_back(sample.empty() ? std::nullopt
                                                          : std::optional(GetMeanInterval(sample)));
        }
    }
    return means;
}

void
WriteSweepTables(const Sweep& sweep, const Outcomes& outcomes, const std::string& directory)
{
    const auto write = [&](const std::string& name,
                           void (*table)(const Sweep&, const Outcomes&, CsvWriter&)) {
        AtomicFile file((std::filesystem::path(directory) / name).string());
        CsvWriter csv(file);
        table(sweep, outcomes, csv);
        file.Commit();
    };
    write("sweep.csv", WriteJobs);
    write("sweep-costs.csv", WriteCosts);
    if (!sweep.seeds.empty())
    {
        write("sweep-means.csv", WriteMeans);
    }
}

} // namespace mtlink
} // namespace ns3
