/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict/rules.h"

#include <string>

namespace ns3
{
namespace mtlink
{

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
