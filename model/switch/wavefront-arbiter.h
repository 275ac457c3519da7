/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_WAVEFRONT_ARBITER_H
#define MTLINK_WAVEFRONT_ARBITER_H

#include "switch/crossbar-arbiter.h"

#include <tuple>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The wrapped wave front arbiter (Tamir and Chi, "Symmetric crossbar arbiters for VLSI
 * communication switches", IEEE Transactions on Parallel and Distributed Systems 4(1), 1993). The
 * cells (input, output) of the crossbar lie on as many wrapped diagonals as there are ports,
 * (input + output) mod ports; no two of one diagonal share an input or an output. The wave runs
 * over the diagonals, from that with priority on, and grants every cell that can still go. The
 * priority moves to the next diagonal after each instant at which something was granted.
 *
 * Within a cell VCs take turns. With speedup, waves follow until one grants nothing.
 */
class WavefrontArbiter : public CrossbarArbiter
{
  public:
    /** @param [in] ports Inputs, and outputs. */
    explicit WavefrontArbiter(uint32_t ports);

    void Decide(CrossbarRequests& requests) override;

  private:
    /** A request in order of the wave: its diagonal's distance, output, VC's turn, its number. */
    using Entry = std::tuple<uint32_t, uint32_t, uint32_t, uint32_t>;

    uint32_t m_ports;              //!< Inputs, and outputs
    uint32_t m_first{0};           //!< Diagonal with priority
    std::vector<uint8_t> m_nextVc; //!< By output and input: VC whose turn it is
    std::vector<Entry> m_wave;     //!< Of one wave
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_WAVEFRONT_ARBITER_H
