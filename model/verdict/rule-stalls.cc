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

/** A source had always something to send that was busy or waited for so much of the time. */
constexpr double ALWAYS = 0.85;

/** It is worth speaking of that it waited for so much of the time. */
constexpr double NOTABLE_WAIT = 0.1;

/** The buffer is to blame where so much of the waiting is a link's own doing. */
constexpr double OWN = 0.5;

} // namespace

bool
SayStalled(const Reading& reading, VerdictResult& verdict)
{
    const LinkResult* source = reading.GetMostStalled();
    if (!source || reading.GetRoots().empty())
    {
        return false;
    }
    const double stalled = static_cast<double>(source->creditStall) / reading.GetTime();
    if (stalled < NOTABLE_WAIT || stalled + reading.GetUtilisation(*source) < ALWAYS)
    {
        return false;
    }
    double own = 0;
    for (const Reading::Root& root : reading.GetRoots())
    {
        own += root.lostToItself;
    }
    const std::optional<double> loss = reading.GetLoss();
    if (loss && *loss > 0)
    {
        verdict.share = std::min(stalled / *loss, 1.0);
    }
    if (own > OWN * reading.GetLost())
    {
        // Such a link is held up by the way back of its credits: nobody's root, nobody's victim.
        verdict.boundBy = "latency";
        verdict.text = fmt::format("{}, whose link is busy {} of the time, waited {} for credit: "
                                   "buffers behind such links are shorter than their credit loop.",
                                   source->name,
                                   PercentText(reading.GetUtilisation(*source)),
                                   PercentText(stalled));
        ProposeBuffer(reading, *source, verdict);
        return true;
    }
    const Reading::Root* worst = FindRoot(reading);
    if (!worst)
    {
        verdict.share.reset();
        return false;
    }
    verdict.boundBy = "congestion";
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
