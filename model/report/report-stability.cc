/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-stability.h"

#include "report/html.h"
#include "report/human-text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr std::size_t MOST_FAILURES{15}; //!< Rows of the failures

/** @return a share close to 1, HTML. */
std::string
ExactShareText(double share)
{
    return std::isfinite(share) ? fmt::format("{:.3f}\u00a0%", 100 * share) : UNKNOWN_TEXT;
}

/** @return a share with its interval, HTML. */
std::string
ShareText(const IntervalFigure& figure)
{
    return fmt::format("{:.3f}\u00a0% <small>{:.3f} to {:.3f}</small>",
                       100 * figure.value,
                       100 * figure.low,
                       100 * figure.high);
}

/** @return a time with its interval, HTML. */
std::string
TimeIntervalText(const IntervalFigure& figure)
{
    return fmt::format("{} <small>{} to {}</small>",
                       DurationText(figure.value),
                       DurationText(figure.low),
                       DurationText(figure.high));
}

/** A part of the time. */
struct Part
{
    const char* name;  //!< What it is
    double share;      //!< Of all
    const char* color; //!< In the picture
};

/** @return where a job's time went, as a bar with its legend, HTML. */
std::string
TimeBar(const ReportRun& run)
{
    const StabilityResult& stability = *run.stored.results.stability;
    const double kept = stability.goodput.value;
    const double slowed = std::max(0.0, stability.ettr.value - kept);
    const Part parts[] = {
        {"work that was kept", kept, "var(--good)"},
        {"slower than undisturbed: copies beside it, links that failed", slowed, "var(--heat)"},
        {"checkpoints, work that was lost, standing",
         std::max(0.0, 1 - kept - slowed),
         "var(--stall)"}};
    std::string bar;
    std::string legend;
    double from = 0;
    for (const Part& part : parts)
    {
        bar += fmt::format("<rect x=\"{:.3f}%\" width=\"{:.3f}%\" height=\"28\" fill=\"{}\"/>",
                           100 * from,
                           100 * part.share,
                           part.color);
        legend += fmt::format("<li><span class=\"swatch\" style=\"--own: {}\"></span>{}: "
                              "{:.3f}\u00a0%</li>",
                              part.color,
                              part.name,
                              100 * part.share);
        from += part.share;
    }
    return fmt::format("<figure class=\"stability-time\"><figcaption>{}Where the time went, of {}"
                       "</figcaption>\n<svg role=\"img\" aria-label=\"{:.3f} % of the time is work "
                       "that was kept\" width=\"100%\" height=\"28\">{}</svg>\n"
                       "<ul class=\"legend\">{}</ul></figure>\n",
                       run.prefix,
                       DurationText(stability.runNs),
                       100 * kept,
                       bar,
                       legend);
}

/** @return the figures of all jobs, HTML. */
std::string
FigureTable(const std::vector<const ReportRun*>& runs)
{
    HtmlTable table("A job over days: means and 95 % intervals");
    table.AddColumn("", false);
    for (const ReportRun* run : runs)
    {
        table.AddColumn(runs.size() == 1 ? "value" : run->label);
    }
    using Text = std::function<std::string(const StabilityResult&)>;
    const std::pair<const char*, Text> rows[] = {
        {"Goodput: kept work by that of an undisturbed job",
         [](const StabilityResult& s) { return ShareText(s.goodput); }},
        {"ETTR: share of the time that the job runs, and keeps",
         [](const StabilityResult& s) { return ShareText(s.ettr); }},
        {"Availability: units' time at work by that and in repair",
         [](const StabilityResult& s) { return ShareText(s.availability); }},
        {"MTTF: time by failures that stop the job",
         [](const StabilityResult& s) { return TimeIntervalText(s.mttfNs); }},
        {"Work between checkpoints",
         [](const StabilityResult& s) { return DurationText(s.checkpointIntervalNs.value); }},
        {"Training stands still for a checkpoint",
         [](const StabilityResult& s) { return DurationText(s.blockingNs); }},
        {"A copy takes, alone",
         [](const StabilityResult& s) { return DurationText(s.copyTimeNs); }},
        {"A copy beside training takes, and slows it by",
         [](const StabilityResult& s) {
             return s.besideNs > 0
                        ? fmt::format("{}, {}", DurationText(s.besideNs), DurationText(s.slowsNs))
                        : std::string(UNKNOWN_TEXT);
         }},
        {"ETTR by renewal",
         [](const StabilityResult& s) {
             return fmt::format("{} <small>{}</small>",
                                ExactShareText(s.renewalEttr),
                                EscapeHtml(s.renewalNote));
         }},
        {"ETTR to first order; Meta's formula",
         [](const StabilityResult& s) {
             return fmt::format("{}; {} <small>{}</small>",
                                ExactShareText(s.firstOrderEttr),
                                ExactShareText(s.metaEttr),
                                EscapeHtml(s.firstOrderNote));
         }},
    };
    for (const auto& [name, text] : rows)
    {
        std::vector<std::string> cells{name};
        for (const ReportRun* run : runs)
        {
            cells.push_back(text(*run->stored.results.stability));
        }
        table.AddRow(cells);
    }
    return table.Finish();
}

/** @return what links that failed did to an iteration, HTML; empty: none was simulated. */
std::string
FaultTable(const ReportRun& run)
{
    const StabilityResult& stability = *run.stored.results.stability;
    if (stability.faults.empty())
    {
        return "";
    }
    HtmlTable table(run.prefix + "An iteration with a link that failed");
    table.AddColumn("Link class", false);
    table.AddColumn("Links");
    table.AddColumn("Used");
    table.AddColumn("Simulated", false);
    table.AddColumn("Iteration");
    for (const StabilityFaultResult& fault : stability.faults)
    {
        table.AddRow(
            {EscapeHtml(fault.cls),
             CountText(fault.cables),
             CountText(fault.used),
             fault.link.empty() ? UNKNOWN_TEXT : EscapeHtml(fault.link),
             fault.iterationTimeNs ? DurationText(*fault.iterationTimeNs) : "the job stops"});
    }
    table.SetNote("The busiest link of a class stands for all of it that iterations send over; one "
                  "that they do not use costs nothing.");
    return table.Finish();
}

/** @return the first failures, HTML. */
std::string
FailureTable(const ReportRun& run)
{
    const auto& failures = run.stored.results.stabilityFailures;
    if (failures.empty())
    {
        return "";
    }
    HtmlTable table(run.prefix + "Failures of the first run");
    table.AddColumn("At", true);
    table.AddColumn("Kind", false);
    table.AddColumn("Of", false);
    table.AddColumn("Effect", false);
    table.AddColumn("Work lost");
    table.AddColumn("Standing");
    table.AddColumn("Spares left");
    constexpr double NANOSECONDS = 1e9; // in a second
    const std::size_t shown = std::min(failures.size(), MOST_FAILURES);
    for (std::size_t i = 0; i < shown; ++i)
    {
        const StabilityFailureResult& failure = failures[i];
        table.AddRow({DurationText(failure.timeS * NANOSECONDS),
                      EscapeHtml(failure.kind),
                      EscapeHtml(failure.unit),
                      EscapeHtml(failure.effect),
                      DurationText(failure.lostS * NANOSECONDS),
                      DurationText(failure.downS * NANOSECONDS),
                      EscapeHtml(failure.spares)});
    }
    if (shown < failures.size())
    {
        table.SetNote(fmt::format("{} of {} shown; all are in stability.csv.",
                                  CountText(shown),
                                  CountText(failures.size())));
    }
    return table.Finish();
}

} // namespace

std::string
StabilityContent(const ReportRuns& runs)
{
    std::vector<const ReportRun*> asked;
    std::string pictures;
    std::string tables;
    for (const ReportRun& run : runs)
    {
        if (run.stored.results.stability)
        {
            asked.push_back(&run);
            pictures += TimeBar(run);
            tables += FaultTable(run) + FailureTable(run);
        }
    }
    return asked.empty()
               ? ""
               : pictures + FigureTable(asked) + "<div class=\"cards\">\n" + tables + "</div>\n";
}

} // namespace mtlink
} // namespace ns3
