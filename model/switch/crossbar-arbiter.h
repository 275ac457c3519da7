/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CROSSBAR_ARBITER_H
#define MTLINK_CROSSBAR_ARBITER_H

#include "ns3/mtlink-tick.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The crossbar of one chip at one instant, as its arbiter sees it.
 *
 * Ports are numbered from 0, alike at inputs and outputs. A request is made by the head of an
 * input queue that wants an output; its number there is `input * GetVcs() + VC`, and an output has
 * at most one request of each number. A request *can go* while its input and output (and the tiles
 * in between) have a free lane and the far end has credit: each grant changes what else can go.
 */
class CrossbarRequests
{
  public:
    /** No such output, or request. */
    static constexpr uint32_t NONE = UINT32_MAX;

    virtual ~CrossbarRequests() = default;

    /** @return the number of inputs, and of outputs. */
    virtual uint32_t GetPorts() const = 0;

    /** @return requests that one input can have at one output. */
    virtual uint32_t GetVcs() const = 0;

    /**
     * @param [in] output An output.
     * @param [in] from Where to start.
     * @return its first request, at or behind `from`, that can go now; NONE: no such.
     */
    virtual uint32_t FindRequest(uint32_t output, uint32_t from) = 0;

    /**
     * @param [in] output An output.
     * @param [in] request A request that was found there.
     * @return whether it can still go.
     */
    virtual bool CanGo(uint32_t output, uint32_t request) = 0;

    /**
     * @param [in] output An output.
     * @param [in] request A request there.
     * @return when its packet's first bit left its source.
     */
    virtual Tick GetInjected(uint32_t output, uint32_t request) const = 0;

    /**
     * Grant a request that can go: its packet goes now. What stood behind it makes a request now.
     * @param [in] output An output.
     * @param [in] request The request.
     */
    virtual void Go(uint32_t output, uint32_t request) = 0;

    /**
     * @param [in] output An output.
     * @param [in] from Where to start.
     * @return the first request that can go, in the round that starts at `from`; NONE: no such.
     */
    uint32_t FindAround(uint32_t output, uint32_t from)
    {
        const uint32_t found = FindRequest(output, from);
        return found == NONE && from > 0 ? FindRequest(output, 0) : found;
    }
};

/**
 * @ingroup mtlink
 * Who goes first through the crossbar of one chip. It is asked at the end of each instant at which
 * a packet has arrived, a port has become free or credit has come, when all arrivals of that
 * instant are in; and grants what it wants to go now. One object per chip: it may keep pointers.
 *
 * What no arbiter needs to see to is that nobody waits for ever because its input and its output
 * are never free at one time: see MatchedChip.
 */
class CrossbarArbiter
{
  public:
    virtual ~CrossbarArbiter() = default;

    /**
     * Decide for this instant.
     * @param [in,out] requests What waits.
     */
    virtual void Decide(CrossbarRequests& requests) = 0;

    /** @return whether it serves by age: then only who is passed by a younger one is wronged. */
    virtual bool IsByAge() const
    {
        return false;
    }
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CROSSBAR_ARBITER_H
