/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict/window-hold.h"

#include <algorithm>
#include <map>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A message fills its window for long that has so many times its bytes. */
constexpr uint64_t LONG = 4;

/** The window holds up what reaches so much of its rate, */
constexpr double REACHED = 0.8;

/** where that is no more than so much of the way's, */
constexpr double OF_WAY = 0.9;

/** and messages that it holds up took so much of the time of all. */
constexpr double MOST_OF_TIME = 0.5;

/** @return what a window lets through on a way. */
VerdictWindow
Describe(uint32_t src, uint32_t dst, const WindowCosts& costs)
{
    constexpr double SECOND = 1e12; // in ps
    const uint64_t packets =
        std::max<uint64_t>(costs.window / std::max<uint64_t>(costs.packet, 1), 1);
    const auto bytes = static_cast<double>(packets * costs.packet);
    const Tick roundTrip = std::max<Tick>(costs.roundTrip(src, dst), 1);
    return {src,
            dst,
            costs.window,
            roundTrip,
            bytes / static_cast<double>(roundTrip) * SECOND,
            costs.rate(src, dst)};
}

} // namespace

std::optional<VerdictWindow>
FindWindowHold(const std::vector<MessageResult>& messages, const WindowCosts& costs)
{
    constexpr double SECOND = 1e12; // in ps
    std::map<std::pair<uint32_t, uint32_t>, VerdictWindow> ways;
    std::optional<VerdictWindow> longest;
    double all = 0;
    double held = 0;
    double most = 0;
    for (const MessageResult& message : messages)
    {
        if (costs.window == 0 || message.end == NEVER || message.src == message.dst)
        {
            continue;
        }
        const auto time = static_cast<double>(std::max<Tick>(message.end - message.start, 1));
        all += time;
        if (message.bytes < LONG * costs.window)
        {
            continue;
        }
        auto way = ways.find({message.src, message.dst});
        if (way == ways.end())
        {
            way = ways.emplace(std::pair(message.src, message.dst),
                               Describe(message.src, message.dst, costs))
                      .first;
        }
        const VerdictWindow& window = way->second;
        const double rate = static_cast<double>(message.bytes) / time * SECOND;
        if (window.bytesPerSecond <= OF_WAY * window.idleBytesPerSecond &&
            rate >= REACHED * window.bytesPerSecond)
        {
            held += time;
            longest = time > most ? std::optional(window) : longest;
            most = std::max(most, time);
        }
    }
    return held >= MOST_OF_TIME * all ? longest : std::nullopt;
}

} // namespace mtlink
} // namespace ns3
