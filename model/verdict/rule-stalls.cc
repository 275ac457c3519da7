/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
#include "verdict/proposals.h"
#include "verdict/root.h"
#include "verdict/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A source had always something to send that was busy or waited for so much of the time. */
constexpr double ALWAYS = 0.85;

/** It is worth speaking of that it waited for so much of the time. */
constexpr double NOTABLE_WAIT = 0.1;

/** The buffers are to blame where so much of all waiting is due to links that have too little. */
constexpr double OWN = 0.5;

/** @return the part of what was lost that a wait accounts for; nothing: that is not known. */
std::optional<double>
GetShare(const Reading& reading, double waited)
{
    const std::optional<double> loss = reading.GetLoss();
    return loss && *loss > 0 ? std::optional(std::min(waited / *loss, 1.0)) : std::nullopt;
}

/** Such a link is held up by the way back of its credits: nobody's root, nobody's victim. */
bool
SayShortLoops(const Reading& reading, VerdictResult& verdict)
{
    const ShortLoops loops = FindShortLoops(reading);
    if (!loops.worst || loops.share <= OWN ||
        loops.worst->lostToItself < NOTABLE_WAIT * reading.GetTime())
    {
        return false;
    }
    const LinkResult& link = *loops.worst->link;
    const double waited = static_cast<double>(link.creditStall) / reading.GetTime();
    verdict.boundBy = "latency";
    verdict.share = GetShare(reading, waited);
    verdict.text = fmt::format("{}, whose link is busy {} of the time, waited {} for credit: "
                               "buffers behind such links are shorter than their credit loop.",
                               link.name,
                               PercentText(reading.GetUtilisation(link)),
                               PercentText(waited));
    ProposeBuffer(reading, link, verdict);
    return true;
}

} // namespace

bool
SayStalled(const Reading& reading, VerdictResult& verdict)
{
    const LinkResult* source = reading.GetMostStalled();
    if (!source || reading.GetRoots().empty())
    {
        return false;
    }
    if (SayShortLoops(reading, verdict))
    {
        return true;
    }
    const double stalled = static_cast<double>(source->creditStall) / reading.GetTime();
    if (stalled < NOTABLE_WAIT || stalled + reading.GetUtilisation(*source) < ALWAYS)
    {
        return false;
    }
    const Reading::Root* worst = FindRoot(reading);
    if (!worst)
    {
        return false;
    }
    verdict.boundBy = "congestion";
    verdict.share = GetShare(reading, stalled);
    verdict.root = DescribeRoot(reading, *worst);
    const std::string flows = CountFlows(*verdict.root);
    ProposeQueueing(reading, *worst->link, verdict);
    verdict.text =
        fmt::format("{}, a source that had something to send nearly always, waited for credit {} "
                    "of the time; the link that most waited for is {}{}, the root of {} of all "
                    "waiting.",
                    source->name,
                    PercentText(stalled),
                    NameRoot(*verdict.root),
                    flows.empty() ? "" : ", with " + flows + " held up at it",
                    PercentText(verdict.root->stallShare));
    return true;
}

} // namespace mtlink
} // namespace ns3
