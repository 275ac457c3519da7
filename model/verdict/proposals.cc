/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict/proposals.h"

#include <cmath>
#include <exception>
#include <fmt/format.h>
#include <string>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double GIGA = 1e9;

/** A class is as full as another whose busiest link was filled for so much of that one's time. */
constexpr double AS_FULL = 0.95;

/** @return bits per second of a setting's text; 0: it is no rate. */
double
ReadRate(const std::string& text)
{
    std::size_t digits = 0;
    double number = 0;
    try
    {
        number = std::stod(text, &digits);
    }
    catch (const std::exception&)
    {
        return 0;
    }
    const std::string unit = text.substr(text.find_first_not_of(' ', digits) == std::string::npos
                                             ? text.size()
                                             : text.find_first_not_of(' ', digits));
    constexpr std::pair<const char*, double> UNITS[] = {{"Gbps", 1e9},
                                                        {"Tbps", 1e12},
                                                        {"Mbps", 1e6},
                                                        {"GBps", 8e9},
                                                        {"TBps", 8e12},
                                                        {"MBps", 8e6}};
    for (const auto& [name, factor] : UNITS)
    {
        if (unit == name)
        {
            return number * factor;
        }
    }
    return 0;
}

/** @return another class that is as full, whose rate has another key; empty: there is none. */
std::string
FindAsFull(const Reading& reading, const LinkResult& link, const std::string& key)
{
    for (const Reading::Level& level : reading.GetLevels())
    {
        if (level.cls != link.cls && reading.FindRate(level.cls) != key &&
            Reading::GetFilled(*level.busiest) >= AS_FULL * Reading::GetFilled(link))
        {
            return level.cls;
        }
    }
    return "";
}

} // namespace

void
ProposeRate(const Reading& reading, const LinkResult& link, VerdictResult& verdict)
{
    const std::string key = reading.FindRate(link.cls);
    if (key.empty() || std::abs(ReadRate(reading.FindSetting(key).value_or("")) -
                                link.bitsPerSecond) > 1e-6 * link.bitsPerSecond)
    {
        return; // it has a rate of its own, which no key is known of
    }
    const std::string other = FindAsFull(reading, link, key);
    if (!other.empty())
    {
        verdict.notes.push_back(
            fmt::format("{} links are as full: {} links alone, if faster, would "
                        "gain little",
                        other,
                        link.cls));
    }
    else
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
