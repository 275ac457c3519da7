/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict/proposals.h"

#include <fmt/format.h>
#include <string>

namespace ns3
{
namespace mtlink
{

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

void
ProposeControl(const Reading& reading, VerdictResult& verdict)
{
    const std::string key = "fabric.endpoint.congestion_control";
    if (reading.FindSetting(key) == "none")
    {
        verdict.tries.push_back(
            {key + "=hpcc",
             "victims wait in buffers that others fill: with congestion "
             "control these keep fewer packets under way",
             "victims stand still for less; who holds them up may take longer"});
    }
}

} // namespace mtlink
} // namespace ns3
