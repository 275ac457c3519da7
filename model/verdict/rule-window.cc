/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
#include "verdict/proposals.h"
#include "verdict/rules.h"

#include <fmt/format.h>

namespace ns3
{
namespace mtlink
{

bool
SayWindow(const Reading& reading, VerdictResult& verdict)
{
    constexpr double SECOND = 1e12; // in ps
    if (!reading.facts.window)
    {
        return false;
    }
    const VerdictWindow& window = *reading.facts.window;
    verdict.boundBy = "latency";
    verdict.text = fmt::format(
        "The window: of {} no more than {} are under way at once, acknowledged after {}, which "
        "lets {} GB/s through where the way carries {}.",
        reading.DescribeFlow(window.src, window.dst),
        BytesText(window.bytes),
        TimeText(static_cast<double>(window.roundTrip)),
        DecimalText(window.bytesPerSecond / 1e9, 3),
        DecimalText(window.idleBytesPerSecond / 1e9, 3));
    ProposeWindow(reading,
                  window.idleBytesPerSecond * static_cast<double>(window.roundTrip) / SECOND,
                  verdict);
    return true;
}

} // namespace mtlink
} // namespace ns3
