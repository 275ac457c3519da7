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

namespace ns3
{
namespace mtlink
{

namespace
{

/** The numbers of a dragonfly. */
struct DragonflyNumbers
{
    uint32_t p{0};      //!< Endpoints of a switch
    uint32_t a{0};      //!< Switches of a group
    uint32_t h{0};      //!< Global links of a switch
    uint64_t groups{0}; //!< Groups

    /** @return the most endpoints that so large switches could attach. */
    uint64_t GetMost() const
    {
        return uint64_t{p} * a * (uint64_t{a} * h + 1);
    }
};

/** @return the largest numbers for groups of `a`; p is 0 where there are none. */
DragonflyNumbers
GetLargest(uint32_t ports, uint32_t a, double taper)
{
    DragonflyNumbers numbers;
    numbers.a = a;
    const uint32_t rest = ports - (a - 1);
    const auto global = static_cast<uint32_t>(std::floor(rest / (1 + taper)));
    numbers.p = global == 0 ? 0
                            : std::min(static_cast<uint32_t>(std::floor(taper * global + 1e-9)),
                                       rest - global);
    numbers.h = rest - numbers.p;
    return numbers;
}

/** Take no more than the endpoints need. */
void
Shrink(DragonflyNumbers& numbers, uint64_t endpoints, double taper)
{
    numbers.p = static_cast<uint32_t>(DivideUp(endpoints, numbers.groups * numbers.a));
    const auto wanted = static_cast<uint32_t>(std::ceil(numbers.p / taper - 1e-9));
    const auto needed = static_cast<uint32_t>(DivideUp(numbers.groups - 1, numbers.a));
    numbers.h = std::min(numbers.h, std::max(wanted, needed));
}

void
AddWirings(const NetworkWish& wish,
           const DragonflyNumbers& numbers,
           double taper,
           NetworkList& list)
{
    for (const std::string& wiring : wish.wirings)
    {
        Network network;
        network.kind = "dragonfly";
        network.endpoints = wish.endpoints;
        network.taper = taper;
        network.keys = {{"p", std::to_string(numbers.p)},
                        {"a", std::to_string(numbers.a)},
                        {"h", std::to_string(numbers.h)},
                        {"groups", std::to_string(numbers.groups)},
                        {"wiring", wiring}};
        network.size = CountDragonfly(wish.endpoints,
                                      numbers.p,
                                      numbers.a,
                                      numbers.h,
                                      static_cast<uint32_t>(numbers.groups));
        list.Add(std::move(network));
    }
}

} // namespace

void
ListDragonflies(const NetworkWish& wish, NetworkList& list)
{
    for (const std::vector<double>& levels : wish.tapers)
    {
        const double taper = levels.front();
        DragonflyNumbers most;
        bool isAny = false;
        for (uint32_t a = 2; a < wish.ports; ++a)
        {
            DragonflyNumbers numbers = GetLargest(wish.ports, a, taper);
            if (numbers.p == 0)
            {
                continue;
            }
            most = numbers.GetMost() > most.GetMost() ? numbers : most;
            numbers.groups = DivideUp(wish.endpoints, uint64_t{numbers.p} * a);
            if (numbers.groups < 2 || numbers.groups > uint64_t{a} * numbers.h + 1)
            {
                continue;
            }
            isAny = true;
            Shrink(numbers, wish.endpoints, taper);
            AddWirings(wish, numbers, taper, list);
        }
        if (!isAny)
        {
            list.refusals.push_back(
                {"dragonfly",
                 fmt::format("taper {}", taper),
                 fmt::format(
                     "{} endpoints are one group, or more than the {} of the largest, p {}, "
                     "a {}, h {}",
                     CountText(wish.endpoints),
                     CountText(most.GetMost()),
                     most.p,
                     most.a,
                     most.h)});
        }
    }
}

} // namespace mtlink
} // namespace ns3
