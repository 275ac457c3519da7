/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-report.h"

#include "mtlink-html.h"
#include "mtlink-human-text.h"
#include "mtlink-report-links.h"
#include "mtlink-report-run.h"
#include "mtlink-report-style.h"
#include "mtlink-report-tables.h"
#include "mtlink-report-timeline.h"

#include "ns3/mtlink-atomic-file.h"
#include "ns3/mtlink-error.h"
#include "ns3/mtlink-result-tables.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <set>

namespace ns3
{
namespace mtlink
{

namespace
{

/**
 * @param [in] directories Results directories.
 * @return their runs; labelled by name, and by directory as well where names are equal.
 */
ReportRuns
ReadRuns(const std::vector<std::string>& directories)
{
    ReportRuns runs;
    std::multiset<std::string> names;
    for (const auto& directory : directories)
    {
        runs.push_back({ReadResults(directory), "", ""});
        names.insert(runs.back().stored.results.name);
    }
    for (auto& run : runs)
    {
        const auto& name = run.stored.results.name;
        run.label = EscapeHtml(name.empty() ? run.stored.directory : name);
        if (!name.empty() && names.count(name) > 1)
        {
            run.label += " (" + EscapeHtml(run.stored.directory) + ")";
        }
        run.prefix = runs.size() == 1 ? "" : run.label + ": ";
    }
    return runs;
}

/**
 * @param [in] heading What is measured, HTML.
 * @param [in] value Its value, HTML.
 * @param [in] remark Said below, HTML; may be empty.
 * @return a tile, HTML.
 */
std::string
Tile(const std::string& heading, const std::string& value, const std::string& remark)
{
    return fmt::format("<div><dt>{}</dt><dd>{}{}</dd></div>\n",
                       heading,
                       value,
                       remark.empty() ? "" : "<small>" + remark + "</small>");
}

/**
 * @param [in] results A run.
 * @return its figures that matter most, HTML.
 */
std::string
Tiles(const RunResults& results)
{
    const CollectiveResult* fastest = nullptr;
    double worst = 0;
    for (const auto& collective : results.collectives)
    {
        const double busbw = GetBusBandwidth(collective);
        if (std::isfinite(busbw) && (!fastest || busbw > GetBusBandwidth(*fastest)))
        {
            fastest = &collective;
        }
        const double ratio = GetBoundRatio(collective);
        worst = std::isfinite(ratio) ? std::max(worst, ratio) : worst;
    }
    const auto busiest =
        std::max_element(results.links.begin(),
                         results.links.end(),
                         [](const auto& a, const auto& b) { return a.busy < b.busy; });
    const auto stalled = std::max_element(
        results.links.begin(),
        results.links.end(),
        [](const auto& a, const auto& b) { return a.creditStall < b.creditStall; });
    const auto share = [&results](Tick time) {
        return PercentText(static_cast<double>(time) /
                           static_cast<double>(GetObservedTime(results)));
    };
    std::string html = "<dl class=\"tiles\">\n";
    html += Tile("Completion time",
                 TimeText(results.completionTime.value_or(NEVER)),
                 BytesText(results.payloadBytesDelivered) + " delivered");
    if (fastest)
    {
        html += Tile("Best bus bandwidth",
                     DecimalText(GetBusBandwidth(*fastest)) + "\u00a0GB/s",
                     EscapeHtml(fastest->name) + ", " + BytesText(fastest->bytes));
    }
    if (worst > 0)
    {
        html += Tile("Furthest from the bound",
                     DecimalText(worst, 3) + "\u00d7",
                     "time over lower bound; 1\u00d7 is ideal");
    }
    if (results.acceptedLoad)
    {
        html += Tile("Accepted load",
                     PercentText(*results.acceptedLoad),
                     "of " +
                         PercentText(results.offeredLoad.value_or(
                             std::numeric_limits<double>::quiet_NaN())) +
                         " offered");
    }
    if (busiest != results.links.end())
    {
        html += Tile("Busiest link", share(busiest->busy), EscapeHtml(busiest->name));
        html += Tile("Longest credit stall",
                     stalled->creditStall == 0 ? "none" : share(stalled->creditStall),
                     stalled->creditStall == 0 ? "" : EscapeHtml(stalled->name));
    }
    html += Tile("Packets lost", CountText(results.packetsLost), "by faults");
    return html + "</dl>\n";
}

/**
 * @param [in] id Its anchor.
 * @param [in] heading Its heading, HTML.
 * @param [in] content What is in it, HTML.
 * @return a section, HTML.
 */
std::string
Section(const std::string& id, const std::string& heading, const std::string& content)
{
    return fmt::format(
        "<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n{2}</section>\n",
        id,
        heading,
        content);
}

/** @param [in] content Tables, HTML. @return the same side by side as far as they fit, HTML. */
std::string
Cards(const std::string& content)
{
    return "<div class=\"cards\">\n" + content + "</div>\n";
}

/**
 * @param [in] runs The runs.
 * @return each run's experiment as it ran, to be unfolded, HTML.
 */
std::string
Configurations(const ReportRuns& runs)
{
    std::string html;
    for (const auto& run : runs)
    {
        html +=
            fmt::format("<details><summary>{}Experiment as run</summary>\n<pre tabindex=\"0\">{}"
                        "</pre></details>\n",
                        run.label,
                        EscapeHtml(run.stored.results.experimentYaml));
    }
    return html;
}

/**
 * @param [in] runs The runs.
 * @return the page.
 */
std::string
BuildPage(const ReportRuns& runs)
{
    const auto& first = runs.front();
    std::string names;
    std::string warnings;
    std::string stalls;
    std::string queues;
    for (const auto& run : runs)
    {
        const auto& results = run.stored.results;
        names += (names.empty() ? "" : ", ") + EscapeHtml(results.name);
        if (!results.complete)
        {
            warnings +=
                fmt::format("<p class=\"warning\"><b>{}</b> did not run to its end{}{}. What "
                            "follows covers what had happened until then.</p>\n",
                            run.label,
                            results.stopReason.empty() ? "" : ": ",
                            EscapeHtml(results.stopReason));
        }
        stalls += Cards(CongestionTable(run) + StallTable(run));
        queues += QueueTable(run);
    }
    const std::string title =
        runs.size() == 1 ? first.label : fmt::format("{} runs side by side", runs.size());
    const std::string lead =
        runs.size() == 1
            ? fmt::format("{}, {}, {}, {}. Mode {}, seed {}.",
                          EscapeHtml(first.stored.results.fabricKind),
                          CountText(first.stored.results.endpoints, "endpoint", "endpoints"),
                          CountText(first.stored.results.switches, "switch", "switches"),
                          CountText(first.stored.results.cables, "link", "links"),
                          EscapeHtml(first.stored.results.mode),
                          first.stored.results.seed)
            : names;

    std::string html = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>{} \u2013 mtlink report</title>\n<style>{}</style>\n</head>\n<body>\n"
        "<a class=\"skip\" href=\"#summary\">To the figures</a>\n<header>\n<h1>{}</h1>\n"
        "<p class=\"lead\">{}</p>\n{}"
        "<nav aria-label=\"Sections\"><ul>"
        "<li><a href=\"#summary\">Summary</a></li><li><a href=\"#timeline\">Timeline</a></li>"
        "<li><a href=\"#links\">Links</a></li><li><a href=\"#congestion\">Congestion</a></li>"
        "<li><a href=\"#queues\">Queues</a></li><li><a href=\"#latency\">Latency</a></li>"
        "<li><a href=\"#configuration\">Configuration</a></li></ul></nav>\n</header>\n<main>\n",
        names,
        REPORT_STYLE,
        title,
        lead,
        warnings);
    // Side by side, the collectives take all the width there is.
    html += Section("summary",
                    "Summary",
                    runs.size() == 1 ? Tiles(first.stored.results) +
                                           Cards(CollectivesTable(runs) + SummaryTable(runs))
                                     : CollectivesTable(runs) + Cards(SummaryTable(runs)));
    html += Section("timeline", "Completion timeline", TimelineCharts(runs));
    html += Section("links", "Link utilisation", LinkCharts(runs));
    html += Section("congestion", "Congestion and credit stalls", stalls);
    html += Section("queues", "Queues", Cards(queues));
    html += Section("latency", "Latency", Cards(LatencyTable(runs)));
    html += Section("configuration",
                    "Configuration and provenance",
                    Cards(ProvenanceTable(runs)) + Configurations(runs));
    html += fmt::format("</main>\n<footer>Made by mtlink {}.</footer>\n</body>\n</html>\n",
                        EscapeHtml(MTLINK_VERSION));
    return html;
}

} // namespace

void
WriteReport(const std::vector<std::string>& directories, const std::string& file)
{
    if (directories.empty())
    {
        throw InputError({file}, "a report needs at least one results directory");
    }
    AtomicFile out(file);
    out.Write(BuildPage(ReadRuns(directories)));
    out.Commit();
}

} // namespace mtlink
} // namespace ns3
