/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/root-flows.h"
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

/** A flow is a victim worth speaking of that stood still for so much of the time, */
constexpr double NOTABLE_REST = 0.05;

/** or of that of its own messages. */
constexpr double OF_ITS_OWN = 0.2;

/** @return whether a victim is worth speaking of. */
bool
IsNotable(const Reading& reading, const VictimFlow& victim)
{
    if (victim.lost >= NOTABLE_REST * reading.GetTime())
    {
        return true;
    }
    double own = 0;
    for (const MessageResult& message : reading.results.messages)
    {
        const bool isIts = message.src == victim.src && message.dst == victim.dst;
        own += isIts && message.end != NEVER ? static_cast<double>(message.end - message.start) : 0;
    }
    return reading.results.messagesOneIn == 1 && own > 0 && victim.lost >= OF_ITS_OWN * own;
}

/** The link is the root that so much of all waiting is due to. */
constexpr double ROOT = 0.4;

/** A link had fewer lanes most of the time. */
constexpr double FAULTY = 0.5;

} // namespace

bool
SayVictims(const Reading& reading, VerdictResult& verdict)
{
    const Reading::Root* root = FindRoot(reading);
    if (!root || root->lost < ROOT * reading.GetLost())
    {
        return false;
    }
    if (static_cast<double>(root->link->degraded) > FAULTY * reading.GetTime())
    {
        return false; // who goes there is no culprit: the link has not the lanes that it should
    }
    if (root->lostToItself > Reading::GetFilled(*root->link) && IsBufferShort(reading, *root->link))
    {
        return false; // nor there: it waits for its own credits more than it sends
    }
    const std::vector<VictimFlow> victims = FindVictimFlows(reading.results, root->name);
    if (victims.empty() || !IsNotable(reading, victims.front()))
    {
        return false;
    }
    verdict.boundBy = "congestion";
    verdict.root = DescribeRoot(reading, *root);
    const std::string flows = CountFlows(*verdict.root);
    verdict.text = fmt::format(
        "{} is the root of {} of all waiting{}; {} stood still for it {} of the time, without "
        "going there.",
        NameRoot(*verdict.root),
        PercentText(verdict.root->stallShare),
        flows.empty() ? "" : ", with " + flows + " over it",
        victims.size() == 1
            ? reading.DescribeFlow(victims.front().src, victims.front().dst)
            : fmt::format("of {} victims the worst, {},",
                          CountText(victims.size()),
                          reading.DescribeFlow(victims.front().src, victims.front().dst)),
        PercentText(victims.front().lost / reading.GetTime()));
    ProposeQueueing(reading, *root->link, verdict);
    ProposeControl(reading, verdict);
    verdict.notes.emplace_back("more virtual channels, a traffic class of their own, or fewer "
                               "senders at once would leave victims room, too");
    return true;
}

} // namespace mtlink
} // namespace ns3
