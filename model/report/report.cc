/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report.h"

#include "measure/atomic-file.h"
#include "measure/result-tables.h"
#include "report/html.h"
#include "report/human-text.h"
#include "report/report-data.h"
#include "report/report-page.h"
#include "report/report-run.h"
#include "report/report-settings.h"
#include "report/report-stability.h"
#include "report/report-tables.h"
#include "report/report-training.h"
#include "report/report-verdict.h"

#include "ns3/mtlink-error.h"

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
 * @return their runs; labelled by what differs between them, where that is little; else by name,
 *         and by directory as well where names are equal.
 */
ReportRuns
ReadRuns(const std::vector<std::string>& directories)
{
    ReportRuns runs;
    std::multiset<std::string> names;
    for (const auto& directory : directories)
    {
        runs.push_back({ReadResults(directory), runs.size(), "", "", ""});
        names.insert(runs.back().stored.results.name);
    }
    const std::vector<std::string> differences = NameByDifferences(runs);
    for (auto& run : runs)
    {
        const auto& name = run.stored.results.name;
        run.name = name.empty() ? run.stored.directory : name;
        if (!name.empty() && names.count(name) > 1)
        {
            run.name += " (" + run.stored.directory + ")";
        }
        const std::string& difference = differences[&run - runs.data()];
        // Of runs that are alike in pairs it would not tell which is which.
        if (!difference.empty() &&
            std::count(differences.begin(), differences.end(), difference) == 1)
        {
            run.name = difference;
        }
        run.label = EscapeHtml(run.name);
        run.prefix = runs.size() == 1 ? "" : run.label + ":\u00a0";
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
    double leastOfBound = std::numeric_limits<double>::infinity();
    for (const auto& collective : results.collectives)
    {
        const double busbw = GetBusBandwidth(collective);
        if (std::isfinite(busbw) && (!fastest || busbw > GetBusBandwidth(*fastest)))
        {
            fastest = &collective;
        }
        const double ratio = GetBoundRatio(collective);
        leastOfBound = ratio > 0 ? std::min(leastOfBound, 1 / ratio) : leastOfBound;
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
    // Open-loop traffic goes on for as long as it is watched.
    html += results.offeredLoad ? Tile("Delivered",
                                       BytesText(results.payloadBytesDelivered),
                                       CountText(results.packetsDelivered, "packet", "packets"))
                                : Tile("Completion time",
                                       results.completionTime || results.complete
                                           ? TimeText(results.completionTime.value_or(NEVER))
                                           : "not reached",
                                       BytesText(results.payloadBytesDelivered) + " delivered");
    if (fastest)
    {
        html += Tile("Best bus bandwidth",
                     DecimalText(GetBusBandwidth(*fastest)) + "\u00a0GB/s",
                     EscapeHtml(fastest->name) + ", " + BytesText(fastest->bytes));
    }
    if (std::isfinite(leastOfBound))
    {
        html += Tile(results.collectives.size() > 1 ? "Of bound, least" : "Of bound",
                     PercentText(leastOfBound),
                     results.mode == "bound" && leastOfBound > 1
                         ? "no link is shared in mode bound: sooner than can be"
                         : "lower bound over time; 100\u00a0% is ideal");
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
    if (busiest != results.links.end() && busiest->busy == 0)
    {
        html +=
            results.mode == "bound" ? "" : Tile("Busiest link", "none", "no link carried anything");
    }
    else if (busiest != results.links.end())
    {
        const auto alike = static_cast<std::size_t>(
            std::count_if(results.links.begin(), results.links.end(), [&](const auto& link) {
                return link.busy == busiest->busy && link.cls == busiest->cls;
            }));
        html += Tile("Busiest link",
                     share(busiest->busy),
                     EscapeHtml(busiest->name) +
                         (alike > 1 ? fmt::format(" and {} others of class {} alike",
                                                  CountText(alike - 1),
                                                  EscapeHtml(busiest->cls))
                                    : ""));
    }
    if (results.mode != "packet")
    {
        const bool isApproximate =
            results.mode == "flow" &&
            results.fidelity[static_cast<std::size_t>(Fidelity::APPROXIMATE)] > 0;
        // Nobody stalled or was lost where there are no packets: that would say nothing.
        html += Tile("Mode " + EscapeHtml(results.mode),
                     "no packets",
                     FidelityText(results.fidelity) + ", by bytes" +
                         (isApproximate ? fmt::format("; {}", APPROXIMATE_MEANS) : ""));
        return html + "</dl>\n";
    }
    if (stalled != results.links.end())
    {
        html += Tile("Longest credit stall",
                     stalled->creditStall == 0 ? "none" : share(stalled->creditStall),
                     stalled->creditStall == 0 ? "" : EscapeHtml(stalled->name));
    }
    html += Tile("Packets lost", CountText(results.packetsLost), "by faults");
    return html + "</dl>\n";
}

/** @param [in] content Tables, HTML. @return the same side by side as far as they fit, HTML. */
std::string
Cards(const std::string& content)
{
    return "<div class=\"cards\">\n" + content + "</div>\n";
}

/**
 * @param [in] runs The runs.
 * @return each run's settings and its experiment as it ran, to be unfolded, HTML.
 */
std::string
Configurations(const ReportRuns& runs)
{
    std::string html;
    for (const auto& run : runs)
    {
        const auto& results = run.stored.results;
        const auto isGiven = [](const SettingResult& setting) { return !setting.source.empty(); };
        const auto given = static_cast<size_t>(
            std::count_if(results.settings.begin(), results.settings.end(), isGiven));
        if (results.settings.empty())
        {
            html += fmt::format("<p>{}The run has no settings.csv, as an earlier version wrote it: "
                                "where its settings come from is not known.</p>\n",
                                run.prefix);
        }
        else
        {
            html += Details(run.prefix + CountText(given, "setting", "settings") + " given",
                            GivenSettingsTable(run),
                            runs.size() == 1);
            html += Details(run.prefix +
                                CountText(results.settings.size() - given, "default", "defaults"),
                            DefaultSettingsTable(run));
        }
        html += Details(run.prefix + "Experiment as run",
                        "<pre tabindex=\"0\">" + EscapeHtml(results.experimentYaml) + "</pre>");
    }
    return html;
}

/**
 * @param [in] runs The runs.
 * @param [in] chart A chart.
 * @return its place for each run, HTML.
 */
std::string
ChartOfEach(const ReportRuns& runs, const char* chart)
{
    std::string html;
    for (size_t i = 0; i < runs.size(); ++i)
    {
        html += PageChart(chart, i);
    }
    return html;
}

/**
 * @param [in] runs The runs.
 * @param [in] language In which it opens.
 * @return the page.
 */
std::string
BuildPage(const ReportRuns& runs, Language language)
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
        stalls += Cards(CongestionTable(run) + CongestionFlowTable(run) + StallTable(run) +
                        ControlledFlowTable(run));
        queues += QueueTable(run);
    }
    Page page;
    page.language = language;
    page.title = names;
    page.heading = runs.size() == 1 ? "<span translate=\"no\">" + first.label + "</span>"
                                    : fmt::format("{} runs side by side", runs.size());
    page.lead =
        runs.size() == 1
            ? fmt::format("{}, {}, {}, {}. Mode {}, seed {}.",
                          EscapeHtml(first.stored.results.fabricKind),
                          CountText(first.stored.results.endpoints, "endpoint", "endpoints"),
                          CountText(first.stored.results.switches, "switch", "switches"),
                          CountText(first.stored.results.cables, "link", "links"),
                          EscapeHtml(first.stored.results.mode),
                          first.stored.results.seed)
            : names;
    page.warnings = warnings;
    const auto add =
        [&page](const char* id, const char* link, const char* heading, const std::string& content) {
            if (!content.empty())
            {
                page.links.push_back({id, link});
                page.sections += PageSection(id, heading, content);
            }
        };
    // What matters most comes first: the sentence and its picture, then figures, then details.
    add("verdict", "Verdict", "What held it up, and what to try", VerdictContent(runs));
    add("fabric", "Fabric", "The fabric", ChartOfEach(runs, "fabric") + PageChart("selection"));
    add("training", "Training", "The training iteration", TrainingContent(runs));
    add("stability", "Stability", "A job over days", StabilityContent(runs));
    // Side by side, the collectives take all the width there is.
    add("summary",
        "Summary",
        "Summary",
        runs.size() == 1
            ? Tiles(first.stored.results) + Cards(CollectivesTable(runs) + SummaryTable(runs))
            : CollectivesTable(runs) + Cards(SummaryTable(runs)));
    add("timeline",
        "Timeline",
        "Completion timeline",
        ChartOfEach(runs, "timeline") + FoldedNote(runs, "collectives.csv"));
    add("links",
        "Links",
        "Link utilisation, credit stalls and queues",
        ChartOfEach(runs, "heat") + "<div class=\"grid\">\n" + ChartOfEach(runs, "means") +
            ChartOfEach(runs, "sorted") + "</div>\n");
    add("congestion",
        "Congestion",
        "Congestion and credit stalls",
        stalls + FoldedNote(runs, "congestion.csv"));
    add("queues", "Queues", "Queues", Cards(queues) + FoldedNote(runs, "queues.csv"));
    add("latency",
        "Latency",
        "Latency",
        PageChart("latency") + Cards(LatencyTable(runs)) + ClassTable(runs) +
            FoldedNote(runs, "packet_latency_ns"));
    add("configuration",
        "Configuration",
        "Configuration and provenance",
        SettingsTable(runs) + Cards(ProvenanceTable(runs)) + Configurations(runs));
    page.data = WriteReportData(runs);
    return WritePage(page);
}

} // namespace

void
WriteReport(const std::vector<std::string>& directories, const std::string& file, Language language)
{
    if (directories.empty())
    {
        throw InputError({file}, "a report needs at least one results directory");
    }
    // A directory that is missing is told as that, not as one that the report can't go into.
    const std::string page = BuildPage(ReadRuns(directories), language);
    AtomicFile out(file);
    out.Write(page);
    out.Commit();
}

} // namespace mtlink
} // namespace ns3
