/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
#include "verdict/proposals.h"
#include "verdict/root.h"
#include "verdict/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace ns3
{
namespace mtlink
{

namespace
{

/** At its bound is what loses no more. */
constexpr double AT_BOUND = 0.1;

/** A link is full that was busy for so much of the time. */
constexpr double FULL = 0.85;

/** Of several collectives none may lose more, where they are at their bound together. */
constexpr double AT_BOUND_EACH = 0.2;

/** Links are loaded alike where their mean is at least so much of the most. */
constexpr double EVEN = 0.9;

/** A link is as good as the fullest that was filled for so much of that one's time. */
constexpr double AS_FULL = 0.95;

/**
 * @return of the links that are as good as the fullest, an endpoint's, as what it sends is what
 *         the others carry; else the one that others waited for most; null: none was used.
 */
const LinkResult*
FindFullest(const Reading& reading)
{
    const LinkResult* busiest = reading.GetBusiest();
    if (!busiest)
    {
        return nullptr;
    }
    const double least = AS_FULL * Reading::GetFilled(*busiest);
    for (const Reading::Level& level : reading.GetLevels())
    {
        if (level.touchesEndpoints && Reading::GetFilled(*level.busiest) >= least)
        {
            return level.busiest;
        }
    }
    for (const Reading::Root& root : reading.GetRoots())
    {
        if (root.link && Reading::GetFilled(*root.link) >= least)
        {
            return root.link;
        }
    }
    return busiest;
}

/** The links of a class that are as full as one. */
struct Alike
{
    uint64_t links{0};        //!< How many
    bool isOneEndpoint{true}; //!< All of them are of one endpoint
    bool isPair{false};       //!< ... and of one other, too
};

Alike
CountAlike(const Reading& reading, const LinkResult& fullest)
{
    Alike alike;
    // Whose links these are: of a link between two endpoints it may be either.
    bool isFroms = reading.IsEndpoint(fullest.from);
    bool isTos = reading.IsEndpoint(fullest.to);
    const auto touches = [](const LinkResult& link, const std::string& node) {
        return link.from == node || link.to == node;
    };
    for (const LinkResult& link : reading.results.links)
    {
        if (link.cls == fullest.cls &&
            Reading::GetFilled(link) >= AS_FULL * Reading::GetFilled(fullest))
        {
            ++alike.links;
            isFroms = isFroms && touches(link, fullest.from);
            isTos = isTos && touches(link, fullest.to);
        }
    }
    alike.isOneEndpoint = isFroms || isTos;
    alike.isPair = isFroms && isTos;
    return alike;
}

/**
 * @return a link between the same two nodes that was down, or had fewer lanes, most of the time;
 *         null: there is none.
 */
const LinkResult*
FindBroken(const Reading& reading, const LinkResult& fullest)
{
    constexpr double MOST = 0.5;
    const auto& links = reading.results.links;
    const auto broken = std::find_if(links.begin(), links.end(), [&](const LinkResult& link) {
        return link.from == fullest.from && link.to == fullest.to &&
               static_cast<double>(link.down + link.degraded) > MOST * reading.GetTime();
    });
    return broken == links.end() ? nullptr : &*broken;
}

/** @return links that are full, for people, with their verb. */
std::string
NameFull(const Reading& reading, const LinkResult& fullest, const Alike& alike, bool isEven)
{
    const Reading::Level& level = reading.GetLevel(fullest);
    if (isEven)
    {
        return fmt::format("The {} links{} were",
                           level.cls,
                           level.used < level.links ? " in use" : "");
    }
    if (alike.links == 1)
    {
        return fmt::format("The link {} to {} was", fullest.name, fullest.to);
    }
    return fmt::format("{} of {} {} links, as {} to {}, were",
                       CountText(alike.links),
                       CountText(level.links),
                       level.cls,
                       fullest.name,
                       fullest.to);
}

/** @return how busy all links of the endpoint at a link's end were together, that way. */
double
GetEndpointShare(const Reading& reading, const LinkResult& link)
{
    return std::max(reading.IsEndpoint(link.from) ? reading.GetSent(link.from) : 0.0,
                    reading.IsEndpoint(link.to) ? reading.GetReceived(link.to) : 0.0);
}

/** @return what of the loss a link that was busy so long accounts for; nothing: not known. */
std::optional<double>
GetShare(const Reading& reading, double busy)
{
    const std::optional<double> loss = reading.GetLoss();
    return loss && *loss > AT_BOUND
               ? std::optional(std::clamp((busy - (1 - *loss)) / *loss, 0.0, 1.0))
               : std::nullopt;
}

/** @return the collectives for people: "all_reduce by ring", "4 collectives". */
std::string
NameCollectives(const RunResults& results)
{
    const CollectiveResult& first = results.collectives.front();
    return results.collectives.size() == 1
               ? first.name + " by " + first.algorithm
               : CountText(results.collectives.size(), "collective", "collectives");
}

/** @return whether a collective lost much, which the sum over all may hide. */
bool
IsOneHeldUp(const RunResults& results)
{
    return std::any_of(results.collectives.begin(),
                       results.collectives.end(),
                       [](const CollectiveResult& row) {
                           const auto time = static_cast<double>(row.end - row.start);
                           return row.bound > 0 && row.end != NEVER &&
                                  static_cast<double>(row.bound) < (1 - AT_BOUND_EACH) * time;
                       });
}

} // namespace

bool
SayAtBound(const Reading& reading, VerdictResult& verdict)
{
    const std::optional<double> loss = reading.GetLoss();
    const LinkResult* busiest = reading.GetBusiest();
    if (!loss || *loss > AT_BOUND || !busiest || IsOneHeldUp(reading.results))
    {
        return false;
    }
    const double busy = reading.GetUtilisation(*busiest);
    const bool isEnd = reading.IsEndpoint(busiest->from) || reading.IsEndpoint(busiest->to);
    if (busy < FULL)
    {
        verdict.boundBy = "latency";
        verdict.text = fmt::format("{} took no more than the latency of the way that must be gone{}"
                                   ": {} of the bound.",
                                   NameCollectives(reading.results),
                                   reading.GetCaution(),
                                   PercentText(1 - *loss));
        return true;
    }
    verdict.boundBy = isEnd ? "endpoint_rate" : "link_rate";
    verdict.text = fmt::format(
        "{} took as long as {} bytes must at the rate of {}{}: {} of the bound; only faster links "
        "or fewer bytes would make it shorter.",
        NameCollectives(reading.results),
        reading.results.collectives.size() == 1 ? "its" : "their",
        isEnd ? "an endpoint's links" : "the " + busiest->cls + " links",
        reading.GetCaution(),
        PercentText(1 - *loss));
    ProposeRate(reading, *busiest, verdict);
    return true;
}

bool
SayFullLinks(const Reading& reading, VerdictResult& verdict)
{
    const LinkResult* fullest = FindFullest(reading);
    if (!fullest || reading.GetUtilisation(*reading.GetBusiest()) < FULL)
    {
        return false;
    }
    const double busy = reading.GetUtilisation(*fullest);
    const Reading::Level& level = reading.GetLevel(*fullest);
    const bool isEven = reading.GetUsedMean(level) >= EVEN * busy;
    const Alike alike = CountAlike(reading, *fullest);
    const bool isOne = alike.isOneEndpoint && !(isEven && alike.isPair);
    std::string what;
    if (level.touchesEndpoints)
    {
        const double all = GetEndpointShare(reading, *fullest);
        const bool isWhole = all >= EVEN * busy;
        verdict.boundBy = isWhole ? "endpoint_rate" : "link_rate";
        what = !isWhole
                   ? fmt::format("full, while all links of that endpoint together were busy {}",
                                 PercentText(all))
               : !isOne ? "the endpoints' rate is what bounds it"
                        : "the rate of that one endpoint is what bounds it";
    }
    else
    {
        verdict.boundBy = isEven ? "link_rate" : "congestion";
        what = isEven && level.used < level.links
                   ? fmt::format("these are full, {} of {} of that level, while the others carry "
                                 "nothing",
                                 CountText(level.used),
                                 CountText(level.links))
               : isEven
                   ? "that level of the fabric is full"
                   : fmt::format("the {} links in use share the load unevenly, in the mean they "
                                 "were busy {}",
                                 level.cls,
                                 PercentText(reading.GetUsedMean(level)));
    }
    const LinkResult* broken = isEven ? nullptr : FindBroken(reading, *fullest);
    if (broken)
    {
        verdict.tries.push_back(
            {"faults=[]", "what the fault took is missing here", "a shorter completion_time_ns"});
        verdict.boundBy = "faults";
        what = fmt::format("{} what {}, which was {} most of the time, does not",
                           alike.links == 1 ? "it carries" : "they carry",
                           broken->name,
                           broken->down >= broken->degraded ? "down" : "up with fewer lanes");
        if (broken == fullest)
        {
            what = fmt::format("{} up with fewer lanes most of the time",
                               alike.links == 1 ? "it was" : "they were");
        }
    }
    if (!isEven && (alike.links == 1 || alike.isOneEndpoint || !level.touchesEndpoints))
    {
        verdict.root = DescribeRoot(reading, *fullest);
    }
    const std::string flows =
        verdict.root && alike.links == 1 ? CountFlows(*verdict.root) : std::string();
    verdict.text = fmt::format("{} busy {} of the time{}{}: {}.",
                               NameFull(reading, *fullest, alike, isEven && !isOne),
                               PercentText(isEven && !isOne ? reading.GetUsedMean(level) : busy),
                               flows.empty() ? "" : ", with " + flows + " over it",
                               reading.GetCaution(),
                               what);
    verdict.share = GetShare(reading, busy);
    if (!broken)
    {
        ProposeRate(reading, *fullest, verdict);
    }
    return true;
}

} // namespace mtlink
} // namespace ns3
