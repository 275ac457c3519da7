/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-tables.h"

#include "measure/result-tables.h"
#include "report/html.h"
#include "report/human-text.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr size_t MOST_ROWS{15};            //!< Of the tables of links, queues, roots
constexpr size_t MOST_COLLECTIVES{24};     //!< Beyond, equal ones share a line
constexpr size_t MOST_COLLECTIVE_ROWS{60}; //!< Lines then
constexpr size_t MOST_VICTIMS{4};          //!< Named per root

/**
 * @param [in] shown Rows in a table.
 * @param [in] all Rows there are.
 * @param [in] file Where the rest is.
 * @return a note on what is not shown; empty if nothing is.
 */
std::string
LeftOutNote(size_t shown, size_t all, const std::string& file)
{
    return shown == all ? ""
                        : fmt::format("{} of {} shown; all are in {}.",
                                      CountText(shown),
                                      CountText(all),
                                      file);
}

/**
 * @param [in] shown Rows in a table.
 * @param [in] known Rows of the file.
 * @param [in] all Links or queues there are.
 * @param [in] file Where rows are.
 * @param [in] levels File that has all of them by level, where the first has not all.
 * @return a note on what is not shown; empty if nothing is.
 */
std::string
LeftOutNote(size_t shown,
            size_t known,
            uint64_t all,
            const std::string& file,
            const std::string& levels)
{
    return known >= all ? LeftOutNote(shown, known, file)
                        : fmt::format("{} of {} shown; {} has the worst, {} all by level.",
                                      CountText(shown),
                                      CountText(all),
                                      file,
                                      levels);
}

/**
 * @param [in] run A run.
 * @param [in] name One of its links.
 * @return the name, HTML; the page's script makes it show the link.
 */
std::string
LinkText(const ReportRun& run, const std::string& name)
{
    return fmt::format("<span data-run=\"{}\" data-link=\"{}\">{}</span>",
                       run.number,
                       EscapeHtml(name),
                       EscapeHtml(name));
}

/**
 * @param [in] run A run.
 * @param [in] endpoint Number of an endpoint.
 * @return its name, HTML.
 */
std::string
EndpointText(const ReportRun& run, uint32_t endpoint)
{
    const auto& nodes = run.stored.results.nodes;
    return endpoint < nodes.size() ? EscapeHtml(nodes[endpoint].name) : std::to_string(endpoint);
}

/**
 * @param [in] count Number of things.
 * @param [in] limit Take so many.
 * @param [in] key What to order by, greatest first, by index; those of 0 are not taken.
 * @return indices of the greatest, equal ones in order.
 */
std::vector<size_t>
Greatest(size_t count, size_t limit, const std::function<double(size_t)>& key)
{
    std::vector<size_t> order(count);
    std::iota(order.begin(), order.end(), 0);
    std::erase_if(order, [&key](size_t i) { return key(i) <= 0; });
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(std::min(limit, order.size()));
    std::partial_sort(order.begin(), middle, order.end(), [&key](size_t a, size_t b) {
        return std::pair(-key(a), a) < std::pair(-key(b), b);
    });
    order.erase(middle, order.end());
    return order;
}

/** @param [in] run A run. @return the number of its links, one each way. */
uint64_t
CountLinks(const RunResults& run)
{
    return std::max<uint64_t>(run.rows.links.all, run.links.size());
}

/**
 * @param [in] run A run.
 * @return credit stall of all links over all their time.
 */
double
StallShare(const RunResults& run)
{
    return static_cast<double>(run.creditStall) /
           (static_cast<double>(GetObservedTime(run)) * static_cast<double>(CountLinks(run)));
}

/**
 * @param [in] run A run.
 * @return busy time of all links over all their time.
 */
double
BusyShare(const RunResults& run)
{
    double busy = 0;
    if (run.linkLevels.empty())
    {
        for (const auto& link : run.links)
        {
            busy += static_cast<double>(link.busy);
        }
    }
    for (const auto& level : run.linkLevels)
    {
        busy += static_cast<double>(level.busy);
    }
    return busy /
           (static_cast<double>(GetObservedTime(run)) * static_cast<double>(CountLinks(run)));
}

/**
 * @param [in] run A run.
 * @return its completion time, and how it compares with the first run's.
 */
std::string
CompletionText(const RunResults& run, const RunResults& first)
{
    std::string text = TimeText(run.completionTime.value_or(NEVER));
    if (&run != &first && run.completionTime && first.completionTime && *first.completionTime > 0)
    {
        text += fmt::format(" <small>{}\u00d7</small>",
                            DecimalText(static_cast<double>(*run.completionTime) /
                                            static_cast<double>(*first.completionTime),
                                        3));
    }
    return text;
}

/** Equal collectives of a run, or a single one. */
struct CollectiveFigures
{
    size_t count{0};                     //!< How many
    size_t ended{0};                     //!< How many of them ended
    double duration{0};                  //!< Sum of the durations of these
    double bound{0};                     //!< Sum of their bounds
    uint64_t bytes{0};                   //!< Of one
    double busFactor{1};                 //!< Of one
    std::string algorithm;               //!< Of one
    Fidelity fidelity{Fidelity::PACKET}; //!< The worst of all

    /** @param [in] collective One more. */
    void Add(const CollectiveResult& collective)
    {
        ++count;
        bytes = collective.bytes;
        busFactor = collective.busFactor;
        algorithm = collective.algorithm;
        fidelity = std::max(fidelity, collective.fidelity);
        const Tick time = GetDuration(collective);
        if (time != NEVER)
        {
            ++ended;
            duration += static_cast<double>(time);
            bound += static_cast<double>(collective.bound);
        }
    }

    /** @return mean duration, in picoseconds; NaN if none ended. */
    double GetMean() const
    {
        return ended == 0 ? std::numeric_limits<double>::quiet_NaN()
                          : duration / static_cast<double>(ended);
    }
};

/**
 * @param [in,out] cells Gets the cells of a run's collectives.
 * @param [in] figures The collectives; null: it has none.
 */
void
AddFigures(std::vector<std::string>& cells, const CollectiveFigures* figures)
{
    if (!figures)
    {
        cells.insert(cells.end(), 4, UNKNOWN_TEXT);
        return;
    }
    const double mean = figures->GetMean();
    constexpr double TB_TO_GB = 1000; // Bytes per picosecond are TB/s.
    const double algbw = static_cast<double>(figures->bytes) / mean * TB_TO_GB;
    const double ratio = figures->bound > 0 ? figures->duration / figures->bound
                                            : std::numeric_limits<double>::quiet_NaN();
    cells.push_back(figures->ended == 0 ? "not finished" : TimeText(mean));
    cells.push_back(DecimalText(algbw));
    cells.push_back(DecimalText(algbw * figures->busFactor));
    cells.push_back(
        ratio > 0 ? fmt::format("<span class=\"meter\"><span style=\"width:{:.1f}%\"></span></span>"
                                "{}",
                                std::min(100 / ratio, 100.0),
                                PercentText(1 / ratio))
                  : UNKNOWN_TEXT);
}

} // namespace

std::string
SummaryTable(const ReportRuns& runs)
{
    HtmlTable table(runs.size() == 1 ? "Main figures" : "Main figures of the runs");
    table.AddColumn("Figure", false);
    for (const auto& run : runs)
    {
        table.AddColumn(runs.size() == 1 ? "Value" : run.label);
    }
    const auto& first = runs.front().stored.results;
    const auto add = [&](const std::string& name, const auto& figure) {
        std::vector<std::string> cells{name};
        for (const auto& run : runs)
        {
            cells.push_back(figure(run.stored.results));
        }
        // A figure that no run has needs no line.
        if (std::any_of(cells.begin() + 1, cells.end(), [](const auto& cell) {
                return cell != UNKNOWN_TEXT;
            }))
        {
            table.AddRow(cells);
        }
    };
    // What only packets have: without them 0 would pass for a result.
    const auto addOfPackets = [&add](const std::string& name, const auto& figure) {
        add(name, [&figure](const RunResults& r) {
            return r.mode == "packet" ? figure(r) : UNKNOWN_TEXT;
        });
    };
    const double unknown = std::numeric_limits<double>::quiet_NaN();
    add("Fabric", [](const RunResults& r) { return EscapeHtml(r.fabricKind); });
    add("Endpoints", [](const RunResults& r) { return CountText(r.endpoints); });
    add("Switches", [](const RunResults& r) { return CountText(r.switches); });
    add("Links (cables)", [](const RunResults& r) { return CountText(r.cables); });
    add("Switch chips, area by the cost model", [](const RunResults& r) {
        return r.cost ? DecimalText(r.cost->area) + "\u00a0mm\u00b2" : UNKNOWN_TEXT;
    });
    add("Power at full load by the cost model", [](const RunResults& r) {
        return r.cost ? DecimalText(r.cost->power) + "\u00a0W" : UNKNOWN_TEXT;
    });
    add("Mode, and what its times are worth", [](const RunResults& r) {
        return r.mode == "packet" ? UNKNOWN_TEXT
                                  : "<span class=\"wrap\">" + EscapeHtml(r.mode) + ": " +
                                        FidelityText(r.fidelity) + "</span>";
    });
    add("Completion time", [&first](const RunResults& r) { return CompletionText(r, first); });
    add("Payload delivered",
        [](const RunResults& r) { return BytesText(r.payloadBytesDelivered); });
    addOfPackets("Packets delivered",
                 [](const RunResults& r) { return CountText(r.packetsDelivered); });
    addOfPackets("Packets lost by faults",
                 [](const RunResults& r) { return CountText(r.packetsLost); });
    add("Offered load",
        [unknown](const RunResults& r) { return PercentText(r.offeredLoad.value_or(unknown)); });
    add("Accepted load",
        [unknown](const RunResults& r) { return PercentText(r.acceptedLoad.value_or(unknown)); });
    add("Links busy, mean", [](const RunResults& r) { return PercentText(BusyShare(r)); });
    addOfPackets("Links in credit stall, mean",
                 [](const RunResults& r) { return PercentText(StallShare(r)); });
    addOfPackets("Credit stall, all links",
                 [](const RunResults& r) { return TimeText(r.creditStall); });
    add("Deadlock-free", [](const RunResults& r) {
        return r.deadlockFree == "true" ? "proved" : r.deadlockFree == "false" ? "no" : "unproved";
    });
    add("Ran to its end", [](const RunResults& r) {
        return r.complete ? std::string("yes")
               : r.stopReason.empty()
                   ? std::string("no")
                   : "no: " + EscapeHtml(r.stopReason.substr(0, r.stopReason.find("; ")));
    });
    return table.Finish();
}

std::string
CollectivesTable(const ReportRuns& runs)
{
    const bool isGrouped = std::any_of(runs.begin(), runs.end(), [](const ReportRun& run) {
        return run.stored.results.collectives.size() > MOST_COLLECTIVES;
    });
    // One line per key, in order of its first collective; id SIZE_MAX where equal ones share it.
    using Key = std::tuple<size_t, std::string, uint32_t, uint64_t, std::string>;
    std::vector<Key> keys;
    std::map<Key, std::vector<CollectiveFigures>> lines;
    for (size_t i = 0; i < runs.size(); ++i)
    {
        for (const auto& collective : runs[i].stored.results.collectives)
        {
            const Key key{isGrouped ? SIZE_MAX : collective.id,
                          collective.name,
                          collective.ranks,
                          collective.bytes,
                          collective.workload};
            const auto [line, isNew] = lines.try_emplace(key, runs.size());
            if (isNew)
            {
                keys.push_back(key);
            }
            line->second[i].Add(collective);
        }
    }
    if (keys.empty())
    {
        // Open-loop traffic has none, which needs no saying.
        const bool isAsked = std::none_of(runs.begin(), runs.end(), [](const ReportRun& run) {
            return run.stored.results.offeredLoad.has_value();
        });
        return !isAsked           ? ""
               : runs.size() == 1 ? "<p>The run has no collectives that a bound is known for.</p>\n"
                                  : "<p>No run has collectives that a bound is known for.</p>\n";
    }
    if (!isGrouped)
    {
        std::sort(keys.begin(), keys.end());
    }

    HtmlTable table("Collectives against their lower bound");
    table.AddColumn("Collective", false);
    if (runs.size() > 1)
    {
        table.AddGroup("", 1);
    }
    for (const auto& run : runs)
    {
        if (runs.size() > 1)
        {
            table.AddGroup(run.label, 4);
        }
        table.AddColumn(isGrouped ? "Mean time" : "Time");
        table.AddColumn("algbw, GB/s");
        table.AddColumn("busbw, GB/s");
        table.AddColumn("Of bound");
    }
    const size_t shown = std::min(keys.size(), MOST_COLLECTIVE_ROWS);
    for (size_t k = 0; k < shown; ++k)
    {
        const auto& [id, name, ranks, bytes, workload] = keys[k];
        const auto& figures = lines[keys[k]];
        std::set<std::string> algorithms;
        size_t most = 0;
        for (const auto& f : figures)
        {
            if (f.count > 0)
            {
                const bool hasWord = f.fidelity != Fidelity::PACKET;
                algorithms.insert(
                    EscapeHtml(f.algorithm) +
                    (hasWord ? fmt::format(", {}", GetFidelityName(f.fidelity)) : ""));
                most = std::max(most, f.count);
            }
        }
        std::vector<std::string> cells{
            fmt::format("{}{}{} <small>{}, {}\u00a0ranks, {}</small>",
                        workload.empty() ? "" : EscapeHtml(workload) + ": ",
                        EscapeHtml(name),
                        most > 1 ? fmt::format(" \u00d7\u2009{}", most) : "",
                        BytesText(bytes),
                        CountText(ranks),
                        fmt::join(algorithms, " / "))};
        for (const auto& f : figures)
        {
            AddFigures(cells, f.count > 0 ? &f : nullptr);
        }
        table.AddRow(cells);
    }
    std::string note = "The bound is the largest of three that hold for any algorithm: bytes at an "
                       "endpoint, bytes over the bisection, and the shortest chain of latencies. "
                       "Of bound is its part of the time: 100\u00a0% is ideal.";
    if (isGrouped)
    {
        note += " Collectives of one kind, size and number of ranks share a line, with their mean "
                "time. ";
        note += LeftOutNote(shown, keys.size(), "collectives.csv");
    }
    table.SetNote(note);
    return table.Finish();
}

std::string
LatencyTable(const ReportRuns& runs)
{
    HtmlTable table("Latency of packets");
    table.AddColumn("Measured from", false);
    if (runs.size() > 1)
    {
        table.AddColumn("Run", false);
    }
    for (const char* heading : {"Mean", "Median", "99\u00a0%", "99.9\u00a0%", "Longest"})
    {
        table.AddColumn(heading);
    }
    size_t rows = 0;
    const auto add = [&](const std::string& name,
                         std::optional<LatencyResult> RunResults::*latency) {
        for (const auto& run : runs)
        {
            if (const auto& l = run.stored.results.*latency)
            {
                std::vector<std::string> cells{name};
                if (runs.size() > 1)
                {
                    cells.push_back(run.label);
                }
                for (const double ns : {l->mean, l->p50, l->p99, l->p999, l->max})
                {
                    cells.push_back(TimeText(ns * 1000));
                }
                table.AddRow(cells);
                ++rows;
            }
        }
    };
    add("Creation (source queue included)", &RunResults::packetLatency);
    add("First bit on the source's link", &RunResults::networkLatency);
    table.SetNote("Until the last bit has come in at the destination. Percentiles are rounded up "
                  "by at most 0.1\u00a0%.");
    if (rows > 0)
    {
        return table.Finish();
    }
    const bool isWithout = std::all_of(runs.begin(), runs.end(), [](const ReportRun& run) {
        return run.stored.results.mode != "packet";
    });
    return isWithout ? "<p>Latencies of packets are not known without packets.</p>\n"
                     : "<p>No packet was delivered while latencies were measured.</p>\n";
}

std::string
ClassTable(const ReportRuns& runs)
{
    HtmlTable table("Traffic classes");
    table.AddColumn("Class", false);
    if (runs.size() > 1)
    {
        table.AddColumn("Run", false);
    }
    for (const char* heading : {"Messages",
                                "Packets",
                                "Payload",
                                "Accepted, GB/s",
                                "Mean latency",
                                "Median",
                                "99\u00a0%",
                                "99.9\u00a0%",
                                "Longest"})
    {
        table.AddColumn(heading);
    }
    std::map<uint32_t, std::vector<std::vector<std::string>>> rows;
    for (const auto& run : runs)
    {
        for (const auto& figures : run.stored.results.classes)
        {
            std::vector<std::string> cells{std::to_string(figures.trafficClass)};
            if (runs.size() > 1)
            {
                cells.push_back(run.label);
            }
            for (const auto& text : {CountText(figures.messages),
                                     CountText(figures.packets),
                                     BytesText(figures.payloadBytes),
                                     DecimalText(figures.acceptedGBps)})
            {
                cells.push_back(text);
            }
            for (const double ns : {figures.packetLatency.mean,
                                    figures.packetLatency.p50,
                                    figures.packetLatency.p99,
                                    figures.packetLatency.p999,
                                    figures.packetLatency.max})
            {
                cells.push_back(figures.packets == 0 ? UNKNOWN_TEXT : TimeText(ns * 1000));
            }
            rows[figures.trafficClass].push_back(std::move(cells));
        }
    }
    for (const auto& [number, lines] : rows)
    {
        for (const auto& cells : lines)
        {
            table.AddRow(cells);
        }
    }
    table.SetNote("What was delivered, and the latency of its packets from their creation to the "
                  "last bit in. Accepted is over the measured window of open-loop traffic, else "
                  "over the simulated time.");
    return rows.empty() ? "" : table.Finish();
}

std::string
StallTable(const ReportRun& run)
{
    if (run.stored.results.mode != "packet")
    {
        return fmt::format("<p>{}Who waited for credit is not known without packets.</p>\n",
                           run.prefix);
    }
    const auto& links = run.stored.results.links;
    const double observed = static_cast<double>(GetObservedTime(run.stored.results));
    const auto order = Greatest(links.size(), MOST_ROWS, [&links](size_t i) {
        return static_cast<double>(links[i].creditStall);
    });
    if (order.empty())
    {
        return fmt::format("<p>{}No link waited for credit.</p>\n", run.prefix);
    }
    HtmlTable table(run.prefix + "Links that waited longest for credit");
    table.AddColumn("Link", false);
    table.AddColumn("To", false);
    table.AddColumn("Stalled");
    table.AddColumn("Share");
    table.AddColumn("Busy");
    table.AddColumn("Packets");
    table.AddColumn("Retries");
    for (const size_t i : order)
    {
        const auto& link = links[i];
        table.AddRow({LinkText(run, link.name),
                      EscapeHtml(link.to),
                      TimeText(link.creditStall),
                      PercentText(static_cast<double>(link.creditStall) / observed),
                      PercentText(static_cast<double>(link.busy) / observed),
                      CountText(link.packets),
                      CountText(link.retries)});
    }
    table.SetNote("Data waited, and no virtual channel had room at the other end. " +
                  LeftOutNote(order.size(),
                              links.size(),
                              run.stored.results.rows.links.all,
                              "links.csv",
                              "link_levels.csv"));
    return table.Finish();
}

std::string
CongestionTable(const ReportRun& run)
{
    struct Root
    {
        double stall{0};
        uint64_t times{0};
        std::vector<const CongestionResult*> victims;
    };

    std::map<std::string, Root> byName;
    for (const auto& entry : run.stored.results.congestion)
    {
        auto& root = byName[entry.root];
        root.stall += static_cast<double>(entry.stall);
        root.times += entry.times;
        root.victims.push_back(&entry);
    }
    const bool isFlow = run.stored.results.mode == "flow";
    if (byName.empty())
    {
        return fmt::format("<p>{}{}</p>\n",
                           run.prefix,
                           isFlow ? "No message was held up further on than at its source: those "
                                    "that shared links did so there, or not at all."
                                  : "No port held others up.");
    }
    std::vector<std::pair<const std::string, Root>*> roots;
    for (auto& root : byName)
    {
        roots.push_back(&root);
    }
    std::stable_sort(roots.begin(), roots.end(), [](const auto* a, const auto* b) {
        return a->second.stall > b->second.stall;
    });

    HtmlTable table(run.prefix + "Who held whom up");
    table.AddColumn("Root", false);
    table.AddColumn(isFlow ? "Time lost to it, summed" : "Stall caused");
    table.AddColumn(isFlow ? "Times" : "Waits");
    table.AddColumn(isFlow ? "Sources' links, most first" : "Victims, longest stall first", false);
    const size_t shown = std::min(roots.size(), MOST_ROWS);
    for (size_t i = 0; i < shown; ++i)
    {
        auto& [name, root] = *roots[i];
        std::stable_sort(root.victims.begin(),
                         root.victims.end(),
                         [](const auto* a, const auto* b) { return a->stall > b->stall; });
        std::string victims;
        for (size_t v = 0; v < std::min(root.victims.size(), MOST_VICTIMS); ++v)
        {
            victims += fmt::format("{}{} <small>{}</small>",
                                   v == 0 ? "" : ", ",
                                   LinkText(run, root.victims[v]->victim),
                                   TimeText(root.victims[v]->stall));
        }
        if (root.victims.size() > MOST_VICTIMS)
        {
            victims += fmt::format(" and {} more", CountText(root.victims.size() - MOST_VICTIMS));
        }
        table.AddRow({LinkText(run, name), TimeText(root.stall), CountText(root.times), victims});
    }
    table.SetNote((isFlow ? "Time that messages took longer than at their own rate, charged to the "
                            "link that held them up, summed over them. "
                          : "A wait is charged to the port at the root of its waiting chain. ") +
                  LeftOutNote(shown, roots.size(), "congestion.csv"));
    return table.Finish();
}

std::string
CongestionFlowTable(const ReportRun& run)
{
    const auto& flows = run.stored.results.congestionFlows;
    if (flows.empty())
    {
        return "";
    }
    HtmlTable table(run.prefix + "Flows that were held up");
    table.AddColumn("Flow", false);
    table.AddColumn("Root", false);
    table.AddColumn("Role", false);
    table.AddColumn("Stalled");
    table.AddColumn("Waits");
    const size_t shown = std::min(flows.size(), MOST_ROWS);
    for (size_t i = 0; i < shown; ++i)
    {
        const auto& flow = flows[i];
        table.AddRow({EndpointText(run, flow.src) + " \u2192 " + EndpointText(run, flow.dst),
                      LinkText(run, flow.root),
                      EscapeHtml(flow.role),
                      TimeText(flow.stall),
                      CountText(flow.times)});
    }
    table.SetNote("A cause may itself lead over the root; a victim only shares a buffer with those "
                  "that do. " +
                  LeftOutNote(shown, flows.size(), "congestion_flows.csv"));
    return table.Finish();
}

std::string
ControlledFlowTable(const ReportRun& run)
{
    const auto& flows = run.stored.results.flows;
    if (flows.empty())
    {
        return "";
    }
    const auto order =
        Greatest(flows.size(), MOST_ROWS, [&flows](size_t i) { return flows[i].meanDelayNs; });
    HtmlTable table(run.prefix + "Flows under congestion control, longest mean delay first");
    table.AddColumn("Flow", false);
    table.AddColumn("Packets");
    table.AddColumn("Marked");
    table.AddColumn("Slowed down");
    table.AddColumn("Mean delay");
    table.AddColumn("Longest");
    table.AddColumn("Rate at the end, GB/s");
    for (const size_t i : order)
    {
        const auto& flow = flows[i];
        table.AddRow({EndpointText(run, flow.src) + " \u2192 " + EndpointText(run, flow.dst),
                      CountText(flow.packets),
                      CountText(flow.marks),
                      CountText(flow.notifications),
                      TimeText(flow.meanDelayNs * 1000),
                      TimeText(flow.maxDelay),
                      DecimalText(flow.rateGBps)});
    }
    table.SetNote("Delay is from the first bit out to the acknowledgement in. " +
                  LeftOutNote(order.size(), flows.size(), "flows.csv"));
    return table.Finish();
}

std::string
QueueTable(const ReportRun& run)
{
    if (run.stored.results.mode != "packet")
    {
        return fmt::format("<p>{}Queues are not known without packets.</p>\n", run.prefix);
    }
    const auto& queues = run.stored.results.queues;
    const auto order =
        Greatest(queues.size(), MOST_ROWS, [&queues](size_t i) { return queues[i].meanFlits; });
    if (order.empty())
    {
        return fmt::format("<p>{}Every queue was empty.</p>\n", run.prefix);
    }
    HtmlTable table(run.prefix + "Fullest queues");
    table.AddColumn("At", false);
    table.AddColumn("Filled by", false);
    table.AddColumn("VC");
    table.AddColumn("Depth");
    table.AddColumn("Mean");
    table.AddColumn("99\u00a0%");
    table.AddColumn("Most");
    for (const size_t i : order)
    {
        const auto& queue = queues[i];
        table.AddRow({EscapeHtml(queue.node),
                      LinkText(run, queue.link),
                      CountText(queue.vc),
                      queue.depthFlits == 0 ? "no limit" : CountText(queue.depthFlits),
                      DecimalText(queue.meanFlits, 3),
                      DecimalText(queue.p99Flits, 3),
                      CountText(queue.maxFlits)});
    }
    table.SetNote("In flits, weighted by time. " + LeftOutNote(order.size(),
                                                               queues.size(),
                                                               run.stored.results.rows.queues.all,
                                                               "queues.csv",
                                                               "queue_levels.csv"));
    return table.Finish();
}

std::string
ProvenanceTable(const ReportRuns& runs)
{
    HtmlTable table("Where the figures come from");
    table.AddColumn("What", false);
    for (const auto& run : runs)
    {
        table.AddColumn(runs.size() == 1 ? "Value" : run.label, false);
    }
    const auto add = [&](const std::string& name, const auto& figure) {
        std::vector<std::string> cells{name};
        for (const auto& run : runs)
        {
            cells.push_back(figure(run.stored));
        }
        table.AddRow(cells);
    };
    add("Directory", [](const StoredRun& s) { return EscapeHtml(s.directory); });
    add("mtlink", [](const StoredRun& s) { return EscapeHtml(s.mtlinkVersion); });
    add("ns-3", [](const StoredRun& s) { return EscapeHtml(s.results.ns3Version); });
    add("Mode", [](const StoredRun& s) { return EscapeHtml(s.results.mode); });
    add("Seed", [](const StoredRun& s) { return std::to_string(s.results.seed); });
    add("Simulated time", [](const StoredRun& s) { return TimeText(s.results.simulatedTime); });
    add("Events", [](const StoredRun& s) { return CountText(s.results.events); });
    add("Packet-hops", [](const StoredRun& s) { return CountText(s.results.packetHops); });
    constexpr double SECOND = 1e12;
    add("Wall time",
        [](const StoredRun& s) { return TimeText(s.results.wallTimeSeconds * SECOND); });
    add("CPU time", [](const StoredRun& s) { return TimeText(s.results.cpuTimeSeconds * SECOND); });
    add("Set-up", [](const StoredRun& s) { return TimeText(s.results.setupTimeSeconds * SECOND); });
    add("Peak memory", [](const StoredRun& s) { return BytesText(s.results.peakRssBytes); });
    return table.Finish();
}

} // namespace mtlink
} // namespace ns3
