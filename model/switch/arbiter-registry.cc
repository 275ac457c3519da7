/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/arbiter-registry.h"

namespace ns3
{
namespace mtlink
{

Registry<ArbiterKind>&
GetArbiters()
{
    static Registry<ArbiterKind> arbiters; // made when the first registers, in whatever order
    return arbiters;
}

} // namespace mtlink
} // namespace ns3
