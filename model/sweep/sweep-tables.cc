/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-tables.h"

#include "measure/atomic-file.h"
#include "measure/csv.h"
#include "measure/figures.h"
#include "sweep/sweep-designs.h"

#include <filesystem>
#include <system_error>

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
    csv.Text("design");
    for (const Figure& figure : GetFigures())
    {
        csv.Text(figure.name);
    }
    csv.Text("saturated");
    csv.Text("status");
    csv.Text("message");
    csv.Text("directory");
    csv.EndRow();
    for (std::size_t i = 0; i < outcomes.size(); ++i)
    {
        if (!outcomes[i])
        {
            continue;
        }
        WritePoint(sweep.points[sweep.jobs[i].point], csv);
        WriteSeed(sweep.jobs[i], csv);
        csv.Unsigned(sweep.designs[sweep.points[sweep.jobs[i].point].design].number);
        for (std::size_t k = 0; k < GetFigures().size(); ++k)
        {
            WriteNumber(csv, outcomes[i]->figures.empty() ? std::nullopt : outcomes[i]->figures[k]);
        }
        outcomes[i]->saturated ? csv.Text(*outcomes[i]->saturated ? "true" : "false") : csv.Empty();
        csv.Text(GetStatusName(outcomes[i]->status));
        csv.Text(outcomes[i]->message);
        csv.Text(outcomes[i]->directory);
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
        csv.Text(outcomes[i]->directory);
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
    csv.Text("design");
    csv.Text("saturated");
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
        csv.Unsigned(sweep.designs[sweep.points[i].design].number);
        means[i].openLoop > 0 ? csv.Unsigned(means[i].saturated) : csv.Empty();
        for (const std::optional<MeanInterval>& mean : means[i].figures)
        {
            WriteNumber(csv, mean ? std::optional(mean->mean) : std::nullopt);
            WriteNumber(csv, mean ? mean->halfWidth : std::nullopt);
        }
        csv.EndRow();
    }
}

void
WriteDesigns(const Sweep& sweep, const Outcomes& outcomes, CsvWriter& csv)
{
    csv.Text("design");
    for (std::size_t i = 0; i < sweep.keys.size(); ++i)
    {
        if (!sweep.isScenario[i])
        {
            csv.Text(sweep.keys[i]);
        }
    }
    for (const char* name : {"scenarios", "runs", "done", "saturated"})
    {
        csv.Text(name);
    }
    for (const Figure& figure : GetFigures())
    {
        csv.Text(figure.name);
    }
    csv.EndRow();
    const std::vector<DesignFigures> figures = GetDesignFigures(sweep, outcomes);
    for (std::size_t design = 0; design < sweep.designs.size(); ++design)
    {
        csv.Unsigned(sweep.designs[design].number);
        for (std::size_t i = 0; i < sweep.keys.size(); ++i)
        {
            if (!sweep.isScenario[i])
            {
                csv.Text(sweep.designs[design].cells[i]);
            }
        }
        const DesignFigures& own = figures[design];
        csv.Unsigned(sweep.designs[design].points.size());
        csv.Unsigned(own.runs);
        csv.Unsigned(own.done);
        own.openLoop > 0 ? csv.Unsigned(own.saturated) : csv.Empty();
        for (const std::optional<double>& figure : own.figures)
        {
            WriteNumber(csv, figure);
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
            means[point].openLoop += outcomes[job]->saturated.has_value() ? 1 : 0;
            means[point].saturated += outcomes[job]->saturated.value_or(false) ? 1 : 0;
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
    write("designs.csv", WriteDesigns);
    if (!sweep.seeds.empty())
    {
        write("sweep-means.csv", WriteMeans);
        return;
    }
    // Those of a time when it had seeds would pass for its own.
    std::error_code failed;
    const auto old = std::filesystem::path(directory) / "sweep-means.csv";
    std::filesystem::remove(old, failed);
    if (failed)
    {
        throw WriteError(old.string(), failed.value());
    }
}

} // namespace mtlink
} // namespace ns3
