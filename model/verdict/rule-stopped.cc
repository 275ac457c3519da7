/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict/rules.h"

#include <algorithm>
#include <string>

namespace ns3
{
namespace mtlink
{

bool
SayNothing(const Reading& reading, VerdictResult& verdict)
{
    const RunResults& results = reading.results;
    if (reading.IsOpenLoop() && results.packetsDelivered == 0 && *results.offeredLoad == 0)
    {
        verdict.saturated = false;
        verdict.text =
            "No packet was sent while it was measured: measure for longer, or offer more.";
        return true;
    }
    const auto& collectives = results.collectives;
    const bool isEmpty =
        !collectives.empty() &&
        std::all_of(collectives.begin(), collectives.end(), [](const CollectiveResult& row) {
            return row.bytes == 0 && row.name != "barrier";
        });
    if (!isEmpty || results.payloadBytesDelivered > 0)
    {
        return false;
    }
    verdict.text = "Nothing was sent: the size is 0 B, and its times mean nothing.";
    return true;
}

bool
SayStopped(const Reading& reading, VerdictResult& verdict)
{
    if (reading.results.complete)
    {
        return false;
    }
    const std::string& reason = reading.results.stopReason;
    const bool isFault = reason.starts_with("data lost") || reason.starts_with("stalled: link");
    verdict.boundBy = isFault ? "faults" : "";
    verdict.text = (isFault ? "A fault ended the run: " : "The run did not come to its end: ") +
                   reason.substr(0, reason.find("; ")) + ".";
    return true;
}

} // namespace mtlink
} // namespace ns3
