/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FAULT_READER_H
#define MTLINK_FAULT_READER_H

#include "experiment/yaml.h"

#include "ns3/mtlink-fabric.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A fault as described in YAML; the names of links mean something on the built fabric alone.
 */
struct FaultDescription
{
    /** How its links are named. */
    enum Kind
    {
        LINK,   //!< `link: "gpu0:3"`
        SWITCH, //!< `switch: leaf3`, all its links
        LINKS   //!< `links: all`, or a class
    };

    Kind kind{LINK};      //!< How its links are named
    std::string name;     //!< Of link, switch or class
    bool isOneWay{false}; //!< LINK: only from the node that is named
    LinkFault fault;      //!< The rest; no links yet
    YamlNode node;        //!< The mapping, for messages
};

/**
 * @ingroup mtlink
 * Read `faults:`, a list.
 * @param [in] node The list.
 * @return the faults.
 * @throws InputError for what is unknown or can't be.
 */
std::vector<FaultDescription> ReadFaults(const YamlNode& node);

/**
 * @ingroup mtlink
 * @param [in] fault A fault.
 * @return whether its links lack lanes from the start and for good.
 */
bool IsFromTheStart(const FaultDescription& fault);

/**
 * @ingroup mtlink
 * @param [in] faults Faults.
 * @param [in] fabric The fabric.
 * @return lanes of links that lack some from the start and for good, by link.
 */
std::map<uint32_t, uint32_t> FindFewLanes(const std::vector<FaultDescription>& faults,
                                          const MtlinkFabric& fabric);

/**
 * @ingroup mtlink
 * Find a fault's links.
 * @param [in] description The fault.
 * @param [in] fabric The fabric.
 * @return the fault with its links.
 * @throws InputError for a name that the fabric does not have, and lanes that a link does not.
 */
LinkFault ResolveFault(const FaultDescription& description, const MtlinkFabric& fabric);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FAULT_READER_H
