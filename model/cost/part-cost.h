/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PART_COST_H
#define MTLINK_PART_COST_H

#include "cost/fabric-cost.h"

#include <cstdint>
#include <span>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Ports of a chip that are alike.
 */
struct EqualPorts
{
    const LinkProfile& link; //!< What is at each of them
    uint32_t ports{0};       //!< How many
};

/**
 * @ingroup mtlink
 * Estimate what a switch chip with such ports takes; the formulas of model.md, Cost.
 * @param [in] ports Its ports.
 * @param [in] chip Its parameters.
 * @param [in] packet Largest payload, bytes.
 * @param [in] profile The technology.
 * @return its cost.
 */
ChipCost EstimateChipCost(std::span<const EqualPorts> ports,
                          const SwitchProfile& chip,
                          uint32_t packet,
                          const CostProfile& profile);

/**
 * @ingroup mtlink
 * Cables that are alike.
 */
struct CableGroup
{
    const LinkProfile& forth;   //!< Of the link one way
    const LinkProfile& back;    //!< ... and of that the other way
    uint64_t cables{0};         //!< How many
    bool isFromEndpoint{false}; //!< Whether an endpoint sends forth
    bool isToEndpoint{false};   //!< Whether an endpoint sends back
};

/**
 * @ingroup mtlink
 * Add what cables take: optical modules, and SerDes of the endpoints at their ends.
 * @param [in] cables The cables.
 * @param [in] profile The technology.
 * @param [in,out] cost Gets it.
 */
void AddCableCost(const CableGroup& cables, const CostProfile& profile, FabricCost& cost);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PART_COST_H
