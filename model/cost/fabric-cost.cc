/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "cost/fabric-cost.h"

#include "cost/part-cost.h"

#include "ns3/mtlink-tick.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double BITS = 8;                 //!< Of a byte
constexpr double BITS_PER_MBIT = 1e6;      //!< Decimal
constexpr double GIGA = 1e9;               //!< Hz of a GHz
constexpr double TERA = 1e12;              //!< bit/s of a Tb/s
constexpr double UM2_PER_MM2 = 1e6;        //!< um2
constexpr double PICOJOULE = 1e-12;        //!< J
constexpr double PICOSECONDS_PER_S = 1e12; //!< Ticks

/** @return SerDes that carry a rate. */
uint64_t
CountSerdes(const LinkProfile& link, const CostProfile& profile)
{
    const uint64_t lane = std::max<uint64_t>(profile.laneRate.GetBitRate(), 1);
    return (link.GetBitRate() + lane - 1) / lane;
}

/** @return bytes that a link's sender keeps to send them again. */
uint64_t
GetReplayBytes(const LinkProfile& link)
{
    if (link.GetRetry() == LinkProfile::NONE)
    {
        return 0;
    }
    if (link.GetReplayBuffer() > 0)
    {
        return link.GetReplayBuffer();
    }
    // Any number is modelled: what is sent until the acknowledgement is back is what it takes.
    return static_cast<uint64_t>(std::ceil(static_cast<double>(link.GetBitRate()) / BITS *
                                           static_cast<double>(ToTicks(link.GetAckRoundTrip())) /
                                           PICOSECONDS_PER_S));
}

/** @return bytes of all contexts of the reduction unit. */
uint64_t
GetReductionBytes(const SwitchProfile& chip, uint64_t packet)
{
    if (!chip.HasReduction())
    {
        return 0;
    }
    return chip.GetReductionMemory() > 0 ? chip.GetReductionMemory()
                                         : chip.GetReductionContexts() * 2 * packet;
}

/** @return queues whose state a chip keeps. */
double
CountQueues(const SwitchProfile& chip, double ports)
{
    const double vcs = chip.GetVcs();
    switch (chip.GetQueueing())
    {
    case SwitchProfile::VOQ:
        return ports * ports * vcs;
    case SwitchProfile::FIFO:
        return ports * vcs;
    case SwitchProfile::OUTPUT:
        return 2 * ports * vcs; // of the inputs, and of the outputs in the memory
    }
    return 0;
}

/** What the ports of a chip ask for, added up. */
struct PortSums
{
    double operandRate{0};   //!< Into the reduction unit, bit/s
    uint64_t packet{0};      //!< Largest packet, whole flits
    uint64_t bufferBytes{0}; //!< Of all ports
};

} // namespace

PartCost
ChipCost::GetTotal() const
{
    PartCost total;
    for (const PartCost* part : {&phy, &logic, &buffers, &crossbar, &reduction, &base})
    {
        total.area += part->area;
        total.power += part->power;
    }
    return total;
}

double
FabricCost::GetArea() const
{
    double area = 0;
    for (const ChipCost& chip : chips)
    {
        area += chip.chips * chip.GetTotal().area;
    }
    return area;
}

double
FabricCost::GetChipArea() const
{
    double most = 0;
    for (const ChipCost& chip : chips)
    {
        most = std::max(most, chip.GetTotal().area);
    }
    return most;
}

double
FabricCost::GetChipPower() const
{
    double most = 0;
    for (const ChipCost& chip : chips)
    {
        most = std::max(most, chip.GetTotal().power);
    }
    return most;
}

double
FabricCost::GetPower() const
{
    double power = endpointPower + cablePower;
    for (const ChipCost& chip : chips)
    {
        power += chip.chips * chip.GetTotal().power;
    }
    return power;
}

uint64_t
FabricCost::GetSerdes() const
{
    uint64_t serdes = endpointSerdes;
    for (const ChipCost& chip : chips)
    {
        serdes += chip.chips * chip.serdes;
    }
    return serdes;
}

uint64_t
FabricCost::GetBufferBytes() const
{
    uint64_t bytes = 0;
    for (const ChipCost& chip : chips)
    {
        bytes += chip.chips * chip.bufferBytes;
    }
    return bytes;
}

ChipCost
EstimateChipCost(std::span<const EqualPorts> groups,
                 const SwitchProfile& chip,
                 uint32_t packet,
                 const CostProfile& profile)
{
    const bool isOutputQueued = chip.GetQueueing() == SwitchProfile::OUTPUT;
    const bool hasOutputQueues = !isOutputQueued && chip.GetOutputSpeedup() > 1;
    ChipCost cost;
    PortSums sums;
    for (const EqualPorts& group : groups)
    {
        const LinkProfile& link = group.link;
        const auto rate = static_cast<double>(link.GetBitRate());
        cost.ports += group.ports;
        cost.bitRate += group.ports * rate;
        cost.serdes += group.ports * CountSerdes(link, profile);
        sums.bufferBytes += group.ports * (chip.GetVcs() * chip.GetBuffer() + GetReplayBytes(link) +
                                           (hasOutputQueues ? chip.GetOutputBuffer() : 0));
        sums.packet = std::max(sums.packet, uint64_t{link.GetFlits(packet)} * link.GetFlit());
        sums.operandRate +=
            group.ports *
            (chip.GetReductionRate() > 0 ? std::min(rate, BITS * chip.GetReductionRate()) : rate);
    }
    cost.bufferBytes =
        sums.bufferBytes + chip.GetSharedBuffer() + GetReductionBytes(chip, sums.packet);
    const double tera = cost.bitRate / TERA;
    const double ports = cost.ports;

    cost.phy.area = static_cast<double>(cost.serdes) * profile.serdesArea;
    cost.phy.power = cost.bitRate * profile.serdesEnergy * PICOJOULE;
    cost.logic.area = tera * profile.logicArea;
    cost.logic.power = cost.bitRate * profile.logicEnergy * PICOJOULE;

    // A packet passes the input buffer, and a second memory where there is one.
    const double passes = isOutputQueued || hasOutputQueues ? 2 : 1;
    cost.buffers.area =
        static_cast<double>(cost.bufferBytes) * BITS / BITS_PER_MBIT * profile.sramArea +
        CountQueues(chip, ports) * profile.queueArea / UM2_PER_MM2;
    cost.buffers.power = passes * cost.bitRate * profile.sramEnergy * PICOJOULE;

    // Every wire of every input meets every output. A shared memory has as many banks as ports,
    // and a crossbar before and behind them.
    const double wires = cost.bitRate / (profile.clock * GIGA);
    const double speedup =
        isOutputQueued ? 1 : static_cast<double>(chip.GetInputSpeedup() * chip.GetOutputSpeedup());
    const double crossbars = isOutputQueued ? 2 : 1;
    const double area = wires * ports * speedup * profile.crosspointArea / UM2_PER_MM2;
    const double way = 2 * std::sqrt(area); // along a row and a column of a square
    cost.crossbar.area = crossbars * area;
    cost.crossbar.power = crossbars * cost.bitRate * way * profile.wireEnergy * PICOJOULE;

    if (chip.HasReduction())
    {
        cost.reduction.area = sums.operandRate / TERA * profile.reductionArea;
        cost.reduction.power = sums.operandRate * profile.reductionEnergy * PICOJOULE;
    }
    cost.base.area = profile.chipArea;
    cost.base.power = profile.chipPower + cost.GetTotal().area * profile.staticPower;
    return cost;
}

ChipCost
EstimateChipCost(const CostInput& input, uint32_t node, const CostProfile& profile)
{
    std::vector<EqualPorts> ports;
    for (const uint32_t out : input.topology.GetOutLinks(node))
    {
        ports.push_back({input.getLink(out), 1});
    }
    return EstimateChipCost(ports, input.getSwitch(node), input.packet, profile);
}

void
AddCableCost(const CableGroup& cables, const CostProfile& profile, FabricCost& cost)
{
    const auto addEnd = [&](const LinkProfile& link, bool isOfEndpoint) {
        const auto rate = static_cast<double>(link.GetBitRate());
        const auto count = static_cast<double>(cables.cables);
        if (isOfEndpoint)
        {
            cost.endpointSerdes += cables.cables * CountSerdes(link, profile);
            cost.endpointPower += count * (rate * profile.serdesEnergy * PICOJOULE);
        }
        const std::optional<double> length = link.GetLength();
        if (length && *length > profile.copperReach)
        {
            cost.cablePower += count * (rate * profile.opticalEnergy * PICOJOULE);
        }
    };
    addEnd(cables.forth, cables.isFromEndpoint);
    addEnd(cables.back, cables.isToEndpoint);
    const std::optional<double> length = cables.forth.GetLength();
    cost.cablesWithoutLength += length ? 0 : cables.cables;
    cost.opticalCables += length && *length > profile.copperReach ? cables.cables : 0;
}

FabricCost
EstimateFabricCost(const CostInput& input, const CostProfile& profile)
{
    const Topology& topology = input.topology;
    FabricCost cost;
    for (uint32_t node = topology.GetEndpoints(); node < topology.GetNodes(); ++node)
    {
        const ChipCost chip = EstimateChipCost(input, node, profile);
        const auto same = std::find_if(cost.chips.begin(), cost.chips.end(), [&](const auto& one) {
            return one.ports == chip.ports && one.bufferBytes == chip.bufferBytes &&
                   one.GetTotal().area == chip.GetTotal().area &&
                   one.GetTotal().power == chip.GetTotal().power;
        });
        same == cost.chips.end() ? cost.chips.push_back(chip) : (void)++same->chips;
    }
    const auto& links = topology.GetLinks();
    for (uint32_t link = 0; link < links.size(); link += 2) // once per cable
    {
        AddCableCost({input.getLink(link),
                      input.getLink(Topology::Reverse(link)),
                      1,
                      topology.IsEndpoint(links[link].from),
                      topology.IsEndpoint(links[link].to)},
                     profile,
                     cost);
    }
    return cost;
}

} // namespace mtlink
} // namespace ns3
