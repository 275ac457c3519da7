/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ROUND_ROBIN_CHIP_H
#define MTLINK_ROUND_ROBIN_CHIP_H

#include "link/link-server.h"
#include "switch/input-queued-chip.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A chip in which each output decides for itself, at once (`arbiter: round_robin`): it goes round
 * the requests, from the one behind that which it granted last, and grants the first that can go.
 *
 * An input that has no lane free for a request remembers the output, its *loser*; when a lane is
 * free its losers are asked in the order in which they lost, and nobody passes them.
 *
 * An input and an output may fall free at different times, and small packets take the credit for
 * which a large one waits: a request can be passed again and again. After as many times as
 * GetPatience() says, the output asks that request first, until it has gone: it *keeps* its input
 * for it, or the credit of its VC.
 *
 * Several traffic classes: an output goes round those of one class after another, in the order of
 * their turns. With strict priority a request that was passed by one of a lower class, as its input
 * had no lane free, is not to miss its output again and again: its input is kept for it at once.
 */
class RoundRobinChip final : public InputQueuedChip
{
  public:
    using InputQueuedChip::InputQueuedChip;

    void Enqueue(uint32_t in, uint32_t packet) override;
    bool IsOpen(uint32_t in, uint32_t out) const override;
    void Pass(uint32_t in, const Packet& packet, Tick through) override;
    void Hold(uint32_t in, uint32_t packet, Tick at) override;
    void ServeOutput(uint32_t outLink) override;
    void ServeInput(uint32_t in) override;
    bool Release(uint32_t outLink) override;

  protected:
    void RaisedBehind(uint32_t outLink) override;

  private:
    static constexpr uint32_t NONE = RoundRobinArbiter::NONE_WAITING; //!< No request
    static constexpr uint32_t NO_INPUT = UINT32_MAX;                  //!< Not on behalf of an input

    template <typename Round>
    class Turn; //!< What a LinkServer sees of an output

    /**
     * Somebody has come who asks for an output: look at it, now or when its wire is free, as soon
     * as all that comes in at that time is there.
     * @param [in] outLink The output.
     */
    void LookWhenAllAreIn(uint32_t outLink);

    /**
     * Grant an output to as many waiting packets as it can accept now.
     * @param [in] outLink The output.
     * @param [in] onBehalfOf Input whose turn it is to serve this output, or NO_INPUT.
     */
    void Arbitrate(uint32_t outLink, uint32_t onBehalfOf);

    /**
     * An input has no lane for a request that could go else: it is asked again when one is free.
     * @param [in] outLink The output.
     * @param [in] request The request there.
     * @param [in] in The input.
     */
    void Lose(uint32_t outLink, uint32_t request, uint32_t in);

    /** @return the first request in a round, of those that want a VC; there is one. */
    uint32_t FindShort(const OutputPort& output, uint32_t first, uint32_t vc) const;

    /**
     * Somebody passed a request, because its input had no lane free or its VC too little credit.
     * @param [in] output The output.
     * @param [in] request The request, the first that was passed.
     */
    void StandBack(OutputPort& output, uint32_t request);

    /** The input that was kept for an output's request is free for all. */
    void FreeInput(uint32_t outLink);

    /**
     * @param [in] output An output of a chip with several traffic classes.
     * @param [in] request A request there.
     * @param [in] other Another, there or at another output of the same chip.
     * @return whether strict priority puts the first before the second.
     */
    bool GoesBefore(const OutputPort& output, uint32_t request, uint32_t other) const;

    /** Keep the input of a request for it, unless it is kept for another already. */
    void KeepFor(uint32_t outLink, uint32_t request);

    /** Put the outputs that wait for an input in the order of their classes, if that is strict. */
    void SortLosers(const InputPort& input, std::vector<uint32_t>& losers) const;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ROUND_ROBIN_CHIP_H
