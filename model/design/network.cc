/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/network.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace mtlink
{

uint64_t
NetworkSize::CountCables() const
{
    uint64_t sum = 0;
    for (const CableCount& some : cables)
    {
        sum += some.cables;
    }
    return sum;
}

uint64_t
NetworkSize::CountPorts() const
{
    uint64_t sum = 0;
    for (const CableCount& some : cables)
    {
        sum += some.cables * (some.isToEndpoint ? 1 : 2);
    }
    return sum;
}

void
NetworkList::Add(Network network)
{
    const bool isThere =
        std::any_of(networks.begin(), networks.end(), [&network](const Network& other) {
            return other.kind == network.kind && other.keys == network.keys;
        });
    if (!isThere)
    {
        networks.push_back(std::move(network));
    }
}

} // namespace mtlink
} // namespace ns3
