/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/design-words.h"

#include "report/human-text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return a power in the unit that suits. */
std::string
PowerText(double watts)
{
    for (const auto& [size, name] : {std::pair(1e6, "MW"), std::pair(1e3, "kW")})
    {
        if (std::abs(watts) >= size)
        {
            return DecimalText(watts / size) + "\u00a0" + name;
        }
    }
    return DecimalText(watts) + "\u00a0W";
}

/** @return texts as a sentence has them, "a, b and c". */
std::string
JoinWords(const std::vector<std::string>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
    {
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    }
    return text;
}

/** @return how many numbers a list of a network has, as "down [4, 4]"; 0: there is no such list. */
std::size_t
CountOfList(const std::string& network, const std::string& key)
{
    const std::size_t begin = network.find(key + " [");
    if (begin == std::string::npos)
    {
        return 0;
    }
    const auto from = network.begin() + static_cast<std::ptrdiff_t>(begin);
    return 1 + static_cast<std::size_t>(std::count(from, std::find(from, network.end(), ']'), ','));
}

/** @return a network of a plane in words. */
std::string
PlaneWords(const DesignResults& results, const ReportedDesign& design)
{
    const std::string& kind = results.GetCell(design, "kind");
    const std::string& network = results.GetCell(design, "network");
    const std::string taper =
        "taper " + DecimalText(results.GetNumber(design, "taper")); // of what has one
    const auto dimensions = [&] {
        const std::size_t count = CountOfList(network, "dimensions");
        return fmt::format("{} {}", count, count == 1 ? "dimension" : "dimensions");
    };
    if (kind == "single_switch")
    {
        return "one switch";
    }
    if (kind == "fat_tree")
    {
        return fmt::format("fat tree of {} levels, {}", CountOfList(network, "down"), taper);
    }
    if (kind == "hyperx")
    {
        return fmt::format("HyperX of {}, {}", dimensions(), taper);
    }
    if (kind == "torus")
    {
        return fmt::format("torus of {}", dimensions());
    }
    return fmt::format("{}, {}", kind, taper);
}

} // namespace

FigureUnit
FindFigureUnit(const std::string& name)
{
    const auto has = [&name](const char* part) { return name.find(part) != std::string::npos; };
    if (has("_ns"))
    {
        return FigureUnit::TIME;
    }
    if (has("_power_W"))
    {
        return FigureUnit::POWER;
    }
    if (has("_mm2"))
    {
        return FigureUnit::AREA;
    }
    if (has("_GBps"))
    {
        return FigureUnit::BANDWIDTH;
    }
    const std::array<const char*, 6> shares{"accepted_load",
                                            "training.mfu",
                                            "training.hfu",
                                            "stability.availability",
                                            "stability.ettr",
                                            "stability.goodput"};
    return std::find(shares.begin(), shares.end(), name) == shares.end() ? FigureUnit::NUMBER
                                                                         : FigureUnit::SHARE;
}

const char*
GetUnitName(FigureUnit unit)
{
    constexpr const char* NAMES[] = {"number", "time", "power", "area", "bandwidth", "share"};
    return NAMES[static_cast<std::size_t>(unit)];
}

std::string
FigureWords(const std::string& name)
{
    static const std::map<std::string, std::string> words{
        {"cost_power_W", "power"},
        {"cost_area_mm2", "silicon area"},
        {"cost_chip_area_mm2", "area of a chip"},
        {"cost_money", "price"},
        {"chips", "switch chips"},
        {"cables", "cables"},
        {"optical_cables", "optical cables"},
        {"completion_time_ns", "completion time"},
        {"least_time_ns", "least time"},
        {"collective_duration_ns_mean", "mean time of a collective"},
        {"collective_duration_ns_max", "longest time of a collective"},
        {"collective_busbw_GBps_mean", "bus bandwidth"},
        {"collective_busbw_GBps_min", "least bus bandwidth"},
        {"packet_latency_ns_mean", "mean packet latency"},
        {"packet_latency_ns_p99", "99\u00a0% packet latency"},
        {"accepted_load", "accepted load"},
        {"credit_stall_ns", "credit stall"},
        {"training.iteration_time_ns", "iteration time"},
        {"training.mfu", "MFU"},
        {"training.tokens_per_s", "tokens per second"},
        {"training.days_to_train", "days to train"},
    };
    const auto found = words.find(name);
    return found == words.end() ? name : found->second;
}

std::string
FigureText(const std::string& name, double value)
{
    switch (FindFigureUnit(name))
    {
    case FigureUnit::TIME:
        return TimeText(value * 1000);
    case FigureUnit::POWER:
        return PowerText(value);
    case FigureUnit::AREA:
        return DecimalText(value) + "\u00a0mm\u00b2";
    case FigureUnit::BANDWIDTH:
        return DecimalText(value) + "\u00a0GB/s";
    case FigureUnit::SHARE:
        return PercentText(value);
    case FigureUnit::NUMBER:
        break;
    }
    return DecimalText(value);
}

std::string
BestWords(const ReportedFigure& figure)
{
    const bool isCount =
        figure.name == "chips" || figure.name == "cables" || figure.name == "optical_cables";
    const char* best = figure.isMaximised ? "most " : isCount ? "fewest " : "least ";
    return best + FigureWords(figure.name);
}

std::string
ObjectiveWords(const DesignResults& results)
{
    std::vector<std::string> words;
    for (const ReportedFigure& figure : results.figures)
    {
        if (figure.isObjective)
        {
            words.push_back(FigureWords(figure.name));
        }
    }
    return JoinWords(words);
}

std::string
TargetWords(const DesignResults& results, const ReportedTarget& target)
{
    const std::string& name = results.figures[target.figure].name;
    return fmt::format("{} of {} {}",
                       FigureWords(name),
                       target.isMost ? "at most" : "at least",
                       target.limit ? FigureText(name, *target.limit) : UNKNOWN_TEXT);
}

std::string
NetworkWords(const DesignResults& results, const ReportedDesign& design)
{
    std::string words = PlaneWords(results, design);
    const auto planes = static_cast<uint64_t>(results.GetNumber(design, "planes"));
    const auto nodes = static_cast<uint64_t>(results.GetNumber(design, "nodes"));
    if (planes > 1)
    {
        words += fmt::format(", in {} planes", planes);
    }
    if (nodes > 0)
    {
        words += fmt::format(", in {} rails of {} nodes",
                             CountText(static_cast<uint64_t>(results.GetNumber(design, "rails"))),
                             CountText(nodes));
    }
    return words;
}

std::string
LookWords(const ReportedDesign& design)
{
    if (design.mode == "none")
    {
        return "not simulated";
    }
    if (design.mode == "packet")
    {
        return "in packets";
    }
    return design.mode == "bound" ? "mode bound, a limit"
                                  : fmt::format("mode {}, {}", design.mode, design.fidelity);
}

} // namespace mtlink
} // namespace ns3
