/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_UB_CASE_H
#define MTLINK_UB_CASE_H

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** A node of an ns-3-UB case. */
struct UbNode
{
    uint32_t id;       //!< nodeId
    bool isDevice;     //!< DEVICE; else SWITCH
    Tick forwardDelay; //!< forwardDelay; 0: not given
};

/** A link of an ns-3-UB case. */
struct UbLink
{
    uint32_t from;         //!< nodeId1
    uint32_t to;           //!< nodeId2
    std::string bandwidth; //!< As it stands: "400Gbps"
    std::string delay;     //!< As it stands: "20ns"
};

/** A row of an ns-3-UB case's traffic. */
struct UbTask
{
    uint64_t line;                //!< Where it stands
    uint32_t source;              //!< sourceNode, sourceNodeId
    uint32_t destination;         //!< destNode, destNodeId
    uint64_t bytes;               //!< dataSize(Byte)
    bool isRead;                  //!< The destination sends: URMA_READ, MEM_LOAD
    Tick delay;                   //!< delay
    uint64_t phase;               //!< phaseId
    std::vector<uint64_t> phases; //!< dependOnPhases
};

/**
 * @ingroup mtlink
 * A folder of ns-3-UB: node.csv, topology.csv, traffic.csv. Columns are found by name; what is more
 * than named here is of protocols that mtlink does not have.
 */
struct UbCase
{
    std::vector<UbNode> nodes; //!< By id
    std::vector<UbLink> links; //!< As they stand
    std::vector<UbTask> tasks; //!< As they stand

    /** @return the ids of its devices, which are ranks in this order. */
    std::vector<uint32_t> ListDevices() const;
};

/**
 * @ingroup mtlink
 * @param [in] folder Path.
 * @param [in] hasTraffic Whether traffic.csv is to be read, too.
 * @return what it holds.
 * @throws InputError with file, line and column.
 */
UbCase ReadUbCase(const std::string& folder, bool hasTraffic);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_UB_CASE_H
