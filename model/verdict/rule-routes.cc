/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/set-options.h"
#include "report/human-text.h"
#include "verdict/proposals.h"
#include "verdict/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <string>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A link is full that was busy for so much of the time: open-loop traffic has a warm-up and an
 * end at which less is offered. */
constexpr double FULL = 0.8;

/** There is room beside it where the links of its class were in the mean busy for no more of its
 * time. */
constexpr double BESIDE = 0.6;

constexpr uint64_t UGAL_VCS = 3;   //!< Of a dragonfly's switches: UGAL passes three classes
constexpr uint64_t DETOUR_VCS = 2; //!< Of a mesh's endpoints: direct, and forwarded

/** @return the link that the verdict is about; null: none was used. */
const LinkResult*
FindWorst(const Reading& reading, const VerdictResult& verdict)
{
    const auto& links = reading.results.links;
    const auto root = std::find_if(links.begin(), links.end(), [&verdict](const LinkResult& link) {
        return verdict.root && link.name == verdict.root->port;
    });
    return root == links.end() ? reading.GetBusiest() : &*root;
}

/** @return what sets so many virtual channels at least; empty: there are as many. */
std::string
RaiseChannels(const Reading& reading, const std::string& key, uint64_t least)
{
    const auto value = key.empty() ? std::nullopt : reading.FindSetting(key);
    return value && std::stoull(*value) < least ? fmt::format("{}={}", key, least) : "";
}

/** @return how busy the links of a level were, and the one, for people. */
std::string
DescribeRoom(const Reading& reading, const Reading::Level& level, const LinkResult& worst)
{
    return fmt::format(
        "{} to {} was busy {} of the time, the {} links {} in the mean",
        worst.name,
        worst.to,
        PercentText(reading.GetUtilisation(worst)),
        level.cls,
        PercentText(level.filled / static_cast<double>(level.links) / reading.GetTime()));
}

} // namespace

bool
AddRoutes(const Reading& reading, VerdictResult& verdict)
{
    const bool isLinks = verdict.boundBy == "link_rate" || verdict.boundBy == "congestion";
    const LinkResult* worst = FindWorst(reading, verdict);
    if (!isLinks || !worst || reading.GetUtilisation(*worst) < FULL)
    {
        return false;
    }
    const Reading::Level& level = reading.GetLevel(*worst);
    const std::string kind =
        reading.FindSetting(reading.FindPartSetting(level.cls, "kind")).value_or("");
    const std::string key = reading.FindPartSetting(level.cls, "routing.algorithm");
    const std::string algorithm = reading.FindSetting(key).value_or("");
    const bool isMinimal = algorithm == "auto" || algorithm == "minimal" || algorithm == "shortest";
    const bool hasRoom =
        level.filled / static_cast<double>(level.links) < BESIDE * Reading::GetFilled(*worst);
    if (!isMinimal || !hasRoom)
    {
        return false;
    }
    const std::string room = DescribeRoom(reading, level, *worst);
    if (kind == "dragonfly" && level.cls.ends_with("global"))
    {
        const std::string vcs = reading.FindPartSetting(level.cls, "switch.vcs");
        verdict.tries.insert(
            verdict.tries.begin(),
            {JoinSettings({key + "=ugal_l", RaiseChannels(reading, vcs, UGAL_VCS)}),
             "minimal routes take the links between two groups alone, others lead round them: " +
                 room,
             GetPromise(reading)});
        return true;
    }
    if (kind == "full_mesh" && reading.IsEndpoint(worst->from) && reading.IsEndpoint(worst->to))
    {
        const std::string vcs = reading.FindPartSetting(level.cls, "endpoint.vcs");
        verdict.tries.insert(
            verdict.tries.begin(),
            {JoinSettings({key + "=detour", RaiseChannels(reading, vcs, DETOUR_VCS)}),
             "two cards' own links alone are used, others could forward for them: " + room,
             GetPromise(reading)});
        return true;
    }
    return false;
}

} // namespace mtlink
} // namespace ns3
