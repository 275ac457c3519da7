/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/design-numbers.h"
#include "design/network-designs.h"
#include "design/network-size.h"
#include "report/human-text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

using Sizes = std::vector<uint32_t>;

/** Most switches along one dimension. */
constexpr double LONGEST_SIDE = 65536;

/**
 * Show boxes of at least `points` points, of 2 or more along each side; sides from the longest, and
 * the longest no longer than the others ask for.
 * @param [in] points Points, 2 or more.
 * @param [in] left Sides that are not chosen yet, 1 or more.
 * @param [in,out] shorter Those that are, ascending.
 * @param [in] show Called with each.
 */
void
ForBoxes(uint64_t points,
         uint32_t left,
         Sizes& shorter,
         const std::function<void(const Sizes&)>& show)
{
    const uint32_t least = shorter.empty() ? 2 : shorter.back();
    const double product =
        std::accumulate(shorter.begin(), shorter.end(), 1.0, std::multiplies<>());
    if (left == 1)
    {
        const double longest = std::ceil(static_cast<double>(points) / product);
        if (longest >= least && longest <= LONGEST_SIDE)
        {
            Sizes box{static_cast<uint32_t>(longest)};
            box.insert(box.end(), shorter.rbegin(), shorter.rend());
            show(box);
        }
        return;
    }
    // Twice the points is more than the smallest box has.
    for (uint32_t side = least; product * std::pow(side, left) <= 2 * static_cast<double>(points);
         ++side)
    {
        shorter.push_back(side);
        ForBoxes(points, left - 1, shorter, show);
        shorter.pop_back();
    }
}

/** Parallel links in each dimension of a HyperX that give it its bisection. */
Sizes
GetWidths(const Sizes& box, uint32_t perSwitch, double taper)
{
    Sizes widths;
    for (const uint32_t side : box)
    {
        widths.push_back(
            static_cast<uint32_t>(std::max(1.0, std::ceil(2.0 * perSwitch / taper / side - 1e-9))));
    }
    return widths;
}

Network
MakeGrid(const std::string& kind, uint64_t endpoints, const Sizes& box, uint32_t perSwitch)
{
    Network network;
    network.kind = kind;
    network.endpoints = endpoints;
    network.keys = {{"dimensions", WriteCountList(box)},
                    {"endpoints_per_switch", std::to_string(perSwitch)}};
    return network;
}

/** @return the HyperX of fewest switches, then ports, with T endpoints on a switch; or nothing. */
std::optional<Network>
FindHyperx(const NetworkWish& wish, uint32_t dimensions, uint32_t perSwitch, double taper)
{
    std::optional<Network> best;
    Sizes shorter;
    ForBoxes(DivideUp(wish.endpoints, perSwitch), dimensions, shorter, [&](const Sizes& box) {
        const Sizes widths = GetWidths(box, perSwitch, taper);
        const NetworkSize size = CountHyperx(wish.endpoints, box, perSwitch, widths);
        if (size.ports > wish.ports || (best && std::pair(size.chips, size.ports) >=
                                                    std::pair(best->size.chips, best->size.ports)))
        {
            return;
        }
        best = MakeGrid("hyperx", wish.endpoints, box, perSwitch);
        best->taper = taper;
        best->keys.emplace_back("width", WriteCountList(widths));
        best->size = size;
    });
    return best;
}

/** @return the torus of fewest switches, then the shortest ways; empty: there is none. */
Sizes
FindTorus(uint64_t points, uint32_t dimensions)
{
    Sizes best;
    std::pair<uint64_t, uint64_t> least{std::numeric_limits<uint64_t>::max(), 0};
    Sizes shorter;
    ForBoxes(points, dimensions, shorter, [&](const Sizes& box) {
        std::pair<uint64_t, uint64_t> own{1, 0};
        for (const uint32_t side : box)
        {
            own.first *= side;
            own.second += side / 2;
        }
        if (own < least)
        {
            least = own;
            best = box;
        }
    });
    return best;
}

/** Add tori of one shape, by the parallel links that a chip has ports for. */
void
AddTori(const NetworkWish& wish, const Sizes& box, uint32_t perSwitch, NetworkList& list)
{
    const uint64_t one = CountTorus(wish.endpoints, box, perSwitch, 1).ports - perSwitch;
    const auto most = static_cast<uint32_t>((wish.ports - perSwitch) / one);
    std::set<uint32_t> widths;
    for (uint32_t width = 1; width <= most; width *= 2)
    {
        widths.insert(width);
    }
    if (most > 0)
    {
        widths.insert(most);
    }
    for (const uint32_t width : widths)
    {
        Network network = MakeGrid("torus", wish.endpoints, box, perSwitch);
        network.keys.emplace_back("width", WriteCountList(Sizes(box.size(), width)));
        network.size = CountTorus(wish.endpoints, box, perSwitch, width);
        list.Add(std::move(network));
    }
}

} // namespace

void
ListHyperx(const NetworkWish& wish, NetworkList& list)
{
    for (const uint32_t dimensions : wish.dimensions)
    {
        for (const std::vector<double>& levels : wish.tapers)
        {
            const std::size_t before = list.networks.size();
            for (uint32_t perSwitch = 1; perSwitch < wish.ports; ++perSwitch)
            {
                auto found = FindHyperx(wish, dimensions, perSwitch, levels.front());
                if (found)
                {
                    list.Add(std::move(*found));
                }
            }
            if (list.networks.size() == before)
            {
                list.refusals.push_back(
                    {"hyperx",
                     fmt::format("{} dimensions, taper {}", dimensions, levels.front()),
                     fmt::format("{} endpoints take more than {} ports of a chip, or fewer "
                                 "dimensions",
                                 CountText(wish.endpoints),
                                 wish.ports)});
            }
        }
    }
}

void
ListTori(const NetworkWish& wish, NetworkList& list)
{
    for (const uint32_t dimensions : wish.dimensions)
    {
        const std::size_t before = list.networks.size();
        for (uint32_t perSwitch = 1; perSwitch < wish.ports; perSwitch *= 2)
        {
            const Sizes box = FindTorus(DivideUp(wish.endpoints, perSwitch), dimensions);
            if (!box.empty())
            {
                AddTori(wish, box, perSwitch, list);
            }
        }
        if (list.networks.size() == before)
        {
            list.refusals.push_back(
                {"torus",
                 fmt::format("{} dimensions", dimensions),
                 fmt::format(
                     "a chip has {} ports, a switch of {} rings takes {} and its endpoints, "
                     "or so few endpoints take fewer dimensions",
                     wish.ports,
                     dimensions,
                     2 * dimensions)});
        }
    }
}

} // namespace mtlink
} // namespace ns3
