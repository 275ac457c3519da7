/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/network-size.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <numeric>
#include <string>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

uint64_t
Multiply(const std::vector<uint32_t>& factors)
{
    return std::accumulate(factors.begin(), factors.end(), uint64_t{1}, std::multiplies<>());
}

/** Add cables of a class, if there are any. */
void
AddCables(NetworkSize& size, std::string cls, uint64_t cables, bool isToEndpoint = false)
{
    if (cables > 0)
    {
        size.cables.push_back({std::move(cls), cables, isToEndpoint});
    }
}

/** @return what tori and HyperX have in common: all but the links between switches. */
NetworkSize
CountGrid(uint64_t endpoints, const std::vector<uint32_t>& dimensions, uint32_t perSwitch)
{
    NetworkSize size;
    size.chips = Multiply(dimensions);
    size.places = size.chips * perSwitch;
    size.ports = perSwitch;
    AddCables(size, "endpoint", endpoints, true);
    return size;
}

} // namespace

NetworkSize
CountSingleSwitch(uint64_t endpoints)
{
    NetworkSize size;
    size.places = endpoints;
    size.chips = 1;
    size.ports = endpoints;
    AddCables(size, "endpoint", endpoints, true);
    return size;
}

NetworkSize
CountFatTree(uint64_t endpoints,
             const std::vector<uint32_t>& down,
             const std::vector<uint32_t>& up,
             const std::vector<uint32_t>& parallel)
{
    NetworkSize size;
    size.places = Multiply(down);
    AddCables(size, "endpoint", endpoints * up[0] * parallel[0], true);
    uint64_t nodes = size.places; // of the level below
    for (std::size_t l = 0; l < down.size(); ++l)
    {
        if (l > 0)
        {
            AddCables(size, "level" + std::to_string(l), nodes * up[l] * parallel[l]);
        }
        nodes = nodes / down[l] * up[l];
        size.chips += nodes;
        const bool isTop = l + 1 == down.size();
        const uint64_t ports =
            uint64_t{down[l]} * parallel[l] + (isTop ? 0 : uint64_t{up[l + 1]} * parallel[l + 1]);
        size.ports = std::max(size.ports, ports);
    }
    return size;
}

NetworkSize
CountDragonfly(uint64_t endpoints, uint32_t p, uint32_t a, uint32_t h, uint32_t groups)
{
    NetworkSize size;
    const uint64_t g = groups;
    size.chips = g * a;
    size.places = size.chips * p;
    size.ports = uint64_t{p} + (a - 1) + h;
    AddCables(size, "endpoint", endpoints, true);
    AddCables(size, "local", g * a * (a - 1) / 2);
    if (g > 1)
    {
        const uint64_t ports = uint64_t{a} * h;
        const uint64_t rest = ports % (g - 1);
        const uint64_t odd = g % 2 == 1 && rest % 2 == 1 ? g : 0; // ports that stay unused
        AddCables(size, "global", ports / (g - 1) * (g * (g - 1) / 2) + (g * rest - odd) / 2);
    }
    return size;
}

NetworkSize
CountTorus(uint64_t endpoints,
           const std::vector<uint32_t>& dimensions,
           uint32_t perSwitch,
           uint32_t width)
{
    NetworkSize size = CountGrid(endpoints, dimensions, perSwitch);
    for (std::size_t d = 0; d < dimensions.size(); ++d)
    {
        const uint64_t neighbours = std::min(dimensions[d] - 1, 2U);
        size.ports += neighbours * width;
        AddCables(size, "dimension" + std::to_string(d), size.chips * neighbours * width / 2);
    }
    return size;
}

NetworkSize
CountHyperx(uint64_t endpoints,
            const std::vector<uint32_t>& dimensions,
            uint32_t perSwitch,
            const std::vector<uint32_t>& widths)
{
    NetworkSize size = CountGrid(endpoints, dimensions, perSwitch);
    for (std::size_t d = 0; d < dimensions.size(); ++d)
    {
        const uint64_t links = uint64_t{dimensions[d] - 1} * widths[d];
        size.ports += links;
        AddCables(size, "dimension" + std::to_string(d), size.chips * links / 2);
    }
    return size;
}

} // namespace mtlink
} // namespace ns3
