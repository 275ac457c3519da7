/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FABRIC_COST_H
#define MTLINK_FABRIC_COST_H

#include "cost/cost-profile.h"

#include "ns3/mtlink-link-profile.h"
#include "ns3/mtlink-switch-profile.h"
#include "ns3/mtlink-topology.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Area and power of one part of a chip.
 */
struct PartCost
{
    double area{0};  //!< mm2
    double power{0}; //!< W, at full load
};

/**
 * @ingroup mtlink
 * What a switch chip takes. A model to rank designs by, see model.md, Cost: neither yield nor
 * packaging nor price, and absolute figures only as good as the profile's.
 */
struct ChipCost
{
    uint32_t chips{1};       //!< How many such there are
    uint32_t ports{0};       //!< Links, each both ways
    double bitRate{0};       //!< Sum over ports, one direction, bit/s
    uint64_t serdes{0};      //!< SerDes, both directions each
    uint64_t bufferBytes{0}; //!< Of all memories
    PartCost phy;            //!< SerDes
    PartCost logic;          //!< PCS to lookup, of the ports
    PartCost buffers;        //!< SRAM and the state of its queues
    PartCost crossbar;       //!< Crosspoints and wires
    PartCost reduction;      //!< Reduction unit without its memory
    PartCost base;           //!< What every chip has; static power of the whole

    /** @return all of it. */
    PartCost GetTotal() const;
};

/**
 * @ingroup mtlink
 * What a fabric takes.
 */
struct FabricCost
{
    std::vector<ChipCost> chips;     //!< Kinds of switch chip, in order of the first of each
    uint64_t endpointSerdes{0};      //!< SerDes in the endpoints
    double endpointPower{0};         //!< Of these, W
    uint64_t opticalCables{0};       //!< Longer than copper reaches
    uint64_t cablesWithoutLength{0}; //!< Latency given as a whole: taken for copper
    double cablePower{0};            //!< Of the optical modules, W

    /** @return mm2 of all switch chips. */
    double GetArea() const;

    /** @return mm2 of the largest switch chip; 0: there is none. */
    double GetChipArea() const;

    /** @return W of the switch chip that takes most; 0: there is none. */
    double GetChipPower() const;

    /** @return W of all switch chips, endpoints' SerDes and optical modules. */
    double GetPower() const;

    /** @return SerDes of all switch chips and endpoints. */
    uint64_t GetSerdes() const;

    /** @return bytes of memory in all switch chips. */
    uint64_t GetBufferBytes() const;
};

/**
 * @ingroup mtlink
 * What of a fabric has a cost.
 */
struct CostInput
{
    const Topology& topology;                                     //!< The graph
    std::function<const LinkProfile&(uint32_t link)> getLink;     //!< By link
    std::function<const SwitchProfile&(uint32_t node)> getSwitch; //!< By switch (node)
    uint32_t packet{0};                                           //!< Largest payload, bytes
};

/**
 * @ingroup mtlink
 * Estimate what a switch chip takes; the formulas of model.md, Cost.
 * @param [in] input The fabric.
 * @param [in] node A switch.
 * @param [in] profile The technology.
 * @return its cost.
 */
ChipCost EstimateChipCost(const CostInput& input, uint32_t node, const CostProfile& profile);

/**
 * @ingroup mtlink
 * Estimate what a fabric takes.
 * @param [in] input The fabric.
 * @param [in] profile The technology.
 * @return its cost.
 */
FabricCost EstimateFabricCost(const CostInput& input, const CostProfile& profile);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FABRIC_COST_H
