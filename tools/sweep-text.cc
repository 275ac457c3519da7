/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep-text.h"

#include "measure/figures.h"
#include "progress-bar.h"
#include "report/human-text.h"
#include "report/objectives.h"
#include "sweep/sweep-designs.h"
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
    /** How its figure is told. */
    enum Kind : uint8_t
    {
        NUMBER,
        TIME,        //!< In nanoseconds
        BOUND_RATIO, //!< Told as the bound's part of the time, as everywhere
    };

    std::string figure; //!< Of GetFigures()
    std::string head;   //!< Of the column
    Kind kind;          //!< Of its figure
};

const std::vector<Column> COLUMNS{
    {"completion_time_ns", "time", Column::TIME},
    {"collective_busbw_GBps_mean", "busbw GB/s", Column::NUMBER},
    {"collective_bound_ratio_mean", "of bound", Column::BOUND_RATIO},
    {"offered_load", "offered", Column::NUMBER},
    {"accepted_load", "accepted", Column::NUMBER},
    {"packet_latency_ns_mean", "latency", Column::TIME},
    {"packet_latency_ns_p99", "p99", Column::TIME},
    {"credit_stall_ns", "credit stall", Column::TIME},
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
FormatFigure(double value, Column::Kind kind)
{
    constexpr double PICOSECONDS = 1e3;
    return kind == Column::TIME          ? TimeText(value * PICOSECONDS)
           : kind == Column::BOUND_RATIO ? PercentText(1 / value)
                                         : DecimalText(value);
}

std::string
FormatMean(const std::optional<MeanInterval>& mean, Column::Kind kind)
{
    if (!mean)
    {
        return UNKNOWN_TEXT;
    }
    std::string text = FormatFigure(mean->mean, kind);
    if (mean->halfWidth)
    {
        const double half = *mean->halfWidth;
        // Of one over the mean, as far as the interval is small.
        text += " \u00b1 " + (kind == Column::TIME ? FormatFigure(half, kind)
                              : kind == Column::BOUND_RATIO
                                  ? PercentText(half / mean->mean / mean->mean)
                                  : DecimalText(half, 2));
    }
    return text;
}

/** @return "yes", "no" or "1 of 2"; @param [in] runs Of open-loop traffic. */
std::string
FormatSaturated(std::size_t saturated, std::size_t runs)
{
    return runs == 0           ? UNKNOWN_TEXT
           : saturated == 0    ? "no"
           : saturated == runs ? "yes"
                               : fmt::format("{} of {}", saturated, runs);
}

/** @return numbers, those that follow one another as a range: "1, 3 to 5". */
std::string
FormatNumbers(const std::vector<uint32_t>& numbers)
{
    constexpr std::size_t MOST_RANGES = 20;
    std::string text;
    std::size_t ranges = 0;
    for (std::size_t i = 0; i < numbers.size();)
    {
        std::size_t last = i;
        while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1)
        {
            ++last;
        }
        if (++ranges > MOST_RANGES)
        {
            return text + fmt::format(" and {} more", numbers.size() - i);
        }
        text += text.empty() ? "" : ", ";
        text += last > i + 1 ? fmt::format("{} to {}", numbers[i], numbers[last])
                             : CountText(numbers[i]);
        i = last > i + 1 ? last + 1 : i + 1;
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

/** @return columns of which some row has a value. */
std::vector<Column>
ListColumns(const std::vector<std::vector<bool>>& known)
{
    std::vector<Column> columns;
    std::copy_if(COLUMNS.begin(), COLUMNS.end(), std::back_inserter(columns), [&](const auto& one) {
        const std::size_t index = GetIndex(one.figure);
        return std::any_of(known.begin(), known.end(), [index](const auto& row) {
            return row[index];
        });
    });
    return columns;
}

/** @return heads of a table: a number, keys, the status, perhaps whether saturated, the columns. */
std::vector<std::string>
MakeHead(const std::string& first,
         const std::vector<std::string>& keys,
         bool isOpenLoop,
         const std::vector<Column>& columns)
{
    std::vector<std::string> head{first};
    head.insert(head.end(), keys.begin(), keys.end());
    head.emplace_back("status");
    if (isOpenLoop)
    {
        head.emplace_back("saturated");
    }
    for (const Column& column : columns)
    {
        head.push_back(column.head);
    }
    return head;
}

/** @return a table of the points. */
std::string
FormatPoints(const Sweep& sweep, const SweepOutcome& outcome)
{
    const std::vector<PointMeans> means = GetPointMeans(sweep, outcome.outcomes);
    std::vector<std::vector<bool>> known;
    bool isOpenLoop = false;
    for (const PointMeans& point : means)
    {
        auto& row = known.emplace_back();
        for (const auto& figure : point.figures)
        {
            row.push_back(figure.has_value());
        }
        isOpenLoop = isOpenLoop || point.openLoop > 0;
    }
    const std::vector<Column> columns = ListColumns(known);
    TextTable table;
    table.AddRow(MakeHead("point", ShortenKeys(sweep.keys), isOpenLoop, columns));
    for (std::size_t i = 0; i < std::min(sweep.points.size(), MOST_POINTS); ++i)
    {
        std::vector<std::string> row{CountText(sweep.points[i].number)};
        for (const std::string& cell : sweep.points[i].cells)
        {
            row.push_back(cell.empty() ? UNKNOWN_TEXT : Clip(cell));
        }
        row.push_back(FormatStatus(sweep, outcome, i));
        if (isOpenLoop)
        {
            row.push_back(FormatSaturated(means[i].saturated, means[i].openLoop));
        }
        for (const Column& column : columns)
        {
            row.push_back(FormatMean(means[i].figures[GetIndex(column.figure)], column.kind));
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

/** @return a table of the designs. */
std::string
FormatDesigns(const Sweep& sweep, const std::vector<DesignFigures>& designs)
{
    std::vector<std::vector<bool>> known;
    bool isOpenLoop = false;
    for (const DesignFigures& design : designs)
    {
        auto& row = known.emplace_back();
        for (const auto& figure : design.figures)
        {
            row.push_back(figure.has_value());
        }
        isOpenLoop = isOpenLoop || design.openLoop > 0;
    }
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < sweep.keys.size(); ++i)
    {
        if (!sweep.isScenario[i])
        {
            keys.push_back(sweep.keys[i]);
        }
    }
    const std::vector<Column> columns = ListColumns(known);
    TextTable table;
    table.AddRow(MakeHead("design", ShortenKeys(keys), isOpenLoop, columns));
    for (std::size_t i = 0; i < std::min(designs.size(), MOST_POINTS); ++i)
    {
        std::vector<std::string> row{CountText(sweep.designs[i].number)};
        for (std::size_t key = 0; key < sweep.keys.size(); ++key)
        {
            if (!sweep.isScenario[key])
            {
                const std::string& cell = sweep.designs[i].cells[key];
                row.push_back(cell.empty() ? UNKNOWN_TEXT : Clip(cell));
            }
        }
        row.push_back(designs[i].done == designs[i].runs
                          ? GetStatusName(JobStatus::DONE)
                          : fmt::format("{} of {} done", designs[i].done, designs[i].runs));
        if (isOpenLoop)
        {
            row.push_back(FormatSaturated(designs[i].saturated, designs[i].openLoop));
        }
        for (const Column& column : columns)
        {
            const auto& figure = designs[i].figures[GetIndex(column.figure)];
            row.push_back(figure ? FormatFigure(*figure, column.kind) : UNKNOWN_TEXT);
        }
        table.AddRow(row);
    }
    std::string text = table.Format();
    if (designs.size() > MOST_POINTS)
    {
        text += fmt::format("... and {} more in designs.csv\n", designs.size() - MOST_POINTS);
    }
    return fmt::format("{}{} over {}{}: {}\n",
                       text,
                       sweep.aggregate == Aggregate::MEAN ? "means" : "the worst",
                       CountText(sweep.scenarios, "scenario", "scenarios"),
                       sweep.seeds.size() > 1 ? fmt::format(" and {} seeds", sweep.seeds.size())
                                              : "",
                       fmt::join(ListScenarioKeys(sweep), ", "));
}

/** @return which designs are on the front of the figures that are looked at first. */
std::string
FormatFront(const Sweep& sweep, const std::vector<DesignFigures>& designs)
{
    std::vector<std::string> names;
    for (const Figure& figure : GetFigures())
    {
        names.push_back(figure.name);
    }
    FigureRows rows;
    rows.reserve(designs.size());
    for (const DesignFigures& design : designs)
    {
        rows.push_back(design.figures);
    }
    const std::vector<Objective> objectives = ChooseObjectives(names, rows);
    const std::vector<bool> isOnFront = FindFront(names, rows, objectives);
    std::vector<uint32_t> front;
    std::size_t compared = 0;
    for (std::size_t i = 0; i < designs.size(); ++i)
    {
        const bool hasAll =
            std::all_of(objectives.begin(), objectives.end(), [&](const Objective& objective) {
                return rows[i][GetIndex(objective.figure)].has_value();
            });
        compared += hasAll ? 1 : 0;
        if (isOnFront[i])
        {
            front.push_back(sweep.designs[i].number);
        }
    }
    if (objectives.size() < 2 || compared < 2)
    {
        return "";
    }
    std::string aims;
    for (const Objective& objective : objectives)
    {
        aims += fmt::format("{}{} {}",
                            aims.empty() ? "" : ", ",
                            objective.isMaximised ? "most" : "least",
                            objective.figure);
    }
    return fmt::format("Pareto front     {} {} of {}: {}{}\n",
                       front.size() == 1 ? "design" : "designs",
                       FormatNumbers(front),
                       compared,
                       aims,
                       compared < designs.size()
                           ? fmt::format("; {} not compared, which lack a run that others have",
                                         designs.size() - compared)
                           : "");
}

} // namespace

std::string
FormatSize(const Sweep& sweep)
{
    return fmt::format("{} ({}, {}), {}",
                       CountText(sweep.points.size(), "point", "points"),
                       CountText(sweep.designs.size(), "design", "designs"),
                       CountText(sweep.scenarios, "scenario", "scenarios"),
                       CountText(sweep.jobs.size(), "run", "runs"));
}

void
AddReason(const std::string& reason, uint32_t point, PointsByReason& groups)
{
    auto group = std::find_if(groups.begin(), groups.end(), [&reason](const auto& known) {
        return known.first == reason;
    });
    if (group == groups.end())
    {
        group = groups.insert(groups.end(), {reason, {}});
    }
    if (group->second.empty() || group->second.back() != point) // of several seeds
    {
        group->second.push_back(point);
    }
}

std::string
FormatReasons(const PointsByReason& groups)
{
    std::string text;
    for (const auto& [reason, points] : groups)
    {
        text += fmt::format("{} {}: {}\n",
                            points.size() == 1 ? "point" : "points",
                            FormatNumbers(points),
                            reason);
    }
    return text;
}

PointsByReason
ListReasons(const Sweep& sweep, const SweepOutcome& outcome)
{
    PointsByReason reasons;
    for (std::size_t i = 0; i < sweep.jobs.size(); ++i)
    {
        const auto& one = outcome.outcomes[i];
        if (one && one->status != JobStatus::DONE)
        {
            AddReason(GetStatusName(one->status) +
                          (one->message.empty() ? "" : ": " + one->message),
                      sweep.points[sweep.jobs[i].point].number,
                      reasons);
        }
    }
    return reasons;
}

std::string
FormatMissing(const Sweep& sweep, const SweepMerge& merge)
{
    PointsByReason reasons;
    for (std::size_t i = 0; i < sweep.jobs.size(); ++i)
    {
        const auto holder = merge.holders.find(i);
        if (!merge.outcome.outcomes[i])
        {
            AddReason(holder == merge.holders.end() ? "nobody is at it"
                                                    : "under way, by " + holder->second,
                      sweep.points[sweep.jobs[i].point].number,
                      reasons);
        }
    }
    return FormatReasons(reasons);
}

std::string
FormatSweep(const Sweep& sweep, const SweepOutcome& outcome)
{
    std::string text = FormatPoints(sweep, outcome);
    if (sweep.designs.size() > 1)
    {
        const std::vector<DesignFigures> designs = GetDesignFigures(sweep, outcome.outcomes);
        if (sweep.scenarios > 1)
        {
            text += "\n" + FormatDesigns(sweep, designs);
        }
        const std::string front = FormatFront(sweep, designs);
        text += front.empty() ? "" : "\n" + front;
    }
    if (sweep.designs.size() == 1 && sweep.points.size() > 1)
    {
        const std::vector<std::string> keys = ListScenarioKeys(sweep);
        text += fmt::format("nothing to choose among: the values of {} are what one design is put "
                            "to, not designs of their own",
                            fmt::join(keys, ", "));
        const auto own = std::find_if(keys.begin(), keys.end(), [](const std::string& key) {
            return key.starts_with("workload");
        });
        text += own == keys.end() ? "\n"
                                  : fmt::format("; to compare those of {0} as designs, add "
                                                "'designs: [{0}]' to the sweep\n",
                                                *own);
    }
    const PointsByReason reasons = ListReasons(sweep, outcome);
    return text + (reasons.empty() ? "" : "\n" + FormatReasons(reasons));
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
    const double here = progress.share - progress.shareBefore;
    const double speed = seconds > 0 ? here / seconds : 0;
    std::string elsewhere;
    if (progress.waiting > 0)
    {
        elsewhere += fmt::format(", {} elsewhere", progress.waiting);
    }
    if (progress.queued > 0)
    {
        elsewhere += fmt::format(", {} queued", progress.queued);
    }
    if (!progress.reason.empty())
    {
        elsewhere += " (" + progress.reason + ")";
    }
    return fmt::format("{} of {} runs over{}, {} running{}  {} left",
                       progress.over,
                       progress.jobs,
                       progress.notDone > 0 ? fmt::format(" ({} not done)", progress.notDone) : "",
                       progress.running,
                       elsewhere,
                       speed > 0 ? FormatClock((1 - progress.share) / speed) : "-:--");
}
