/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "summary-text.h"

#include "link-text.h"
#include "report/human-text.h"
#include "stability-text.h"
#include "text-table.h"
#include "training-text.h"
#include "verdict-text.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

constexpr std::size_t MOST_COLLECTIVES = 20;

/** @return a latency in nanoseconds as text. */
std::string
FormatNanoseconds(double nanoseconds)
{
    return TimeText(nanoseconds * 1e3);
}

std::string
FormatCollectives(const RunResults& results)
{
    const bool isSeveral =
        std::any_of(results.collectives.begin(),
                    results.collectives.end(),
                    [&](const CollectiveResult& row) {
                        return row.workload != results.collectives.front().workload;
                    });
    TextTable table;
    std::vector<std::string> head{"collective",
                                  "algorithm",
                                  "ranks",
                                  "size",
                                  "time",
                                  "algbw GB/s",
                                  "busbw GB/s",
                                  "of bound"};
    // Packets need no word.
    const bool hasFidelity =
        std::any_of(results.collectives.begin(),
                    results.collectives.end(),
                    [](const CollectiveResult& row) { return row.fidelity != Fidelity::PACKET; });
    if (hasFidelity)
    {
        head.emplace_back("fidelity");
    }
    if (isSeveral)
    {
        head.insert(head.begin(), "workload");
    }
    table.AddRow(head);
    for (std::size_t i = 0; i < std::min(results.collectives.size(), MOST_COLLECTIVES); ++i)
    {
        const CollectiveResult& row = results.collectives[i];
        const bool isTimed = row.end != NEVER && row.end > row.start;
        const auto duration = static_cast<double>(row.end - row.start);
        const double algbw = static_cast<double>(row.bytes) / duration * 1e3; // bytes/ps to GB/s
        std::vector<std::string> cells{row.name,
                                       row.algorithm,
                                       CountText(row.ranks),
                                       BytesText(row.bytes),
                                       row.end == NEVER ? "not done" : TimeText(duration),
                                       isTimed ? DecimalText(algbw) : UNKNOWN_TEXT,
                                       isTimed ? DecimalText(algbw * row.busFactor) : UNKNOWN_TEXT,
                                       isTimed && row.bound > 0
                                           ? PercentText(static_cast<double>(row.bound) / duration)
                                           : UNKNOWN_TEXT};
        if (hasFidelity)
        {
            cells.emplace_back(row.end == NEVER ? UNKNOWN_TEXT : GetFidelityName(row.fidelity));
        }
        if (isSeveral)
        {
            cells.insert(cells.begin(), row.workload);
        }
        table.AddRow(cells);
    }
    std::string text = table.Format();
    if (results.collectives.size() > MOST_COLLECTIVES)
    {
        text += fmt::format("... and {} more in collectives.csv\n",
                            results.collectives.size() - MOST_COLLECTIVES);
    }
    if (results.fallbacks > 0)
    {
        text += fmt::format("warning: {} collective(s) fell back to ring: the switches had too few "
                            "reduction contexts for their groups\n",
                            results.fallbacks);
    }
    return text;
}

std::string
FormatLatency(const std::string& what, const std::optional<LatencyResult>& latency)
{
    if (!latency)
    {
        return "";
    }
    return fmt::format("{:<16} mean {}, p50 {}, p99 {}, p99.9 {}, max {}\n",
                       what,
                       FormatNanoseconds(latency->mean),
                       FormatNanoseconds(latency->p50),
                       FormatNanoseconds(latency->p99),
                       FormatNanoseconds(latency->p999),
                       FormatNanoseconds(latency->max));
}

} // namespace

std::string
FormatSummary(const RunResults& results, Language language)
{
    std::string text = fmt::format(
        "{}: {}, mode {}, seed {}\n",
        results.name,
        // Who waits for what is told on stderr.
        results.complete ? "complete" : results.stopReason.substr(0, results.stopReason.find(':')),
        results.modeAsked == results.mode ? results.mode
                                          : results.mode + " (" + results.modeAsked + ")",
        results.seed);
    text += fmt::format("fabric {}: {}, {}, {} each way\n\n",
                        results.fabricKind,
                        CountText(results.endpoints, "endpoint", "endpoints"),
                        CountText(results.switches, "switch", "switches"),
                        CountText(results.cables, "link", "links"));
    if (results.verdict)
    {
        text += FormatVerdict(*results.verdict, language) + "\n";
    }
    if (results.training)
    {
        text += FormatTraining(*results.training) + "\n";
    }
    else if (!results.collectives.empty())
    {
        text += FormatCollectives(results) + "\n";
    }
    if (results.stability)
    {
        text += FormatStability(*results.stability) + "\n";
    }
    text += fmt::format(
        "{:<16} {}{} in {:.3g} s of which set-up {:.3g} s; {:.3g} CPU s, {} at most\n",
        "simulated",
        TimeText(results.simulatedTime),
        results.completionTime ? fmt::format(" (workload {})", TimeText(*results.completionTime))
                               : "",
        results.wallTimeSeconds,
        results.setupTimeSeconds,
        results.cpuTimeSeconds,
        BytesText(results.peakRssBytes));
    if (results.mode == "packet")
    {
        const double running = results.wallTimeSeconds - results.setupTimeSeconds;
        text += fmt::format("{:<16} {} delivered, {} lost; {} packet-hops, {} per second\n",
                            "packets",
                            CountText(results.packetsDelivered),
                            CountText(results.packetsLost),
                            CountText(results.packetHops),
                            DecimalText(static_cast<double>(results.packetHops) / running, 3));
    }
    const RowCount& messages = results.rows.messages;
    if (messages.written < messages.all)
    {
        const std::string rings =
            messages.unlisted == 0
                ? ""
                : fmt::format("{} carried as a whole (rings, or folded), of the others ",
                              CountText(messages.unlisted));
        text +=
            fmt::format("{:<16} {}, {}; measure.messages: all writes every one\n",
                        "messages",
                        CountText(messages.all),
                        messages.oneIn == 0 ? "no table of them"
                        : messages.oneIn == 1
                            ? rings + "each in messages.csv"
                            : fmt::format("{}one in {} in messages.csv", rings, messages.oneIn));
    }
    if (results.mode != "packet")
    {
        text += fmt::format("{:<16} {}, by bytes; see docs/model.md, Mode flow\n",
                            "fidelity",
                            FidelityText(results.fidelity));
        if (results.mode == "flow" &&
            results.fidelity[static_cast<std::size_t>(Fidelity::APPROXIMATE)] > 0)
        {
            text += fmt::format("{:<16} {}\n", "", APPROXIMATE_MEANS);
        }
    }
    if (results.beyondBuffers > 0)
    {
        text += fmt::format("{:<16} {:.3g} % of the bytes were held up by more than buffers hold: "
                            "packets would be slower\n",
                            "buffers",
                            100 * results.beyondBuffers);
    }
    text += FormatLatency("packet latency", results.packetLatency);
    text += FormatLatency("network latency", results.networkLatency);
    if (results.offeredLoad && results.acceptedLoad)
    {
        text += fmt::format("{:<16} offered {:.4f}, accepted {:.4f} of the endpoints' rate\n",
                            "load",
                            *results.offeredLoad,
                            *results.acceptedLoad);
    }
    if (results.mode == "packet" && results.packetHops > 0)
    {
        text += fmt::format("{:<16} {} summed over all links\n\n",
                            "credit stall",
                            TimeText(results.creditStall));
        text += FormatCongestedLinks(results);
    }
    if (results.mode == "flow")
    {
        text += "\n" + FormatLinkClasses(results) + "\n" + FormatRoots(results);
    }
    return text;
}
