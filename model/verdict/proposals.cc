/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict/proposals.h"

#include "report/human-text.h"

#include <algorithm>
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
constexpr double KIBI = 1024;

/** What is in flight is not cut into bytes but into packets. */
constexpr double ROOM = 1.1;

/** A class is as full as another whose busiest link was filled for so much of that one's time. */
constexpr double AS_FULL = 0.95;

/** A unit and what it stands for. */
using Unit = std::pair<const char*, double>;

/** @return a setting's text in the least of these units; 0: it has none of them. */
template <std::size_t N>
double
ReadNumber(const std::string& text, const Unit (&units)[N])
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
    for (const auto& [name, factor] : units)
    {
        if (unit == name)
        {
            return number * factor;
        }
    }
    return 0;
}

/** @return bits per second of a setting's text; 0: it is no rate. */
double
ReadRate(const std::string& text)
{
    constexpr Unit UNITS[] = {{"Gbps", 1e9},
                              {"Tbps", 1e12},
                              {"Mbps", 1e6},
                              {"GBps", 8e9},
                              {"TBps", 8e12},
                              {"MBps", 8e6}};
    return ReadNumber(text, UNITS);
}

/** @return ps of a setting's text; 0: it is no time. */
double
ReadTime(const std::string& text)
{
    constexpr Unit UNITS[] = {{"ps", 1}, {"ns", 1e3}, {"us", 1e6}, {"ms", 1e9}, {"s", 1e12}};
    return ReadNumber(text, UNITS);
}

/** @return bytes of a setting's text; 0: it is no size. */
double
ReadSize(const std::string& text)
{
    constexpr Unit UNITS[] = {{"B", 1},
                              {"KiB", KIBI},
                              {"MiB", KIBI * KIBI},
                              {"GiB", KIBI * KIBI * KIBI},
                              {"KB", 1e3},
                              {"MB", 1e6},
                              {"GB", 1e9}};
    return ReadNumber(text, UNITS);
}

/** @return the next power of two KiB that holds so many bytes, as settings have it. */
std::string
RoundUp(double bytes)
{
    uint64_t size = 1;
    while (static_cast<double>(size) * KIBI < bytes)
    {
        size *= 2;
    }
    return size >= 1024 ? fmt::format("{}MiB", size / 1024) : fmt::format("{}KiB", size);
}

/** @return the fullest class of those whose rate has another key; null: there is none. */
const Reading::Level*
FindNextFull(const Reading& reading, const std::string& key)
{
    const Reading::Level* next = nullptr;
    for (const Reading::Level& level : reading.GetLevels())
    {
        if (reading.FindRate(level.cls) != key &&
            (!next || Reading::GetFilled(*level.busiest) > Reading::GetFilled(*next->busiest)))
        {
            next = &level;
        }
    }
    return next;
}

/** @return the key of the buffer behind a link; empty: not found. */
std::string
FindBuffer(const Reading& reading, const LinkResult& link)
{
    return reading.FindPartSetting(link.cls,
                                   reading.IsEndpoint(link.to) ? "endpoint.buffer"
                                                               : "switch.buffer");
}

/** @return bytes of the buffer behind a link, of one virtual channel; 0: not known. */
double
GetBuffer(const Reading& reading, const LinkResult& link)
{
    return ReadSize(reading.FindSetting(FindBuffer(reading, link)).value_or(""));
}

/** @return bytes that leave on an idle link until the first credit for them is back. */
double
GetLoop(const Reading& reading, const LinkResult& link)
{
    constexpr double SECOND = 1e12; // in ps
    constexpr double BITS = 8;
    constexpr double PACKETS = 2; // one that is sent, one that leaves
    const auto read = [&](const char* key) {
        return reading.FindSetting(reading.FindPartSetting(link.cls, key)).value_or("");
    };
    const double time = 2 * static_cast<double>(link.latency) +
                        ReadTime(read("link.credit_overhead")) +
                        (reading.IsEndpoint(link.to) ? 0 : ReadTime(read("switch.latency")));
    return time / SECOND * link.bitsPerSecond / BITS + PACKETS * ReadSize(read("endpoint.packet"));
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
    const Reading::Level* next = FindNextFull(reading, key);
    const double busy = next ? reading.GetUtilisation(*next->busiest) : 0;
    if (next && busy >= AS_FULL * reading.GetUtilisation(link))
    {
        verdict.notes.push_back(
            fmt::format("{} links are as full: {} links alone, if faster, would "
                        "gain little",
                        next->cls,
                        link.cls));
        return;
    }
    constexpr double HALF = 0.5; // of the time, at twice the rate
    verdict.tries.push_back(
        {fmt::format("{}={:g}Gbps", key, 2 * link.bitsPerSecond / GIGA),
         fmt::format("{} links are what is full", link.cls),
         GetPromise(reading) + (busy > HALF
                                    ? fmt::format(": at best {} less, as {} links are full then",
                                                  PercentText(1 - busy),
                                                  next->cls)
                                    : ": at best half, where no other links are full then")});
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

bool
ProposeQueueing(const Reading& reading, const LinkResult& link, VerdictResult& verdict)
{
    const std::string key = reading.FindPartSetting(link.cls, "switch.queueing");
    if (key.empty() || reading.FindSetting(key) != "fifo")
    {
        return false;
    }
    verdict.tries.push_back({key + "=voq",
                             "with one FIFO for each input, what waits at its head holds up what "
                             "goes elsewhere: head-of-line blocking",
                             GetPromise(reading)});
    return true;
}

bool
IsBufferShort(const Reading& reading, const LinkResult& link)
{
    const double size = GetBuffer(reading, link);
    return size == 0 || size < GetLoop(reading, link);
}

void
ProposeBuffer(const Reading& reading, const LinkResult& link, VerdictResult& verdict)
{
    const double size = GetBuffer(reading, link);
    const double filled = Reading::GetFilled(link);
    if (size > 0 && filled > 0)
    {
        // What would have gone meanwhile; a link that had not always something to send tells less.
        const double loop = size * (filled + static_cast<double>(link.creditStall)) / filled;
        const std::string key = FindBuffer(reading, link);
        verdict.tries.push_back(
            {key + "=" + RoundUp(ROOM * std::max(loop, GetLoop(reading, link))),
             fmt::format("its {} are sent before the first credit for them is back",
                         *reading.FindSetting(key)),
             GetPromise(reading)});
    }
}

void
ProposeWindow(const Reading& reading, double bytes, VerdictResult& verdict)
{
    const std::string key = "fabric.endpoint.window";
    verdict.tries.push_back({key + "=" + RoundUp(ROOM * bytes),
                             "what is under way to one destination is to last until the first "
                             "acknowledgement",
                             GetPromise(reading)});
}

std::string
GetPromise(const Reading& reading)
{
    // Of several collectives the last may begin when it is told to, however long the others take.
    constexpr double PAUSED = 1.1;
    const auto whole = static_cast<double>(reading.results.completionTime.value_or(0));
    return reading.IsOpenLoop() ? "a higher accepted load"
           : whole > PAUSED * reading.GetTime() && reading.FindSetting("workloads[1].name")
               ? "shorter collectives, by the sum of their duration_ns"
               : "a shorter completion_time_ns";
}

} // namespace mtlink
} // namespace ns3
