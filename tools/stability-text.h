/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_STABILITY_TEXT_H
#define MTLINK_STABILITY_TEXT_H

#include "ns3/mtlink-stability-result.h"

#include <string>

/** @return what is known without simulating, lines ended. @param [in] stability It. */
std::string FormatStabilityPlan(const ns3::mtlink::StabilityResult& stability);

/** @return what became of a job over days, lines ended. @param [in] stability It. */
std::string FormatStability(const ns3::mtlink::StabilityResult& stability);

#endif // MTLINK_STABILITY_TEXT_H
