/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "stability-text.h"

#include "report/human-text.h"
#include "text-table.h"

#include <cmath>
#include <fmt/format.h>

using namespace ns3::mtlink;

namespace
{

/** @return where checkpoints go, and how large they are. */
std::string
FormatCheckpoint(const StabilityResult& stability)
{
    return fmt::format("{} of a card at most, {} in all, to {}",
                       BytesText(static_cast<uint64_t>(stability.cardBytes)),
                       BytesText(static_cast<uint64_t>(stability.bytes)),
                       stability.to == "neighbour" ? "the neighbour"
                       : stability.to == "host"    ? "the host"
                                                   : "the store");
}

/** @return a share close to 1, in percent. */
std::string
FormatShare(double share)
{
    return std::isfinite(share) ? fmt::format("{:.3f} %", 100 * share) : UNKNOWN_TEXT;
}

std::string
FormatSizes(const StabilityResult& stability)
{
    return fmt::format("{}, {}, {}, spares {}",
                       CountText(stability.cards, "card", "cards"),
                       CountText(stability.nodes, "node", "nodes"),
                       CountText(stability.cables, "link", "links"),
                       stability.spares);
}

} // namespace

std::string
FormatStabilityPlan(const StabilityResult& stability)
{
    std::string text = fmt::format("{:<16} {}\n", "stability", FormatSizes(stability));
    text += fmt::format("{:<16} MTTF {}, of cards and nodes and of links that are said to stop "
                        "the job; others are simulated\n",
                        "",
                        DurationText(stability.mttfNs.value));
    const double interval = stability.checkpointIntervalNs.value;
    text += fmt::format("{:<16} checkpoint {}; a copy about {}; training stands still for {}\n",
                        "",
                        FormatCheckpoint(stability),
                        DurationText(stability.copyTimeNs),
                        DurationText(stability.blockingNs));
    text += fmt::format("{:<16} interval {}\n",
                        "",
                        interval > 0 ? "about " + DurationText(interval)
                                     : "as short as copies allow: they are not known to cost "
                                       "anything before they are simulated");
    return text;
}

std::string
FormatStability(const StabilityResult& stability)
{
    std::string text = fmt::format("{:<16} {}; {} lived {}\n",
                                   "stability",
                                   FormatSizes(stability),
                                   DurationText(stability.runNs),
                                   CountText(stability.runs, "time", "times"));
    text += fmt::format("{:<16} {}; a copy takes {} alone",
                        "checkpoint",
                        FormatCheckpoint(stability),
                        DurationText(stability.copyTimeNs));
    text += stability.besideNs > 0
                ? fmt::format(", {} beside training, which it slows by {} and stops for {}\n",
                              DurationText(stability.besideNs),
                              DurationText(stability.slowsNs),
                              DurationText(stability.blockingNs))
                : fmt::format(", and training stands still for {}\n",
                              DurationText(stability.blockingNs));
    TextTable table;
    table.AddRow({"over days", "mean", "95 % interval", "what it is"});
    const auto share = [&table](const char* name, const IntervalFigure& figure, const char* what) {
        table.AddRow({name,
                      FormatShare(figure.value),
                      fmt::format("{:.3f} to {:.3f}", 100 * figure.low, 100 * figure.high),
                      what});
    };
    table.AddRow({"MTTF",
                  DurationText(stability.mttfNs.value),
                  fmt::format("{} to {}",
                              DurationText(stability.mttfNs.low),
                              DurationText(stability.mttfNs.high)),
                  "time by failures that stop the job"});
    share("availability", stability.availability, "units' time at work by that and in repair");
    share("ETTR", stability.ettr, "share of the time that the job runs, and keeps");
    share("goodput", stability.goodput, "kept work by that of an undisturbed job");
    table.AddRow({"interval",
                  DurationText(stability.checkpointIntervalNs.value),
                  "",
                  "work between checkpoints"});
    for (const auto& [kind, figure] : stability.failures)
    {
        table.AddRow({kind == "stops" ? kind : kind + " failures",
                      fmt::format("{:.2f}", figure.value),
                      fmt::format("{:.2f} to {:.2f}", figure.low, figure.high),
                      kind == "stops" ? "failures that stop the job, in a run" : "in a run"});
    }
    text += table.Format();
    for (const StabilityFaultResult& fault : stability.faults)
    {
        text += fmt::format("{:<16} {}: {} of {} used; {}\n",
                            "links",
                            fault.cls,
                            CountText(fault.used),
                            CountText(fault.cables),
                            fault.used == 0 ? "no iteration simulated"
                            : !fault.iterationTimeNs
                                ? fmt::format("without {} the job stops", fault.link)
                                : fmt::format("with {} failed an iteration takes {:.4g} "
                                              "times as long",
                                              fault.link,
                                              *fault.iterationTimeNs / stability.iterationTimeNs));
    }
    text += fmt::format("{:<16} ETTR {} by renewal ({})\n",
                        "closed form",
                        FormatShare(stability.renewalEttr),
                        stability.renewalNote);
    text += fmt::format("{:<16} ETTR {}, Meta's {}; interval {} (Young), {} (Daly): {}\n",
                        "first order",
                        FormatShare(stability.firstOrderEttr),
                        FormatShare(stability.metaEttr),
                        DurationText(stability.youngNs),
                        DurationText(stability.dalyNs),
                        stability.firstOrderNote);
    return text;
}
