/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FABRIC_HINTS_H
#define MTLINK_FABRIC_HINTS_H

#include "workload/collective/collective.h"

#include "ns3/mtlink-fabric.h"
#include "ns3/mtlink-topology-builder.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Gather what collectives may know of a fabric.
 * @param [in] fabric The fabric, built; must outlive the hints.
 * @return the hints.
 */
FabricHints GetFabricHints(const Ptr<const MtlinkFabric>& fabric);

/**
 * @ingroup mtlink
 * What half of the endpoints, in order of rank, can send to the others at once; see
 * GetBisection().
 * @param [in] fabric The fabric, built.
 * @return bit/s, one direction; 0: not known.
 */
uint64_t GetBisectionBitRate(const MtlinkFabric& fabric);

/**
 * @ingroup mtlink
 * @param [in] builder The layout of a fabric.
 * @return endpoints of one group; 0: it is no dragonfly.
 */
uint32_t GetDragonflyGroup(const TopologyBuilder& builder);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FABRIC_HINTS_H
