/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
#include "verdict/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <string>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A link that was up for so much of the run and carried nothing is on nobody's way. */
constexpr double UP = 0.5;

constexpr uint32_t MOST = 16; //!< Faults spoken of

/** @return a setting's text without quotes. */
std::string
StripQuotes(std::string text)
{
    std::erase_if(text, [](char letter) { return letter == '"' || letter == '\''; });
    return text;
}

/** @return what is said of a fault at the switch of the root; empty: it is elsewhere. */
std::string
DescribePlace(const VerdictResult& verdict, const LinkResult& link)
{
    const bool isNear =
        verdict.root && (link.from == verdict.root->to || link.to == verdict.root->to ||
                         verdict.root->port.starts_with(link.from + ":") ||
                         verdict.root->port.starts_with(link.to + ":"));
    return isNear ? ", at a node of the root: what waits there may wait for the fault" : "";
}

std::string
DescribeFault(const Reading& reading, const LinkResult& link)
{
    const double time = reading.GetTime();
    // A run may go on for longer than its collectives.
    const double down = std::min(static_cast<double>(link.down), time);
    const double degraded = std::min(static_cast<double>(link.degraded), time);
    if (link.down == 0 && link.degraded == 0 && link.packetsLost == 0)
    {
        return fmt::format("the fault of {} had no effect: the link was up all the time",
                           link.name);
    }
    if (link.payloadBytes == 0 && link.packetsLost == 0 && down < (1 - UP) * time)
    {
        return fmt::format("the fault of {} met no traffic: the link carried nothing before or "
                           "after either",
                           link.name);
    }
    const std::string lost = CountText(link.packetsLost, "packet", "packets");
    if (link.down == 0 && link.degraded == 0)
    {
        return fmt::format("{} lost {} to its fault", link.name, lost); // with which the run ended
    }
    std::string text = link.name + " was ";
    text += link.down > 0 ? fmt::format("down for {} of the time", PercentText(down / time)) : "";
    text += link.down > 0 && link.degraded > 0 ? ", " : "";
    text += link.degraded > 0
                ? fmt::format("up with fewer lanes for {}", PercentText(degraded / time))
                : "";
    return text + (link.packetsLost > 0 ? ", and lost " + lost : "");
}

/**
 * @param [in] reading The run.
 * @param [in] verdict What held it up.
 * @param [in] what Which links the fault is of, for people: "spine0".
 * @param [in] has Tells whether it is of a link.
 * @return what is said of a fault of several links.
 */
template <typename Has>
std::string
DescribeFaults(const Reading& reading,
               const VerdictResult& verdict,
               const std::string& what,
               Has has)
{
    const double time = reading.GetTime();
    std::map<std::string, std::pair<uint64_t, uint64_t>> classes; // links of it, and in all
    double out = 0;
    uint64_t lost = 0;
    uint64_t payload = 0;
    uint64_t links = 0;
    for (const LinkResult& link : reading.results.links)
    {
        ++classes[link.cls].second;
        if (has(link))
        {
            ++links;
            ++classes[link.cls].first;
            out += std::min(static_cast<double>(link.down + link.degraded), time);
            lost += link.packetsLost;
            payload += link.payloadBytes;
        }
    }
    if (links == 0 || out == 0)
    {
        return fmt::format("the fault of {} had no effect: its links were up all the time", what);
    }
    const double share = out / static_cast<double>(links) / time;
    if (payload == 0 && lost == 0 && share < 1 - UP)
    {
        return fmt::format("the fault of {} met no traffic: its links carried nothing before or "
                           "after either",
                           what);
    }
    std::string text;
    bool isNear = false;
    for (const auto& [cls, count] : classes)
    {
        if (count.first > 0)
        {
            text += fmt::format("{}{} of {} {} links",
                                text.empty() ? "" : ", ",
                                count.first,
                                count.second,
                                cls);
            isNear = isNear ||
                     (verdict.root && verdict.boundBy != "load" &&
                      std::any_of(reading.results.links.begin(),
                                  reading.results.links.end(),
                                  [&, name = cls](const LinkResult& link) {
                                      return link.cls == name && link.name == verdict.root->port;
                                  }));
        }
    }
    return fmt::format("{}: {} were down or had fewer lanes for {} of the time{}{}",
                       what,
                       text,
                       PercentText(share),
                       lost > 0 ? fmt::format(", and lost {}", CountText(lost, "packet", "packets"))
                                : "",
                       isNear ? "; the root is one of those that carry what these can't: --set "
                                "'faults=[]' tells what that costs"
                              : "");
}

} // namespace

bool
AddFaults(const Reading& reading, VerdictResult& verdict)
{
    bool isAny = false;
    for (uint32_t i = 0; i < MOST && reading.results.mode != "bound"; ++i)
    {
        const auto find = [&](const char* key) {
            return reading.FindSetting(fmt::format("faults[{}].{}", i, key));
        };
        if (const auto at = find("switch"))
        {
            const std::string node = StripQuotes(*at);
            verdict.notes.push_back(
                DescribeFaults(reading, verdict, node, [&node](const LinkResult& link) {
                    return link.from == node || link.to == node;
                }));
            isAny = true;
            continue;
        }
        if (const auto of = find("links"))
        {
            const std::string cls = StripQuotes(*of);
            verdict.notes.push_back(DescribeFaults(
                reading,
                verdict,
                "faults of " + cls + " links",
                [&cls](const LinkResult& link) { return cls == "all" || link.cls == cls; }));
            isAny = true;
            continue;
        }
        const auto name = find("link");
        if (!name)
        {
            break;
        }
        const auto& links = reading.results.links;
        const auto link = std::find_if(links.begin(), links.end(), [&](const LinkResult& row) {
            return row.name == StripQuotes(*name);
        });
        if (link != links.end())
        {
            verdict.notes.push_back(
                DescribeFault(reading, *link) +
                (link->down + link->degraded > 0 ? DescribePlace(verdict, *link) : ""));
            isAny = true;
        }
    }
    return isAny;
}

} // namespace mtlink
} // namespace ns3
