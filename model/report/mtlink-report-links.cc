/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-report-links.h"

#include "mtlink-html.h"
#include "mtlink-human-text.h"
#include "mtlink-svg.h"

#include "ns3/mtlink-result-tables.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <numeric>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr size_t MOST_LINKS{40};  //!< Drawn one by one
constexpr size_t MOST_CLASSES{8}; //!< Drawn as a mean
constexpr int64_t MOST_BINS{160}; //!< Of the time
constexpr int BUSY_LEVELS{8};     //!< Of the colour of a busy link
constexpr int STALL_LEVELS{4};    //!< Of the colour of a stalled link

/** A row of the picture: one link, or the mean of a class. */
struct LinkRow
{
    std::string label;           //!< HTML
    std::vector<uint32_t> links; //!< Its links
};

/** What a row did in a part of the time. */
struct Activity
{
    double busy{0};  //!< Share of time
    double stall{0}; //!< Share of time

    /** @return its colours: equal ones are drawn as one. */
    std::pair<int, int> GetLevels() const
    {
        return {Level(busy, BUSY_LEVELS), Level(stall, STALL_LEVELS)};
    }

    /**
     * @param [in] share A share of time.
     * @param [in] levels How many there are.
     * @return which it is; 0: nothing to see.
     */
    static int Level(double share, int levels)
    {
        constexpr double NOTHING = 1e-3;
        return share < NOTHING
                   ? 0
                   : std::clamp(static_cast<int>(std::ceil(share * levels - 1e-6)), 1, levels);
    }
};

/**
 * @param [in] results A run.
 * @return the rows to draw: all links if they are few, else the classes and the most active.
 */
std::vector<LinkRow>
ChooseRows(const RunResults& results)
{
    const auto& links = results.links;
    std::vector<LinkRow> rows;
    std::vector<uint32_t> order(links.size());
    std::iota(order.begin(), order.end(), 0);
    if (links.size() > MOST_LINKS)
    {
        std::map<std::string, std::vector<uint32_t>> classes;
        for (uint32_t i = 0; i < links.size(); ++i)
        {
            classes[links[i].cls].push_back(i);
        }
        for (auto& [cls, members] : classes)
        {
            if (rows.size() < MOST_CLASSES)
            {
                rows.push_back({fmt::format("<b>{}</b> mean of {}",
                                            cls.empty() ? "all" : EscapeHtml(cls),
                                            CountText(members.size())),
                                std::move(members)});
            }
        }
        const auto activity = [&links](uint32_t i) {
            return static_cast<double>(links[i].busy) + static_cast<double>(links[i].creditStall);
        };
        std::stable_sort(order.begin(), order.end(), [&activity](uint32_t a, uint32_t b) {
            return activity(a) > activity(b);
        });
        order.resize(MOST_LINKS);
        std::sort(order.begin(), order.end());
    }
    for (const uint32_t i : order)
    {
        rows.push_back({EscapeHtml(links[i].name), {i}});
    }
    return rows;
}

/**
 * Draw one part of a row.
 * @param [in] label The row's label.
 * @param [in] activity What it did.
 * @param [in] from Begin, on the axis.
 * @param [in] to End.
 * @param [in,out] chart Gets it.
 */
void
DrawCell(const std::string& label,
         const Activity& activity,
         double from,
         double to,
         RowChart& chart)
{
    const auto [busy, stall] = activity.GetLevels();
    const std::string tip = fmt::format("{}, {} to {}: {} busy, {} in credit stall",
                                        label,
                                        TimeText(from),
                                        TimeText(to),
                                        PercentText(activity.busy),
                                        PercentText(activity.stall));
    if (busy > 0)
    {
        chart.AddRect(from, to, 0.1, 1.2, fmt::format("h{}", busy), tip);
    }
    if (stall > 0)
    {
        chart.AddRect(from, to, 0.85, 0.45, fmt::format("s{}", stall), tip);
    }
}

/**
 * Draw links over time.
 * @param [in] results The run.
 * @param [in] rows The rows.
 * @param [in] end End of the axis.
 * @param [in,out] chart Gets them.
 */
void
DrawSeries(const RunResults& results, const std::vector<LinkRow>& rows, Tick end, RowChart& chart)
{
    const int64_t intervals = (end + results.sampleInterval - 1) / results.sampleInterval;
    const int64_t perBin = (intervals + MOST_BINS - 1) / MOST_BINS;
    const auto bins = static_cast<size_t>((intervals + perBin - 1) / perBin);
    const Tick binLength = perBin * results.sampleInterval;
    std::vector<std::vector<uint32_t>> rowsOf(results.links.size());
    for (uint32_t row = 0; row < rows.size(); ++row)
    {
        for (const uint32_t link : rows[row].links)
        {
            rowsOf[link].push_back(row);
        }
    }
    std::vector<std::vector<Activity>> cells(rows.size(), std::vector<Activity>(bins));
    for (const auto& sample : results.samples)
    {
        const auto bin = static_cast<size_t>(sample.start / binLength);
        for (const uint32_t row : rowsOf[sample.link])
        {
            const double weight =
                1 / static_cast<double>(static_cast<size_t>(perBin) * rows[row].links.size());
            cells[row][bin].busy += sample.utilisation * weight;
            cells[row][bin].stall += sample.stall * weight;
        }
    }
    for (size_t row = 0; row < rows.size(); ++row)
    {
        chart.AddRow(rows[row].label, 1.4);
        const std::string name = rows[row].links.size() == 1 ? rows[row].label : "mean of class";
        for (size_t from = 0; from < bins;)
        {
            Activity mean;
            size_t to = from;
            for (; to < bins && cells[row][to].GetLevels() == cells[row][from].GetLevels(); ++to)
            {
                mean.busy += cells[row][to].busy;
                mean.stall += cells[row][to].stall;
            }
            mean.busy /= static_cast<double>(to - from);
            mean.stall /= static_cast<double>(to - from);
            DrawCell(name,
                     mean,
                     static_cast<double>(from) * static_cast<double>(binLength),
                     static_cast<double>(to) * static_cast<double>(binLength),
                     chart);
            from = to;
        }
    }
}

/**
 * Draw links over the whole run, as bars.
 * @param [in] results The run.
 * @param [in] rows The rows.
 * @param [in,out] chart Gets them; its axis goes from 0 to 1.
 */
void
DrawBars(const RunResults& results, const std::vector<LinkRow>& rows, RowChart& chart)
{
    for (const auto& row : rows)
    {
        Activity sum;
        for (const uint32_t link : row.links)
        {
            sum.busy += static_cast<double>(results.links[link].busy);
            sum.stall += static_cast<double>(results.links[link].creditStall);
        }
        const double time =
            static_cast<double>(GetObservedTime(results)) * static_cast<double>(row.links.size());
        const std::string name = row.links.size() == 1 ? row.label : "mean of class";
        chart.AddRow(row.label, 1.4);
        chart.AddRect(0,
                      sum.busy / time,
                      0.15,
                      0.7,
                      "h7",
                      fmt::format("{}: {} busy", name, PercentText(sum.busy / time)));
        if (sum.stall > 0)
        {
            chart.AddRect(
                0,
                sum.stall / time,
                0.85,
                0.35,
                "s3",
                fmt::format("{}: {} in credit stall", name, PercentText(sum.stall / time)));
        }
    }
}

} // namespace

std::string
LinkCharts(const ReportRuns& runs)
{
    // One scale of time for all, so that they compare.
    Tick end = 0;
    for (const auto& run : runs)
    {
        for (const auto& sample : run.stored.results.samples)
        {
            end = std::max(end, sample.start + run.stored.results.sampleInterval);
        }
    }
    std::string html =
        "<ul class=\"legend\"><li><span class=\"ramp\"></span>bits on the wire, from little to "
        "all of the time</li><li><span class=\"ramp stall\"></span>data waited for "
        "credit</li></ul>\n";
    for (size_t i = 0; i < runs.size(); ++i)
    {
        const auto& results = runs[i].stored.results;
        const auto rows = ChooseRows(results);
        if (rows.empty() || GetObservedTime(results) <= 0)
        {
            html += fmt::format("<p>{}No link was observed.</p>\n", runs[i].prefix);
            continue;
        }
        const bool overTime = !results.samples.empty();
        const auto unit = GetTimeUnit(static_cast<double>(end));
        constexpr double PERCENT = 0.01;
        RowChart chart(
            fmt::format("links-{}", i),
            runs[i].prefix + "Utilisation of links",
            fmt::format("{} rows of links, {}. The figures are in links.csv{}.",
                        rows.size(),
                        overTime ? "over time" : "over the whole run",
                        overTime ? " and series.csv" : ""),
            overTime ? Axis{static_cast<double>(end), unit.ticks, std::string("\u00a0") + unit.name}
                     : Axis{1, PERCENT, "\u00a0%"});
        overTime ? DrawSeries(results, rows, end, chart) : DrawBars(results, rows, chart);
        std::string note =
            overTime ? fmt::format("In intervals of {}.", TimeText(results.sampleInterval))
                     : "Over the whole run: no samples over time were taken.";
        if (results.links.size() > MOST_LINKS)
        {
            note +=
                fmt::format(" Of {} links: the mean of each class, and the {} that were busy or "
                            "stalled longest.",
                            CountText(results.links.size()),
                            MOST_LINKS);
        }
        html += fmt::format(
            "<figure><figcaption>{}</figcaption>\n{}<p class=\"note\">{}</p></figure>\n",
            runs[i].prefix + (overTime ? "Links over time" : "Links over the whole run"),
            chart.Finish(),
            note);
    }
    return html;
}

} // namespace mtlink
} // namespace ns3
