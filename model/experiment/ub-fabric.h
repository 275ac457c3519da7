/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_UB_FABRIC_H
#define MTLINK_UB_FABRIC_H

#include "experiment/yaml.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] path A path.
 * @return whether it is the folder of an ns-3-UB case: it has node.csv and topology.csv.
 */
bool IsUbFabric(const std::string& path);

/**
 * @ingroup mtlink
 * Read the fabric of an ns-3-UB case, node.csv and topology.csv, as one of kind graph. Links have
 * their bandwidth and delay, switches the largest forwardDelay. Where a device has links to other
 * devices it hands their traffic on: it becomes a switch, and an endpoint at it by as many links as
 * it has, of their rate.
 * @param [in] folder The folder.
 * @return the fabric, with all else as it is by default.
 * @throws InputError with file, line and column.
 */
YamlNode ReadUbFabric(const std::string& folder);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_UB_FABRIC_H
