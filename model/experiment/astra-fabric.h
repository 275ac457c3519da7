/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ASTRA_FABRIC_H
#define MTLINK_ASTRA_FABRIC_H

#include "experiment/yaml.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] file What a YAML file holds.
 * @return whether it is a network of ASTRA-sim's analytical backend: `topology` and `npus_count`.
 */
bool IsAstraFabric(const YamlNode& file);

/**
 * @ingroup mtlink
 * Make a fabric of a network of ASTRA-sim's analytical backend. Of one dimension: Ring is a torus,
 * FullyConnected a full mesh, Switch a single switch; Rings alone of any number of dimensions are a
 * torus, if they are alike. Of two dimensions with Switch as the second: nodes of the first, whose
 * places of one number share a switch, as rails do. `latency` is that of a link, so twice that lies
 * between two at a switch, which itself takes none. `bandwidth`, GB/s, is 10^9 bytes a second (its
 * authors' program takes 2^30). Headers and flits are those that `link` has by default.
 * @param [in] file The network.
 * @return the fabric, with all else as it is by default.
 * @throws InputError at what is not there, not known, or has no like here.
 */
YamlNode ReadAstraFabric(const YamlNode& file);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ASTRA_FABRIC_H
