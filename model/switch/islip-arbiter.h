/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ISLIP_ARBITER_H
#define MTLINK_ISLIP_ARBITER_H

#include "switch/crossbar-arbiter.h"

#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * iSLIP (McKeown, "The iSLIP scheduling algorithm for input-queued switches", IEEE/ACM Transactions
 * on Networking 7(2), 1999). Rounds of
 * - request: every queue that can go asks its output;
 * - grant: every output grants the next that asks it, in a round that starts at its pointer;
 * - accept: every input accepts the next output that grants it, in a round that starts at its
 *   pointer, and further ones as long as it has a free lane.
 *
 * The pointers move one beyond who was granted, and accepted, only for grants accepted in the first
 * round: that desynchronises the outputs, and starves nobody among cells of one size. An output
 * goes round the VCs of each input as if they were inputs of their own; with one VC it is the
 * published algorithm.
 */
class IslipArbiter : public CrossbarArbiter
{
  public:
    /**
     * @param [in] ports Inputs, and outputs.
     * @param [in] iterations Rounds at one instant; 0: until one adds nothing.
     */
    IslipArbiter(uint32_t ports, uint32_t iterations);

    void Decide(CrossbarRequests& requests) override;

  private:
    uint32_t m_iterations;             //!< Rounds
    std::vector<uint32_t> m_grantFrom; //!< By output: request to be granted first
    std::vector<uint32_t> m_acceptAt;  //!< By input: output to be accepted first
    std::vector<std::vector<std::pair<uint32_t, uint32_t>>> m_grants; //!< By input, one round
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ISLIP_ARBITER_H
