/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EXPERIMENT_FLOW_FABRIC_H
#define MTLINK_EXPERIMENT_FLOW_FABRIC_H

#include "flow/flow-routes.h"
#include "flow/flow-transport.h"

#include "ns3/mtlink-fabric.h"

#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Describe a built fabric as flows see it.
 * @param [in] fabric The fabric; must outlive what is made of it.
 * @param [in] scopes What it was built with.
 * @param [in] endpoint Likewise.
 * @param [in] seed Likewise.
 * @param [in] lanes Lanes of links that lack some, by link.
 * @return the description.
 */
FlowFabric DescribeFlowFabric(const MtlinkFabric& fabric,
                              const std::vector<FabricScope>& scopes,
                              const EndpointProfile& endpoint,
                              uint32_t seed,
                              const std::map<uint32_t, uint32_t>& lanes = {});

/**
 * @ingroup mtlink
 * @param [in] endpoint Parameters of the endpoints.
 * @return how they send.
 */
FlowSettings MakeFlowSettings(const EndpointProfile& endpoint);

/**
 * @ingroup mtlink
 * Say what a fabric has that flows can't stand for.
 * @param [in] scopes Its parameters.
 * @param [in] endpoint Likewise.
 * @throws ParameterError for it, naming the parameter.
 */
void CheckFlowFabric(const std::vector<FabricScope>& scopes, const EndpointProfile& endpoint);

/**
 * @ingroup mtlink
 * Fill the fabric's part of the results of a run in mode flow.
 * @param [in] flows What ran.
 * @param [in] routes Its ways.
 * @param [in] fabric The fabric.
 * @param [in,out] results Where to; MtlinkFabric::Collect() was there before.
 */
void CollectFlows(const FlowTransport& flows,
                  const FlowRoutes& routes,
                  const MtlinkFabric& fabric,
                  RunResults& results);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EXPERIMENT_FLOW_FABRIC_H
