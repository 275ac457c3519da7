/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_AUTO_CHOICE_H
#define MTLINK_AUTO_CHOICE_H

#include "workload/collective/collective.h"
#include "workload/collective/placement.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The algorithm that `auto` stands for: by the table in collective.h, unless the network can do
 * it in less time than that algorithm takes at least.
 * @param [in] spec The collective; its algorithm is not looked at.
 * @param [in] placement Where its members sit.
 * @param [in] hints The fabric.
 * @return the algorithm.
 */
std::string ChooseAlgorithm(const CollectiveSpec& spec,
                            const Placement& placement,
                            const FabricHints& hints);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_AUTO_CHOICE_H
