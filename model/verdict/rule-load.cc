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

/**
 * @return whether more is offered than gets through; nothing: the window is too short to tell. What
 *         is under way is its rate by its time in the network (Little): so much of what is offered
 *         may be missing while the fabric fills up.
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
    const double window = reading.facts.windowPs;
    const double underWay =
        results.networkLatency && window > 0 ? FILLING * results.networkLatency->mean / window : 0;
    const bool isFilling = offered - accepted <= underWay * offered;
    if (!isFull && !isQueued)
    {
        return accepted < MISSING_UNKNOWN * offered ? std::nullopt : std::optional(false);
    }
    return isFilling ? std::nullopt : std::optional(true);
}

/** @return the link that holds the traffic up; null: none was used. */
const LinkResult*
FindWorst(const Reading& reading)
{
    const auto& roots = reading.GetRoots();
    return !roots.empty() && roots.front().link ? roots.front().link : reading.GetBusiest();
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

constexpr uint64_t UGAL_VCS = 3; //!< Of a dragonfly's switches: UGAL passes three classes

/** Propose routes that leave what is full alone. */
void
ProposeRoutes(const Reading& reading, VerdictResult& verdict)
{
    const std::string& kind = reading.results.fabricKind;
    const std::string algorithm = reading.FindSetting("fabric.routing.algorithm").value_or("");
    const std::string pattern = reading.FindSetting("workloads[0].traffic").value_or("");
    if (kind == "dragonfly" && (algorithm == "auto" || algorithm == "minimal") &&
        pattern == "group_adversarial")
    {
        if (std::stoul(reading.FindSetting("fabric.switch.vcs").value_or("0")) < UGAL_VCS)
        {
            verdict.notes.push_back(
                "minimal routes send a group's traffic over the one link to the "
                "next group: fabric.routing.algorithm=ugal_l leads round it, "
                "and needs three virtual channels");
            return;
        }
        verdict.tries.push_back({"fabric.routing.algorithm=ugal_l",
                                 "minimal routes send a group's traffic over the one link to the "
                                 "next group",
                                 "a higher accepted load"});
    }
}

/** The links that hold saturated traffic up. */
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
        isEven = reading.GetUsedMean(level) >= EVEN_AT_RANDOM * most;
        const VerdictRoot root = DescribeRoot(reading, *worst);
        const bool isEnd = reading.IsEndpoint(worst->to) || reading.IsEndpoint(worst->from);
        verdict.boundBy = !isEven ? "congestion" : isEnd ? "endpoint_rate" : "link_rate";
        const std::string flows = CountFlows(root);
        where = isEven ? fmt::format("the {} links are full, all about alike", level.cls)
                       : fmt::format("{} is the worst link{}",
                                     NameRoot(root),
                                     flows.empty() ? "" : ", with " + flows + " over it");
        if (!isEven)
        {
            verdict.root = root;
        }
        if (verdict.root && root.offeredOverRate.value_or(0) > 1)
        {
            where += fmt::format(" that would send {} times its rate",
                                 DecimalText(*root.offeredOverRate, 3));
        }
    }
    verdict.text = fmt::format("Saturated: of {} of the endpoints' rate offered {} are accepted; "
                               "{}.",
                               PercentText(*results.offeredLoad),
                               PercentText(*results.acceptedLoad),
                               where);
    if (verdict.root && !verdict.root->victims.empty())
    {
        verdict.notes.push_back(fmt::format("victims, held up by {} without going there: {}",
                                            verdict.root->port,
                                            fmt::join(verdict.root->victims, ", ")));
        ProposeControl(reading, verdict);
    }
    verdict.notes.emplace_back("beyond saturation latencies grow with the length of the run: they "
                               "say nothing of the fabric");
    ProposeRoutes(reading, verdict);
    ProposeLoad(reading, isEven, verdict);
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
