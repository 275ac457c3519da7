/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_RUN_DESCRIPTION_H
#define MTLINK_RUN_DESCRIPTION_H

#include "cost/fabric-cost.h"
#include "experiment/experiment.h"

#include "ns3/mtlink-fabric.h"
#include "ns3/mtlink-results.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Prove that the routes can't deadlock.
 * @param [in] experiment The experiment.
 * @param [in] fabric Its fabric.
 * @param [in] mode How it is run.
 * @return "true", "unproved", or "false" where the experiment allows it.
 * @throws InputError for routes that can, where it does not.
 */
std::string CheckDeadlock(const Experiment& experiment,
                          const MtlinkFabric& fabric,
                          const std::string& mode);

/**
 * @ingroup mtlink
 * Let the experiment's faults happen.
 * @param [in] experiment The experiment.
 * @param [in,out] fabric Its fabric.
 * @throws InputError at the place of one that can't.
 */
void AddFaults(const Experiment& experiment, MtlinkFabric& fabric);

/** @return what a fabric takes by the cost model. */
FabricCost GetCost(const Experiment& experiment, const MtlinkFabric& fabric);

/**
 * @ingroup mtlink
 * Say in results what was run, but for mode and events.
 * @param [in] experiment The experiment.
 * @param [in] fabric Its fabric.
 * @param [in,out] results Where to.
 */
void DescribeRun(const Experiment& experiment, const MtlinkFabric& fabric, RunResults& results);

/**
 * @ingroup mtlink
 * @param [in] fabric A fabric.
 * @throws std::logic_error if buffer space does not add up: an error of this program.
 */
void RequireConservation(const MtlinkFabric& fabric);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RUN_DESCRIPTION_H
