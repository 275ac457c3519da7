/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CHIP_DESIGNS_H
#define MTLINK_CHIP_DESIGNS_H

#include "switch/chip.h"
#include "switch/multicast.h"

#include <cstdint>
#include <memory>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] ports The ports of all switches.
 * @param [in] multicast Hears of copies that leave.
 * @param [in] number The chip's number.
 * @param [in] kind Index of its kind.
 * @param [in] spec What it is made of.
 * @return a chip of the design that its profile's queueing, arbiter and tiles ask for.
 */
std::unique_ptr<Chip> MakeChip(SwitchPorts& ports,
                               Multicast& multicast,
                               uint32_t number,
                               uint32_t kind,
                               const SwitchSpec& spec);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CHIP_DESIGNS_H
