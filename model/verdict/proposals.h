/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_VERDICT_PROPOSALS_H
#define MTLINK_VERDICT_PROPOSALS_H

#include "verdict/reading.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Propose twice the rate of a class of links.
 * @param [in] reading The run.
 * @param [in] link One of them, which is full.
 * @param [in,out] verdict Gets it, if a setting is found.
 */
void ProposeRate(const Reading& reading, const LinkResult& link, VerdictResult& verdict);

/**
 * Propose congestion control where there is none: senders to a full link then keep few packets in
 * the buffers that others need.
 * @param [in] reading The run.
 * @param [in,out] verdict Gets it.
 */
void ProposeControl(const Reading& reading, VerdictResult& verdict);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_VERDICT_PROPOSALS_H
