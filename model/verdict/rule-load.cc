/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
#include "verdict/proposals.h"
#include "verdict/root.h"
#include "verdict/rules.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Of what is offered, so much may be missing at the window's ends. */
constexpr double MISSING = 0.05;

/** So much of it where links are full and packets wait at their sources: together no accident. */
constexpr double MISSING_WITH_QUEUES = 0.03;

/** So much is not worth a word. */
constexpr double MISSING_UNSAID = 0.01;

/** Where less than this came in, the window does not even show what the fabric does. */
constexpr double MISSING_UNKNOWN = 0.5;

/** A link had always something to send that was busy for so much of the run: that has its warm-up
 * and its end, until all is delivered, when less is offered. */
constexpr double FULL_WITH_ENDS = 0.8;

/** A single link that was busy for so much has more to do than it can, whatever others have. */
constexpr double HOT = 0.97;

/** Of the time in the network, so much may be spent in the source's queue before it has grown. */
constexpr double QUEUED = 0.5;

/** So many times what is under way in the mean may be missing while the fabric fills up. */
constexpr double FILLING = 1.5;

/** Links of a level are loaded alike where their mean is at least so much of the most: what arrives
 * at random spreads them further than messages of one size, of which rule-rates.cc asks more. */
constexpr double EVEN_AT_RANDOM = 0.8;

/** A load to be tried is so much of what would just fit. */
constexpr double ROOM = 0.9;

/** It is worth speaking of that a source waited for credit for so much of the time. */
constexpr double NOTABLE_WAIT = 0.1;

/** Buffers are to blame where so much of all waiting is due to links that have too little. */
constexpr double OWN = 0.5;

/**
 * @return whether more is offered than gets through; nothing: the window is too short to tell. What
 *         is under way is its rate by its time in the network (Little): so much of what is offered
 *         may be missing while the fabric fills up, as far as the warm-up was shorter than that.
 */
std::optional<bool>
IsSaturated(const Reading& reading)
{
    const RunResults& results = reading.results;
    const double offered = *results.offeredLoad;
    const double accepted = results.acceptedLoad.value_or(offered);
    if (!(accepted < (1 - MISSING_WITH_QUEUES) * offered))
    {
        return false;
    }
    const LinkResult* busiest = reading.GetBusiest();
    const bool isFull = busiest && reading.GetUtilisation(*busiest) > FULL_WITH_ENDS;
    const bool isQueued = !results.packetLatency || !results.networkLatency ||
                          results.packetLatency->mean - results.networkLatency->mean >
                              QUEUED * results.networkLatency->mean;
    if (accepted >= (1 - MISSING) * offered)
    {
        return isFull && isQueued;
    }
    const double window = reading.facts.windowNs;
    const double filling = (results.networkLatency ? FILLING * results.networkLatency->mean : 0) -
                           reading.facts.warmupNs; // of the window
    const double underWay = window > 0 ? std::max(filling, 0.0) / window : 0;
    const bool isFilling = offered - accepted <= underWay * offered;
    if (!isFull && !isQueued)
    {
        return accepted < MISSING_UNKNOWN * offered ? std::nullopt : std::optional(false);
    }
    // What is missing behind a full link waits for it, and will not come.
    return isFilling && !isFull ? std::nullopt : std::optional(true);
}

/** @return the link that holds the traffic up; null: none was used. */
const LinkResult*
FindWorst(const Reading& reading)
{
    const Reading::Root* root = FindRoot(reading);
    return root ? root->link : reading.GetBusiest();
}

/** So much of what is delivered crosses a level where it holds up all flows alike. */
constexpr double CROSSING = 0.7;

/**
 * @return whether what holds the traffic up is a level that hardly anything passes by: else flows
 *         that do not cross it hide how much too much is offered to it.
 */
bool
IsOfAll(const Reading& reading)
{
    const LinkResult* worst = FindWorst(reading);
    return worst && static_cast<double>(reading.GetLevel(*worst).payloadBytes) >=
                        CROSSING * static_cast<double>(reading.results.payloadBytesDelivered);
}

/** Propose a load that fits. */
void
ProposeLoad(const Reading& reading, bool isEven, VerdictResult& verdict)
{
    const std::string& key = reading.facts.workloadKey;
    const auto load = reading.FindSetting("workloads[0].load");
    const double over = verdict.root ? verdict.root->offeredOverRate.value_or(0) : 0;
    // Under congestion control sources send less than they may: what fits is its to say.
    const bool isControlled =
        reading.FindSetting("fabric.endpoint.congestion_control").value_or("none") != "none";
    if (!load || isControlled || (over <= 1 && reading.FindSetting("workloads[1].name")))
    {
        return; // of which workload can't be said
    }
    const double asked = std::stod(*load);
    const double fits = over > 1 ? asked / over
                        : isEven
                            ? asked * *reading.results.acceptedLoad / *reading.results.offeredLoad
                            : 0;
    const double tried = std::floor(fits * ROOM * 100) / 100;
    if (tried > 0)
    {
        verdict.tries.push_back({fmt::format("{}.load={:g}", key, tried),
                                 "latencies beyond saturation are those of a queue that grows for "
                                 "as long as it is watched",
                                 "not saturated: what is offered is accepted"});
    }
}

/** What holds traffic up while no link is full. @return it, for people. */
std::string
SayNotFull(const Reading& reading, const LinkResult& busiest, VerdictResult& verdict)
{
    const LinkResult* stalled = reading.GetMostStalled();
    const double waited =
        stalled ? static_cast<double>(stalled->creditStall) / reading.GetTime() : 0;
    const std::string head = fmt::format("no link is full, the busiest, {} to {}, was busy {} of "
                                         "the time",
                                         busiest.name,
                                         busiest.to,
                                         PercentText(reading.GetUtilisation(busiest)));
    const ShortLoops loops = FindShortLoops(reading);
    if (waited >= NOTABLE_WAIT && loops.worst && loops.share > OWN)
    {
        verdict.boundBy = "latency";
        ProposeBuffer(reading, *loops.worst->link, verdict);
        return head + "; buffers are shorter than the credit loop of the links before them";
    }
    if (waited >= NOTABLE_WAIT && ProposeQueueing(reading, busiest, verdict))
    {
        verdict.boundBy = "congestion";
        return head + "; packets wait in a FIFO behind others that go elsewhere";
    }
    const auto overhead = reading.FindSetting("fabric.endpoint.message_overhead");
    const auto window = reading.FindSetting("fabric.endpoint.window");
    if (waited < NOTABLE_WAIT && overhead == "0ps" && window && *window != "0B" &&
        IsOneTarget(reading) && reading.results.networkLatency)
    {
        constexpr double BYTE = 8;
        constexpr double NANO = 1e-9;
        verdict.boundBy = "latency";
        ProposeWindow(reading,
                      2 * reading.results.networkLatency->mean * NANO * reading.GetRate(0) / BYTE,
                      verdict);
        return fmt::format("{}, and sources that have more to send wait for no credit: no more "
                           "than the window, {}, is under way to one destination",
                           head,
                           *window);
    }
    return head;
}

/** The links that are full. @return they, for people. */
std::string
SayFull(const Reading& reading, const LinkResult& worst, bool isEven, VerdictResult& verdict)
{
    const Reading::Level& level = reading.GetLevel(worst);
    const VerdictRoot root = DescribeRoot(reading, worst);
    const bool isEnd = reading.IsEndpoint(worst.to) || reading.IsEndpoint(worst.from);
    verdict.boundBy = !isEven ? "congestion" : isEnd ? "endpoint_rate" : "link_rate";
    if (isEven)
    {
        return level.used < level.links
                   ? fmt::format("the {} links in use, {} of {}, are full, all about alike",
                                 level.cls,
                                 CountText(level.used),
                                 CountText(level.links))
                   : fmt::format("the {} links are full, all about alike", level.cls);
    }
    verdict.root = root;
    const std::string flows = CountFlows(root);
    return fmt::format("{} is the worst link{}{}",
                       NameRoot(root),
                       flows.empty() ? "" : ", with " + flows + " over it",
                       root.offeredOverRate.value_or(0) > 1
                           ? fmt::format(" that would send {} times its rate",
                                         DecimalText(*root.offeredOverRate, 3))
                           : "");
}

/** Say what holds saturated traffic up. */
void
SaySaturated(const Reading& reading, VerdictResult& verdict)
{
    const RunResults& results = reading.results;
    std::string where = "no link stands out";
    bool isEven = false;
    if (const LinkResult* worst = FindWorst(reading))
    {
        const Reading::Level& level = reading.GetLevel(*worst);
        const double most = reading.GetUtilisation(*level.busiest);
        const LinkResult& busiest = *reading.GetBusiest();
        isEven = reading.GetUsedMean(level) >= EVEN_AT_RANDOM * most;
        where = reading.GetUtilisation(busiest) < FULL_WITH_ENDS
                    ? SayNotFull(reading, busiest, verdict)
                    : SayFull(reading, *worst, isEven, verdict);
    }
    verdict.text = fmt::format("Saturated: of {} of the endpoints' rate offered {} are accepted; "
                               "{}.",
                               PercentText(*results.offeredLoad),
                               PercentText(*results.acceptedLoad),
                               where);
    if (verdict.root && !verdict.root->victims.empty())
    {
        ProposeControl(reading, verdict);
    }
    verdict.notes.emplace_back("beyond saturation latencies grow with the length of the run: they "
                               "say nothing of the fabric");
    ProposeLoad(reading, isEven && IsOfAll(reading), verdict);
}

} // namespace

bool
SayLoad(const Reading& reading, VerdictResult& verdict)
{
    const RunResults& results = reading.results;
    if (!reading.IsOpenLoop())
    {
        return false;
    }
    verdict.saturated = IsSaturated(reading);
    if (verdict.saturated.value_or(false))
    {
        SaySaturated(reading, verdict);
        return true;
    }
    const double accepted = results.acceptedLoad.value_or(*results.offeredLoad);
    const std::string load = PercentText(*results.offeredLoad);
    if (!verdict.saturated)
    {
        verdict.text =
            fmt::format("Whether it is saturated can't be said: the window is too short, "
                        "of {} of the endpoints' rate offered {} came in within it; warm "
                        "up and measure for longer.",
                        load,
                        PercentText(accepted));
        return true;
    }
    verdict.boundBy = "load";
    const LinkResult* busiest = reading.GetBusiest();
    const double busy = busiest ? reading.GetUtilisation(*busiest) : 0;
    verdict.text = fmt::format(
        "Not saturated{}{}{}.",
        accepted < (1 - MISSING_UNSAID) * *results.offeredLoad
            ? fmt::format(", as far as the window tells: of {} of the endpoints' rate offered {} "
                          "came in within it",
                          load,
                          PercentText(accepted))
            : fmt::format(": the {} of the endpoints' rate that is offered gets through", load),
        busiest ? fmt::format("; the busiest link, {} to {}, was busy {} of the time",
                              busiest->name,
                              busiest->to,
                              PercentText(busy))
                : "",
        busy > HOT ? ": that one is full, and what goes there waits" : "");
    if (busy > HOT)
    {
        verdict.root = DescribeRoot(reading, *busiest);
        verdict.notes.emplace_back(
            "the queue of a full link may grow for as long as it is watched, "
            "and with it the latencies of what goes there");
    }
    return true;
}

} // namespace mtlink
} // namespace ns3
