/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep-text.h"

#include "measure/figures.h"
#include "progress-bar.h"
#include "report/human-text.h"
#include "sweep/sweep-tables.h"
#include "text-table.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <vector>

using namespace ns3::mtlink;

namespace
{

constexpr std::size_t MOST_POINTS = 100;
constexpr std::size_t LONGEST_CELL = 40;

/** A figure of the table: what an architect looks at first. */
struct Column
{
    std::string figure; //!< Of GetFigures()
    std::string head;   //!< Of the column
    bool isTime;        //!< In nanoseconds
};

const std::vector<Column> COLUMNS{
    {"completion_time_ns", "time", true},
    {"collective_busbw_GBps_mean", "busbw GB/s", false},
    {"collective_bound_ratio_mean", "over bound", false},
    {"offered_load", "offered", false},
    {"accepted_load", "accepted", false},
    {"packet_latency_ns_mean", "latency", true},
    {"packet_latency_ns_p99", "p99", true},
    {"credit_stall_ns", "credit stall", true},
};

std::size_t
GetIndex(const std::string& name)
{
    const auto& figures = GetFigures();
    const auto found = std::find_if(figures.begin(), figures.end(), [&name](const Figure& figure) {
        return figure.name == name;
    });
    return static_cast<std::size_t>(found - figures.begin());
}

std::string
FormatMean(const std::optional<MeanInterval>& mean, bool isTime)
{
    if (!mean)
    {
        return UNKNOWN_TEXT;
    }
    constexpr double PICOSECONDS = 1e3;
    std::string text = isTime ? TimeText(mean->mean * PICOSECONDS) : DecimalText(mean->mean);
    if (mean->halfWidth)
    {
        text += " \u00b1 " + (isTime ? TimeText(*mean->halfWidth * PICOSECONDS)
                                     : DecimalText(*mean->halfWidth, 2));
    }
    return text;
}

/** @return the shortest ends of keys that tell them apart: "buffer" of "fabric.switch.buffer". */
std::vector<std::string>
ShortenKeys(const std::vector<std::string>& keys)
{
    std::vector<std::string> names;
    for (const std::string& key : keys)
    {
        std::size_t begin = key.size();
        bool isUnique = false;
        while (!isUnique && begin > 0)
        {
            const std::size_t dot = begin < 2 ? std::string::npos : key.rfind('.', begin - 2);
            begin = dot == std::string::npos ? 0 : dot + 1;
            const std::string end = "." + key.substr(begin);
            isUnique = std::count_if(keys.begin(), keys.end(), [&end](const std::string& other) {
                           const std::string whole = "." + other;
                           return whole.size() >= end.size() &&
                                  whole.compare(whole.size() - end.size(), end.size(), end) == 0;
                       }) == 1;
        }
        names.push_back(key.substr(begin));
    }
    return names;
}

std::string
Clip(const std::string& text)
{
    return text.size() <= LONGEST_CELL ? text : text.substr(0, LONGEST_CELL - 3) + "...";
}

/** How the jobs of a point ended: "done", "refused", or "2 done, 1 failed". */
std::string
FormatStatus(const Sweep& sweep, const SweepOutcome& outcome, std::size_t point)
{
    std::vector<std::pair<std::string, std::size_t>> counts;
    std::size_t all = 0;
    for (std::size_t i = 0; i < sweep.jobs.size(); ++i)
    {
        if (sweep.jobs[i].point != point)
        {
            continue;
        }
        ++all;
        const auto& one = outcome.outcomes[i];
        const std::string name = one ? GetStatusName(one->status) : "not run";
        const auto found = std::find_if(counts.begin(), counts.end(), [&name](const auto& count) {
            return count.first == name;
        });
        found == counts.end() ? (void)counts.emplace_back(name, 1) : (void)++found->second;
    }
    std::string text;
    for (const auto& [name, count] : counts)
    {
        text += text.empty() ? "" : ", ";
        text += count == all ? name : fmt::format("{} {}", count, name);
    }
    return text;
}

} // namespace

std::string
FormatSweep(const Sweep& sweep, const SweepOutcome& outcome)
{
    const std::vector<PointMeans> means = GetPointMeans(sweep, outcome.outcomes);
    std::vector<Column> columns;
    std::copy_if(COLUMNS.begin(), COLUMNS.end(), std::back_inserter(columns), [&](const auto& one) {
        const std::size_t index = GetIndex(one.figure);
        return std::any_of(means.begin(), means.end(), [index](const PointMeans& point) {
            return point.figures[index].has_value();
        });
    });
    TextTable table;
    std::vector<std::string> head{"point"};
    for (const std::string& key : ShortenKeys(sweep.keys))
    {
        head.push_back(key);
    }
    head.push_back("status");
    for (const Column& column : columns)
    {
        head.push_back(column.head);
    }
    table.AddRow(head);
    for (std::size_t i = 0; i < std::min(sweep.points.size(), MOST_POINTS); ++i)
    {
        std::vector<std::string> row{CountText(sweep.points[i].number)};
        for (const std::string& cell : sweep.points[i].cells)
        {
            row.push_back(cell.empty() ? UNKNOWN_TEXT : Clip(cell));
        }
        row.push_back(FormatStatus(sweep, outcome, i));
        for (const Column& column : columns)
        {
            row.push_back(FormatMean(means[i].figures[GetIndex(column.figure)], column.isTime));
        }
        table.AddRow(row);
    }
    std::string text = table.Format();
    if (sweep.points.size() > MOST_POINTS)
    {
        text += fmt::format("... and {} more in sweep.csv\n", sweep.points.size() - MOST_POINTS);
    }
    if (sweep.seeds.size() > 1)
    {
        text += fmt::format("means over {} seeds \u00b1 half the 95 % confidence interval\n",
                            sweep.seeds.size());
    }
    return text;
}

std::string
FormatJob(const Sweep& sweep, const SweepJob& job, const JobOutcome& outcome)
{
    const SweepPoint& point = sweep.points[job.point];
    return fmt::format("point {} of {}{} ({}): {}{}",
                       point.number,
                       sweep.points.size(),
                       sweep.seeds.empty() ? "" : fmt::format(", seed {}", job.seed),
                       DescribePoint(sweep, point),
                       GetStatusName(outcome.status),
                       outcome.message.empty() ? "" : ": " + outcome.message);
}

std::string
FormatSweepProgress(const SweepProgress& progress, double seconds)
{
    constexpr int WIDTH = 20;
    const int filled = static_cast<int>(progress.share * WIDTH);
    const double here = progress.share - progress.shareBefore;
    const double speed = seconds > 0 ? here / seconds : 0;
    return fmt::format("[{}{}] {:3.0f} %  {} of {} runs over{}, {} running  {} left",
                       std::string(static_cast<std::size_t>(filled), '#'),
                       std::string(static_cast<std::size_t>(WIDTH - filled), ' '),
                       std::floor(progress.share * 100),
                       progress.over,
                       progress.jobs,
                       progress.notDone > 0 ? fmt::format(" ({} not done)", progress.notDone) : "",
                       progress.running,
                       speed > 0 ? FormatClock((1 - progress.share) / speed) : "-:--");
}
