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

/**
 * Propose queues by output where a chip has one FIFO for each input.
 * @param [in] reading The run.
 * @param [in] link A link of the chip's part of the fabric.
 * @param [in,out] verdict Gets it.
 * @return whether there are FIFOs.
 */
bool ProposeQueueing(const Reading& reading, const LinkResult& link, VerdictResult& verdict);

/**
 * @return whether what the buffer behind a link holds of one virtual channel is sent before the
 *         first credit for it can be back: it is smaller than what leaves meanwhile at the link's
 *         rate; true, too, where its size is not known.
 * @param [in] reading The run.
 * @param [in] link The link.
 */
bool IsBufferShort(const Reading& reading, const LinkResult& link);

/**
 * Propose a buffer that holds a credit loop.
 * @param [in] reading The run.
 * @param [in] link A link that had always something to send, and waited for credit of a buffer that
 *                  was not used up.
 * @param [in,out] verdict Gets it, if a setting is found.
 */
void ProposeBuffer(const Reading& reading, const LinkResult& link, VerdictResult& verdict);

/**
 * Propose a window that holds a round trip.
 * @param [in] reading The run.
 * @param [in] bytes What must be under way.
 * @param [in,out] verdict Gets it.
 */
void ProposeWindow(const Reading& reading, double bytes, VerdictResult& verdict);

/**
 * @return what a change of the fabric is to do: to open-loop traffic; to collectives that begin at
 *         given times; to anything else.
 */
std::string GetPromise(const Reading& reading);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_VERDICT_PROPOSALS_H
