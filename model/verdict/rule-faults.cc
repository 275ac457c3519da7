/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
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
    std::string text = link.name + " was ";
    text += link.down > 0 ? fmt::format("down for {} of the time", PercentText(down / time)) : "";
    text += link.down > 0 && link.degraded > 0 ? ", " : "";
    text += link.degraded > 0
                ? fmt::format("up with fewer lanes for {}", PercentText(degraded / time))
                : "";
    return text +
           (link.packetsLost > 0
                ? fmt::format(", and lost {}", CountText(link.packetsLost, "packet", "packets"))
                : "");
}

} // namespace

bool
AddFaults(const Reading& reading, VerdictResult& verdict)
{
    bool isAny = false;
    for (uint32_t i = 0; i < MOST; ++i)
    {
        const auto name = reading.FindSetting(fmt::format("faults[{}].link", i));
        if (!name)
        {
            break;
        }
        const auto& links = reading.results.links;
        const auto link = std::find_if(links.begin(), links.end(), [&](const LinkResult& row) {
            return row.name == StripQuotes(*name);
        });
        if (link != links.end() && reading.results.mode != "bound")
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
