/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
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

/** Links are loaded alike where their mean is at least so much of the most. */
constexpr double EVEN = 0.9;

/**
 * @return of the links that are as good as full, the one that others waited for most; else the
 *         busiest; null: none was used.
 */
const LinkResult*
FindFullest(const Reading& reading)
{
    constexpr double AS_FULL = 0.98;
    const LinkResult* busiest = reading.GetBusiest();
    for (const Reading::Root& root : reading.GetRoots())
    {
        if (busiest && root.link &&
            Reading::GetFilled(*root.link) >= AS_FULL * Reading::GetFilled(*busiest))
        {
            return root.link;
        }
    }
    return busiest;
}

/** @return how busy all links of the endpoint at a link's end were together, that way. */
double
GetEndpointShare(const Reading& reading, const LinkResult& link)
{
    return std::max(reading.IsEndpoint(link.from) ? reading.GetSent(link.from) : 0.0,
                    reading.IsEndpoint(link.to) ? reading.GetReceived(link.to) : 0.0);
}

/** Propose twice the rate. */
void
ProposeRate(const Reading& reading, const LinkResult& link, VerdictResult& verdict)
{
    constexpr double GIGA = 1e9;
    const std::string key = reading.FindRate(link.cls);
    if (!key.empty())
    {
        verdict.tries.push_back(
            {fmt::format("{}={:g}Gbps", key, 2 * link.bitsPerSecond / GIGA),
             fmt::format("{} links are what is full", link.cls),
             "a shorter completion_time_ns: at best half, where no other links are full then"});
    }
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

} // namespace

bool
SayAtBound(const Reading& reading, VerdictResult& verdict)
{
    const std::optional<double> loss = reading.GetLoss();
    const LinkResult* busiest = reading.GetBusiest();
    if (!loss || *loss > AT_BOUND || !busiest)
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
        "{} took as long as its bytes must at the rate of {}{}: {} of the bound; only faster links "
        "or fewer bytes would make it shorter.",
        NameCollectives(reading.results),
        isEnd ? "an endpoint's links" : "the " + busiest->cls + " links",
        reading.GetCaution(),
        PercentText(1 - *loss));
    ProposeRate(reading, *busiest, verdict);
    return true;
}

bool
SayFullLinks(const Reading& reading, VerdictResult& verdict)
{
    const LinkResult* busiest = FindFullest(reading);
    if (!busiest || reading.GetUtilisation(*busiest) < FULL)
    {
        return false;
    }
    const double busy = reading.GetUtilisation(*busiest);
    const Reading::Level& level = reading.GetLevel(*busiest);
    const bool isEven = reading.GetUsedMean(level) >= EVEN * busy;
    const std::string where =
        isEven ? fmt::format("The {} links were", level.cls)
               : fmt::format("The link {} to {} was", busiest->name, busiest->to);
    if (level.touchesEndpoints)
    {
        const double all = GetEndpointShare(reading, *busiest);
        const bool isWhole = all >= EVEN * busy;
        verdict.boundBy = isWhole ? "endpoint_rate" : "link_rate";
        verdict.text = fmt::format(
            "{} busy {} of the time{}: {}.",
            where,
            PercentText(busy),
            reading.GetCaution(),
            !isWhole ? fmt::format("full, while all links of that endpoint together were busy {}",
                                   PercentText(all))
            : isEven ? "the endpoints' rate is what bounds it"
                     : "the rate of that one endpoint is what bounds it");
    }
    else
    {
        verdict.boundBy = isEven ? "link_rate" : "congestion";
        verdict.text = fmt::format("{} busy {} of the time{}: {}.",
                                   where,
                                   PercentText(busy),
                                   reading.GetCaution(),
                                   isEven ? "that level of the fabric is full"
                                          : fmt::format("the {} links in use share the load "
                                                        "unevenly, in the mean they were busy {}",
                                                        level.cls,
                                                        PercentText(reading.GetUsedMean(level))));
    }
    verdict.share = GetShare(reading, busy);
    if (!isEven)
    {
        verdict.root = DescribeRoot(reading, *busiest);
    }
    ProposeRate(reading, *busiest, verdict);
    return true;
}

} // namespace mtlink
} // namespace ns3
