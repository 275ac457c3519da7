/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_FABRIC_H
#define MTLINK_DESIGN_FABRIC_H

#include "design/design-list.h"
#include "design/design-request.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write the fabric of a design: the network with its chip's rate and parameters and the lengths of
 * its cables; planes of it where there are several, or fewer endpoints than places; rails of that.
 * What the request says of every fabric is laid over.
 * @param [in] request The request.
 * @param [in] design Its network, chip, planes and nodes.
 * @return the fabric.
 */
YamlNode WriteDesignFabric(const DesignRequest& request, const Design& design);

/**
 * @ingroup mtlink
 * @param [in] design A design.
 * @return where in its fabric the network is, as FabricScope::path has it: "", "plane", "network".
 */
std::string GetNetworkScope(const Design& design);

/**
 * @ingroup mtlink
 * @param [in] cls A link class.
 * @return the length of such a cable where the request gives none, as written in YAML. Assumed:
 *         endpoints and switches of one group or line in a rack, 2 m; leaves and the level above,
 *         and further dimensions, across a row, 10 m; all else across a hall, 30 m.
 */
std::string GetDefaultLength(const std::string& cls);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_FABRIC_H
