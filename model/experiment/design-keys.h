/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_KEYS_H
#define MTLINK_DESIGN_KEYS_H

#include "experiment/experiment-keys.h"

#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @return the keys of a request for designs, for GetExperimentKeys(): sections "design",
 *         "design.chips", "design.money", "design.target", "design.errors". Their reader is
 *         design/design-request.h.
 */
const std::vector<ExperimentKey>& GetDesignKeys();

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_KEYS_H
